//! The boosted trees' side: a table as their records, and settings by the rows there are.

use super::table::{Table, Values};
use super::{Fold, ScoringError};
use boosting::{Boosted, Boosting, BoostingParams};
use linfa::traits::Fit;
use linfa::{Dataset, ParamGuard};
use ndarray::{Array1, Array2, Ix1};

/// Settings for some rows of a table: what was found to lose least on seven public sets of 200 to 55,000
/// rows that each stand for a deal of their own. Rows that share one count as one.
pub(super) fn settings(table: &Table, rows: &[usize]) -> BoostingParams {
    // Over more orders a row's category comes to hint at the row's own outcome: what the others did
    // lacks it.
    let params = Boosting::params()
        .l2(2.0)
        .row_share(0.8)
        .column_share(0.5)
        .orders(2);
    let deals = table.weight(rows);
    let at_least = |deals_a_leaf: f64| (deals_a_leaf * rows.len() as f64 / deals).ceil() as usize;
    if deals < 2_000.0 {
        params
            .trees(250)
            .learning_rate(0.05)
            .leaves(8)
            .depth(3)
            .min_rows(at_least(5.0))
    } else if deals < 20_000.0 {
        params
            .trees(250)
            .learning_rate(0.08)
            .leaves(15)
            .min_rows(at_least(20.0))
    } else {
        params
            .trees(300)
            .learning_rate(0.1)
            .leaves(31)
            .row_share(1.0)
            .min_rows(at_least(20.0))
    }
}

/// Grows trees on `rows` of a table.
pub(super) fn fit(
    table: &Table,
    rows: &[usize],
    params: BoostingParams,
) -> Result<Boosted, ScoringError> {
    Ok(heeding(params, table, rows).fit(&learnt(table, rows)?)?)
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
    let settings = heeding(params, table, &fold.learnt).check()?;
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

/// The same settings, told which columns of a table hold categories, and which rows belong together.
fn heeding(params: BoostingParams, table: &Table, rows: &[usize]) -> BoostingParams {
    let groups = rows.iter().map(|&row| table.groups()[row]).collect();
    params.categories(categories(table)).groups(groups)
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
