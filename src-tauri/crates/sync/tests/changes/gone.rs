//! Records that were archived, merged or purged, and the comparison of all ids.

use std::collections::BTreeMap;

use serde_json::json;
use store::RunKind;

use crate::both::Both;
use crate::scripted::Asked;

#[tokio::test]
async fn what_is_gone_is_noticed_and_told_apart() {
    let both = Both::copied().await;
    both.hubspot.change(|portal| {
        let deals = portal.records.get_mut("deals").unwrap();
        deals.remove(&4);
        let bin = portal.archived.entry("deals".to_owned()).or_default();
        bin.insert(4, "2026-11-01T00:00:00Z".to_owned());
    });
    both.sync().await.unwrap();
    let gone = "SELECT record_id, gone, archived_at FROM record WHERE gone IS NOT NULL ORDER BY 1";
    assert_eq!(
        both.copy.rows(gone),
        [r#"Integer(4) Text("archived") Integer(1793491200000)"#]
    );
    let log = both.hubspot.take_log();
    assert!(
        !log.iter().any(|asked| asked.is("/objects/2026-09/deals")
            && asked
                .query
                .get("archived")
                .is_some_and(|archived| archived == "false")),
        "the recycle bin explains it"
    );

    // A privacy deletion is nowhere, and leaves nothing.
    both.hubspot.change(|portal| {
        portal.records.get_mut("deals").unwrap().remove(&5);
        portal.records.get_mut("contacts").unwrap().remove(&101);
    });
    both.clock.advance(1);
    both.sync().await.unwrap();
    for table in ["record", "deal", "property_version"] {
        let left = format!("SELECT count(*) FROM {table} WHERE record_id IN (5, 101)");
        assert_eq!(both.copy.count(&left), 0, "{table}");
    }
    assert_eq!(both.copy.count("SELECT count(*) FROM association"), 0);
    assert_eq!(both.live_deals(), 28);

    // And what comes back is live again.
    both.hubspot.change(|portal| {
        portal.archived.clear();
        let deals = portal.records.get_mut("deals").unwrap();
        deals.insert(4, json!({ "dealname": "Back" }));
    });
    both.clock.advance(1);
    both.sync().await.unwrap();
    assert_eq!(both.live_deals(), 29);
    assert!(both.copy.rows(gone).is_empty());
}

#[tokio::test]
async fn a_merge_is_followed_to_its_survivor() {
    let both = Both::copied().await;
    both.hubspot.change(|portal| {
        let contacts = portal.records.get_mut("contacts").unwrap();
        contacts.remove(&101);
        let key = ("deals".to_owned(), 5, "contacts".to_owned());
        portal.associations.insert(key, vec![102]);
    });
    both.edit("contacts", 102, &json!({ "hs_merged_object_ids": "101;77", "hs_calculated_merged_vids": "66:1790000000000" }));
    both.sync().await.unwrap();
    assert_eq!(
        both.copy
            .rows("SELECT record_id, gone FROM record WHERE gone IS NOT NULL"),
        [r#"Integer(101) Text("merged")"#]
    );
    assert_eq!(
        both.copy.rows("SELECT from_id, to_id FROM association"),
        ["Integer(5) Integer(102)"],
        "the deal was asked again"
    );
    both.clock.advance(1);
    both.hubspot.change(|portal| {
        portal.records.get_mut("contacts").unwrap().remove(&102);
        let key = ("deals".to_owned(), 5, "contacts".to_owned());
        portal.associations.insert(key, vec![500]);
    });
    // Some merges make a new record.
    both.edit(
        "contacts",
        500,
        &json!({ "hs_merged_object_ids": "102;103" }),
    );
    both.hubspot.change(|portal| {
        portal.records.get_mut("contacts").unwrap().remove(&103);
    });
    both.sync().await.unwrap();
    let survivors: BTreeMap<u64, u64> = [66, 77, 101, 102, 103, 500]
        .into_iter()
        .map(|id| {
            let survivor = both.copy.store.read(|connection| {
                store::resolve(
                    connection,
                    &crm::ObjectType::CONTACTS,
                    crm::RecordId::new(id),
                )
            });
            (id, survivor.unwrap().get())
        })
        .collect();
    assert!(
        survivors.values().all(|survivor| *survivor == 500),
        "{survivors:?}"
    );
    let live = "SELECT record_id FROM record WHERE object_type = 'contacts' AND archived = 0";
    assert_eq!(both.copy.rows(live), ["Integer(500)"]);
    assert_eq!(
        both.copy.rows("SELECT to_id FROM association"),
        ["Integer(500)"]
    );
}

#[tokio::test]
async fn a_merge_that_no_property_tells_of_is_found_before_anything_is_purged() {
    let both = Both::copied().await;
    both.hubspot.change(|portal| {
        let contacts = portal.records.get_mut("contacts").unwrap();
        contacts.remove(&101);
        contacts.remove(&103);
    });
    both.hubspot.script(|asked: &Asked| {
        let survivor = json!({ "id": "102", "archived": false, "properties": {} });
        asked.is("/contacts/101").then_some((200, survivor))
    });
    both.sync().await.unwrap();
    assert_eq!(
        both.copy
            .rows("SELECT record_id, gone FROM record WHERE object_type = 'contacts' ORDER BY 1"),
        [r#"Integer(101) Text("merged")"#, "Integer(102) Null"],
        "and what is nowhere is purged"
    );
    assert_eq!(
        both.copy
            .rows("SELECT record_id, survivor_id FROM merged_record"),
        ["Integer(101) Integer(102)"]
    );
}

#[tokio::test]
async fn a_merge_into_a_record_that_was_archived_later_is_found() {
    let both = Both::copied().await;
    both.hubspot.change(|portal| {
        let contacts = portal.records.get_mut("contacts").unwrap();
        contacts.remove(&101);
        contacts.remove(&102);
        let bin = portal.archived.entry("contacts".to_owned()).or_default();
        bin.insert(102, "2026-11-01T00:00:00Z".to_owned());
    });
    both.hubspot.script(|asked: &Asked| {
        let binned = asked
            .query
            .get("archived")
            .is_some_and(|flag| flag == "true");
        let survivor = json!({
            "id": "102", "archived": true, "archivedAt": "2026-11-01T00:00:00Z", "properties": {},
        });
        (binned && asked.is("/contacts/101")).then_some((200, survivor))
    });
    both.sync().await.unwrap();
    assert_eq!(
        both.copy
            .rows("SELECT record_id, gone FROM record WHERE object_type = 'contacts' ORDER BY 1"),
        [
            r#"Integer(101) Text("merged")"#,
            r#"Integer(102) Text("archived")"#,
            "Integer(103) Null"
        ]
    );
    assert_eq!(
        both.copy
            .rows("SELECT record_id, survivor_id FROM merged_record"),
        ["Integer(101) Integer(102)"]
    );
}

#[tokio::test]
async fn a_comparison_of_all_ids_finds_what_no_change_told() {
    let both = Both::copied().await;
    both.hubspot.change(|portal| {
        let calculated = vec![("days_to_close".to_owned(), true)];
        portal.definitions.insert("deals".to_owned(), calculated);
        let deals = portal.records.get_mut("deals").unwrap();
        // One that neither the list nor the index ever showed, and one that was archived meanwhile.
        deals.insert(40, json!({ "dealname": "Overlooked" }));
        deals.remove(&12);
        let bin = portal.archived.entry("deals".to_owned()).or_default();
        bin.insert(12, "2026-11-01T00:00:00Z".to_owned());
    });
    both.sync().await.unwrap();
    assert_eq!(
        both.live_deals(),
        30,
        "the counts agree, so nothing was seen"
    );
    let report = both.reconcile().await;
    assert_eq!(report.kind, RunKind::Changes);
    assert_eq!(
        both.copy
            .rows("SELECT archived FROM deal WHERE record_id IN (12, 40) ORDER BY record_id"),
        ["Integer(1)", "Integer(0)"]
    );
    assert_eq!(both.copy.count("SELECT count(*) FROM met_record"), 0);

    // A day later it is done by itself.
    both.hubspot.change(|portal| {
        let deals = portal.records.get_mut("deals").unwrap();
        deals.remove(&13);
        deals.insert(41, json!({ "dealname": "Overlooked" }));
    });
    both.clock.advance(24 * 60);
    both.sync().await.unwrap();
    assert_eq!(
        both.copy
            .count("SELECT count(*) FROM deal WHERE record_id = 41"),
        1
    );
    assert_eq!(
        both.copy
            .count("SELECT count(*) FROM deal WHERE record_id = 13"),
        0
    );
}
