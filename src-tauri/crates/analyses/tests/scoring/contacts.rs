//! The rows of contacts: they convert when a deal with one is won.

use std::collections::BTreeSet;

use analyses::scoring::Scored;
use analyses::scoring::rows::{LearningRows, RowsQuestion, Unfinished, Writing, learning, open};
use crm::{PipelineId, RecordId};
use timeline::{ActivityKind, DealPart, Direction, Tracked};

use crate::people::{People, met, property};
use crate::portal::{DAYS, Portal, activity, day, deal};
use crate::rows::{number, said};

fn question() -> RowsQuestion {
    RowsQuestion {
        of: Scored::Contacts,
        ..RowsQuestion::at(day(DAYS))
    }
}

fn rows(portal: &Portal, question: &RowsQuestion) -> LearningRows {
    learning(&portal.timeline(), &portal.beside, question).unwrap()
}

/// Whatever was written after a row's moment, the row is the same in a copy that ends there.
#[test]
fn nothing_that_was_written_later_is_in_a_row_of_a_contact() {
    let people = met(5, 150, 1.0);
    let all = rows(&people.portal(), &question());
    let mut checked = 0;
    for row in (0..all.table.rows()).step_by(all.table.rows() / 60) {
        let (at, contact) = (all.seen[row], all.records[row]);
        let cut = people.cut(at);
        let then = RowsQuestion {
            as_of: at,
            ..question()
        };
        let then = open(&cut.timeline(), &cut.beside, &then).unwrap();
        let place = then.records.iter().position(|id| *id == contact).unwrap();
        for (now, before) in all.table.columns().iter().zip(then.table.columns()) {
            assert_eq!(now.name, before.name);
            let (now, before) = (said(&now.values, row), said(&before.values, place));
            assert_eq!(now, before, "contact {contact} at {at}");
        }
        checked += 1;
    }
    assert!(checked >= 50, "{checked}");
}

fn with_deals(people: &mut People, id: u64, created: f64, deals: Vec<DealPart>) {
    let contact = people.contact(id, created);
    contact.deals = deals.iter().map(|deal| deal.id).collect();
    people.deals.extend(deals);
}

/// One contact with three deals, seen at its landmarks until the third is won.
#[test]
fn columns_say_what_was_known_of_a_contact_at_each_landmark() {
    let mut people = People::default();
    let lost = deal(10, 101.0).with(Tracked::Stage, day(110.0), "lost");
    let won = deal(11, 112.0)
        .with(Tracked::Amount, day(112.0), "500")
        .with(Tracked::Stage, day(120.0), "offer")
        .with(Tracked::Stage, day(150.0), "won");
    let idle = deal(12, 113.0).with(Tracked::Amount, day(113.0), "100");
    with_deals(&mut people, 1, 100.0, vec![lost, won, idle]);
    let id = RecordId::new(1);
    let mut lifecycle = property("lifecyclestage", "Lebenszyklus", &["Kunde", "Lead", "MQL"]);
    let mql = [(100.0, 1), (105.0, 2), (106.0, 2), (150.0, 0)];
    lifecycle
        .said
        .insert(id, mql.map(|(at, value)| (day(at), Some(value))).to_vec());
    people.beside.lifecycle = Some(lifecycle);
    let mut title = property("jobtitle", "Job title", &["Head of IT"]);
    title.said.insert(id, vec![(day(108.0), Some(0))]);
    people.beside.title = Some(title);
    people.around.insert(
        id,
        vec![
            activity(ActivityKind::Meeting, None, 103.0),
            activity(ActivityKind::Email, Some(Direction::In), 113.0),
        ],
    );
    let rows = rows(&people.portal(), &question());
    assert_eq!(rows.table.happened(), [true; 4]);
    assert_eq!(rows.population.won, [id]);
    let check = |name: &str, expected: [f64; 4]| {
        let found = [0, 1, 2, 3].map(|row| number(&rows, name, row));
        for (found, expected) in found.into_iter().zip(expected) {
            let same = (found - expected).abs() < 1e-6 || found.is_nan() && expected.is_nan();
            assert!(same, "{name}: {found} for {expected}");
        }
    };
    let none = f64::NAN;
    check("Days since creation", [0.0, 7.0, 14.0, 30.0]);
    check("Days in lifecycle stage", [0.0, 2.0, 9.0, 25.0]);
    check("Lifecycle stage changes", [0.0, 1.0, 1.0, 1.0]);
    check("Leads something", [none, none, 1.0, 1.0]);
    check("Open deals", [0.0, 1.0, 2.0, 2.0]);
    check("Lost deals", [0.0, 0.0, 1.0, 1.0]);
    check("Amount of open deals", [0.0, 0.0, 600.0, 600.0]);
    check("HubSpot's stage probability", [none, 0.2, 0.2, 0.6]);
    check("Meetings so far", [0.0, 1.0, 1.0, 1.0]);
    check("Days since the last activity", [none, 4.0, 1.0, 17.0]);
    check("Next activity planned", [0.0; 4]);
    let baseline = &rows.table.columns()[rows.baseline().0];
    assert_eq!(baseline.name, "Lebenszyklus");
    let stages = [0, 1, 2, 3].map(|row| said(&baseline.values, row));
    assert_eq!(
        stages,
        [
            "Some(\"Lead\")",
            "Some(\"MQL\")",
            "Some(\"MQL\")",
            "Some(\"MQL\")"
        ]
    );
}

