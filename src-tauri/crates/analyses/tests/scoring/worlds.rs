//! Worlds whose truth is known.

use crate::{five, folds, how};
use analyses::scoring::{
    Blend, Candidates, Column, Contender, Contest, Obstacle, ScoringError, Table, Values, contest,
    gate,
};
use stats::Stream;
use stats::scores::auc;

pub(crate) struct World {
    pub(crate) table: Table,
    /// The true probability of each row.
    truth: Vec<f64>,
}

/// Rows with a skewed number, a number that is missing at times, a category of 30, and two columns
/// that say nothing.
pub(crate) fn world(rows: usize, seed: u64, strength: f64) -> World {
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
    Candidates::fit(table, &five(table, 3), how(7, 1))?
        .both()
        .cloned()
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

fn contested(table: &Table) -> Contest {
    contest(
        table,
        &five(table, 1),
        |rows| folds(table, rows, 2),
        how(7, 1),
    )
    .unwrap()
}

fn obstacles(table: &Table) -> Vec<Obstacle> {
    let happened = table
        .happened()
        .iter()
        .filter(|happened| **happened)
        .count();
    let contest = contested(table);
    let judged = contest.judged.get(&contest.chosen);
    gate(Some(contest.chosen), judged, table.rows(), happened, None)
}

#[test]
fn the_gate_opens_where_there_is_something_to_know() {
    let world = world(500, 21, 1.2);
    let contest = contested(&world.table);
    let judged = &contest.judged[&contest.chosen];
    assert!(contest.chosen != Contender::Constant);
    assert!(contest.chosen <= contest.best);
    let least = contest.judged[&contest.best].log_loss;
    assert!(
        contest
            .judged
            .values()
            .all(|judged| judged.log_loss >= least)
    );
    assert_eq!((judged.rows, contest.rows.len()), (500, 500));
    assert!(
        judged.skill > 0.0 && judged.gains[0].lift > 1.0,
        "{judged:?}"
    );
    let truth: Vec<f64> = contest.rows.iter().map(|&row| world.truth[row]).collect();
    let happened: Vec<bool> = contest
        .rows
        .iter()
        .map(|&row| world.table.happened()[row])
        .collect();
    let best = auc(&truth, &happened).unwrap();
    assert!(judged.auc.low < best, "{best} {:?}", judged.auc);
    assert_eq!(
        gate(
            Some(contest.chosen),
            Some(judged),
            500,
            judged.happened,
            None
        ),
        []
    );
    // What is known without a model says more: no score.
    let obstacles = gate(
        Some(contest.chosen),
        Some(judged),
        500,
        judged.happened,
        Some(0.1),
    );
    assert!(
        matches!(obstacles[..], [Obstacle::Baseline { .. }]),
        "{obstacles:?}"
    );
}

#[test]
fn shuffled_outcomes_are_refused() {
    for seed in 0..5 {
        let world = world(240, 80 + seed, 0.0);
        let obstacles = obstacles(&world.table);
        assert!(!obstacles.is_empty(), "seed {seed}");
    }
}

/// Rows that stand five times each are no more evidence than once.
#[test]
fn rows_of_one_deal_widen_the_interval() {
    let once = world(300, 31, 1.0);
    let rows: Vec<usize> = (0..1_500).map(|row| row % 300).collect();
    let repeated = |values: &Values| match values {
        Values::Numbers(numbers) => Values::Numbers(rows.iter().map(|&row| numbers[row]).collect()),
        Values::Categories { codes, names } => Values::Categories {
            codes: rows.iter().map(|&row| codes[row]).collect(),
            names: names.clone(),
        },
    };
    let columns = once.table.columns().iter().map(|column| Column {
        name: column.name.clone(),
        values: repeated(&column.values),
    });
    let happened = rows.iter().map(|&row| once.table.happened()[row]).collect();
    let five_times = Table::new(columns.collect(), happened).unwrap();
    let groups = rows.iter().map(|&row| row as u32).collect();
    let grouped = five_times
        .clone()
        .with_groups(groups, vec![0.2; 1_500])
        .unwrap();
    let all: Vec<usize> = (0..1_500).collect();
    let told: Vec<f64> = rows.iter().map(|&row| once.truth[row]).collect();
    let wide = |table: &Table, rows: &[usize], told: &[f64]| {
        let auc = analyses::scoring::judge(table, rows, told, 3).unwrap().auc;
        (auc.value, auc.high - auc.low)
    };
    let (value, alone) = wide(&once.table, &all[..300], &told[..300]);
    let (same, as_one) = wide(&grouped, &all, &told);
    let (_, too_narrow) = wide(&five_times, &all, &told);
    assert!((value - same).abs() < 1e-12);
    assert!((as_one / alone - 1.0).abs() < 0.15, "{as_one} {alone}");
    assert!(too_narrow < 0.6 * alone, "{too_narrow} {alone}");
    // Neither are they for what probabilities mean: chance parts them as far as it parts the deals.
    let by_chance = |table: &Table, rows: &[usize], told: &[f64]| {
        let judged = analyses::scoring::judge(table, rows, told, 3).unwrap();
        judged.calibration.by_chance
    };
    let alone = by_chance(&once.table, &all[..300], &told[..300]);
    let as_one = by_chance(&grouped, &all, &told);
    let too_sure = by_chance(&five_times, &all, &told);
    assert!((as_one / alone - 1.0).abs() < 0.15, "{as_one} {alone}");
    assert!(too_sure < 0.6 * alone, "{too_sure} {alone}");
}

#[test]
fn the_same_rows_and_seed_give_the_same_model() {
    let world = world(300, 9, 1.0);
    let folds = five(&world.table, 3);
    let fit = |seed, threads| Candidates::fit(&world.table, &folds, how(seed, threads)).unwrap();
    let one = fit(7, 1);
    assert!(one == fit(7, 2));
    assert!(one != fit(8, 1));
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
