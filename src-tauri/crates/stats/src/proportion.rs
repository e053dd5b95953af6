//! Intervals of a share: how far 31 % of 160 deals may be from the truth.

use crate::special::{beta_quantile, normal_quantile};

/// The ends of an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// How often such an interval covers the truth, such as 0.95.
    pub level: f64,
}

/// All of 0 to 1: nothing is known.
fn unknown(level: f64) -> Interval {
    Interval {
        low: 0.0,
        high: 1.0,
        level,
    }
}

/// A level that an interval can have. What is not a number asks for the widest.
pub(crate) fn level_within(level: f64) -> f64 {
    const MOST: f64 = 1.0 - 1e-12;
    if level.is_nan() {
        MOST
    } else {
        level.clamp(0.0, MOST)
    }
}

/// How many standard errors an interval of this level reaches to either side.
pub(crate) fn reach(level: f64) -> f64 {
    normal_quantile(0.5 + level_within(level) / 2.0)
}

/// Beyond it the distribution functions lose their digits; no portal has a billion cases.
const MOST_CASES: f64 = 1e9;

/// The counts, if they are some; `k` at most `n`.
fn counts(k: f64, n: f64) -> Option<(f64, f64)> {
    (n > 0.0 && n <= MOST_CASES && !k.is_nan()).then(|| (k.clamp(0.0, n), n))
}

/// Wilson's score interval of `k` of `n` at a level such as 0.95 (Wilson 1927). With no cases, or
/// counts that are none, all of 0 to 1.
#[must_use]
pub fn wilson(k: f64, n: f64, level: f64) -> Interval {
    let level = level_within(level);
    let Some((k, n)) = counts(k, n) else {
        return unknown(level);
    };
    let z = reach(level);
    let z2 = z * z;
    let centre = k + 0.5 * z2;
    let half = z * (k * ((n - k) / n) + 0.25 * z2).sqrt();
    let all = n + z2;
    Interval {
        low: if k <= 0.0 { 0.0 } else { (centre - half) / all },
        high: if k >= n { 1.0 } else { (centre + half) / all },
        level,
    }
}

/// Jeffreys' interval of `k` of `n`, both of which may be fractional: an effective number of cases
/// (Brown, Cai and DasGupta 2001). The lower end is 0 at `k = 0`, the upper end 1 at `k = n`.
#[must_use]
pub fn jeffreys(k: f64, n: f64, level: f64) -> Interval {
    from_shapes(k, n, level, 0.5, 0.5)
}

/// Clopper and Pearson's exact interval of `k` of `n` (1934): never covers less often than its
/// level says, and more often than that with few cases.
#[must_use]
pub fn clopper_pearson(k: f64, n: f64, level: f64) -> Interval {
    from_shapes(k, n, level, 0.0, 1.0)
}

/// An interval whose ends are quantiles of beta distributions: the lower of (k + a, n - k + b), the
/// upper of (k + b, n - k + a).
fn from_shapes(k: f64, n: f64, level: f64, a: f64, b: f64) -> Interval {
    let level = level_within(level);
    let Some((k, n)) = counts(k, n) else {
        return unknown(level);
    };
    let tail = 0.5 - level / 2.0;
    Interval {
        low: if k <= 0.0 {
            0.0
        } else {
            beta_quantile(k + a, n - k + b, tail)
        },
        high: if k >= n {
            1.0
        } else {
            beta_quantile(k + b, n - k + a, 1.0 - tail)
        },
        level,
    }
}

/// The interval between the equal tails of a beta distribution.
#[must_use]
pub fn beta_interval(alpha: f64, beta: f64, level: f64) -> Interval {
    let level = level_within(level);
    let tail = 0.5 - level / 2.0;
    Interval {
        low: beta_quantile(alpha, beta, tail),
        high: beta_quantile(alpha, beta, 1.0 - tail),
        level,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(interval: Interval, low: f64, high: f64) {
        let wrong = (interval.low - low).abs().max((interval.high - high).abs());
        assert!(wrong < 6e-11, "{interval:?} is not {low}..{high}");
    }

    /// Ten-digit values of SciPy's `binomtest(...).proportion_ci` and `beta.ppf`.
    #[test]
    fn intervals_are_the_published_ones() {
        check(wilson(8.0, 10.0, 0.95), 0.490_162_471_5, 0.943_317_848_5);
        check(wilson(0.0, 5.0, 0.95), 0.0, 0.434_482_464_8);
        check(wilson(30.0, 100.0, 0.95), 0.218_948_852_9, 0.395_848_546_3);
        check(jeffreys(8.0, 10.0, 0.95), 0.497_225_503_6, 0.955_940_586_4);
        check(jeffreys(0.0, 5.0, 0.95), 0.0, 0.379_377_142_3);
        check(
            jeffreys(30.0, 100.0, 0.95),
            0.216_841_428_6,
            0.394_546_506_6,
        );
        check(
            clopper_pearson(8.0, 10.0, 0.95),
            0.443_904_537_7,
            0.974_789_273_7,
        );
        check(clopper_pearson(0.0, 5.0, 0.95), 0.0, 0.521_823_750_1);
        check(
            clopper_pearson(30.0, 100.0, 0.95),
            0.212_406_420_5,
            0.399_814_676_2,
        );
    }

    #[test]
    fn without_cases_nothing_is_known() {
        check(wilson(0.0, 0.0, 0.95), 0.0, 1.0);
        check(jeffreys(0.0, 0.0, 0.95), 0.0, 1.0);
        for (k, n) in [(1.0, 0.0), (1.0, f64::NAN), (f64::NAN, 4.0), (1.0, -2.0)] {
            for of in [wilson, jeffreys, clopper_pearson] {
                check(of(k, n, 0.95), 0.0, 1.0);
            }
        }
    }
}
