//! Faults over the control address.

use reqwest::Method;
use serde_json::{Value, json};

use crate::Hub;

const DETAILS: &str = "/account-info/2026-09/details";
const UPDATE: &str = "/crm/objects/2026-09/deals/batch/update";

#[tokio::test]
async fn a_route_fails_with_the_wanted_answer_and_others_do_not() {
    let hub = Hub::start().await;
    let fault = json!({ "path": "/account-info", "status": 502, "body": "<html>Bad gateway</html>",
                        "retryAfter": 3 });
    hub.set("faults", fault).await;
    let answer = hub.get(DETAILS).await;
    assert_eq!(answer.status, 502);
    assert_eq!(
        answer.header("content-type"),
        Some("text/html;charset=utf-8")
    );
    assert_eq!(answer.header("retry-after"), Some("3"));
    assert_eq!(answer.body, json!("<html>Bad gateway</html>"));
    hub.get("/crm/owners/2026-09").await.ok();
    assert_eq!(
        hub.control(Method::DELETE, "faults", Value::Null).await["off"],
        1
    );
    hub.get(DETAILS).await.ok();
}

#[tokio::test]
async fn only_the_nth_call_fails() {
    let hub = Hub::start().await;
    let fault =
        json!({ "method": "GET", "contains": "details", "nth": 2, "times": 1, "status": 500 });
    hub.set("faults", fault).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(hub.get(DETAILS).await.status);
    }
    assert_eq!(statuses, [200, 500, 200, 200]);
}

#[tokio::test]
async fn a_connection_can_break_before_and_within_the_answer() {
    let hub = Hub::start().await;
    hub.set(
        "faults",
        json!({ "path": "/account-info", "cut": true, "times": 1 }),
    )
    .await;
    assert!(hub.try_call(Method::GET, DETAILS, None).await.is_err());
    hub.get(DETAILS).await.ok();
    hub.set(
        "faults",
        json!({ "path": "/account-info", "truncate": 20, "times": 1 }),
    )
    .await;
    assert!(hub.try_call(Method::GET, DETAILS, None).await.is_err());
    hub.get(DETAILS).await.ok();
}

#[tokio::test]
async fn a_write_is_lost_before_or_after_it_took_effect() {
    let hub = Hub::start().await;
    let id = hub.ids("deals", 1).await.remove(0);
    let body = json!({ "inputs": [{ "id": id, "properties": { "hs_next_step": "cut" } }] });
    let writes = async || {
        let ledger = hub.control(Method::GET, "ledger", Value::Null).await;
        ledger.as_array().unwrap().len()
    };
    for (after, written) in [(false, 0), (true, 1)] {
        let fault = json!({ "contains": "batch/update", "cut": true, "after": after, "times": 1 });
        hub.set("faults", fault).await;
        assert!(
            hub.try_call(Method::POST, UPDATE, Some(&body))
                .await
                .is_err()
        );
        assert_eq!(writes().await, written, "after: {after}");
        hub.control(Method::DELETE, "faults", Value::Null).await;
    }
}

#[tokio::test]
async fn a_delayed_call_still_answers() {
    let hub = Hub::start().await;
    hub.set("faults", json!({ "path": "/account-info", "delayMs": 30 }))
        .await;
    let started = std::time::Instant::now();
    hub.get(DETAILS).await.ok();
    // A lower bound alone: how much longer it takes is the machine's business.
    assert!(started.elapsed().as_millis() >= 30);
}

#[tokio::test]
async fn switches_work_without_the_network_too() {
    let hub = Hub::start().await;
    let fault = json!({ "path": "/account-info", "status": 503, "times": 1 });
    assert_eq!(
        hub.sim.control("POST", "faults", &fault),
        (200, json!({ "on": true }))
    );
    assert_eq!(hub.get(DETAILS).await.status, 503);
    assert_eq!(hub.sim.control("GET", "nothing", &Value::Null).0, 404);
}

#[tokio::test]
async fn a_fault_that_is_misspelt_is_refused() {
    let hub = Hub::start().await;
    let url = format!("{}/faults", hub.sim.address().control_url);
    let answer = hub
        .http
        .post(url)
        .json(&json!({ "statuz": 500 }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 400);
}

/// The body as it comes over the wire, in bytes.
async fn raw(hub: &Hub) -> reqwest::Response {
    let url = format!("{}{DETAILS}", hub.sim.address().base_url);
    let request = hub.http.get(url).bearer_auth(&hub.token);
    request.send().await.unwrap()
}

#[tokio::test]
async fn an_answer_can_trickle_swell_and_lie_about_its_form() {
    let hub = Hub::start().await;
    let plain = raw(&hub).await.bytes().await.unwrap();
    let strike = async |fault: Value| {
        let mut fault = fault;
        fault["path"] = json!("/account-info");
        fault["times"] = json!(1);
        hub.set("faults", fault).await;
        raw(&hub).await
    };
    let mut slow = strike(json!({ "trickleMs": 1 })).await;
    assert_eq!(slow.chunk().await.unwrap().unwrap().len(), 1);
    let large = strike(json!({ "padding": 100_000 }))
        .await
        .bytes()
        .await
        .unwrap();
    assert_eq!(large.len(), 100_000 + plain.len());
    assert!(large.ends_with(&plain));
    let odd = strike(json!({ "gzip": true })).await;
    assert_eq!(odd.headers()["content-encoding"], "gzip");
    assert_eq!(raw(&hub).await.bytes().await.unwrap(), plain);
}
