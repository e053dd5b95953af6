//! Borrowing strength: what similar groups say about a group with few cases of its own.

use crate::contingency::Test;
use crate::error::{Error, at_least_zero};
use crate::proportion::{Interval, beta_interval, jeffreys};
use crate::special::{digamma, ln_beta, trigamma};

/// The strength of a prior beyond which groups are taken as alike: 10,000 cases.
const ALIKE: f64 = 10_000.0;

/// A beta distribution over the rates of similar groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaPrior {
    /// Weight of the cases that count.
    pub alpha: f64,
    /// Weight of the cases that do not.
    pub beta: f64,
}

impl BetaPrior {
    /// A prior with this mean that weighs as much as `strength` cases.
    #[must_use]
    pub fn new(mean: f64, strength: f64) -> Self {
        Self {
            alpha: mean * strength,
            beta: (1.0 - mean) * strength,
        }
    }

    /// The mean rate.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.alpha / self.strength()
    }

    /// How many cases the prior weighs.
    #[must_use]
    pub fn strength(&self) -> f64 {
        self.alpha + self.beta
    }

    /// What is believed after `k` of `n` cases.
    #[must_use]
    pub fn after(&self, k: f64, n: f64) -> Self {
        Self {
            alpha: self.alpha + k,
            beta: self.beta + (n - k),
        }
    }
}

/// The beta distribution that best explains groups with `k` of `n` cases each: maximum likelihood
/// of the beta-binomial. Groups that differ no more than chance would have it give a prior of the
/// greatest strength, which is full pooling. None without two groups with cases.
///
/// Groups whose counts are none (not finite, or `k` not between 0 and `n`) are left out.
#[must_use]
pub fn fit_beta(groups: &[(f64, f64)]) -> Option<BetaPrior> {
    let groups: Vec<(f64, f64)> = counted(groups).collect();
    if groups.len() < 2 {
        return None;
    }
    let (k, n) = sums(&groups);
    let mean = (k / n).clamp(1e-6, 1.0 - 1e-6);
    let alike = BetaPrior::new(mean, ALIKE);
    if k <= 0.0 || k >= n {
        return Some(alike);
    }
    // From several starts, as the likelihood may have a shoulder; the best of where they lead.
    let ends = [1.0, 10.0, 100.0].map(|strength| climb(&groups, BetaPrior::new(mean, strength)));
    let best = ends
        .into_iter()
        .chain([alike])
        .max_by(|a, b| log_likelihood(&groups, a).total_cmp(&log_likelihood(&groups, b)))?;
    Some(best)
}

/// Groups with cases, and counts that are some.
fn counted(groups: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64)> {
    let is_count = |&(k, n): &(f64, f64)| n > 0.0 && n.is_finite() && (0.0..=n).contains(&k);
    groups.iter().copied().filter(is_count)
}

fn sums(groups: &[(f64, f64)]) -> (f64, f64) {
    let add = |sum: (f64, f64), group: &(f64, f64)| (sum.0 + group.0, sum.1 + group.1);
    groups.iter().fold((0.0, 0.0), add)
}

fn log_likelihood(groups: &[(f64, f64)], prior: &BetaPrior) -> f64 {
    let (alpha, beta) = (prior.alpha, prior.beta);
    let gain = |&(k, n): &(f64, f64)| ln_beta(k + alpha, n - k + beta);
    groups.iter().map(gain).sum::<f64>() - groups.len() as f64 * ln_beta(alpha, beta)
}

/// Newton's method on the logarithms of both weights, with steps of at most 1 and halved until they
/// lead up; bounded to strengths between a hundredth of a case and [`ALIKE`].
fn climb(groups: &[(f64, f64)], start: BetaPrior) -> BetaPrior {
    let mut at = start;
    let mut height = log_likelihood(groups, &at);
    for _ in 0..100 {
        let (slope, curve) = derivatives(groups, &at);
        // Where the surface bends upwards, damping turns the step into one along the slope.
        let determinant = curve[0] * curve[2] - curve[1] * curve[1];
        let step = if curve[0] < 0.0 && determinant > 0.0 {
            [
                (curve[1] * slope[1] - curve[2] * slope[0]) / determinant,
                (curve[1] * slope[0] - curve[0] * slope[1]) / determinant,
            ]
        } else {
            slope.map(|slope| slope / (1.0 + slope.abs()))
        };
        let mut share = 1.0 / step[0].abs().max(step[1].abs()).max(1.0);
        let moved = loop {
            let next = BetaPrior {
                alpha: at.alpha * (share * step[0]).exp(),
                beta: at.beta * (share * step[1]).exp(),
            };
            let there = log_likelihood(groups, &next);
            if there >= height || share < 1e-6 {
                height = there;
                break next;
            }
            share *= 0.5;
        };
        at = moved;
        if at.strength() > ALIKE || at.strength() < 0.01 {
            return BetaPrior::new(at.mean(), at.strength().clamp(0.01, ALIKE));
        }
        if share * step[0].abs().max(step[1].abs()) < 1e-9 {
            break;
        }
    }
    at
}

