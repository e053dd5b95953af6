//! Pipelines and stages, their audits, and owners that are queues.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Hub, all};

const PIPELINES: &str = "/crm/pipelines/2026-09/deals";

fn renewals() -> Value {
    json!({
        "label": "Renewals",
        "displayOrder": 9,
        "stages": [
            { "label": "Done", "displayOrder": 2, "metadata": { "probability": "1.0" } },
            { "label": "Asked", "displayOrder": 0, "metadata": { "probability": "0.4" } },
            { "label": "Lost", "displayOrder": 3, "metadata": { "probability": "0.0" } },
        ],
    })
}

#[tokio::test]
async fn a_pipeline_is_made_changed_and_deleted_with_its_audit() {
    let hub = Hub::start().await;
    let made = hub.post(PIPELINES, renewals()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    hub.post(PIPELINES, renewals())
        .await
        .refused(409, "CONFLICT");
    let id = made.body["id"].as_str().unwrap();
    let stages = made.body["stages"].as_array().unwrap();
    let labels: Vec<&Value> = stages.iter().map(|stage| &stage["label"]).collect();
    assert_eq!(labels, ["Asked", "Done", "Lost"], "in display order");
    let closed: Vec<&Value> = stages
        .iter()
        .map(|stage| &stage["metadata"]["isClosed"])
        .collect();
    assert_eq!(closed, ["false", "true", "true"]);
    let path = format!("{PIPELINES}/{id}");
    let renamed = hub
        .patch(&path, json!({ "label": "Prolongations" }))
        .await
        .ok();
    assert_eq!(renamed["label"], "Prolongations");
    let audit = hub.get(&format!("{path}/audit")).await.ok();
    let actions: Vec<&Value> = audit["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["action"])
        .collect();
    assert_eq!(actions, ["UPDATE", "CREATE"], "newest first");
    // Stages.
    let stage =
        json!({ "label": "Waiting", "displayOrder": 1, "metadata": { "probability": "0.5" } });
    let added = hub.post(&format!("{path}/stages"), stage.clone()).await;
    assert_eq!(added.status, 201);
    hub.post(&format!("{path}/stages"), stage)
        .await
        .refused(409, "CONFLICT");
    let stage_path = format!("{path}/stages/{}", added.body["id"].as_str().unwrap());
    let body = json!({ "metadata": { "probability": "0.7" } });
    let changed = hub.patch(&stage_path, body).await.ok();
    assert_eq!(
        (&changed["label"], &changed["metadata"]["probability"]),
        (&json!("Waiting"), &json!("0.7"))
    );
    hub.patch(&stage_path, json!({ "metadata": { "probability": "7" } }))
        .await
        .refused(400, "VALIDATION_ERROR");
    let audit = hub.get(&format!("{stage_path}/audit")).await.ok();
    assert_eq!(audit["results"].as_array().unwrap().len(), 2);
    assert_eq!(hub.delete(&stage_path).await.status, 204);
    let replaced = json!({ "label": "Renewals", "displayOrder": 0, "stages": [
        { "label": "Only", "displayOrder": 0, "metadata": { "probability": "0.1" } }] });
    let replaced = hub.call(Method::PUT, &path, Some(&replaced)).await.ok();
    assert_eq!(replaced["stages"].as_array().unwrap().len(), 1);
    assert_eq!(hub.delete(&path).await.status, 204);
    hub.get(&path).await.refused(404, "OBJECT_NOT_FOUND");
}

#[tokio::test]
async fn what_is_in_use_is_deleted_only_without_the_check() {
    let hub = Hub::start().await;
    let listed = hub.get(PIPELINES).await.ok();
    let second = listed["results"][1]["id"].as_str().unwrap();
    let stage = listed["results"][0]["stages"][0]["id"].as_str().unwrap();
    let default = format!("{PIPELINES}/default/stages/{stage}");
    for path in [format!("{PIPELINES}/{second}"), default] {
        for check in [
            "validateReferencesBeforeDelete",
            "validateDealStageUsagesBeforeDelete",
        ] {
            hub.delete(&format!("{path}?{check}=true"))
                .await
                .refused(400, "VALIDATION_ERROR");
        }
        assert_eq!(hub.delete(&path).await.status, 204);
    }
    hub.delete(&format!("{PIPELINES}/default"))
        .await
        .refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn editing_a_pipeline_touches_all_its_deals_and_no_others() {
    let hub = Hub::start().await;
    let path = "/crm/objects/2026-09/deals?properties=pipeline";
    let dates = async || -> Vec<(String, Value, Value)> {
        let deals = all(&hub, path).await;
        let row = |deal: &Value| {
            let text = deal["properties"]["pipeline"].as_str().unwrap_or_default();
            (
                text.to_owned(),
                deal["id"].clone(),
                deal["updatedAt"].clone(),
            )
        };
        deals.iter().map(row).collect()
    };
    let before = dates().await;
    hub.set("advance", json!({ "seconds": 60 })).await;
    hub.patch(
        &format!("{PIPELINES}/default"),
        json!({ "label": "Selling" }),
    )
    .await
    .ok();
    let (mut touched, mut left) = (0, 0);
    for ((pipeline, id, old), (_, same, new)) in before.iter().zip(dates().await) {
        assert_eq!(*id, same);
        if pipeline == "default" {
            assert_ne!(*old, new, "{id}");
            touched += 1;
        } else {
            assert_eq!(*old, new, "{id}");
            left += 1;
        }
    }
    assert!(touched > 100 && left > 10, "{touched} touched, {left} left");
}

#[tokio::test]
async fn tickets_say_open_and_closed_in_their_own_words() {
    let hub = Hub::start().await;
    let listed = hub.get("/crm/pipelines/2026-09/tickets").await.ok();
    let stages = listed["results"][0]["stages"].as_array().unwrap();
    let states: Vec<&Value> = stages
        .iter()
        .map(|one| &one["metadata"]["ticketState"])
        .collect();
    assert_eq!(states, ["OPEN", "OPEN", "OPEN", "CLOSED"]);
}

#[tokio::test]
async fn a_queue_is_an_owner_without_a_user() {
    let hub = Hub::start().await;
    let id = hub.set("queue", json!({ "name": "Inbound" })).await["id"].clone();
    let path = format!("/crm/owners/2026-09/{}", id.as_str().unwrap());
    let owner = hub.get(&path).await.ok();
    assert_eq!(owner["type"], "QUEUE");
    assert_eq!(
        (&owner["userId"], &owner["email"]),
        (&Value::Null, &Value::Null)
    );
    let listed = hub.get("/crm/owners/2026-09?limit=500").await.ok();
    let kinds = listed["results"].as_array().unwrap().iter();
    assert_eq!(kinds.filter(|one| one["type"] == "QUEUE").count(), 1);
    hub.get("/crm/owners/2026-09?limit=501")
        .await
        .refused(400, "VALIDATION_ERROR");
}
