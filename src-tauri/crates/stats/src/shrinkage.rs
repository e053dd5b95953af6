//! Borrowing strength: what similar groups say about a group with few cases of its own.

use crate::special::ln_beta;

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
#[must_use]
pub fn fit_beta(groups: &[(f64, f64)]) -> Option<BetaPrior> {
    if groups.iter().filter(|(_, n)| *n > 0.0).count() < 2 {
        return None;
    }
    let likelihood = |mean: f64, strength: f64| {
        let prior = BetaPrior::new(mean, strength);
        let gain = |&(k, n): &(f64, f64)| {
            ln_beta(k + prior.alpha, n - k + prior.beta) - ln_beta(prior.alpha, prior.beta)
        };
        groups.iter().map(gain).sum::<f64>()
    };
    let best_mean = |log_strength: f64| {
        let strength = log_strength.exp();
        climb(1e-6, 1.0 - 1e-6, |mean| likelihood(mean, strength))
    };
    let log_strength = climb((0.01_f64).ln(), ALIKE.ln(), |log_strength| {
        likelihood(best_mean(log_strength), log_strength.exp())
    });
    Some(BetaPrior::new(best_mean(log_strength), log_strength.exp()))
}

/// Where a function with a single peak between `low` and `high` is greatest: golden section.
fn climb(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let golden = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut a, mut b) = (high - golden * (high - low), low + golden * (high - low));
    let (mut at_a, mut at_b) = (f(a), f(b));
    while high - low > 1e-9 {
        if at_a > at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - golden * (high - low);
            at_a = f(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + golden * (high - low);
            at_b = f(b);
        }
    }
    0.5 * (low + high)
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
    fn one_group_tells_nothing_about_how_groups_differ() {
        assert_eq!(fit_beta(&[(3.0, 10.0)]), None);
        assert_eq!(fit_beta(&[(3.0, 10.0), (0.0, 0.0)]), None);
    }
}
