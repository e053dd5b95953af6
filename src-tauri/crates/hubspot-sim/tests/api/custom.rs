//! Custom object types and their records; what smaller plans do not have.

use reqwest::Method;
use serde_json::{Value, json};

use crate::Hub;

const SCHEMAS: &str = "/crm-object-schemas/2026-09/schemas";

fn site() -> Value {
    json!({
        "name": "site",
        "labels": { "singular": "Site", "plural": "Sites" },
        "primaryDisplayProperty": "site_name",
        "requiredProperties": ["site_name"],
        "searchableProperties": ["site_name"],
        "properties": [
            { "name": "site_name", "label": "Name", "type": "string", "fieldType": "text" },
            { "name": "area", "label": "Area", "type": "number", "fieldType": "number" },
        ],
        "associatedObjects": ["CONTACT", "0-3"],
    })
}

#[tokio::test]
async fn a_custom_type_is_defined_used_and_archived() {
    let hub = Hub::start().await;
    let made = hub.post(SCHEMAS, site()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    hub.post(SCHEMAS, site()).await.refused(409, "CONFLICT");
    let id = made.body["objectTypeId"].as_str().unwrap();
    let qualified = made.body["fullyQualifiedName"].as_str().unwrap();
    assert!(id.starts_with("2-") && qualified.ends_with("_site"));
    let listed = hub.get(SCHEMAS).await.ok();
    assert_eq!(listed["results"].as_array().unwrap().len(), 2);
    // Records, by either name of the type.
    let path = format!("/crm/objects/2026-09/{qualified}");
    hub.post(&path, json!({ "properties": { "area": "1" } }))
        .await
        .refused(400, "VALIDATION_ERROR");
    let record = hub
        .post(&path, json!({ "properties": { "site_name": "Quay" } }))
        .await
        .ok();
    let number = record["id"].as_str().unwrap();
    assert_eq!(hub.ids(id, 10).await, [number]);
    let found = hub
        .post(
            &format!("/crm/objects/2026-09/{id}/search"),
            json!({ "query": "qua" }),
        )
        .await
        .ok();
    assert_eq!(found["total"], 1);
    // Associations with what the definition names.
    let deal = hub.ids("deals", 1).await.remove(0);
    let put = format!("{path}/{number}/associations/default/deals/{deal}");
    hub.call(Method::PUT, &put, None).await.ok();
    let back = format!("/crm/associations/2026-09/deals/{id}/batch/read");
    let back = hub
        .post(&back, json!({ "inputs": [{ "id": deal }] }))
        .await
        .ok();
    assert_eq!(back["results"][0]["to"][0]["toObjectId"], number);
    // Change, and refuse to go while there are records.
    let change = json!({ "labels": { "plural": "Places" }, "requiredProperties": [] });
    let changed = hub.patch(&format!("{SCHEMAS}/{id}"), change).await.ok();
    assert_eq!(changed["labels"]["plural"], "Places");
    hub.delete(&format!("{SCHEMAS}/{id}"))
        .await
        .refused(400, "VALIDATION_ERROR");
    assert_eq!(hub.delete(&format!("{path}/{number}")).await.status, 204);
    assert_eq!(hub.delete(&format!("{SCHEMAS}/{id}")).await.status, 204);
    hub.get(&path).await.refused(400, "VALIDATION_ERROR");
    let gone = hub.get(&format!("{SCHEMAS}?archived=true")).await.ok();
    assert_eq!(gone["results"][0]["name"], "site");
    hub.post(SCHEMAS, site()).await.refused(409, "CONFLICT");
    let purge = format!("{SCHEMAS}/{id}?archived=true");
    assert_eq!(hub.delete(&purge).await.status, 204);
    assert_eq!(hub.post(SCHEMAS, site()).await.status, 201);
}

#[tokio::test]
async fn an_association_of_a_custom_type_can_be_added_and_taken_back() {
    let hub = Hub::start().await;
    let made = hub.post(SCHEMAS, site()).await.ok();
    let id = made["objectTypeId"].as_str().unwrap();
    let pair = format!("/crm/associations/2026-09/{id}/tickets/labels");
    assert_eq!(hub.get(&pair).await.ok()["results"], json!([]));
    let body = json!({ "fromObjectTypeId": id, "toObjectTypeId": "0-5", "name": "site_to_ticket" });
    let path = format!("{SCHEMAS}/{id}/associations");
    let added = hub.post(&path, body).await;
    assert_eq!(added.status, 201);
    assert_eq!(
        hub.get(&pair).await.ok()["results"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let remove = format!("{path}/{}", added.body["id"].as_str().unwrap());
    assert_eq!(hub.delete(&remove).await.status, 204);
    assert_eq!(hub.get(&pair).await.ok()["results"], json!([]));
    hub.delete(&remove).await.refused(404, "OBJECT_NOT_FOUND");
}

#[tokio::test]
async fn smaller_plans_lack_object_types() {
    let hub = Hub::start().await;
    for (plan, custom, leads) in [
        ("free", 403, 403),
        ("starter", 403, 403),
        ("professional", 403, 200),
        ("enterprise", 200, 200),
    ] {
        hub.set("plan", json!({ "plan": plan })).await;
        assert_eq!(hub.get(SCHEMAS).await.status, custom, "{plan}");
        let machines = hub.get("/crm/objects/2026-09/2-38201477").await;
        assert_eq!(machines.status, custom, "{plan}");
        for name in ["leads", "0-136"] {
            let path = format!("/crm/objects/2026-09/{name}");
            assert_eq!(hub.get(&path).await.status, leads, "{plan}");
        }
        hub.get("/crm/objects/2026-09/tickets").await.ok();
    }
}
