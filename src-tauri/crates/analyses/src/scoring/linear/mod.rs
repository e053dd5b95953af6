//! A ridge logistic regression by `linfa-logistic` on columns made fit for it: categories as one column
//! a common level, skewed numbers by their logarithm, what is missing as a column of its own, all on one
//! scale.
//!
//! Two of the crate's traps are kept shut here: which class its probabilities speak of depends on the
//! data, and it takes no weights. What the rows' weights change is left to the blend's line.
//!
//! A number beyond all that were learnt from counts as the nearest of them: a price index that leaves its
//! old range would otherwise take every score with it.

mod start;

use super::table::{Table, Values};
use super::{ColumnIx, ScoringError};
use linfa::Dataset;
use linfa::traits::Fit;
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2, ShapeBuilder};
use serde::{Deserialize, Serialize};
use start::Nearing;
use std::cmp::Ordering;

/// Categories beyond the most common ones share a level.
const LEVELS: usize = 20;
/// Numbers whose skewness is above this are taken by their logarithm.
const SKEWED: f64 = 2.0;
const STEPS: u64 = 200;
/// The search ends where the slope of the loss, by rows, is below this.
const TOLERANCE: f64 = 1e-5;

/// One number that the regression sees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Input {
    column: usize,
    kind: Kind,
    mean: f64,
    /// 1 over the standard deviation.
    scale: f64,
    /// The least and the most that was learnt from. A line goes on beyond them, and what is learnt does not.
    #[serde(default = "anything")]
    within: [f64; 2],
}

/// Models that were written before bounds were kept have none.
fn anything() -> [f64; 2] {
    [f64::MIN, f64::MAX]
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// The number, the mean where it is missing.
    Number { by_logarithm: bool },
    /// 1 where nothing is known.
    Missing,
    /// 1 where the category is this one.
    Level(u32),
}

/// A fitted regression.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Linear {
    inputs: Vec<Input>,
    coefficients: Vec<f64>,
    intercept: f64,
}

impl Linear {
    /// Fits on `rows` of a table. `ridge` times half the sum of squared coefficients is added to the
    /// sum of losses: scikit-learn's `1 / C`.
    ///
    /// # Errors
    /// When all rows have one outcome, no column differs between them, or the search comes to no end.
    pub fn fit(table: &Table, rows: &[usize], ridge: f64) -> Result<Self, ScoringError> {
        let mut fitted = Self::fit_each(table, rows, &[ridge])?;
        fitted.pop().ok_or(ScoringError::NothingKnown)
    }

    /// Fits with each of some ridges, each search beginning near where the one before came to.
    ///
    /// # Errors
    /// As for [`Self::fit`].
    pub fn fit_each(
        table: &Table,
        rows: &[usize],
        ridges: &[f64],
    ) -> Result<Vec<Self>, ScoringError> {
        table.has_both(rows)?;
        let inputs = inputs(table, rows);
        if inputs.is_empty() {
            return Err(ScoringError::NothingKnown);
        }
        // Column by column, as the crate's gradient goes through them.
        let mut records = Array2::zeros((rows.len(), inputs.len()).f());
        let mut numbers = (usize::MAX, Vec::new());
        for (mut column, input) in records.columns_mut().into_iter().zip(&inputs) {
            if numbers.0 != input.column {
                let values = &table.columns()[input.column].values;
                numbers = (input.column, values.numbers(rows));
            }
            for (value, &number) in column.iter_mut().zip(&numbers.1) {
                *value = input.scaled(number);
            }
        }
        let happened = table.outcomes(rows);
        let sign = sign_of(&happened);
        // The gradient is a sum over rows: what is small grows with them.
        let tolerance = TOLERANCE * (rows.len() as f64).max(10.0);
        let data = Dataset::new(records, Array1::from(happened.clone()));
        let mut nearing = Nearing::of(&data.records, &inputs, &happened);
        let mut near = vec![0.0; inputs.len() + 1];
        let mut fitted = Vec::new();
        for &ridge in ridges {
            if let Some(nearing) = &mut nearing {
                near = nearing.to(ridge, tolerance, &near);
            }
            let found = LogisticRegression::default()
                .alpha(ridge)
                .gradient_tolerance(tolerance)
                .max_iterations(STEPS)
                .initial_params(near.iter().map(|value| sign * value).collect())
                .fit(&data)
                .map_err(|error| ScoringError::Linear(error.to_string()))?;
            let sign = if found.labels().pos.class { 1.0 } else { -1.0 };
            fitted.push(Self {
                coefficients: found.params().iter().map(|value| sign * value).collect(),
                intercept: sign * found.intercept(),
                inputs: inputs.clone(),
            });
        }
        Ok(fitted)
    }

    /// The log-odds of a row.
    #[must_use]
    pub fn margin(&self, table: &Table, row: usize) -> f64 {
        let inputs = self.inputs.iter().zip(&self.coefficients);
        let parts = inputs.map(|(input, coefficient)| coefficient * input.of(table, row));
        self.intercept + parts.sum::<f64>()
    }

    /// What each column adds to a row's log-odds, against a row that is the mean in everything; that
    /// row's own log-odds are the intercept.
    pub(super) fn parts(&self, table: &Table, row: usize) -> Vec<f64> {
        let mut parts = vec![0.0; table.columns().len()];
        for (input, coefficient) in self.inputs.iter().zip(&self.coefficients) {
            parts[input.column] += coefficient * input.of(table, row);
        }
        parts
    }

