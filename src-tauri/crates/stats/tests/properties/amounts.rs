//! Amounts, quantiles, losses and power: never a panic, and nothing that is not a number.

use proptest::prelude::*;
use stats::{
    Comparison, Ratio, Scale, accuracy, e_value, quantile_interval, standardised_difference,
    top_share, weighted_mean, weighted_quantile, winsorise,
};

/// Any double, and more often one that could be an amount.
fn anything() -> impl Strategy<Value = f64> {
    prop_oneof![1 => prop::num::f64::ANY, 9 => -1e3..1e6_f64]
}

fn is_number(number: Option<f64>) -> bool {
    number.is_none_or(|number| !number.is_nan())
}

proptest! {
    #[test]
    fn whatever_comes_in(
        pairs in prop::collection::vec((anything(), anything()), 0..20),
        q in anything(),
    ) {
        let amounts: Vec<f64> = pairs.iter().map(|pair| pair.0).collect();
        let others: Vec<f64> = pairs.iter().map(|pair| pair.1).collect();
        prop_assert!(is_number(accuracy::wape(&pairs)) && is_number(accuracy::bias(&pairs)));
        prop_assert!(is_number(accuracy::pinball(&pairs, q)));
        prop_assert!(is_number(weighted_quantile(&pairs, q)));
        prop_assert!(is_number(top_share(&amounts, 3)));
        prop_assert!(is_number(standardised_difference(&amounts, &others)));
        if let Some(mean) = weighted_mean(&pairs) {
            prop_assert!(mean.value.is_finite() && mean.error >= 0.0 && mean.n_effective > 0.0);
        }
        if let Some(cut) = winsorise(&amounts, q) {
            prop_assert!(cut.amounts.iter().all(|amount| *amount <= cut.cap));
        }
        let bands: Vec<_> = pairs.iter().map(|&(a, b)| (a, b, q)).collect();
        if let Some(rate) = accuracy::coverage(&bands, q) {
            prop_assert!(rate.low <= rate.value + 1e-9 && rate.value <= rate.high + 1e-9);
        }
    }

    #[test]
    fn weights_that_are_alike_change_nothing(
        amounts in prop::collection::vec(-50.0..50.0_f64, 1..30), q in 0.0..=1.0_f64, weight in 0.1..9.0_f64,
    ) {
        let weighted: Vec<(f64, f64)> = amounts.iter().map(|&x| (x, weight)).collect();
        let plain: Vec<(f64, f64)> = amounts.iter().map(|&x| (x, 1.0)).collect();
        prop_assert_eq!(weighted_quantile(&weighted, q), weighted_quantile(&plain, q));
        let mean = weighted_mean(&weighted).unwrap();
        prop_assert!((mean.n_effective - amounts.len() as f64).abs() < 1e-9);
        let mut sorted = amounts;
        sorted.sort_by(f64::total_cmp);
        if let Some(interval) = quantile_interval(&sorted, q, 0.8) {
            let median = weighted_quantile(&plain, q).unwrap();
            prop_assert!(interval.low <= median && median <= interval.high);
        }
    }

    #[test]
    fn more_is_needed_to_explain_more(value in 0.05..20.0_f64, error in 0.0..1.0_f64) {
        let ratio = Ratio::with_log_error(value, error, 0.95).unwrap();
        for scale in [Scale::Risk, Scale::Odds, Scale::Hazard] {
            let ours = e_value(&ratio, scale).unwrap();
            prop_assert!(ours.estimate >= ours.bound && ours.bound >= 1.0, "{:?}", ours);
        }
    }

    #[test]
    fn more_cases_show_smaller_differences(p in 0.0..=1.0_f64, n in 1.0..5_000.0_f64, more in 1.01..9.0_f64) {
        let few = Comparison::USUAL.detectable(p, n, n).unwrap();
        let many = Comparison::USUAL.detectable(p, n * more, n * more).unwrap();
        if let Some(above) = few.above {
            prop_assert!(above >= p && many.above.unwrap() <= above);
        }
        if let Some(below) = few.below {
            prop_assert!(below <= p && many.below.unwrap() >= below);
        }
    }
}
