//! Records one by one and in batches: unique properties, upserts, traces, merges, privacy.

use serde_json::{Value, json};

use crate::{Hub, ids};

const CONTACTS: &str = "/crm/objects/2026-09/contacts";

async fn contact(hub: &Hub, email: &str) -> String {
    let body = json!({ "properties": { "email": email } });
    let made = hub.post(CONTACTS, body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body["id"].as_str().unwrap().to_owned()
}

async fn unique_property(hub: &Hub, object_type: &str, name: &str) -> crate::Answer {
    let group = match object_type {
        "contacts" => "contactinformation",
        _ => "dealinformation",
    };
    let body = json!({ "name": name, "label": name, "type": "string", "fieldType": "text",
                       "groupName": group, "hasUniqueValue": true });
    hub.post(&format!("/crm/properties/2026-09/{object_type}"), body)
        .await
}

#[tokio::test]
async fn a_unique_property_leads_to_its_record() {
    let hub = Hub::start().await;
    unique_property(&hub, "deals", "erp_number").await.ok();
    let deals = hub.ids("deals", 2).await;
    let path = "/crm/objects/2026-09/deals";
    let set = |value: &str| json!({ "properties": { "erp_number": value } });
    hub.patch(&format!("{path}/{}", deals[0]), set("E-1"))
        .await
        .ok();
    let found = hub
        .get(&format!("{path}/E-1?idProperty=erp_number"))
        .await
        .ok();
    assert_eq!(found["id"], deals[0].as_str());
    let by_value = format!("{path}/E-1?idProperty=erp_number");
    hub.patch(
        &by_value,
        json!({ "properties": { "dealname": "by number" } }),
    )
    .await
    .ok();
    hub.get(&format!("{path}/x?idProperty=dealname"))
        .await
        .refused(400, "VALIDATION_ERROR");
    // A second record cannot have the value, in none of the ways to write it.
    let refused = hub.patch(&format!("{path}/{}", deals[1]), set("E-1")).await;
    let body = refused.refused(400, "VALIDATION_ERROR");
    assert_eq!(body["errors"][0]["code"], "CONFLICTING_UNIQUE_VALUE");
    hub.post(path, set("E-1"))
        .await
        .refused(400, "VALIDATION_ERROR");
    let twins = json!({ "inputs": [set("E-2"), set("E-2")] });
    hub.post(&format!("{path}/batch/create"), twins)
        .await
        .refused(400, "VALIDATION_ERROR");
    // The same value again is no conflict with oneself, and a batch may go by the property.
    let again = json!({ "inputs": [{ "idProperty": "erp_number", "id": "E-1",
                                     "properties": { "erp_number": "E-1", "dealname": "again" } }] });
    let done = hub.post(&format!("{path}/batch/update"), again).await.ok();
    assert_eq!(ids(&done), [deals[0].as_str()]);
}

#[tokio::test]
async fn an_upsert_says_what_is_new() {
    let hub = Hub::start().await;
    let known = contact(&hub, "known@x.test").await;
    let path = format!("{CONTACTS}/batch/upsert");
    let input = |email: &str| json!({ "idProperty": "email", "id": email, "properties": { "firstname": "Ana" } });
    let body = json!({ "inputs": [input("KNOWN@x.test"), input("new@x.test")] });
    let done = hub.post(&path, body.clone()).await.ok();
    let news: Vec<&Value> = done["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["new"])
        .collect();
    assert_eq!(news, [false, true]);
    assert_eq!(done["results"][0]["id"], known.as_str());
    let again = hub.post(&path, body).await.ok();
    assert_eq!(again["results"][1]["new"], false);
    assert_eq!(again["results"][1]["id"], done["results"][1]["id"]);
    let made = hub
        .get(&format!("{CONTACTS}/new@x.test?idProperty=email"))
        .await
        .ok();
    assert_eq!(made["properties"]["firstname"], "Ana");
    for bad in [
        json!({ "inputs": [input("a@x.test"), input("A@x.test")] }),
        json!({ "inputs": [{ "idProperty": "firstname", "id": "Ana", "properties": {} }] }),
    ] {
        hub.post(&path, bad).await.refused(400, "VALIDATION_ERROR");
    }
}

#[tokio::test]
async fn with_traces_a_bad_input_fails_alone() {
    let hub = Hub::start().await;
    let deals = hub.ids("deals", 2).await;
    let input = |id: &str, trace: Option<&str>, properties: Value| {
        let mut input = json!({ "id": id, "properties": properties });
        if let Some(trace) = trace {
            input["objectWriteTraceId"] = json!(trace);
        }
        input
    };
    let path = "/crm/objects/2026-09/deals/batch/update";
    let good = json!({ "dealname": "good" });
    let bad = json!({ "no_such_property": "1" });
    let batch = |traces: [Option<&str>; 3]| {
        json!({ "inputs": [
            input(&deals[0], traces[0], good.clone()),
            input(&deals[1], traces[1], bad.clone()),
            input("1", traces[2], good.clone()),
        ] })
    };
    for traces in [[None, None, None], [Some("a"), Some("b"), None]] {
        hub.post(path, batch(traces))
            .await
            .refused(400, "VALIDATION_ERROR");
    }
    let mixed = hub
        .post(path, batch([Some("a"), Some("b"), Some("c")]))
        .await;
    assert_eq!(mixed.status, 207);
    assert_eq!(ids(&mixed.body), [deals[0].as_str()]);
    assert_eq!(mixed.body["results"][0]["objectWriteTraceId"], "a");
    assert_eq!(mixed.body["numErrors"], 2);
    let traces: Vec<&Value> = mixed.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["context"]["objectWriteTraceId"])
        .collect();
    assert_eq!(traces, [&json!(["b"]), &json!(["c"])]);
    assert_eq!(mixed.body["errors"][1]["context"]["ids"], json!(["1"]));
}

#[tokio::test]
async fn a_merged_contact_keeps_every_address_and_says_who_went() {
    let hub = Hub::start().await;
    let first = contact(&hub, "first@x.test").await;
    let second = contact(&hub, "second@x.test").await;
    let third = contact(&hub, "third@x.test").await;
    let merge = async |primary: &str, other: &str| {
        let body = json!({ "primaryObjectId": primary, "objectIdToMerge": other });
        hub.post(&format!("{CONTACTS}/merge"), body).await
    };
    merge(&first, &first).await.refused(400, "VALIDATION_ERROR");
    let one = merge(&first, &second).await.ok();
    let survivor = one["id"].as_str().unwrap();
    assert!(![&first, &second].iter().any(|id| *id == survivor));
    let vids = one["properties"]["hs_calculated_merged_vids"]
        .as_str()
        .unwrap();
    assert!(vids.starts_with(&format!("{second}:")), "{vids}");
    // An old id is good enough for the next merge, and a pair that is one already is refused.
    merge(&first, &second)
        .await
        .refused(400, "VALIDATION_ERROR");
    let two = merge(&third, &first).await.ok();
    let last = two["id"].as_str().unwrap();
    let listed = two["properties"]["hs_merged_object_ids"].as_str().unwrap();
    for old in [first.as_str(), &second, &third, survivor] {
        assert!(
            listed.split(';').any(|id| id == old),
            "{old} is not in {listed}"
        );
    }
    for email in ["first@x.test", "SECOND@x.test", "third@x.test"] {
        let path = format!("{CONTACTS}/{email}?idProperty=email&properties=hs_additional_emails");
        let found = hub.get(&path).await.ok();
        assert_eq!(found["id"], last, "{email}");
        assert_eq!(
            found["properties"]["hs_additional_emails"],
            "first@x.test;second@x.test"
        );
        let again = hub
            .post(CONTACTS, json!({ "properties": { "email": email } }))
            .await
            .refused(409, "CONFLICT");
        assert_eq!(
            again["message"],
            format!("Contact already exists. Existing ID: {last}")
        );
    }
}

#[tokio::test]
async fn too_many_identities_are_not_merged() {
    let hub = Hub::start().await;
    let inputs: Vec<Value> = (0..100).map(|_| json!({ "properties": {} })).collect();
    let path = "/crm/objects/2026-09/companies";
    let mut records = Vec::new();
    for _ in 0..2 {
        let body = json!({ "inputs": inputs });
        records.extend(ids(&hub
            .post(&format!("{path}/batch/create"), body)
            .await
            .ok()));
    }
    let mut primary = records.remove(0);
    // Each merge adds two ids: the one that went and the one that came.
    for (count, other) in records.iter().enumerate() {
        let body = json!({ "primaryObjectId": primary, "objectIdToMerge": other });
        let answer = hub.post(&format!("{path}/merge"), body).await;
        if answer.status == 414 {
            assert!(count > 100, "refused after {count} merges");
            return;
        }
        answer.ok()["id"].as_str().unwrap().clone_into(&mut primary);
    }
    panic!("{} records were merged", records.len());
}

#[tokio::test]
async fn a_forgotten_contact_is_nowhere_and_cannot_come_back() {
    let hub = Hub::start().await;
    let first = contact(&hub, "one@x.test").await;
    let second = contact(&hub, "two@x.test").await;
    let body = json!({ "primaryObjectId": first, "objectIdToMerge": second });
    let merged = hub.post(&format!("{CONTACTS}/merge"), body).await.ok();
    let id = merged["id"].as_str().unwrap();
    let company = hub.ids("companies", 1).await.remove(0);
    let put = format!("{CONTACTS}/{id}/associations/default/companies/{company}");
    hub.call(reqwest::Method::PUT, &put, None).await.ok();
    let forget = format!("{CONTACTS}/gdpr-delete");
    let body = json!({ "idProperty": "email", "objectId": "two@x.test" });
    assert_eq!(hub.post(&forget, body).await.status, 204);
    for old in [first.as_str(), &second, id] {
        for flag in ["true", "false"] {
            hub.get(&format!("{CONTACTS}/{old}?archived={flag}"))
                .await
                .refused(404, "OBJECT_NOT_FOUND");
        }
    }
    let linked = hub
        .get(&format!(
            "/crm/objects/2026-09/companies/{company}/associations/contacts"
        ))
        .await
        .ok();
    let there = linked["results"].as_array().unwrap();
    assert!(there.iter().all(|link| link["toObjectId"] != id));
    let query = json!({ "query": "two@x.test" });
    let found = hub.post(&format!("{CONTACTS}/search"), query).await.ok();
    assert_eq!(found["total"], 0);
    for email in ["one@x.test", "two@x.test"] {
        hub.post(CONTACTS, json!({ "properties": { "email": email } }))
            .await
            .refused(400, "VALIDATION_ERROR");
    }
    // Somebody who is not there is forgotten just as quietly.
    let nobody = json!({ "objectId": "1" });
    assert_eq!(hub.post(&forget, nobody).await.status, 204);
}

#[tokio::test]
async fn rules_of_an_administrator_hold_for_new_records_from_2026_09_on() {
    let hub = Hub::start().await;
    hub.set(
        "compulsory",
        json!({ "objectType": "deals", "property": "hs_next_step" }),
    )
    .await;
    let bare = json!({ "properties": { "dealname": "bare" } });
    let whole = json!({ "properties": { "dealname": "whole", "hs_next_step": "call" } });
    let strict = "/crm/objects/2026-09/deals";
    hub.post(strict, bare.clone())
        .await
        .refused(400, "VALIDATION_ERROR");
    let batch = json!({ "inputs": [bare.clone()] });
    hub.post(&format!("{strict}/batch/create"), batch)
        .await
        .refused(400, "VALIDATION_ERROR");
    assert_eq!(hub.post(strict, whole).await.status, 201);
    for lax in ["/crm/objects/2026-03/deals", "/crm/v3/objects/deals"] {
        assert_eq!(hub.post(lax, bare.clone()).await.status, 201);
    }
}

#[tokio::test]
async fn types_around_a_sale_can_be_written_and_read() {
    let hub = Hub::start().await;
    let cases = [
        (
            "tickets",
            json!({ "subject": "Leak", "hs_pipeline": "0", "hs_pipeline_stage": "1" }),
        ),
        (
            "leads",
            json!({ "hs_lead_name": "Ana", "hs_pipeline_stage": "new-stage-id" }),
        ),
        ("products", json!({ "name": "PX-200", "price": "12000" })),
        ("line_items", json!({ "name": "PX-200", "quantity": "2" })),
        ("quotes", json!({ "hs_title": "Offer" })),
        (
            "communications",
            json!({ "hs_timestamp": "2026-11-20T10:00:00Z", "hs_communication_channel_type": "SMS" }),
        ),
    ];
    for (object_type, properties) in cases {
        let path = format!("/crm/objects/2026-09/{object_type}");
        let before = hub.sim.counts()[object_type]["live"].as_u64().unwrap();
        let made = hub.post(&path, json!({ "properties": properties })).await;
        assert_eq!(made.status, 201, "{object_type}: {}", made.body);
        let id = made.body["id"].as_str().unwrap();
        hub.get(&format!("{path}/{id}")).await.ok();
        let found = hub.post(&format!("{path}/search"), json!({})).await.ok();
        assert_eq!(found["total"], before + 1, "{object_type}");
    }
    let bad = json!({ "properties": { "hs_pipeline_stage": "new-stage-id" } });
    hub.post("/crm/objects/2026-09/tickets", bad)
        .await
        .refused(400, "VALIDATION_ERROR");
}
