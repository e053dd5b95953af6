//! What a run over the changes reads, and what it costs.

use serde_json::json;
use store::{RunKind, RunOutcome};
use sync::SyncOptions;

use crate::both::{Both, paths, stream};
use crate::scripted::{Asked, modified_at};

#[tokio::test]
async fn a_run_after_a_copy_reads_what_changed_and_nothing_else() {
    let both = Both::copied().await;
    both.edit("deals", 7, &json!({ "amount": "777" }));
    both.edit("deals", 8, &json!({ "amount": "" }));
    both.edit("deals", 31, &json!({ "dealname": "New" }));
    both.clock.advance(1);
    let report = both.sync().await.unwrap();
    assert_eq!(
        (report.kind, report.outcome, report.generation),
        (RunKind::Changes, RunOutcome::Done, 2)
    );
    assert_eq!(
        both.copy
            .rows("SELECT record_id, amount FROM deal WHERE record_id IN (7, 8, 31) ORDER BY 1"),
        [
            r#"Integer(7) Text("777")"#,
            "Integer(8) Null",
            "Integer(31) Null"
        ]
    );
    let log = both.hubspot.take_log();
    let read: Vec<u64> = log
        .iter()
        .filter(|asked| asked.is("/batch/read") && asked.path.contains("/objects/"))
        .flat_map(|asked| asked.body["inputs"].as_array().unwrap().clone())
        .map(|input| input["id"].as_str().unwrap().parse().unwrap())
        .collect();
    assert_eq!(read, [7, 8, 31]);
    assert!(
        !log.iter().any(|asked| asked.is("/objects/2026-09/deals")),
        "no list"
    );

    let report = both.sync().await.unwrap();
    assert_eq!(
        stream(&report, "changes/deals").rows,
        0,
        "the overlap is known"
    );

    // What changed while the last run read may have changed again in the same millisecond.
    both.edit("deals", 9, &json!({ "amount": "9" }));
    for expected in [1, 1] {
        let report = both.sync().await.unwrap();
        assert_eq!(stream(&report, "changes/deals").rows, expected);
    }
    both.clock.advance(1);
    both.sync().await.unwrap();
    let report = both.sync().await.unwrap();
    assert_eq!(stream(&report, "changes/deals").rows, 0);
}

#[tokio::test]
async fn a_run_without_changes_costs_a_few_calls_however_large_the_portal() {
    let both = Both::copied().await;
    both.sync().await.unwrap();
    let few = paths(&both);
    both.hubspot.change(|portal| {
        let contacts = portal.records.get_mut("contacts").unwrap();
        contacts.extend((1_000..1_400).map(|id| (id, json!({}))));
    });
    both.sync_with(&SyncOptions {
        full: true,
        ..SyncOptions::default()
    })
    .await
    .unwrap();
    both.clock.advance(1);
    both.hubspot.take_log();
    both.sync().await.unwrap();
    assert_eq!(paths(&both), few);
    // Twelve types at three questions each, nine pairs with labels, nine types around open deals.
    assert!(few.len() < 65, "{}: {few:?}", few.len());
}

#[tokio::test]
async fn a_run_costs_calls_in_proportion_to_what_changed() {
    let both = Both::copied().await;
    both.hubspot.change(|portal| {
        let contacts = portal.records.get_mut("contacts").unwrap();
        contacts.extend((1_000..21_000).map(|id| (id, json!({}))));
    });
    let full = SyncOptions {
        full: true,
        ..SyncOptions::default()
    };
    both.sync_with(&full).await.unwrap();
    let mut calls = Vec::new();
    for percent in [0, 1, 2] {
        both.clock.advance(10);
        for id in 1_000..1_000 + 200 * percent {
            both.edit("contacts", id, &json!({ "email": format!("{percent}") }));
        }
        both.hubspot.take_log();
        both.sync().await.unwrap();
        calls.push(both.hubspot.take_log().len());
    }
    // A search page of 200 ids, two batches of 100 records, one of associations each; the windows
    // are counted once more where they took more than one page.
    let (none, one, two) = (calls[0], calls[1], calls[2]);
    assert!(one > none && one - none <= 5, "{calls:?}");
    assert!(two > one && two - none <= 2 * (one - none) + 2, "{calls:?}");
}

#[tokio::test]
async fn an_association_of_an_open_deal_is_seen_although_nothing_moves() {
    let both = Both::copied().await;
    both.hubspot.change(|portal| {
        let key = ("deals".to_owned(), 6, "contacts".to_owned());
        portal.associations.insert(key, vec![102, 103]);
    });
    both.sync().await.unwrap();
    assert_eq!(
        both.copy
            .rows("SELECT to_id FROM association WHERE from_id = 6"),
        ["Integer(102)", "Integer(103)"]
    );
}

#[tokio::test]
async fn a_new_property_is_read_for_every_record() {
    let both = Both::copied().await;
    both.hubspot.change(|portal| {
        let own = vec![("segment".to_owned(), false)];
        portal.definitions.insert("deals".to_owned(), own);
        for deal in portal.records.get_mut("deals").unwrap().values_mut() {
            deal["segment"] = json!("mid");
        }
    });
    both.sync().await.unwrap();
    let segments = "SELECT count(*) FROM record WHERE properties ->> 'segment' = 'mid' \
                    AND properties ->> 'amount' = '100'";
    assert_eq!(both.copy.count(segments), 30, "and the others stay");
    let lists = |both: &Both| {
        let log = both.hubspot.take_log();
        log.iter()
            .filter(|asked| asked.is("/objects/2026-09/deals"))
            .count()
    };
    assert_eq!(lists(&both), 1);
    both.sync().await.unwrap();
    assert_eq!(lists(&both), 0, "once");
}

#[tokio::test]
async fn a_run_over_changes_that_failed_anywhere_is_gone_on_with_and_ends_the_same() {
    let change = |both: &Both| {
        both.edit("deals", 7, &json!({ "amount": "777" }));
        both.edit("deals", 31, &json!({ "dealname": "New" }));
        both.edit("contacts", 102, &json!({ "hs_merged_object_ids": "101" }));
        both.hubspot.change(|portal| {
            portal.records.get_mut("contacts").unwrap().remove(&101);
            portal.records.get_mut("deals").unwrap().remove(&2);
            let own = vec![("segment".to_owned(), false)];
            portal.definitions.insert("deals".to_owned(), own);
        });
    };
    let options = SyncOptions {
        page_size: Some(5),
        reconcile: true,
        ..SyncOptions::default()
    };
    let whole = Both::copied().await;
    change(&whole);
    whole.sync_with(&options).await.unwrap();
    let questions = whole.hubspot.take_log().len();
    assert!(questions > 50, "{questions}");
    for n in (1..=questions).step_by(3) {
        let both = Both::copied().await;
        change(&both);
        let asked = std::sync::atomic::AtomicUsize::new(0);
        both.hubspot.script(move |_: &Asked| {
            let count = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
            (count == n).then(|| (500, json!({})))
        });
        both.sync_with(&options).await.unwrap_err();
        both.hubspot.script(|_: &Asked| None);
        let report = both.sync_with(&options).await.unwrap();
        assert_eq!(
            (report.kind, report.generation),
            (RunKind::Resumed, 2),
            "question {n}"
        );
        assert_eq!(
            both.copy.everything(),
            whole.copy.everything(),
            "question {n}"
        );
    }
}

#[test]
fn the_portals_records_are_older_than_any_window() {
    assert!(modified_at(&json!({})).millis() < 1_793_606_400_000 - 3_600_000);
}
