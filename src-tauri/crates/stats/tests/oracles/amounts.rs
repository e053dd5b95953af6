//! Quantiles, means, power and losses. Sums: 1e-10 relative; power and sizes: 1e-6, where both sides
//! search.

use crate::{cases, check, number, numbers};
use serde_json::Value;
use stats::{
    Comparison, accuracy, quantile, quantile_interval, standardised_difference, weighted_mean,
    weighted_quantile, winsorise,
};

fn answers(section: &str) -> Vec<Value> {
    cases(
        include_str!("../../../../../tests/oracles/amounts.json"),
        section,
    )
}

#[track_caller]
fn check_relative(ours: f64, theirs: &Value, case: &Value) {
    check(ours / number(theirs), &1.0.into(), 1e-10, case);
}

#[test]
fn quantiles_and_means() {
    for case in answers("quantiles") {
        let amounts = numbers(&case["amounts"]);
        let mut sorted = amounts.clone();
        sorted.sort_by(f64::total_cmp);
        let weighted: Vec<(f64, f64)> = amounts
            .iter()
            .copied()
            .zip(numbers(&case["weights"]))
            .collect();
        for at in case["at"].as_array().unwrap() {
            let q = number(&at["q"]);
            check_relative(quantile(&sorted, q).unwrap(), &at["plain"], at);
            check_relative(
                weighted_quantile(&weighted, q).unwrap(),
                &at["weighted"],
                at,
            );
            let ours = quantile_interval(&sorted, q, 0.9);
            let ends = &at["interval"];
            assert_eq!(
                ours.is_none(),
                ends[0].is_null() || ends[1].is_null(),
                "{at}"
            );
            if let Some(ours) = ours {
                check_relative(ours.low, &ends[0], at);
                check_relative(ours.high, &ends[1], at);
            }
            let cut = winsorise(&amounts, q).unwrap().amounts;
            let mean = cut.iter().sum::<f64>() / cut.len() as f64;
            check_relative(mean, &at["winsorised_mean"], at);
        }
        let mean = weighted_mean(&weighted).unwrap();
        check_relative(mean.value, &case["mean"], &case["mean"]);
        check_relative(mean.error, &case["mean_error"], &case["mean_error"]);
    }
}

#[test]
fn differences_of_means() {
    for case in answers("differences") {
        let ours = standardised_difference(&numbers(&case["group"]), &numbers(&case["others"]));
        check(ours.unwrap(), &case["smd"], 1e-10, &case["smd"]);
    }
}

#[test]
fn power_of_two_shares() {
    for case in answers("power") {
        let (p, other) = (number(&case["p"]), number(&case["other"]));
        let (n, others) = (number(&case["n"]), number(&case["others"]));
        let usual = Comparison::USUAL;
        let power = usual.power_for(p, other, n, others).unwrap();
        check(power, &case["power"], 1e-9, &case);
        let needed = usual.needed(p, other).unwrap().unwrap();
        check(needed, &case["needed"], 0.5, &case);
        let found = usual.detectable(p, n, others).unwrap();
        check(found.above.unwrap(), &case["above"], 1e-6, &case);
        match found.below {
            Some(below) => check(below, &case["below"], 1e-6, &case),
            None => assert!(case["below"].is_null()),
        }
    }
}

#[test]
fn pinball_losses() {
    for case in answers("pinball") {
        let pairs: Vec<(f64, f64)> = case["pairs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| (number(&pair[0]), number(&pair[1])))
            .collect();
        let ours = accuracy::pinball(&pairs, number(&case["tau"])).unwrap();
        check(ours, &case["loss"], 1e-10, &case["tau"]);
    }
}
