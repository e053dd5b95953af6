//! What was ever taken for the consent page's answer, one by one: each is refused, the attempt goes
//! on, and the true answer ends it. A thousand forms of those that are one request are judged beside
//! the judge itself.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod small_hubspot;

use std::future::Future;
use std::sync::Mutex;

use hubspot::BoxFuture;
use hubspot::oauth::{ConnectError, Connection, OpenError, OwnApp};
use small_hubspot::Server;
use small_hubspot::consent::{
    Browser, app, attempt, cancellable, get, hubspot, parameter, raw, redirect_port,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use url::Url;

/// An attempt as an attacker sees it who knows everything but what comes next.
#[derive(Debug, Clone)]
struct Attempt {
    port: u16,
    state: String,
    /// The path and query of the true answer.
    right: String,
}

impl Attempt {
    fn of(page: &Url) -> Self {
        let state = parameter(page, "state");
        Self {
            port: redirect_port(page),
            right: format!("/oauth/callback?code=code-1&state={state}"),
            state,
        }
    }

    /// A request for the true answer's target, with these headers.
    fn with_headers(&self, headers: &str) -> Vec<u8> {
        let right = &self.right;
        format!("GET {right} HTTP/1.1\r\n{headers}\r\n\r\n").into_bytes()
    }

    /// The same by another method.
    fn by(&self, method: &str) -> Vec<u8> {
        let (right, port) = (&self.right, self.port);
        format!("{method} {right} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n").into_bytes()
    }

    /// A bare request for a target.
    fn get(&self, target: &str) -> Vec<u8> {
        get(self.port, target)
    }

    /// Gives the true answer, by the other address family than the attacks.
    async fn answer(&self) -> String {
        raw("::1", self.port, &self.get(&self.right)).await
    }
}

/// Makes an attempt while a browser does what it is told. Says how the attempt ended, what came of
/// the browser, and how many codes were exchanged.
async fn during<T, F>(
    app: &OwnApp,
    server: &Server,
    browse: impl Fn(Attempt) -> F + Send + Sync,
) -> (Result<Connection, ConnectError>, T, usize)
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let busy = Mutex::new(None);
    let browser = Browser(|page: Url| -> BoxFuture<'static, Result<(), OpenError>> {
        // The attempt does not wait for its browser once it has an answer.
        *busy.lock().unwrap() = Some(tokio::spawn(browse(Attempt::of(&page))));
        Box::pin(async { Ok(()) })
    });
    let ended = attempt(app, &server.addresses, &browser, None).await;
    let told = busy.lock().unwrap().take().unwrap();
    let told = told.await.unwrap();
    let is_exchange = |path: &&String| path.ends_with("/token");
    (
        ended,
        told,
        server.paths().iter().filter(is_exchange).count(),
    )
}

/// One attack, then the true answer.
async fn withstand(status: &'static str, attack: fn(&Attempt) -> Vec<u8>) {
    let (server, app) = (hubspot().await, app(1).await);
    let (ended, (refused, accepted), exchanges) = during(&app, &server, |of| async move {
        let refused = raw("127.0.0.1", of.port, &attack(&of)).await;
        (refused, of.answer().await)
    })
    .await;
    let expected = format!("HTTP/1.1 {status} ");
    assert!(refused.starts_with(&expected), "not {status}: {refused}");
    assert!(!refused.contains("Location"), "{refused}");
    for echo in ["code-1", "evil"] {
        assert!(!refused.contains(echo), "nothing is echoed: {refused}");
    }
    assert!(accepted.starts_with("HTTP/1.1 200 OK\r\n"), "{accepted}");
    for header in [
        "Content-Security-Policy: default-src 'none'",
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        "Connection: close",
    ] {
        assert!(accepted.contains(header), "{header}");
    }
    ended.unwrap();
    assert_eq!(exchanges, 1);
}

macro_rules! attacks {
    ($($name:ident $status:literal $attack:expr;)*) => { $(
        #[tokio::test]
        async fn $name() {
            withstand($status, $attack).await;
        }
    )* };
}

