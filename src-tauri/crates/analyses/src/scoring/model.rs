//! A fitted model: asked about tables, explained, and kept.

use super::contender::Contender;
use super::form::Form;
use super::profile::{Alike, Profile};
use super::recalibration::Recalibration;
use super::table::{Column, ColumnIx, Table, Values};
use super::{Reason, ScoringError};
use serde::{Deserialize, Serialize};
use stats::expit;
use std::collections::BTreeMap;

/// The version of the written form of a [`Model`].
pub const MODEL_VERSION: u32 = 1;

/// A contender fitted on all rows, with what draws its log-odds to what happens.
///
/// Written by serde it carries [`MODEL_VERSION`]; reading refuses any other, and whatever could not
/// be asked. Use a format that keeps each number to its last bit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
pub struct Model {
    contender: Contender,
    columns: Vec<Profile>,
    form: Form,
    recalibration: Recalibration,
    /// The rate of the rows that were learnt from.
    rate: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// First, so that a newer form is refused for its version and not for what is new in it.
    version: Version,
    contender: Contender,
    columns: Vec<Profile>,
    form: Form,
    recalibration: Recalibration,
    rate: f64,
}

/// The one version that is read.
#[derive(Clone, Serialize, Deserialize)]
#[serde(into = "u32", try_from = "u32")]
struct Version;

impl From<Version> for u32 {
    fn from(_: Version) -> Self {
        MODEL_VERSION
    }
}

impl TryFrom<u32> for Version {
    type Error = String;

    fn try_from(version: u32) -> Result<Self, String> {
        if version == MODEL_VERSION {
            return Ok(Self);
        }
        Err(format!(
            "the score's model is of version {version}, and this program reads version {MODEL_VERSION}"
        ))
    }
}

/// Why a score is what it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Explained {
    /// The probability, from 0 to 1.
    pub probability: f64,
    /// Its log-odds: those of the mean row and all reasons.
    pub log_odds: f64,
    /// The log-odds of the mean row.
    pub expected_log_odds: f64,
    /// What each column adds to the log-odds, the largest first. Associations, no advice.
    pub reasons: Vec<Because>,
}

/// A column's share of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Because {
    /// The column's name.
    pub column: String,
    /// What it adds to the log-odds.
    pub log_odds: f64,
    /// What the row holds there, and how rows like it ended.
    pub alike: Alike,
}

/// A table made ready to be asked about: the model's columns, its codes.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked(Table);

impl Model {
    pub(super) fn new(
        contender: Contender,
        form: Form,
        recalibration: Recalibration,
        table: &Table,
    ) -> Self {
        let rows: Vec<usize> = (0..table.rows()).collect();
        let columns = (0..table.columns().len()).map(ColumnIx);
        Self {
            contender,
            columns: columns
                .filter_map(|column| Profile::of(table, column, &rows))
                .collect(),
            form,
            recalibration,
            rate: table.rate(&rows),
        }
    }

    /// What it is.
    #[must_use]
    pub fn contender(&self) -> Contender {
        self.contender
    }

    /// The share of the rows that it learnt from, by weight, that happened.
    #[must_use]
    pub fn base_rate(&self) -> f64 {
        self.rate
    }

    /// The names of the columns that it asks for.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// Finds the model's columns in a table by their names, and its categories by theirs; a category
    /// that it has not seen is one of its own. Other columns are left out.
    ///
    /// # Errors
    /// When a column is not there, or holds numbers where categories are asked for, or the other way
    /// round.
    pub fn ask(&self, table: &Table) -> Result<Asked, ScoringError> {
        let columns = self.columns.iter().map(|known| {
            let found = table
                .columns()
                .iter()
                .find(|column| column.name == known.name);
            let absent = || ScoringError::Absent {
                column: known.name.clone(),
            };
            let values = match (&found.ok_or_else(absent)?.values, &known.categories) {
                (Values::Numbers(numbers), None) => Values::Numbers(numbers.clone()),
                (Values::Categories { codes, names }, Some(ours)) => recoded(codes, names, ours),
                _ => {
                    return Err(ScoringError::OtherKind {
                        column: known.name.clone(),
                    });
                }
            };
            let name = known.name.clone();
            Ok(Column { name, values })
        });
        let columns = columns.collect::<Result<Vec<Column>, ScoringError>>()?;
        Ok(Asked(Table::new(columns, table.happened().to_vec())?))
    }

    /// The log-odds of each row.
    ///
    /// # Errors
    /// When the table was made ready for another model.
    pub fn log_odds(&self, asked: &Asked) -> Result<Vec<f64>, ScoringError> {
        let rows: Vec<usize> = (0..asked.0.rows()).collect();
        let raw = self.form.log_odds(&asked.0, &rows)?;
        Ok(raw.into_iter().map(|x| self.recalibration.of(x)).collect())
    }

