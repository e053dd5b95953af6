//! Three trees by hand, and scikit-learn's and shap's answers as `tests/oracles/trees.py` wrote them.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use boosting::{Boosted, Classic};
use linfa::Dataset;
use linfa::prelude::*;
use ndarray::{Array1, Array2, array};
use serde_json::Value;

fn probability(margin: f64) -> f64 {
    1.0 / (1.0 + (-margin).exp())
}

/// x = 1..10, y = 0001011011, one question a tree, three trees: made by scikit-learn 1.9.1.
#[test]
fn three_stumps_are_those_of_scikit_learn() {
    let records = Array2::from_shape_fn((10, 1), |(row, _)| row as f64 + 1.0);
    let happened = array![0, 0, 0, 1, 0, 1, 1, 0, 1, 1].mapv(|y| y == 1);
    let data = Dataset::new(records.clone(), happened);
    let model: Boosted = Classic::params().trees(3).depth(1).fit(&data).unwrap();
    let leaves = [
        (-2.0, 0.857_142_857_1),
        (-1.818_730_753_1, 0.772_898_884_7),
        (-1.682_581_684_2, 0.699_122_143_5),
    ];
    for (tree, (left, right)) in model.trees().iter().zip(leaves) {
        assert_eq!(tree.nodes[0].threshold, 3.5);
        let [l, r] = tree.nodes[0].children.map(|child| child as usize);
        assert!((tree.nodes[l].value - 0.1 * left).abs() < 1e-11);
        assert!((tree.nodes[r].value - 0.1 * right).abs() < 1e-11);
    }
    let margins: Array1<f64> = model.predict(&records);
    for (row, margin) in margins.iter().enumerate() {
        let expected = if row < 3 {
            0.365_833_96
        } else {
            0.557_967_273_2
        };
        assert!((probability(*margin) - expected).abs() < 5e-9, "{row}");
    }
}

fn oracle() -> Value {
    let text = include_str!("../../../../tests/oracles/trees.json");
    serde_json::from_str(text).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let numbers = value.as_array().unwrap().iter();
    numbers.map(|number| number.as_f64().unwrap()).collect()
}

fn matrix(value: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = value.as_array().unwrap().iter().map(numbers).collect();
    let width = rows[0].len();
    Array2::from_shape_vec((rows.len(), width), rows.concat()).unwrap()
}

#[test]
fn whole_models_are_those_of_scikit_learn() {
    let oracle = oracle();
    let cases = oracle["cases"].as_array().unwrap();
    assert!(cases.len() >= 4);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let setting = |name: &str| case["settings"][name].as_u64().unwrap() as usize;
        let records = matrix(&case["x"]);
        let happened: Array1<bool> = numbers(&case["y"]).iter().map(|y| *y == 1.0).collect();
        let weights: Array1<f32> = numbers(&case["weights"])
            .iter()
            .map(|w| *w as f32)
            .collect();
        let data = Dataset::new(records, happened).with_weights(weights);
        let params = Classic::params()
            .trees(setting("n_estimators"))
            .depth(setting("max_depth"))
            .min_rows(setting("min_samples_leaf"))
            .learning_rate(case["settings"]["learning_rate"].as_f64().unwrap());
        let model: Boosted = params.fit(&data).unwrap();
        for (number, (tree, theirs)) in model
            .trees()
            .iter()
            .zip(case["thresholds"].as_array().unwrap())
            .enumerate()
        {
            let ours: Vec<f64> = tree
                .nodes
                .iter()
                .filter(|node| !node.is_leaf())
                .map(|node| node.threshold)
                .collect();
            assert_eq!(ours, numbers(theirs), "{name}, tree {number}");
        }
        let unseen = matrix(&case["unseen"]);
        let margins: Array1<f64> = model.predict(&unseen);
        for (margin, theirs) in margins.iter().zip(numbers(&case["probabilities"])) {
            assert!((probability(*margin) - theirs).abs() < 1e-9, "{name}");
        }
        let parts = model.contributions(unseen.view()).unwrap();
        for (ours, theirs) in parts.iter().zip(&matrix(&case["shap"])) {
            assert!((ours - theirs).abs() < 1e-9, "{name}: {ours} {theirs}");
        }
        let expected = case["expected_value"].as_f64().unwrap();
        assert!((model.expected_margin() - expected).abs() < 1e-9, "{name}");
    }
}
