//! The log loss's derivatives at the margins, in whole units.

use crate::histogram::{HESSIAN_BITS, Row};

/// `1 / (1 + exp(-margin))`.
pub(crate) fn probability(margin: f64) -> f64 {
    1.0 / (1.0 + (-margin).exp())
}

/// The log loss of one outcome at a margin, `ln(1 + exp(∓margin))`, without overflow.
pub(crate) fn log_loss(margin: f64, happened: bool) -> f64 {
    let away = if happened { -margin } else { margin };
    away.max(0.0) + (-away.abs()).exp().ln_1p()
}

/// What a cast to whole numbers, which drops the places, takes to the nearest one: without SSE4.1
/// `f64::round` is a call.
fn nearest(value: f64) -> f64 {
    value + 0.5_f64.copysign(value)
}

/// Whole units of a derivative, chosen so that no sum overflows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Units {
    gradient: f64,
    hessian: f64,
    largest_weight: f64,
    /// One of the first, and one of the second: a product costs less than a quotient.
    one_gradient: f64,
    one_hessian: f64,
}

impl Units {
    /// For rows of these weights: none of their first derivatives exceeds the weight, none of their
    /// second ones a quarter of it.
    pub(crate) fn of(weights: &[f32]) -> Self {
        let largest = weights.iter().copied().fold(0.0_f32, f32::max);
        let largest = f64::from(largest);
        let all: f64 = weights.iter().map(|&weight| f64::from(weight)).sum();
        let one_row = f64::from(1_u32 << 31) / (0.25 * largest);
        // Half of what the sum can hold, for the rounding of each row.
        let all_rows = (1_u64 << (HESSIAN_BITS - 1)) as f64 / (0.25 * all);
        let (gradient, hessian) = (f64::from(1_u32 << 30) / largest, one_row.min(all_rows));
        Self {
            gradient,
            hessian,
            largest_weight: largest,
            one_gradient: 1.0 / gradient,
            one_hessian: 1.0 / hessian,
        }
    }

    /// The derivatives of a row.
    pub(crate) fn row(self, row: u32, margin: f64, happened: bool, weight: f32) -> Row {
        let p = probability(margin);
        let weight = f64::from(weight);
        let gradient = weight * (p - f64::from(u8::from(happened)));
        let hessian = weight * p * (1.0 - p);
        Row {
            row,
            gradient: nearest(gradient * self.gradient) as i32,
            // A row that is sure of itself still counts.
            hessian: nearest(hessian * self.hessian).max(1.0) as u32,
        }
    }

    pub(crate) fn largest_weight(self) -> f64 {
        self.largest_weight
    }

    pub(crate) fn gradient(self, units: i64) -> f64 {
        units as f64 * self.one_gradient
    }

    pub(crate) fn hessian(self, units: u64) -> f64 {
        units as f64 * self.one_hessian
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_lose_nothing_that_matters() {
        let units = Units::of(&[1.0; 1_000]);
        for (margin, happened) in [(0.0, true), (3.0, false), (-8.0, true)] {
            let row = units.row(0, margin, happened, 1.0);
            let p = probability(margin);
            let gradient = p - f64::from(u8::from(happened));
            assert!((units.gradient(i64::from(row.gradient)) - gradient).abs() < 1e-9);
            let hessian = units.hessian(u64::from(row.hessian));
            assert!((hessian / (p * (1.0 - p)) - 1.0).abs() < 1e-4, "{margin}");
        }
    }

    #[test]
    fn the_loss_is_finite_wherever_the_margin_is() {
        assert!((log_loss(0.0, true) - 2.0_f64.ln()).abs() < 1e-15);
        assert_eq!(log_loss(1e4, false), 1e4);
        assert_eq!(log_loss(1e4, true), 0.0);
    }
}
