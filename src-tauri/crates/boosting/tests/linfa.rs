//! The models as linfa's traits see them, and what linfa's own crates were seen to get wrong
//! (linfa 0.8.1), held against this one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use boosting::{Boosted, Boosting, BoostingParams, Classic, Error};
use linfa::dataset::{AsSingleTargets, Pr};
use linfa::prelude::*;
use linfa::traits::PredictInplace;
use ndarray::{Array1, Array2, ArrayBase, Data, Ix2, ShapeBuilder};

/// Numbers between 0 and 1 that look random, the same in every run.
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / 9_007_199_254_740_992.0
    }
}

/// Column 0 raises the odds, column 1 says nothing.
fn world(rows: usize) -> (Array2<f64>, Array1<bool>) {
    let mut next = noise(17);
    let records = Array2::from_shape_fn((rows, 2), |_| next());
    let happened = records.column(0).mapv(|x| next() < 0.1 + 0.6 * x);
    (records, happened)
}

fn params() -> BoostingParams {
    Boosting::params().trees(30).leaves(4).min_rows(10)
}

/// What any learner of yes and no says of rows that it has not seen: nothing here knows which one it
/// is, or what its model is called.
fn told<P, D, T, E>(
    learner: &P,
    known: &DatasetBase<ArrayBase<D, Ix2>, T>,
    unseen: &Array2<f64>,
) -> Array1<f64>
where
    D: Data<Elem = f64>,
    T: AsSingleTargets<Elem = bool>,
    P: Fit<ArrayBase<D, Ix2>, T, E>,
    E: std::error::Error + From<linfa::Error>,
    P::Object: PredictInplace<Array2<f64>, Array1<f64>>,
{
    let Ok(model) = learner.fit(known) else {
        panic!("it can be learnt from");
    };
    model.predict(unseen)
}

#[test]
fn any_learner_of_linfa_may_be_this_one() {
    let (records, happened) = world(600);
    let (unseen, outcomes) = world(300);
    let data = Dataset::new(records, happened);
    let checked: Boosting = params().check().unwrap();
    let classic: Classic = Classic::params().trees(20).depth(2).check().unwrap();
    let told = [
        told(&checked, &data, &unseen),
        // Settings that are not checked yet are checked on the way.
        told(&params(), &data, &unseen),
        told(&classic, &data, &unseen),
        // A view of the same data is the same data.
        told(&checked, &data.view(), &unseen),
    ];
    assert_eq!((&told[0], &told[0]), (&told[1], &told[3]));
    for margins in told {
        let mean = |wanted: bool| -> f64 {
            let of = margins.iter().zip(&outcomes).filter(|(_, o)| **o == wanted);
            let (sum, n) = of.fold((0.0, 0.0), |(sum, n), (m, _)| (sum + m, n + 1.0));
            sum / n
        };
        assert!(mean(true) > mean(false) + 0.3);
    }
}

#[test]
fn settings_that_cannot_be_are_refused_by_the_guard_and_by_fit() {
    let (records, happened) = world(60);
    let wrong = params().learning_rate(2.0);
    assert!(matches!(wrong.check_ref(), Err(Error::Parameter { .. })));
    let fit = wrong.fit(&Dataset::new(records, happened));
    assert!(matches!(
        fit.map(|_: Boosted| ()),
        Err(Error::Parameter { .. })
    ));
}

/// linfa's folds are views of consecutive rows; probabilities come from `iter_fold`.
#[test]
fn linfa_s_own_folds_can_be_gone_through() {
    let (records, happened) = world(500);
    let mut data = Dataset::new(records, happened);
    let mut judged = 0;
    for (model, valid) in data.iter_fold(5, |known| params().fit(known).unwrap()) {
        let told: Array1<Pr> = model.predict(valid.records());
        assert!(told.iter().all(|p| **p > 0.0 && **p < 1.0));
        judged += told.len();
    }
    assert_eq!(judged, 500);
}

