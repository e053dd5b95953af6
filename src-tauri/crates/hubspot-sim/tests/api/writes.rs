//! Writes, what refuses them, and the ledger.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Hub, ids};

const DEALS: &str = "/crm/objects/2026-09/deals";
const UPDATE: &str = "/crm/objects/2026-09/deals/batch/update";

#[allow(
    clippy::needless_pass_by_value,
    reason = "callers write json!(…) in place"
)]
fn update(id: &str, properties: Value) -> Value {
    json!({ "inputs": [{ "id": id, "properties": properties }] })
}

async fn ledger(hub: &Hub) -> Vec<Value> {
    let ledger = hub.control(Method::GET, "ledger", Value::Null).await;
    ledger.as_array().unwrap().clone()
}

async fn score_property(hub: &Hub) {
    let new = json!({ "groupName": "dealinformation", "name": "score", "label": "Score",
                      "type": "number", "fieldType": "number" });
    assert_eq!(
        hub.post("/crm/properties/2026-09/deals", new).await.status,
        201
    );
}

#[tokio::test]
async fn a_batch_is_written_and_entered_into_the_ledger() {
    let hub = Hub::start().await;
    score_property(&hub).await;
    let deals = hub.ids("deals", 100).await;
    let inputs: Vec<Value> = deals
        .iter()
        .enumerate()
        .map(|(index, id)| json!({ "id": id, "properties": { "score": format!("0.{index:02}1") } }))
        .collect();
    let done = hub.post(UPDATE, json!({ "inputs": inputs })).await.ok();
    assert_eq!(ids(&done), deals);
    let entries: Vec<Value> = ledger(&hub)
        .await
        .into_iter()
        .filter(|entry| entry["property"] == "score")
        .collect();
    assert_eq!(entries.len(), 100);
    for (entry, input) in entries.iter().zip(&inputs) {
        assert_eq!(entry["id"], input["id"]);
        assert_eq!(entry["old"], Value::Null);
        assert_eq!(entry["new"], input["properties"]["score"]);
        assert_eq!(entry["objectType"], "deals");
        assert!(entry["at"].is_string());
    }
    hub.post(UPDATE, update(&deals[3], json!({ "score": "0.9" })))
        .await
        .ok();
    let last = ledger(&hub).await.pop().unwrap();
    assert_eq!(
        (&last["old"], &last["new"]),
        (&json!("0.031"), &json!("0.9"))
    );
    let path = format!("{DEALS}/{}?propertiesWithHistory=score", deals[3]);
    let deal = hub.get(&path).await.ok();
    let versions = deal["propertiesWithHistory"]["score"].as_array().unwrap();
    let values: Vec<&str> = versions
        .iter()
        .map(|v| v["value"].as_str().unwrap())
        .collect();
    assert_eq!(values, ["0.9", "0.031"]);
    assert_eq!(versions[0]["sourceType"], "INTEGRATION");
}

#[tokio::test]
async fn one_bad_input_refuses_the_whole_batch() {
    let hub = Hub::start().await;
    score_property(&hub).await;
    let deals = hub.ids("deals", 2).await;
    let good = json!({ "id": deals[0], "properties": { "score": "1" } });
    let before = ledger(&hub).await.len();
    for (properties, code) in [
        (json!({ "no_such_property": "1" }), "PROPERTY_DOESNT_EXIST"),
        (json!({ "score": "1,000" }), "INVALID_INTEGER"),
        (json!({ "score": "1e3" }), "INVALID_INTEGER"),
        (json!({ "hs_is_closed": "true" }), "READ_ONLY_VALUE"),
        (json!({ "dealstage": "no_such_stage" }), "INVALID_OPTION"),
        (
            json!({ "hs_manual_forecast_category": "commit" }),
            "INVALID_OPTION",
        ),
        (json!({ "hubspot_owner_id": "7700" }), "INVALID_OPTION"),
        (json!({ "closedate": "next week" }), "INVALID_DATE"),
        (json!({ "dealname": "x".repeat(65_537) }), "VALUE_TOO_LONG"),
    ] {
        let bad = json!({ "id": deals[1], "properties": properties });
        let answer = hub.post(UPDATE, json!({ "inputs": [good, bad] })).await;
        let body = answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(body["errors"][0]["code"], code);
        let (_, listed) = body["message"].as_str().unwrap().split_once(": ").unwrap();
        let listed: Value = serde_json::from_str(listed).unwrap();
        assert_eq!(listed[0]["error"], code, "the list hides in the message");
    }
    assert_eq!(ledger(&hub).await.len(), before, "nothing was written");
}

