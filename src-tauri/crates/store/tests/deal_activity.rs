//! What happened around deals: the table that the triggers keep says what the records say, whatever
//! came in whatever order.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod fixture;

use std::collections::BTreeMap;

use crm::{ObjectType, PropertyValue, RecordId};
use fixture::{Fixture, moment};
use proptest::prelude::*;
use store::{AssociationRow, Cell, Gone, PortalStore, RecordRow};

fn rows(store: &PortalStore, sql: &str) -> Vec<Vec<Cell>> {
    store.read_only_query(sql, 100_000).unwrap().rows
}

fn kept(store: &PortalStore) -> Vec<Vec<Cell>> {
    let columns = "deal_id, object_type, record_id, happened_at, known_at, gone_at, direction, \
                   opened, replied, automatic";
    let of = |table: &str| format!("SELECT DISTINCT {columns} FROM {table} ORDER BY 1, 2, 3");
    let kept = rows(store, &of("deal_activity"));
    assert_eq!(kept, rows(store, &of("activity_around_deal")));
    kept
}

fn record(id: u64, created: u64, properties: &[(&str, &str)]) -> RecordRow {
    let value = |text: &str| PropertyValue::from(Some(text.to_owned()));
    RecordRow {
        id: RecordId::new(id),
        created_at: Some(moment(created)),
        updated_at: Some(moment(created)),
        archived: false,
        archived_at: None,
        properties: properties
            .iter()
            .map(|&(name, text)| (name.to_owned(), value(text)))
            .collect(),
        histories: BTreeMap::new(),
    }
}

fn land(store: &PortalStore, of: &ObjectType, row: RecordRow) {
    store
        .write(|tx| store::apply_page(tx, of, &[row], 1, moment(0)))
        .unwrap();
}

fn tie(store: &PortalStore, of: &ObjectType, id: u64, to: &[(u64, i64)]) {
    let row = |&(to, type_id): &(u64, i64)| AssociationRow {
        from: RecordId::new(id),
        to: RecordId::new(to),
        type_id,
        category: "HUBSPOT_DEFINED".to_owned(),
        label: None,
    };
    let rows: Vec<_> = to.iter().map(row).collect();
    store
        .write(|tx| {
            let from = [RecordId::new(id)];
            store::replace_associations(tx, of, &ObjectType::DEALS, &from, &rows, 1)
        })
        .unwrap();
}

fn text(at: u64) -> String {
    moment(at).to_string()
}

#[test]
fn each_activity_is_told_by_what_became_of_it() {
    /// Lands one activity of deal 7, and compares what is kept: the time it happened, when it was
    /// known, direction, opened, replied, automatic.
    #[track_caller]
    fn check(of: &ObjectType, properties: &[(&str, &str)], expected: Option<[&str; 6]>) {
        let fixture = Fixture::new();
        let store = fixture.portal(1);
        let mut properties = properties.to_vec();
        let at = text(50_000);
        properties.push(("hs_timestamp", &at));
        land(&store, of, record(3, 60_000, &properties));
        tie(&store, of, 3, &[(7, 1)]);
        let found = kept(&store);
        let base = moment(0).millis();
        let shown = |cell: &Cell| match cell {
            Cell::Integer(number) if *number >= base => (number - base).to_string(),
            Cell::Integer(number) => number.to_string(),
            Cell::Text(text) => text.clone(),
            _ => String::new(),
        };
        let found = found
            .first()
            .map(|row| [3, 4, 6, 7, 8, 9].map(|column| shown(&row[column])));
        let expected = expected.map(|expected| expected.map(str::to_owned));
        assert_eq!(found, expected, "{properties:?}");
    }
    let (calls, emails) = (ObjectType::CALLS, ObjectType::EMAILS);
    let call = |extra: &'static [(&'static str, &'static str)], expected| {
        check(&ObjectType::CALLS, extra, expected);
    };
    call(&[], Some(["50000", "60000", "", "0", "0", ""]));
    call(
        &[("hs_call_direction", "INBOUND")],
        Some(["50000", "60000", "in", "0", "0", ""]),
    );
    call(
        &[("hs_call_status", "NO_ANSWER")],
        Some(["50000", "60000", "", "0", "0", ""]),
    );
    call(&[("hs_call_status", "CANCELED")], None);
    // A disposition does not hide that the call was never made.
    call(
        &[("hs_call_status", "FAILED"), ("hs_call_disposition", "x")],
        None,
    );
    check(
        &calls,
        &[("hs_object_source", "CRM_UI")],
        Some(["50000", "60000", "", "0", "0", "0"]),
    );
    check(
        &calls,
        &[("hs_object_source", "INTEGRATION")],
        Some(["50000", "60000", "", "0", "0", ""]),
    );
    let mail = [
        ("hs_email_direction", "EMAIL"),
        ("hs_email_open_count", "2"),
        ("hs_engagement_source", "SEQUENCES"),
    ];
    check(
        &emails,
        &mail,
        Some(["50000", "60000", "out", "1", "0", "1"]),
    );
    let mail = [
        ("hs_email_direction", "INCOMING_EMAIL"),
        ("hs_email_reply_count", "1"),
    ];
    check(&emails, &mail, Some(["50000", "60000", "in", "0", "1", ""]));
    check(&emails, &[("hs_email_status", "BOUNCED")], None);
    let meetings = ObjectType::MEETINGS;
    check(
        &meetings,
        &[("hs_meeting_outcome", "SCHEDULED")],
        Some(["50000", "60000", "", "0", "0", ""]),
    );
    check(&meetings, &[("hs_meeting_outcome", "NO_SHOW")], None);
    let tasks = ObjectType::TASKS;
    check(&tasks, &[], None);
    let (iso, millis) = (text(70_123), moment(70_123).millis().to_string());
    for done in [&iso, &millis] {
        let task = [
            ("hs_task_status", "COMPLETED"),
            ("hs_task_completion_date", done),
        ];
        check(&tasks, &task, Some(["70123", "70123", "", "0", "0", ""]));
    }
    let task = [
        ("hs_task_status", "COMPLETED"),
        ("hs_task_completion_date", "soon"),
    ];
    check(&tasks, &task, Some(["50000", "60000", "", "0", "0", ""]));
}

