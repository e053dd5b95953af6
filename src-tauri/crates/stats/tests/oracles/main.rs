//! Our numbers beside those of SciPy, statsmodels, lifelines and scikit-learn, made by the scripts
//! in the checkout's `tests/oracles`. Each file here reads the answers of the script of its name.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop where its oracle is damaged"
)]

mod amounts;
mod counts;
mod draws;
mod halton;
mod incidence;
mod rates;
mod regressions;
mod scores;
mod tables;

use serde_json::Value;

/// The cases of one section of a script's answers.
fn cases(answers: &str, section: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(answers).unwrap();
    let cases = all[section].as_array().unwrap().clone();
    assert!(!cases.is_empty(), "no oracle for {section}");
    cases
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

#[track_caller]
fn check(ours: f64, theirs: &Value, tolerance: f64, case: &Value) {
    let theirs = number(theirs);
    assert!(
        (ours - theirs).abs() < tolerance,
        "{ours} is not {theirs} in {case}"
    );
}
