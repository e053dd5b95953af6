//! Cumulative incidence with competing events. Closed forms over a few hundred rows: 1e-10.

use crate::{cases, check, number, numbers};
use serde_json::Value;
use stats::{Ending, Incidence, Lifetimes, RiskSets};

const TOLERANCE: f64 = 1e-10;

fn answers(section: &str) -> Vec<Value> {
    cases(
        include_str!("../../../../../tests/oracles/incidence.json"),
        section,
    )
}

/// The curve for the event of interest, and the one with the roles changed.
fn curves(case: &Value) -> [Incidence; 2] {
    let exit = numbers(&case["exit"]);
    let entry = case["entry"].is_array().then(|| numbers(&case["entry"]));
    let causes = numbers(&case["cause"]);
    [(1.0, 2.0), (2.0, 1.0)].map(|(event, competing)| {
        let ending: Vec<_> = causes
            .iter()
            .map(|&cause| match cause {
                cause if cause == event => Ending::Event,
                cause if cause == competing => Ending::Competing,
                _ => Ending::Open,
            })
            .collect();
        let lifetimes = Lifetimes {
            entry: entry.as_deref(),
            exit: &exit,
            ending: &ending,
        };
        RiskSets::of(&lifetimes).unwrap().incidence()
    })
}

#[track_caller]
fn check_point(curves: &[Incidence; 2], point: &Value) {
    let time = number(&point["time"]);
    let shares = curves[0].at(time);
    check(shares.open, &point["open"], TOLERANCE, point);
    check(shares.event, &point["event"]["share"], TOLERANCE, point);
    check(
        shares.competing,
        &point["competing"]["share"],
        TOLERANCE,
        point,
    );
    let step = curves[0].steps().iter().rfind(|step| step.time <= time);
    let variances = step.map_or((0.0, 0.0), |step| {
        (step.event_variance, step.competing_variance)
    });
    check(variances.0, &point["event"]["variance"], TOLERANCE, point);
    check(
        variances.1,
        &point["competing"]["variance"],
        TOLERANCE,
        point,
    );
}

#[test]
fn curves_are_those_of_lifelines() {
    for case in answers("curves") {
        let curves = curves(&case);
        for point in case["points"].as_array().unwrap() {
            check_point(&curves, point);
            let time = number(&point["time"]);
            for (curve, name) in curves.iter().zip(["event", "competing"]) {
                if point[name]["low"].is_null() {
                    continue;
                }
                let rate = curve.by(time, 0.95).unwrap();
                check(rate.low, &point[name]["low"], TOLERANCE, point);
                check(rate.high, &point[name]["high"], TOLERANCE, point);
            }
            let mean = curves[0].restricted_mean(time);
            check(mean.open, &point["mean_open"], 1e-8, point);
            check(mean.error, &point["mean_error"], 1e-8, point);
        }
    }
}

#[test]
fn ties_are_counted_by_the_definition() {
    for case in answers("ties") {
        let curves = curves(&case);
        for point in case["points"].as_array().unwrap() {
            check_point(&curves, point);
        }
    }
}