attacks! {
    a_wrong_state "400" |of| of.get("/oauth/callback?code=evil&state=wrong");
    no_state "400" |of| of.get("/oauth/callback?code=evil");
    no_code "400" |of| of.get(&of.right.replace("code=code-1&", ""));
    an_empty_code "400" |of| of.get(&of.right.replace("code-1", ""));
    a_code_twice "400" |of| of.get(&format!("{}&code=evil", of.right));
    a_state_twice "400" |of| of.get(&format!("{}&state={}", of.right, of.state));
    a_code_and_an_error "400" |of| of.get(&format!("{}&error=access_denied", of.right));
    an_error_without_the_state "400" |of| of.get("/oauth/callback?error=access_denied");
    an_error_with_a_wrong_state "400" |of| of.get("/oauth/callback?error=access_denied&state=evil");
    another_issuer "400" |of| of.get(&format!("{}&iss=https%3A%2F%2Fevil.com", of.right));
    an_issuer_twice "400" |of| of.get(&format!("{}&iss=https%3A%2F%2Fapp.hubspot.com&iss=x", of.right));
    another_host "421" |of| of.with_headers("Host: evil.com");
    a_name_that_was_rebound_to_this_machine "421" |of|
        of.with_headers(&format!("Host: evil.com:{}", of.port));
    two_hosts "421" |of|
        of.with_headers(&format!("Host: localhost:{}\r\nHost: evil.com", of.port));
    no_host "400" |of| of.with_headers("Accept: */*");
    another_path "404" |of| of.get("/favicon.ico");
    nearly_the_path "404" |of| of.get(&of.right.replace("/oauth/", "/oauth//"));
    a_post "405" |of| of.by("POST");
    a_preflight "405" |of| of.by("OPTIONS");
    a_head "405" |of| of.by("HEAD");
    a_chunked_body "400" |of|
        of.with_headers(&format!("Host: localhost:{}\r\nTransfer-Encoding: chunked", of.port));
    a_body "400" |of|
        of.with_headers(&format!("Host: localhost:{}\r\nContent-Length: 4", of.port));
    a_request_behind_it "400" |of|
        [of.get(&of.right), b"GET / HTTP/1.1\r\n\r\n".to_vec()].concat();
    a_huge_header "431" |of|
        of.with_headers(&format!("Host: localhost:{}\r\nCookie: {}", of.port, "x".repeat(9_000)));
    a_huge_target "431" |of| of.get(&format!("{}&pad={}", of.right, "x".repeat(9_000)));
    a_header_that_is_none "400" |of|
        of.with_headers(&format!("Host: localhost:{}\r\n folded: x", of.port));
}

/// A greeting of TLS has no end that a head has: it is left without an answer.
#[tokio::test]
async fn a_greeting_of_tls() {
    let (server, app) = (hubspot().await, app(1).await);
    let (ended, accepted, exchanges) = during(&app, &server, |of| async move {
        let mut greeting = TcpStream::connect(("127.0.0.1", of.port)).await.unwrap();
        let hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
        greeting.write_all(hello).await.unwrap();
        let accepted = of.answer().await;
        drop(greeting);
        accepted
    })
    .await;
    assert!(accepted.starts_with("HTTP/1.1 200"), "{accepted}");
    ended.unwrap();
    assert_eq!(exchanges, 1);
}

/// Who sends a head bit by bit keeps nobody else waiting, and is not heard when it is done too late.
#[tokio::test]
async fn a_slow_header() {
    let (server, app) = (hubspot().await, app(1).await);
    let (ended, (accepted, late), exchanges) = during(&app, &server, |of| async move {
        let head = of.get(&of.right.replace("code-1", "evil"));
        let (first, rest) = head.split_at(head.len() / 2);
        let mut slow = TcpStream::connect(("127.0.0.1", of.port)).await.unwrap();
        slow.write_all(first).await.unwrap();
        let accepted = of.answer().await;
        // The connection may be gone by now, which is as good.
        let _ = slow.write_all(rest).await;
        let mut late = Vec::new();
        let _ = slow.read_to_end(&mut late).await;
        (accepted, late)
    })
    .await;
    assert!(accepted.starts_with("HTTP/1.1 200"), "{accepted}");
    assert!(late.is_empty());
    ended.unwrap();
    assert_eq!(exchanges, 1, "and evil is no code");
}

/// The true answer a second time, at once and afterwards.
#[tokio::test]
async fn a_replay() {
    let (server, app) = (hubspot().await, app(1).await);
    let (ended, of, exchanges) = during(&app, &server, |of| async move {
        let again = of.get(&of.right);
        let mut second = TcpStream::connect(("127.0.0.1", of.port)).await.unwrap();
        of.answer().await;
        // Nobody may be there to take it.
        let _ = second.write_all(&again).await;
        of
    })
    .await;
    ended.unwrap();
    assert_eq!(exchanges, 1);
    let afterwards = TcpStream::connect(("127.0.0.1", of.port)).await;
    assert!(afterwards.is_err(), "the listener is closed");
}

/// The true answer of an attempt that was cancelled, to the next attempt on the same port.
#[tokio::test]
async fn a_code_after_the_attempt_was_cancelled() {
    let (server, app) = (hubspot().await, app(1).await);
    let cancel = CancellationToken::new();
    let first = Mutex::new(None);
    let leave = cancel.clone();
    let browser = Browser(|page: Url| -> BoxFuture<'static, Result<(), OpenError>> {
        *first.lock().unwrap() = Some(Attempt::of(&page));
        leave.cancel();
        Box::pin(std::future::pending())
    });
    let ended = cancellable(&app, &server.addresses, &browser, None, cancel).await;
    assert!(matches!(ended, Err(ConnectError::Cancelled)), "{ended:?}");
    let first = first.lock().unwrap().take().unwrap();
    let port = first.port;
    let refused = TcpStream::connect(("127.0.0.1", port)).await;
    assert!(refused.is_err(), "the listener is closed");
    // The tests draw their chance from one seed: the second attempt's state is made another.
    let stale = first
        .right
        .replace(&first.state, &first.state.replace(['0', '1'], "7"));
    let (ended, (refused, accepted), exchanges) = during(&app, &server, move |of| {
        let stale = stale.clone();
        async move {
            let refused = raw("127.0.0.1", of.port, &of.get(&stale)).await;
            (refused, of.answer().await)
        }
    })
    .await;
    assert!(refused.starts_with("HTTP/1.1 400"), "{refused}");
    assert!(accepted.starts_with("HTTP/1.1 200"), "{accepted}");
    ended.unwrap();
    assert_eq!(exchanges, 1);
}
