//! The four rate limits and the three kinds of 429. Numbers are lowered where a test would
//! otherwise have to make a hundred calls within ten seconds on a slow machine.

use hubspot_sim::Limits;
use serde_json::{Value, json};

use crate::oauth::connect;
use crate::{Hub, options};

async fn limited(numbers: Value) -> Hub {
    let hub = Hub::with(options(7, Limits::Real)).await;
    hub.set("limits", numbers).await;
    hub
}

#[track_caller]
fn is_limited(answer: &crate::Answer, policy: &str, message: &str) {
    assert_eq!(answer.status, 429, "{}", answer.body);
    assert_eq!(answer.body["policyName"], policy);
    assert_eq!(answer.body["message"], message);
    assert_eq!(answer.body["errorType"], "RATE_LIMIT");
    assert!(
        answer.body["groupName"]
            .as_str()
            .unwrap()
            .starts_with("publicapi:")
    );
}

const DETAILS: &str = "/account-info/2026-09/details";

#[tokio::test]
async fn a_static_token_has_a_burst_and_says_so_in_headers() {
    let hub = limited(json!({ "fixed": 3 })).await;
    for left in ["2", "1", "0"] {
        let answer = hub.get(DETAILS).await;
        assert_eq!(answer.header("x-hubspot-ratelimit-remaining"), Some(left));
        assert_eq!(answer.header("x-hubspot-ratelimit-max"), Some("3"));
        assert_eq!(
            answer.header("x-hubspot-ratelimit-interval-milliseconds"),
            Some("10000")
        );
        assert!(answer.header("x-hubspot-ratelimit-daily").is_some());
        answer.ok();
    }
    let answer = hub.get(DETAILS).await;
    is_limited(
        &answer,
        "TEN_SECONDLY_ROLLING",
        "You have reached your ten_secondly_rolling limit.",
    );
    assert_eq!(
        answer.header("retry-after"),
        None,
        "HubSpot does not promise it"
    );
}

#[tokio::test]
async fn oauth_has_its_own_burst_and_no_daily_limit() {
    let mut hub = limited(json!({ "oauth": 2, "fixed": 1, "daily": 1 })).await;
    let token = hub.token.clone();
    connect(&mut hub, "oauth").await;
    for _ in 0..2 {
        let answer = hub.get(DETAILS).await;
        assert_eq!(answer.header("x-hubspot-ratelimit-max"), Some("2"));
        assert_eq!(answer.header("x-hubspot-ratelimit-daily"), None);
        answer.ok();
    }
    let answer = hub.get(DETAILS).await;
    is_limited(
        &answer,
        "TEN_SECONDLY_ROLLING",
        "You have reached your ten_secondly_rolling limit.",
    );
    hub.token = token;
    hub.get(DETAILS).await.ok();
}

#[tokio::test]
async fn real_numbers_are_those_of_the_documentation() {
    let mut hub = Hub::with(options(7, Limits::Real)).await;
    let answer = hub.get(DETAILS).await;
    assert_eq!(answer.header("x-hubspot-ratelimit-max"), Some("190"));
    assert_eq!(answer.header("x-hubspot-ratelimit-daily"), Some("1000000"));
    connect(
        &mut hub,
        "oauth crm.objects.deals.read crm.objects.contacts.read",
    )
    .await;
    let answer = hub.get(DETAILS).await;
    assert_eq!(answer.header("x-hubspot-ratelimit-max"), Some("110"));
    let links = "/crm/associations/2026-09/deals/contacts/batch/read";
    let answer = hub.post(links, json!({ "inputs": [] })).await;
    assert_eq!(answer.header("x-hubspot-ratelimit-max"), Some("150"));
}

#[tokio::test]
async fn search_has_a_limit_of_its_own_and_no_headers() {
    // None at all, so that the second in which the calls fall does not matter.
    let hub = limited(json!({ "search": 0 })).await;
    let search = "/crm/objects/2026-09/deals/search";
    let answer = hub.post(search, json!({})).await;
    is_limited(&answer, "SECONDLY", "You have reached your secondly limit.");
    hub.get("/crm/objects/2026-09/deals").await.ok();
    hub.set("limits", json!({ "search": 100 })).await;
    let answer = hub.post(search, json!({})).await;
    assert!(
        answer
            .headers
            .keys()
            .all(|name| !name.as_str().contains("ratelimit"))
    );
    answer.ok();
}

#[tokio::test]
async fn associations_have_a_bucket_of_their_own() {
    let hub = limited(json!({ "associations": 1 })).await;
    let links = "/crm/associations/2026-09/deals/contacts/batch/read";
    hub.post(links, json!({ "inputs": [] })).await.ok();
    let answer = hub.post(links, json!({ "inputs": [] })).await;
    is_limited(
        &answer,
        "TEN_SECONDLY_ROLLING",
        "You have reached your ten_secondly_rolling limit.",
    );
    hub.get(DETAILS).await.ok();
}

#[tokio::test]
async fn the_daily_limit_ends_with_the_portals_day() {
    let hub = limited(json!({ "daily": 2 })).await;
    hub.get(DETAILS).await.ok();
    let last = hub.get(DETAILS).await;
    assert_eq!(
        last.header("x-hubspot-ratelimit-daily-remaining"),
        Some("0")
    );
    let answer = hub.get(DETAILS).await;
    is_limited(&answer, "DAILY", "You have reached your daily limit.");
    hub.set("advance", json!({ "days": 1 })).await;
    hub.get(DETAILS).await.ok();
}

#[tokio::test]
async fn limits_can_be_off() {
    let hub = Hub::start().await;
    let answer = hub.get(DETAILS).await;
    assert_eq!(answer.header("x-hubspot-ratelimit-max"), None);
}
