//! The listener for the redirect: under attack, denied, cancelled, crowded out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod small_hubspot;

use std::sync::Mutex;

use hubspot::oauth::{ConnectError, ConsentFollower, OpenError, OwnApp};
use hubspot::{Addresses, BoxFuture};
use secrecy::ExposeSecret;
use small_hubspot::consent::{
    Browser, app, attempt, cancellable, get, hubspot, parameter, raw, redirect_port,
};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use url::Url;

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
