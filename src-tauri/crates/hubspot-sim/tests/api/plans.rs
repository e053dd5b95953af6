//! What follows from an account's subscription and from what an app declares: limits, scopes, who
//! may install, long tokens, and the app's own grant.

use hubspot_sim::Limits;
use reqwest::Method;
use serde_json::{Value, json};

use crate::oauth::{authorize_url, code, connect, consent, exchange, refresh, token_call};
use crate::{Hub, options};

#[tokio::test]
async fn limits_follow_the_plan_for_static_tokens_alone() {
    for (plan, burst, associations, daily) in [
        ("free", "100", "100", "250000"),
        ("starter", "100", "100", "250000"),
        ("professional", "190", "150", "625000"),
        ("enterprise", "190", "150", "1000000"),
    ] {
        let mut hub = Hub::with(options(7, Limits::Real)).await;
        hub.set("plan", json!({ "plan": plan })).await;
        let account = "/account-info/2026-09";
        let answer = hub.get(&format!("{account}/details")).await;
        assert_eq!(
            answer.header("x-hubspot-ratelimit-max"),
            Some(burst),
            "{plan}"
        );
        assert_eq!(
            answer.header("x-hubspot-ratelimit-daily"),
            Some(daily),
            "{plan}"
        );
        let labels = hub
            .get("/crm/associations/2026-09/deals/contacts/labels")
            .await;
        assert_eq!(labels.header("x-hubspot-ratelimit-max"), Some(associations));
        let usage = format!("{account}/api-usage/daily/private-apps");
        let usage = hub.get(&usage).await.ok()["results"][0].clone();
        assert_eq!(usage["usageLimit"].to_string(), daily);
        assert_eq!(usage["currentUsage"], 3);
        // Midnight in Berlin.
        assert_eq!(usage["resetsAt"], "2026-11-21T23:00:00Z");
        connect(&mut hub, "oauth").await;
        let answer = hub.get(&format!("{account}/details")).await;
        assert_eq!(
            answer.header("x-hubspot-ratelimit-max"),
            Some("110"),
            "{plan}"
        );
        assert_eq!(answer.header("x-hubspot-ratelimit-daily"), None, "{plan}");
    }
}

/// Whether the consent page offers to go on.
async fn offered(hub: &Hub, scope: &str, optional: &str) -> bool {
    let url = authorize_url(hub, &[("scope", scope), ("optional_scope", optional)]);
    consent(hub, url).await.is_ok()
}

#[tokio::test]
async fn what_the_app_declares_is_what_may_be_asked_for() {
    let hub = Hub::start().await;
    let (deals, writes, custom) = (
        "crm.objects.deals.read",
        "crm.objects.deals.write",
        "crm.objects.custom.read",
    );
    let declared = json!({ "required": ["oauth", deals], "conditional": [writes],
                           "optional": [custom] });
    hub.set("oauth", json!({ "declared": declared })).await;
    for (scope, optional, good) in [
        (format!("oauth {deals}"), String::new(), true),
        (format!("oauth {deals} {writes}"), custom.to_owned(), true),
        // A required one is missing.
        ("oauth".to_owned(), String::new(), false),
        ("oauth".to_owned(), deals.to_owned(), false),
        // A conditionally required one may not be optional, nor the other way round.
        (format!("oauth {deals}"), writes.to_owned(), false),
        (format!("oauth {deals} {custom}"), String::new(), false),
        // One that the app does not declare at all.
        (format!("oauth {deals}"), "crm.lists.read".to_owned(), false),
    ] {
        assert_eq!(
            offered(&hub, &scope, &optional).await,
            good,
            "{scope} / {optional}"
        );
    }
}

#[tokio::test]
async fn scopes_that_the_plan_lacks_are_dropped_or_stop_the_installation() {
    let mut hub = Hub::start().await;
    hub.set("plan", json!({ "plan": "professional" })).await;
    let custom = "crm.objects.custom.read";
    assert!(!offered(&hub, &format!("oauth {custom}"), "").await);
    let code = code(&hub, &[("scope", "oauth"), ("optional_scope", custom)]).await;
    let tokens = exchange(&hub, &code, &[]).await.ok();
    assert_eq!(tokens["scopes"], json!(["oauth"]));
    tokens["access_token"]
        .as_str()
        .unwrap()
        .clone_into(&mut hub.token);
    let machines = hub.get("/crm/objects/2026-09/2-38201477").await;
    machines.refused(403, "MISSING_SCOPES");
}

#[tokio::test]
async fn an_address_pinned_to_an_account_takes_no_other() {
    let hub = Hub::start().await;
    let details = hub.get("/account-info/2026-09/details").await.ok();
    let own = details["portalId"].as_u64().unwrap();
    for (portal, good) in [(own, true), (own + 1, false)] {
        let mut url = authorize_url(&hub, &[]);
        url.set_path(&format!("/oauth/{portal}/authorize"));
        assert_eq!(consent(&hub, url).await.is_ok(), good, "{portal}");
    }
}

#[tokio::test]
async fn tokens_may_be_four_kilobytes_long() {
    let mut hub = Hub::start().await;
    hub.set("oauth", json!({ "tokenLength": 4096, "rotates": true }))
        .await;
    let tokens = connect(&mut hub, "oauth").await;
    for key in ["access_token", "refresh_token"] {
        assert!(tokens[key].as_str().unwrap().len() >= 4096, "{key}");
    }
    hub.get("/account-info/2026-09/details").await.ok();
    let again = refresh(&hub, tokens["refresh_token"].as_str().unwrap())
        .await
        .ok();
    assert!(again["refresh_token"].as_str().unwrap().len() >= 4096);
}

#[tokio::test]
async fn after_uninstalling_no_token_can_be_refreshed() {
    let mut hub = Hub::start().await;
    let tokens = connect(&mut hub, "oauth").await;
    let gone = hub.call(
        Method::DELETE,
        "/appinstalls/2026-09/external-install",
        None,
    );
    assert_eq!(gone.await.status, 204);
    let refused = refresh(&hub, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.body["status"], "BAD_REFRESH_TOKEN");
    assert_eq!(refused.body["error"], "invalid_grant");
}

#[tokio::test]
async fn the_apps_own_grant_is_for_the_journal_and_not_in_every_version() {
    let hub = Hub::start().await;
    let journal = "developer.webhooks_journal.read";
    let call = async |version: &str, scope: &str| {
        let address = hub.sim.address();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", address.client_id.as_str()),
            ("client_secret", address.client_secret.as_str()),
            ("scope", scope),
        ];
        let url = format!("{}/oauth/{version}/token", address.base_url);
        let response = hub.http.post(url).form(&form).send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json::<Value>().await.unwrap())
    };
    for (version, scope, status, word) in [
        ("2026-03", journal, 200, Value::Null),
        ("v3", journal, 200, Value::Null),
        (
            "2026-03",
            "crm.objects.deals.read",
            400,
            json!("BAD_SCOPES"),
        ),
        ("2026-09", journal, 400, json!("BAD_GRANT_TYPE")),
        ("v1", journal, 400, json!("BAD_GRANT_TYPE")),
    ] {
        let (got, body) = call(version, scope).await;
        assert_eq!((got, &body["status"]), (status, &word), "{version} {scope}");
        assert!(body.get("refresh_token").is_none());
    }
    let unknown = token_call(&hub, &[("grant_type", "password")]).await;
    assert_eq!(unknown.body["status"], "BAD_GRANT_TYPE");
}
