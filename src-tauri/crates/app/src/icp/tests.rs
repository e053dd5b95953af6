//! From a copy to the report's rows, and from each segment back to its deals.

use std::collections::BTreeSet;

use analyses::icp::{Dimension, IcpQuestion, IcpRows, icp};
use crm::{ObjectType, PipelineId, RecordId};
use jiff::tz::TimeZone;
use store::PortalStore;
use timeline::{Timeline, queries};

use super::feed::{Wanted, rows};
use super::made_up::{NOW, Put, at, filled, put, store};
use super::segments;

fn fed(store: &PortalStore, as_of: &str, pipeline: Option<&PipelineId>) -> IcpRows {
    let timeline = Timeline::load(store).unwrap();
    let dimensions = dimensions();
    let wanted = Wanted {
        as_of: at(as_of),
        pipeline,
        dimensions: &dimensions,
    };
    store
        .read(|connection| Ok(rows(connection, &timeline, &wanted)?))
        .unwrap()
}

fn dimensions() -> Vec<Dimension> {
    vec![
        Dimension::Industry,
        Dimension::Size,
        Dimension::Source,
        Dimension::Property("companies.tier".to_owned()),
        Dimension::Property("contacts.role".to_owned()),
    ]
}

/// Each segment's query lists its deals: as many, and the same.
fn check_lists(
    store: &PortalStore,
    rows: &IcpRows,
    as_of: &str,
    pipeline: Option<&PipelineId>,
) -> usize {
    let question = IcpQuestion {
        dimensions: dimensions(),
        draws: 0,
        ..IcpQuestion::at(at(as_of), TimeZone::get("Europe/Berlin").unwrap())
    };
    let report = icp(rows, &question).unwrap();
    let query = segments::query(rows, &report, pipeline);
    let sql = queries::find(&query.name).unwrap().sql();
    let all = std::iter::once(&report.all).chain(&report.segments);
    let mut checked = 0;
    for (segment, parts) in all.zip(&query.parts) {
        let listed = store.read(|connection| {
            let mut parameters: Vec<(&str, &dyn rusqlite::ToSql)> = vec![(":parts", parts)];
            for (name, value) in &query.parameters {
                parameters.push((name, value));
            }
            let mut statement = connection.prepare(&sql)?;
            let ids = statement.query_map(&*parameters, |row| Ok(RecordId::new(row.get(0)?)))?;
            Ok(ids.collect::<rusqlite::Result<Vec<_>>>()?)
        });
        assert_eq!(listed.unwrap(), segment.deals, "{:?}", segment.parts);
        assert_eq!(segment.n as usize, segment.deals.len());
        checked += 1;
    }
    checked
}

#[test]
fn the_deals_of_each_segment_are_those_that_its_query_lists() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(&folder);
    let all = fed(&store, NOW, None);
    assert_eq!((all.deals.len(), all.contacts.len()), (40, 10));
    assert!(check_lists(&store, &all, NOW, None) > 15);
    let early = fed(&store, "2026-03-15T00:00:00Z", None);
    check_lists(&store, &early, "2026-03-15T00:00:00Z", None);
    let other = PipelineId::new("other");
    let none = fed(&store, NOW, Some(&other));
    assert!(none.deals.is_empty());
    check_lists(&store, &none, NOW, Some(&other));
}

#[test]
fn values_are_those_of_the_creation_where_a_history_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(&folder);
    let before = fed(&store, NOW, None);
    let of = |rows: &IcpRows, id: u64| {
        let deal = rows
            .deals
            .iter()
            .find(|deal| deal.id == RecordId::new(id))
            .unwrap();
        deal.companies[0].values.get(&Dimension::Industry).cloned()
    };
    // Deal 1013 is of company 4, which is in energy by now; nothing says since when.
    assert_eq!(of(&before, 1013).as_deref(), Some("ENERGY"));
    assert!(before.of_today[&Dimension::Industry] > 0);
    let known = |versions: &[(&str, &str, &str)]| {
        put(
            &store,
            &Put {
                object: ObjectType::COMPANIES,
                id: 4,
                created: "2026-01-01T00:00:00Z",
                values: &[("industry", "ENERGY"), ("numberofemployees", "5")],
                versions,
            },
        );
        of(&fed(&store, NOW, None), 1013)
    };
    // Filled in after the deal was created: unknown then.
    let late = ("industry", "2026-06-01T00:00:00Z", "ENERGY");
    assert_eq!(known(&[late]), None);
    let early = ("industry", "2026-02-01T00:00:00Z", "RETAIL");
    assert_eq!(known(&[early, late]).as_deref(), Some("RETAIL"));
    let rows = fed(&store, NOW, None);
    check_lists(&store, &rows, NOW, None);
}

