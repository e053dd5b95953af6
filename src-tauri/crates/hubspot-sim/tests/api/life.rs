//! The world's clock, and what control routes tell.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Hub, all};

#[tokio::test]
async fn advancing_brings_changes_that_search_and_lists_show() {
    let hub = Hub::start().await;
    let before = all(&hub, "/crm/objects/2026-09/deals").await;
    let search = json!({ "filterGroups": [{ "filters": [
        { "propertyName": "hs_lastmodifieddate", "operator": "GT", "value": crate::NOW } ] }] });
    let path = "/crm/objects/2026-09/deals/search";
    assert_eq!(hub.post(path, search.clone()).await.ok()["total"], 0);
    hub.set("advance", json!({ "days": 21 })).await;
    let changed = hub.post(path, search).await.ok()["total"].as_u64().unwrap();
    let after = all(&hub, "/crm/objects/2026-09/deals").await;
    assert!(changed > 10, "{changed} deals changed");
    let newest = |deals: &[Value]| {
        deals.last().unwrap()["createdAt"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(newest(&after) > newest(&before));
    assert!(after.len() > before.len());
}

#[tokio::test]
async fn the_handle_and_the_control_address_say_the_same() {
    let hub = Hub::start().await;
    hub.sim.advance(3.0);
    let get = async |verb: &str| hub.control(Method::GET, verb, Value::Null).await;
    assert_eq!(get("counts").await, hub.sim.counts());
    assert_eq!(get("truth").await, hub.sim.truth());
    assert_eq!(get("ledger").await, hub.sim.ledger());
    assert!(hub.sim.truth()["effects_in_log_odds"]["industry"]["MACHINERY"].is_number());
}

#[tokio::test]
async fn requests_are_counted_by_route_without_ids() {
    let hub = Hub::start().await;
    let deals = hub.ids("deals", 2).await;
    for id in &deals {
        hub.get(&format!("/crm/objects/2026-09/deals/{id}"))
            .await
            .ok();
    }
    let requests = hub.control(Method::GET, "requests", Value::Null).await;
    assert_eq!(requests["GET /crm/objects/2026-09/deals/{}"], 2);
    assert_eq!(requests["GET /crm/objects/2026-09/deals"], 1);
}