/// linfa-logistic's probability is that of the label that it calls positive, which depends on the data.
/// Here it is always that of what happened.
#[test]
fn a_probability_is_always_that_of_what_happened() {
    let (records, happened) = world(600);
    let mirrored = happened.mapv(|happened| !happened);
    for first in [true, false] {
        // Whichever outcome the first row has.
        let order: Vec<usize> = (0..600)
            .filter(|&row| happened[row] == first)
            .chain((0..600).filter(|&row| happened[row] != first))
            .collect();
        let select = |outcomes: &Array1<bool>| {
            let records = records.select(ndarray::Axis(0), &order);
            Dataset::new(records, order.iter().map(|&row| outcomes[row]).collect())
        };
        let plain: Boosted = params().fit(&select(&happened)).unwrap();
        let other: Boosted = params().fit(&select(&mirrored)).unwrap();
        let (a, b) = (
            plain.margins(records.view(), 1).unwrap(),
            other.margins(records.view(), 1).unwrap(),
        );
        assert!(a.iter().zip(&b).all(|(a, b)| (a + b).abs() < 1e-6));
        assert!(a[largest(&records)] > a[smallest(&records)]);
    }
}

fn largest(records: &Array2<f64>) -> usize {
    (0..records.nrows())
        .max_by(|a, b| records[[*a, 0]].total_cmp(&records[[*b, 0]]))
        .unwrap()
}

fn smallest(records: &Array2<f64>) -> usize {
    (0..records.nrows())
        .min_by(|a, b| records[[*a, 0]].total_cmp(&records[[*b, 0]]))
        .unwrap()
}

/// linfa's folds unwrap on records whose columns lie one after the other; every layout is the same here.
#[test]
fn the_layout_of_records_changes_nothing() {
    let (records, happened) = world(400);
    let mut by_column = Array2::zeros((400, 2).f());
    by_column.assign(&records);
    assert!(by_column.as_slice().is_none());
    let wide = ndarray::concatenate(ndarray::Axis(1), &[records.view(), records.view()]).unwrap();
    let part = wide.slice_axis(ndarray::Axis(1), (1..3).into());
    let part = part.select(ndarray::Axis(1), &[1, 0]);
    let fit = |records: &Array2<f64>| -> Boosted {
        params()
            .fit(&Dataset::new(records.clone(), happened.clone()))
            .unwrap()
    };
    let plain = fit(&records);
    assert!(plain == fit(&by_column) && plain == fit(&part));
    let margins = plain.margins(records.view(), 1).unwrap();
    assert_eq!(margins, plain.margins(by_column.view(), 1).unwrap());
}

/// linfa-trees makes no split between numbers closer than 1e-5, and asks `<=` when it learns and `<` when
/// it is asked.
#[test]
fn small_numbers_are_told_apart_and_edges_fall_on_one_side() {
    let happened = Array1::from_shape_fn(400, |row| row % 2 == 0);
    let records =
        Array2::from_shape_fn((400, 1), |(row, _)| if row % 2 == 0 { 3e-9 } else { 2e-9 });
    let data = Dataset::new(records.clone(), happened);
    let model: Boosted = params().fit(&data).unwrap();
    let margins: Array1<f64> = model.predict(&records);
    assert!(margins[0] > 2.0 && margins[1] < -2.0, "{margins}");
    let classic: Boosted = Classic::params()
        .trees(3)
        .depth(1)
        .fit(&Dataset::new(
            Array2::from_shape_fn((400, 1), |(row, _)| (row % 2) as f64),
            Array1::from_shape_fn(400, |row| row % 2 == 1),
        ))
        .unwrap();
    let at_edge: Array1<f64> = classic.predict(&ndarray::array![[0.5], [0.500_001]]);
    // What is at most the threshold goes left, in learning and in asking.
    assert!(at_edge[0] < 0.0 && at_edge[1] > 0.0, "{at_edge}");
}

/// linfa-trees' weights, sums in single precision, drift apart above some 50,000 rows and panic.
#[test]
fn many_weighted_rows_do_not_drift() {
    const ROWS: usize = 250_000;
    let mut next = noise(5);
    let records = Array2::from_shape_fn((ROWS, 2), |_| next());
    let happened = records.column(0).mapv(|x| next() < 0.1 + 0.1 * x);
    let weights = Array1::from_shape_fn(ROWS, |row| if row % 3 == 0 { 0.1 } else { 1.0 / 3.0 });
    let all: f64 = weights.iter().map(|&w: &f32| f64::from(w)).sum();
    let data = Dataset::new(records.clone(), happened.clone()).with_weights(weights.clone());
    let model: Boosted = params().trees(10).fit(&data).unwrap();
    assert!((model.trees()[0].nodes[0].cover / all - 1.0).abs() < 1e-9);
    let margins = model.margins(records.view(), 1).unwrap();
    let (mut said, mut came) = (0.0, 0.0);
    for ((margin, happened), weight) in margins.iter().zip(&happened).zip(&weights) {
        said += f64::from(*weight) / (1.0 + (-margin).exp());
        came += f64::from(*weight) * f64::from(u8::from(*happened));
    }
    // With a free level in each leaf, what is said comes to what happened.
    assert!((said / came - 1.0).abs() < 1e-3, "{said} {came}");
}

