//! The boosted trees' side: a table as their records, and settings by the rows there are.

use super::table::{Table, Values};
use super::{Fold, ScoringError};
use boosting::{Boosted, Boosting, BoostingParams};
use linfa::traits::Fit;
use linfa::{Dataset, ParamGuard};
use ndarray::{Array1, Array2, Ix1};

/// Settings by rows: what was found to lose least on seven public sets of 200 to 55,000 rows.
pub(super) fn settings(rows: usize) -> BoostingParams {
    // Over more orders a row's category comes to hint at the row's own outcome: what the others did
    // lacks it.
    let params = Boosting::params()
        .l2(2.0)
        .row_share(0.8)
        .column_share(0.5)
        .orders(2);
    match rows {
        0..2_000 => params
            .trees(250)
            .learning_rate(0.05)
            .leaves(8)
            .depth(3)
            .min_rows(5),
        2_000..20_000 => params
            .trees(250)
            .learning_rate(0.08)
            .leaves(15)
            .min_rows(20),
        _ => params.trees(300).learning_rate(0.1).leaves(31).min_rows(20),
    }
}

/// Grows trees on `rows` of a table.
pub(super) fn fit(
    table: &Table,
    rows: &[usize],
    params: BoostingParams,
) -> Result<Boosted, ScoringError> {
    Ok(params
        .categories(categories(table))
        .fit(&learnt(table, rows)?)?)
}

/// Grows trees on the learnt rows of a fold, and gives the log-odds of the judged ones before the first
/// tree, after the first `every`, after the next as many, and so on, until `go_on` answers false.
pub(super) fn stages(
    table: &Table,
    fold: &Fold,
    params: BoostingParams,
    every: usize,
    mut go_on: impl FnMut(&[f64]) -> bool + Send,
) -> Result<Vec<Vec<f64>>, ScoringError> {
    let data = learnt(table, &fold.learnt)?;
    let judged = records(table, &fold.judged);
    let (mut stages, mut trees) = (Vec::new(), 0);
    let watch = |margins: &[f64]| {
        let is_stage = trees % every == 0;
        trees += 1;
        if !is_stage {
            return true;
        }
        stages.push(margins.to_vec());
        go_on(margins)
    };
    let settings = params.categories(categories(table)).check()?;
    settings.fit_watching(&data, judged.view(), watch)?;
    Ok(stages)
}

/// Rows to learn from, as linfa has them.
fn learnt(table: &Table, rows: &[usize]) -> Result<Dataset<f64, bool, Ix1>, ScoringError> {
    table.has_both(rows)?;
    let weights: Array1<f32> = rows
        .iter()
        .map(|&row| table.weights()[row] as f32)
        .collect();
    let happened: Array1<bool> = table.outcomes(rows).into();
    Ok(Dataset::new(records(table, rows), happened).with_weights(weights))
}

/// The columns that hold categories.
fn categories(table: &Table) -> Vec<usize> {
    let columns = table.columns().iter().enumerate();
    let categories = columns.filter_map(|(number, column)| match column.values {
        Values::Categories { .. } => Some(number),
        Values::Numbers(_) => None,
    });
    categories.collect()
}

/// Some rows as trees read them: categories by their codes.
pub(super) fn records(table: &Table, rows: &[usize]) -> Array2<f64> {
    let mut records = Array2::zeros((rows.len(), table.columns().len()));
    for (mut values, column) in records.columns_mut().into_iter().zip(table.columns()) {
        for (value, number) in values.iter_mut().zip(column.values.numbers(rows)) {
            *value = number;
        }
    }
    records
}
