//! Leaks put into worlds, and whether the auditor finds them, and them alone.

use crate::worlds;
use crate::worlds::world;
use analyses::scoring::{Column, Order, Provenance, SuspectKind, Table, Told, Values, audit};
use stats::Stream;

/// A column that leaks, and what is known of how it was written.
type Leak = (&'static str, Values, Provenance);

fn category(values: impl Iterator<Item = Option<u32>>, names: u32) -> Values {
    Values::Categories {
        codes: values.collect(),
        names: (0..names).map(|code| format!("value {code}")).collect(),
    }
}

/// Twenty ways in which a file or a history tells what nobody knows yet.
fn leaks(happened: &[bool], stream: &mut Stream) -> Vec<Leak> {
    let mut of = |number: &mut dyn FnMut(bool, &mut Stream) -> f64| {
        let numbers = happened.iter().map(|&won| number(won, stream));
        Values::Numbers(numbers.collect())
    };
    let none = f64::NAN;
    let mut found = vec![
        ("copy", of(&mut |won, _| f64::from(u8::from(won)))),
        (
            "copy with slips",
            of(&mut |won, s| f64::from(u8::from(won != s.bernoulli(0.05)))),
        ),
        (
            "probability",
            of(&mut |won, s| if won { 0.7 } else { 0.2 } + 0.1 * s.normal()),
        ),
        (
            "value in the end",
            of(&mut |won, s| if won { s.normal().exp() } else { 0.0 }),
        ),
        (
            "invoices",
            of(&mut |won, s| {
                if won {
                    1.0 + s.poisson(2.0) as f64
                } else {
                    0.0
                }
            }),
        ),
        (
            "satisfaction",
            of(&mut |won, s| if won { s.normal() } else { none }),
        ),
        (
            "onboarding",
            of(&mut |won, s| if won && s.bernoulli(0.8) { 1.0 } else { none }),
        ),
        (
            "note of a loss",
            of(&mut |won, s| if !won && s.bernoulli(0.7) { 1.0 } else { none }),
        ),
        (
            "days_to_close",
            of(&mut |won, s| if won { 30.0 } else { 45.0 } + 20.0 * s.normal()),
        ),
        (
            "total days in pipeline",
            of(&mut |won, s| if won { 2.0 } else { 2.8 } + s.normal()),
        ),
        (
            "hs_time_in_stage",
            of(&mut |won, s| if won { 2.0 } else { 2.8 } + s.normal()),
        ),
        (
            "calls so far",
            of(&mut |won, s| s.poisson(if won { 6.0 } else { 2.0 }) as f64),
        ),
        (
            "rank",
            of(&mut |won, s| s.uniform() + if won { 0.85 } else { 0.0 }),
        ),
    ];
    let mut choice = |pick: &mut dyn FnMut(bool, &mut Stream) -> Option<u32>| {
        category(happened.iter().map(|&won| pick(won, stream)), 4)
    };
    found.extend([
        (
            "lifecycle",
            choice(&mut |won, s| {
                Some(if won && s.bernoulli(0.9) {
                    3
                } else {
                    s.index(3)
                })
            }),
        ),
        (
            "tag",
            choice(&mut |won, s| Some(if won { 2 + s.index(2) } else { s.index(2) })),
        ),
        (
            "grade",
            choice(&mut |won, s| {
                let settled = s.bernoulli(0.4);
                Some(if !settled {
                    1 + s.index(2)
                } else if won {
                    3
                } else {
                    0
                })
            }),
        ),
        (
            "closed_lost_reason",
            choice(&mut |won, s| (!won && s.bernoulli(0.5)).then(|| s.index(4))),
        ),
    ]);
    let mut known: Vec<Leak> = found
        .into_iter()
        .map(|(name, values)| (name, values, Provenance::default()))
        .collect();
    let mut half = |won: bool| {
        if won == stream.bernoulli(0.7) {
            1.0
        } else {
            0.0
        }
    };
    let mut weak = || Values::Numbers(happened.iter().map(|&won| half(won)).collect());
    known.push((
        "owner's queue",
        weak(),
        Provenance {
            late_writes: Some((320, 500)),
            ..Provenance::default()
        },
    ));
    known.push((
        "next step",
        weak(),
        Provenance {
            week_before: Some(Values::Numbers(vec![1.0; happened.len()])),
            ..Provenance::default()
        },
    ));
    known.push((
        "contract",
        weak(),
        Provenance {
            filled_while_open: Some((40, 100)),
            moments: Some(
                (0..happened.len() as i64)
                    .map(|row| Some(row + 9))
                    .collect(),
            ),
            ..Provenance::default()
        },
    ));
    known
}

/// Twenty honest columns, some of which tell a good deal.
fn honest(happened: &[bool], stream: &mut Stream) -> Vec<Column> {
    let mut columns = Vec::new();
    for number in 0..10_u32 {
        let tells = 0.12 * f64::from(number);
        let values = happened.iter().map(|&won| {
            let value = stream.normal() + if won { tells } else { 0.0 };
            if stream.bernoulli(0.1) {
                f64::NAN
            } else {
                value
            }
        });
        columns.push((
            format!("number {number}"),
            Values::Numbers(values.collect()),
        ));
    }
    for number in 0..10_u32 {
        let tells = 0.05 * f64::from(number);
        let codes = happened.iter().map(|&won| {
            let code = if won && stream.bernoulli(tells) {
                0
            } else {
                stream.index(8)
            };
            (!stream.bernoulli(0.2)).then_some(code)
        });
        columns.push((format!("category {number}"), category(codes, 8)));
    }
    columns
        .into_iter()
        .map(|(name, values)| Column { name, values })
        .collect()
}

#[test]
fn injected_leaks_are_caught_and_honest_columns_are_not_accused() {
    for seed in 0..worlds(4) {
        let world = world(700, 300 + seed, 1.0);
        let happened = world.table.happened().to_vec();
        let mut stream = Stream::new(seed, 905, 0);
        let leaks = leaks(&happened, &mut stream);
        let honest = honest(&happened, &mut stream);
        assert_eq!((leaks.len(), honest.len()), (20, 20));
        let mut told = Told::default();
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
        let audit = audit(&table, &order, &told, seed).unwrap();
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
        println!("seed {seed}: missed {missed:?}, accused {accused:?}");
        assert!(missed.len() <= 1, "seed {seed} missed {missed:?}");
        assert!(accused.len() <= 1, "seed {seed} accused {accused:?}");
    }
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
        let audit = audit(&table, &Order::Drawn, told, 1).unwrap();
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
        let audit = audit(table, &Order::Drawn, &Told::default(), 1).unwrap();
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
