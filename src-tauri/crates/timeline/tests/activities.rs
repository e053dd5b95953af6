//! What happened around a deal, as it was known at a moment, from the database and from memory.
#![allow(
    clippy::unwrap_used,
    reason = "a test may stop where its fixture is damaged"
)]

use std::collections::BTreeMap;

use crm::{Moment, ObjectType, PortalId, PropertyValue, RecordId};
use jiff::tz::TimeZone;
use store::{AssociationRow, DataDir, Gone, PortalInfo, PortalStore, RecordRow};
use timeline::{
    ActivitiesAround, Activity, ActivityKind, DealPart, Direction, Parts, PortalClock, Timeline,
};

fn at(seconds: i64) -> Moment {
    Moment::from_millis(1_760_000_000_000 + seconds * 1000)
}

fn call(happened: i64, known: i64) -> Activity {
    Activity {
        kind: ActivityKind::Call,
        direction: Some(Direction::Out),
        happened_at: at(happened),
        known_at: at(known),
        gone_at: None,
        opened: false,
        replied: false,
        automatic: None,
    }
}

fn portal(deals: Vec<DealPart>) -> Timeline {
    Timeline::from_parts(Parts {
        clock: PortalClock {
            zone: TimeZone::UTC,
            home_currency: "EUR".parse().unwrap(),
            fiscal_year: crm::FiscalYear::CALENDAR,
        },
        pipelines: vec![],
        stages: vec![],
        owners: vec![],
        deals,
    })
}

fn of(timeline: &Timeline, deal: u64, t: i64) -> Vec<Activity> {
    let deal = timeline.find(RecordId::new(deal)).unwrap();
    timeline.activities_until(deal, at(t)).collect()
}

#[test]
fn nothing_is_known_before_it_happened_and_was_on_record() {
    let late = call(10, 500);
    // On record before: a meeting in the calendar.
    let planned = Activity {
        kind: ActivityKind::Meeting,
        direction: None,
        automatic: Some(false),
        ..call(300, 5)
    };
    let deleted = Activity {
        gone_at: Some(at(200)),
        ..call(20, 20)
    };
    let mut deal = DealPart::new(2, at(0));
    deal.activities = vec![late, planned, deleted];
    let timeline = portal(vec![DealPart::new(1, at(0)), deal, DealPart::new(3, at(0))]);
    assert_eq!(of(&timeline, 2, 19), []);
    assert_eq!(of(&timeline, 2, 20), [deleted]);
    assert_eq!(of(&timeline, 2, 200), []);
    let planned = Activity {
        known_at: at(300),
        ..planned
    };
    assert_eq!(of(&timeline, 2, 300), [planned]);
    assert_eq!(of(&timeline, 2, 500), [planned, late]);
    for other in [1, 3] {
        assert_eq!(of(&timeline, other, 1_000), []);
    }
    let deal = timeline.find(RecordId::new(2)).unwrap();
    assert_eq!(timeline.activities(deal).len(), 3);
    assert_eq!(timeline.activity_count(), 3);
}

#[test]
fn parts_of_a_second_are_rounded_up() {
    let mut deal = DealPart::new(1, at(0));
    let half = Moment::from_millis(at(10).millis() + 1);
    deal.activities = vec![
        Activity {
            happened_at: half,
            known_at: half,
            ..call(0, 0)
        },
        // No second since 1970 that has a number.
        Activity {
            happened_at: Moment::from_millis(-5_000),
            ..call(0, 0)
        },
    ];
    let timeline = portal(vec![deal]);
    assert_eq!(of(&timeline, 1, 10), []);
    assert_eq!(of(&timeline, 1, 11).len(), 1);
}

fn land(
    store: &PortalStore,
    of: &ObjectType,
    id: u64,
    properties: &[(&str, String)],
    deals: &[u64],
) {
    let properties: BTreeMap<_, _> = properties
        .iter()
        .map(|(name, text)| ((*name).to_owned(), PropertyValue::from(Some(text.clone()))))
        .collect();
    let row = RecordRow {
        id: RecordId::new(id),
        created_at: Some(at(0)),
        updated_at: None,
        archived: false,
        archived_at: None,
        properties,
        histories: BTreeMap::new(),
    };
    let ties = deals.iter().map(|&deal| AssociationRow {
        from: RecordId::new(id),
        to: RecordId::new(deal),
        type_id: 206,
        category: "HUBSPOT_DEFINED".to_owned(),
        label: None,
    });
    let ties: Vec<_> = ties.collect();
    store
        .write(|tx| {
            store::apply_page(tx, of, &[row], 1, at(0))?;
            store::replace_associations(tx, of, &ObjectType::DEALS, &[RecordId::new(id)], &ties, 1)
        })
        .unwrap();
}

