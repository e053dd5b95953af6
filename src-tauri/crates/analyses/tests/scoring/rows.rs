//! The rows that scores are learnt from.

use std::collections::BTreeSet;

use analyses::scoring::Values;
use analyses::scoring::rows::{
    Beside, LearningRows, OpenRows, RowsQuestion, Unfinished, Writing, learning, open,
};
use crm::{Moment, RecordId};
use timeline::{ActivityKind, DealPart, Direction, Tracked};

use crate::portal::{DAYS, Portal, activity, day, deal, lived};

fn question() -> RowsQuestion {
    RowsQuestion::at(day(DAYS))
}

fn rows(portal: &Portal, question: &RowsQuestion) -> LearningRows {
    learning(&portal.timeline(), &portal.beside, question).unwrap()
}

/// What every column says of a row.
pub(crate) fn said(values: &Values, row: usize) -> String {
    match values {
        Values::Numbers(numbers) => format!("{:?}", numbers[row]),
        Values::Categories { codes, names } => {
            format!("{:?}", codes[row].map(|code| &names[code as usize]))
        }
    }
}

fn opened(portal: &Portal, at: Moment) -> OpenRows {
    open(
        &portal.timeline(),
        &portal.beside,
        &RowsQuestion {
            as_of: at,
            ..question()
        },
    )
    .unwrap()
}

/// Whatever was written after a row's moment, the row is the same in a copy that ends there.
#[test]
fn nothing_that_was_written_later_is_in_a_row() {
    let portal = lived(5, 120, 1.0);
    let all = rows(&portal, &question());
    let mut checked = 0;
    for row in (0..all.table.rows()).step_by(all.table.rows() / 60) {
        let (at, deal) = (all.seen[row], all.records[row]);
        let then = opened(&portal.cut(at), at);
        let place = then.records.iter().position(|id| *id == deal).unwrap();
        for (now, before) in all.table.columns().iter().zip(then.table.columns()) {
            let (now, before) = (&now.values, &before.values);
            assert_eq!(said(now, row), said(before, place), "deal {deal} at {at}");
        }
        checked += 1;
    }
    assert!(checked >= 50, "{checked}");
}

#[test]
fn open_deals_are_scored_from_what_is_known_now() {
    let portal = lived(6, 150, 1.0);
    let at = day(400.0);
    let now = opened(&portal, at);
    let then = opened(&portal.cut(at), at);
    assert_eq!(now.records, then.records);
    assert!(now.records.len() > 10);
    let labels = |rows: &OpenRows| -> Vec<String> {
        let columns = rows.table.columns().iter();
        let all = columns.flat_map(|c| (0..rows.table.rows()).map(|row| said(&c.values, row)));
        all.collect()
    };
    assert_eq!(labels(&now), labels(&then));
}

#[test]
fn a_deal_weighs_as_much_as_another_and_a_company_is_one_group() {
    let portal = lived(7, 200, 1.0);
    let rows = rows(&portal, &question());
    let table = &rows.table;
    let deals: BTreeSet<RecordId> = rows.records.iter().copied().collect();
    assert_eq!(deals.len(), rows.population.records as usize);
    assert!(
        table.rows() > 2 * deals.len(),
        "deals are seen several times"
    );
    let sum: f64 = table.weights().iter().sum();
    assert!((sum - deals.len() as f64).abs() < 1e-9);
    let group_of = |id: u64| {
        let row = rows.records.iter().position(|deal| deal.get() == id)?;
        Some(table.groups()[row])
    };
    let pairs = (5..=200)
        .step_by(5)
        .filter_map(|id| group_of(id).zip(group_of(id - 1)));
    let pairs: Vec<(u32, u32)> = pairs.collect();
    assert!(pairs.len() > 10 && pairs.iter().all(|(one, other)| one == other));
    let groups: BTreeSet<u32> = table.groups().iter().copied().collect();
    assert!(groups.len() > deals.len() * 3 / 4);
    for row in 0..table.rows() {
        assert!(rows.known[row] <= day(DAYS) && rows.seen[row] < rows.known[row]);
    }
}

