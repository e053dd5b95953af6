//! What the production mode promises: the same model on any number of threads, missing numbers and
//! categories as they are, a stop in time, explanations that add up, and words instead of panics.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use boosting::{Boosted, Boosting, BoostingParams, EarlyStopping, Error};
use linfa::dataset::Pr;
use linfa::prelude::*;
use ndarray::{Array1, Array2, Axis};

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

/// Column 0 and whether column 1 is missing decide; column 2 holds one of eight categories, the first
/// of which raises the odds; columns 3 and 4 say nothing.
fn world(rows: usize, seed: u64) -> (Array2<f64>, Array1<bool>) {
    let mut next = noise(seed);
    let mut records = Array2::zeros((rows, 5));
    let mut happened = Array1::from_elem(rows, false);
    for (mut record, happened) in records.rows_mut().into_iter().zip(&mut happened) {
        let missing = next() < 0.3;
        let category = (next() * next() * 8.0).floor();
        record[0] = next() * 4.0 - 2.0;
        record[1] = if missing { f64::NAN } else { next() };
        record[2] = category;
        record[3] = next();
        record[4] = (next() * 5.0).floor();
        let margin = 1.5 * record[0]
            + if missing { 1.0 } else { -0.5 }
            + if category == 0.0 { 1.0 } else { -0.5 };
        *happened = next() < 1.0 / (1.0 + (-margin).exp());
    }
    (records, happened)
}

fn log_loss(model: &Boosted, records: &Array2<f64>, happened: &Array1<bool>) -> f64 {
    let margins = model.margins(records.view(), 1).unwrap();
    let losses = margins.iter().zip(happened).map(|(margin, &happened)| {
        let away = if happened { -margin } else { *margin };
        away.exp().ln_1p()
    });
    losses.sum::<f64>() / happened.len() as f64
}

fn usual() -> BoostingParams {
    Boosting::params()
        .trees(60)
        .leaves(8)
        .categories(vec![2])
        .row_share(0.8)
        .column_share(0.7)
        .l2(2.0)
        .seed(11)
}

fn fitted(params: &BoostingParams, rows: usize) -> Boosted {
    let (records, happened) = world(rows, 5);
    params.fit(&Dataset::new(records, happened)).unwrap()
}

#[test]
fn threads_change_nothing() {
    let one = fitted(&usual().trees(8).leaves(31), 40_000);
    for threads in [2, 3, 7] {
        let more = fitted(&usual().trees(8).leaves(31).threads(threads), 40_000);
        assert!(one == more, "{threads} threads");
        let (records, _) = world(9_001, 6);
        let alone = one.margins(records.view(), 1).unwrap();
        assert_eq!(alone, more.margins(records.view(), threads).unwrap());
    }
    let other = fitted(&usual().trees(8).leaves(31).seed(12), 40_000);
    assert!(one != other, "the seed decides nothing");
}

#[test]
fn it_learns_what_is_there_and_little_else() {
    let model = fitted(&usual(), 4_000);
    let (records, happened) = world(20_000, 77);
    let told = log_loss(&model, &records, &happened);
    let (mut best, mut rate) = (0.0, 0.0);
    for (record, &happened) in records.rows().into_iter().zip(&happened) {
        let margin = 1.5 * record[0]
            + if record[1].is_nan() { 1.0 } else { -0.5 }
            + if record[2] == 0.0 { 1.0 } else { -0.5 };
        let away: f64 = if happened { -margin } else { margin };
        best += away.exp().ln_1p() / 20_000.0;
        rate += f64::from(u8::from(happened)) / 20_000.0;
    }
    let constant = -(rate * f64::ln(rate) + (1.0 - rate) * f64::ln(1.0 - rate));
    assert!(
        told - best < 0.1 * (constant - best),
        "{told} {best} {constant}"
    );
}

#[test]
fn each_part_of_the_settings_is_heard() {
    let plain = fitted(&usual(), 2_000);
    for (what, other) in [
        ("categories", usual().categories(Vec::new())),
        ("smoothing", usual().smoothing(100.0)),
        ("settled", usual().settled(1e9)),
        ("orders", usual().settled(1e9).orders(1)),
        ("l2", usual().l2(50.0)),
        ("leaves", usual().leaves(4)),
        ("depth", usual().depth(2)),
        ("min_rows", usual().min_rows(200)),
        ("min_hessian", usual().min_hessian(60.0)),
        ("min_gain", usual().min_gain(5.0)),
        ("bins", usual().bins(8)),
        ("row_share", usual().row_share(1.0)),
        ("column_share", usual().column_share(1.0)),
        ("learning_rate", usual().learning_rate(0.3)),
    ] {
        assert!(fitted(&other, 2_000) != plain, "{what}");
    }
}

