//! Answers that refuse, go in circles, or come from somebody else.

use serde_json::json;
use store::RunOutcome;
use sync::SyncError;

use crate::scripted::{Asked, Copy, Scripted};
use crate::setting::{portal, sync, sync_fully};

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
            asked.is("/objects/2026-09/notes") || asked.path.contains("/deals/companies/batch");
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
    // What is refused is not asked for again the next time, be it a type or a stream of one.
    hubspot.take_log();
    sync(&hubspot, &copy).await.unwrap();
    let log = hubspot.take_log();
    assert!(log.iter().any(|asked| asked.path.contains("/deals/")));
    let again = log.iter().filter(|asked| {
        asked.path.contains("/notes") || asked.path.contains("/deals/companies/batch")
    });
    let again: Vec<&String> = again.map(|asked| &asked.path).collect();
    assert!(again.is_empty(), "{again:?}");
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
async fn a_records_own_cursor_that_comes_twice_ends_the_run() {
    let hubspot = Scripted::serve(portal()).await;
    hubspot.script(|asked: &Asked| {
        asked.path.contains("/deals/contacts/batch/").then(|| {
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