    /// The probability of each row.
    ///
    /// # Errors
    /// As for [`Self::log_odds`].
    pub fn probabilities(&self, asked: &Asked) -> Result<Vec<f64>, ScoringError> {
        Ok(self.log_odds(asked)?.into_iter().map(expit).collect())
    }

    /// Why a row's score is what it is.
    ///
    /// # Errors
    /// As for [`Self::log_odds`].
    pub fn explain(&self, asked: &Asked, row: usize) -> Result<Explained, ScoringError> {
        let reasons = self.form.reasons(&asked.0, row)?;
        let expected = self.form.expected_log_odds();
        let sum: f64 = reasons.iter().map(|reason| reason.log_odds).sum();
        let (from, to) = (
            self.recalibration.of(expected),
            self.recalibration.of(expected + sum),
        );
        // A line stretches every reason alike, and so do steps, between these two ends.
        let stretch = match &self.recalibration {
            Recalibration::None | Recalibration::Shift(_) => 1.0,
            Recalibration::Line(line) => line.slope,
            Recalibration::Steps(_) if sum == 0.0 => 0.0,
            Recalibration::Steps(_) => (to - from) / sum,
        };
        let because = |reason: &Reason| {
            let known = self.columns.get(reason.column.0)?;
            let values = &asked.0.columns().get(reason.column.0)?.values;
            Some(Because {
                column: known.name.clone(),
                log_odds: stretch * reason.log_odds,
                alike: known.alike(values.number(row)),
            })
        };
        Ok(Explained {
            probability: expit(to),
            log_odds: to,
            expected_log_odds: from,
            reasons: reasons.iter().filter_map(because).collect(),
        })
    }

    /// The rows of a table whose value in a column is like that of one row of another: the same category,
    /// or a number of the same fifth of what was learnt from. None where the model has no such column.
    #[must_use]
    pub fn alike(&self, column: &str, (asked, row): (&Asked, usize), among: &Asked) -> Vec<usize> {
        let Some(place) = self.columns.iter().position(|known| known.name == column) else {
            return Vec::new();
        };
        let known = &self.columns[place];
        let cell = |asked: &Asked, row: usize| {
            let values = &asked.0.columns().get(place)?.values;
            Some(known.cell(values.number(row)))
        };
        let wanted = cell(asked, row);
        (0..among.0.rows())
            .filter(|&row| cell(among, row) == wanted)
            .collect()
    }

    /// By column: the mean of what it adds to the log-odds of some rows, taken without its sign.
    ///
    /// # Errors
    /// As for [`Self::log_odds`].
    pub(super) fn weights(
        &self,
        asked: &Asked,
        rows: &[usize],
    ) -> Result<Vec<(String, f64)>, ScoringError> {
        let mut sums = vec![0.0; self.columns.len()];
        for &row in rows {
            for reason in self.form.reasons(&asked.0, row)? {
                if let Some(sum) = sums.get_mut(reason.column.0) {
                    *sum += reason.log_odds.abs() / rows.len() as f64;
                }
            }
        }
        let names = self.columns().map(str::to_owned);
        Ok(names.zip(sums).collect())
    }
}

/// Codes by the model's names. What it does not know is a code past them.
fn recoded(codes: &[Option<u32>], names: &[String], ours: &[String]) -> Values {
    let places: BTreeMap<&str, u32> = ours
        .iter()
        .enumerate()
        .map(|(code, name)| (name.as_str(), code as u32))
        .collect();
    let of: Vec<u32> = names
        .iter()
        .map(|name| places.get(name.as_str()).copied())
        .map(|place| place.unwrap_or(ours.len() as u32))
        .collect();
    let recode = |code: &Option<u32>| code.and_then(|code| of.get(code as usize).copied());
    Values::Categories {
        codes: codes.iter().map(recode).collect(),
        names: ours.to_vec(),
    }
}

impl From<Model> for Written {
    fn from(model: Model) -> Self {
        Self {
            version: Version,
            contender: model.contender,
            columns: model.columns,
            form: model.form,
            recalibration: model.recalibration,
            rate: model.rate,
        }
    }
}

impl TryFrom<Written> for Model {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let sound = written.columns.iter().all(Profile::is_sound)
            && written.form.is_sound(written.columns.len())
            && written.recalibration.is_sound();
        if !sound {
            return Err("the score's model is damaged".to_owned());
        }
        Ok(Self {
            contender: written.contender,
            columns: written.columns,
            form: written.form,
            recalibration: written.recalibration,
            rate: written.rate,
        })
    }
}
