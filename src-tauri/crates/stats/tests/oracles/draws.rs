//! Intervals from the draws of SciPy: 1e-8, for the normal quantile. Chains: 1e-10.

use crate::{cases, check, number, numbers};
use serde_json::Value;
use stats::{Bootstrap, absorption};

fn answers(section: &str) -> Vec<Value> {
    cases(
        include_str!("../../../../../tests/oracles/draws.json"),
        section,
    )
}

#[test]
fn intervals_of_draws() {
    for case in answers("intervals") {
        let draws = numbers(&case["draws"]).into_iter().map(Some).collect();
        let ours = Bootstrap::of(number(&case["estimate"]), draws).unwrap();
        let level = number(&case["level"]);
        let percentile = ours.percentile(level);
        check(percentile.low, &case["percentile"][0], 1e-8, &case["level"]);
        check(
            percentile.high,
            &case["percentile"][1],
            1e-8,
            &case["level"],
        );
        let bca = ours.bca(&numbers(&case["left_out"]), level);
        check(bca.low, &case["BCa"][0], 1e-8, &case["level"]);
        check(bca.high, &case["BCa"][1], 1e-8, &case["level"]);
        check(ours.error(), &case["error"], 1e-10, &case["level"]);
    }
}

#[test]
fn ends_of_chains() {
    let rows = |value: &Value| -> Vec<Vec<f64>> {
        value.as_array().unwrap().iter().map(numbers).collect()
    };
    for case in answers("chains") {
        let ours = absorption(&rows(&case["within"]), &rows(&case["out"])).unwrap();
        for (state, endings) in ours.endings.iter().enumerate() {
            check(ours.steps[state], &case["steps"][state], 1e-10, &case);
            for (ending, chance) in endings.iter().enumerate() {
                check(*chance, &case["endings"][state][ending], 1e-10, &case);
            }
        }
    }
}