/// The slope of the log likelihood by the logarithms of both weights, and its second derivatives:
/// first, mixed, second.
fn derivatives(groups: &[(f64, f64)], prior: &BetaPrior) -> ([f64; 2], [f64; 3]) {
    let (a, b, strength) = (prior.alpha, prior.beta, prior.strength());
    let mut slope = [0.0; 2];
    let mut curve = [0.0; 3];
    for &(k, n) in groups {
        let both = digamma(strength) - digamma(n + strength);
        slope[0] += digamma(k + a) - digamma(a) + both;
        slope[1] += digamma(n - k + b) - digamma(b) + both;
        let bend = trigamma(strength) - trigamma(n + strength);
        curve[0] += trigamma(k + a) - trigamma(a) + bend;
        curve[1] += bend;
        curve[2] += trigamma(n - k + b) - trigamma(b) + bend;
    }
    let slope = [a * slope[0], b * slope[1]];
    let curve = [
        a * a * curve[0] + slope[0],
        a * b * curve[1],
        b * b * curve[2] + slope[1],
    ];
    (slope, curve)
}

/// A group's rate after borrowing from the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShrunkRate {
    /// The mean of what is believed.
    pub value: f64,
    /// Its interval between equal tails.
    pub interval: Interval,
    /// How much the group's own cases weigh, 0 to 1.
    pub weight: f64,
}

/// Groups after borrowing from each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Shrunk {
    /// How rates differ between groups. None where they do not differ by more than chance: every
    /// group then has the rate and the interval of all cases together.
    pub prior: Option<BetaPrior>,
    /// Whether they differ: Pearson's test of equal rates. None with a single group, or where all
    /// cases agree.
    pub heterogeneity: Option<Test>,
    /// One a group, in the order given.
    pub rates: Vec<ShrunkRate>,
}

/// Empirical Bayes over groups with `k` of `n` cases each (either may be fractional, such as an
/// effective number of cases; a group may have none): posterior rates under [`fit_beta`]'s prior,
/// or full pooling where Pearson's statistic is no larger than its degrees of freedom, or the fit
/// finds no difference.
///
/// # Errors
/// When counts are none, or no group has cases.
pub fn shrink(groups: &[(f64, f64)], level: f64) -> Result<Shrunk, Error> {
    for &(k, n) in groups {
        at_least_zero(n, "a number of cases")?;
        if !(0.0..=n).contains(&k) {
            return Err(Error::Range("a count"));
        }
    }
    let (k, n) = sums(groups);
    if n <= 0.0 {
        return Err(Error::TooFew);
    }
    let heterogeneity = heterogeneity(groups);
    let differ = heterogeneity.is_some_and(|test| test.statistic > f64::from(test.degrees));
    let prior = fit_beta(groups).filter(|prior| differ && prior.strength() < ALIKE * (1.0 - 1e-9));
    let together = ShrunkRate {
        value: k / n,
        interval: jeffreys(k, n, level),
        weight: 0.0,
    };
    let rate = |&(k, n): &(f64, f64)| {
        prior.map_or(together, |prior| {
            let belief = prior.after(k, n);
            ShrunkRate {
                value: belief.mean(),
                interval: beta_interval(belief.alpha, belief.beta, level),
                weight: n / (n + prior.strength()),
            }
        })
    };
    Ok(Shrunk {
        prior,
        heterogeneity,
        rates: groups.iter().map(rate).collect(),
    })
}

