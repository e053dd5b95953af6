//! The listener for the redirect: denied, cancelled, squatted, unanswered. What attacks it is in
//! `redirect_attacks.rs`, what crowds it beside the listener.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod small_hubspot;

use hubspot::oauth::{ConnectError, ConsentFollower, OpenError, OwnApp};
use hubspot::{Addresses, BoxFuture};
use small_hubspot::consent::{
    Browser, app, attempt, cancellable, get, hubspot, parameter, raw, redirect_port,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

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