#[test]
fn leaves_are_as_large_and_as_few_as_asked() {
    for tree in fitted(&usual().leaves(6).min_rows(50).depth(3), 3_000).trees() {
        let leaves: Vec<f64> = tree
            .nodes
            .iter()
            .filter(|node| node.is_leaf())
            .map(|leaf| leaf.cover)
            .collect();
        assert!(leaves.len() <= 6);
        assert!(leaves.iter().all(|&rows| rows >= 50.0), "{leaves:?}");
        let rows: f64 = leaves.iter().sum();
        assert_eq!(rows, tree.nodes[0].cover);
    }
}

#[test]
fn noise_is_stopped_early() {
    let mut next = noise(3);
    let records = Array2::from_shape_fn((1_500, 6), |_| next());
    let happened = Array1::from_shape_fn(1_500, |_| next() < 0.4);
    let stopping = Some(EarlyStopping {
        tail: 0.25,
        patience: 20,
    });
    let params = usual().categories(Vec::new()).trees(300);
    let free: Boosted = params
        .clone()
        .fit(&Dataset::new(records.clone(), happened.clone()))
        .unwrap();
    let stopped: Boosted = params
        .early_stopping(stopping)
        .fit(&Dataset::new(records, happened))
        .unwrap();
    assert_eq!(free.trees().len(), 300);
    assert!(stopped.trees().len() < 30, "{}", stopped.trees().len());
}

#[test]
fn a_category_that_tells_each_row_apart_teaches_nothing() {
    // By its plain rate every row would be told by heart.
    let mut next = noise(8);
    let records = Array2::from_shape_fn((2_000, 1), |(row, _)| row as f64);
    let happened = Array1::from_shape_fn(2_000, |_| next() < 0.5);
    let data = Dataset::new(records.clone(), happened);
    let model: Boosted = Boosting::params().categories(vec![0]).fit(&data).unwrap();
    let margins: Array1<f64> = model.predict(&records);
    let largest = margins.iter().fold(0.0_f64, |most, m| most.max(m.abs()));
    assert!(largest < 0.3, "{largest}");
}

#[test]
fn a_category_that_tells_each_group_apart_teaches_nothing() {
    // Eight rows of a group have one outcome: by those that come before it each row would be told.
    let mut next = noise(8);
    let outcomes: Vec<bool> = (0..250).map(|_| next() < 0.5).collect();
    let records = Array2::from_shape_fn((2_000, 1), |(row, _)| (row / 8) as f64);
    let happened = Array1::from_shape_fn(2_000, |row| outcomes[row / 8]);
    let groups: Vec<u32> = (0..2_000).map(|row| row / 8).collect();
    let data =
        Dataset::new(records.clone(), happened).with_weights(Array1::from_elem(2_000, 0.125));
    let largest = |params: BoostingParams| {
        let model: Boosted = params.categories(vec![0]).fit(&data).unwrap();
        let margins: Array1<f64> = model.predict(&records);
        margins.iter().fold(0.0_f64, |most, m| most.max(m.abs()))
    };
    let apart = largest(Boosting::params());
    let together = largest(Boosting::params().groups(groups));
    assert!(together < 0.3 && apart > 1.0, "{together} {apart}");
}

#[test]
fn weights_count_as_rows_do() {
    let (records, happened) = world(600, 4);
    let params = Boosting::params().trees(20).min_rows(1).leaves(4);
    let twice: Boosted = {
        let both = ndarray::concatenate(Axis(0), &[records.view(), records.view()]).unwrap();
        let outcomes = happened
            .iter()
            .chain(&happened)
            .copied()
            .collect::<Array1<bool>>();
        params.fit(&Dataset::new(both, outcomes)).unwrap()
    };
    let weighted: Boosted = params
        .fit(
            &Dataset::new(records.clone(), happened.clone())
                .with_weights(Array1::from_elem(600, 2.0)),
        )
        .unwrap();
    let pairs = twice.margins(records.view(), 1).unwrap();
    for (a, b) in pairs
        .iter()
        .zip(weighted.margins(records.view(), 1).unwrap())
    {
        assert!((a - b).abs() < 1e-6, "{a} {b}");
    }
    // A row without weight is not there.
    let mut weights = Array1::from_elem(600, 1.0);
    weights.slice_axis_mut(Axis(0), (300..).into()).fill(0.0);
    let half: Boosted = params
        .fit(&Dataset::new(records.clone(), happened.clone()).with_weights(weights))
        .unwrap();
    let first = records.slice_axis(Axis(0), (..300).into()).to_owned();
    let outcomes = happened.iter().take(300).copied().collect::<Array1<bool>>();
    let alone: Boosted = params.fit(&Dataset::new(first.clone(), outcomes)).unwrap();
    let rows = half.trees()[0].nodes[0].cover;
    assert_eq!((rows, alone.trees()[0].nodes[0].cover), (300.0, 300.0));
}

