//! What a probability costs when the outcome is known.

use super::{CERTAIN, probable, weighable};
use crate::error::Error;

/// The mean log loss by weight, in natural logarithms.
///
/// # Errors
/// When the columns differ in length, hold no probabilities or no weights.
pub fn log_loss(probabilities: &[f64], happened: &[bool], weights: &[f64]) -> Result<f64, Error> {
    mean(probabilities, happened, weights, log_loss_of)
}

/// The log loss of one probability.
#[must_use]
pub fn log_loss_of(p: f64, happened: bool) -> f64 {
    let p = p.clamp(CERTAIN, 1.0 - CERTAIN);
    if happened { -p.ln() } else { -(-p).ln_1p() }
}

/// The mean square of what a probability was off, by weight (Brier 1950).
///
/// # Errors
/// As for [`log_loss`].
pub fn brier(probabilities: &[f64], happened: &[bool], weights: &[f64]) -> Result<f64, Error> {
    mean(probabilities, happened, weights, |p, happened| {
        let off = p - f64::from(u8::from(happened));
        off * off
    })
}

/// `ln(p / (1 - p))`.
#[must_use]
pub fn log_odds(p: f64) -> f64 {
    let p = p.clamp(CERTAIN, 1.0 - CERTAIN);
    p.ln() - (-p).ln_1p()
}

fn mean(
    probabilities: &[f64],
    happened: &[bool],
    weights: &[f64],
    loss: impl Fn(f64, bool) -> f64,
) -> Result<f64, Error> {
    probable(probabilities, happened)?;
    weighable(probabilities.len(), weights)?;
    let rows = probabilities.iter().zip(happened).zip(weights);
    let (sum, all) = rows.fold((0.0, 0.0), |(sum, all), ((&p, &happened), &weight)| {
        (sum + weight * loss(p, happened), all + weight)
    });
    Ok(sum / all)
}
