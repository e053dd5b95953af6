//! What a model remembers of a column: its values in cells, how many rows each had, and how many of
//! them happened. Reasons say it in words, and drift is seen against it.

use super::cells::{Cells, Count};
use super::table::{ColumnIx, Table, Values};
use serde::{Deserialize, Serialize};

/// Cells of a number.
const BINS: usize = 5;
/// Cells with fewer rows have no rate.
const LEAST: usize = 5;

/// A column as it was learnt from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Profile {
    pub(super) name: String,
    /// The names of categories, by code; none for numbers.
    pub(super) categories: Option<Vec<String>>,
    cells: Cells,
    counts: Vec<Count>,
}

/// What a row holds in a column, and how rows like it ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Alike {
    /// The value in words: a category, a number, or "not known".
    pub value: String,
    /// The rows whose value is like it, by weight: the same category, or a number of the same fifth.
    pub rows: f64,
    /// The share of them that happened. None under five rows.
    pub rate: Option<f64>,
}

impl Profile {
    /// Of a column over some rows.
    pub(super) fn of(table: &Table, column: ColumnIx, rows: &[usize]) -> Option<Self> {
        let known = table.columns().get(column.0)?;
        let cells = Cells::of(&known.values, rows, BINS);
        Some(Self {
            name: known.name.clone(),
            categories: match &known.values {
                Values::Numbers(_) => None,
                Values::Categories { names, .. } => Some(names.clone()),
            },
            counts: cells.count(&known.values, table, rows),
            cells,
        })
    }

    /// The cell of a value.
    pub(super) fn cell(&self, value: f64) -> usize {
        self.cells.cell(value)
    }

    /// Rows like one, which holds `value` here.
    pub(super) fn alike(&self, value: f64) -> Alike {
        let count = self
            .counts
            .get(self.cell(value))
            .copied()
            .unwrap_or_default();
        let name = |names: &Vec<String>| names.get(value as usize).cloned();
        Alike {
            value: match &self.categories {
                _ if value.is_nan() => "not known".to_owned(),
                Some(names) => name(names).unwrap_or_else(|| "not seen before".to_owned()),
                None => number(value),
            },
            rows: count.all,
            rate: (count.all >= LEAST as f64).then(|| count.happened / count.all),
        }
    }

    /// Whether its parts belong together.
    pub(super) fn is_sound(&self) -> bool {
        self.counts.len() == self.cells.len()
    }
}

/// A number with as many places as say something.
pub(super) fn number(value: f64) -> String {
    let places = if value.abs() >= 100.0 || value.fract() == 0.0 {
        0
    } else {
        2
    };
    format!("{value:.places$}")
}
