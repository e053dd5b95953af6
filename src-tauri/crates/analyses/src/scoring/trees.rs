//! The boosted trees' side: a table as their records, and settings by the rows there are.

use super::ScoringError;
use super::table::{Table, Values};
use boosting::{Boosted, Boosting, BoostingParams};
use linfa::Dataset;
use linfa::traits::Fit;
use ndarray::{Array1, Array2};

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
    table.has_both(rows)?;
    let weights: Array1<f32> = rows
        .iter()
        .map(|&row| table.weights()[row] as f32)
        .collect();
    let happened: Array1<bool> = table.outcomes(rows).into();
    let data = Dataset::new(records(table, rows), happened).with_weights(weights);
    let categories = table.columns().iter().enumerate();
    let categories = categories.filter_map(|(number, column)| match column.values {
        Values::Categories { .. } => Some(number),
        Values::Numbers(_) => None,
    });
    Ok(params.categories(categories.collect()).fit(&data)?)
}

/// Some rows as trees read them: categories by their codes.
pub(super) fn records(table: &Table, rows: &[usize]) -> Array2<f64> {
    let columns = table.columns();
    Array2::from_shape_fn((rows.len(), columns.len()), |(row, column)| {
        columns[column].values.number(rows[row])
    })
}
