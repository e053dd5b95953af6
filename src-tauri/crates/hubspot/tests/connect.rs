//! Connecting: the whole flow against a small HubSpot, and the listener under attack.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod common;

use std::sync::{Arc, Mutex};

use common::{NOW, Reply, Server, TestClock, reply};
use crm::PortalId;
use hubspot::oauth::{
    ConnectError, Connection, ConsentFollower, OpenError, Opener, OwnApp, Scopes, connect, revoke,
};
use hubspot::{API_VERSION, Addresses, AppFault, BoxFuture, Kind};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use secrecy::ExposeSecret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use url::Url;

/// The app of a test, on ports that are free in both address families and nobody else's.
async fn app(ports: usize) -> OwnApp {
    let mut held = Vec::new();
    while held.len() < ports {
        let v4 = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = v4.local_addr().unwrap().port();
        if let Ok(v6) = TcpListener::bind(format!("[::1]:{port}")).await {
            held.push((port, v4, v6));
        }
    }
    let redirect_ports = held.iter().map(|(port, ..)| *port).collect();
    OwnApp {
        redirect_ports,
        ..OwnApp::new("client-1", "secret-1".into())
    }
}

async fn attempt(
    app: &OwnApp,
    addresses: &Addresses,
    opener: &dyn Opener,
    portal: Option<u64>,
) -> Result<Connection, ConnectError> {
    cancellable(app, addresses, opener, portal, CancellationToken::new()).await
}

async fn cancellable(
    app: &OwnApp,
    addresses: &Addresses,
    opener: &dyn Opener,
    portal: Option<u64>,
    cancel: CancellationToken,
) -> Result<Connection, ConnectError> {
    connect(
        app,
        &Scopes::reading(),
        addresses,
        opener,
        &mut ChaCha20Rng::seed_from_u64(5),
        cancel,
        portal.map(PortalId::new),
        TestClock::at(NOW),
    )
    .await
}

