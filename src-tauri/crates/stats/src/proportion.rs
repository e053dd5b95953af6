//! Intervals of a share: how far 31 % of 160 deals may be from the truth.

use crate::special::{beta_quantile, normal_quantile};

/// The ends of an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Wilson's score interval of `k` of `n` at a level such as 0.95. With no cases, all of 0 to 1.
#[must_use]
pub fn wilson(k: f64, n: f64, level: f64) -> Interval {
    if n <= 0.0 {
        return Interval {
            low: 0.0,
            high: 1.0,
        };
    }
    let z = normal_quantile(0.5 + level / 2.0);
    let (p, z2) = (k / n, z * z);
    let centre = p + z2 / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    Interval {
        low: if k <= 0.0 {
            0.0
        } else {
            (centre - half) / scale
        },
        high: if k >= n { 1.0 } else { (centre + half) / scale },
    }
}

/// Jeffreys' interval of `k` of `n`, both of which may be fractional: an effective number of cases.
/// The lower end is 0 at `k = 0`, the upper end 1 at `k = n`.
#[must_use]
pub fn jeffreys(k: f64, n: f64, level: f64) -> Interval {
    if n <= 0.0 {
        return Interval {
            low: 0.0,
            high: 1.0,
        };
    }
    let interval = beta_interval(k + 0.5, n - k + 0.5, level);
    Interval {
        low: if k <= 0.0 { 0.0 } else { interval.low },
        high: if k >= n { 1.0 } else { interval.high },
    }
}

/// The interval between the equal tails of a beta distribution.
#[must_use]
pub fn beta_interval(alpha: f64, beta: f64, level: f64) -> Interval {
    let tail = 0.5 - level / 2.0;
    Interval {
        low: beta_quantile(alpha, beta, tail),
        high: beta_quantile(alpha, beta, 1.0 - tail),
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
    }

    #[test]
    fn without_cases_nothing_is_known() {
        check(wilson(0.0, 0.0, 0.95), 0.0, 1.0);
        check(jeffreys(0.0, 0.0, 0.95), 0.0, 1.0);
    }
}
