//! What a contender has learnt, whichever it is.

use super::bayes::Bayes;
use super::blend::Blend;
use super::rules::Rules;
use super::table::Table;
use super::{ColumnIx, Reason, ScoringError};
use serde::{Deserialize, Serialize};
use stats::expit;
use stats::scores::Platt;

/// A fitted contender.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// The rate's log-odds, whatever the row.
    Rate(f64),
    /// The rate by a column, or naive Bayes, drawn to what happened by a line.
    Bayes {
        /// What each column does to the odds.
        bayes: Bayes,
        /// The line: columns that say the same are counted twice without it.
        line: Platt,
    },
    /// Questions that people can read.
    Rules(Rules),
    /// Trees, a regression or both.
    Blend(Blend),
}

impl Form {
    /// The log-odds of some rows.
    ///
    /// # Errors
    /// When the table has other columns.
    pub fn log_odds(&self, table: &Table, rows: &[usize]) -> Result<Vec<f64>, ScoringError> {
        match self {
            Self::Rate(log_odds) => Ok(vec![*log_odds; rows.len()]),
            Self::Bayes { bayes, line } => Ok(rows
                .iter()
                .map(|&row| line.log_odds(bayes.margin(table, row)))
                .collect()),
            Self::Rules(rules) => rules.log_odds(table, rows),
            Self::Blend(blend) => blend.log_odds(table, rows),
        }
    }

    /// The probability of some rows.
    ///
    /// # Errors
    /// When the table has other columns.
    pub fn probabilities(&self, table: &Table, rows: &[usize]) -> Result<Vec<f64>, ScoringError> {
        let log_odds = self.log_odds(table, rows)?;
        Ok(log_odds.into_iter().map(expit).collect())
    }

    /// What each column adds to a row's log-odds, the largest first. With [`Self::expected_log_odds`]
    /// they add up to them.
    ///
    /// # Errors
    /// When the table has other columns.
    pub fn reasons(&self, table: &Table, row: usize) -> Result<Vec<Reason>, ScoringError> {
        let parts = match self {
            Self::Rate(_) => vec![0.0; table.columns().len()],
            Self::Bayes { bayes, line } => {
                let parts = bayes.parts(table, row);
                parts.into_iter().map(|part| line.slope * part).collect()
            }
            Self::Rules(rules) => rules.parts(table, row)?,
            Self::Blend(blend) => return blend.reasons(table, row),
        };
        let named = parts.into_iter().enumerate();
        let mut reasons: Vec<Reason> = named
            .map(|(column, log_odds)| Reason {
                column: ColumnIx(column),
                log_odds,
            })
            .collect();
        reasons.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
        Ok(reasons)
    }

    /// The log-odds that reasons start from.
    #[must_use]
    pub fn expected_log_odds(&self) -> f64 {
        match self {
            Self::Rate(log_odds) => *log_odds,
            Self::Bayes { bayes, line } => line.log_odds(bayes.expected()),
            Self::Rules(rules) => rules.expected_log_odds(),
            Self::Blend(blend) => blend.expected_log_odds(),
        }
    }

    /// Whether it can be asked about tables of so many columns.
    pub(super) fn is_sound(&self, columns: usize) -> bool {
        match self {
            Self::Rate(log_odds) => log_odds.is_finite(),
            Self::Bayes { bayes, .. } => bayes.is_sound(columns),
            Self::Rules(rules) => rules.is_sound(columns),
            Self::Blend(blend) => blend.is_sound(columns),
        }
    }
}