pub(crate) fn number(rows: &LearningRows, name: &str, row: usize) -> f64 {
    let column = rows
        .table
        .columns()
        .iter()
        .find(|c| c.name == name)
        .unwrap();
    match &column.values {
        Values::Numbers(numbers) => numbers[row],
        Values::Categories { .. } => panic!("{name} is no number"),
    }
}

/// One deal with everything, seen at its landmarks.
#[test]
fn columns_say_what_was_known_at_each_landmark() {
    let mut part = deal(1, 100.0)
        .with(Tracked::Owner, day(100.0), "7")
        .with(Tracked::Amount, day(100.0), "1000")
        .with(Tracked::Amount, day(110.0), "1500")
        .with(
            Tracked::CloseDate,
            day(100.0),
            &day(140.0).timestamp().to_string(),
        )
        .with(
            Tracked::CloseDate,
            day(120.0),
            &day(190.0).timestamp().to_string(),
        )
        .with(Tracked::Stage, day(112.0), "offer")
        .with(Tracked::Stage, day(150.0), "won");
    part.activities = vec![
        activity(ActivityKind::Meeting, None, 103.0),
        activity(ActivityKind::Email, Some(Direction::In), 113.0),
    ];
    let portal = Portal {
        deals: vec![part],
        beside: Beside::default(),
    };
    let rows = rows(&portal, &question());
    // Created on day 100 and won on day 150: seen after 0, 7, 14 and 30 days.
    assert_eq!(rows.table.rows(), 4);
    assert_eq!(rows.table.happened(), [true; 4]);
    assert_eq!(rows.population.won, [RecordId::new(1)]);
    let check = |name: &str, expected: [f64; 4]| {
        let found = [0, 1, 2, 3].map(|row| number(&rows, name, row));
        for (found, expected) in found.into_iter().zip(expected) {
            let same = (found - expected).abs() < 1e-6 || found.is_nan() && expected.is_nan();
            assert!(same, "{name}: {found} for {expected}");
        }
    };
    check("Days since creation", [0.0, 7.0, 14.0, 30.0]);
    check("Days in stage", [0.0, 7.0, 2.0, 18.0]);
    check("Stage changes", [0.0, 0.0, 1.0, 1.0]);
    check("HubSpot's stage probability", [0.2, 0.2, 0.6, 0.6]);
    check("Close date pushed", [0.0, 0.0, 0.0, 1.0]);
    check("Days to close date", [40.0, 33.0, 26.0, 60.0]);
    check("Amount", [1000.0, 1000.0, 1500.0, 1500.0]);
    check("Amount against the first", [1.0, 1.0, 1.5, 1.5]);
    check("Meetings so far", [0.0, 1.0, 1.0, 1.0]);
    check("Activities in 7 days", [0.0, 1.0, 1.0, 0.0]);
    check("E-mails received in 30 days", [0.0, 0.0, 1.0, 1.0]);
    check("Days since the last activity", [f64::NAN, 4.0, 1.0, 17.0]);
    check("Next activity planned", [0.0; 4]);
    // A meeting counts 5 and half after 14 days, an e-mail that came in 3.
    let later = 5.0 * (-27.0_f64 / 14.0).exp2() + 3.0 * (-17.0_f64 / 14.0).exp2();
    let score = 5.0 * (-4.0_f64 / 14.0).exp2();
    let both = 5.0 * (-11.0_f64 / 14.0).exp2() + 3.0 * (-1.0_f64 / 14.0).exp2();
    check("Engagement score", [0.0, score, both, later]);
}

