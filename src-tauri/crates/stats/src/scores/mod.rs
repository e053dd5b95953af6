//! How good scores were: whether they put what happened above what did not, whether they mean what they
//! say, and whether what they are given has changed.
//!
//! Scores and outcomes are columns of the same rows. Probabilities are kept [`CERTAIN`] away from 0
//! and 1 wherever their logarithm is taken.

mod calibration;
mod drift;
mod loss;
mod ranking;

pub use calibration::{Bin, CalibrationError, CalibrationLine, Isotonic, Platt};
pub use drift::Drift;
pub use loss::{brier, log_loss, log_loss_of, log_odds};
pub use ranking::{
    Auc, Gain, Ranking, auc, average_precision, delong, delong_difference, gains, weighted_auc,
};

/// No probability is taken to be nearer to 0 or 1 than this.
pub const CERTAIN: f64 = 1e-15;

use crate::error::{Error, same_rows};

/// How many happened and how many did not: some of each.
fn both(happened: &[bool]) -> Result<(usize, usize), Error> {
    let positive = happened.iter().filter(|&&happened| happened).count();
    match (positive, happened.len() - positive) {
        (0, _) | (_, 0) => Err(Error::TooFew),
        both => Ok(both),
    }
}

/// Nothing, if the columns are of one length and hold numbers.
fn sound(scores: &[f64], happened: &[bool]) -> Result<(), Error> {
    same_rows(scores.len(), happened.len())?;
    if scores.iter().all(|score| score.is_finite()) {
        Ok(())
    } else {
        Err(Error::Range("a score"))
    }
}

/// Nothing, if the columns are of one length and hold probabilities.
fn probable(probabilities: &[f64], happened: &[bool]) -> Result<(), Error> {
    same_rows(probabilities.len(), happened.len())?;
    if probabilities.iter().all(|p| (0.0..=1.0).contains(p)) {
        Ok(())
    } else {
        Err(Error::Range("a probability"))
    }
}

/// Nothing, if weights are as many as rows, none below 0, and some above.
fn weighable(rows: usize, weights: &[f64]) -> Result<(), Error> {
    same_rows(rows, weights.len())?;
    if !weights.iter().all(|w| w.is_finite() && *w >= 0.0) {
        Err(Error::Range("a weight"))
    } else if weights.iter().any(|w| *w > 0.0) {
        Ok(())
    } else {
        Err(Error::TooFew)
    }
}
