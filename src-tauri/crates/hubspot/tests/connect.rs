//! Connecting a portal, from the consent page to tokens, against a small HubSpot.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod small_hubspot;

use crm::PortalId;
use hubspot::oauth::{ConnectError, ConsentFollower, OpenError, OwnApp, revoke};
use hubspot::{API_VERSION, AppFault, BoxFuture, Kind};
use secrecy::ExposeSecret;
use small_hubspot::consent::{Browser, app, attempt, hubspot};
use small_hubspot::{Reply, Server, reply};
use tokio::net::TcpListener;
use url::Url;

#[tokio::test]
async fn the_demo_road_connects() {
    let (server, app) = (hubspot().await, app(1).await);
    let connection = attempt(&app, &server.addresses, &ConsentFollower, None)
        .await
        .unwrap();
    assert_eq!(connection.portal.portal, PortalId::new(4242));
    assert_eq!(
        connection.portal.time_zone.as_deref(),
        Some("Europe/Berlin")
    );
    assert_eq!(connection.domain.as_deref(), Some("acme.test"));
    assert_eq!(connection.scopes, ["oauth", "crm.objects.deals.read"]);
    assert_eq!(connection.tokens.access.expose_secret(), "a1");
    assert_eq!(connection.tokens.refresh.expose_secret(), "r1");
    assert_eq!(connection.tokens.portal, Some(PortalId::new(4242)));
    let exchange = server
        .seen()
        .into_iter()
        .find(|seen| seen.path.ends_with("/token"))
        .unwrap();
    assert_eq!(exchange.path, format!("/oauth/{API_VERSION}/token"));
    assert_eq!(
        exchange.form("grant_type").as_deref(),
        Some("authorization_code")
    );
    let port = app.redirect_ports[0];
    let redirect = format!("http://localhost:{port}/oauth/callback");
    assert_eq!(
        exchange.form("redirect_uri").as_deref(),
        Some(redirect.as_str())
    );
    // Both families are free again.
    TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    TcpListener::bind(("::1", port)).await.unwrap();
    for seen in server.seen() {
        assert!(
            !seen.query.contains("secret-1") && !seen.query.contains("a1"),
            "{}",
            seen.query
        );
    }
}

#[tokio::test]
async fn the_proof_key_can_be_left_out() {
    let (server, app) = (hubspot().await, app(1).await);
    let app = OwnApp { pkce: false, ..app };
    attempt(&app, &server.addresses, &ConsentFollower, None)
        .await
        .unwrap();
    let exchange = server
        .seen()
        .into_iter()
        .find(|seen| seen.path.ends_with("/token"))
        .unwrap();
    assert_eq!(exchange.form("code_verifier"), None);
}

#[tokio::test]
async fn another_portal_than_the_one_expected_is_refused() {
    let (server, app) = (hubspot().await, app(1).await);
    let error = attempt(&app, &server.addresses, &ConsentFollower, Some(7))
        .await
        .unwrap_err();
    let ConnectError::WrongPortal { expected, got } = error else {
        panic!("{error:?}")
    };
    assert_eq!((expected.get(), got.get()), (7, 4242));
    assert_eq!(
        server.seen()[0].path,
        "/oauth/7/authorize",
        "the page is bound to the portal"
    );
}

#[tokio::test]
async fn a_wrong_secret_is_the_apps_fault() {
    let (server, app) = (hubspot().await, app(1).await);
    let app = OwnApp {
        client_secret: "wrong".into(),
        ..app
    };
    let error = attempt(&app, &server.addresses, &ConsentFollower, None)
        .await
        .unwrap_err();
    let ConnectError::HubSpot(error) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.kind(), Kind::App(AppFault::ClientSecret));
}

#[tokio::test]
async fn tokens_that_answer_for_another_portal_are_refused() {
    let inner = hubspot().await;
    let base = inner.addresses.api.clone();
    let server = Server::start_slow(move |seen, _| {
        let base = base.clone();
        Box::pin(async move {
            if seen.path.ends_with("/introspect") {
                return reply(200, r#"{"active":true,"hub_id":9999}"#);
            }
            relay(&base, &seen).await
        })
    })
    .await;
    let app = app(1).await;
    let error = attempt(&app, &server.addresses, &ConsentFollower, None)
        .await
        .unwrap_err();
    let ConnectError::HubSpot(error) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.kind(), Kind::WrongPortal);
}

/// Passes a request on to another server.
async fn relay(base: &Url, seen: &small_hubspot::Seen) -> Reply {
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let mut url = base.join(&seen.path).unwrap();
    url.set_query(Some(&seen.query));
    let mut headers = seen.headers.clone();
    headers.remove("host");
    let method = seen.method.parse().unwrap();
    let request = http
        .request(method, url)
        .headers(headers)
        .body(seen.body.clone());
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let location = answer
        .headers()
        .get("location")
        .map(|to| to.to_str().unwrap().to_owned());
    let kind = answer.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    let mut given =
        reply(status, answer.bytes().await.unwrap().to_vec()).with("content-type", kind);
    if let Some(location) = location {
        given = given.with("location", location);
    }
    given
}

#[tokio::test]
async fn a_browser_that_does_not_open_ends_the_attempt() {
    let (server, app) = (hubspot().await, app(1).await);
    let browser = Browser(|_| -> BoxFuture<'static, Result<(), OpenError>> {
        Box::pin(async { Err(OpenError::NoBrowser) })
    });
    let error = attempt(&app, &server.addresses, &browser, None)
        .await
        .unwrap_err();
    assert!(
        matches!(error, ConnectError::Open(OpenError::NoBrowser)),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_grant_is_revoked_in_the_body() {
    let (server, app) = (hubspot().await, app(1).await);
    revoke(&app, &server.addresses, &"r1".into()).await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.path, format!("/oauth/{API_VERSION}/token/revoke"));
    assert_eq!(seen.form("token").as_deref(), Some("r1"));
    assert_eq!(
        seen.form("token_type_hint").as_deref(),
        Some("refresh_token")
    );
    assert!(seen.query.is_empty());
}