/// Of deals with known fates, those that count, and what is said of the others.
#[test]
fn deals_that_say_nothing_are_left_out_and_counted() {
    let short = deal(1, 100.0).with(Tracked::Stage, day(101.0), "won");
    let arrived = DealPart::new(2, day(100.0)).with(Tracked::Stage, day(100.0), "won");
    let lost = deal(3, 100.0).with(Tracked::Stage, day(130.0), "lost");
    let late = deal(4, DAYS - 10.0).with(Tracked::Stage, day(DAYS - 5.0), "won");
    let mut deleted = deal(5, 100.0);
    (deleted.archived, deleted.archived_at) = (true, Some(day(120.0)));
    let mut merged = deal(6, 100.0);
    (merged.archived, merged.archived_at) = (true, Some(day(120.0)));
    merged.merged_into = Some(RecordId::new(3));
    let portal = Portal {
        deals: vec![short, arrived, lost, late, deleted, merged],
        beside: Beside::default(),
    };
    let found = rows(&portal, &question());
    assert_eq!(found.records, [RecordId::new(3); 3]);
    assert_eq!(found.table.happened(), [false; 3]);
    let population = &found.population;
    assert_eq!((population.short, population.arrived_closed), (1, 1));
    assert_eq!((population.records, population.closed()), (1, 1));
    // The late one's only landmark, and those of the deleted one, are not over.
    assert_eq!(population.unfinished, 1 + 3);
    let weighted = rows(
        &portal,
        &RowsQuestion {
            unfinished: Unfinished::Weighted,
            ..question()
        },
    );
    assert_eq!(
        weighted.records.last(),
        Some(&RecordId::new(4)),
        "its end is known"
    );
}

/// In four months half of the rows have no whole horizon behind them. Those that ended alone would make
/// winning look likelier; their weights bring the share back to that of two years.
#[test]
fn weighted_rows_find_the_share_that_quick_endings_hide() {
    let share = |rows: &LearningRows, weights: &[f64]| {
        let happened = rows.table.happened().iter().zip(weights);
        let won: f64 = happened
            .filter(|(won, _)| **won)
            .map(|(_, weight)| weight)
            .sum();
        won / weights.iter().sum::<f64>()
    };
    let asked = |unfinished, window_months| RowsQuestion {
        unfinished,
        window_months,
        landmarks: vec![0],
        horizon_days: 100,
        ..question()
    };
    let (mut truth, mut found, mut naive) = (0.0, 0.0, 0.0);
    let worlds = 30;
    for seed in 0..worlds {
        let portal = lived(100 + seed, 1_000, 1.0);
        let all = rows(&portal, &asked(Unfinished::LeftOut, 24));
        truth += share(&all, all.table.weights());
        let newest = rows(&portal, &asked(Unfinished::Weighted, 4));
        found += share(&newest, newest.table.weights());
        naive += share(&newest, &vec![1.0; newest.table.rows()]);
    }
    let off = |sum: f64| (sum - truth) / worlds as f64;
    let (found, naive) = (off(found), off(naive));
    assert!(found.abs() < 0.02 && naive > 0.03, "{found} {naive}");
}

#[test]
fn what_is_written_at_the_closing_is_counted() {
    let at_end = |id: u64, end: &str| {
        deal(id, 100.0)
            .with(Tracked::Amount, day(100.0), "10")
            .with(Tracked::Amount, day(139.5), "20")
            .with(Tracked::Stage, day(140.0), end)
            .with(Tracked::Amount, day(141.0), "30")
    };
    let portal = Portal {
        deals: vec![at_end(1, "won"), at_end(2, "lost")],
        beside: Beside::default(),
    };
    let rows = rows(&portal, &question());
    let of = |name: &str| {
        let place = rows.measured.iter().position(|column| column.name == name);
        rows.writing[place.unwrap()]
    };
    let expected = Writing {
        versions: 6,
        at_closing: 4,
    };
    assert_eq!(of("Amount"), Some(expected));
    assert_eq!(of("Stage"), None);
    assert!(
        expected
            .share()
            .is_some_and(|share| (share - 4.0 / 6.0).abs() < 1e-12)
    );
}
