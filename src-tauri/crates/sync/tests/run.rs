//! Runs against a HubSpot that says what the test wants it to say.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod scripted;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use hubspot::Client;
use scripted::{Asked, Copy, Portal, Scripted, StoppedClock};
use serde_json::json;
use store::{RunKind, RunOutcome, StoreError};
use sync::{Progress, SyncError, SyncOptions, SyncReport};
use tokio_util::sync::CancellationToken;

const DEALS: u64 = 23;

/// 23 deals, 4 contacts, 2 companies, 3 notes; each deal with one to five contacts.
fn portal() -> Portal {
    let mut portal = Portal::default();
    let mut add = |object: &str, ids: std::ops::RangeInclusive<u64>| {
        let of = portal.records.entry(object.to_owned()).or_default();
        for id in ids {
            let properties = json!({
                "dealname": format!("Deal {id}"), "amount": (id * 100).to_string(),
                "dealstage": if id % 3 == 0 { "won" } else { "open" }, "pipeline": "default",
                "hs_timestamp": "2026-10-01T08:00:00Z",
            });
            of.insert(id, properties);
        }
    };
    add("deals", 1..=DEALS);
    add("contacts", 101..=104);
    add("companies", 201..=202);
    add("notes", 301..=303);
    for deal in 1..=DEALS {
        let contacts = (101..)
            .take(usize::try_from(deal % 6).unwrap())
            .collect::<Vec<_>>();
        if !contacts.is_empty() {
            let key = ("deals".to_owned(), deal, "contacts".to_owned());
            portal.associations.insert(key, contacts);
        }
    }
    portal
}

fn options() -> SyncOptions {
    SyncOptions {
        page_size: Some(5),
        ..SyncOptions::default()
    }
}

async fn sync_with(
    client: &Client,
    copy: &Copy,
    options: &SyncOptions,
) -> Result<SyncReport, SyncError> {
    let cancel = CancellationToken::new();
    sync::run(
        client,
        &copy.store,
        options,
        &StoppedClock,
        &|_| {},
        &cancel,
    )
    .await
}

async fn sync(hubspot: &Scripted, copy: &Copy) -> Result<SyncReport, SyncError> {
    sync_with(&hubspot.client(), copy, &options()).await
}

/// Everything again.
async fn sync_fully(hubspot: &Scripted, copy: &Copy) -> Result<SyncReport, SyncError> {
    let options = SyncOptions {
        full: true,
        ..options()
    };
    sync_with(&hubspot.client(), copy, &options).await
}

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
        1
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
async fn a_cursor_that_comes_twice_ends_the_run() {
    let hubspot = Scripted::serve(portal()).await;
    hubspot.script(|asked: &Asked| {
        asked.is("/objects/2026-09/deals").then(|| {
            let record = json!({ "id": "1", "properties": {} });
            (
                200,
                json!({ "results": [record], "paging": { "next": { "after": "2" } } }),
            )
        })
    });
    let error = sync(&hubspot, &Copy::new()).await.unwrap_err();
    assert!(matches!(error, SyncError::CursorRepeated { .. }), "{error}");
    assert_eq!(error.code(), "cursor_repeated");
}

#[tokio::test]
async fn a_few_empty_pages_are_followed_and_many_are_not() {
    for (empty_pages, tolerated) in [(3, true), (4, false)] {
        let hubspot = Scripted::serve(portal()).await;
        let copy = Copy::new();
        hubspot.script(move |asked: &Asked| {
            let page: u32 = match asked.after() {
                _ if !asked.is("/objects/2026-09/deals") => return None,
                None => 0,
                Some(after) => after.strip_prefix("empty-")?.parse().ok()?,
            };
            let next = if page + 1 < empty_pages {
                format!("empty-{}", page + 1)
            } else {
                "1".to_owned()
            };
            Some((
                200,
                json!({ "results": [], "paging": { "next": { "after": next } } }),
            ))
        });
        match (sync(&hubspot, &copy).await, tolerated) {
            (Ok(_), true) => assert_eq!(copy.count("SELECT count(*) FROM deal"), 23),
            (Err(SyncError::EmptyPages { pages: 4, .. }), false) => {}
            (other, _) => panic!("{empty_pages} empty pages: {other:?}"),
        }
    }
}

