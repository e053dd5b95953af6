//! Trees and a regression, weighed by rows that neither has seen.

use super::linear::Linear;
use super::table::Table;
use super::{ColumnIx, ScoringError, trees};
use boosting::Boosted;
use serde::{Deserialize, Serialize};
use stats::expit;
use stats::scores::Platt;

/// A model of how likely something happens: trees, a regression, and the line that draws their blend
/// to what happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Blend {
    pub(super) trees: Option<Boosted>,
    pub(super) linear: Option<Linear>,
    /// The trees' share of the log-odds.
    pub(super) share: f64,
    pub(super) line: Platt,
}

/// What a column adds to a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reason {
    /// The column.
    pub column: ColumnIx,
    /// What it adds to the log-odds, against the mean row. An association, no advice.
    pub log_odds: f64,
}

impl Blend {
    /// The log-odds of some rows.
    ///
    /// # Errors
    /// When the table has other columns.
    pub fn log_odds(&self, table: &Table, rows: &[usize]) -> Result<Vec<f64>, ScoringError> {
        let trees = match &self.trees {
            Some(trees) => trees
                .margins(trees::records(table, rows).view(), 1)?
                .to_vec(),
            None => vec![0.0; rows.len()],
        };
        let linear = rows.iter().map(|&row| {
            let linear = self.linear.as_ref();
            linear.map_or(0.0, |linear| linear.margin(table, row))
        });
        let linear: Vec<f64> = linear.collect();
        let margins = blended(&trees, &linear, self.share);
        Ok(margins.into_iter().map(|x| self.line.log_odds(x)).collect())
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
        let nothing = vec![0.0; table.columns().len()];
        let of_trees: Vec<f64> = match &self.trees {
            Some(trees) => {
                let parts = trees.contributions(trees::records(table, &[row]).view())?;
                parts.iter().copied().collect()
            }
            None => nothing.clone(),
        };
        let of_line = self.linear.as_ref();
        let of_line = of_line.map_or(nothing, |linear| linear.parts(table, row));
        let mut reasons: Vec<Reason> = of_trees
            .iter()
            .zip(of_line)
            .enumerate()
            .map(|(column, (trees, linear))| Reason {
                column: ColumnIx(column),
                log_odds: self.line.slope * (self.share * trees + (1.0 - self.share) * linear),
            })
            .collect();
        reasons.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
        Ok(reasons)
    }

    /// The log-odds that reasons start from.
    #[must_use]
    pub fn expected_log_odds(&self) -> f64 {
        let trees = self.trees.as_ref().map_or(0.0, Boosted::expected_margin);
        let linear = self.linear.as_ref().map_or(0.0, Linear::intercept);
        self.line
            .log_odds(self.share * trees + (1.0 - self.share) * linear)
    }

    /// Whether it can be asked about tables of so many columns.
    pub(super) fn is_sound(&self, columns: usize) -> bool {
        let trees = self.trees.as_ref();
        let linear = self.linear.as_ref();
        trees.is_none_or(|trees| trees.columns() == columns)
            && linear.is_none_or(|linear| linear.is_sound(columns))
    }

    /// The trees' share of the blend, from 0 to 1.
    #[must_use]
    pub fn share_of_trees(&self) -> f64 {
        self.share
    }
}

pub(super) fn blended(trees: &[f64], linear: &[f64], share: f64) -> Vec<f64> {
    let pairs = trees.iter().zip(linear);
    pairs
        .map(|(trees, linear)| share * trees + (1.0 - share) * linear)
        .collect()
}
