//! Logistic regression: the chance that something happens.

use super::design::Design;
use super::effect::Effect;
use super::fit::{Fit, Fitting, fit};
use super::likelihood::chances;
use crate::contingency::Ratio;
use crate::error::{Error, finite, same_rows};
use crate::proportion::{Interval, level_within, reach};
use crate::special::expit;

/// A fitted logistic regression.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic(Fit);

impl Logistic {
    /// Fits by maximum likelihood, penalised where a ridge is asked for.
    ///
    /// # Errors
    /// [`Error::Separated`] where the best coefficients are infinite (a segment without a single
    /// win; a ridge makes them finite) or all rows have one outcome, [`Error::Collinear`] where
    /// columns repeat each other and there is no ridge, and others for input that is none.
    pub fn fit(design: &Design, happened: &[bool], how: &Fitting<'_>) -> Result<Self, Error> {
        let outcome: Vec<u8> = happened
            .iter()
            .map(|&happened| u8::from(happened))
            .collect();
        fit(design, &outcome, 1, how).map(Self)
    }

    /// The coefficients on the log odds, the constant first.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.0.coefficients
    }

    /// Their covariance, row by row.
    #[must_use]
    pub fn covariance(&self) -> &[f64] {
        &self.0.covariance
    }

    /// The log likelihood, less the penalty of a ridge.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.0.log_likelihood
    }

    /// How many clusters the errors rest on. None if rows were taken as independent.
    #[must_use]
    pub fn clusters(&self) -> Option<usize> {
        self.0.clusters
    }

    /// A coefficient with its error and Wald's test. None of a column that is not there.
    #[must_use]
    pub fn coefficient(&self, column: usize, level: f64) -> Option<Effect> {
        let value = *self.0.coefficients.get(column)?;
        let variance = self.0.covariance[column * self.0.width + column];
        Some(Effect::of(value, variance, level))
    }

    /// The odds ratio of one more unit of a column.
    #[must_use]
    pub fn odds_ratio(&self, column: usize, level: f64) -> Option<Ratio> {
        let beta = self.coefficient(column, level)?;
        Ratio::with_log_error(beta.value.exp(), beta.error, level)
    }

    /// The chance for one row, its constant first, with an interval that is symmetric on the log
    /// odds.
    ///
    /// # Errors
    /// When the row has another width, or holds what is not a finite number.
    pub fn chance(&self, row: &[f64], level: f64) -> Result<(f64, Interval), Error> {
        same_rows(self.0.width, row.len())?;
        for &x in row {
            finite(x, "a value of a column")?;
        }
        let level = level_within(level);
        let products = row.iter().zip(self.coefficients()).map(|(x, b)| x * b);
        let eta = finite(products.sum(), "a row")?;
        let half = reach(level) * self.0.variance_of(row).sqrt();
        let interval = Interval {
            low: expit(eta - half),
            high: expit(eta + half),
            level,
        };
        Ok((expit(eta), interval))
    }

    /// By how much the chance changes on average over the rows when a column of each is raised by
    /// `step`, all else as it is (g-computation). Over a design of the median row alone, the change
    /// for it.
    ///
    /// # Errors
    /// When the design has other columns than the fit, no rows, or the step is not finite.
    pub fn effect(
        &self,
        design: &Design,
        column: usize,
        step: f64,
        level: f64,
    ) -> Result<Effect, Error> {
        finite(step, "a step")?;
        same_rows(self.0.width, design.columns())?;
        if column >= self.0.width {
            return Err(Error::Range("a column"));
        }
        if design.rows() == 0 {
            return Err(Error::TooFew);
        }
        let mut value = 0.0;
        let mut gradient = vec![0.0; self.0.width];
        let mut raised = vec![0.0; self.0.width];
        let mut chance = [0.0];
        for row in design.iter() {
            raised.copy_from_slice(row);
            raised[column] += step;
            for (row, sign) in [(row, -1.0), (&raised, 1.0)] {
                chances(row, self.coefficients(), &mut chance);
                value += sign * chance[0];
                let curve = sign * chance[0] * (1.0 - chance[0]);
                for (gradient, x) in gradient.iter_mut().zip(row) {
                    *gradient += curve * x;
                }
            }
        }
        finite(value, "a design")?;
        let n = design.rows() as f64;
        gradient.iter_mut().for_each(|gradient| *gradient /= n);
        Ok(Effect::of(value / n, self.0.variance_of(&gradient), level))
    }
}
