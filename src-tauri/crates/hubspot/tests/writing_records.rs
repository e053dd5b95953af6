//! What is sent to make, change, merge and remove records, and what is made of the answers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod simulated;
mod small_hubspot;

use std::collections::BTreeMap;

use crm::{ObjectType, RecordId};
use hubspot::write::{self, NewAssociation, NewRecord, UpsertInput, Values};
use hubspot::{API_VERSION, AssociationSpec, Error, Kind, ListQuery, ReadQuery};
use hubspot_sim::Limits;
use serde_json::{Value, json};
use small_hubspot::{Server, reply};

const DEALS: ObjectType = ObjectType::DEALS;

fn id(number: u64) -> RecordId {
    RecordId::new(number)
}

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn named(name: &str) -> NewRecord {
    NewRecord {
        properties: values(&[("dealname", name)]),
        associations: Vec::new(),
    }
}

fn person(email: &str) -> UpsertInput {
    UpsertInput {
        id_property: "email".into(),
        value: email.into(),
        properties: values(&[("city", "Ulm")]),
    }
}

/// The one request that was sent: method, path below the version, body.
fn sent(server: &Server) -> (String, String, Value) {
    let seen = server.seen();
    assert_eq!(seen.len(), 1, "one call");
    let seen = &seen[0];
    let path = seen.path.replace(API_VERSION, "V");
    let body = if seen.body.is_empty() {
        Value::Null
    } else {
        seen.json()
    };
    (seen.method.clone(), path, body)
}

#[tokio::test]
async fn single_calls_are_spelled_as_documented() {
    let record = r#"{"id":"7","properties":{"amount":""}}"#;
    let server = Server::scripted(vec![reply(201, record)]).await;
    let new = NewRecord {
        properties: values(&[("dealname", "Pump")]),
        associations: vec![NewAssociation {
            to: id(9),
            types: vec![AssociationSpec {
                category: "HUBSPOT_DEFINED".into(),
                type_id: 3,
            }],
        }],
    };
    write::create(&server.client(), &DEALS, &new).await.unwrap();
    let expected = json!({ "properties": { "dealname": "Pump" }, "associations": [{
        "to": { "id": "9" },
        "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3 }],
    }] });
    let path = "/crm/objects/V/deals".to_owned();
    assert_eq!(sent(&server), ("POST".into(), path, expected));

    let server = Server::scripted(vec![reply(200, record)]).await;
    let cleared = values(&[("amount", "")]);
    let updated = write::update(&server.client(), &DEALS, id(5), &cleared).await;
    assert_eq!(updated.unwrap().merged_into(), Some(id(7)));
    let expected = json!({ "properties": { "amount": "" } });
    let path = "/crm/objects/V/deals/5".to_owned();
    assert_eq!(sent(&server), ("PATCH".into(), path, expected));

    let server = Server::scripted(vec![reply(204, "")]).await;
    write::archive(&server.client(), &DEALS, id(5))
        .await
        .unwrap();
    let path = "/crm/objects/V/deals/5".to_owned();
    assert_eq!(sent(&server), ("DELETE".into(), path, Value::Null));

    let server = Server::scripted(vec![reply(200, record)]).await;
    let merged = write::merge(&server.client(), &DEALS, id(5), id(6))
        .await
        .unwrap();
    assert!(merged.has_new_id && merged.survivor.id == id(7));
    let expected = json!({ "primaryObjectId": "5", "objectIdToMerge": "6" });
    let path = "/crm/objects/V/deals/merge".to_owned();
    assert_eq!(sent(&server), ("POST".into(), path, expected));
}

/// What became of three inputs: done, failed, unmentioned, and refusals of nobody.
fn fates<K: Copy, T>(
    outcome: &write::BatchOutcome<K, T>,
    number: impl Fn(K) -> usize,
) -> (Vec<usize>, Vec<usize>, Vec<usize>, usize) {
    let done: Vec<_> = outcome.done.keys().map(|key| number(*key)).collect();
    let failed: Vec<_> = outcome.failed.keys().map(|key| number(*key)).collect();
    let open: Vec<_> = outcome.unmentioned.iter().map(|key| number(*key)).collect();
    assert_eq!(done.len() + failed.len() + open.len(), 3, "each input once");
    let nobody = outcome.unattributed.len();
    assert_eq!(outcome.is_complete(), done.len() == 3 && nobody == 0);
    (done, failed, open, nobody)
}