#[tokio::test]
async fn what_is_forbidden_is_told_and_the_rest_goes_on() {
    let hubspot = Scripted::serve(portal()).await;
    let copy = Copy::new();
    sync(&hubspot, &copy).await.unwrap();
    hubspot.script(|asked: &Asked| {
        let forbidden =
            asked.is("/objects/2026-09/notes") || asked.path.contains("/deals/companies/");
        forbidden.then(|| {
            (
                403,
                json!({ "status": "error", "category": "MISSING_SCOPES" }),
            )
        })
    });
    let report = sync_fully(&hubspot, &copy).await.unwrap();
    assert_eq!(report.outcome, RunOutcome::Done);
    let unavailable: Vec<_> = report
        .streams
        .iter()
        .filter_map(|stream| Some((stream.stream.as_str(), stream.unavailable.as_deref()?)))
        .collect();
    assert_eq!(
        unavailable,
        [
            ("records/notes", "missing_scopes"),
            ("gone/notes", "records_unavailable"),
            ("associations/deals/companies", "missing_scopes"),
            ("associations/notes/deals", "records_unavailable"),
            ("associations/notes/contacts", "records_unavailable"),
            ("associations/notes/companies", "records_unavailable"),
        ]
    );
    let notes = "SELECT count(*) FROM record WHERE object_type = 'notes' AND archived = 0";
    assert_eq!(
        copy.count(notes),
        3,
        "what cannot be seen is not taken for gone"
    );
}

/// The refusal may come while the page before it is still being stored.
#[tokio::test]
async fn a_refusal_in_the_middle_is_written_down_after_what_came_before() {
    let hubspot = Scripted::serve(portal()).await;
    let copy = Copy::new();
    sync(&hubspot, &copy).await.unwrap();
    hubspot.script(|asked: &Asked| {
        let forbidden = asked.is("/objects/2026-09/deals") && asked.after().is_some();
        forbidden.then(|| (403, json!({ "status": "error", "category": "FORBIDDEN" })))
    });
    let report = sync_fully(&hubspot, &copy).await.unwrap();
    assert_eq!(report.outcome, RunOutcome::Done);
    assert_eq!(
        copy.rows(
            "SELECT done, unavailable, rows_seen FROM sync_cursor WHERE stream = 'records/deals'"
        ),
        [r#"Integer(1) Text("forbidden") Integer(5)"#]
    );
    assert_eq!(
        copy.count("SELECT count(*) FROM deal WHERE archived = 0"),
        23
    );
}

#[tokio::test]
async fn another_accounts_token_writes_nothing() {
    let hubspot = Scripted::serve(portal()).await;
    hubspot.script(|asked: &Asked| {
        asked
            .is("/details")
            .then(|| (200, json!({ "portalId": 1 })))
    });
    let copy = Copy::new();
    let error = sync(&hubspot, &copy).await.unwrap_err();
    assert!(matches!(error, SyncError::WrongPortal { .. }), "{error}");
    assert_eq!(copy.count("SELECT count(*) FROM owner"), 0);
    assert_eq!(hubspot.take_log().len(), 1, "nothing else was asked");
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
async fn a_records_own_cursor_that_comes_twice_ends_the_run() {
    let hubspot = Scripted::serve(portal()).await;
    hubspot.script(|asked: &Asked| {
        asked.path.contains("/deals/contacts/").then(|| {
            let result = json!({
                "from": { "id": "1" }, "to": [], "paging": { "next": { "after": "2" } },
            });
            (200, json!({ "status": "COMPLETE", "results": [result] }))
        })
    });
    let error = sync(&hubspot, &Copy::new()).await.unwrap_err();
    assert!(matches!(error, SyncError::CursorRepeated { .. }), "{error}");
}

#[tokio::test]
async fn a_refused_record_keeps_the_associations_that_are_known() {
    let hubspot = Scripted::serve(portal()).await;
    let copy = Copy::new();
    sync(&hubspot, &copy).await.unwrap();
    let before = copy.rows("SELECT from_id, to_id FROM association WHERE from_id = 5");
    assert_eq!(before.len(), 5);
    hubspot.script(|asked: &Asked| {
        asked.path.contains("/deals/contacts/").then(|| {
            let error = json!({
                "status": "error", "category": "INTERNAL", "message": "try again",
                "context": { "fromObjectId": ["5"] },
            });
            (
                207,
                json!({ "status": "COMPLETE", "results": [], "numErrors": 1, "errors": [error] }),
            )
        })
    });
    sync_fully(&hubspot, &copy).await.unwrap();
    assert_eq!(
        copy.rows("SELECT from_id, to_id FROM association WHERE from_id = 5"),
        before
    );
    assert_eq!(
        copy.count("SELECT count(*) FROM association WHERE from_id = 4"),
        0,
        "and others lose theirs"
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
