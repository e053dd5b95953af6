use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::error_body::ErrorBody;
use crate::{Owner, Pipeline, PropertyDefinition};

fn ids(numbers: &[u64]) -> Vec<RecordId> {
    numbers.iter().copied().map(RecordId::new).collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

#[test]
fn a_record_is_read_with_all_three_spellings_of_empty() {
    let page = records(&bytes(&json!({
        "results": [{
            "id": 512, "archived": false, "createdAt": "2026-01-05T10:00:00.123Z",
            "updatedAt": "2026-11-02T08:00:00Z", "url": "https://app.example/…", "new": {"field": 1},
            "properties": {
                "amount": "12000", "closedate": null, "cleared": "", "count": 7, "open": true,
            },
        }],
        "paging": { "next": { "after": 513, "link": "https://elsewhere.test/?after=1" } },
    })))
    .unwrap();
    assert_eq!(page.after.as_deref(), Some("513"));
    let record = &page.results[0];
    assert_eq!(record.id, RecordId::new(512));
    assert_eq!(record.properties["amount"].text(), Some("12000"));
    assert_eq!(record.properties["closedate"], PropertyValue::Empty);
    assert_eq!(record.properties["cleared"], PropertyValue::Empty);
    assert_eq!(record.properties["count"].text(), Some("7"));
    assert_eq!(record.properties["open"].text(), Some("true"));
    assert!(!record.properties.contains_key("never_asked"));
}

#[test]
fn history_is_oldest_first_and_ties_keep_their_order() {
    let page = records(&bytes(&json!({ "results": [{ "id": "1", "propertiesWithHistory": {
        "dealstage": [
            { "value": "d", "timestamp": "2026-11-02T08:00:00Z", "sourceType": "CRM_UI", "sourceId": "userId:77", "updatedByUserId": "77" },
            { "value": "c", "timestamp": "2026-11-01T08:00:00Z" },
            { "value": "b", "timestamp": "2026-11-01T08:00:00Z", "sourceType": "SOMETHING_NEW" },
            { "value": "", "timestamp": 1767607200123_u64 },
            { "value": "lost", "timestamp": "yesterday" },
        ],
        "amount": null,
    }}]})))
    .unwrap();
    let record = &page.results[0];
    let stages = &record.histories["dealstage"];
    let texts: Vec<_> = stages.iter().map(|version| version.value.text()).collect();
    assert_eq!(texts, [None, Some("b"), Some("c"), Some("d")]);
    assert_eq!(stages[3].user, Some(UserId::new(77)));
    assert_eq!(stages[3].source_id.as_deref(), Some("userId:77"));
    assert_eq!(record.unreadable_versions, 1);
    assert!(record.histories["amount"].is_empty());
}

#[test]
fn the_last_page_has_no_cursor_and_an_empty_page_may_have_one() {
    let after = |value: Value| records(&bytes(&value)).unwrap().after;
    assert_eq!(after(json!({ "results": [] })), None);
    assert_eq!(after(json!({ "results": [], "paging": null })), None);
    assert_eq!(
        after(json!({ "results": [], "paging": { "next": null } })),
        None
    );
    assert_eq!(
        after(json!({ "results": [], "paging": { "next": { "after": "" } } })),
        None
    );
    let more = json!({ "results": [], "paging": { "next": { "after": "9" } } });
    assert_eq!(after(more).as_deref(), Some("9"));
}

#[test]
fn what_is_no_page_is_malformed() {
    for body in [
        "",
        " ",
        "null",
        "[]",
        "{}",
        "<html>",
        r#"{"results":null}"#,
        r#"{"results":[{}]}"#,
        r#"{"results":[{"id":"x"}]}"#,
        r#"{"results":[{"id":null}]}"#,
        r#"{"results":[{"id":"1"}]"#,
        r#"{"status":"error"}"#,
    ] {
        assert_eq!(records(body.as_bytes()), Err(Malformed), "{body}");
        assert_eq!(search(body.as_bytes()), Err(Malformed), "{body}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(
        records(format!(r#"{{"results":{deep}"#).as_bytes()),
        Err(Malformed)
    );
}

#[test]
fn a_search_tells_its_total() {
    let page = search(br#"{"total":731,"results":[{"id":"1"}],"paging":{"next":{"after":"200"}}}"#);
    let page = page.unwrap();
    assert_eq!(
        (page.total, page.results.len(), page.after.as_deref()),
        (731, 1, Some("200"))
    );
    assert_eq!(search(br#"{"total":-3,"results":[]}"#).unwrap().total, 0);
}

#[test]
fn a_batch_read_accounts_for_every_id() {
    let body = bytes(&json!({
        "status": "COMPLETE", "results": [{ "id": "1" }, { "id": "99" }], "numErrors": 3,
        "errors": [
            { "status": "error", "category": "OBJECT_NOT_FOUND", "context": { "ids": ["2", 3] } },
            { "status": "error", "category": "SOMETHING_NEW", "context": { "ids": ["4"] } },
            "not even an object",
        ],
    }));
    let answer = batches::read_by_id(&body, &ids(&[1, 2, 3, 4, 5])).unwrap();
    assert_eq!(
        answer.found.len(),
        2,
        "a merged record comes back under its new id"
    );
    assert_eq!(answer.missing, ids(&[2, 3]));
    assert_eq!(answer.unmentioned, ids(&[5]));
    assert_eq!(answer.failures[0].ids, ids(&[4]));
    assert_eq!(answer.failures.len(), 1);
}

#[test]
fn a_batch_update_accounts_for_every_id() {
    let body = bytes(&json!({
        "results": [{ "id": "1", "properties": { "score": "0.5" } }],
        "errors": [
            { "category": "OBJECT_NOT_FOUND", "message": "…", "context": { "ids": ["2", "77"] } },
            { "category": "VALIDATION_ERROR", "errors": [{ "code": "INVALID_INTEGER", "context": { "propertyName": ["score"] } }] },
        ],
    }));
    let answer = batches::updated(&body, &ids(&[1, 2, 3])).unwrap();
    assert_eq!(answer.done.len(), 1);
    assert_eq!(answer.failed.keys().copied().collect::<Vec<_>>(), ids(&[2]));
    assert_eq!(answer.unmentioned, ids(&[3]));
    assert_eq!(answer.unattributed[0].codes, ["INVALID_INTEGER"]);
    assert_eq!(answer.unattributed[0].properties, ["score"]);
}

/// A request without its wrapper was answered so: success, and nothing done.
#[test]
fn an_empty_success_confirms_nothing() {
    let answer = batches::updated(br#"{"status":"COMPLETE","results":[]}"#, &ids(&[1, 2])).unwrap();
    assert_eq!(answer.unmentioned, ids(&[1, 2]));
    assert_eq!(batches::updated(b"{}", &ids(&[1])), Err(Malformed));
    assert_eq!(
        batches::updated(br#"{"status":"COMPLETE"}"#, &ids(&[1])),
        Err(Malformed)
    );
}

#[test]
fn associations_take_both_spellings_and_no_association_is_no_failure() {
    let body = bytes(&json!({
        "results": [
            { "from": { "id": "512" }, "to": [
                { "toObjectId": 9, "associationTypes": [
                    { "category": "HUBSPOT_DEFINED", "typeId": 3, "label": null },
                    { "category": "FROM_THE_FUTURE", "typeId": "36", "label": "Decision maker" } ] },
                { "toObjectId": "10" } ],
              "paging": { "next": { "after": "100" } } },
            { "from": { "id": 513 }, "to": null },
        ],
        "errors": [
            { "category": "OBJECT_NOT_FOUND", "message": "No contact is associated with 514", "context": { "fromObjectId": ["514"] } },
            { "category": "VALIDATION_ERROR", "context": { "fromObjectId": ["515"] } },
        ],
    }));
    let batch = associations::batch_read(&body).unwrap();
    let first = &batch.results[0];
    assert_eq!(first.from, RecordId::new(512));
    assert_eq!(first.after.as_deref(), Some("100"));
    assert_eq!(first.to[0].to, RecordId::new(9));
    assert_eq!(first.to[0].types[1].type_id, 36);
    assert_eq!(
        first.to[0].types[1].label.as_deref(),
        Some("Decision maker")
    );
    assert!(first.to[1].types.is_empty());
    assert!(batch.results[1].to.is_empty());
    assert_eq!(batch.failures.len(), 1);
    assert_eq!(batch.failures[0].ids, ids(&[515]));
}

#[test]
fn definitions_pipelines_and_owners_survive_the_odd() {
    let property: PropertyDefinition = one(&bytes(&json!({
        "name": "amount", "label": "Amount", "type": "number", "fieldType": "number",
        "groupName": "dealinformation", "options": null, "calculated": null, "displayOrder": 2,
        "modificationMetadata": { "readOnlyValue": true, "archivable": true }, "dateDisplayHint": {},
    })))
    .unwrap();
    assert_eq!(property.kind, "number");
    assert!(!property.is_writable());
    let bare: PropertyDefinition = one(br#"{"name":"x"}"#).unwrap();
    assert!(bare.is_writable());
    let pipelines: Vec<Pipeline> = all(&bytes(&json!({ "results": [{ "id": "default", "stages": [
        { "id": 4711, "metadata": { "isClosed": "true", "probability": "0.2" } },
        { "id": "b", "metadata": { "isClosed": false, "probability": 1.5 } },
        { "id": "c", "metadata": null },
    ]}]})))
    .unwrap();
    let stages = &pipelines[0].stages;
    assert_eq!(stages[0].id.as_str(), "4711");
    assert_eq!(
        (stages[0].is_closed(), stages[0].probability()),
        (Some(true), Some(0.2))
    );
    assert_eq!(
        (stages[1].is_closed(), stages[1].probability()),
        (Some(false), None)
    );
    assert_eq!(
        (stages[2].is_closed(), stages[2].probability()),
        (None, None)
    );
    let owner: Owner = one(&bytes(&json!({
        "id": 41, "type": "ROBOT", "userId": null, "userIdIncludingInactive": "77",
        "teams": [{ "id": 3, "primary": "true" }],
    })))
    .unwrap();
    assert_eq!(owner.user, None);
    assert_eq!(owner.user_including_inactive, Some(UserId::new(77)));
    assert!(owner.teams[0].primary);
}

/// Any JSON, of modest size.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z0-9]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let key = prop::sample::select(vec![
            "results",
            "errors",
            "paging",
            "next",
            "after",
            "id",
            "from",
            "to",
            "toObjectId",
            "properties",
            "propertiesWithHistory",
            "associationTypes",
            "typeId",
            "context",
            "ids",
            "timestamp",
            "value",
            "total",
            "category",
            "metadata",
            "stages",
            "name",
            "portalId",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|pairs| pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

/// Every reader on the same bytes; the result does not matter, coming back does.
fn read_as_everything(body: &[u8]) {
    let some = ids(&[1, 2, 3]);
    let _ = (records(body), search(body), associations::batch_read(body));
    let _ = (
        batches::read_by_id(body, &some),
        batches::updated(body, &some),
    );
    let _ = (
        all::<Pipeline>(body),
        all::<PropertyDefinition>(body),
        page::<Owner>(body),
    );
    let _ = (
        one::<crate::AccountInfo>(body),
        all::<crate::AssociationLabel>(body),
    );
    let _ = (
        all::<crate::PropertyGroup>(body),
        ErrorBody::parse(body).origin(400),
    );
}

proptest! {
    #[test]
    fn no_bytes_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        read_as_everything(&body);
    }

    #[test]
    fn no_json_panics(value in any_json()) {
        read_as_everything(&bytes(&value));
        read_as_everything(&bytes(&json!({ "results": [value.clone()], "errors": [value.clone()] })));
        read_as_everything(&bytes(&json!({ "results": value })));
    }

    #[test]
    fn a_batch_read_never_loses_or_doubles_an_id(
        asked in prop::collection::btree_set(1_u64..30, 0..12),
        found in prop::collection::btree_set(1_u64..30, 0..12),
        missing in prop::collection::vec(1_u64..30, 0..12),
    ) {
        let asked = ids(&asked.into_iter().collect::<Vec<_>>());
        let body = bytes(&json!({
            "results": found.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>(),
            "errors": [{ "category": "OBJECT_NOT_FOUND", "context": { "ids": missing } }],
        }));
        let answer = batches::read_by_id(&body, &asked).unwrap();
        for id in &asked {
            let places = usize::from(answer.found.iter().any(|record| record.id == *id))
                + answer.missing.iter().filter(|other| *other == id).count()
                + answer.unmentioned.iter().filter(|other| *other == id).count();
            prop_assert_eq!(places, 1);
        }
        prop_assert!(answer.missing.iter().all(|id| asked.contains(id)));
    }
}