    /// The log-odds of a row that is the mean in everything.
    pub(super) fn intercept(&self) -> f64 {
        self.intercept
    }

    /// Whether it can be asked about tables of so many columns.
    pub(super) fn is_sound(&self, columns: usize) -> bool {
        self.inputs.len() == self.coefficients.len()
            && self
                .inputs
                .iter()
                .all(|input| input.column < columns && input.within[0] <= input.within[1])
    }

    /// The columns that are used, ascending.
    #[must_use]
    pub fn columns(&self) -> Vec<ColumnIx> {
        let mut columns: Vec<ColumnIx> = self
            .inputs
            .iter()
            .map(|input| ColumnIx(input.column))
            .collect();
        columns.dedup();
        columns
    }
}

/// The sign that coefficients have to the crate, which speaks of the more common outcome, and of the
/// first row's where both are as common. Were it wrong, a search would only begin far off.
fn sign_of(happened: &[bool]) -> f64 {
    let won = happened.iter().filter(|happened| **happened).count();
    let is_of_won = match (2 * won).cmp(&happened.len()) {
        Ordering::Less => false,
        Ordering::Equal => happened.first() == Some(&true),
        Ordering::Greater => true,
    };
    if is_of_won { 1.0 } else { -1.0 }
}

impl Input {
    fn of(&self, table: &Table, row: usize) -> f64 {
        self.scaled(table.columns()[self.column].values.number(row))
    }

    /// Whether it may be any number, not only 1 or 0.
    fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Number { .. })
    }

    /// What a value is to the regression.
    fn scaled(&self, value: f64) -> f64 {
        let raw = self.kind.of(value);
        if raw.is_nan() {
            0.0
        } else {
            let [least, most] = self.within;
            (raw.clamp(least, most) - self.mean) * self.scale
        }
    }
}

impl Kind {
    /// NaN where a number is missing.
    fn of(self, value: f64) -> f64 {
        let is = |happens: bool| f64::from(u8::from(happens));
        match self {
            // A number below 0, which none was that the regression learnt from, counts as 0.
            Self::Number { by_logarithm: true } if value < 0.0 => 0.0,
            Self::Number { by_logarithm: true } => value.ln_1p(),
            Self::Number {
                by_logarithm: false,
            } => value,
            Self::Missing => is(value.is_nan()),
            Self::Level(code) => is(value == f64::from(code)),
        }
    }
}

/// Everything of a table that differs between `rows`.
fn inputs(table: &Table, rows: &[usize]) -> Vec<Input> {
    let mut inputs = Vec::new();
    for (number, column) in table.columns().iter().enumerate() {
        let numbers = column.values.numbers(rows);
        let mut kinds = vec![Kind::Missing];
        match &column.values {
            Values::Numbers(_) => kinds.push(Kind::Number {
                by_logarithm: is_skewed(numbers.iter().copied()),
            }),
            Values::Categories { codes, .. } => {
                let codes = rows.iter().filter_map(|&row| codes[row]);
                kinds.extend(most_common(codes, LEVELS).into_iter().map(Kind::Level));
            }
        }
        for kind in kinds {
            let known = numbers.iter().map(|&value| kind.of(value));
            let known: Vec<f64> = known.filter(|value| value.is_finite()).collect();
            if let Some((mean, deviation)) = moments(known.iter().copied()) {
                let least = known.iter().copied().fold(f64::MAX, f64::min);
                let most = known.iter().copied().fold(f64::MIN, f64::max);
                inputs.push(Input {
                    column: number,
                    kind,
                    mean,
                    scale: 1.0 / deviation,
                    within: [least, most],
                });
            }
        }
    }
    inputs
}

/// The mean and the standard deviation. None where nothing differs.
fn moments(values: impl Iterator<Item = f64> + Clone) -> Option<(f64, f64)> {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    let variance = values
        .map(|value| (value - mean) * (value - mean))
        .sum::<f64>()
        / n;
    let deviation = variance.sqrt();
    (deviation > 1e-12 * mean.abs().max(1e-12) && deviation.is_finite())
        .then_some((mean, deviation))
}

/// Whether numbers, none below 0, have a long tail above.
fn is_skewed(values: impl Iterator<Item = f64> + Clone) -> bool {
    let known = values.filter(|value| value.is_finite());
    if known.clone().any(|value| value < 0.0) {
        return false;
    }
    let Some((mean, deviation)) = moments(known.clone()) else {
        return false;
    };
    let n = known.clone().count() as f64;
    let cubes = known.map(|value| ((value - mean) / deviation).powi(3));
    cubes.sum::<f64>() / n > SKEWED
}

pub(super) fn most_common(codes: impl Iterator<Item = u32>, most: usize) -> Vec<u32> {
    let mut counts = std::collections::BTreeMap::new();
    for code in codes {
        *counts.entry(code).or_insert(0_usize) += 1;
    }
    let mut counts: Vec<(u32, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(code, count)| (std::cmp::Reverse(count), code));
    counts
        .into_iter()
        .take(most)
        .map(|(code, _)| code)
        .collect()
}
