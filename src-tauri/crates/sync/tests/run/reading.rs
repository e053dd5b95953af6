//! What a whole pass reads and stores.

use std::collections::BTreeSet;
use std::sync::Mutex;

use serde_json::json;
use store::{RunKind, RunOutcome};
use sync::Progress;
use tokio_util::sync::CancellationToken;

use crate::scripted::{Asked, Copy, Scripted, StoppedClock};
use crate::setting::{DEALS, options, portal, sync, sync_fully};

#[tokio::test]
async fn a_whole_portal_is_read() {
    let hubspot = Scripted::serve(portal()).await;
    let copy = Copy::new();
    let report = sync(&hubspot, &copy).await.unwrap();

    assert_eq!(
        (report.kind, report.outcome),
        (RunKind::Full, RunOutcome::Done)
    );
    assert!(
        report.streams.iter().all(|stream| stream.done),
        "{report:?}"
    );
    assert_eq!(copy.count("SELECT count(*) FROM deal"), 23);
    assert_eq!(copy.count("SELECT count(*) FROM record"), 23 + 4 + 2 + 3);
    assert_eq!(
        copy.count("SELECT count(*) FROM activity WHERE at IS NOT NULL"),
        3
    );
    // Two versions of amount, stage and pipeline each.
    assert_eq!(
        copy.count("SELECT count(*) FROM property_version"),
        23 * 3 * 2
    );
    let contacts: u64 = (1..=DEALS).map(|deal| deal % 6).sum();
    let contacts = i64::try_from(contacts).unwrap();
    assert_eq!(copy.count("SELECT count(*) FROM association"), contacts);
    assert_eq!(
        copy.rows("SELECT owner_id, user_id, archived FROM owner ORDER BY owner_id"),
        [
            "Integer(1) Integer(1001) Integer(0)",
            "Integer(2) Integer(1002) Integer(0)",
            "Integer(9) Null Integer(1)"
        ]
    );
    assert_eq!(
        copy.count("SELECT count(*) FROM stage WHERE closed = 1 AND probability = 1.0"),
        3
    );
    assert_eq!(
        copy.rows("SELECT name, home_currency, time_zone FROM portal"),
        [r#"Text("Test") Text("EUR") Text("Europe/Berlin")"#]
    );
    let deal = copy.rows("SELECT name, amount, stage_id, is_closed FROM deal WHERE record_id = 3");
    assert_eq!(deal, [r#"Text("Deal 3") Text("300") Text("won") Null"#]);
    let run = copy.rows("SELECT outcome, records, calls FROM sync_run");
    assert_eq!(
        run,
        [format!(
            r#"Text("done") Integer({}) Integer({})"#,
            report.rows, report.calls
        )]
    );
}

#[tokio::test]
async fn only_what_the_portal_defines_is_asked_for_and_no_text_of_an_activity() {
    let hubspot = Scripted::serve(portal()).await;
    hubspot.change(|portal| {
        let own = vec![
            ("our_segment".to_owned(), false),
            ("hs_unwanted".to_owned(), true),
        ];
        portal.definitions.insert("deals".to_owned(), own.clone());
        portal.definitions.insert("notes".to_owned(), own);
    });
    sync(&hubspot, &Copy::new()).await.unwrap();
    let log = hubspot.take_log();
    let asked_of = |tail: &str| -> BTreeSet<String> {
        let lists = log.iter().filter(|asked| asked.is(tail));
        lists
            .flat_map(|asked| asked.query["properties"].split(',').map(str::to_owned))
            .collect()
    };
    let expected =
        ["dealname", "amount", "dealstage", "pipeline", "our_segment"].map(str::to_owned);
    let recognised = ["hs_lastmodifieddate", "hs_merged_object_ids"].map(str::to_owned);
    let mut deals = BTreeSet::from(expected);
    deals.extend(recognised.clone());
    assert_eq!(asked_of("/objects/2026-09/deals"), deals);
    assert_eq!(
        asked_of("/objects/2026-09/notes"),
        BTreeSet::from_iter(["hs_timestamp".to_owned()].into_iter().chain(recognised))
    );
}

#[tokio::test]
async fn what_a_portal_marks_as_sensitive_is_not_asked_for() {
    let hubspot = Scripted::serve(portal()).await;
    hubspot.script(|asked: &Asked| {
        let define = |name: &str, sensitivity: &str| {
            json!({
                "name": name, "label": name, "type": "string", "fieldType": "text",
                "hubspotDefined": false, "dataSensitivity": sensitivity,
            })
        };
        let own = [
            define("segment", "non_sensitive"),
            define("diagnosis", "sensitive"),
            define("account_number", "highly_sensitive"),
        ];
        asked
            .path
            .ends_with("/properties/2026-09/contacts")
            .then(|| (200, json!({ "results": own })))
    });
    sync(&hubspot, &Copy::new()).await.unwrap();
    let log = hubspot.take_log();
    let asked = log
        .iter()
        .find(|asked| asked.is("/objects/2026-09/contacts"));
    let names: BTreeSet<&str> = asked.unwrap().query["properties"].split(',').collect();
    assert!(names.contains("segment"), "{names:?}");
    assert!(
        !names.contains("diagnosis") && !names.contains("account_number"),
        "{names:?}"
    );
}

#[tokio::test]
async fn the_next_pass_sees_changes_and_marks_what_is_gone() {
    let hubspot = Scripted::serve(portal()).await;
    let copy = Copy::new();
    sync(&hubspot, &copy).await.unwrap();
    hubspot.change(|portal| {
        let deals = portal.records.get_mut("deals").unwrap();
        deals.remove(&7);
        deals.remove(&8);
        deals.get_mut(&3).unwrap()["amount"] = json!("");
        deals.insert(99, json!({ "dealname": "New" }));
        let bin = portal.archived.entry("deals".to_owned()).or_default();
        bin.insert(7, "2026-10-31T00:00:00Z".to_owned());
        let key = ("deals".to_owned(), 5, "contacts".to_owned());
        portal.associations.insert(key, vec![104]);
    });
    let report = sync_fully(&hubspot, &copy).await.unwrap();
    assert_eq!((report.generation, report.kind), (2, RunKind::Full));
    assert_eq!(
        copy.rows("SELECT record_id FROM deal WHERE archived = 1"),
        ["Integer(7)"]
    );
    let gone = "SELECT archived_at FROM record WHERE object_type = 'deals' AND archived = 1";
    assert_eq!(copy.rows(gone), ["Integer(1793404800000)"]);
    assert_eq!(
        copy.rows("SELECT amount FROM deal WHERE record_id = 3"),
        ["Null"],
        "cleared"
    );
    assert_eq!(
        copy.count("SELECT count(*) FROM deal WHERE record_id = 99"),
        1
    );
    let of_five = "SELECT to_id FROM association WHERE from_type = 'deals' AND from_id = 5";
    assert_eq!(copy.rows(of_five), ["Integer(104)"]);
    let nowhere = "SELECT count(*) FROM property_version WHERE record_id = 8";
    assert_eq!(copy.count(nowhere), 0, "and what is nowhere keeps nothing");
    let versions = "SELECT count(*) FROM property_version WHERE record_id = 7";
    assert!(copy.count(versions) > 0, "what is gone keeps its past");

    hubspot.change(|portal| {
        portal
            .records
            .get_mut("deals")
            .unwrap()
            .insert(7, json!({ "dealname": "Back" }));
    });
    sync_fully(&hubspot, &copy).await.unwrap();
    assert_eq!(
        copy.count("SELECT count(*) FROM deal WHERE archived = 1"),
        0,
        "and may come back"
    );
}

#[tokio::test]
async fn more_properties_than_an_address_holds_are_read_all_the_same() {
    let hubspot = Scripted::serve(portal()).await;
    hubspot.change(|portal| {
        let own = (0..600)
            .map(|n| (format!("a_property_of_our_own_{n}"), false))
            .collect();
        portal.definitions.insert("deals".to_owned(), own);
    });
    let copy = Copy::new();
    sync(&hubspot, &copy).await.unwrap();
    assert_eq!(
        copy.count("SELECT count(*) FROM deal WHERE name IS NOT NULL"),
        23
    );
    assert!(
        hubspot
            .take_log()
            .iter()
            .any(|asked| asked.is("/deals/batch/read"))
    );
}

#[tokio::test]
async fn progress_counts_up_to_the_whole() {
    let hubspot = Scripted::serve(portal()).await;
    let copy = Copy::new();
    let seen: Mutex<Vec<Progress>> = Mutex::default();
    let note = |progress| seen.lock().unwrap().push(progress);
    let cancel = CancellationToken::new();
    let client = hubspot.client();
    let options = options();
    let report = sync::run(
        &client,
        &copy.store,
        &options,
        &StoppedClock,
        &note,
        &cancel,
    )
    .await
    .unwrap();
    let seen = seen.into_inner().unwrap();
    let last = seen.last().unwrap();
    assert_eq!(last.streams_done, last.streams_total);
    assert_eq!(last.streams_total, report.streams.len());
    assert_eq!(last.total_rows, report.rows);
    assert!(
        seen.windows(2)
            .all(|pair| pair[0].total_rows <= pair[1].total_rows)
    );
    let deals: Vec<_> = seen
        .iter()
        .filter(|progress| progress.stream == "records/deals")
        .collect();
    let rows: Vec<u64> = deals.iter().map(|progress| progress.rows).collect();
    assert_eq!(rows, [5, 10, 15, 20, 23]);
    assert!(
        deals
            .iter()
            .all(|progress| progress.expected_rows == Some(23))
    );
}