/// A HubSpot that grants everything to portal 4242, once the code and the proof key are right.
async fn hubspot() -> Server {
    let challenge: Arc<Mutex<Option<String>>> = Arc::default();
    Server::start(move |seen, _| {
        let query: std::collections::BTreeMap<_, _> =
            url::form_urlencoded::parse(seen.query.as_bytes())
                .into_owned()
                .collect();
        match seen.path.as_str() {
            path if path.starts_with("/oauth/") && path.ends_with("/authorize") => {
                *challenge.lock().unwrap() = query.get("code_challenge").cloned();
                let (state, redirect) = (&query["state"], &query["redirect_uri"]);
                let allow = format!("/allow?to={redirect}&amp;state={state}");
                reply(
                    200,
                    format!(r#"<p>Allow?</p><a id="allow" href="{allow}">Allow</a>"#),
                )
                .with("content-type", "text/html")
            }
            "/allow" => {
                let to = format!("{}?code=code-1&state={}", query["to"], query["state"]);
                reply(302, "").with("location", to)
            }
            path if path.ends_with("/token") => {
                exchange(seen, challenge.lock().unwrap().as_deref())
            }
            path if path.ends_with("/introspect") => reply(
                200,
                r#"{"active":true,"hub_id":4242,"hub_domain":"acme.test","scopes":["oauth"]}"#,
            ),
            path if path.ends_with("/details") => {
                assert_eq!(seen.bearer(), "a1");
                reply(
                    200,
                    r#"{"portalId":4242,"timeZone":"Europe/Berlin","companyCurrency":"EUR"}"#,
                )
            }
            path if path.ends_with("/revoke") => reply(200, ""),
            _ => reply(404, "{}"),
        }
    })
    .await
}

fn exchange(seen: &common::Seen, challenge: Option<&str>) -> Reply {
    let field = |name| seen.form(name).unwrap_or_default();
    let bad = |status: &str| {
        reply(
            400,
            format!(r#"{{"error":"invalid_grant","status":"{status}"}}"#),
        )
    };
    let verifier = oauth2::PkceCodeVerifier::new(format!("{:0<43}", field("code_verifier")));
    let proof = oauth2::PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    if field("code") != "code-1" {
        return bad("BAD_AUTH_CODE");
    }
    if challenge.is_some_and(|challenge| challenge != proof.as_str()) {
        return bad("BAD_CODE_VERIFIER");
    }
    if field("client_secret") != "secret-1" {
        return bad("BAD_CLIENT_SECRET");
    }
    reply(
        200,
        r#"{"token_type":"bearer","expires_in":1800,"access_token":"a1","refresh_token":"r1",
            "hub_id":4242,"scopes":["oauth","crm.objects.deals.read"]}"#,
    )
}

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
async fn relay(base: &Url, seen: &common::Seen) -> Reply {
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

/// An opener that plays a browser: what it does is the test's.
struct Browser<F>(F);

impl<F> Opener for Browser<F>
where
    F: Fn(Url) -> BoxFuture<'static, Result<(), OpenError>> + Send + Sync,
{
    fn open<'a>(&'a self, url: &'a Url) -> BoxFuture<'a, Result<(), OpenError>> {
        (self.0)(url.clone())
    }
}

fn parameter(url: &Url, name: &str) -> String {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .unwrap()
        .1
        .into_owned()
}

fn redirect_port(url: &Url) -> u16 {
    parameter(url, "redirect_uri")
        .parse::<Url>()
        .unwrap()
        .port()
        .unwrap()
}

/// Sends bytes to the listener and reads what comes back until it hangs up.
async fn raw(host: &str, port: u16, request: &[u8]) -> String {
    let mut socket = TcpStream::connect((host, port)).await.unwrap();
    socket.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    // The listener may reset a connection whose bytes it did not want to read.
    let _ = socket.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

fn get(port: u16, target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n").into_bytes()
}

/// Five idle connections, everything that was ever taken for an answer, and then the answer.
#[tokio::test]
async fn the_listener_stands_every_known_attack() {
    let (server, app) = (hubspot().await, app(1).await);
    // The browser goes on by itself: the attempt does not wait for it once it has its answer.
    let (tell, told) = tokio::sync::oneshot::channel::<Vec<String>>();
    let tell = Mutex::new(Some(tell));
    let browser = Browser(
        move |url: Url| -> BoxFuture<'static, Result<(), OpenError>> {
            let tell = tell.lock().unwrap().take().unwrap();
            tokio::spawn(async move {
                let mut answers = Vec::new();
                let (port, state) = (redirect_port(&url), parameter(&url, "state"));
                let right = format!("/oauth/callback?code=code-1&state={state}");
                let mut idle = Vec::new();
                for _ in 0..5 {
                    idle.push(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
                }
                // One that sent half a head, and one that sends nothing more after its first word.
                let mut half = TcpStream::connect(("::1", port)).await.unwrap();
                half.write_all(b"GET /oauth/callback?code=x HTTP/1.1\r\nHost: loc")
                    .await
                    .unwrap();
                let long = format!("{right}&pad={}", "x".repeat(9_000));
                let host = |host: &str, more: &str| {
                    format!("GET {right} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n").into_bytes()
                };
                let ours = format!("localhost:{port}");
                for request in [
                    get(port, "/favicon.ico"),
                    format!("OPTIONS {right} HTTP/1.1\r\nHost: {ours}\r\n\r\n").into_bytes(),
                    format!("POST {right} HTTP/1.1\r\nHost: {ours}\r\nContent-Length: 0\r\n\r\n")
                        .into_bytes(),
                    format!("HEAD {right} HTTP/1.1\r\nHost: {ours}\r\n\r\n").into_bytes(),
                    get(port, "/oauth/callback?code=evil&state=wrong"),
                    get(port, "/oauth/callback?error=access_denied&state=wrong"),
                    get(port, "/oauth/callback?error=access_denied"),
                    get(port, &format!("{right}&code=evil")),
                    get(port, &format!("{right}&state={state}")),
                    get(port, &right.replace("/oauth/", "/oauth//")),
                    host("evil.com", ""),
                    host(&format!("evil.com:{port}"), ""),
                    host(&ours, "Transfer-Encoding: chunked\r\n"),
                    host(&ours, "Content-Length: 4\r\n"),
                    host(&ours, "Host: evil.com\r\n"),
                    get(port, &long),
                    [get(port, &right), b"GET / HTTP/1.1\r\n\r\n".to_vec()].concat(),
                    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
                ] {
                    let answer = raw("127.0.0.1", port, &request).await;
                    answers.push(answer);
                }
                // Only now the real one, by the other address family.
                let answer = raw("::1", port, &get(port, &right)).await;
                answers.push(answer);
                drop((idle, half));
                tell.send(answers).unwrap();
            });
            Box::pin(async { Ok(()) })
        },
    );
    let connection = attempt(&app, &server.addresses, &browser, None)
        .await
        .unwrap();
    assert_eq!(connection.tokens.access.expose_secret(), "a1");
    let answers = told.await.unwrap();
    let (accepted, refused) = answers.split_last().unwrap();
    assert!(accepted.starts_with("HTTP/1.1 200 OK\r\n"), "{accepted}");
    for header in [
        "Content-Security-Policy: default-src 'none'",
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        "Connection: close",
    ] {
        assert!(accepted.contains(header), "{header}");
    }
    for answer in refused {
        assert!(
            !answer.starts_with("HTTP/1.1 2") && !answer.contains("Location"),
            "{answer}"
        );
        assert!(
            !answer.contains("code-1") && !answer.contains("evil"),
            "nothing is echoed: {answer}"
        );
    }
    let exchanges = server
        .paths()
        .iter()
        .filter(|path| path.ends_with("/token"))
        .count();
    assert_eq!(exchanges, 1);
}

#[tokio::test]
async fn more_idle_connections_than_sockets_do_not_shut_the_answer_out() {
    let (server, app) = (hubspot().await, app(1).await);
    let browser = Browser(|url: Url| -> BoxFuture<'static, Result<(), OpenError>> {
        Box::pin(async move {
            let port = redirect_port(&url);
            let mut idle = Vec::new();
            for _ in 0..80 {
                idle.push(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
            }
            let target = format!(
                "/oauth/callback?code=code-1&state={}",
                parameter(&url, "state")
            );
            let answer = raw("127.0.0.1", port, &get(port, &target)).await;
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            drop(idle);
            Ok(())
        })
    });
    attempt(&app, &server.addresses, &browser, None)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_denial_ends_the_attempt() {
    let (server, app) = (hubspot().await, app(1).await);
    let browser = Browser(|url: Url| -> BoxFuture<'static, Result<(), OpenError>> {
        Box::pin(async move {
            let port = redirect_port(&url);
            let state = parameter(&url, "state");
            let target = format!("/oauth/callback?error=access_denied&state={state}");
            raw("127.0.0.1", port, &get(port, &target)).await;
            Ok(())
        })
    });
    let error = attempt(&app, &server.addresses, &browser, None)
        .await
        .unwrap_err();
    assert!(
        matches!(&error, ConnectError::Denied(code) if code == "access_denied"),
        "{error:?}"
    );
    assert!(server.paths().is_empty());
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
async fn cancelling_closes_the_listener() {
    let (server, app) = (hubspot().await, app(1).await);
    let cancel = CancellationToken::new();
    let theirs = cancel.clone();
    let browser = Browser(move |_| -> BoxFuture<'static, Result<(), OpenError>> {
        let cancel = theirs.clone();
        Box::pin(async move {
            cancel.cancel();
            std::future::pending().await
        })
    });
    let error = cancellable(&app, &server.addresses, &browser, None, cancel)
        .await
        .unwrap_err();
    assert!(matches!(error, ConnectError::Cancelled), "{error:?}");
    TcpListener::bind(("127.0.0.1", app.redirect_ports[0]))
        .await
        .unwrap();
}

/// Whoever held the other family would be sent our code.
#[tokio::test]
async fn a_port_that_is_half_taken_is_left_for_the_next() {
    let server = hubspot().await;
    for squatted in ["127.0.0.1", "::1"] {
        let app = app(2).await;
        let _squatter = TcpListener::bind((squatted, app.redirect_ports[0]))
            .await
            .unwrap();
        attempt(&app, &server.addresses, &ConsentFollower, None)
            .await
            .unwrap();
        let seen = server.seen();
        let exchange = seen
            .iter()
            .rfind(|seen| seen.path.ends_with("/token"))
            .unwrap();
        let redirect = exchange.form("redirect_uri").unwrap();
        assert!(
            redirect.contains(&app.redirect_ports[1].to_string()),
            "{redirect}"
        );
        let only_it = OwnApp {
            redirect_ports: vec![app.redirect_ports[0]],
            ..app
        };
        let error = attempt(&only_it, &server.addresses, &ConsentFollower, None).await;
        assert!(matches!(error.unwrap_err(), ConnectError::PortsTaken));
    }
}

/// Nobody answers for five minutes; the clock is paused, so it jumps there.
#[tokio::test(start_paused = true)]
async fn an_attempt_ends_after_five_minutes() {
    let app = app(1).await;
    let addresses = Addresses::loopback("http://127.0.0.1:1").unwrap();
    let browser =
        Browser(|_| -> BoxFuture<'static, Result<(), OpenError>> { Box::pin(async { Ok(()) }) });
    let start = tokio::time::Instant::now();
    let error = attempt(&app, &addresses, &browser, None).await.unwrap_err();
    assert!(matches!(error, ConnectError::TimedOut), "{error:?}");
    assert_eq!(start.elapsed().as_secs(), 300);
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
