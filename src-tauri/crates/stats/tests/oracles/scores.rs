//! Scores judged. Sums are held to 1e-10, a search of ours to 1e-7, and Platt's line to 1e-4, as
//! scikit-learn's search ends earlier than ours.

use crate::{cases, check, number, numbers};
use serde_json::Value;
use stats::scores::{
    CalibrationError, CalibrationLine, Isotonic, Platt, auc, average_precision, brier, delong,
    delong_difference, log_loss, weighted_auc,
};

const SUMS: f64 = 1e-10;

struct Case {
    told: Value,
    first: Vec<f64>,
    second: Vec<f64>,
    probabilities: Vec<f64>,
    happened: Vec<bool>,
    weights: Vec<f64>,
}

fn judged() -> Vec<Case> {
    let all = cases(
        include_str!("../../../../../tests/oracles/scores.json"),
        "judged",
    );
    let case = |told: Value| {
        let first = numbers(&told["first"]);
        let happened = told["happened"].as_array().unwrap().iter();
        Case {
            second: numbers(&told["second"]),
            probabilities: first.iter().map(|x| 1.0 / (1.0 + (-x).exp())).collect(),
            happened: happened
                .map(|happened| happened.as_bool().unwrap())
                .collect(),
            weights: numbers(&told["weights"]),
            first,
            told,
        }
    };
    all.into_iter().map(case).collect()
}

#[test]
fn ranking() {
    for case in judged() {
        let (told, happened) = (&case.told, &case.happened);
        let nothing = Value::Null;
        let area = delong(&case.first, happened, 0.95).unwrap();
        check(area.value, &told["auc"], SUMS, &nothing);
        check(
            auc(&case.first, happened).unwrap(),
            &told["auc"],
            SUMS,
            &nothing,
        );
        check(area.error, &told["auc_error"], SUMS, &nothing);
        let apart = delong_difference(&case.first, &case.second, happened, 0.95).unwrap();
        check(apart.value, &told["difference"], SUMS, &nothing);
        check(apart.error, &told["difference_error"], SUMS, &nothing);
        let weighted = weighted_auc(&case.first, happened, &case.weights).unwrap();
        check(weighted, &told["weighted_auc"], SUMS, &nothing);
        let precision = average_precision(&case.first, happened).unwrap();
        check(precision, &told["average_precision"], SUMS, &nothing);
    }
}

#[test]
fn losses() {
    for case in judged() {
        let (p, happened, weights) = (&case.probabilities, &case.happened, &case.weights);
        let log = log_loss(p, happened, weights).unwrap();
        check(log, &case.told["log_loss"], SUMS, &Value::Null);
        let square = brier(p, happened, weights).unwrap();
        check(square, &case.told["brier"], SUMS, &Value::Null);
    }
}

#[test]
fn calibration() {
    for case in judged() {
        let (told, nothing) = (&case.told, Value::Null);
        let platt = Platt::fit(&case.first, &case.happened, &case.weights).unwrap();
        check(platt.intercept, &told["platt"][0], 1e-4, &nothing);
        check(platt.slope, &told["platt"][1], 1e-4, &nothing);
        let isotonic = Isotonic::fit(&case.first, &case.happened, &case.weights).unwrap();
        let asked = numbers(&told["isotonic"]["asked"]);
        for (score, p) in asked
            .into_iter()
            .zip(told["isotonic"]["told"].as_array().unwrap())
        {
            check(isotonic.probability(score), p, SUMS, &nothing);
        }
        let line = CalibrationLine::fit(&case.probabilities, &case.happened, None, None, 0.95);
        let line = line.unwrap();
        for (place, ours) in [line.intercept, line.slope].into_iter().enumerate() {
            check(ours.value, &told["line"][0][place], 1e-7, &nothing);
            check(ours.error, &told["line"][1][place], 1e-7, &nothing);
        }
        let error =
            CalibrationError::of(&case.probabilities, &case.happened, None, 8, 200, 4).unwrap();
        let (came, said) = (&told["curve"][0], &told["curve"][1]);
        assert_eq!(error.bins.len(), came.as_array().unwrap().len());
        for (place, bin) in error.bins.iter().enumerate() {
            check(bin.said, &said[place], SUMS, &nothing);
            let rate = f64::from(bin.happened) / f64::from(bin.n);
            check(rate, &came[place], SUMS, &nothing);
        }
        let rows: f64 = error.bins.iter().map(|bin| f64::from(bin.n)).sum();
        let off = |(place, bin): (usize, &stats::scores::Bin)| {
            f64::from(bin.n) * (number(&said[place]) - number(&came[place])).abs() / rows
        };
        let by_hand: f64 = error.bins.iter().enumerate().map(off).sum();
        assert!((error.value - by_hand).abs() < SUMS);
    }
}