/// Weights of any size count by their shares; none overflows a sum.
#[test]
fn weights_of_any_size_count_by_their_shares() {
    let (records, happened) = world(500);
    let fit = |scale: f32| -> Boosted {
        let weights =
            Array1::from_shape_fn(500, |row| if row % 4 == 0 { 2.0 * scale } else { scale });
        let data = Dataset::new(records.clone(), happened.clone()).with_weights(weights);
        params().min_hessian(0.0).fit(&data).unwrap()
    };
    let plain = fit(1.0).margins(records.view(), 1).unwrap();
    for scale in [1e-30, 1e-6, 1e6, 1e30] {
        let scaled = fit(scale).margins(records.view(), 1).unwrap();
        let far = plain.iter().zip(&scaled).map(|(a, b)| (a - b).abs());
        assert!(far.fold(0.0, f64::max) < 1e-3, "{scale}");
    }
}

/// linfa's `predict` cannot fail: rows of another width are told nothing, and nothing panics.
#[test]
fn rows_of_another_width_are_told_nothing() {
    let (records, happened) = world(100);
    let model: Boosted = params().fit(&Dataset::new(records, happened)).unwrap();
    let narrow = Array2::zeros((3, 1));
    let told: Array1<f64> = model.predict(&narrow);
    assert!(told.len() == 3 && told.iter().all(|margin| margin.is_nan()));
}

/// Written by a newer program, or damaged on the way: refused in words, never asked.
#[test]
fn what_was_not_written_here_is_refused_in_words() {
    let (records, happened) = world(200);
    let model: Boosted = params()
        .fit(&Dataset::new(records.clone(), happened))
        .unwrap();
    let text = serde_json::to_string(&model).unwrap();
    let refused = |text: &str| match serde_json::from_str::<Boosted>(text) {
        Ok(_) => panic!("{text}"),
        Err(error) => error.to_string(),
    };
    // A newer form is refused for its version, whatever is new in it.
    let newer = text.replacen("\"version\":1", "\"version\":2,\"more\":[1]", 1);
    assert!(refused(&newer).contains("of version 2, and this program reads version 1"));
    let damaged = text.replacen("\"cover\":", "\"cover\":-", 1);
    assert!(
        refused(&damaged).contains("damaged"),
        "{}",
        refused(&damaged)
    );
    for cut in (0..text.len()).step_by(97) {
        assert!(!refused(&text[..cut]).is_empty());
    }
    // Any byte may have turned into any other: it is refused, or can be asked.
    let mut next = noise(9);
    for _ in 0..2_000 {
        let mut bytes = text.clone().into_bytes();
        let place = (next() * bytes.len() as f64) as usize;
        bytes[place] = (next() * 256.0) as u8;
        if let Ok(read) = serde_json::from_slice::<Boosted>(&bytes) {
            let margins = read.margins(records.view(), 1);
            let parts = read.contributions(records.view());
            assert_eq!(margins.is_ok(), parts.is_ok());
        }
    }
}

/// A tree so deep that walking it would take all memory is no tree of ours.
#[test]
fn a_tree_without_end_is_refused() {
    let leaf = r#"{"column":0,"threshold":0.0,"missing_left":true,"children":[0,0],"value":1.0,"cover":1.0}"#;
    let model = |levels| {
        let text = format!(
            r#"{{"version":1,"base":0.0,"encodings":["number"],"trees":[{{"nodes":[{}]}}],"single_precision":false}}"#,
            chain(leaf, levels).join(",")
        );
        serde_json::from_str::<Boosted>(&text)
    };
    let error = model(5_000).unwrap_err().to_string();
    assert!(error.contains("damaged"), "{error}");
    let model = model(60).unwrap();
    assert!(model.contributions(ndarray::array![[1.0]].view()).is_ok());
}

/// The root's right child is a leaf, and its left one the next question, so many times.
fn chain(leaf: &str, levels: u32) -> Vec<String> {
    let mut nodes = Vec::new();
    for level in 0..levels {
        let next = 2 * level + 1;
        nodes.push(format!(
            r#"{{"column":0,"threshold":0.0,"missing_left":true,"children":[{next},{}],"value":0.0,"cover":1.0}}"#,
            next + 1
        ));
        nodes.push(leaf.to_owned());
    }
    nodes.push(leaf.to_owned());
    nodes
}