#[test]
fn parts_add_up_and_are_shapley_values() {
    let model = fitted(&usual(), 3_000);
    let (records, _) = world(300, 21);
    let parts = model.contributions(records.view()).unwrap();
    let margins: Array1<f64> = model.predict(&records);
    for (parts, margin) in parts.rows().into_iter().zip(&margins) {
        assert!((model.expected_margin() + parts.sum() - margin).abs() < 1e-9);
    }
    // By definition, over all sets of the columns; the trees ask of column 2 in two ways, so the
    // definition is tried where no column is a category.
    let model = fitted(&usual().categories(Vec::new()).trees(10), 3_000);
    let parts = model.contributions(records.view()).unwrap();
    for (record, parts) in records.rows().into_iter().zip(parts.rows()).take(20) {
        for column in 0..5_usize {
            let by_definition: f64 = (0..32_usize)
                .filter(|set| set & (1 << column) == 0)
                .map(|set| {
                    let size = set.count_ones() as usize;
                    let weight = factorial(size) * factorial(4 - size) / factorial(5);
                    let value = |set: usize| -> f64 {
                        let trees = model.trees().iter();
                        trees
                            .map(|tree| expected(&tree.nodes, 0, &record.to_vec(), set))
                            .sum()
                    };
                    weight * (value(set | (1 << column)) - value(set))
                })
                .sum();
            assert!((parts[column] - by_definition).abs() < 1e-10, "{column}");
        }
    }
}

fn factorial(n: usize) -> f64 {
    (1..=n).map(|n| n as f64).product()
}

/// What a tree gives to a row of which only the columns in `set` are known.
fn expected(nodes: &[boosting::Node], place: usize, row: &[f64], set: usize) -> f64 {
    let node = nodes[place];
    if node.is_leaf() {
        return node.value;
    }
    let [left, right] = node.children.map(|child| child as usize);
    if set & (1 << node.column) == 0 {
        let share = |child: usize| nodes[child].cover / node.cover;
        return share(left) * expected(nodes, left, row, set)
            + share(right) * expected(nodes, right, row, set);
    }
    let value = row[node.column as usize];
    let goes_left = if value.is_finite() {
        value <= node.threshold
    } else {
        node.missing_left
    };
    expected(nodes, if goes_left { left } else { right }, row, set)
}

#[test]
fn a_model_that_is_read_back_is_the_one_that_was_written() {
    let model = fitted(&usual(), 2_000);
    let text = serde_json::to_string(&model).unwrap();
    let back: Boosted = serde_json::from_str(&text).unwrap();
    assert!(back == model);
    for (from, to) in [
        ("\"version\":1", "\"version\":2"),
        ("\"children\":[1,2]", "\"children\":[1,0]"),
        ("\"children\":[1,2]", "\"children\":[1,90000]"),
        ("\"nodes\":[{\"column\":", "\"nodes\":[{\"column\":6"),
        ("\"base\":", "\"more\":1,\"base\":"),
    ] {
        assert!(text.contains(from), "{from}");
        let damaged = serde_json::from_str::<Boosted>(&text.replacen(from, to, 1));
        assert!(damaged.is_err(), "{from} as {to}");
    }
}

