//! How well rows that were not learnt from are told apart: by one column alone, or by a model of all.

use crate::scoring::bayes::Bayes;
use crate::scoring::cells::{Cells, Count};
use crate::scoring::table::{ColumnIx, Table, Values};
use crate::scoring::{Fold, ScoringError};
use stats::scores::{auc, weighted_auc};

/// Cells of a number.
const BINS: usize = 20;
/// Rows at the overall rate that each cell is given on top of its own.
const SMOOTHING: f64 = 10.0;

/// What a column alone says of each row: the smoothed rate of the others' rows in its cell, against
/// their rate. `values` are the table's, or what else is known of its rows.
pub(super) fn alone(table: &Table, folds: &[Fold], values: &Values) -> Vec<f64> {
    alone_by(table, folds, values, values)
}

/// The same, learnt from what the others hold, and asked by what each row `asked` holds.
pub(super) fn alone_by(table: &Table, folds: &[Fold], values: &Values, asked: &Values) -> Vec<f64> {
    let mut scores = vec![0.0; table.rows()];
    for fold in folds {
        if table.has_both(&fold.learnt).is_err() {
            continue;
        }
        let rate = table.rate(&fold.learnt);
        let cells = Cells::of(values, &fold.learnt, BINS);
        let counts = cells.count(values, table, &fold.learnt);
        let smoothed =
            |count: &Count| (count.happened + SMOOTHING * rate) / (count.all + SMOOTHING);
        let rates: Vec<f64> = counts.iter().map(smoothed).collect();
        for &row in &fold.judged {
            // Against the fold's own rate: folds differ by chance, and rows are compared across them.
            scores[row] = rates[cells.cell(asked.number(row))] - rate;
        }
    }
    scores
}

/// The area of what a column alone says.
///
/// # Errors
/// When all rows have one outcome.
pub(super) fn area(table: &Table, folds: &[Fold], values: &Values) -> Result<f64, ScoringError> {
    let scores = alone(table, folds, values);
    Ok(weighted_auc(&scores, table.happened(), table.weights())?)
}

/// The areas of naive Bayes over all columns, one a fold: rates differ between folds, and their rows are
/// not compared.
pub(super) fn by_model(table: &Table, folds: &[Fold]) -> Vec<f64> {
    let columns = || (0..table.columns().len()).map(ColumnIx);
    let area = |fold: &Fold| {
        let bayes = Bayes::fit(table, &fold.learnt, columns()).ok()?;
        let judged = fold.judged.iter();
        let told: Vec<f64> = judged.map(|&row| bayes.margin(table, row)).collect();
        auc(&told, &table.outcomes(&fold.judged)).ok()
    };
    folds.iter().filter_map(area).collect()
}