#[tokio::test]
async fn duplicates_missing_ids_and_missing_wrappers() {
    let hub = Hub::start().await;
    let id = hub.ids("deals", 1).await.remove(0);
    let one = json!({ "id": id, "properties": { "dealname": "renamed" } });
    let twice = hub.post(UPDATE, json!({ "inputs": [one, one] })).await;
    twice.refused(400, "VALIDATION_ERROR");
    let mut with_property = one.clone();
    with_property["idProperty"] = json!("hs_object_id");
    let answer = hub.post(UPDATE, json!({ "inputs": [with_property] })).await;
    let message = answer.refused(400, "VALIDATION_ERROR")["message"].to_string();
    assert!(message.contains("non-unique 0-3 property hs_object_id"));
    let missing = json!({ "id": "1", "properties": { "dealname": "x" } });
    let answer = hub.post(UPDATE, json!({ "inputs": [one, missing] })).await;
    assert_eq!(answer.status, 207);
    assert_eq!(ids(&answer.body), [id]);
    assert_eq!(answer.body["errors"][0]["context"]["ids"], json!(["1"]));
    // Without the wrapper the batch is empty, and an empty batch succeeds.
    let answer = hub.post(UPDATE, one).await;
    assert_eq!(
        (answer.status, answer.body["results"].clone()),
        (200, json!([]))
    );
}

#[tokio::test]
async fn empty_text_clears_and_null_does_nothing() {
    let hub = Hub::start().await;
    let id = hub.ids("deals", 1).await.remove(0);
    let read = async || {
        let deal = hub
            .get(&format!("{DEALS}/{id}?properties=hs_next_step"))
            .await
            .ok();
        deal["properties"]["hs_next_step"].clone()
    };
    hub.post(UPDATE, update(&id, json!({ "hs_next_step": "call" })))
        .await
        .ok();
    hub.post(UPDATE, update(&id, json!({ "hs_next_step": null })))
        .await
        .ok();
    assert_eq!(read().await, "call");
    hub.post(UPDATE, update(&id, json!({ "hs_next_step": "" })))
        .await
        .ok();
    assert_eq!(read().await, "", "cleared is an empty text, not null");
}

#[tokio::test]
async fn an_unchanged_value_leaves_the_modified_date_alone() {
    let hub = Hub::start().await;
    let id = hub.ids("deals", 1).await.remove(0);
    let path = format!("{DEALS}/{id}");
    hub.post(UPDATE, update(&id, json!({ "hs_next_step": "call" })))
        .await
        .ok();
    let once = hub.get(&path).await.ok()["updatedAt"].clone();
    hub.set("advance", json!({ "seconds": 5 })).await;
    hub.post(UPDATE, update(&id, json!({ "hs_next_step": "call" })))
        .await
        .ok();
    assert_eq!(hub.get(&path).await.ok()["updatedAt"], once);
}

#[tokio::test]
async fn compulsory_properties_are_enforced_from_2026_09_on() {
    let hub = Hub::start().await;
    let rule = json!({ "objectType": "deals", "property": "hs_merged_object_ids" });
    hub.set("compulsory", rule).await;
    let id = hub.ids("deals", 1).await.remove(0);
    let body = update(&id, json!({ "dealname": "renamed" }));
    let refused = hub
        .post(UPDATE, body.clone())
        .await
        .refused(400, "VALIDATION_ERROR");
    assert_eq!(
        refused["errors"][0]["context"]["propertyName"],
        json!(["hs_merged_object_ids"])
    );
    hub.post("/crm/objects/2026-03/deals/batch/update", body.clone())
        .await
        .ok();
    hub.post("/crm/v3/objects/deals/batch/update", body)
        .await
        .ok();
}

