//! The consent page and the token calls (HubSpot's guide to OAuth, RFC 6749, RFC 7636).

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::auth::{Pkce, REDIRECTS, SCOPES, TOKEN_SECONDS};
use super::exchange::{Payload, Reply, Request};
use super::refusal::{Answer, Refusal};
use super::route::Version;
use super::simulation::Simulation;

/// Answers a call below `/oauth`.
pub(crate) fn answer(
    sim: &mut Simulation,
    request: &Request,
    rest: &[&str],
    version: Version,
) -> Answer {
    match (request.method.as_str(), rest) {
        ("GET", ["authorize"]) => Ok(consent_page(sim, request)),
        ("GET", ["authorize", "allow"]) => Ok(allow(sim, request)),
        ("GET", ["authorize", "deny"]) => Ok(Reply::page(
            200,
            page(
                "Not connected",
                "<p>You did not connect the app. You can close this window.</p>",
            ),
        )),
        ("POST", ["token"]) => token(sim, request, version),
        ("POST", ["token", "introspect"] | ["introspect"]) => introspect(sim, request),
        ("POST", ["token", "revoke"] | ["revoke"]) => revoke(sim, request),
        ("GET", ["access-tokens", token]) => access_token_details(sim, token),
        ("GET", ["refresh-tokens", token]) => refresh_token_details(sim, token),
        ("DELETE", ["refresh-tokens", token]) => {
            sim.auth.revoke(token);
            Ok(Reply::none())
        }
        _ => Err(Refusal::missing("resource not found")),
    }
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\
         <body><main><h1>{title}</h1>{body}</main></body></html>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn scope_set(text: Option<&str>) -> BTreeSet<String> {
    text.unwrap_or_default()
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}

/// What an authorize URL asks for, if it may.
struct Asked {
    redirect_uri: String,
    scopes: BTreeSet<String>,
    state: Option<String>,
    challenge: Option<String>,
}

/// Mistakes in the URL end on HubSpot's own page: it never redirects to an address it does not know.
fn read(sim: &Simulation, request: &Request) -> Result<Asked, Reply> {
    let refuse = |what: &str| {
        Err(Reply::page(
            400,
            page("Authorization failed", &format!("<p>{what}</p>")),
        ))
    };
    if request.parameter("client_id") != Some(&sim.auth.client_id) {
        return refuse("Couldn't complete the connection: the client ID is unknown.");
    }
    // An address such as /oauth/4242/authorize takes no other account.
    let pinned = request.segments().get(1).and_then(|part| part.parse().ok());
    if pinned.is_some_and(|hub: u64| hub != sim.world.portal.id) {
        return refuse("You don't have access to the account that the app asks for.");
    }
    let redirect_uri = request.parameter("redirect_uri").unwrap_or_default();
    if !REDIRECTS.contains(&redirect_uri) {
        return refuse("The redirect URL doesn't match the app's registered redirect URLs.");
    }
    let required = scope_set(request.parameter("scope"));
    let optional = scope_set(request.parameter("optional_scope"));
    if !required.contains("oauth") {
        return refuse("The scope <code>oauth</code> is required.");
    }
    if required
        .iter()
        .chain(&optional)
        .any(|scope| !SCOPES.contains(&scope.as_str()))
    {
        return refuse("The requested scopes don't match the scopes that the app declares.");
    }
    let declared = sim.auth.declared.as_ref();
    if declared.is_some_and(|declared| !declared.fits(&required, &optional)) {
        return refuse("The requested scopes don't match the scopes that the app declares.");
    }
    if required.iter().any(|scope| !has_feature(sim, scope)) {
        return refuse("The account lacks features that the app requires.");
    }
    let challenge = request.parameter("code_challenge").map(str::to_owned);
    let method = request.parameter("code_challenge_method");
    match (sim.auth.pkce, &challenge) {
        (Pkce::Rejected, Some(_)) => return refuse("Unknown parameter: code_challenge."),
        (Pkce::Enforced, Some(_)) if method != Some("S256") => {
            return refuse("The code challenge method must be S256.");
        }
        _ => {}
    }
    let challenge = challenge.filter(|_| sim.auth.pkce == Pkce::Enforced);
    // Optional scopes that the account cannot give are left out without a word.
    let optional = optional.into_iter().filter(|scope| has_feature(sim, scope));
    let scopes = required.iter().cloned().chain(optional).collect();
    let state = request.parameter("state").map(str::to_owned);
    Ok(Asked {
        redirect_uri: redirect_uri.to_owned(),
        scopes,
        state,
        challenge,
    })
}

/// Whether the account's subscription has what a scope is about.
fn has_feature(sim: &Simulation, scope: &str) -> bool {
    let plan = sim.world.portal.plan;
    match scope {
        _ if scope.contains(".custom.") || scope.contains("sensitive") => plan.has_custom_objects(),
        _ if scope.starts_with("crm.objects.leads.") => plan.has_leads(),
        _ => true,
    }
}

fn consent_page(sim: &Simulation, request: &Request) -> Reply {
    let asked = match read(sim, request) {
        Ok(asked) => asked,
        Err(reply) => return reply,
    };
    let scopes: String = asked
        .scopes
        .iter()
        .map(|scope| format!("<li>{}</li>", escape(scope)))
        .collect();
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(request.query.iter())
        .finish();
    let body = format!(
        "<p>An app wants to connect to the simulated account <strong>{}</strong>. It will be able to:</p>\
         <ul>{scopes}</ul>\
         <p><a id=\"allow\" href=\"/oauth/authorize/allow?{}\">Connect app</a> \
         <a id=\"deny\" href=\"/oauth/authorize/deny\">Cancel</a></p>",
        sim.world.portal.id,
        escape(&query)
    );
    Reply::page(200, page("Connect an app to HubSpot", &body))
}

fn allow(sim: &mut Simulation, request: &Request) -> Reply {
    let asked = match read(sim, request) {
        Ok(asked) => asked,
        Err(reply) => return reply,
    };
    let now = sim.clock.now();
    let code = sim
        .auth
        .issue_code(&asked.redirect_uri, asked.scopes, asked.challenge, now);
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("code", &code);
    if let Some(state) = &asked.state {
        query.append_pair("state", state);
    }
    let location = format!("{}?{}", asked.redirect_uri, query.finish());
    Reply {
        status: 302,
        headers: vec![("location", location)],
        payload: Payload::Empty,
    }
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields
        .iter()
        .find(|(key, _)| key == name)
        .map_or("", |(_, value)| value)
}

fn check_client(sim: &Simulation, fields: &[(String, String)]) -> Result<(), Refusal> {
    if field(fields, "client_id") != sim.auth.client_id {
        return Err(Refusal::oauth(
            "BAD_CLIENT_ID",
            "invalid_client",
            "missing or unknown client id",
        ));
    }
    if field(fields, "client_secret") != sim.auth.client_secret {
        return Err(Refusal::oauth(
            "BAD_CLIENT_SECRET",
            "invalid_client",
            "missing or invalid client secret",
        ));
    }
    Ok(())
}

fn token(sim: &mut Simulation, request: &Request, version: Version) -> Answer {
    let fields = request.fields();
    let grant_type = field(&fields, "grant_type");
    // The app's own grant is documented for 2026-03 (and v3) alone.
    let own = matches!(version, Version::V3 | Version::March);
    let known = match grant_type {
        "authorization_code" | "refresh_token" => true,
        "client_credentials" => own,
        _ => false,
    };
    if !known {
        let message = "missing or unknown grant type";
        return Err(Refusal::oauth(
            "BAD_GRANT_TYPE",
            "unsupported_grant_type",
            message,
        ));
    }
    check_client(sim, &fields)?;
    match grant_type {
        "authorization_code" => exchange(sim, &fields),
        "refresh_token" => refresh(sim, &fields),
        _ => own_token(sim, &fields),
    }
}

/// A token for the app itself. The grant exists for the webhooks journal alone, across every portal
/// that installed the app.
fn own_token(sim: &mut Simulation, fields: &[(String, String)]) -> Answer {
    let scopes = scope_set(Some(field(fields, "scope")));
    let journal = |scope: &String| scope.starts_with("developer.webhooks_journal.");
    if scopes.is_empty() || !scopes.iter().all(journal) {
        return Err(Refusal::oauth(
            "BAD_SCOPES",
            "invalid_scope",
            "the app may not use these scopes with client credentials",
        ));
    }
    let now = sim.clock.now();
    let access = sim.auth.issue_access(scopes.clone(), now);
    Ok(Reply::ok(json!({
        "token_type": "bearer",
        "token_use": "access_token",
        "expires_in": TOKEN_SECONDS,
        "access_token": access,
        "scopes": scopes,
    })))
}

fn exchange(sim: &mut Simulation, fields: &[(String, String)]) -> Answer {
    let now = sim.clock.now();
    let bad_code = || {
        Refusal::oauth(
            "BAD_AUTH_CODE",
            "invalid_grant",
            "missing or unknown auth code",
        )
    };
    let code = sim
        .auth
        .take_code(field(fields, "code"), now)
        .ok_or_else(bad_code)?;
    if field(fields, "redirect_uri") != code.redirect_uri {
        return Err(Refusal::oauth(
            "BAD_REDIRECT_URI",
            "invalid_request",
            "redirect URI doesn't match the one of the authorization",
        ));
    }
    if let Some(challenge) = &code.challenge {
        let verifier = field(fields, "code_verifier");
        if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != *challenge {
            let message = "code verifier doesn't match the challenge";
            return Err(Refusal::oauth(
                "BAD_CODE_VERIFIER",
                "invalid_grant",
                message,
            ));
        }
    }
    let refresh = sim.auth.issue_refresh(code.scopes.clone());
    Ok(issue(sim, &code.scopes, &refresh))
}

fn refresh(sim: &mut Simulation, fields: &[(String, String)]) -> Answer {
    let old = field(fields, "refresh_token").to_owned();
    let scopes = sim.auth.refreshable(&old).cloned().ok_or_else(|| {
        let message = "refresh token is invalid, expired or revoked";
        Refusal::oauth("BAD_REFRESH_TOKEN", "invalid_grant", message)
    })?;
    let refresh = if sim.auth.rotates {
        sim.auth.revoke(&old);
        sim.auth.issue_refresh(scopes.clone())
    } else {
        old
    };
    Ok(issue(sim, &scopes, &refresh))
}

fn issue(sim: &mut Simulation, scopes: &BTreeSet<String>, refresh: &str) -> Reply {
    let now = sim.clock.now();
    let access = sim.auth.issue_access(scopes.clone(), now);
    Reply::ok(json!({
        "token_type": "bearer",
        "token_use": "access_token",
        "expires_in": TOKEN_SECONDS,
        "access_token": access,
        "refresh_token": refresh,
        "hub_id": sim.world.portal.id,
        "user_id": sim.auth.user_id,
        "scopes": scopes,
    }))
}

fn introspect(sim: &Simulation, request: &Request) -> Answer {
    let fields = request.fields();
    check_client(sim, &fields)?;
    let token = field(&fields, "token");
    let base = json!({
        "active": true,
        "token_type": "bearer",
        "token": token,
        "hub_id": sim.world.portal.id,
        "hub_domain": "plumb-demo.test",
        "user_id": sim.auth.user_id,
        "user": "admin@plumb-demo.test",
        "client_id": sim.auth.client_id,
        "app_id": 900,
        "is_private_distribution": false,
    });
    let Value::Object(mut answer) = base else {
        return Ok(Reply::none());
    };
    let now = sim.clock.now();
    if let Some(grant) = sim.auth.grant(token) {
        let left = grant.expires.map(|end| end.since(now).as_secs());
        if left.is_some_and(|seconds| seconds <= 0) {
            return Ok(Reply::ok(json!({ "active": false })));
        }
        answer.insert("token_use".to_owned(), json!("access_token"));
        answer.insert("scopes".to_owned(), json!(grant.scopes));
        answer.insert("expires_in".to_owned(), json!(left));
        answer.insert(
            "signed_access_token".to_owned(),
            json!({ "hublet": "eu1", "isUserLevel": false, "hubId": sim.world.portal.id }),
        );
    } else if let Some(scopes) = sim.auth.refreshable(token) {
        answer.insert("token_use".to_owned(), json!("refresh_token"));
        answer.insert("scopes".to_owned(), json!(scopes));
    } else {
        return Ok(Reply::ok(json!({ "active": false })));
    }
    Ok(Reply::ok(answer.into()))
}

fn revoke(sim: &mut Simulation, request: &Request) -> Answer {
    let fields = request.fields();
    check_client(sim, &fields)?;
    sim.auth.revoke(field(&fields, "token"));
    Ok(Reply::none())
}

/// The oldest way to ask about a token: in the path, without credentials.
fn access_token_details(sim: &Simulation, token: &str) -> Answer {
    let now = sim.clock.now();
    let grant = sim
        .auth
        .grant(token)
        .filter(|grant| grant.expires.is_some_and(|end| end > now));
    let grant = grant.ok_or_else(|| Refusal::missing("missing or unknown access token"))?;
    Ok(Reply::ok(json!({
        "token": token,
        "user": "admin@plumb-demo.test",
        "hub_domain": "plumb-demo.test",
        "scopes": grant.scopes,
        "hub_id": sim.world.portal.id,
        "app_id": 900,
        "expires_in": grant.expires.map(|end| end.since(now).as_secs()),
        "user_id": sim.auth.user_id,
        "token_type": "access",
    })))
}

fn refresh_token_details(sim: &Simulation, token: &str) -> Answer {
    let scopes = sim.auth.refreshable(token);
    let scopes = scopes.ok_or_else(|| Refusal::missing("missing or unknown refresh token"))?;
    Ok(Reply::ok(json!({
        "token": token,
        "user": "admin@plumb-demo.test",
        "hub_domain": "plumb-demo.test",
        "scopes": scopes,
        "hub_id": sim.world.portal.id,
        "client_id": sim.auth.client_id,
        "user_id": sim.auth.user_id,
        "token_type": "refresh",
    })))
}

/// What a static token may do: `POST /oauth/v2/private-apps/get/access-token-info`.
pub(crate) fn private_app(sim: &Simulation, request: &Request, rest: &[&str]) -> Answer {
    if (request.method.as_str(), rest) != ("POST", &["get", "access-token-info"][..]) {
        return Err(Refusal::missing("resource not found"));
    }
    let body = request.json().unwrap_or_default();
    let grant = body["tokenKey"]
        .as_str()
        .and_then(|token| sim.auth.grant(token));
    let grant = grant.filter(|grant| grant.expires.is_none());
    let grant = grant.ok_or_else(|| Refusal::missing("the token is unknown"))?;
    Ok(Reply::ok(json!({
        "userId": sim.auth.user_id,
        "hubId": sim.world.portal.id,
        "appId": 901,
        "scopes": grant.scopes,
    })))
}
