//! Quantiles of numbers, weighted or not, and how uncertain few numbers leave them.

use crate::proportion::{Interval, level_within};
use crate::special::beta_cdf;

/// The quantile `q` of sorted finite numbers, interpolated between neighbours (the usual "type 7").
/// None of nothing, or where `q` is not a number.
#[must_use]
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    if q.is_nan() {
        return None;
    }
    let place = q.clamp(0.0, 1.0) * last as f64;
    let below = place.floor();
    let low = *sorted.get(below as usize)?;
    let high = *sorted.get((below as usize + 1).min(last))?;
    Some(low + (place - below) * (high - low)).filter(|quantile| !quantile.is_nan())
}

/// The standard error of that quantile, from the order statistics one binomial standard deviation
/// around it: no density has to be guessed.
#[must_use]
pub fn quantile_error(sorted: &[f64], q: f64) -> Option<f64> {
    let n = sorted.len() as f64;
    let step = (q * (1.0 - q) / n).sqrt();
    Some((quantile(sorted, q + step)? - quantile(sorted, q - step)?) / 2.0)
}

/// The interval of the quantile `q` of sorted numbers, between two of them: whatever their
/// distribution, how many lie below the quantile is binomial (Conover 1999, section 3.2). None
/// where they are too few for the level, or `q` is not strictly between 0 and 1.
#[must_use]
pub fn quantile_interval(sorted: &[f64], q: f64, level: f64) -> Option<Interval> {
    let level = level_within(level);
    let n = sorted.len();
    if n == 0 || !(q > 0.0 && q < 1.0) {
        return None;
    }
    // P(X <= k) of n cases with the share q.
    let at_most = |k: usize| {
        if k >= n {
            1.0
        } else {
            1.0 - beta_cdf(k as f64 + 1.0, (n - k) as f64, q)
        }
    };
    let first_with = |chance: f64| {
        let (mut low, mut high) = (0, n);
        while low < high {
            let middle = (low + high) / 2;
            if at_most(middle) >= chance {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    };
    let tail = 0.5 - level / 2.0;
    Some(Interval {
        low: *sorted.get(first_with(tail).checked_sub(1)?)?,
        high: *sorted.get(first_with(1.0 - tail))?,
        level,
    })
}

/// The quantile `q` of numbers given with weights, in any order: the smallest number that holds, with
/// those below it, at least the share `q` of all weight. None without weight, where a number is not
/// finite, a weight is not finite or negative, or `q` is not a number.
#[must_use]
pub fn weighted_quantile(weighted: &[(f64, f64)], q: f64) -> Option<f64> {
    let is_usable =
        |&(x, weight): &(f64, f64)| x.is_finite() && weight.is_finite() && weight >= 0.0;
    if q.is_nan() || !weighted.iter().all(is_usable) {
        return None;
    }
    let mut sorted: Vec<(f64, f64)> = weighted.iter().copied().filter(|x| x.1 > 0.0).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = sorted.iter().map(|x| x.1).sum();
    // Sums of shares may miss their target by a last digit.
    let wanted = q.clamp(0.0, 1.0) * total * (1.0 - 1e-14);
    let mut held = 0.0;
    let reached = sorted.iter().find(|x| {
        held += x.1;
        held >= wanted
    });
    reached.or(sorted.last()).map(|x| x.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sorted: &[f64], q: f64, expected: Option<f64>) {
        assert_eq!(quantile(sorted, q), expected, "{q} of {sorted:?}");
    }

    #[test]
    fn quantiles_interpolate() {
        check(&[], 0.5, None);
        check(&[4.0], 0.1, Some(4.0));
        check(&[1.0, 2.0, 4.0], 0.5, Some(2.0));
        check(&[1.0, 2.0, 4.0], 0.75, Some(3.0));
        check(&[1.0, 2.0, 4.0], 1.0, Some(4.0));
        check(&[1.0, 2.0, 4.0], 0.0, Some(1.0));
        check(&[1.0, 2.0, 4.0], f64::NAN, None);
    }

    #[test]
    fn a_median_of_few_lies_between_two_of_them() {
        let days: Vec<f64> = (1..=10).map(f64::from).collect();
        let interval = quantile_interval(&days, 0.5, 0.95).unwrap();
        assert_eq!((interval.low, interval.high), (2.0, 9.0));
        assert_eq!(quantile_interval(&days[..4], 0.5, 0.95), None);
        assert_eq!(quantile_interval(&days, 0.0, 0.95), None);
        assert_eq!(quantile_interval(&days, f64::NAN, 0.95), None);
    }

    #[test]
    fn weights_move_a_quantile() {
        let deals = [(30.0, 1.0), (10.0, 1.0), (20.0, 2.0), (99.0, 0.0)];
        assert_eq!(weighted_quantile(&deals, 0.25), Some(10.0));
        assert_eq!(weighted_quantile(&deals, 0.26), Some(20.0));
        assert_eq!(weighted_quantile(&deals, 0.75), Some(20.0));
        assert_eq!(weighted_quantile(&deals, 1.0), Some(30.0));
        assert_eq!(weighted_quantile(&deals, 0.0), Some(10.0));
        for wrong in [(1.0, -1.0), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
            assert_eq!(weighted_quantile(&[(1.0, 1.0), wrong], 0.5), None);
        }
        assert_eq!(weighted_quantile(&[(1.0, 0.0)], 0.5), None);
        assert_eq!(weighted_quantile(&deals, f64::NAN), None);
    }

    /// For uniform numbers the standard error is known: sqrt(q (1 - q) / n).
    #[test]
    fn the_error_of_uniform_numbers_is_the_textbooks() {
        let sorted: Vec<f64> = (0..10_000)
            .map(|i| (f64::from(i) + 0.5) / 10_000.0)
            .collect();
        for q in [0.1, 0.5, 0.9] {
            let expected = (q * (1.0 - q) / 10_000.0_f64).sqrt();
            let error = quantile_error(&sorted, q).unwrap();
            assert!((error - expected).abs() < 1e-5, "{error} is not {expected}");
        }
    }
}
