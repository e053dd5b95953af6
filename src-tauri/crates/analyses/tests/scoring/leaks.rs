//! Leaks put into worlds, and whether the auditor finds them, and them alone.

use crate::injected::{honest, late_leaks, leaks, traced_and_honest};
use crate::worlds;
use crate::worlds::world;
use analyses::scoring::{Column, Order, SuspectKind, Table, Told, Values, audit};
use stats::Stream;

/// Of twenty leaks nineteen are caught, and of twenty honest columns one is accused at most: over all
/// worlds, and in none many more.
#[test]
fn injected_leaks_are_caught_and_honest_columns_are_not_accused() {
    let (mut all, mut all_missed, mut all_accused) = (0, 0, 0);
    for seed in 0..worlds(4) {
        let world = world(700, 300 + seed, 1.0);
        let happened = world.table.happened().to_vec();
        let mut stream = Stream::new(seed, 905, 0);
        let mut leaks = leaks(&happened, &mut stream);
        let mut honest = honest(&happened, &mut stream);
        leaks.extend(late_leaks(&happened, &mut stream));
        let mut told = Told::default();
        for (column, provenance) in traced_and_honest(&happened, &mut stream) {
            told.provenance.insert(column.name.clone(), provenance);
            honest.push(column);
        }
        assert_eq!((leaks.len(), honest.len()), (26, 26));
        let mut columns = honest.clone();
        for (name, values, provenance) in &leaks {
            let name = (*name).to_owned();
            told.provenance.insert(name.clone(), provenance.clone());
            let values = values.clone();
            columns.push(Column { name, values });
        }
        let seen: Vec<i64> = (0..700).collect();
        let order = Order::Forward {
            known: seen.clone(),
            seen,
        };
        let table = Table::new(columns, happened).unwrap();
        let audit = audit(&table, &order, &told, seed, 2).unwrap();
        let is_caught = |name: &str| audit.quarantined.iter().any(|caught| caught == name);
        let missed: Vec<&str> = leaks
            .iter()
            .map(|leak| leak.0)
            .filter(|name| !is_caught(name))
            .collect();
        let accused: Vec<&str> = honest
            .iter()
            .map(|c| c.name.as_str())
            .filter(|name| is_caught(name))
            .collect();
        let why = |name: &&str| {
            audit
                .suspects
                .iter()
                .find(|s| s.column.as_deref() == Some(name))
        };
        println!(
            "seed {seed}: missed {missed:?}, accused {:?}",
            accused.iter().filter_map(why).collect::<Vec<_>>()
        );
        assert!(missed.len() <= 2, "seed {seed} missed {missed:?}");
        assert!(accused.len() <= 2, "seed {seed} accused {accused:?}");
        all += leaks.len();
        all_missed += missed.len();
        all_accused += accused.len();
    }
    println!("{all_missed} of {all} leaks missed, {all_accused} of as many honest columns accused");
    assert!(20 * all_missed <= all, "{all_missed} of {all}");
    assert!(20 * all_accused <= all, "{all_accused} of {all}");
}

#[test]
fn a_suspect_is_let_in_by_a_reason_and_kept_on_the_card() {
    let world = world(400, 9, 1.0);
    let leak = world
        .table
        .happened()
        .iter()
        .map(|&won| f64::from(u8::from(won)));
    let mut columns = world.table.columns().to_vec();
    columns.push(Column {
        name: "signed".to_owned(),
        values: Values::Numbers(leak.collect()),
    });
    let table = Table::new(columns, world.table.happened().to_vec()).unwrap();
    let mut told = Told::default();
    let check = |told: &Told, quarantined: bool, reason: Option<&str>| {
        let audit = audit(&table, &Order::Drawn, told, 1, 1).unwrap();
        assert_eq!(
            audit.quarantined.contains(&"signed".to_owned()),
            quarantined
        );
        let suspect = audit
            .suspects
            .iter()
            .find(|s| s.column.as_deref() == Some("signed"));
        assert_eq!(suspect.unwrap().overruled.as_deref(), reason);
        assert!(suspect.unwrap().sentence.contains("signed"));
    };
    check(&told, true, None);
    // A reason of no words is none.
    told.overruled.insert("signed".to_owned(), "  ".to_owned());
    check(&told, true, None);
    let reason = "known before the offer";
    told.overruled
        .insert("signed".to_owned(), reason.to_owned());
    check(&told, false, Some(reason));
}

#[test]
fn rows_that_give_themselves_away_are_named() {
    let plain = world(300, 12, 1.0);
    let kinds = |table: &Table| -> Vec<SuspectKind> {
        let audit = audit(table, &Order::Drawn, &Told::default(), 1, 1).unwrap();
        let rows = audit.suspects.iter().filter(|s| s.column.is_none());
        rows.map(|suspect| suspect.kind).collect()
    };
    assert_eq!(kinds(&plain.table), []);
    let of = |rows: &[usize]| {
        let columns = plain.table.columns().iter().map(|column| Column {
            name: column.name.clone(),
            values: match &column.values {
                Values::Numbers(n) => Values::Numbers(rows.iter().map(|&row| n[row]).collect()),
                Values::Categories { codes, names } => Values::Categories {
                    codes: rows.iter().map(|&row| codes[row]).collect(),
                    names: names.clone(),
                },
            },
        });
        let happened = rows
            .iter()
            .map(|&row| plain.table.happened()[row])
            .collect();
        Table::new(columns.collect(), happened).unwrap()
    };
    let mut sorted: Vec<usize> = (0..300).collect();
    sorted.sort_by_key(|&row| plain.table.happened()[row]);
    assert_eq!(kinds(&of(&sorted)), [SuspectKind::RowOrder]);
    let twice: Vec<usize> = (0..600).map(|row| row % 300).collect();
    assert!(kinds(&of(&twice)).contains(&SuspectKind::Duplicates));
}