#[tokio::test]
async fn contacts_are_told_apart_by_address_and_companies_are_not() {
    let hub = Hub::start().await;
    let contacts = "/crm/objects/2026-09/contacts";
    let contact = json!({ "properties": { "email": "New.One@x.test" } });
    let made = hub.post(contacts, contact.clone()).await;
    assert_eq!(made.status, 201);
    let body = hub
        .post(contacts, contact.clone())
        .await
        .refused(409, "CONFLICT");
    let id = made.body["id"].as_str().unwrap();
    assert_eq!(
        body["message"],
        format!("Contact already exists. Existing ID: {id}")
    );
    let by_email = hub
        .get(&format!("{contacts}/new.one%40x.test?idProperty=email"))
        .await
        .ok();
    assert_eq!(by_email["id"], id);
    let company = json!({ "properties": { "domain": "x.test" } });
    for _ in 0..2 {
        assert_eq!(
            hub.post("/crm/objects/2026-09/companies", company.clone())
                .await
                .status,
            201
        );
    }
    // With trace ids a bad input fails alone, without them it fails the batch.
    let batch = |trace: bool| {
        let mut inputs = vec![
            contact.clone(),
            json!({ "properties": { "email": "b@x.test" } }),
        ];
        if trace {
            for (index, input) in inputs.iter_mut().enumerate() {
                input["objectWriteTraceId"] = json!(index.to_string());
            }
        }
        json!({ "inputs": inputs })
    };
    hub.post(&format!("{contacts}/batch/create"), batch(false))
        .await
        .refused(409, "CONFLICT");
    let mixed = hub
        .post(&format!("{contacts}/batch/create"), batch(true))
        .await;
    assert_eq!(mixed.status, 207);
    assert_eq!(mixed.body["results"].as_array().unwrap().len(), 1);
    assert_eq!(
        mixed.body["errors"][0]["context"]["objectWriteTraceId"],
        json!(["0"])
    );
}

#[tokio::test]
async fn a_merge_gives_a_new_id_that_reads_follow_and_batches_do_not() {
    let hub = Hub::start().await;
    let deals = hub.ids("deals", 2).await;
    let body = json!({ "primaryObjectId": deals[0], "objectIdToMerge": deals[1] });
    let merged = hub.post(&format!("{DEALS}/merge"), body).await.ok();
    let id = merged["id"].as_str().unwrap();
    assert!(!deals.iter().any(|old| old == id));
    for old in &deals {
        let path = format!("{DEALS}/{old}?properties=hs_merged_object_ids");
        let read = hub.get(&path).await.ok();
        assert_eq!(read["id"], id);
        let trace = read["properties"]["hs_merged_object_ids"].as_str().unwrap();
        assert!(trace.split(';').any(|part| part == old));
        let written = hub
            .post(UPDATE, update(old, json!({ "dealname": "x" })))
            .await;
        assert_eq!(written.status, 207);
        let name = json!({ "properties": { "dealname": "x" } });
        let patched = hub
            .call(Method::PATCH, &format!("{DEALS}/{old}"), Some(&name))
            .await
            .ok();
        assert_eq!(patched["id"], id);
    }
    assert!(!hub.ids("deals", 100).await.contains(&deals[0]));
}

#[tokio::test]
async fn forgetting_a_contact_leaves_no_trace() {
    let hub = Hub::start().await;
    let id = hub.ids("contacts", 1).await.remove(0);
    let answer = hub
        .post(
            "/crm/objects/2026-09/contacts/gdpr-delete",
            json!({ "objectId": id }),
        )
        .await;
    assert_eq!(answer.status, 204);
    for flag in ["true", "false"] {
        let path = format!("/crm/objects/2026-09/contacts/{id}?archived={flag}");
        hub.get(&path).await.refused(404, "OBJECT_NOT_FOUND");
    }
}

#[tokio::test]
async fn closing_a_deal_closes_it_everywhere() {
    let hub = Hub::start().await;
    let names = "hs_is_closed,hs_is_closed_won,hs_v2_date_entered_closedwon,amount";
    let body = json!({ "properties": { "dealname": "New", "pipeline": "default", "amount": "99.9",
                                       "dealstage": "contractsent" } });
    let made = hub.post(DEALS, body).await.ok();
    let id = made["id"].as_str().unwrap();
    hub.post(UPDATE, update(id, json!({ "dealstage": "closedwon" })))
        .await
        .ok();
    let deal = hub
        .get(&format!("{DEALS}/{id}?properties={names}"))
        .await
        .ok();
    assert_eq!(deal["properties"]["hs_is_closed_won"], "true");
    assert_eq!(deal["properties"]["amount"], "99.9");
    assert!(deal["properties"]["hs_v2_date_entered_closedwon"].is_string());
}
