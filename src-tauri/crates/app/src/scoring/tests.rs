//! From a copy to what is known beside the timelines of its deals and contacts.

use analyses::scoring::Scored;
use analyses::scoring::rows::{Beside, RowsQuestion, learning};
use crm::{ObjectType, RecordId};
use store::PortalStore;
use timeline::{ActivityKind, Direction, Timeline, queries};

use super::feed;
use crate::icp::made_up::{NOW, Put, at, link, put, store};

const BEFORE: &str = "2026-03-01T08:00:00Z";
const CREATED: &str = "2026-03-02T08:00:00Z";
const LATER: &str = "2026-04-01T08:00:00Z";

/// A contact with a company, a call that belongs to it twice, and two deals of which one is won; one that
/// was deleted, and one that was merged into the first.
fn met(folder: &tempfile::TempDir) -> PortalStore {
    let store = store(folder);
    let sql = r#"INSERT INTO property_definition
        (object_type, name, label, type, field_type, details)
        VALUES
        ('contacts', 'lifecyclestage', 'Lebenszyklus', 'enumeration', 'radio',
            '{"options": [{"value": "lead", "label": "Interessent"}, {"value": "88", "label": "Kunde"}]}'),
        ('contacts', 'hubspot_owner_id', 'Contact owner', 'enumeration', 'select', '{}'),
        ('contacts', 'jobtitle', 'Job title', 'string', 'text', '{}'),
        ('contacts', 'country', 'Country', 'string', 'text', '{}'),
        ('contacts', 'fit', 'Fit', 'number', 'number', '{}'),
        ('companies', 'fit', 'Fit', 'string', 'text', '{}'),
        ('companies', 'industry', 'Industry', 'string', 'text', '{}'),
        ('companies', 'tier', 'Tier', 'string', 'text', '{}'),
        ('deals', 'tier', 'Tier of the deal', 'string', 'text', '{}'),
        ('deals', 'stakes', 'Stakes', 'string', 'text', '{}');"#;
    store.write(|tx| Ok(tx.execute_batch(sql)?)).unwrap();
    for (id, industry) in [(1, "RETAIL"), (2, "ENERGY")] {
        put(
            &store,
            &Put {
                object: ObjectType::COMPANIES,
                id,
                created: BEFORE,
                values: &[("industry", industry), ("tier", "gold")],
                versions: &[],
            },
        );
    }
    for id in [101, 102, 103] {
        put(
            &store,
            &Put {
                object: ObjectType::CONTACTS,
                id,
                created: CREATED,
                values: &[
                    ("firstname", "Ada"),
                    ("jobtitle", "Head of IT"),
                    ("hubspot_owner_id", "7"),
                    ("lifecyclestage", "88"),
                    ("country", "Austria"),
                    ("fit", "0.5"),
                ],
                versions: if id == 101 {
                    &[
                        ("lifecyclestage", CREATED, "lead"),
                        ("lifecyclestage", LATER, "88"),
                    ]
                } else {
                    &[]
                },
            },
        );
    }
    for (id, stage) in [(1001, "won"), (1002, "open")] {
        put(
            &store,
            &Put {
                object: ObjectType::DEALS,
                id,
                created: CREATED,
                values: &[
                    ("dealstage", stage),
                    ("pipeline", "default"),
                    (
                        "hs_is_closed_won",
                        if stage == "won" { "true" } else { "false" },
                    ),
                ],
                versions: &[
                    ("dealstage", CREATED, "open"),
                    ("pipeline", CREATED, "default"),
                    ("dealstage", LATER, stage),
                ],
            },
        );
        link(&store, ("deals", id), ("contacts", 101), 3);
    }
    // The second company is the primary one.
    link(&store, ("contacts", 101), ("companies", 1), 279);
    link(&store, ("contacts", 101), ("companies", 2), 279);
    link(&store, ("contacts", 101), ("companies", 2), 1);
    put(
        &store,
        &Put {
            object: ObjectType::CALLS,
            id: 5,
            created: "2026-03-05T08:00:00Z",
            values: &[
                ("hs_timestamp", "2026-03-05T08:00:00Z"),
                ("hs_call_direction", "INBOUND"),
            ],
            versions: &[],
        },
    );
    for type_id in [194, 7] {
        link(&store, ("calls", 5), ("contacts", 101), type_id);
    }
    put(
        &store,
        &Put {
            object: ObjectType::MEETINGS,
            id: 6,
            created: "2026-03-06T08:00:00Z",
            values: &[("hs_timestamp", "2026-03-20T08:00:00Z")],
            versions: &[],
        },
    );
    link(&store, ("meetings", 6), ("contacts", 101), 200);
    let bury = |id, gone| {
        let (id, when) = (RecordId::new(id), at("2026-03-20T08:00:00Z"));
        let done = store.write(|tx| store::bury(tx, &ObjectType::CONTACTS, id, when, gone));
        done.unwrap();
    };
    bury(102, store::Gone::Archived);
    bury(103, store::Gone::Merged);
    store
}

