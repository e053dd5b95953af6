//! Consent, tokens, scopes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{Answer, Hub};

const REDIRECT: &str = "http://localhost:17431/oauth/callback";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-so";
const SCOPES: &str = "oauth crm.objects.deals.read";

fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

pub(crate) fn authorize_url(hub: &Hub, extra: &[(&str, &str)]) -> Url {
    let mut url = Url::parse(&format!("{}/oauth/authorize", hub.sim.address().base_url)).unwrap();
    let mut pairs = vec![
        ("client_id", hub.sim.address().client_id.as_str()),
        ("redirect_uri", REDIRECT),
        ("scope", SCOPES),
        ("state", "st&te=1"),
    ];
    for (key, value) in extra {
        pairs.retain(|(known, _)| known != key);
        pairs.push((key, value));
    }
    url.query_pairs_mut().extend_pairs(pairs);
    url
}

/// The page's link with id=allow, or the page when there is none.
pub(crate) async fn consent(hub: &Hub, url: Url) -> Result<Url, String> {
    let page = hub
        .http
        .get(url.clone())
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let Some(rest) = page.split("id=\"allow\" href=\"").nth(1) else {
        return Err(page);
    };
    let href = rest.split('"').next().unwrap().replace("&amp;", "&");
    Ok(url.join(&href).unwrap())
}

pub(crate) async fn code(hub: &Hub, extra: &[(&str, &str)]) -> String {
    let allow = consent(hub, authorize_url(hub, extra)).await.unwrap();
    let response = hub.http.get(allow).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 302);
    let location = Url::parse(response.headers()["location"].to_str().unwrap()).unwrap();
    assert!(location.as_str().starts_with(&format!("{REDIRECT}?")));
    let pairs: Vec<(String, String)> = location.query_pairs().into_owned().collect();
    assert!(pairs.contains(&("state".to_owned(), "st&te=1".to_owned())));
    pairs.into_iter().find(|(key, _)| key == "code").unwrap().1
}

pub(crate) async fn token_call(hub: &Hub, fields: &[(&str, &str)]) -> Answer {
    let address = hub.sim.address();
    let mut form = vec![
        ("client_id", address.client_id.as_str()),
        ("client_secret", address.client_secret.as_str()),
    ];
    for (key, value) in fields {
        form.retain(|(known, _)| known != key);
        form.push((key, value));
    }
    let url = format!("{}/oauth/2026-09/token", address.base_url);
    let response = hub.http.post(url).form(&form).send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer {
        status,
        headers,
        body: response.json().await.unwrap(),
    }
}

pub(crate) async fn exchange(hub: &Hub, code: &str, extra: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
    ];
    fields.extend(extra);
    token_call(hub, &fields).await
}

pub(crate) async fn refresh(hub: &Hub, token: &str) -> Answer {
    token_call(
        hub,
        &[("grant_type", "refresh_token"), ("refresh_token", token)],
    )
    .await
}

/// A hub whose client holds an OAuth token with the given scopes.
pub(crate) async fn connected(scopes: &str) -> (Hub, Value) {
    let mut hub = Hub::start().await;
    let tokens = connect(&mut hub, scopes).await;
    (hub, tokens)
}

pub(crate) async fn connect(hub: &mut Hub, scopes: &str) -> Value {
    let code = code(hub, &[("scope", scopes)]).await;
    let tokens = exchange(hub, &code, &[]).await.ok();
    tokens["access_token"]
        .as_str()
        .unwrap()
        .clone_into(&mut hub.token);
    tokens
}

#[track_caller]
fn oauth_error(answer: &Answer, status: &str, error: &str) {
    assert_eq!(answer.status, 400);
    assert_eq!(answer.body["status"], status);
    assert_eq!(answer.body["error"], error);
}

#[tokio::test]
async fn the_whole_flow_with_pkce() {
    let mut hub = Hub::start().await;
    let challenge = challenge();
    let code = code(
        &hub,
        &[
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ],
    )
    .await;
    let tokens = exchange(&hub, &code, &[("code_verifier", VERIFIER)])
        .await
        .ok();
    assert_eq!(tokens["expires_in"], 1800);
    assert_eq!(tokens["token_type"], "bearer");
    tokens["access_token"]
        .as_str()
        .unwrap()
        .clone_into(&mut hub.token);
    let account = hub.get("/account-info/2026-09/details").await.ok();
    assert_eq!(account["portalId"], tokens["hub_id"]);
    let again = refresh(&hub, tokens["refresh_token"].as_str().unwrap())
        .await
        .ok();
    assert_eq!(
        again["refresh_token"], tokens["refresh_token"],
        "not rotated unless told"
    );
    assert_ne!(again["access_token"], tokens["access_token"]);
}

