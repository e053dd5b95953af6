//! Rows that differ from those that are scored, and values that come late: what the auditor says, and
//! of whom it says nothing.

use crate::portal::{DAYS, day, lived};
use crate::worlds;
use analyses::scoring::report::{ScoringQuestion, learn};
use analyses::scoring::rows::{Property, PropertyKind, RowsQuestion, learning};
use analyses::scoring::{
    Asking, Audit, Column, Definition, Order, Provenance, Sheet, SuspectKind, Table, Told, Values,
    audit,
};
use crm::{Moment, RecordId};
use stats::Stream;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

fn numbers(name: &str, values: impl Iterator<Item = f64>) -> Column {
    Column {
        name: name.to_owned(),
        values: Values::Numbers(values.collect()),
    }
}

fn kinds_of(audit: &Audit, column: Option<&str>) -> Vec<SuspectKind> {
    let suspects = audit.suspects.iter();
    let of = suspects.filter(|suspect| suspect.column.as_deref() == column);
    of.map(|suspect| suspect.kind).collect()
}

/// A market in which ever more is won. What only counts on with time tells the outcome by that alone;
/// what tells it at every time is kept, though it rises too.
#[test]
fn what_only_tells_the_time_is_named() {
    const ROWS: usize = 900;
    for seed in 0..worlds(4) {
        let mut stream = Stream::new(seed, 907, 0);
        let share = |row: usize| row as f64 / ROWS as f64;
        let happened: Vec<bool> = (0..ROWS)
            .map(|row| stream.bernoulli(0.15 + 0.5 * share(row)))
            .collect();
        let mut told_by = |tells: f64, drift: f64| -> Vec<f64> {
            let number = |row: usize| {
                let won = if happened[row] { tells } else { 0.0 };
                stream.normal() + won + drift * share(row)
            };
            (0..ROWS).map(number).collect()
        };
        let (signal, moving, idle) = (told_by(1.0, 0.0), told_by(1.0, 4.0), told_by(0.0, 0.0));
        let era = (0..ROWS).map(|row| Some((8.0 * share(row)) as u32));
        let columns = vec![
            numbers("batch", (0..ROWS).map(|row| (row / 30) as f64)),
            Column {
                name: "campaign".to_owned(),
                values: Values::Categories {
                    codes: era.collect(),
                    names: (0..8).map(|era| format!("era {era}")).collect(),
                },
            },
            numbers("signal", signal.into_iter()),
            numbers("moving", moving.into_iter()),
            numbers("idle", idle.into_iter()),
        ];
        let table = Table::new(columns, happened).unwrap();
        let seen: Vec<i64> = (0..ROWS as i64).collect();
        let order = Order::Forward {
            known: seen.clone(),
            seen,
        };
        let audit = audit(&table, &order, &Told::default(), seed, 2).unwrap();
        assert_eq!(
            audit.quarantined,
            ["batch", "campaign"],
            "seed {seed}: {:?}",
            audit.suspects
        );
        for name in ["batch", "campaign"] {
            assert_eq!(kinds_of(&audit, Some(name)), [SuspectKind::TellsTheTime]);
        }
    }
}

/// Where no single column gives rows away but all of them together do, the rows are named, with the
/// columns that do most; nothing is kept out.
#[test]
fn rows_that_only_many_columns_tell_apart_are_named_as_rows() {
    let mut stream = Stream::new(5, 908, 0);
    let happened: Vec<bool> = (0..400).map(|_| stream.bernoulli(0.4)).collect();
    let mut told = Told::default();
    let mut columns = Vec::new();
    for number in 0..8 {
        let name = format!("column {number}");
        columns.push(numbers(
            &name,
            happened
                .iter()
                .map(|_| stream.normal())
                .collect::<Vec<_>>()
                .into_iter(),
        ));
        let open = (0..200).map(|_| stream.normal() + 0.7).collect();
        let known = Provenance {
            while_open: Some(Values::Numbers(open)),
            ..Provenance::default()
        };
        told.provenance.insert(name, known);
    }
    let table = Table::new(columns, happened).unwrap();
    let found = audit(&table, &Order::Drawn, &told, 1, 2).unwrap();
    assert_eq!(kinds_of(&found, None), [SuspectKind::RowsDiffer]);
    assert!(found.quarantined.is_empty());
    let said = &found.suspects[0].sentence;
    assert!(
        said.contains("are open") && said.contains("column"),
        "{said}"
    );
    // What was known at its moment may look otherwise later: nothing of the end is in it.
    for known in told.provenance.values_mut() {
        known.late_writes = Some((0, 0));
    }
    assert_eq!(
        audit(&table, &Order::Drawn, &told, 1, 2).unwrap().suspects,
        []
    );
}

