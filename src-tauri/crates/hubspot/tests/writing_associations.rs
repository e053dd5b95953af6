//! What is sent to make and remove associations, and what is made of the answers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod simulated;
mod small_hubspot;

use crm::{ObjectType, RecordId};
use hubspot::write::{self, NewLabel, Pair, PairsOutcome};
use hubspot::{API_VERSION, AssociationInput, Client, Kind, ListQuery, StandardAssociation};
use hubspot_sim::Limits;
use serde_json::{Value, json};
use small_hubspot::{Server, reply};

const DEALS: ObjectType = ObjectType::DEALS;
const CONTACTS: ObjectType = ObjectType::CONTACTS;

fn pair(from: u64, to: u64) -> Pair {
    Pair {
        from: RecordId::new(from),
        to: RecordId::new(to),
    }
}

/// The request that was sent, in one line, without the version.
fn sent(server: &Server) -> String {
    let seen = server.seen();
    let [seen] = seen.as_slice() else {
        panic!("one call, not {}", seen.len());
    };
    let path = seen.path.replace(API_VERSION, "V");
    format!("{} {path} {}", seen.method, seen.body)
}

#[tokio::test]
async fn each_call_is_spelled_as_documented_and_takes_200_and_204() {
    let kinds: Vec<_> = StandardAssociation::between(&DEALS, &CONTACTS)
        .map(StandardAssociation::spec)
        .collect();
    let types = r#"[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":3}]"#;
    for (status, body) in [(200, r#"{"status":"COMPLETE"}"#), (204, "")] {
        let server = || Server::scripted(vec![reply(status, body)]);
        let (a, one) = (server().await, pair(5, 6));
        write::associate(&a.client(), &DEALS, &CONTACTS, one)
            .await
            .unwrap();
        let path = "/crm/objects/V/deals/5/associations";
        assert_eq!(sent(&a), format!("PUT {path}/default/contacts/6 {{}}"));
        let a = server().await;
        write::associate_as(&a.client(), &DEALS, &CONTACTS, one, &kinds)
            .await
            .unwrap();
        assert_eq!(sent(&a), format!("PUT {path}/contacts/6 {types}"));
        let a = server().await;
        write::dissociate(&a.client(), &DEALS, &CONTACTS, one)
            .await
            .unwrap();
        assert_eq!(sent(&a), format!("DELETE {path}/contacts/6 "));

        let (a, pairs) = (server().await, [one, pair(5, 7)]);
        let complete =
            |outcome: PairsOutcome| assert!(outcome.is_complete() && outcome.done.len() == 2);
        let path = "POST /crm/associations/V/deals/contacts/batch";
        complete(
            write::batch_associate(&a.client(), &DEALS, &CONTACTS, &pairs)
                .await
                .unwrap(),
        );
        let inputs = r#"{"inputs":[{"from":{"id":"5"},"to":{"id":"6"}},{"from":{"id":"5"},"to":{"id":"7"}}]}"#;
        assert_eq!(sent(&a), format!("{path}/associate/default {inputs}"));
        let a = server().await;
        complete(
            write::batch_dissociate(&a.client(), &DEALS, &CONTACTS, &pairs)
                .await
                .unwrap(),
        );
        let inputs = r#"{"inputs":[{"from":{"id":"5"},"to":[{"id":"6"}]},{"from":{"id":"5"},"to":[{"id":"7"}]}]}"#;
        assert_eq!(sent(&a), format!("{path}/archive {inputs}"));
        let inputs = format!(
            r#"{{"inputs":[{{"from":{{"id":"5"}},"to":{{"id":"6"}},"types":{types}}},{{"from":{{"id":"5"}},"to":{{"id":"7"}},"types":{types}}}]}}"#
        );
        let a = server().await;
        let client = a.client();
        let made = write::batch_associate_as(&client, &DEALS, &CONTACTS, &pairs, &kinds);
        complete(made.await.unwrap());
        assert_eq!(sent(&a), format!("{path}/create {inputs}"));
        let a = server().await;
        let client = a.client();
        let gone = write::archive_label(&client, &DEALS, &CONTACTS, &pairs, &kinds);
        complete(gone.await.unwrap());
        assert_eq!(sent(&a), format!("{path}/labels/archive {inputs}"));

        let (a, labels) = (server().await, "/crm/associations/V/deals/contacts/labels");
        write::update_label(&a.client(), &DEALS, &CONTACTS, 36, "Judge", Some("Judges"))
            .await
            .unwrap();
        let body = r#"{"associationTypeId":36,"inverseLabel":"Judges","label":"Judge"}"#;
        assert_eq!(sent(&a), format!("PUT {labels} {body}"));
        let a = server().await;
        write::delete_label(&a.client(), &DEALS, &CONTACTS, 36)
            .await
            .unwrap();
        assert_eq!(sent(&a), format!("DELETE {labels}/36 "));
    }
    let made =
        json!({ "results": [{ "category": "USER_DEFINED", "typeId": 36, "label": "Judge" }] });
    let server = Server::scripted(vec![reply(201, made.to_string())]).await;
    let label = NewLabel {
        name: "judge".into(),
        label: "Judge".into(),
        inverse_label: None,
    };
    let made = write::create_label(&server.client(), &DEALS, &CONTACTS, &label)
        .await
        .unwrap();
    assert_eq!(made[0].type_id, 36);
    let path = "/crm/associations/V/deals/contacts/labels";
    assert_eq!(
        sent(&server),
        format!(r#"POST {path} {{"name":"judge","label":"Judge"}}"#)
    );
}

#[tokio::test]
async fn a_batch_accounts_for_every_pair() {
    #[track_caller]
    fn check(outcome: &PairsOutcome, done: &[Pair], failed: &[Pair], open: &[Pair], nobody: usize) {
        assert_eq!(outcome.done.keys().copied().collect::<Vec<_>>(), done);
        assert_eq!(outcome.failed.keys().copied().collect::<Vec<_>>(), failed);
        assert_eq!(outcome.unmentioned, open);
        assert_eq!(outcome.unattributed.len(), nobody);
    }
    let (a, b, c) = (pair(1, 9), pair(2, 9), pair(2, 8));
    let ask = async |status: u16, body: Value| {
        let server = Server::scripted(vec![reply(status, body.to_string())]).await;
        write::batch_associate(&server.client(), &DEALS, &CONTACTS, &[a, b, c]).await
    };
    // Flat and nested spellings, the way back beside the way there.
    let all = ask(
        200,
        json!({ "status": "COMPLETE", "results": [
        { "fromObjectId": 1, "toObjectId": "9", "labels": [] },
        { "fromObjectId": 9, "toObjectId": 1 },
        { "from": { "id": "2" }, "to": { "id": 9 } },
        { "from": { "id": "2" }, "to": { "id": "8" } },
    ] }),
    );
    check(&all.await.unwrap(), &[a, c, b], &[], &[], 0);
    let mixed = ask(
        207,
        json!({ "results": [{ "fromObjectId": 1, "toObjectId": 9 }], "errors": [
        { "category": "OBJECT_NOT_FOUND", "context": { "fromObjectId": ["2"], "toObjectId": ["8"] } },
        { "category": "VALIDATION_ERROR" },
    ] }),
    );
    check(&mixed.await.unwrap(), &[a], &[c], &[b], 1);
    let one_side = ask(
        207,
        json!({ "errors": [{ "context": { "fromObjectId": ["2"] } }] }),
    );
    check(&one_side.await.unwrap(), &[], &[c, b], &[a], 0);
    let silent = ask(200, json!({ "status": "COMPLETE", "results": [] }));
    check(&silent.await.unwrap(), &[], &[], &[a, c, b], 0);
    for nothing in [
        json!({}),
        json!({ "status": "PENDING" }),
        json!(null),
        json!([]),
    ] {
        assert_eq!(ask(200, nothing).await.unwrap_err().kind(), Kind::Malformed);
    }
}

#[tokio::test]
async fn what_hubspot_would_refuse_is_not_sent() {
    let server = Server::scripted(vec![reply(204, "")]).await;
    let client = server.client();
    let many: Vec<Pair> = (1..=2_001).map(|to| pair(1, to)).collect();
    let wide: Vec<Pair> = (1..=101).map(|from| pair(from, 1)).collect();
    let one = pair(1, 2);
    let refused = [
        write::batch_associate(&client, &DEALS, &CONTACTS, &many)
            .await
            .err(),
        write::batch_associate(&client, &DEALS, &CONTACTS, &[one, one])
            .await
            .err(),
        write::batch_dissociate(&client, &DEALS, &CONTACTS, &wide)
            .await
            .err(),
        write::batch_associate_as(&client, &DEALS, &CONTACTS, &[one], &[])
            .await
            .err(),
        write::archive_label(&client, &DEALS, &CONTACTS, &[one], &[])
            .await
            .err(),
        write::associate_as(&client, &DEALS, &CONTACTS, one, &[])
            .await
            .err(),
    ];
    for error in refused {
        assert!(matches!(error.unwrap().kind(), Kind::InvalidRequest(_)));
    }
    let none = write::batch_associate(&client, &DEALS, &CONTACTS, &[])
        .await
        .unwrap();
    assert!(none.is_complete() && server.seen().is_empty());
}

/// The contacts of a deal, read by both calls, which must agree.
async fn contacts_of(client: &Client, deal: RecordId) -> Vec<RecordId> {
    let inputs = [AssociationInput::from(deal)];
    let batch = client
        .associations(&DEALS, &CONTACTS, &inputs)
        .await
        .unwrap();
    let single = client
        .associations_of(&DEALS, deal, &CONTACTS, None)
        .await
        .unwrap();
    let in_batch = batch.results.iter().flat_map(|of| &of.to).map(|to| to.to);
    let ids: Vec<RecordId> = single.results.iter().map(|to| to.to).collect();
    assert_eq!(in_batch.collect::<Vec<_>>(), ids);
    ids
}

#[tokio::test]
async fn a_portal_holds_what_belongs_together() {
    let sim = simulated::sim(Limits::Off).await;
    let client = simulated::with_token(&sim, small_hubspot::quick());
    let list = async |object: &ObjectType| {
        let page = client.list(object, &ListQuery::default()).await.unwrap();
        page.results
            .into_iter()
            .map(|record| record.id)
            .collect::<Vec<_>>()
    };
    let (deals, contacts) = (list(&DEALS).await, list(&CONTACTS).await);
    let deal = deals[0];
    let before = contacts_of(&client, deal).await;
    let strangers: Vec<Pair> = contacts
        .iter()
        .filter(|contact| !before.contains(contact))
        .take(3)
        .map(|contact| Pair {
            from: deal,
            to: *contact,
        })
        .collect();
    write::associate(&client, &DEALS, &CONTACTS, strangers[0])
        .await
        .unwrap();
    let made = write::batch_associate(&client, &DEALS, &CONTACTS, &strangers[1..])
        .await
        .unwrap();
    assert!(made.is_complete(), "{made:?}");
    assert_eq!(contacts_of(&client, deal).await.len(), before.len() + 3);
    write::dissociate(&client, &DEALS, &CONTACTS, strangers[0])
        .await
        .unwrap();
    let gone = write::batch_dissociate(&client, &DEALS, &CONTACTS, &strangers[1..])
        .await
        .unwrap();
    assert!(gone.is_complete(), "{gone:?}");
    assert_eq!(contacts_of(&client, deal).await, before);
}
