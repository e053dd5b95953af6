//! Runs that stop, and the runs that go on from there.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;
use store::{RunKind, RunOutcome, StoreError};
use sync::SyncError;
use tokio_util::sync::CancellationToken;

use crate::scripted::{Asked, Copy, Scripted, StoppedClock};
use crate::setting::{options, portal, sync};

#[tokio::test]
async fn a_run_that_failed_is_gone_on_with_and_ends_the_same() {
    let hubspot = Scripted::serve(portal()).await;
    let whole = Copy::new();
    sync(&hubspot, &whole).await.unwrap();

    // The failure comes at the n-th question, for every n there is.
    for n in 1_u32.. {
        let copy = Copy::new();
        let count = AtomicU32::new(0);
        hubspot.script(move |_: &Asked| {
            (count.fetch_add(1, Ordering::SeqCst) + 1 == n).then(|| (500, json!({})))
        });
        let failed = sync(&hubspot, &copy).await;
        hubspot.script(|_: &Asked| None);
        let Err(error) = failed else {
            // Counting for the progress may fail without harm; beyond the last question nothing
            // fails any more.
            if hubspot.take_log().len() < usize::try_from(n).unwrap() {
                assert!(n > 30, "the run asks more questions than that");
                return;
            }
            continue;
        };
        assert!(matches!(error, SyncError::HubSpot { .. }), "{error}");
        let code = copy.rows("SELECT outcome, error_code FROM sync_run");
        assert_eq!(code, [r#"Text("failed") Text("hubspot_unavailable")"#]);
        hubspot.take_log();
        let report = sync(&hubspot, &copy).await.unwrap();
        assert_eq!(
            (report.kind, report.generation),
            (RunKind::Resumed, 1),
            "question {n}"
        );
        assert_eq!(copy.everything(), whole.everything(), "question {n}");
        hubspot.take_log();
    }
}

#[tokio::test]
async fn pages_that_are_stored_are_not_asked_for_again() {
    let hubspot = Scripted::serve(portal()).await;
    let copy = Copy::new();
    hubspot.script(|asked: &Asked| {
        (asked.is("/deals") && asked.after() == Some("16")).then(|| (500, json!({})))
    });
    sync(&hubspot, &copy).await.unwrap_err();
    assert_eq!(copy.count("SELECT count(*) FROM deal"), 15);
    hubspot.script(|_: &Asked| None);
    hubspot.take_log();
    sync(&hubspot, &copy).await.unwrap();
    let log = hubspot.take_log();
    let pages: Vec<_> = log
        .iter()
        .filter(|asked| asked.is("/objects/2026-09/deals"))
        .map(|asked| asked.after().unwrap_or("the start"))
        .collect();
    assert_eq!(pages, ["16", "21"]);
    assert!(
        !log.iter()
            .any(|asked| asked.is("/properties/2026-09/deals"))
    );
}

#[tokio::test]
async fn a_stop_is_heard_while_an_answer_is_awaited() {
    let hubspot = Scripted::serve(portal()).await;
    let copy = Copy::new();
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    hubspot.script(move |asked: &Asked| {
        let page = asked.is("/objects/2026-09/deals") && asked.after() == Some("11");
        page.then(|| {
            stop.cancel();
            (0, json!({}))
        })
    });
    let client = hubspot.client();
    let options = options();
    let run = sync::run(
        &client,
        &copy.store,
        &options,
        &StoppedClock,
        &|_| {},
        &cancel,
    );
    let report = run.await.expect("a stop is no failure");
    assert_eq!(report.outcome, RunOutcome::Cancelled);
    assert_eq!(
        copy.rows("SELECT outcome FROM sync_run"),
        [r#"Text("cancelled")"#]
    );
    hubspot.script(|_: &Asked| None);
    let report = sync(&hubspot, &copy).await.unwrap();
    assert_eq!(
        (report.kind, report.outcome),
        (RunKind::Resumed, RunOutcome::Done)
    );
    let whole = Copy::new();
    sync(&hubspot, &whole).await.unwrap();
    assert_eq!(copy.everything(), whole.everything());
}

#[tokio::test]
async fn a_full_disk_stops_the_run_and_room_lets_it_go_on() {
    let mut large = portal();
    for record in large.records.get_mut("deals").unwrap().values_mut() {
        record["dealname"] = json!("x".repeat(20_000));
    }
    let hubspot = Scripted::serve(large).await;
    let (whole, copy) = (Copy::new(), Copy::new());
    sync(&hubspot, &whole).await.unwrap();
    let allow = |pages: i64| {
        let sql = format!("PRAGMA max_page_count = {pages}");
        copy.store
            .write(|tx| Ok(tx.query_row(&sql, [], |row| row.get::<_, i64>(0))?))
            .unwrap();
    };
    allow(120);
    let error = sync(&hubspot, &copy).await.unwrap_err();
    assert!(
        matches!(error, SyncError::Store(StoreError::DiskFull)),
        "{error}"
    );
    assert_eq!(error.code(), "disk_full");
    let stored = copy.count("SELECT count(*) FROM deal");
    let counted = "SELECT rows_seen FROM sync_cursor WHERE stream = 'records/deals'";
    assert!(stored < 23, "the disk was full in the middle");
    if stored > 0 {
        assert_eq!(
            copy.count(counted),
            stored,
            "the cursor speaks of what is there"
        );
    }
    allow(100_000);
    sync(&hubspot, &copy).await.unwrap();
    assert_eq!(copy.everything(), whole.everything());
}
