//! A column's values put into a few cells, and how often each happened: what naive Bayes, drift and
//! the words of a reason count by.

use super::table::{Table, Values};
use serde::{Deserialize, Serialize};

/// Where a value goes: 0 for what is missing, then numbers by their size or categories by their code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cells {
    /// Upper edges, ascending: a number up to the first goes into cell 1.
    Numbers(Vec<f64>),
    /// So many categories; any other goes into the cell after theirs.
    Categories(u32),
}

/// Rows of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Count {
    /// All, by weight.
    pub(super) all: f64,
    /// Those that happened, by weight.
    pub(super) happened: f64,
}

impl Cells {
    /// Of a column over some rows: numbers in at most `bins` cells of about as many rows each.
    pub(super) fn of(values: &Values, rows: &[usize], bins: usize) -> Self {
        if let Values::Categories { names, .. } = values {
            return Self::Categories(names.len() as u32);
        }
        let mut known: Vec<f64> = rows
            .iter()
            .map(|&row| values.number(row))
            .filter(|value| value.is_finite())
            .collect();
        known.sort_unstable_by(f64::total_cmp);
        let mut edges: Vec<f64> = (1..bins)
            .filter_map(|bin| known.get(bin * known.len() / bins).copied())
            .collect();
        edges.dedup();
        // An edge at the largest value would leave nothing above it.
        while edges.last().is_some_and(|edge| known.last() == Some(edge)) {
            edges.pop();
        }
        Self::Numbers(edges)
    }

    /// The cells.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Numbers(edges) => edges.len() + 2,
            Self::Categories(count) => *count as usize + 2,
        }
    }

    /// The cell of a value.
    pub(super) fn cell(&self, value: f64) -> usize {
        match self {
            _ if value.is_nan() => 0,
            Self::Numbers(edges) => 1 + edges.partition_point(|edge| *edge < value),
            Self::Categories(count) => {
                if value < f64::from(*count) {
                    value as usize + 1
                } else {
                    *count as usize + 1
                }
            }
        }
    }

    /// What each cell's rows did.
    pub(super) fn count(&self, values: &Values, table: &Table, rows: &[usize]) -> Vec<Count> {
        let mut counts = vec![Count::default(); self.len()];
        for &row in rows {
            let weight = table.weights()[row];
            let count = &mut counts[self.cell(values.number(row))];
            count.all += weight;
            if table.happened()[row] {
                count.happened += weight;
            }
        }
        counts
    }
}