#[test]
fn what_cannot_be_learnt_from_is_said() {
    let (records, happened) = world(60, 1);
    let data = |records: &Array2<f64>, happened: &Array1<bool>| {
        Dataset::new(records.clone(), happened.clone())
    };
    let fit = |data: &Dataset<f64, bool, ndarray::Ix1>| usual().fit(data).map(|_: Boosted| ());
    let never = Array1::from_elem(60, false);
    assert!(matches!(
        fit(&data(&records, &never)),
        Err(Error::OneOutcome)
    ));
    let none = Array2::zeros((60, 0));
    let narrow = usual().categories(Vec::new());
    assert!(matches!(
        narrow.fit(&data(&none, &happened)).map(|_: Boosted| ()),
        Err(Error::Columns { columns: 0, .. })
    ));
    let mut odd = records.clone();
    odd[[7, 2]] = 0.5;
    assert!(matches!(
        fit(&data(&odd, &happened)),
        Err(Error::Category {
            row: 7,
            column: 2,
            ..
        })
    ));
    let bad = data(&records, &happened).with_weights(Array1::from_elem(60, -1.0));
    assert!(matches!(fit(&bad), Err(Error::Weight { row: 0, .. })));
    let grouped = usual().groups(vec![0; 9]).fit(&data(&records, &happened));
    assert!(matches!(
        grouped.map(|_: Boosted| ()),
        Err(Error::Uneven {
            what: "groups",
            there: 9,
            rows: 60
        })
    ));
    let short = data(&records, &happened.iter().take(5).copied().collect());
    assert!(matches!(fit(&short), Err(Error::Uneven { there: 5, .. })));
    for (params, name) in [
        (usual().learning_rate(0.0), "learning_rate"),
        (usual().learning_rate(f64::NAN), "learning_rate"),
        (usual().leaves(1), "leaves"),
        (usual().bins(256), "bins"),
        (usual().l2(-1.0), "l2"),
        (usual().threads(0), "threads"),
    ] {
        match params.fit(&data(&records, &happened)).map(|_: Boosted| ()) {
            Err(Error::Parameter { name: said, .. }) => assert_eq!(said, name),
            other => panic!("{name}: {other:?}"),
        }
    }
    let model = fitted(&usual(), 500);
    assert!(matches!(
        model.margins(none.view(), 1),
        Err(Error::Width {
            there: 0,
            needed: 5
        })
    ));
}

#[test]
fn awkward_rows_are_learnt_from_without_a_panic() {
    let awkward = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN,
        -0.0,
        1e-310,
    ];
    let happened = Array1::from_shape_fn(70, |row| row % 3 == 0);
    let records = Array2::from_shape_fn((70, 4), |(row, column)| match column {
        0 => f64::NAN,
        1 => 1.0,
        2 => row as f64,
        _ => awkward[row % awkward.len()],
    });
    let data = Dataset::new(records.clone(), happened);
    let params = Boosting::params().min_rows(1).categories(vec![2]);
    let model: Boosted = params.fit(&data).unwrap();
    let probabilities: Array1<Pr> = model.predict(&records);
    assert!(probabilities.iter().all(|p| (0.0..=1.0).contains(&**p)));
    let parts = model.contributions(records.view()).unwrap();
    assert!(parts.iter().all(|part| part.is_finite()));
}

/// What is shown of other rows is what the model of so many trees says of them, however it ends.
#[test]
fn watched_rows_are_shown_what_the_model_says() {
    let (records, happened) = world(1_000, 1);
    let data = Dataset::new(records, happened);
    let (watched, _) = world(50, 9);
    let check = |trees: usize, threads: usize| {
        let mut shown: Vec<Vec<f64>> = Vec::new();
        let settings = usual().threads(threads).check().unwrap();
        let model = settings.fit_watching(&data, watched.view(), |margins| {
            shown.push(margins.to_vec());
            shown.len() <= trees
        });
        let model = model.unwrap();
        assert_eq!((model.trees().len(), shown.len()), (trees, trees + 1));
        assert!(shown[0].iter().all(|margin| *margin == model.base()));
        let last = model.margins(watched.view(), 1).unwrap().to_vec();
        for (shown, margin) in shown[trees].iter().zip(last) {
            assert!((shown - margin).abs() < 1e-12);
        }
        assert_eq!(model, usual().trees(trees).fit(&data).unwrap());
    };
    check(60, 1);
    check(7, 2);
    check(0, 1);
    let narrow = Array2::zeros((3, 2));
    let settings = usual().check().unwrap();
    let refused = settings.fit_watching(&data, narrow.view(), |_| true);
    assert!(matches!(
        refused,
        Err(Error::Width {
            there: 2,
            needed: 5
        })
    ));
}

#[test]
fn batches_and_rows_agree() {
    let model = fitted(&usual().leaves(64).min_rows(1), 3_000);
    let (records, _) = world(333, 9);
    let all = model.margins(records.view(), 1).unwrap();
    for (row, margin) in records.rows().into_iter().zip(all) {
        let alone = model.margins(row.insert_axis(Axis(0)), 1).unwrap();
        assert_eq!(alone[0], margin);
    }
}
