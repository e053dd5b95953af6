//! What linfa 0.8.1's crates were seen to get wrong, held against what is made of them here. Those of
//! linfa-trees that leaves can show are tested beside `icp::tree`, and the boosting's own in its crate.

use analyses::scoring::{Column, Form, Linear, Rules, Table, Values};
use stats::Stream;
use stats::scores::{auc, log_loss};

fn numbers(name: &str, values: Vec<f64>) -> Column {
    Column {
        name: name.to_owned(),
        values: Values::Numbers(values),
    }
}

/// A number that tells, with every third row missing, and what happened.
fn told(rows: usize, scale: f64) -> (Column, Vec<bool>) {
    let mut stream = Stream::new(8, 915, 0);
    let (mut values, mut happened) = (Vec::new(), Vec::new());
    for row in 0..rows {
        let value = stream.normal();
        happened.push(stream.bernoulli(if value > 0.0 { 0.7 } else { 0.2 }));
        values.push(if row % 3 == 0 {
            f64::NAN
        } else {
            scale * value
        });
    }
    (numbers("tells", values), happened)
}

/// Its probability is that of the label that it calls positive, and which one that is depends on the
/// rows.
#[test]
fn log_odds_are_always_those_of_what_happened() {
    let (column, happened) = told(400, 1.0);
    let rows: Vec<usize> = (0..400).collect();
    let mirrored = happened.iter().map(|happened| !happened).collect();
    let table = Table::new(vec![column.clone()], happened.clone()).unwrap();
    let mirror = Table::new(vec![column], mirrored).unwrap();
    for first in [true, false] {
        let mut order = rows.clone();
        order.sort_by_key(|&row| happened[row] != first);
        let plain = Linear::fit(&table, &order, 1.0).unwrap();
        let other = Linear::fit(&mirror, &order, 1.0).unwrap();
        let told: Vec<f64> = rows.iter().map(|&row| plain.margin(&table, row)).collect();
        assert!(auc(&told, &happened).unwrap() > 0.6);
        for row in 0..400 {
            let sum = plain.margin(&table, row) + other.margin(&mirror, row);
            assert!(sum.abs() < 1e-3, "{sum}");
        }
    }
}

/// A line goes on for ever.
#[test]
fn a_number_beyond_all_that_were_learnt_from_counts_as_the_nearest() {
    let (column, mut happened) = told(400, 1.0);
    let Values::Numbers(mut values) = column.values else {
        unreachable!("it is made of numbers")
    };
    let known: Vec<usize> = (0..400).collect();
    let seen = values.iter().copied().filter(|value| !value.is_nan());
    let most = seen.clone().fold(f64::MIN, f64::max);
    let nearly = seen.fold(f64::MIN, |most, x| if x < 1.0 { most.max(x) } else { most });
    values.extend([most, 1e6, nearly]);
    happened.extend([false; 3]);
    let table = Table::new(vec![numbers("tells", values)], happened).unwrap();
    let linear = Linear::fit(&table, &known, 1.0).unwrap();
    assert_eq!(linear.margin(&table, 401), linear.margin(&table, 400));
    assert!(linear.margin(&table, 402) < linear.margin(&table, 400));
}

/// It returns an error where a number is missing, and linfa-trees panics; it splits no numbers closer
/// than 1e-5.
#[test]
fn missing_and_tiny_numbers_are_asked_about() {
    let found = |scale: f64| -> [f64; 2] {
        let (column, happened) = told(600, scale);
        let infinite = (0..600).map(|row| if row % 2 == 0 { f64::INFINITY } else { 1.0 });
        let columns = vec![column, numbers("infinite", infinite.collect())];
        let table = Table::new(columns, happened.clone()).unwrap();
        let all: Vec<usize> = (0..600).collect();
        let rules = Form::Rules(Rules::fit(&table, &all).unwrap());
        let linear = Linear::fit(&table, &all, 1.0).unwrap();
        let margins: Vec<f64> = all.iter().map(|&row| linear.margin(&table, row)).collect();
        let area = |told: &[f64]| auc(told, &happened).unwrap();
        [area(&rules.log_odds(&table, &all).unwrap()), area(&margins)]
    };
    let usual = found(1.0);
    assert!(usual.iter().all(|area| *area > 0.6), "{usual:?}");
    for scale in [1e-9, 1e9] {
        for (found, usual) in found(scale).iter().zip(&usual) {
            assert!((found - usual).abs() < 1e-3, "{scale}: {found} {usual}");
        }
    }
}

/// Its weights are sums in single precision, which drift apart and panic above some 50,000 rows; and
/// splits whose children bear one label are pruned, so that at a low rate nothing is left.
#[test]
fn many_rows_of_a_low_rate_and_odd_weights_have_rules() {
    const ROWS: usize = 120_000;
    let mut stream = Stream::new(9, 916, 0);
    let values: Vec<f64> = (0..ROWS).map(|_| stream.uniform()).collect();
    let happened: Vec<bool> = values
        .iter()
        .map(|x| stream.bernoulli(0.02 + 0.06 * x))
        .collect();
    let weights = (0..ROWS).map(|row| 1.0 / (1 + row % 7) as f64).collect();
    let table = Table::new(vec![numbers("tells", values)], happened)
        .unwrap()
        .with_groups((0..ROWS as u32).collect(), weights)
        .unwrap();
    let rules = Rules::fit(&table, &(0..ROWS).collect::<Vec<usize>>()).unwrap();
    let leaves = rules.leaves();
    let rows: usize = leaves.iter().map(|leaf| leaf.rows).sum();
    assert!(leaves.len() > 1 && rows == ROWS);
    let rates = leaves
        .iter()
        .map(|leaf| leaf.happened as f64 / leaf.rows as f64);
    let rates: Vec<f64> = rates.collect();
    assert!(rates.iter().any(|rate| *rate > 0.06) && rates.iter().any(|rate| *rate < 0.04));
}

/// Its area is wrong where a score is exactly 0, and its sums drift from a million rows on.
#[test]
fn areas_and_losses_are_exact() {
    let of = |scores: &[f64], happened: &[bool]| auc(scores, happened).unwrap();
    assert!((of(&[0.0, 0.0, 1.0, 1.0], &[false, true, false, true]) - 0.5).abs() < 1e-15);
    assert!((of(&[0.0, -0.0, 0.5], &[false, true, true]) - 0.75).abs() < 1e-15);
    const PAIRS: usize = 500_000;
    let scores: Vec<f64> = (0..2 * PAIRS).map(|row| row as f64).collect();
    let happened: Vec<bool> = (0..2 * PAIRS).map(|row| row % 2 == 1).collect();
    let exact = (PAIRS as f64 + 1.0) / (2.0 * PAIRS as f64);
    assert!((of(&scores, &happened) - exact).abs() < 1e-12);
    let told = vec![0.1; 2 * PAIRS];
    let loss = log_loss(&told, &happened, &vec![1.0; 2 * PAIRS]).unwrap();
    let exact = -(f64::ln(0.1) + f64::ln(0.9)) / 2.0;
    assert!((loss - exact).abs() < 1e-10, "{loss} {exact}");
}