type Fates = (&'static [usize], &'static [usize], &'static [usize], usize);

#[track_caller]
fn check(found: &(Vec<usize>, Vec<usize>, Vec<usize>, usize), expected: Fates) {
    let (done, failed, open, nobody) = expected;
    assert_eq!(
        found,
        &(done.to_vec(), failed.to_vec(), open.to_vec(), nobody)
    );
}

fn number(id: RecordId) -> usize {
    usize::try_from(id.get()).unwrap()
}

#[tokio::test]
async fn an_archived_batch_accounts_for_every_input() {
    let cases: [(u16, &str, Fates); 5] = [
        (204, "", (&[1, 2, 3], &[], &[], 0)),
        (200, r#"{"results":[]}"#, (&[], &[], &[1, 2, 3], 0)),
        (
            200,
            r#"{"results":[{"id":"1"},{"id":2},{"id":"77"}]}"#,
            (&[1, 2], &[], &[3], 0),
        ),
        (
            207,
            r#"{"results":[{"id":"1"}],"errors":[{"category":"OBJECT_NOT_FOUND","context":{"ids":["3","77"]}}]}"#,
            (&[1], &[3], &[2], 0),
        ),
        (
            207,
            r#"{"errors":[{"category":"WHO_KNOWS"}]}"#,
            (&[], &[], &[1, 2, 3], 1),
        ),
    ];
    let ids = [id(1), id(2), id(3)];
    for (status, body, expected) in cases {
        let server = Server::scripted(vec![reply(status, body)]).await;
        let outcome = write::batch_archive(&server.client(), &DEALS, &ids)
            .await
            .unwrap();
        check(&fates(&outcome, number), expected);
    }
    for (status, body) in [(200, ""), (200, "{}"), (207, "<html>"), (202, "null")] {
        let server = Server::scripted(vec![reply(status, body)]).await;
        let error = write::batch_archive(&server.client(), &DEALS, &ids)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Malformed, "{status} {body}");
        assert!(error.outcome_is_unknown(), "nobody may call this done");
    }
}

#[tokio::test]
async fn a_created_batch_accounts_for_every_input() {
    let cases: [(u16, Value, Fates); 4] = [
        // By trace, in whatever order.
        (
            201,
            json!({ "results": [
                { "id": "12", "objectWriteTraceId": "input-2" },
                { "id": "10", "objectWriteTraceId": "input-0" },
                { "id": "11", "objectWriteTraceId": "input-1" },
            ] }),
            (&[0, 1, 2], &[], &[], 0),
        ),
        // By what the record shows, where the trace is not repeated.
        (
            201,
            json!({ "results": [
                { "id": "11", "properties": { "dealname": "B" } },
                { "id": "10", "properties": { "dealname": "a" } },
                { "id": "99", "properties": { "dealname": "who" } },
            ] }),
            (&[0, 1], &[], &[2], 0),
        ),
        (
            207,
            json!({
                "results": [{ "id": "11", "objectWriteTraceId": "input-1" }],
                "errors": [
                    { "category": "VALIDATION_ERROR", "context": { "objectWriteTraceId": ["input-2"] } },
                    { "category": "VALIDATION_ERROR", "context": { "objectWriteTraceId": ["stranger"] } },
                ],
            }),
            (&[1], &[2], &[0], 1),
        ),
        // The same place twice is not two of them.
        (
            201,
            json!({ "results": [
                { "id": "10", "objectWriteTraceId": "input-0" },
                { "id": "11", "objectWriteTraceId": "input-0" },
            ] }),
            (&[0], &[], &[1, 2], 0),
        ),
    ];
    let records = [named("a"), named("b"), named("c")];
    for (status, body, expected) in cases {
        let server = Server::scripted(vec![reply(status, body.to_string())]).await;
        let outcome = write::batch_create(&server.client(), &DEALS, &records)
            .await
            .unwrap();
        check(&fates(&outcome, |place| place), expected);
        if let Some(first) = outcome.done.get(&0) {
            assert_eq!(first.id, id(10));
        }
        let (_, path, body) = sent(&server);
        assert_eq!(path, "/crm/objects/V/deals/batch/create");
        assert_eq!(body["inputs"][2]["objectWriteTraceId"], "input-2");
    }
}

#[tokio::test]
async fn an_upsert_tells_new_from_known() {
    let body = json!({
        "results": [
            { "id": "10", "new": true, "properties": { "email": "ANA@acme.test", "city": "Ulm" } },
            { "id": "11", "new": false, "objectWriteTraceId": "input-1" },
        ],
        "errors": [{ "category": "VALIDATION_ERROR", "context": { "objectWriteTraceId": ["input-2"] } }],
    });
    let server = Server::scripted(vec![reply(207, body.to_string())]).await;
    let people = ["ana@acme.test", "bo@acme.test", "no address"].map(person);
    let outcome = write::batch_upsert(&server.client(), &ObjectType::CONTACTS, &people)
        .await
        .unwrap();
    check(&fates(&outcome, |place| place), (&[0, 1], &[2], &[], 0));
    assert!(outcome.done[&0].is_new && !outcome.done[&1].is_new);
    let (_, path, body) = sent(&server);
    assert_eq!(path, "/crm/objects/V/contacts/batch/upsert");
    let first = &body["inputs"][0];
    assert_eq!(
        (&first["idProperty"], &first["id"]),
        (&json!("email"), &json!("ana@acme.test"))
    );
    // One of its own.
    for (answer, expected) in [
        (
            r#"{"results":[{"id":"1","new":"true","objectWriteTraceId":"input-0"}]}"#,
            None,
        ),
        (r#"{"results":[]}"#, Some(Kind::Malformed)),
        (
            r#"{"errors":[{"context":{"objectWriteTraceId":["input-0"]}}]}"#,
            Some(Kind::Refused),
        ),
    ] {
        let server = Server::scripted(vec![reply(207, answer)]).await;
        let one = write::upsert(&server.client(), &ObjectType::CONTACTS, &people[0]).await;
        assert_eq!(one.err().map(|error| error.kind()), expected, "{answer}");
    }
}

#[tokio::test]
async fn what_hubspot_would_refuse_is_not_sent() {
    #[track_caller]
    fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) {
        assert!(matches!(
            outcome.unwrap_err().kind(),
            Kind::InvalidRequest(_)
        ));
    }
    let server = Server::scripted(vec![reply(204, "")]).await;
    let client = server.client();
    let ids: Vec<RecordId> = (1..=101).map(id).collect();
    refused(write::batch_archive(&client, &DEALS, &ids).await);
    refused(write::batch_archive(&client, &DEALS, &[id(1), id(2), id(1)]).await);
    refused(write::batch_create(&client, &DEALS, &vec![named("a"); 101]).await);
    let twins = [person("ana@acme.test"), person("Ana@ACME.test")];
    refused(write::batch_upsert(&client, &ObjectType::CONTACTS, &twins).await);
    refused(write::merge(&client, &DEALS, id(4), id(4)).await);
    assert!(
        write::batch_archive(&client, &DEALS, &[])
            .await
            .unwrap()
            .is_complete()
    );
    assert!(
        write::batch_create(&client, &DEALS, &[])
            .await
            .unwrap()
            .is_complete()
    );
    assert!(server.seen().is_empty());
}

/// HubSpot repeats an address in every field it has; none of it may come through.
#[tokio::test]
async fn an_address_stays_out_of_paths_and_errors() {
    let email = "ana@acme.test";
    let echo = json!({
        "message": format!("{email} is not there"), "category": email, "subCategory": email,
        "correlationId": email, "policyName": email, "context": { "ids": [email], "id": [email] },
        "errors": [{ "message": email, "code": email, "context": { "propertyName": [email] } }],
    });
    for status in [400, 404, 409, 500] {
        let server = Server::scripted(vec![reply(status, echo.to_string())]).await;
        let client = server.client();
        let contacts = &ObjectType::CONTACTS;
        let query = ReadQuery::default();
        let errors = [
            write::forget_contact_with_email(&client, &email.into())
                .await
                .unwrap_err(),
            write::batch_upsert(&client, contacts, &[person(email)])
                .await
                .unwrap_err(),
            client
                .get_by_value(contacts, "email", email, &query)
                .await
                .unwrap_err(),
        ];
        for error in errors {
            let shown = format!("{error} {error:?} {error:#?}");
            assert!(!shown.contains("ana") && !shown.contains("acme"), "{shown}");
        }
        for seen in server.seen() {
            let address = format!("{}?{}", seen.path, seen.query);
            assert!(
                !address.contains("ana") && seen.body.contains(email),
                "{address}"
            );
        }
    }
}

#[tokio::test]
async fn records_are_read_by_a_unique_value() {
    let body = json!({
        "results": [
            { "id": "1", "properties": { "email": "ana@acme.test" } },
            { "id": "2", "properties": { "email": "new@acme.test" } },
        ],
        "errors": [
            { "category": "OBJECT_NOT_FOUND", "context": { "ids": ["BO@acme.test"] } },
            { "category": "VALIDATION_ERROR", "context": { "ids": ["x"] } },
        ],
    });
    let server = Server::scripted(vec![reply(207, body.to_string())]).await;
    let asked = [
        "Ana@acme.test",
        "bo@acme.test",
        "x",
        "old@acme.test",
        "ana@ACME.test",
    ];
    let asked = asked.map(str::to_owned);
    let contacts = &ObjectType::CONTACTS;
    let read = server
        .client()
        .batch_read_by_value(contacts, "email", &asked, &ReadQuery::default())
        .await
        .unwrap();
    assert_eq!(read.found.keys().collect::<Vec<_>>(), ["Ana@acme.test"]);
    assert_eq!(
        read.strangers[0].id,
        id(2),
        "a former address leads to the person"
    );
    assert_eq!(read.missing, ["bo@acme.test"]);
    assert_eq!(read.unmentioned, ["old@acme.test"]);
    assert_eq!(read.failures.len(), 1);
    let (_, _, body) = sent(&server);
    assert_eq!(body["idProperty"], "email");
    assert_eq!(body["properties"], json!(["email"]));
    assert_eq!(
        body["inputs"].as_array().unwrap().len(),
        4,
        "the twin was left out"
    );
}

/// The whole life of some records, in a portal that holds what it is told.
#[tokio::test]
async fn a_portal_holds_what_it_was_told() {
    let sim = simulated::sim(Limits::Off).await;
    let client = simulated::with_token(&sim, small_hubspot::quick());
    let new = ["one", "two", "three"].map(named);
    let made = write::batch_create(&client, &DEALS, &new).await.unwrap();
    assert!(made.is_complete());
    let ids: Vec<RecordId> = made.done.values().map(|record| record.id).collect();
    let query = ReadQuery {
        properties: vec!["dealname".into(), "amount".into()],
        history: vec!["amount".into()],
        archived: false,
    };
    for amount in ["12", ""] {
        let change = values(&[("amount", amount)]);
        write::update(&client, &DEALS, ids[0], &change)
            .await
            .unwrap();
    }
    let read = client.get(&DEALS, ids[0], &query).await.unwrap();
    assert_eq!(read.merged_into(), None);
    assert_eq!(
        read.record.properties["amount"].text(),
        None,
        "an empty text clears"
    );
    assert_eq!(read.record.histories["amount"].len(), 2);

    let merged = write::merge(&client, &DEALS, ids[0], ids[1]).await.unwrap();
    let survivor = merged.survivor.id;
    for old in ids.iter().take(2).filter(|old| **old != survivor) {
        let read = client.get(&DEALS, *old, &query).await.unwrap();
        assert_eq!(read.merged_into(), Some(survivor));
    }
    let plain = ReadQuery {
        history: Vec::new(),
        ..query.clone()
    };
    let read = client.batch_read(&DEALS, &ids, &plain).await.unwrap();
    let olds = ids.iter().take(2).filter(|old| **old != survivor);
    let expected: BTreeMap<_, _> = olds.map(|old| (*old, survivor)).collect();
    assert_eq!(read.merged, expected);
    assert!(read.unmentioned.is_empty() && read.missing.is_empty());

    let archived = write::batch_archive(&client, &DEALS, &ids[2..])
        .await
        .unwrap();
    assert!(archived.is_complete());
    write::archive(&client, &DEALS, survivor).await.unwrap();
    let gone = client.get(&DEALS, survivor, &query).await.unwrap_err();
    assert_eq!(gone.kind(), Kind::NotFound);

    let contacts = &ObjectType::CONTACTS;
    let list = ListQuery {
        properties: vec!["email".into()],
        ..ListQuery::default()
    };
    let people = client.list(contacts, &list).await.unwrap().results;
    let with_email = |skip: usize| {
        let mut people = people
            .iter()
            .filter(|person| person.properties["email"].text().is_some());
        let person = people.nth(skip).unwrap();
        (
            person.id,
            person.properties["email"].text().unwrap().to_owned(),
        )
    };
    let ((first, _), (second, email)) = (with_email(0), with_email(1));
    let by_value = || client.get_by_value(contacts, "email", &email, &query);
    assert_eq!(by_value().await.unwrap().unwrap().id, second);
    write::forget_contact(&client, first).await.unwrap();
    write::forget_contact_with_email(&client, &email.as_str().into())
        .await
        .unwrap();
    assert_eq!(by_value().await.unwrap(), None);
    let gone = client.get(contacts, first, &query).await.unwrap_err();
    assert_eq!(gone.kind(), Kind::NotFound);
}