fn won_on(id: u64, created: f64, on: f64) -> DealPart {
    deal(id, created).with(Tracked::Stage, day(on), "won")
}

/// Of one contact at a time, on day 100 or as told: how many rows there are, how many of them happened,
/// and who is left out.
#[test]
fn a_contact_is_seen_until_its_first_won_deal() {
    struct Case {
        what: &'static str,
        deals: Vec<DealPart>,
        change: fn(&mut People),
        rows: usize,
        happened: usize,
        /// Short, arrived, unfinished.
        left_out: (u32, u32, u32),
    }
    let same = |_: &mut People| {};
    let lost = |id| deal(id, 102.0).with(Tracked::Stage, day(120.0), "lost");
    let reopened = won_on(1, 102.0, 112.0)
        .with(Tracked::Stage, day(118.0), "new")
        .with(Tracked::Stage, day(160.0), "lost");
    let won_again = won_on(1, 102.0, 112.0)
        .with(Tracked::Stage, day(118.0), "new")
        .with(Tracked::Stage, day(160.0), "won");
    let arrived_won = DealPart::new(1, day(140.0)).with(Tracked::Stage, day(140.0), "won");
    let dated_back = arrived_won.clone().with(
        Tracked::CloseDate,
        day(140.0),
        &day(110.0).timestamp().to_string(),
    );
    let mut merged_deal = won_on(1, 102.0, 112.0);
    (merged_deal.archived, merged_deal.archived_at) = (true, Some(day(130.0)));
    merged_deal.merged_into = Some(RecordId::new(9));
    let mut deleted_deal = deal(1, 102.0);
    (deleted_deal.archived, deleted_deal.archived_at) = (true, Some(day(130.0)));
    let cases = [
        Case {
            what: "no deal at all",
            deals: vec![],
            change: same,
            rows: 10,
            happened: 0,
            left_out: (0, 0, 1),
        },
        Case {
            what: "five deals, the first won after 30 days",
            deals: vec![
                lost(1),
                won_on(2, 110.0, 170.0),
                won_on(3, 120.0, 130.5),
                lost(4),
                deal(5, 103.0),
            ],
            change: same,
            rows: 4,
            happened: 4,
            left_out: (0, 0, 0),
        },
        Case {
            what: "won only after the horizons of the first sightings",
            deals: vec![won_on(1, 102.0, 195.0)],
            change: same,
            rows: 6,
            happened: 5,
            left_out: (0, 0, 0),
        },
        Case {
            what: "reopened and lost: nothing was won, and it is not seen while it looked so",
            deals: vec![reopened],
            change: same,
            rows: 9,
            happened: 0,
            left_out: (0, 0, 1),
        },
        Case {
            what: "won again: the second time counts, and it is not seen between",
            deals: vec![won_again],
            change: same,
            rows: 3,
            happened: 3,
            left_out: (0, 0, 0),
        },
        Case {
            what: "a deal that arrived won counts from its arrival",
            deals: vec![arrived_won],
            change: same,
            rows: 4,
            happened: 4,
            left_out: (0, 0, 0),
        },
        Case {
            what: "or from its close date, where that is earlier",
            deals: vec![dated_back],
            change: same,
            rows: 2,
            happened: 2,
            left_out: (0, 0, 0),
        },
        Case {
            what: "a deal was won before the contact was created",
            deals: vec![won_on(1, 60.0, 90.0), deal(2, 105.0)],
            change: same,
            rows: 0,
            happened: 0,
            left_out: (0, 1, 0),
        },
        Case {
            what: "won within two days",
            deals: vec![won_on(1, 100.5, 101.0)],
            change: same,
            rows: 0,
            happened: 0,
            left_out: (1, 0, 0),
        },
        Case {
            what: "a deal that was merged into one that nobody has any more",
            deals: vec![merged_deal],
            change: same,
            rows: 10,
            happened: 0,
            left_out: (0, 0, 1),
        },
        Case {
            what: "a deal that was deleted",
            deals: vec![deleted_deal],
            change: same,
            rows: 10,
            happened: 0,
            left_out: (0, 0, 1),
        },
        Case {
            what: "deleted after 20 days: three sightings whose horizon it never reached",
            deals: vec![],
            change: |people| people.beside.people[0].gone_at = Some(day(120.0)),
            rows: 0,
            happened: 0,
            left_out: (0, 0, 3),
        },
        Case {
            what: "merged: it goes on as another",
            deals: vec![won_on(1, 102.0, 130.0)],
            change: |people| {
                people.beside.people[0].gone_at = Some(day(120.0));
                people.beside.people[0].is_merged = true;
            },
            rows: 0,
            happened: 0,
            left_out: (0, 0, 0),
        },
    ];
    for case in cases {
        let mut people = People::default();
        with_deals(&mut people, 7, 100.0, case.deals);
        (case.change)(&mut people);
        let found = rows(&people.portal(), &question());
        let happened = found.table.happened().iter().filter(|won| **won).count();
        assert_eq!(
            (found.table.rows(), happened),
            (case.rows, case.happened),
            "{}",
            case.what
        );
        let left = &found.population;
        let left = (left.short, left.arrived_closed, left.unfinished);
        assert_eq!(left, case.left_out, "{}", case.what);
    }
}