fn beside(store: &PortalStore, of: Scored, more: &[&str]) -> Option<Beside> {
    let more: Vec<String> = more.iter().map(|name| (*name).to_owned()).collect();
    store
        .read(|connection| feed::beside(connection, of, &more))
        .unwrap()
        .ok()
}

#[test]
fn what_is_kept_of_contacts_is_what_the_copy_says() {
    let folder = tempfile::tempdir().unwrap();
    let store = met(&folder);
    let beside = beside(&store, Scored::Contacts, &[]).unwrap();
    let id = RecordId::new(101);
    assert_eq!(beside.companies.get(&id), Some(&RecordId::new(2)));
    let people: Vec<(u64, bool, bool, usize)> = beside
        .people
        .iter()
        .map(|of| {
            (
                of.id.get(),
                of.gone_at.is_some(),
                of.is_merged,
                of.deals.len(),
            )
        })
        .collect();
    assert_eq!(
        people,
        [
            (101, false, false, 2),
            (102, true, false, 0),
            (103, true, true, 0)
        ]
    );
    let around: Vec<_> = beside.around.until(id, at(NOW)).collect();
    let around: Vec<_> = around.iter().map(|of| (of.kind, of.direction)).collect();
    assert_eq!(
        around,
        [
            (ActivityKind::Call, Some(Direction::In)),
            (ActivityKind::Meeting, None)
        ],
        "each once"
    );
    assert_eq!(beside.planned[&id].len(), 1);
    let lifecycle = beside.lifecycle.unwrap();
    assert_eq!(lifecycle.label, "Lebenszyklus");
    assert_eq!(
        lifecycle.values,
        ["Interessent", "Kunde"],
        "as it calls them"
    );
    assert_eq!(
        lifecycle.said[&id],
        [(at(CREATED), Some(0)), (at(LATER), Some(1))]
    );
    // No history is kept of the others' stages, nor of any title.
    assert_eq!((lifecycle.of_today, beside.title.unwrap().of_today), (2, 3));
    let names: Vec<&str> = beside
        .properties
        .iter()
        .map(|of| of.name.as_str())
        .collect();
    assert_eq!(names, ["contacts.country", "companies.industry"]);
    let industry = &beside.properties[1];
    assert_eq!(industry.values, ["ENERGY"], "of the primary company");
}

#[test]
fn a_property_is_added_by_its_name_where_a_contact_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = met(&folder);
    let check = |of, name: &str, expected: Option<&str>| {
        let found = beside(&store, of, &[name]);
        let found = found.map(|beside| beside.properties.last().unwrap().name.clone());
        assert_eq!(found.as_deref(), expected, "{name}");
    };
    check(Scored::Contacts, "fit", Some("contacts.fit"));
    check(Scored::Contacts, "companies.fit", Some("companies.fit"));
    check(Scored::Contacts, "tier", Some("companies.tier"));
    // A contact may have many deals, and deals have no property of it.
    check(Scored::Contacts, "stakes", None);
    check(Scored::Contacts, "deals.tier", None);
    check(Scored::Contacts, "companies.nothing", None);
    check(Scored::Deals, "stakes", Some("deals.stakes"));
    check(Scored::Deals, "contacts.fit", Some("contacts.fit"));
}

/// The contact converted when its deal was won, and is seen until then.
#[test]
fn a_copy_gives_rows_of_its_contacts() {
    let folder = tempfile::tempdir().unwrap();
    let store = met(&folder);
    let beside = beside(&store, Scored::Contacts, &[]).unwrap();
    let question = RowsQuestion {
        of: Scored::Contacts,
        ..RowsQuestion::at(at(NOW))
    };
    let rows = learning(&Timeline::load(&store).unwrap(), &beside, &question).unwrap();
    assert_eq!(rows.records, [RecordId::new(101); 3]);
    assert_eq!(rows.table.happened(), [true; 3]);
    let days: Vec<i64> = rows
        .seen
        .iter()
        .map(|seen| seen.since(at(CREATED)).as_hours() / 24)
        .collect();
    assert_eq!(days, [0, 7, 14]);
}

#[test]
fn the_contacts_behind_a_count_are_listed_with_their_deals() {
    let folder = tempfile::tempdir().unwrap();
    let store = met(&folder);
    let sql = queries::find("contacts_behind_score").unwrap().sql();
    let listed = store.read(|connection| {
        let mut statement = connection.prepare(&sql)?;
        let rows = statement.query_map(&[(":contacts", "[101, 102, 999]")], |row| {
            Ok((
                row.get::<_, u64>(0)?,
                row.get::<_, Option<String>>("name")?,
                row.get::<_, u32>("deals")?,
                row.get::<_, u32>("won")?,
            ))
        })?;
        Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
    });
    let ada = Some("Ada".to_owned());
    assert_eq!(
        listed.unwrap(),
        [
            (101, ada.clone(), 2, 1),
            (102, ada, 0, 0),
            (999, None, 0, 0)
        ]
    );
    let names = feed::names(&store, Scored::Contacts).unwrap();
    assert_eq!(names[&RecordId::new(101)], "Ada");
}
