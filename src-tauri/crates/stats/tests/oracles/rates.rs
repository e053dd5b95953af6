//! Intervals, clustered ratios, priors and counts of wins.

use crate::{cases, check, number};
use serde_json::Value;
use stats::{
    ClusterRatio, beta_quantile, clopper_pearson, fit_beta, jeffreys, normal_cdf, normal_quantile,
    shrink, wilson,
};

fn answers(section: &str) -> Vec<Value> {
    cases(
        include_str!("../../../../../tests/oracles/rates.json"),
        section,
    )
}

#[test]
fn intervals() {
    for case in answers("intervals") {
        let (k, n, level) = (
            number(&case["k"]),
            number(&case["n"]),
            number(&case["level"]),
        );
        for (name, interval) in [
            ("wilson", wilson(k, n, level)),
            ("jeffreys", jeffreys(k, n, level)),
            ("beta", clopper_pearson(k, n, level)),
        ] {
            check(interval.low, &case[name][0], 1e-9, &case);
            check(interval.high, &case[name][1], 1e-9, &case);
        }
    }
}

#[test]
fn quantiles_of_beta() {
    for case in answers("beta_quantiles") {
        let ours = beta_quantile(
            number(&case["alpha"]),
            number(&case["beta"]),
            number(&case["p"]),
        );
        check(ours, &case["x"], 1e-9, &case);
    }
}

#[test]
fn normal_distribution() {
    for case in answers("normal") {
        let x = number(&case["x"]);
        check(normal_cdf(x), &case["cdf"], 1e-10, &case);
        let back = normal_quantile(normal_cdf(x));
        assert!((back - x).abs() < 1e-8, "{back} is not {x}");
    }
}

#[test]
fn clustered_ratios() {
    for case in answers("clustered") {
        let clusters = case["clusters"].as_array().unwrap();
        let pairs = clusters
            .iter()
            .map(|pair| (number(&pair[0]), number(&pair[1])));
        let ours = ClusterRatio::of(pairs).unwrap();
        check(ours.ratio, &case["ratio"], 1e-12, &case["ratio"]);
        check(ours.variance, &case["variance"], 1e-12, &case["variance"]);
    }
}

#[test]
fn priors() {
    for case in answers("priors") {
        let groups = case["groups"].as_array().unwrap();
        let groups: Vec<_> = groups
            .iter()
            .map(|pair| (number(&pair[0]), number(&pair[1])))
            .collect();
        let ours = fit_beta(&groups).unwrap();
        check(ours.alpha, &case["alpha"], 1e-5, &case);
        check(ours.beta, &case["beta"], 1e-5, &case);
        let shrunk = shrink(&groups, 0.95).unwrap();
        for (rate, theirs) in shrunk.rates.iter().zip(case["rates"].as_array().unwrap()) {
            check(rate.value, &theirs[0], 1e-6, &case);
            check(rate.interval.low, &theirs[1], 1e-6, &case);
            check(rate.interval.high, &theirs[2], 1e-6, &case);
        }
        let test = shrunk.heterogeneity.unwrap();
        check(test.statistic, &case["heterogeneity"][0], 1e-9, &case);
        check(test.p, &case["heterogeneity"][1], 1e-10, &case);
    }
}

#[test]
fn numbers_of_wins() {
    for case in answers("wins") {
        let probabilities: Vec<_> = case["probabilities"]
            .as_array()
            .unwrap()
            .iter()
            .map(number)
            .collect();
        let ours = stats::number_of_wins(&probabilities);
        for (wins, likely) in ours.iter().enumerate() {
            check(*likely, &case["pmf"][wins], 1e-12, &case);
        }
    }
}
