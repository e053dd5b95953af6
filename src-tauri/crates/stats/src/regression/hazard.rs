//! Discrete time: in each period a lifetime goes on or ends in one of several ways, with chances
//! that depend on what is known then.

use super::design::Design;
use super::effect::Effect;
use super::fit::{Fit, Fitting, fit};
use super::likelihood::chances;
use crate::error::{Error, finite, same_rows};

/// A fitted discrete-time hazard of competing endings: a multinomial logistic regression over rows
/// of one lifetime in one period each (person-periods). Left truncation and open lifetimes need
/// nothing more: only periods that were watched have rows (Allison 1982; Tutz and Schmid 2016,
/// chapter 8).
#[derive(Debug, Clone, PartialEq)]
pub struct Hazard(Fit);

impl Hazard {
    /// Fits over rows whose outcome is 0 where the lifetime went on, and else the ending's number,
    /// 1 to `endings`.
    ///
    /// # Errors
    /// As for a logistic regression; [`Error::Separated`] too where one of the endings never came.
    pub fn fit(
        design: &Design,
        outcome: &[u8],
        endings: u8,
        how: &Fitting<'_>,
    ) -> Result<Self, Error> {
        if endings == 0 {
            return Err(Error::Range("the number of endings"));
        }
        fit(design, outcome, usize::from(endings), how).map(Self)
    }

    /// The coefficients of an ending, 1 the first; each the constant first.
    #[must_use]
    pub fn coefficients(&self, ending: u8) -> Option<&[f64]> {
        let place = usize::from(ending).checked_sub(1)?;
        self.0.coefficients.chunks_exact(self.0.width).nth(place)
    }

    /// The covariance of all coefficients, ending by ending, row by row.
    #[must_use]
    pub fn covariance(&self) -> &[f64] {
        &self.0.covariance
    }

    /// A coefficient of an ending with its error and Wald's test.
    #[must_use]
    pub fn coefficient(&self, ending: u8, column: usize, level: f64) -> Option<Effect> {
        let value = *self.coefficients(ending)?.get(column)?;
        let place = (usize::from(ending) - 1) * self.0.width + column;
        let variance = self.0.covariance[place * self.0.coefficients.len() + place];
        Some(Effect::of(value, variance, level))
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

    /// The share that ends in each way over the periods of `path`, whose rows say what is known in
    /// each of them. What is left of 1 is still open.
    ///
    /// # Errors
    /// When a row has another width, or holds what is not a finite number.
    pub fn incidence(&self, path: &Design) -> Result<Vec<f64>, Error> {
        same_rows(self.0.width, path.columns())?;
        let mut chance = vec![0.0; self.endings()];
        let mut incidence = vec![0.0; self.endings()];
        let mut open = 1.0;
        for row in path.iter() {
            chances(row, &self.0.coefficients, &mut chance);
            for (sum, chance) in incidence.iter_mut().zip(&chance) {
                *sum += open * chance;
            }
            open *= (1.0 - chance.iter().sum::<f64>()).max(0.0);
        }
        for &share in &incidence {
            finite(share, "a path")?;
        }
        Ok(incidence)
    }

    /// The share that ends in one way, with its error.
    ///
    /// # Errors
    /// When the ending is none, or a path does not fit.
    pub fn share(&self, path: &Design, ending: u8, level: f64) -> Result<Effect, Error> {
        let (value, gradient) = self.share_and_gradient(path, ending)?;
        Ok(Effect::of(value, self.0.variance_of(&gradient), level))
    }

    /// By how much that share is higher along one path than along another: the effect of one more
    /// meeting on the chance to be won within so many weeks.
    ///
    /// # Errors
    /// When the ending is none, or a path does not fit.
    pub fn difference(
        &self,
        path: &Design,
        other: &Design,
        ending: u8,
        level: f64,
    ) -> Result<Effect, Error> {
        let (value, mut gradient) = self.share_and_gradient(path, ending)?;
        let (less, theirs) = self.share_and_gradient(other, ending)?;
        for (gradient, theirs) in gradient.iter_mut().zip(theirs) {
            *gradient -= theirs;
        }
        let variance = self.0.variance_of(&gradient);
        Ok(Effect::of(value - less, variance, level))
    }

    fn endings(&self) -> usize {
        self.0.coefficients.len() / self.0.width
    }

    /// The share and its derivative by every coefficient, carried from period to period.
    fn share_and_gradient(&self, path: &Design, ending: u8) -> Result<(f64, Vec<f64>), Error> {
        same_rows(self.0.width, path.columns())?;
        let (width, endings) = (self.0.width, self.endings());
        let wanted = usize::from(ending)
            .checked_sub(1)
            .filter(|&wanted| wanted < endings)
            .ok_or(Error::Range("an ending"))?;
        let size = self.0.coefficients.len();
        let (mut share, mut open) = (0.0, 1.0);
        let (mut share_by, mut open_by) = (vec![0.0; size], vec![0.0; size]);
        let mut chance = vec![0.0; endings];
        for row in path.iter() {
            chances(row, &self.0.coefficients, &mut chance);
            let ends: f64 = chance.iter().sum();
            let goes_on = (1.0 - ends).max(0.0);
            for (place, (share_by, open_by)) in share_by.iter_mut().zip(&mut open_by).enumerate() {
                let (l, x) = (place / width, row[place % width]);
                // The chance of the wanted ending, and of any, by the coefficient of ending l.
                let same = f64::from(u8::from(l == wanted));
                let wanted_by = chance[wanted] * (same - chance[l]) * x;
                let ends_by = chance[l] * goes_on * x;
                *share_by += *open_by * chance[wanted] + open * wanted_by;
                *open_by = *open_by * goes_on - open * ends_by;
            }
            share += open * chance[wanted];
            open *= goes_on;
        }
        finite(share, "a path")?;
        Ok((share, share_by))
    }
}