#[test]
fn merged_records_and_contacts_of_five_deals_count_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(&folder);
    let contact = |rows: &IcpRows, id: u64| {
        rows.contacts
            .iter()
            .filter(|c| c.id == RecordId::new(id))
            .count()
    };
    let before = fed(&store, NOW, None);
    // Contact 102 is on four deals, and has its first with the first of them.
    assert_eq!(contact(&before, 102), 1);
    let row = before
        .contacts
        .iter()
        .find(|c| c.id == RecordId::new(102))
        .unwrap();
    assert_eq!(row.first_deal_at, Some(at("2026-03-02T10:00:00Z")));
    store
        .write(|tx| {
            let (from, to) = (RecordId::new(102), RecordId::new(103));
            store::merge_record(tx, &ObjectType::CONTACTS, from, to, at(NOW))?;
            let (from, to) = (RecordId::new(1001), RecordId::new(1002));
            store::merge_record(tx, &ObjectType::DEALS, from, to, at(NOW))
        })
        .unwrap();
    let after = fed(&store, NOW, None);
    // The contact was left out; of the deals, one carries on what the other said, and is both.
    assert_eq!((contact(&after, 102), after.merged), (0, 1));
    assert_eq!(after.deals.len(), before.deals.len() - 1);
    check_lists(&store, &after, NOW, None);
}

#[test]
fn a_property_that_got_another_label_is_the_same_property() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(&folder);
    let define = |label: &str, gold: &str| {
        let sql = format!(
            "INSERT OR REPLACE INTO property_definition
            (object_type, name, label, type, field_type, details) VALUES
            ('companies', 'tier', '{label}', 'enumeration', 'select',
            '{{\"options\": [{{\"value\": \"gold\", \"label\": \"{gold}\"}}]}}')"
        );
        store.write(|tx| Ok(tx.execute_batch(&sql)?)).unwrap();
    };
    let asked = |name: &str, value: &str| {
        let declared = [(name.to_owned(), vec![value.to_owned()])].into();
        store
            .read(|connection| Ok(super::declared::resolve(connection, &declared)?))
            .unwrap()
    };
    define("Tier", "Gold");
    let resolved = asked("tier", "GOLD").unwrap();
    assert_eq!(resolved["companies.tier"], ["gold"]);
    let before = fed(&store, NOW, None);
    define("Account class", "First class");
    assert_eq!(fed(&store, NOW, None), before);
    assert_eq!(asked("companies.tier", "first class").unwrap(), resolved);
    assert_eq!(asked("tier", "gold").unwrap(), resolved);
    assert!(asked("tier", "Silver").is_err());
    assert!(asked("nothing", "gold").is_err());
    assert!(asked("size", "51-200").is_ok() && asked("size", "52-200").is_err());
}

#[test]
fn amounts_in_other_currencies_count_in_the_home_currency_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let won = |id: u64, currency: &str, amount: &str, home: &str| {
        let created = "2026-03-02T10:00:00Z";
        put(
            &store,
            &Put {
                object: ObjectType::DEALS,
                id,
                created,
                values: &[
                    ("createdate", created),
                    ("dealstage", "won"),
                    ("pipeline", "default"),
                    ("amount", amount),
                    ("deal_currency_code", currency),
                    ("amount_in_home_currency", home),
                ],
                versions: &[
                    ("dealstage", created, "open"),
                    ("dealstage", "2026-04-01T10:00:00Z", "won"),
                    ("amount", created, amount),
                ],
            },
        );
    };
    won(1, "EUR", "100", "100");
    won(2, "USD", "1000", "900");
    won(3, "USD", "10", "");
    won(4, "GBP", "50", "");
    let amounts: Vec<_> = fed(&store, NOW, None)
        .deals
        .iter()
        .map(|deal| deal.amount)
        .collect();
    assert_eq!(amounts, [Some(100.0), Some(900.0), Some(9.0), None]);
}

#[test]
fn what_is_declared_is_kept_version_by_version() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let declare = |day: &str, values: &[(&str, &str)]| {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]))
            .collect();
        store
            .write(|tx| store::declare_icp(tx, at(day), None, "Best", &values))
            .unwrap();
    };
    declare("2026-01-01T00:00:00Z", &[("industry", "RETAIL")]);
    declare("2026-02-01T00:00:00Z", &[]);
    let versions = super::declared::versions(&store).unwrap();
    let seen: Vec<_> = versions
        .iter()
        .map(|v| (v.version, v.declared.len()))
        .collect();
    assert_eq!(seen, [(2, 0), (1, 1)]);
    assert!(versions.iter().all(|version| version.name == "Best"));
    let changed = store.write(|tx| Ok(tx.execute("UPDATE declared_icp SET declared = '{}'", [])?));
    assert!(changed.is_err(), "what was declared never changes");
    let distinct: BTreeSet<_> = versions.iter().map(|v| v.declared_at).collect();
    assert_eq!(distinct.len(), 2);
}
