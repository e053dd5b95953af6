//! Logistic regressions and hazards of competing endings. Both sides go on until nothing moves: 1e-7
//! for coefficients and errors, 1e-5 against scikit-learn, whose search ends earlier.

use crate::{cases, check, number, numbers};
use serde_json::Value;
use stats::{Design, Fitting, Hazard, Logistic};

const TOLERANCE: f64 = 1e-7;

fn answers(section: &str) -> Vec<Value> {
    cases(
        include_str!("../../../../../tests/oracles/regressions.json"),
        section,
    )
}

fn design(columns: &Value) -> Design {
    let columns: Vec<Vec<f64>> = columns.as_array().unwrap().iter().map(numbers).collect();
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    Design::of(columns[0].len(), &slices).unwrap()
}

fn clusters(case: &Value) -> Vec<u32> {
    numbers(&case["clusters"])
        .iter()
        .map(|&x| x as u32)
        .collect()
}

#[test]
fn logistic_regressions() {
    for case in answers("logistic") {
        let design = design(&case["columns"]);
        let happened: Vec<bool> = numbers(&case["happened"])
            .iter()
            .map(|&y| y > 0.0)
            .collect();
        let plain = Logistic::fit(&design, &happened, &Fitting::default()).unwrap();
        let clusters = clusters(&case);
        let how = Fitting {
            clusters: Some(&clusters),
            ..Fitting::default()
        };
        let robust = Logistic::fit(&design, &happened, &how).unwrap();
        let of = &case["coefficients"];
        for j in 0..design.columns() {
            let (ours, clustered) = (
                plain.coefficient(j, 0.95).unwrap(),
                robust.coefficient(j, 0.95).unwrap(),
            );
            check(ours.value, &of[j], TOLERANCE, of);
            check(ours.error, &case["errors"][j], TOLERANCE, of);
            check(clustered.error, &case["clustered_errors"][j], TOLERANCE, of);
            check(clustered.p, &case["p"][j], TOLERANCE, of);
        }
        check(plain.log_likelihood(), &case["log_likelihood"], 1e-9, of);
        let effect = robust.effect(&design, 1, 1.0, 0.95).unwrap();
        check(effect.value, &case["effect"][0], TOLERANCE, of);
        check(effect.error, &case["effect"][1], TOLERANCE, of);
        for ridge in case["ridges"].as_array().unwrap() {
            let how = Fitting {
                ridge: number(&ridge["ridge"]),
                ..Fitting::default()
            };
            let ours = Logistic::fit(&design, &happened, &how).unwrap();
            for (j, beta) in ours.coefficients().iter().enumerate() {
                check(*beta, &ridge["coefficients"][j], 1e-5, ridge);
            }
        }
    }
}

#[test]
fn hazards() {
    for case in answers("hazard") {
        let design = design(&case["columns"]);
        let outcome: Vec<u8> = numbers(&case["outcome"]).iter().map(|&y| y as u8).collect();
        let plain = Hazard::fit(&design, &outcome, 2, &Fitting::default()).unwrap();
        let clusters = clusters(&case);
        let how = Fitting {
            clusters: Some(&clusters),
            ..Fitting::default()
        };
        let robust = Hazard::fit(&design, &outcome, 2, &how).unwrap();
        let of = &case["coefficients"];
        for (k, ending) in [1_u8, 2].into_iter().enumerate() {
            for j in 0..design.columns() {
                let ours = plain.coefficient(ending, j, 0.95).unwrap();
                let clustered = robust.coefficient(ending, j, 0.95).unwrap();
                check(ours.value, &of[k][j], TOLERANCE, of);
                check(ours.error, &case["errors"][k][j], TOLERANCE, of);
                check(
                    clustered.error,
                    &case["clustered_errors"][k][j],
                    TOLERANCE,
                    of,
                );
            }
        }
        check(plain.log_likelihood(), &case["log_likelihood"], 1e-8, of);
        let path = self::design(&case["path"]);
        let shares = plain.incidence(&path).unwrap();
        check(shares[0], &case["incidence"][0], TOLERANCE, of);
        check(shares[1], &case["incidence"][1], TOLERANCE, of);
        let share = plain.share(&path, 1, 0.95).unwrap();
        check(share.value, &case["incidence"][0], TOLERANCE, of);
        check(share.error, &case["incidence_error"], TOLERANCE, of);
    }
}