/// A portal on disk with two deals. The folder lives as long as the value beside it.
fn stored() -> (tempfile::TempDir, PortalStore) {
    let folder = tempfile::tempdir().unwrap();
    let dir = DataDir::open(&folder.path().join("data")).unwrap();
    let info = PortalInfo {
        id: PortalId::new(4242),
        name: "Test".to_owned(),
        time_zone: "UTC".to_owned(),
        home_currency: "EUR".to_owned(),
        account_type: None,
        ui_domain: None,
        data_hosting: None,
        read_at: at(0),
    };
    let store = PortalStore::create(&dir, &store::testing::vault(1), &info).unwrap();
    for deal in [5, 6] {
        land(&store, &ObjectType::DEALS, deal, &[], &[]);
    }
    let when = |seconds| ("hs_timestamp", at(seconds).to_string());
    let calls = [when(30), ("hs_call_direction", "OUTBOUND".to_owned())];
    land(&store, &ObjectType::CALLS, 1, &calls, &[5, 6, 99]);
    let email = [
        when(20),
        ("hs_email_direction", "INCOMING_EMAIL".to_owned()),
        ("hs_object_source", "EMAIL_INTEGRATION".to_owned()),
        ("hs_email_open_count", "3".to_owned()),
    ];
    land(&store, &ObjectType::EMAILS, 2, &email, &[6]);
    land(&store, &ObjectType::NOTES, 3, &[when(10)], &[6]);
    store
        .write(|tx| {
            store::bury(
                tx,
                &ObjectType::NOTES,
                RecordId::new(3),
                at(15),
                Gone::Archived,
            )
        })
        .unwrap();
    (folder, store)
}

#[test]
fn what_is_loaded_is_what_was_stored() {
    let (_folder, store) = stored();
    let timeline = Timeline::load(&store).unwrap();
    assert_eq!(of(&timeline, 5, 99), [call(30, 30)]);
    let email = Activity {
        kind: ActivityKind::Email,
        direction: Some(Direction::In),
        opened: true,
        automatic: Some(false),
        ..call(20, 20)
    };
    assert_eq!(of(&timeline, 6, 99), [email, call(30, 30)]);
    let note = of(&timeline, 6, 14);
    assert_eq!(note[0].gone_at, Some(at(15)));
    assert_eq!(
        (note[0].kind, note[0].direction),
        (ActivityKind::Note, None)
    );
}

/// A contact's activities, from the database and from memory; what belongs to it in two ways happened once.
#[test]
fn what_happened_around_contacts_is_known_like_that_around_deals() {
    let (_folder, store) = stored();
    let contacts = ObjectType::CONTACTS;
    let ties: Vec<_> = [(5, 194), (5, 7), (9, 194)]
        .map(|(contact, type_id)| AssociationRow {
            from: RecordId::new(1),
            to: RecordId::new(contact),
            type_id,
            category: "HUBSPOT_DEFINED".to_owned(),
            label: None,
        })
        .to_vec();
    store
        .write(|tx| {
            let calls = [RecordId::new(1)];
            store::replace_associations(tx, &ObjectType::CALLS, &contacts, &calls, &ties, 1)
        })
        .unwrap();
    let around = store
        .read(|connection| ActivitiesAround::load(connection, &contacts))
        .unwrap();
    let made = ActivitiesAround::of(&BTreeMap::from([
        (RecordId::new(5), vec![call(30, 30)]),
        (RecordId::new(9), vec![call(30, 30)]),
    ]));
    assert_eq!(around, made);
    for (contact, t, expected) in [(5, 29, 0), (5, 30, 1), (6, 99, 0), (9, 99, 1)] {
        let found = around.until(RecordId::new(contact), at(t)).count();
        assert_eq!(found, expected, "contact {contact} at {t}");
    }
}

#[test]
fn the_query_lists_each_deal_once_with_what_was_known_around_it() {
    let (_folder, store) = stored();
    let query = timeline::queries::DEALS_WITH_ACTIVITY;
    let listed = |as_of: i64| -> Vec<(u64, u32, u32, u32)> {
        let as_of = at(as_of).millis().to_string();
        let asked = rusqlite::named_params! {":as_of": as_of, ":deals": "[5, 6, 7]"};
        let rows = store.read(|connection| {
            let mut statement = connection.prepare(&query.sql())?;
            let rows = statement.query_map(asked, |row| {
                Ok((
                    row.get(0)?,
                    row.get("calls")?,
                    row.get("emails_received")?,
                    row.get("notes")?,
                ))
            })?;
            Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
        });
        rows.unwrap()
    };
    assert_eq!(listed(99), [(5, 1, 0, 0), (6, 1, 1, 0), (7, 0, 0, 0)]);
    assert_eq!(listed(12), [(5, 0, 0, 0), (6, 0, 0, 1), (7, 0, 0, 0)]);
}