#[test]
fn who_has_converted_is_scored_no_more_and_who_only_lost_still_is() {
    let mut people = People::default();
    with_deals(&mut people, 1, 100.0, vec![won_on(10, 102.0, 130.0)]);
    let lost = deal(11, 102.0).with(Tracked::Stage, day(130.0), "lost");
    with_deals(&mut people, 2, 100.0, vec![lost]);
    with_deals(&mut people, 3, 100.0, vec![]);
    with_deals(&mut people, 4, 300.0, vec![]);
    people.beside.people[2].gone_at = Some(day(250.0));
    let portal = people.portal();
    let open_on = |at: f64, pipeline: Option<&str>| -> Vec<u64> {
        let asked = RowsQuestion {
            as_of: day(at),
            pipeline: pipeline.map(PipelineId::new),
            ..question()
        };
        let found = open(&portal.timeline(), &portal.beside, &asked).unwrap();
        found.records.iter().map(|id| id.get()).collect()
    };
    assert!(open_on(99.0, None).is_empty());
    assert_eq!(open_on(120.0, None), [1, 2, 3]);
    assert_eq!(open_on(200.0, None), [2, 3]);
    assert_eq!(open_on(310.0, None), [2, 4]);
    // Nothing is won in a pipeline that the deals are not in.
    assert_eq!(open_on(200.0, Some("default")), [2, 3]);
    assert_eq!(open_on(200.0, Some("renewals")), [1, 2, 3]);
}

#[test]
fn a_contact_weighs_as_much_as_another_and_a_company_is_one_group() {
    let portal = met(7, 200, 1.0).portal();
    for unfinished in [Unfinished::LeftOut, Unfinished::Weighted] {
        let asked = RowsQuestion {
            unfinished,
            ..question()
        };
        let rows = rows(&portal, &asked);
        let contacts: BTreeSet<RecordId> = rows.records.iter().copied().collect();
        let population = &rows.population;
        assert_eq!(contacts.len(), population.records as usize);
        assert_eq!(
            contacts.len(),
            population.closed(),
            "nobody is lost but who is not won"
        );
        let sum: f64 = rows.table.weights().iter().sum();
        match unfinished {
            Unfinished::LeftOut => assert!((sum - contacts.len() as f64).abs() < 1e-9),
            Unfinished::Weighted => assert!(sum > contacts.len() as f64),
        }
        let group_of = |id: u64| {
            let row = rows.records.iter().position(|of| of.get() == id)?;
            Some(rows.table.groups()[row])
        };
        let pairs = (5..=200)
            .step_by(5)
            .filter_map(|id| group_of(id).zip(group_of(id - 1)));
        let pairs: Vec<(u32, u32)> = pairs.collect();
        assert!(pairs.len() > 10 && pairs.iter().all(|(one, other)| one == other));
    }
}

#[test]
fn what_is_written_at_the_conversion_is_counted() {
    let mut people = People::default();
    let mut status = property("hs_lead_status", "Lead status", &["Connected", "Won"]);
    for id in [1, 2] {
        with_deals(&mut people, id, 100.0, vec![won_on(10 + id, 102.0, 140.0)]);
        let written = [(100.0, 0), (139.5, 1), (141.0, 1)];
        let written = written.map(|(at, value)| (day(at), Some(value)));
        status.said.insert(RecordId::new(id), written.to_vec());
    }
    // Of one that did not convert nothing is late.
    with_deals(&mut people, 3, 100.0, vec![]);
    status
        .said
        .insert(RecordId::new(3), vec![(day(100.0), Some(0))]);
    people.beside.properties.push(status);
    let rows = rows(&people.portal(), &question());
    let place = rows
        .measured
        .iter()
        .position(|column| column.name == "Lead status");
    let expected = Writing {
        versions: 6,
        at_closing: 4,
    };
    assert_eq!(rows.writing[place.unwrap()], Some(expected));
    assert_eq!(
        rows.writing[0], None,
        "converting writes the lifecycle stage"
    );
}

/// Two properties of one label are two columns.
#[test]
fn columns_have_different_names() {
    let mut people = met(3, 30, 1.0);
    for of in ["country", "company_country"] {
        people.beside.properties.push(property(of, "Country", &[]));
    }
    let rows = rows(&people.portal(), &question());
    let names: Vec<&str> = rows.measured.iter().map(|of| of.name.as_str()).collect();
    let different: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names.len(), different.len(), "{names:?}");
    assert!(names.contains(&"Country") && names.contains(&"Country (contacts.company_country)"));
}
