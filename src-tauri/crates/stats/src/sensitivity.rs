//! How strong something unseen would have to be to explain an association away.

use serde::Serialize;

use crate::contingency::Ratio;

/// What scale a ratio is on, as a ratio of risks is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// A ratio of risks, or of odds or hazards of something rare (below 15 %).
    Risk,
    /// A ratio of odds of something common.
    Odds,
    /// A ratio of hazards of something common.
    Hazard,
}

impl Scale {
    /// About the ratio of risks that a ratio on this scale stands for: the square root of odds, and
    /// for hazards `(1 - 0.5^sqrt(r)) / (1 - 0.5^sqrt(1 / r))` (VanderWeele 2017,
    /// doi:10.1097/EDE.0000000000000733).
    #[must_use]
    pub fn risk_ratio(self, ratio: f64) -> f64 {
        match self {
            Self::Risk => ratio,
            Self::Odds => ratio.sqrt(),
            Self::Hazard => {
                let ends = |ratio: f64| 1.0 - 0.5_f64.powf(ratio.sqrt());
                ends(ratio) / ends(1.0 / ratio)
            }
        }
    }
}

/// How strongly something unseen would have to go with both the activity and the outcome, as a
/// ratio of risks, to leave nothing of an association (VanderWeele and Ding 2017,
/// doi:10.7326/M16-2607).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct EValue {
    /// To explain the estimate.
    pub estimate: f64,
    /// To bring the interval to 1: 1 where it holds 1 already.
    pub bound: f64,
}

/// The E-value of a ratio and of the end of its interval that is nearer to 1. None where a number of
/// the ratio is not positive and finite.
#[must_use]
pub fn e_value(ratio: &Ratio, scale: Scale) -> Option<EValue> {
    let numbers = [ratio.value, ratio.low, ratio.high];
    if !numbers.iter().all(|x| x.is_finite() && *x > 0.0) {
        return None;
    }
    let [value, low, high] = numbers.map(|ratio| scale.risk_ratio(ratio));
    let bound = if low > 1.0 {
        of_risk_ratio(low)
    } else if high < 1.0 {
        of_risk_ratio(high)
    } else {
        1.0
    };
    Some(EValue {
        estimate: of_risk_ratio(value),
        bound,
    })
    .filter(|value| value.estimate.is_finite() && value.bound.is_finite())
}

/// `RR + sqrt(RR (RR - 1))`, of the inverse where it is below 1.
fn of_risk_ratio(ratio: f64) -> f64 {
    let ratio = ratio.max(1.0 / ratio);
    ratio + (ratio * (ratio - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(value: f64, low: f64, high: f64) -> Ratio {
        Ratio {
            value,
            low,
            high,
            level: 0.95,
            log_error: 0.1,
        }
    }

    #[track_caller]
    fn check(ratio: Ratio, scale: Scale, estimate: f64, bound: f64) {
        let ours = e_value(&ratio, scale).unwrap();
        assert!((ours.estimate - estimate).abs() < 0.005, "{ours:?}");
        assert!((ours.bound - bound).abs() < 0.005, "{ours:?}");
    }

    /// The worked examples of VanderWeele and Ding: breastfeeding and death by infection (3.9, 1.8 to
    /// 8.7), and protection from leukaemia (0.80, 0.71 to 0.91).
    #[test]
    fn published_examples() {
        check(ratio(3.9, 1.8, 8.7), Scale::Risk, 7.26, 3.0);
        check(ratio(0.80, 0.71, 0.91), Scale::Risk, 1.81, 1.43);
    }

    #[test]
    fn an_interval_around_1_needs_nothing_unseen() {
        check(
            ratio(1.2, 0.9, 1.6),
            Scale::Risk,
            1.2 + 0.24_f64.sqrt(),
            1.0,
        );
        check(ratio(1.0, 1.0, 1.0), Scale::Hazard, 1.0, 1.0);
    }

    #[test]
    fn odds_and_hazards_of_something_common_weigh_less() {
        assert!((Scale::Odds.risk_ratio(4.0) - 2.0).abs() < 1e-12);
        // (1 - 0.5^2) / (1 - 0.5^0.5)
        let expected = 0.75 / (1.0 - 0.5_f64.sqrt());
        assert!((Scale::Hazard.risk_ratio(4.0) - expected).abs() < 1e-12);
        let inverse = Scale::Hazard.risk_ratio(0.25) * expected;
        assert!((inverse - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_ratio_that_is_none_has_no_e_value() {
        assert_eq!(e_value(&ratio(f64::NAN, 1.0, 2.0), Scale::Risk), None);
        assert_eq!(e_value(&ratio(1.0, 0.0, 2.0), Scale::Risk), None);
    }
}
