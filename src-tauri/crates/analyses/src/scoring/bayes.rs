//! Naive Bayes: what each column's value does to the odds, added up as if no column knew of another.
//!
//! With one column it is the rate by that column, such as the stage, drawn to the overall rate where
//! there are few rows.

use super::ScoringError;
use super::cells::{Cells, Count};
use super::table::{ColumnIx, Table};
use serde::{Deserialize, Serialize};
use stats::scores::log_odds;

/// Cells of a number.
const BINS: usize = 10;
/// Rows at the overall rate that each cell is given on top of its own.
const SMOOTHING: f64 = 10.0;

/// A fitted naive Bayes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bayes {
    /// The log-odds of a row that is the mean in everything.
    expected: f64,
    columns: Vec<Part>,
}

/// What a column does to the log-odds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Part {
    column: usize,
    cells: Cells,
    /// By cell, against the mean row.
    adds: Vec<f64>,
}

impl Bayes {
    /// Fits on `rows` by some columns.
    ///
    /// # Errors
    /// When all rows have one outcome.
    pub fn fit(
        table: &Table,
        rows: &[usize],
        columns: impl IntoIterator<Item = ColumnIx>,
    ) -> Result<Self, ScoringError> {
        table.has_both(rows)?;
        let mut all = Count::default();
        for &row in rows {
            let weight = table.weights()[row];
            all.all += weight;
            if table.happened()[row] {
                all.happened += weight;
            }
        }
        let rate = all.happened / all.all;
        let mut expected = log_odds(rate);
        let mut parts = Vec::new();
        for column in columns {
            let Some(known) = table.columns().get(column.0) else {
                continue;
            };
            let cells = Cells::of(&known.values, rows, BINS);
            let counts = cells.count(&known.values, table, rows);
            let add = |count: &Count| {
                let smoothed = (count.happened + SMOOTHING * rate) / (count.all + SMOOTHING);
                log_odds(smoothed) - log_odds(rate)
            };
            let adds: Vec<f64> = counts.iter().map(add).collect();
            let sum: f64 = adds.iter().zip(&counts).map(|(add, n)| add * n.all).sum();
            let mean = sum / all.all;
            expected += mean;
            parts.push(Part {
                column: column.0,
                cells,
                adds: adds.into_iter().map(|add| add - mean).collect(),
            });
        }
        Ok(Self {
            expected,
            columns: parts,
        })
    }

    /// The log-odds of a row.
    pub(super) fn margin(&self, table: &Table, row: usize) -> f64 {
        let parts = self.columns.iter().map(|part| part.add(table, row));
        self.expected + parts.sum::<f64>()
    }

    /// What each column adds to a row's log-odds, against [`Self::expected`].
    pub(super) fn parts(&self, table: &Table, row: usize) -> Vec<f64> {
        let mut parts = vec![0.0; table.columns().len()];
        for part in &self.columns {
            parts[part.column] += part.add(table, row);
        }
        parts
    }

    /// The log-odds of a row that is the mean in everything.
    pub(super) fn expected(&self) -> f64 {
        self.expected
    }

    /// Whether it can be asked about tables of so many columns.
    pub(super) fn is_sound(&self, columns: usize) -> bool {
        let sound = |part: &Part| part.column < columns && part.adds.len() == part.cells.len();
        self.columns.iter().all(sound)
    }
}

impl Part {
    fn add(&self, table: &Table, row: usize) -> f64 {
        let value = table.columns()[self.column].values.number(row);
        self.adds[self.cells.cell(value)]
    }
}