/// Pearson's test that all groups have one rate: `sum (k - n p)^2 / (n p (1 - p))`. None with fewer
/// than two groups, or where all cases agree.
#[must_use]
pub fn heterogeneity(groups: &[(f64, f64)]) -> Option<Test> {
    let groups: Vec<(f64, f64)> = counted(groups).collect();
    let (k, n) = sums(&groups);
    let p = k / n;
    let parts = groups
        .iter()
        .map(|(k, n)| (k - n * p).powi(2) / (n * p * (1.0 - p)));
    Test::chi_squared(
        parts.sum(),
        u32::try_from(groups.len()).ok()?.checked_sub(1)?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUPS: [(f64, f64); 6] = [
        (3.0, 10.0),
        (30.0, 100.0),
        (5.0, 40.0),
        (12.0, 20.0),
        (1.0, 15.0),
        (44.0, 160.0),
    ];

    /// Maximum found with `scipy.stats.betabinom` and `scipy.optimize.minimize`.
    #[test]
    fn the_prior_of_six_segments_is_the_published_one() {
        let prior = fit_beta(&GROUPS).unwrap();
        assert!((prior.alpha - 3.278_06).abs() < 1e-4, "{prior:?}");
        assert!((prior.beta - 8.545_51).abs() < 1e-4, "{prior:?}");
        let means = [
            0.287_673, 0.297_594, 0.159_735, 0.480_086, 0.159_489, 0.275_155,
        ];
        for ((k, n), expected) in GROUPS.into_iter().zip(means) {
            let mean = prior.after(k, n).mean();
            assert!(
                (mean - expected).abs() < 2e-6,
                "{k} of {n}: {mean} is not {expected}"
            );
        }
    }

    #[test]
    fn groups_that_do_not_differ_are_pooled() {
        let prior = fit_beta(&[(25.0, 100.0), (26.0, 100.0), (24.0, 100.0)]).unwrap();
        assert!(prior.strength() > 5_000.0, "{prior:?}");
        assert!((prior.mean() - 0.25).abs() < 1e-4);
    }

    #[test]
    fn six_segments_borrow_as_published() {
        let shrunk = shrink(&GROUPS, 0.95).unwrap();
        let test = shrunk.heterogeneity.unwrap();
        assert!((test.statistic - 18.704_45).abs() < 1e-5 && test.degrees == 5);
        let near = |value: f64, expected: f64| (value - expected).abs() < 1e-5;
        let (first, fourth) = (shrunk.rates[0].interval, shrunk.rates[3].interval);
        assert!(
            near(first.low, 0.122_90) && near(first.high, 0.489_22),
            "{first:?}"
        );
        assert!(
            near(fourth.low, 0.311_57) && near(fourth.high, 0.650_98),
            "{fourth:?}"
        );
        assert!(near(shrunk.rates[1].weight, 100.0 / 111.823_57));
        let top = log_likelihood(&GROUPS, &shrunk.prior.unwrap());
        assert!((top + 201.209_570_74).abs() < 1e-7, "{top}");
    }

    #[test]
    fn groups_that_do_not_differ_share_one_rate() {
        let groups = [(25.0, 100.0), (26.0, 100.0), (0.0, 0.0), (5.0, 20.0)];
        let shrunk = shrink(&groups, 0.9).unwrap();
        assert_eq!(shrunk.prior, None);
        for rate in &shrunk.rates {
            assert!((rate.value - 56.0 / 220.0).abs() < 1e-12 && rate.weight == 0.0);
            assert_eq!(rate.interval, jeffreys(56.0, 220.0, 0.9));
        }
        // The fit would see a difference of 300 cases' weight; the test does not.
        let close = [(2.0, 4.0), (15.0, 31.0), (18.0, 58.0), (1.0, 2.0)];
        assert!(fit_beta(&close).unwrap().strength() < 1_000.0);
        assert_eq!(shrink(&close, 0.9).unwrap().prior, None);
        // A single group, and groups without a single win, are pooled too.
        assert_eq!(shrink(&[(3.0, 9.0)], 0.9).unwrap().prior, None);
        let none = shrink(&[(0.0, 9.0), (0.0, 30.0)], 0.9).unwrap();
        assert_eq!((none.prior, none.heterogeneity), (None, None));
        assert_eq!(none.rates[0].value, 0.0);
    }

    #[test]
    fn a_group_without_cases_has_what_groups_have() {
        let mut groups = GROUPS.to_vec();
        groups.push((0.0, 0.0));
        let rate = shrink(&groups, 0.95).unwrap().rates[6];
        assert!((rate.value - 0.277_248).abs() < 1e-5 && rate.weight == 0.0);
    }

    #[test]
    fn counts_that_are_none_are_refused() {
        for (k, n) in [(f64::NAN, 4.0), (5.0, 4.0), (-1.0, 4.0)] {
            assert_eq!(
                shrink(&[(1.0, 2.0), (k, n)], 0.9),
                Err(Error::Range("a count"))
            );
            assert_eq!(fit_beta(&[(1.0, 2.0), (k, n)]), None);
        }
        assert!(shrink(&[(0.0, f64::INFINITY)], 0.9).is_err());
        assert_eq!(shrink(&[(0.0, 0.0)], 0.9), Err(Error::TooFew));
        assert_eq!(shrink(&[], 0.9), Err(Error::TooFew));
    }

    #[test]
    fn one_group_tells_nothing_about_how_groups_differ() {
        assert_eq!(fit_beta(&[(3.0, 10.0)]), None);
        assert_eq!(fit_beta(&[(3.0, 10.0), (0.0, 0.0)]), None);
    }
}
