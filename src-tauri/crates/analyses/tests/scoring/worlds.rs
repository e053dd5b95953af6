//! Worlds whose truth is known.

use crate::five;
use analyses::scoring::{Blend, Column, ScoringError, Table, Values};
use stats::Stream;
use stats::scores::auc;

struct World {
    table: Table,
    /// The true probability of each row.
    truth: Vec<f64>,
}

/// Rows with a skewed number, a number that is missing at times, a category of 30, and two columns
/// that say nothing.
fn world(rows: usize, seed: u64, strength: f64) -> World {
    let mut stream = Stream::new(seed, 900, 0);
    let mut amounts = Vec::new();
    let mut visits = Vec::new();
    let mut codes = Vec::new();
    let (mut noise, mut idle) = (Vec::new(), Vec::new());
    let (mut happened, mut truth) = (Vec::new(), Vec::new());
    for _ in 0..rows {
        let amount = (2.0 * stream.normal()).exp();
        let visit = (!stream.bernoulli(0.3)).then(|| stream.poisson(3.0) as f64);
        let code = stream.index(30);
        let of_code = if code.is_multiple_of(3) { 0.8 } else { -0.4 };
        let of_visits = visit.map_or(-0.6, |visits| 0.3 * (visits - 3.0));
        let margin = strength * (0.5 * amount.ln_1p() + of_visits + of_code - 0.5) - 0.8;
        let p = 1.0 / (1.0 + (-margin).exp());
        amounts.push(amount);
        visits.push(visit.unwrap_or(f64::NAN));
        codes.push((!stream.bernoulli(0.05)).then_some(code));
        noise.push(stream.normal());
        idle.push(Some(stream.index(4)));
        happened.push(stream.bernoulli(p));
        truth.push(p);
    }
    let column = |name: &str, values| Column {
        name: name.to_owned(),
        values,
    };
    let names = |count: u32| (0..count).map(|code| format!("name {code}")).collect();
    let columns = vec![
        column("amount", Values::Numbers(amounts)),
        column("visits", Values::Numbers(visits)),
        column(
            "industry",
            Values::Categories {
                codes,
                names: names(30),
            },
        ),
        column("noise", Values::Numbers(noise)),
        column(
            "idle",
            Values::Categories {
                codes: idle,
                names: names(4),
            },
        ),
    ];
    World {
        table: Table::new(columns, happened).unwrap(),
        truth,
    }
}

fn fitted(table: &Table) -> Result<Blend, ScoringError> {
    Blend::fit(table, &five(table, 3), 7, 1)
}

#[test]
fn what_can_be_known_is_mostly_found() {
    let learnt = world(1_200, 1, 1.0);
    let blend = fitted(&learnt.table).unwrap();
    let fresh = world(3_000, 2, 1.0);
    let rows: Vec<usize> = (0..3_000).collect();
    let told = blend.probabilities(&fresh.table, &rows).unwrap();
    let best = auc(&fresh.truth, fresh.table.happened()).unwrap();
    let found = auc(&told, fresh.table.happened()).unwrap();
    assert!(best > 0.72 && found > best - 0.04, "{found} of {best}");
    assert!((0.0..=1.0).contains(&blend.share_of_trees()));
}

#[test]
fn reasons_add_up_to_the_score_and_name_what_matters() {
    let world = world(600, 4, 1.0);
    let blend = fitted(&world.table).unwrap();
    let mut sums = [0.0; 5];
    for row in 0..50 {
        let reasons = blend.reasons(&world.table, row).unwrap();
        let sum: f64 = reasons.iter().map(|reason| reason.log_odds).sum();
        let log_odds = blend.log_odds(&world.table, &[row]).unwrap()[0];
        assert!((blend.expected_log_odds() + sum - log_odds).abs() < 1e-9);
        let sizes: Vec<f64> = reasons.iter().map(|reason| reason.log_odds.abs()).collect();
        assert!(sizes.windows(2).all(|pair| pair[0] >= pair[1]));
        for reason in reasons {
            sums[reason.column.0] += reason.log_odds.abs();
        }
    }
    let [amount, visits, industry, noise, idle] = sums;
    assert!(
        amount.min(visits).min(industry) > 2.0 * noise.max(idle),
        "{sums:?}"
    );
}

#[test]
fn where_nothing_is_to_be_known_scores_hardly_differ() {
    // Higher scores that happen no more often are refused; the rest stays near the base rate.
    let mut refused = 0;
    for seed in 0..6 {
        let world = world(300, 50 + seed, 0.0);
        match fitted(&world.table) {
            Err(ScoringError::NoSignal) => refused += 1,
            Err(other) => panic!("{other}"),
            Ok(blend) => {
                let rows: Vec<usize> = (0..300).collect();
                let told = blend.probabilities(&world.table, &rows).unwrap();
                let off = told.iter().map(|p| (p - 0.31).abs()).sum::<f64>() / 300.0;
                assert!(off < 0.12, "seed {seed}: {off}");
            }
        }
    }
    println!("refused: {refused} of 6");
}

#[test]
fn the_same_rows_and_seed_give_the_same_model() {
    let world = world(300, 9, 1.0);
    let folds = five(&world.table, 3);
    let one = Blend::fit(&world.table, &folds, 7, 1).unwrap();
    assert!(one == Blend::fit(&world.table, &folds, 7, 2).unwrap());
    assert!(one != Blend::fit(&world.table, &folds, 8, 1).unwrap());
}

#[test]
fn what_cannot_be_learnt_from_is_said() {
    let numbers = |values: Vec<f64>| Column {
        name: "a number".to_owned(),
        values: Values::Numbers(values),
    };
    let happened: Vec<bool> = (0..60).map(|row| row % 2 == 0).collect();
    let uneven = Table::new(vec![numbers(vec![1.0])], happened.clone());
    assert!(matches!(
        uneven,
        Err(ScoringError::Uneven {
            there: 1,
            rows: 60,
            ..
        })
    ));
    let never = Table::new(vec![numbers(vec![1.0; 60])], vec![false; 60]).unwrap();
    assert!(matches!(
        fitted(&never),
        Err(ScoringError::OneOutcome { happened: 0, .. })
    ));
    let constant = Table::new(vec![numbers(vec![1.0; 60])], happened.clone()).unwrap();
    assert!(matches!(fitted(&constant), Err(ScoringError::NothingKnown)));
    let missing = Table::new(vec![numbers(vec![f64::NAN; 60])], happened.clone()).unwrap();
    assert!(matches!(fitted(&missing), Err(ScoringError::NothingKnown)));
    // Infinities are no numbers to either side.
    let infinite = (0..60).map(|row| {
        if row < 5 {
            f64::INFINITY
        } else {
            f64::from(row)
        }
    });
    let table = Table::new(vec![numbers(infinite.collect())], happened).unwrap();
    match fitted(&table) {
        Ok(blend) => {
            let told = blend.probabilities(&table, &[0, 30]).unwrap();
            assert!(told.iter().all(|p| (0.0..=1.0).contains(p)), "{told:?}");
        }
        Err(error) => assert!(matches!(error, ScoringError::NoSignal), "{error}"),
    }
}
