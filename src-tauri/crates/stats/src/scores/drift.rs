//! Whether what a model is given has changed since it learnt.

use crate::error::Error;
use crate::special::chi_squared_tail;
use serde::{Deserialize, Serialize};

/// A share is taken to be at least this, so that its logarithm exists.
const LEAST: f64 = 1e-4;
/// An index above this is a change worth a word.
const NOTABLE: f64 = 0.1;
/// And only where chance makes one so large more rarely than this.
const RARE: f64 = 0.01;

/// The population stability index of counts by bin: then, and now.
///
/// By the usual rule 0.1 is some change and 0.25 much, but at 200 rows on each side chance alone gives
/// 0.09 on average. So the index is tested: divided by `1/N + 1/M` it is about chi-squared with a
/// degree of freedom less than there are bins (Yurdakul 2018).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Drift {
    /// The index.
    pub value: f64,
    /// What chance gives on average at these counts.
    pub by_chance: f64,
    /// How likely chance gives as much.
    pub p: f64,
}

impl Drift {
    /// Of counts in the same bins.
    ///
    /// # Errors
    /// When the bins are not as many, fewer than two, hold what is no count, or one side has no rows.
    pub fn of(then: &[f64], now: &[f64]) -> Result<Self, Error> {
        crate::error::same_rows(then.len(), now.len())?;
        let counts = then.iter().chain(now);
        if !counts.clone().all(|n| n.is_finite() && *n >= 0.0) {
            return Err(Error::Range("a count"));
        }
        let (n, m) = (then.iter().sum::<f64>(), now.iter().sum::<f64>());
        if then.len() < 2 || n <= 0.0 || m <= 0.0 {
            return Err(Error::TooFew);
        }
        let part = |(then, now): (&f64, &f64)| {
            let (then, now) = ((then / n).max(LEAST), (now / m).max(LEAST));
            (now - then) * (now / then).ln()
        };
        let value: f64 = then.iter().zip(now).map(part).sum();
        let spread = 1.0 / n + 1.0 / m;
        let degrees = then.len() as f64 - 1.0;
        Ok(Self {
            value,
            by_chance: degrees * spread,
            p: chi_squared_tail(value / spread, degrees),
        })
    }

    /// Whether it is both large and hardly chance.
    #[must_use]
    pub fn is_notable(self) -> bool {
        self.value > NOTABLE && self.p < RARE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Golden vector F12.
    #[test]
    fn five_bins_by_hand() {
        let drift = Drift::of(&[20.0; 5], &[10.0, 15.0, 20.0, 25.0, 30.0]).unwrap();
        assert!((drift.value - 0.135_402_510_1).abs() < 1e-10);
        // At 100 rows a side that is 6.8 of 4 expected: nothing to speak of.
        assert!(!drift.is_notable(), "{drift:?}");
        let large = Drift::of(
            &[2_000.0; 5],
            &[1_000.0, 1_500.0, 2_000.0, 2_500.0, 3_000.0],
        );
        assert!(large.unwrap().is_notable());
    }

    #[test]
    fn what_are_no_counts_is_said() {
        assert_eq!(Drift::of(&[1.0], &[1.0]), Err(Error::TooFew));
        assert_eq!(Drift::of(&[0.0; 3], &[1.0; 3]), Err(Error::TooFew));
        assert_eq!(
            Drift::of(&[-1.0; 3], &[1.0; 3]),
            Err(Error::Range("a count"))
        );
    }
}
