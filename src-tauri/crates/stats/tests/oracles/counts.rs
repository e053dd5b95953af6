//! Rate ratios: 1e-9. Run lengths of charts: three standard errors of 40,000 drawn charts, and half
//! a percent for the pieces.

use crate::{cases, check, number, numbers};
use serde_json::Value;
use stats::{Cusum, rate_ratio};

fn answers(section: &str) -> Vec<Value> {
    cases(
        include_str!("../../../../../tests/oracles/counts.json"),
        section,
    )
}

#[test]
fn rate_ratios() {
    for case in answers("rate_ratios") {
        let of = numbers(&case["counts"]);
        let ours = rate_ratio(of[0] as u32, of[1], of[2] as u32, of[3], 0.9).unwrap();
        check(ours.p_greater, &case["greater"], 1e-9, &case);
        check(ours.p_less, &case["less"], 1e-9, &case);
        check(ours.p_greater_mid, &case["mid"], 1e-9, &case);
        check(ours.low, &case["interval"][0], 1e-8, &case);
        match ours.high {
            Some(high) => check(high, &case["interval"][1], 1e-8, &case),
            None => assert!(case["interval"][1].is_null()),
        }
    }
}

#[test]
fn run_lengths() {
    for case in answers("charts") {
        let usual = number(&case["usual"]);
        let chart = Cusum::new(usual, 2.0 * usual).unwrap();
        let ours = chart
            .run_length(number(&case["threshold"]), 1.0, number(&case["times"]))
            .unwrap();
        let tolerance = 3.0 * number(&case["error"]) + 0.005 * ours;
        check(ours, &case["looks"], tolerance, &case);
    }
}