#[derive(Debug, Clone)]
enum Change {
    Land(usize, u64, u64, bool, bool),
    Tie(usize, u64, Vec<(u64, i64)>),
    Bury(usize, u64),
    Purge(usize, u64),
    MergeDeals(u64, u64),
}

const TYPES: [ObjectType; 4] = [
    ObjectType::EMAILS,
    ObjectType::TASKS,
    ObjectType::CONTACTS,
    ObjectType::DEALS,
];

fn change() -> impl Strategy<Value = Change> {
    let of = 0_usize..3;
    let land = (
        of.clone(),
        1_u64..4,
        0_u64..99,
        any::<bool>(),
        any::<bool>(),
    );
    let ties = proptest::collection::vec((1_u64..4, 1_i64..3), 0..4);
    prop_oneof![
        3 => land.prop_map(|(of, id, at, done, gone)| Change::Land(of, id, at, done, gone)),
        4 => (of.clone(), 1_u64..4, ties).prop_map(|(of, id, to)| Change::Tie(of, id, to)),
        1 => (of.clone(), 1_u64..4).prop_map(|(of, id)| Change::Bury(of, id)),
        1 => (0_usize..4, 1_u64..4).prop_map(|(of, id)| Change::Purge(of, id)),
        1 => (1_u64..4, 1_u64..4).prop_map(|(a, b)| Change::MergeDeals(a, b)),
    ]
}

fn make(store: &PortalStore, change: &Change) {
    match change {
        Change::Land(of, id, at, done, gone) => {
            let at = text(*at);
            let status = if *done { "COMPLETED" } else { "WAITING" };
            let mut row = record(
                *id,
                40,
                &[("hs_timestamp", &at), ("hs_task_status", status)],
            );
            row.archived = *gone;
            row.archived_at = gone.then(|| moment(90));
            land(store, &TYPES[*of], row);
        }
        Change::Tie(of, id, to) => tie(store, &TYPES[*of], *id, to),
        Change::Bury(of, id) => store
            .write(|tx| {
                store::bury(
                    tx,
                    &TYPES[*of],
                    RecordId::new(*id),
                    moment(80),
                    Gone::Archived,
                )
            })
            .unwrap(),
        Change::Purge(of, id) => store
            .write(|tx| store::purge(tx, &TYPES[*of], RecordId::new(*id)))
            .unwrap(),
        Change::MergeDeals(a, b) => {
            let (a, b) = (RecordId::new(*a), RecordId::new(*b));
            store
                .write(|tx| store::merge_record(tx, &ObjectType::DEALS, a, b, moment(85)))
                .unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_table_follows_the_records(changes in proptest::collection::vec(change(), 1..40)) {
        let fixture = Fixture::new();
        let store = fixture.portal(1);
        for change in &changes {
            make(&store, change);
            kept(&store);
        }
    }
}
