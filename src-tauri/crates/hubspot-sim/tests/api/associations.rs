//! Associations: batches, pages within them, labels, both directions.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Hub, all};

const READ: &str = "/crm/associations/2026-09";

async fn read(hub: &Hub, pair: &str, inputs: Value) -> crate::Answer {
    hub.post(
        &format!("{READ}/{pair}/batch/read"),
        json!({ "inputs": inputs }),
    )
    .await
}

#[tokio::test]
async fn both_directions_agree() {
    let hub = Hub::start().await;
    let deals = hub.ids("deals", 100).await;
    let inputs: Vec<Value> = deals.iter().map(|id| json!({ "id": id })).collect();
    let there = read(&hub, "deals/companies", json!(inputs)).await.ok();
    let results = there["results"].as_array().unwrap();
    assert_eq!(results.len(), 100, "every deal has a company");
    for result in results.iter().take(10) {
        let company = &result["to"][0]["toObjectId"];
        assert!(company.is_string(), "an id is a text in the dated versions");
        let types: Vec<u64> = result["to"][0]["associationTypes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|link| link["typeId"].as_u64().unwrap())
            .collect();
        assert_eq!(types, [341, 5]);
        let back = read(&hub, "companies/deals", json!([{ "id": company }]))
            .await
            .ok();
        let deals = back["results"][0]["to"].as_array().unwrap();
        assert!(
            deals
                .iter()
                .any(|deal| deal["toObjectId"] == result["from"]["id"])
        );
    }
}

#[tokio::test]
async fn a_record_without_associations_is_an_error_entry() {
    let hub = Hub::start().await;
    let made = hub
        .post("/crm/objects/2026-09/deals", json!({ "properties": {} }))
        .await
        .ok();
    let answer = read(&hub, "deals/contacts", json!([{ "id": made["id"] }])).await;
    assert_eq!(answer.status, 207);
    assert_eq!(answer.body["results"], json!([]));
    let error = &answer.body["errors"][0];
    assert_eq!(error["category"], "OBJECT_NOT_FOUND");
    assert_eq!(error["context"]["fromObjectId"][0], made["id"]);
}

#[tokio::test]
async fn long_lists_are_paged_for_each_record() {
    let hub = Hub::start().await;
    let company = hub.ids("companies", 1).await.remove(0);
    let contacts: Vec<String> = all(&hub, "/crm/objects/2026-09/contacts")
        .await
        .iter()
        .take(230)
        .map(|contact| contact["id"].as_str().unwrap().to_owned())
        .collect();
    let inputs: Vec<Value> = contacts
        .iter()
        .map(|id| json!({ "from": { "id": id }, "to": { "id": company } }))
        .collect();
    let associate = format!("{READ}/contacts/companies/batch/associate/default");
    hub.post(&associate, json!({ "inputs": inputs })).await.ok();
    let (mut seen, mut pages) = (Vec::new(), 0);
    let mut input = json!({ "id": company });
    loop {
        let page = read(&hub, "companies/contacts", json!([input])).await.ok();
        let result = &page["results"][0];
        let to = result["to"].as_array().unwrap();
        assert!(to.len() <= 100);
        seen.extend(
            to.iter()
                .map(|one| one["toObjectId"].as_str().unwrap().to_owned()),
        );
        pages += 1;
        match result["paging"]["next"]["after"].as_str() {
            Some(after) => input = json!({ "id": company, "after": after }),
            None => break,
        }
    }
    assert!(pages >= 3);
    assert!(contacts.iter().all(|id| seen.contains(id)));
    let mut once = seen.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), seen.len(), "no contact twice");
    // Inline the list stops at a hundred entries and says that there is more.
    let path = format!("/crm/objects/2026-09/companies/{company}?associations=contacts");
    let inline = hub.get(&path).await.ok();
    assert_eq!(
        inline["associations"]["contacts"]["results"]
            .as_array()
            .unwrap()
            .len(),
        100
    );
    assert!(inline["associations"]["contacts"]["paging"]["next"]["after"].is_string());
}

#[tokio::test]
async fn old_and_new_spellings_differ_in_the_type_of_an_id() {
    let hub = Hub::start().await;
    let deal = hub.ids("deals", 1).await.remove(0);
    let body = json!({ "inputs": [{ "id": deal }] });
    let old = hub
        .post(
            "/crm/v4/associations/deals/companies/batch/read",
            body.clone(),
        )
        .await
        .ok();
    assert!(old["results"][0]["to"][0]["toObjectId"].is_number());
    let oldest = hub
        .post("/crm/v3/associations/deals/companies/batch/read", body)
        .await
        .ok();
    assert_eq!(oldest["results"][0]["to"][0]["type"], "deal_to_company");
    let path = format!("/crm/v4/objects/deals/{deal}/associations/companies");
    assert!(hub.get(&path).await.ok()["results"][0]["toObjectId"].is_number());
}

#[tokio::test]
async fn labels_are_told_and_shown() {
    let hub = Hub::start().await;
    let labels = hub.get(&format!("{READ}/deals/contacts/labels")).await.ok();
    let of = |label: &Value| (label["typeId"].as_u64().unwrap(), label["category"].clone());
    let listed: Vec<_> = labels["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(of)
        .collect();
    assert!(listed.contains(&(3, json!("HUBSPOT_DEFINED"))));
    assert!(listed.contains(&(36, json!("USER_DEFINED"))));
}

#[tokio::test]
async fn associations_are_made_and_undone() {
    let hub = Hub::start().await;
    let deal = hub
        .post("/crm/objects/2026-09/deals", json!({ "properties": {} }))
        .await
        .ok();
    let deal = deal["id"].as_str().unwrap();
    let contact = hub.ids("contacts", 1).await.remove(0);
    let path = format!("/crm/objects/2026-09/deals/{deal}/associations/contacts/{contact}");
    let spec = json!([{ "associationCategory": "USER_DEFINED", "associationTypeId": 38 }]);
    assert_eq!(hub.call(Method::PUT, &path, Some(&spec)).await.status, 201);
    let listed = hub
        .get(&format!(
            "/crm/objects/2026-09/deals/{deal}/associations/contacts"
        ))
        .await;
    // A label brings the unlabelled type with it.
    let types = listed.ok()["results"][0]["associationTypes"].clone();
    let labels: Vec<&Value> = types
        .as_array()
        .unwrap()
        .iter()
        .map(|link| &link["label"])
        .collect();
    assert_eq!(labels, [&Value::Null, &json!("Champion")]);
    assert_eq!(hub.call(Method::DELETE, &path, None).await.status, 204);
    let answer = read(&hub, "deals/contacts", json!([{ "id": deal }])).await;
    assert_eq!(answer.status, 207);
    let ledger = hub.control(Method::GET, "ledger", Value::Null).await;
    let calls: Vec<&str> = ledger
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["call"].as_str().unwrap())
        .collect();
    assert_eq!(calls, ["associate", "disassociate"]);
}
