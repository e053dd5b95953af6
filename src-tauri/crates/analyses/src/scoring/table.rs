//! The rows that scores are learnt from, column by column.

use super::ScoringError;

use serde::{Deserialize, Serialize};

/// The place of a column in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ColumnIx(pub usize);

/// What is known of each row in one respect.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What it is called where people read it.
    pub name: String,
    /// What it holds.
    pub values: Values,
}

/// Numbers or categories, some of which may be missing.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// NaN where nothing is known.
    Numbers(Vec<f64>),
    /// Places in a list of names.
    Categories {
        /// Of each row, None where nothing is known.
        codes: Vec<Option<u32>>,
        /// The names.
        names: Vec<String>,
    },
}

/// Rows with their outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    columns: Vec<Column>,
    happened: Vec<bool>,
    weights: Vec<f64>,
    groups: Vec<u32>,
}

impl Table {
    /// Puts columns and outcomes together. Each row weighs 1, and belongs to nothing but itself.
    ///
    /// # Errors
    /// When a column is not as long as the outcomes.
    pub fn new(columns: Vec<Column>, happened: Vec<bool>) -> Result<Self, ScoringError> {
        let rows = happened.len();
        for column in &columns {
            let there = column.values.len();
            if there != rows {
                return Err(ScoringError::Uneven {
                    column: column.name.clone(),
                    there,
                    rows,
                });
            }
        }
        Ok(Self {
            columns,
            happened,
            weights: vec![1.0; rows],
            groups: (0..rows as u32).collect(),
        })
    }

    /// The same rows with weights, and with what each belongs to, such as its deal: rows of one group
    /// are never parted between learning and judging.
    ///
    /// # Errors
    /// When they are not as many as the rows.
    pub fn with_groups(
        mut self,
        groups: Vec<u32>,
        weights: Vec<f64>,
    ) -> Result<Self, ScoringError> {
        for (what, there) in [("groups", groups.len()), ("weights", weights.len())] {
            if there != self.rows() {
                return Err(ScoringError::Uneven {
                    column: what.to_owned(),
                    there,
                    rows: self.rows(),
                });
            }
        }
        self.groups = groups;
        self.weights = weights;
        Ok(self)
    }

    /// Rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.happened.len()
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Whether each row's outcome happened.
    #[must_use]
    pub fn happened(&self) -> &[bool] {
        &self.happened
    }

    /// The same rows with only some of the columns, in this order.
    #[must_use]
    pub fn with_columns(&self, kept: &[ColumnIx]) -> Self {
        let kept = kept
            .iter()
            .filter_map(|column| self.columns.get(column.0).cloned());
        Self {
            columns: kept.collect(),
            happened: self.happened.clone(),
            weights: self.weights.clone(),
            groups: self.groups.clone(),
        }
    }

    /// How much each row counts.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// What each row belongs to.
    #[must_use]
    pub fn groups(&self) -> &[u32] {
        &self.groups
    }

    /// The outcomes of some rows.
    pub(super) fn outcomes(&self, rows: &[usize]) -> Vec<bool> {
        rows.iter().map(|&row| self.happened[row]).collect()
    }

    /// The weights of some rows.
    pub(super) fn weights_of(&self, rows: &[usize]) -> Vec<f64> {
        rows.iter().map(|&row| self.weights[row]).collect()
    }

    /// How much some rows count together: as many as they are, where none repeats another's deal.
    pub(super) fn weight(&self, rows: &[usize]) -> f64 {
        rows.iter().map(|&row| self.weights[row]).sum()
    }

    /// The share of weight that happened.
    pub(super) fn rate(&self, rows: &[usize]) -> f64 {
        let (happened, all) = rows.iter().fold((0.0, 0.0), |(happened, all), &row| {
            let weight = self.weights[row];
            let here = if self.happened[row] { weight } else { 0.0 };
            (happened + here, all + weight)
        });
        happened / all
    }

    /// Nothing, if some of these rows happened and some did not.
    pub(super) fn has_both(&self, rows: &[usize]) -> Result<(), ScoringError> {
        let happened = rows.iter().filter(|&&row| self.happened[row]).count();
        if happened > 0 && happened < rows.len() {
            Ok(())
        } else {
            let rows = rows.len();
            Err(ScoringError::OneOutcome { rows, happened })
        }
    }
}

impl Values {
    /// How many rows they are of.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Categories { codes, .. } => codes.len(),
        }
    }

    /// Whether they are of no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Those of some rows, in their order.
    pub(super) fn of_rows(&self, rows: &[usize]) -> Self {
        match self {
            Self::Numbers(numbers) => Self::Numbers(rows.iter().map(|&row| numbers[row]).collect()),
            Self::Categories { codes, names } => Self::Categories {
                codes: rows.iter().map(|&row| codes[row]).collect(),
                names: names.clone(),
            },
        }
    }

    /// These, and behind them those of other rows. None where the two hold different kinds, or count
    /// their categories differently.
    pub(super) fn followed_by(self, others: &Self) -> Option<Self> {
        match (self, others) {
            (Self::Numbers(mut numbers), Self::Numbers(others)) => {
                numbers.extend(others);
                Some(Self::Numbers(numbers))
            }
            (
                Self::Categories { mut codes, names },
                Self::Categories {
                    codes: others,
                    names: theirs,
                },
            ) if names == *theirs => {
                codes.extend(others);
                Some(Self::Categories { codes, names })
            }
            _ => None,
        }
    }

    /// A row's value as one number: a category's code, NaN where nothing is known. From an infinite
    /// number nothing can be learnt.
    pub(super) fn number(&self, row: usize) -> f64 {
        match self {
            Self::Numbers(numbers) if numbers[row].is_finite() => numbers[row],
            Self::Numbers(_) => f64::NAN,
            Self::Categories { codes, .. } => codes[row].map_or(f64::NAN, f64::from),
        }
    }

    /// The same of some rows.
    pub(super) fn numbers(&self, rows: &[usize]) -> Vec<f64> {
        let finite = |number: f64| {
            if number.is_finite() { number } else { f64::NAN }
        };
        match self {
            Self::Numbers(numbers) => rows.iter().map(|&row| finite(numbers[row])).collect(),
            Self::Categories { codes, .. } => rows
                .iter()
                .map(|&row| codes[row].map_or(f64::NAN, f64::from))
                .collect(),
        }
    }
}