#[tokio::test]
async fn a_code_works_once_and_for_its_redirect_alone() {
    let hub = Hub::start().await;
    let first = code(&hub, &[]).await;
    exchange(&hub, &first, &[]).await.ok();
    oauth_error(
        &exchange(&hub, &first, &[]).await,
        "BAD_AUTH_CODE",
        "invalid_grant",
    );
    let second = code(&hub, &[]).await;
    let elsewhere = [("redirect_uri", "http://localhost:17432/oauth/callback")];
    oauth_error(
        &exchange(&hub, &second, &elsewhere).await,
        "BAD_REDIRECT_URI",
        "invalid_request",
    );
    let late = code(&hub, &[]).await;
    hub.set("advance", json!({ "seconds": 61 })).await;
    oauth_error(
        &exchange(&hub, &late, &[]).await,
        "BAD_AUTH_CODE",
        "invalid_grant",
    );
}

#[tokio::test]
async fn pkce_has_three_modes() {
    let hub = Hub::start().await;
    let challenge = challenge();
    let with = [
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let without_verifier = exchange(&hub, &code(&hub, &with).await, &[]).await;
    oauth_error(&without_verifier, "BAD_CODE_VERIFIER", "invalid_grant");
    let plain = [
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "plain"),
    ];
    assert!(consent(&hub, authorize_url(&hub, &plain)).await.is_err());
    hub.set("oauth", json!({ "pkce": "ignored" })).await;
    exchange(&hub, &code(&hub, &with).await, &[]).await.ok();
    hub.set("oauth", json!({ "pkce": "rejected" })).await;
    assert!(consent(&hub, authorize_url(&hub, &with)).await.is_err());
    exchange(&hub, &code(&hub, &[]).await, &[]).await.ok();
}

#[tokio::test]
async fn mistakes_in_the_url_end_on_a_page_without_redirect() {
    let hub = Hub::start().await;
    for wrong in [
        ("client_id", "unknown"),
        ("redirect_uri", "http://localhost:17431/oauth/callback/"),
        ("redirect_uri", "http://127.0.0.1:17431/oauth/callback"),
        ("redirect_uri", "https://evil.test/"),
        ("scope", "crm.objects.deals.read"),
        ("scope", "oauth crm.objects.everything.read"),
    ] {
        let page = consent(&hub, authorize_url(&hub, &[wrong])).await;
        assert!(
            page.is_err_and(|page| page.contains("Authorization failed")),
            "{wrong:?}"
        );
    }
    let hostile = [("state", "\"><script>alert(1)</script>")];
    let url = authorize_url(&hub, &hostile);
    let page = hub
        .http
        .get(url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(!page.contains("<script>"));
}

#[tokio::test]
async fn wrong_credentials_have_their_own_codes() {
    let hub = Hub::start().await;
    let check = async |field: (&str, &str), status: &str, error: &str| {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", "x"),
            field,
        ];
        oauth_error(&token_call(&hub, &fields).await, status, error);
    };
    check(("client_id", "x"), "BAD_CLIENT_ID", "invalid_client").await;
    check(
        ("client_secret", "x"),
        "BAD_CLIENT_SECRET",
        "invalid_client",
    )
    .await;
    check(("refresh_token", "x"), "BAD_REFRESH_TOKEN", "invalid_grant").await;
    check(
        ("grant_type", "password"),
        "BAD_GRANT_TYPE",
        "unsupported_grant_type",
    )
    .await;
    check(
        ("grant_type", "client_credentials"),
        "BAD_GRANT_TYPE",
        "unsupported_grant_type",
    )
    .await;
}

#[tokio::test]
async fn tokens_end_by_the_clock_by_switch_and_by_revocation() {
    let (mut hub, tokens) = connected(SCOPES).await;
    let page = "/crm/objects/2026-09/deals?limit=1";
    hub.get(page).await.ok();
    hub.set("advance", json!({ "seconds": 1801 })).await;
    let body = hub.get(page).await.refused(401, "EXPIRED_AUTHENTICATION");
    assert!(body["context"]["expire time"][0].is_string());
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let fresh = refresh(&hub, refresh_token).await.ok();
    fresh["access_token"]
        .as_str()
        .unwrap()
        .clone_into(&mut hub.token);
    hub.get(page).await.ok();
    assert_eq!(hub.set("revoke", json!({})).await["revoked"], 1);
    oauth_error(
        &refresh(&hub, refresh_token).await,
        "BAD_REFRESH_TOKEN",
        "invalid_grant",
    );
    hub.get(page).await.ok();
    hub.set("expire", json!({})).await;
    hub.get(page).await.refused(401, "EXPIRED_AUTHENTICATION");
    "never issued".clone_into(&mut hub.token);
    hub.get(page).await.refused(401, "INVALID_AUTHENTICATION");
}