/// A file with a row a week for each deal: `next` holds what `visits` comes to only a week later.
#[test]
fn a_file_of_several_rows_a_deal_is_asked_what_columns_held_before() {
    let mut stream = Stream::new(3, 909, 0);
    let mut text = String::from("deal,seen,won,size,visits,next\n");
    let day = |number: i64| Moment::from_millis(1_750_000_000_000 + number * 86_400_000);
    for deal in 0..260 {
        let won = stream.bernoulli(0.4);
        let size = stream.normal() + f64::from(u8::from(won)) * 0.5;
        let mut visits = stream.normal();
        for week in 0..3_i64 {
            // What is to come shows in the last week alone.
            let tells = if week == 2 && won { 2.0 } else { 0.0 };
            let next = if week == 1 && won { 2.0 } else { tells } + stream.normal();
            let at = day(deal + 7 * week).to_string();
            let _ = writeln!(
                text,
                "d{deal},{},{},{size:.3},{visits:.3},{next:.3}",
                &at[..10],
                u8::from(won)
            );
            visits = stream.normal() + if week == 1 && won { 0.3 } else { 0.0 };
        }
    }
    let asked = Asking {
        outcome: "won".to_owned(),
        time: Some("seen".to_owned()),
        group: Some("deal".to_owned()),
        ..Asking::default()
    };
    let now = Moment::from_millis(1_790_000_000_000);
    let learning = Sheet::read(text.as_bytes())
        .unwrap()
        .learning(&asked, now)
        .unwrap();
    let before = learning.provenance["size"].week_before.as_ref().unwrap();
    assert_eq!(before.rows.len(), 520);
    let told = Told {
        provenance: learning.provenance,
        ..Told::default()
    };
    let audit = audit(&learning.table, &learning.order, &told, 1, 2).unwrap();
    assert_eq!(audit.quarantined, ["next"], "{:?}", audit.suspects);
    assert!(kinds_of(&audit, Some("next")).contains(&SuspectKind::WorseWhenOlder));
}

/// What the auditor makes of properties that a portal keeps beside its deals.
#[test]
fn properties_of_a_portal_are_asked_what_their_history_tells() {
    let mut portal = lived(47, 700, 1.0);
    let timeline = portal.timeline();
    let asked = RowsQuestion::at(day(DAYS));
    let known = learning(&timeline, &portal.beside, &asked).unwrap();
    let won: BTreeSet<RecordId> = known.population.won.iter().copied().collect();
    let lost: BTreeSet<RecordId> = known.population.lost.iter().copied().collect();
    let mut stream = Stream::new(4, 910, 0);
    let (mut of_today, mut revenue, mut mood) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut tier = BTreeMap::new();
    for deal in &portal.deals {
        let id = deal.id;
        let is_won = won.contains(&id);
        // Where it ended, one of two values that say little of how.
        let ended = is_won || lost.contains(&id);
        let stage = u32::from(ended) + u32::from(ended && is_won == stream.bernoulli(0.65));
        of_today.insert(id, vec![(day(0.0), Some(stage))]);
        let earned = u32::from(is_won && stream.bernoulli(0.6));
        revenue.insert(id, vec![(day(0.0), Some(earned))]);
        tier.insert(id, vec![(day(0.0), Some(stream.index(3)))]);
        // The day before it is seen it tells; a week before it is anything.
        let born = (deal.created_at.unwrap().millis() - day(0.0).millis()) as f64 / 86_400_000.0;
        let mut said = Vec::new();
        for landmark in [14.0, 30.0, 60.0, 90.0, 120.0, 180.0] {
            let tells = u32::from(is_won == stream.bernoulli(0.85));
            said.push((day(born + landmark - 10.0), Some(stream.index(2))));
            said.push((day(born + landmark - 1.0), Some(tells)));
        }
        mood.insert(id, said);
    }
    let mut add = |name: &str, label: &str, values: [&str; 3], said, of_today, definition| {
        portal.beside.properties.push(Property {
            name: name.to_owned(),
            label: label.to_owned(),
            kind: PropertyKind::Category,
            values: values.map(str::to_owned).to_vec(),
            said,
            of_today,
            definition,
        });
    };
    let ours = Definition::default();
    let computed = Definition {
        name: "hs_sum_of_all".to_owned(),
        is_hubspots: true,
        is_computed: true,
    };
    let stages = ["In touch", "North", "South"];
    let grades = ["A", "B", "C"];
    add(
        "companies.phase",
        "Where they are",
        stages,
        of_today,
        700,
        ours.clone(),
    );
    add(
        "companies.hs_sum_of_all",
        "Sum",
        ["0", "1", "2"],
        revenue,
        700,
        computed,
    );
    add("deals.mood", "Mood", grades, mood, 0, ours.clone());
    add("companies.tier", "Tier", grades, tier, 700, ours);
    let question = ScoringQuestion {
        rows: asked,
        overruled: [].into(),
        trained_at: day(DAYS),
        seed: 7,
        threads: 2,
    };
    let learnt = learn(&timeline, &portal.beside, &question)
        .unwrap()
        .unwrap();
    let audit = &learnt.training.card.audit;
    assert_eq!(
        audit.quarantined,
        ["Where they are", "Sum", "Mood"],
        "{:?}",
        audit.suspects
    );
    assert!(kinds_of(audit, Some("Where they are")).contains(&SuspectKind::DiffersWhileOpen));
    assert!(kinds_of(audit, Some("Sum")).contains(&SuspectKind::ComputedToday));
    assert!(kinds_of(audit, Some("Mood")).contains(&SuspectKind::WorseWhenOlder));
}

/// Companies and contacts both have an industry: columns are asked for by their names, which must not be
/// one.
#[test]
fn two_properties_of_one_label_are_two_columns() {
    let mut portal = lived(48, 40, 1.0);
    let mut other = portal.beside.properties[0].clone();
    other.name = "contacts.industry".to_owned();
    portal.beside.properties.push(other);
    let rows = learning(
        &portal.timeline(),
        &portal.beside,
        &RowsQuestion::at(day(DAYS)),
    )
    .unwrap();
    let names: Vec<&str> = rows
        .table
        .columns()
        .iter()
        .map(|c| c.name.as_str())
        .collect();
    let unlike: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(unlike.len(), names.len(), "{names:?}");
    assert!(unlike.contains("Industry") && unlike.contains("Industry (contacts.industry)"));
}
