//! Trained scores: chosen, explained, kept and refused.

use crate::worlds;
use crate::worlds::world;
use analyses::scoring::{
    Column, Contender, Model, Obstacle, Options, Order, Subject, Table, Told, Training, Values,
    train,
};
use crm::Moment;

pub(crate) fn options() -> Options {
    Options {
        subject: Subject {
            event: "it happens".to_owned(),
            horizon_days: None,
            population: "a world's rows".to_owned(),
        },
        baseline: None,
        told: Told::default(),
        closed: None,
        trained_at: Moment::from_millis(1_800_000_000_000),
        seed: 7,
        threads: 1,
    }
}

fn forward(rows: usize) -> Order {
    let seen: Vec<i64> = (0..rows as i64).collect();
    let known = seen.iter().map(|at| at + 20).collect();
    Order::Forward { seen, known }
}

fn trained(rows: usize, seed: u64, strength: f64) -> (Table, Training) {
    let table = world(rows, seed, strength).table;
    let training = train(&table, &forward(rows), &options()).unwrap();
    (table, training)
}

#[test]
fn a_world_with_something_to_know_gives_a_score_and_a_card() {
    let (table, training) = trained(700, 21, 1.2);
    let card = &training.card;
    assert!(card.is_published(), "{:?}", card.refusals);
    let model = training.model.as_ref().unwrap();
    assert!(card.chosen == Some(model.contender()) && model.contender() >= Contender::Bayes);
    assert_eq!(card.contenders.len(), 6);
    assert!(card.is_forward && card.folds.len() == 5);
    let judged = card.judged.as_ref().unwrap();
    assert_eq!(judged.rows, training.out_of_time.rows.len());
    let top: Vec<&str> = card.weights[..3]
        .iter()
        .map(|w| w.column.as_str())
        .collect();
    for column in ["amount", "visits", "industry"] {
        assert!(top.contains(&column), "{top:?}");
    }
    assert!(card.rules.len() >= 2, "{:?}", card.rules);
    let rows: usize = card.rules.iter().map(|rule| rule.rows).sum();
    assert_eq!(rows, table.rows());
    // Written and read, a card is the same.
    let text = serde_json::to_string(card).unwrap();
    assert_eq!(
        &serde_json::from_str::<analyses::scoring::ModelCard>(&text).unwrap(),
        card
    );
}

#[test]
fn a_model_that_was_kept_says_the_same() {
    let (table, training) = trained(500, 5, 1.2);
    let model = training.model.unwrap();
    let text = serde_json::to_string(&model).unwrap();
    let read: Model = serde_json::from_str(&text).unwrap();
    let asked = model.ask(&table).unwrap();
    assert_eq!(
        model.probabilities(&asked).unwrap(),
        read.probabilities(&asked).unwrap()
    );
    for row in 0..30 {
        let explained = read.explain(&asked, row).unwrap();
        let sum: f64 = explained.reasons.iter().map(|reason| reason.log_odds).sum();
        assert!((explained.expected_log_odds + sum - explained.log_odds).abs() < 1e-9);
        assert!((explained.probability - model.probabilities(&asked).unwrap()[row]).abs() < 1e-12);
    }
    let newer = text.replacen("\"version\":1", "\"version\":2", 1);
    assert!(serde_json::from_str::<Model>(&newer).is_err());
}

/// Columns are found by their names and categories by theirs, whatever their order.
#[test]
fn another_table_is_asked_about_by_names() {
    let (table, training) = trained(500, 5, 1.2);
    let model = training.model.unwrap();
    let told = model.probabilities(&model.ask(&table).unwrap()).unwrap();
    let mut columns: Vec<Column> = table.columns().to_vec();
    columns.reverse();
    for column in &mut columns {
        if let Values::Categories { codes, names } = &mut column.values {
            let last = names.len() as u32 - 1;
            names.reverse();
            for code in codes.iter_mut().flatten() {
                *code = last - *code;
            }
        }
    }
    let other = Table::new(columns.clone(), table.happened().to_vec()).unwrap();
    assert_eq!(
        model.probabilities(&model.ask(&other).unwrap()).unwrap(),
        told
    );
    columns.pop();
    let fewer = Table::new(columns, table.happened().to_vec()).unwrap();
    assert!(model.ask(&fewer).is_err());
}

#[test]
fn what_gives_no_score_says_why() {
    let numbers = |values: Vec<f64>| Column {
        name: "a number".to_owned(),
        values: Values::Numbers(values),
    };
    let check = |table: Table, order: Order, wanted: fn(&Obstacle) -> bool| {
        let training = train(&table, &order, &options()).unwrap();
        let refusals = &training.card.refusals;
        assert!(refusals.iter().any(|r| wanted(&r.obstacle)), "{refusals:?}");
        assert!(!training.card.is_published());
    };
    let happened: Vec<bool> = (0..60).map(|row| row % 2 == 0).collect();
    let nothing = |o: &Obstacle| matches!(o, Obstacle::NothingJudged);
    let never = Table::new(vec![numbers(vec![1.0; 60])], vec![false; 60]).unwrap();
    check(never, Order::Drawn, |o| {
        matches!(o, Obstacle::TooFewOfTheRarer { .. })
    });
    let constant = Table::new(vec![numbers(vec![1.0; 60])], happened.clone()).unwrap();
    check(constant, Order::Drawn, nothing);
    let none = Table::new(Vec::new(), Vec::new()).unwrap();
    check(none, Order::Drawn, nothing);
    let fifty = Table::new(
        vec![numbers((0..50).map(f64::from).collect())],
        happened[..50].to_vec(),
    );
    check(fifty.unwrap(), Order::Drawn, |o| {
        matches!(o, Obstacle::TooFewClosed { missing: 150 })
    });
    // All seen in one moment: nothing was known before.
    let at_once = Order::Forward {
        seen: vec![0; 60],
        known: vec![0; 60],
    };
    let table = Table::new(vec![numbers((0..60).map(f64::from).collect())], happened).unwrap();
    check(table, at_once, nothing);
}

/// Probabilities of the model that is used mean what they say: the interval of their slope holds 1 in
/// 90 of 100 worlds, a few misses being chance in a few worlds.
#[test]
fn slopes_of_known_worlds_hold_one() {
    let worlds = worlds(6);
    let (mut covered, mut top) = (0, 0);
    for seed in 0..worlds {
        let (_, training) = trained(600, 500 + seed, 1.2);
        let slope = training.card.judged.and_then(|judged| judged.line);
        let slope = slope.map(|line| line.slope);
        covered += u64::from(slope.is_some_and(|slope| slope.low <= 1.0 && slope.high >= 1.0));
        let true_ones = ["amount", "visits", "industry"];
        let mut named = training.card.weights.iter().take(3);
        top += u64::from(named.all(|weight| true_ones.contains(&weight.column.as_str())));
    }
    println!("slope held 1 in {covered} of {worlds} worlds; top columns found in {top}");
    let bound = if worlds < 50 {
        worlds - 2
    } else {
        worlds * 9 / 10
    };
    assert!(covered >= bound, "{covered} of {worlds}");
    assert!(top * 10 >= worlds * 8, "{top} of {worlds}");
}
