//! Rates that borrow from each other.

use proptest::prelude::*;
use stats::{fit_beta, shrink};

proptest! {
    #[test]
    fn a_shrunk_rate_lies_between_its_own_and_the_others(
        groups in prop::collection::vec((0_u32..60, 0_u32..60), 1..20)
    ) {
        let groups: Vec<(f64, f64)> = groups
            .into_iter()
            .map(|(k, more)| (f64::from(k), f64::from(k + more)))
            .collect();
        prop_assume!(groups.iter().any(|group| group.1 > 0.0));
        let shrunk = shrink(&groups, 0.9).unwrap();
        for (rate, (k, n)) in shrunk.rates.iter().zip(&groups) {
            prop_assert!((0.0..=1.0).contains(&rate.value) && (0.0..=1.0).contains(&rate.weight));
            prop_assert!(rate.interval.low <= rate.interval.high);
            if let Some(prior) = shrunk.prior {
                let own = if *n > 0.0 { k / n } else { prior.mean() };
                let (low, high) = (own.min(prior.mean()), own.max(prior.mean()));
                prop_assert!(low - 1e-9 <= rate.value && rate.value <= high + 1e-9);
            }
        }
    }

    /// Nothing near it explains the groups better.
    #[test]
    fn the_prior_is_the_top(groups in prop::collection::vec((0_u32..30, 0_u32..30), 2..12)) {
        let groups: Vec<(f64, f64)> = groups
            .into_iter()
            .map(|(k, more)| (f64::from(k), f64::from(k + more)))
            .collect();
        if let Some(best) = fit_beta(&groups) {
            let height = |alpha: f64, beta: f64| -> f64 {
                let gain = |&(k, n): &(f64, f64)| {
                    stats::ln_beta(k + alpha, n - k + beta) - stats::ln_beta(alpha, beta)
                };
                groups.iter().map(gain).sum()
            };
            let top = height(best.alpha, best.beta);
            let bounded = best.strength() > 9_000.0 || best.strength() < 0.02;
            for factor in [0.5, 0.9, 1.1, 2.0] {
                prop_assert!(bounded || height(best.alpha * factor, best.beta) <= top + 1e-7);
                prop_assert!(bounded || height(best.alpha, best.beta * factor) <= top + 1e-7);
            }
        }
    }
}
