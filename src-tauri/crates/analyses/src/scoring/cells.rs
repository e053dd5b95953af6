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

/// The values that stand at some places, each named once and ascending, once all values are in order: without putting into
/// order what lies between.
fn at_places(values: &mut [f64], places: &[usize]) -> Vec<f64> {
    let Some(&place) = places.get(places.len() / 2) else {
        return Vec::new();
    };
    let (below, &mut found, above) = values.select_nth_unstable_by(place, f64::total_cmp);
    let (before, after) = places.split_at(places.len() / 2);
    let after: Vec<usize> = after
        .iter()
        .skip(1)
        .map(|other| other - place - 1)
        .collect();
    let mut all = at_places(below, before);
    all.push(found);
    all.extend(at_places(above, &after));
    all
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
        let mut known = values.numbers(rows);
        known.retain(|value| value.is_finite());
        let places = (1..bins).map(|bin| bin * known.len() / bins);
        let mut places: Vec<usize> = places.filter(|&place| place < known.len()).collect();
        places.dedup();
        let largest = known.iter().copied().max_by(f64::total_cmp);
        let mut edges = at_places(&mut known, &places);
        edges.dedup();
        // An edge at the largest value would leave nothing above it.
        while largest.is_some() && edges.last() == largest.as_ref() {
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
        for (&row, value) in rows.iter().zip(values.numbers(rows)) {
            let weight = table.weights()[row];
            let count = &mut counts[self.cell(value)];
            count.all += weight;
            if table.happened()[row] {
                count.happened += weight;
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_selected_is_what_stands_there_in_order() {
        let mut stream = stats::Stream::new(5, 911, 0);
        for n in [0, 1, 2, 5, 40, 1_000] {
            let values: Vec<f64> = (0..n).map(|_| f64::from(stream.index(30))).collect();
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            for bins in [2, 3, 10, 20] {
                let mut places: Vec<usize> = (1..bins).map(|bin| bin * n / bins).collect();
                places.dedup();
                places.retain(|&place| place < n);
                let expected: Vec<f64> = places.iter().map(|&place| sorted[place]).collect();
                assert_eq!(at_places(&mut values.clone(), &places), expected);
            }
        }
    }
}
