//! Amounts: skewed, few, and some of them wrong. Means that one deal does not make.

use crate::accuracy::mean;
use crate::quantile::quantile;
use crate::ratio::ClusterRatio;

/// Amounts of which the largest were cut.
#[derive(Debug, Clone, PartialEq)]
pub struct Winsorised {
    /// The amounts, in the order given, none above `cap`.
    pub amounts: Vec<f64>,
    /// What the largest were cut to.
    pub cap: f64,
    /// How many were cut.
    pub cut: usize,
}

/// Amounts with those above the quantile `q`, such as 0.99, cut to it (the quantile interpolated).
/// None without amounts, or where one is not finite.
#[must_use]
pub fn winsorise(amounts: &[f64], q: f64) -> Option<Winsorised> {
    let mut sorted = finite(amounts)?;
    sorted.sort_by(f64::total_cmp);
    let cap = quantile(&sorted, q)?;
    Some(Winsorised {
        amounts: amounts.iter().map(|amount| amount.min(cap)).collect(),
        cap,
        cut: amounts.iter().filter(|&&amount| amount > cap).count(),
    })
}

/// What share of the sum the `k` largest amounts are; amounts of 0 and below add nothing. Above 40 %
/// for three deals, a sum is a story about three deals. None without a positive amount, or where one
/// is not finite.
#[must_use]
pub fn top_share(amounts: &[f64], k: usize) -> Option<f64> {
    let mut positive = finite(amounts)?;
    positive.retain(|&amount| amount > 0.0);
    positive.sort_by(|a, b| b.total_cmp(a));
    let all: f64 = positive.iter().sum();
    let top: f64 = positive.iter().take(k).sum();
    (all > 0.0 && all.is_finite()).then(|| (top / all).clamp(0.0, 1.0))
}

/// A weighted mean with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedMean {
    /// The mean.
    pub value: f64,
    /// Its standard error, as of a ratio of sums: 0 of a single number, which tells nothing of it.
    pub error: f64,
    /// How many numbers of one weight would weigh as evenly: Kish's `(sum w)^2 / sum w^2`.
    pub n_effective: f64,
}

/// The mean of numbers given with weights, such as a contact's share in several deals. None without
/// weight, where a number is not finite, or a weight is negative.
#[must_use]
pub fn weighted_mean(weighted: &[(f64, f64)]) -> Option<WeightedMean> {
    if weighted.iter().any(|x| x.1.is_nan() || x.1 < 0.0) {
        return None;
    }
    let sums = weighted.iter().map(|&(x, weight)| (x * weight, weight));
    let ratio = ClusterRatio::of(sums)?;
    let squares: f64 = weighted.iter().map(|x| x.1 * x.1).sum();
    Some(WeightedMean {
        value: ratio.ratio,
        error: ratio.variance.sqrt(),
        n_effective: ratio.rows * ratio.rows / squares,
    })
    .filter(|mean| mean.error.is_finite() && mean.n_effective.is_finite())
}

/// By how many standard deviations the means of two groups differ: whether matching has made them
/// alike, for which below 0.1 is asked (Austin 2009). Infinite where the means differ and nothing
/// varies, 0 where both are one number. None without numbers, or where one is not finite.
#[must_use]
pub fn standardised_difference(group: &[f64], others: &[f64]) -> Option<f64> {
    let (group, others) = (finite(group)?, finite(others)?);
    let difference = mean(&group)? - mean(&others)?;
    let spread = (0.5 * (variance(&group) + variance(&others))).sqrt();
    let standardised = if difference == 0.0 {
        0.0
    } else {
        difference / spread
    };
    Some(standardised).filter(|difference| !difference.is_nan())
}

/// The variance of a sample; 0 of fewer than two.
fn variance(numbers: &[f64]) -> f64 {
    let centre = mean(numbers).unwrap_or(0.0);
    let squares: f64 = numbers.iter().map(|x| (x - centre).powi(2)).sum();
    squares / (numbers.len() as f64 - 1.0).max(1.0)
}

fn finite(numbers: &[f64]) -> Option<Vec<f64>> {
    numbers
        .iter()
        .all(|number| number.is_finite())
        .then(|| numbers.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_are_cut_and_counted() {
        let cut = winsorise(&[5.0, 1_000.0, 1.0, 3.0, 4.0], 0.75).unwrap();
        assert_eq!(cut.amounts, [5.0, 5.0, 1.0, 3.0, 4.0]);
        assert_eq!((cut.cap, cut.cut), (5.0, 1));
        assert_eq!(winsorise(&[], 0.99), None);
        assert_eq!(winsorise(&[f64::INFINITY], 0.99), None);
    }

    #[test]
    fn three_deals_can_be_the_whole_story() {
        let amounts = [10.0, 50.0, -20.0, 0.0, 30.0, 10.0];
        assert_eq!(top_share(&amounts, 1), Some(0.5));
        assert_eq!(top_share(&amounts, 3), Some(0.9));
        assert_eq!(top_share(&amounts, 99), Some(1.0));
        assert_eq!(top_share(&[-1.0, 0.0], 3), None);
        assert_eq!(top_share(&[1.0, f64::NAN], 3), None);
    }

    #[test]
    fn one_number_tells_no_error() {
        let mean = weighted_mean(&[(7.0, 2.0), (9.0, 0.0)]).unwrap();
        assert_eq!((mean.value, mean.error, mean.n_effective), (7.0, 0.0, 1.0));
        assert_eq!(weighted_mean(&[(7.0, 0.0)]), None);
        assert_eq!(weighted_mean(&[(7.0, 1.0), (1.0, -1.0)]), None);
        assert_eq!(weighted_mean(&[(f64::NAN, 1.0)]), None);
    }

    #[test]
    fn alike_and_nothing_alike() {
        assert_eq!(standardised_difference(&[2.0, 2.0], &[2.0]), Some(0.0));
        let apart = standardised_difference(&[3.0, 3.0], &[2.0]);
        assert_eq!(apart, Some(f64::INFINITY));
        assert_eq!(standardised_difference(&[], &[2.0]), None);
        assert_eq!(standardised_difference(&[f64::NAN], &[2.0]), None);
    }
}
