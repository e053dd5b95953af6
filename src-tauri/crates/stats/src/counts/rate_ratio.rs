//! Two counts, each with its exposure: exact comparison of their rates.

use serde::Serialize;

use crate::error::{Error, at_least_zero};
use crate::proportion::clopper_pearson;
use crate::special::beta_cdf;

/// One rate over another, without any approximation.
///
/// Given their sum, the first of two Poisson counts is binomial with the share
/// `e1 / (e1 + e2)` if the rates are equal (Przyborowski and Wilenski 1940); the interval is
/// Clopper's and Pearson's of that share, as odds times `e2 / e1`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RateRatio {
    /// The ratio. None where the other count is 0: it is then anything above `low`.
    pub value: Option<f64>,
    /// Lower end of the exact interval.
    pub low: f64,
    /// Upper end. None: no ratio is too large for these counts.
    pub high: Option<f64>,
    /// How often such an interval covers the truth at least, such as 0.95.
    pub level: f64,
    /// How likely so many or more are where the rates are equal.
    pub p_greater: f64,
    /// How likely so few or fewer are.
    pub p_less: f64,
    /// Twice the smaller of them, at most 1: below 0.05 exactly where the 95 % interval leaves out 1.
    pub p_two_sided: f64,
    /// `p_greater` with half the probability of the count itself: less cautious, right on average.
    pub p_greater_mid: f64,
}

/// Compares `count` in `exposure` with `other` in `other_exposure`. Exposure is what could have
/// counted, such as the deals closed in a window, not its days.
///
/// # Errors
/// When an exposure is not positive and finite.
pub fn rate_ratio(
    count: u32,
    exposure: f64,
    other: u32,
    other_exposure: f64,
    level: f64,
) -> Result<RateRatio, Error> {
    let exposure = at_least_zero(exposure, "an exposure")?;
    let other_exposure = at_least_zero(other_exposure, "an exposure")?;
    let share = exposure / (exposure + other_exposure);
    let ratio = other_exposure / exposure;
    if !(share > 0.0 && share < 1.0 && ratio.is_finite() && ratio > 0.0) {
        return Err(Error::Range("an exposure"));
    }
    let (x, y) = (f64::from(count), f64::from(other));
    let interval = clopper_pearson(x, x + y, level);
    let odds = |p: f64| p / (1.0 - p) * ratio;
    let (greater, above) = (at_least(x, y, share), at_least(x + 1.0, y - 1.0, share));
    let less = (1.0 - above).clamp(0.0, 1.0);
    Ok(RateRatio {
        value: (other > 0).then(|| x / y * ratio),
        low: odds(interval.low),
        high: Some(odds(interval.high)).filter(|high| high.is_finite()),
        level: interval.level,
        p_greater: greater,
        p_less: less,
        p_two_sided: (2.0 * greater.min(less)).min(1.0),
        p_greater_mid: 0.5 * (greater + above),
    })
}

/// `P(X >= x)` of `x + y` cases with this share: the beta distribution function of `(x, y + 1)`.
fn at_least(x: f64, y: f64, share: f64) -> f64 {
    if x <= 0.0 {
        1.0
    } else if y < 0.0 {
        0.0
    } else {
        beta_cdf(x, y + 1.0, share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
    }

    #[test]
    fn six_against_six_in_a_sixth_of_the_time() {
        let ratio = rate_ratio(6, 30.0, 6, 180.0, 0.95).unwrap();
        check(ratio.value.unwrap(), 6.0);
        check(ratio.p_greater, 0.003_609_507_141_531_625);
        check(ratio.p_greater_mid, 0.002_052_204_580_940_108);
        check(ratio.low, 1.604_029_185_7);
        check(ratio.high.unwrap(), 22.443_481_901_6);
    }

    /// The published least counts of 30 days that give p < .01 against 180 days before.
    #[test]
    fn counts_that_are_needed_for_an_alert() {
        for (before, needed) in [(0, 3), (2, 4), (6, 6), (12, 8), (24, 11)] {
            let p = |now| {
                rate_ratio(now, 30.0, before, 180.0, 0.95)
                    .unwrap()
                    .p_greater
            };
            assert!(p(needed) < 0.01 && p(needed - 1) >= 0.01, "{before}");
        }
    }

    #[test]
    fn nothing_seen_is_no_evidence_and_no_bound() {
        let ratio = rate_ratio(0, 30.0, 0, 180.0, 0.95).unwrap();
        assert_eq!((ratio.value, ratio.high), (None, None));
        check(ratio.low, 0.0);
        check(ratio.p_greater, 1.0);
        check(ratio.p_two_sided, 1.0);
        let first = rate_ratio(4, 30.0, 0, 180.0, 0.95).unwrap();
        assert_eq!((first.value, first.high), (None, None));
        assert!(first.low > 1.0);
    }

    #[test]
    fn no_exposure_is_refused() {
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(
                rate_ratio(1, wrong, 1, 1.0, 0.95),
                Err(Error::Range("an exposure"))
            );
            assert!(rate_ratio(1, 1.0, 1, wrong, 0.95).is_err());
        }
    }
}
