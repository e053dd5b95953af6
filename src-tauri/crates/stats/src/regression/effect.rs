//! A change of a chance, with its interval.

use serde::{Deserialize, Serialize};

use crate::proportion::{level_within, reach};
use crate::special::normal_cdf;

/// A difference with its standard error, such as the change of a chance by one more meeting.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Effect {
    /// The difference.
    pub value: f64,
    /// Its standard error, by the delta method.
    pub error: f64,
    /// Lower end of the normal interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How often such an interval covers the truth, such as 0.95.
    pub level: f64,
    /// How likely so large a difference is by chance, in either direction.
    pub p: f64,
}

impl Effect {
    /// A difference with its standard error, and the normal interval and test that follow. None unless
    /// both are numbers and the error is not negative.
    #[must_use]
    pub fn with_error(value: f64, error: f64, level: f64) -> Option<Self> {
        let is_effect = value.is_finite() && error.is_finite() && error >= 0.0;
        is_effect.then(|| Self::of(value, error * error, level))
    }

    pub(super) fn of(value: f64, variance: f64, level: f64) -> Self {
        let level = level_within(level);
        let error = variance.sqrt();
        let half = reach(level) * error;
        let p = if error > 0.0 {
            2.0 * normal_cdf(-(value / error).abs())
        } else {
            f64::from(u8::from(value == 0.0))
        };
        Self {
            value,
            error,
            low: value - half,
            high: value + half,
            level,
            p,
        }
    }
}