#[tokio::test]
async fn refresh_tokens_can_rotate() {
    let (hub, tokens) = connected(SCOPES).await;
    hub.set("oauth", json!({ "rotates": true })).await;
    let old = tokens["refresh_token"].as_str().unwrap();
    let new = refresh(&hub, old).await.ok();
    assert_ne!(new["refresh_token"], tokens["refresh_token"]);
    oauth_error(
        &refresh(&hub, old).await,
        "BAD_REFRESH_TOKEN",
        "invalid_grant",
    );
    refresh(&hub, new["refresh_token"].as_str().unwrap())
        .await
        .ok();
}

#[tokio::test]
async fn scopes_decide_what_a_token_may_do() {
    let (mut hub, _) = connected("oauth crm.objects.deals.read crm.objects.contacts.read").await;
    hub.get("/crm/objects/2026-09/deals").await.ok();
    hub.get("/crm/properties/2026-09/deals").await.ok();
    hub.get("/crm/objects/2026-09/calls").await.ok();
    let missing = |answer: Answer, scope: &str| {
        let body = answer.refused(403, "MISSING_SCOPES");
        assert_eq!(
            body["errors"][0]["context"]["requiredGranularScopes"][0],
            scope
        );
    };
    let objects = "/crm/objects/2026-09";
    missing(
        hub.get(&format!("{objects}/companies")).await,
        "crm.objects.companies.read",
    );
    missing(
        hub.get("/crm/owners/2026-09").await,
        "crm.objects.owners.read",
    );
    missing(
        hub.get("/crm-object-schemas/2026-09/schemas").await,
        "crm.schemas.custom.read",
    );
    missing(
        hub.get(&format!("{objects}/2-38201477")).await,
        "crm.objects.custom.read",
    );
    let update = hub
        .post(
            &format!("{objects}/deals/batch/update"),
            json!({ "inputs": [] }),
        )
        .await;
    missing(update, "crm.objects.deals.write");
    let group = json!({ "name": "g", "label": "G" });
    let create = hub
        .post("/crm/properties/2026-09/deals/groups", group)
        .await;
    missing(create, "crm.schemas.deals.write");
    let read = json!({ "inputs": [] });
    let links = "/crm/associations/2026-09/deals/companies/batch/read";
    missing(hub.post(links, read).await, "crm.objects.companies.read");
    // Without the second scope e-mails are there, but what they say is not.
    let path = format!("{objects}/emails?limit=1&properties=hs_email_text,hs_timestamp");
    let withheld = hub.get(&path).await.ok();
    assert_eq!(
        withheld["results"][0]["properties"]["hs_email_text"],
        Value::Null
    );
    assert!(withheld["results"][0]["properties"]["hs_timestamp"].is_string());
    connect(&mut hub, "oauth crm.objects.contacts.read sales-email-read").await;
    let shown = hub.get(&path).await.ok();
    assert!(shown["results"][0]["properties"]["hs_email_text"].is_string());
}

#[tokio::test]
async fn introspection_tells_what_a_token_is() {
    let (hub, tokens) = connected(SCOPES).await;
    let address = hub.sim.address();
    let introspect = async |token: &str| -> Value {
        let form = [
            ("client_id", address.client_id.as_str()),
            ("client_secret", address.client_secret.as_str()),
            ("token", token),
        ];
        let url = format!("{}/oauth/2026-09/token/introspect", address.base_url);
        hub.http
            .post(url)
            .form(&form)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    };
    let access = introspect(tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(access["active"], true);
    assert_eq!(access["token_use"], "access_token");
    assert_eq!(access["scopes"], json!(["crm.objects.deals.read", "oauth"]));
    let refresh = introspect(tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refresh["token_use"], "refresh_token");
    assert_eq!(introspect("unknown").await, json!({ "active": false }));
}

#[tokio::test]
async fn two_simulators_with_one_seed_do_not_share_tokens() {
    let (mut one, other) = (Hub::start().await, Hub::start().await);
    one.token.clone_from(&other.token);
    one.get("/account-info/2026-09/details")
        .await
        .refused(401, "INVALID_AUTHENTICATION");
}

#[tokio::test]
async fn a_static_token_can_be_asked_about() {
    let hub = Hub::start().await;
    let path = "/oauth/v2/private-apps/get/access-token-info";
    let info = hub.post(path, json!({ "tokenKey": hub.token })).await.ok();
    assert!(info["scopes"].as_array().unwrap().len() > 10);
    let unknown = hub
        .call(Method::POST, path, Some(&json!({ "tokenKey": "x" })))
        .await;
    assert_eq!(unknown.status, 404);
}
