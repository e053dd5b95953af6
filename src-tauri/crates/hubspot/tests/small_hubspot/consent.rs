//! A consent page, the token calls behind it, and a browser that does what a test says.

use std::sync::{Arc, Mutex};

use super::{NOW, Reply, Seen, Server, TestClock, reply};
use crm::PortalId;
use hubspot::oauth::{ConnectError, Connection, OpenError, Opener, OwnApp, Scopes, connect};
use hubspot::{Addresses, BoxFuture};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use url::Url;

/// The app of a test, on ports that are free in both address families and nobody else's.
pub(crate) async fn app(ports: usize) -> OwnApp {
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

pub(crate) async fn attempt(
    app: &OwnApp,
    addresses: &Addresses,
    opener: &dyn Opener,
    portal: Option<u64>,
) -> Result<Connection, ConnectError> {
    cancellable(app, addresses, opener, portal, CancellationToken::new()).await
}

pub(crate) async fn cancellable(
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
pub(crate) async fn hubspot() -> Server {
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

pub(crate) fn exchange(seen: &Seen, challenge: Option<&str>) -> Reply {
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

/// An opener that plays a browser: what it does is the test's.
pub(crate) struct Browser<F>(pub(crate) F);

impl<F> Opener for Browser<F>
where
    F: Fn(Url) -> BoxFuture<'static, Result<(), OpenError>> + Send + Sync,
{
    fn open<'a>(&'a self, url: &'a Url) -> BoxFuture<'a, Result<(), OpenError>> {
        (self.0)(url.clone())
    }
}

pub(crate) fn parameter(url: &Url, name: &str) -> String {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .unwrap()
        .1
        .into_owned()
}

pub(crate) fn redirect_port(url: &Url) -> u16 {
    parameter(url, "redirect_uri")
        .parse::<Url>()
        .unwrap()
        .port()
        .unwrap()
}

/// Sends bytes to the listener and reads what comes back until it hangs up.
pub(crate) async fn raw(host: &str, port: u16, request: &[u8]) -> String {
    let mut socket = TcpStream::connect((host, port)).await.unwrap();
    socket.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    // The listener may reset a connection whose bytes it did not want to read.
    let _ = socket.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

pub(crate) fn get(port: u16, target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n").into_bytes()
}
