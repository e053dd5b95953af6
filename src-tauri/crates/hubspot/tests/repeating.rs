//! What is sent again, what is not, and when to stop.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod small_hubspot;

use std::sync::Arc;
use std::time::Duration;

use crm::{Moment, ObjectType};
use hubspot::write;
use hubspot::{BoxFuture, Client, Error, Kind, Pacing, TokenSource, limits};
use secrecy::{ExposeSecret, SecretString};
use small_hubspot::{EMPTY, NOW, Reply, Server, TestClock, list, quick, reply, update};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Tokens `t0`, `t1`, …: each renewal gives the next.
#[derive(Default)]
struct Renewing(std::sync::atomic::AtomicUsize);

impl Renewing {
    fn current(&self) -> SecretString {
        format!("t{}", self.0.load(std::sync::atomic::Ordering::SeqCst)).into()
    }
}

impl TokenSource for Renewing {
    fn bearer<'a>(&'a self) -> BoxFuture<'a, Result<SecretString, Error>> {
        Box::pin(async { Ok(self.current()) })
    }

    fn renew<'a>(
        &'a self,
        rejected: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, Error>> {
        assert_eq!(rejected.expose_secret(), self.current().expose_secret());
        self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Box::pin(async { Ok(self.current()) })
    }
}

const EXPIRED: &str = r#"{"status":"error","category":"EXPIRED_AUTHENTICATION","correlationId":"c-401",
    "message":"The OAuth token used to make this call expired 7 second(s) ago."}"#;

#[tokio::test]
async fn a_401_renews_once_and_replays_even_a_write() {
    let server = Server::scripted(vec![reply(401, EXPIRED), reply(200, EMPTY)]).await;
    let tokens = Arc::new(Renewing::default());
    let client = Client::new(
        server.addresses.clone(),
        tokens,
        quick(),
        TestClock::at(NOW),
    )
    .unwrap();
    write::batch_update(&client, &ObjectType::DEALS, &[update(1)])
        .await
        .unwrap();
    let bearers: Vec<_> = server
        .seen()
        .iter()
        .map(small_hubspot::Seen::bearer)
        .collect();
    assert_eq!(bearers, ["t0", "t1"]);
}

#[tokio::test]
async fn a_second_401_is_the_end() {
    let server = Server::scripted(vec![reply(401, EXPIRED)]).await;
    let tokens = Arc::new(Renewing::default());
    let client = Client::new(
        server.addresses.clone(),
        tokens,
        quick(),
        TestClock::at(NOW),
    )
    .unwrap();
    let error = list(&client).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Reauth);
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_static_token_gives_the_401_itself() {
    let server = Server::scripted(vec![reply(401, EXPIRED)]).await;
    let error = list(&server.client()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Reauth);
    assert_eq!(
        error.origin().category.as_deref(),
        Some("EXPIRED_AUTHENTICATION")
    );
    assert_eq!(error.origin().correlation_id.as_deref(), Some("c-401"));
    assert_eq!(error.origin().route, Some("/crm/objects/{v}/{type}"));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn what_passes_by_itself_is_repeated() {
    let limit = r#"{"policyName":"TEN_SECONDLY_ROLLING"}"#;
    let page = reply(
        520,
        "<html><h1>Web server is returning an unknown error</h1>",
    );
    let server = Server::scripted(vec![
        reply(200, ""),
        reply(500, ""),
        reply(429, limit),
        page.with("content-type", "text/html"),
        reply(423, "{}"),
        reply(200, r#"{"results":[{"id":"1"}]}"#),
    ])
    .await;
    let client = server.client();
    assert_eq!(list(&client).await.unwrap(), 1);
    let usage = client.usage();
    assert_eq!(
        (usage.calls, usage.repeats, usage.errors, usage.rate_limited),
        (6, 5, 5, 1)
    );
}

#[tokio::test]
async fn repeats_end() {
    let server = Server::scripted(vec![reply(503, "")]).await;
    let error = list(&server.client()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable { retry_after: None });
    assert!(error.is_transient());
    assert_eq!(server.seen().len(), 1 + limits::REPEATS as usize);
}

#[tokio::test]
async fn what_is_somebodys_to_mend_is_not_repeated() {
    for (status, kind) in [
        (400, Kind::Validation),
        (403, Kind::Forbidden),
        (404, Kind::NotFound),
        (409, Kind::Conflict),
        (414, Kind::TooLong),
        (477, Kind::Moving { retry_after: None }),
    ] {
        let server = Server::scripted(vec![reply(status, "{}")]).await;
        assert_eq!(list(&server.client()).await.unwrap_err().kind(), kind);
        assert_eq!(server.seen().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_long_wait_is_left_to_the_caller() {
    let server = Server::scripted(vec![
        reply(503, "").with("retry-after", "7200"),
        reply(200, EMPTY),
    ])
    .await;
    let error = list(&server.client()).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7_200)));
    assert_eq!(server.seen().len(), 1);
}

/// Asks once and says how long after `NOW` HubSpot will be asked again, where the day is spent.
async fn until_asked_again(client: &Client) -> Option<Duration> {
    match list(client).await.map_err(|error| error.kind()) {
        Ok(_) => None,
        Err(Kind::DailyLimit { ask_again }) => {
            let wait = ask_again.unwrap().since(Moment::from_millis(NOW));
            Some(Duration::try_from(wait).unwrap())
        }
        Err(kind) => panic!("{kind:?}"),
    }
}

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn a_spent_day_is_asked_about_once_an_hour_until_the_portals_midnight() {
    // 08:00 UTC is 09:00 in Berlin: 15 hours to midnight there, 16 in London.
    let daily = || reply(429, r#"{"policyName":"DAILY"}"#);
    let account = reply(200, r#"{"portalId":1,"timeZone":"Europe/Berlin"}"#);
    let mut script = vec![account];
    script.extend((0..15).map(|_| daily()));
    script.push(reply(200, EMPTY));
    let server = Server::scripted(script).await;
    let clock = TestClock::at(NOW);
    let tokens = Arc::new(Renewing::default());
    let client = Client::new(server.addresses.clone(), tokens, quick(), clock.clone()).unwrap();
    client.account().await.unwrap();
    for hour in 0..15 {
        let again = Some(HOUR * (hour + 1));
        assert_eq!(until_asked_again(&client).await, again, "HubSpot's");
        assert_eq!(until_asked_again(&client).await, again, "ours");
        assert_eq!(server.seen().len(), 2 + hour as usize);
        clock.advance(HOUR);
    }
    assert_eq!(client.usage().today.unwrap().calls, 16);
    assert_eq!(until_asked_again(&client).await, None);
    assert_eq!(client.usage().today.unwrap().calls, 1, "a new day");
}

/// The limit was raised, or our midnight is not HubSpot's.
#[tokio::test]
async fn a_budget_that_is_back_early_is_found_and_used() {
    let daily = reply(429, r#"{"policyName":"DAILY"}"#);
    let broken = reply(500, "{}");
    let wrong = reply(404, "{}");
    let none_left = reply(200, EMPTY)
        .with("x-hubspot-ratelimit-daily", "250000")
        .with("x-hubspot-ratelimit-daily-remaining", "0");
    let script = vec![daily, broken, wrong, reply(200, EMPTY), none_left];
    let server = Server::scripted(script).await;
    let clock = TestClock::at(NOW);
    let tokens = Arc::new(Renewing::default());
    let pacing = Pacing {
        repeats: 0,
        ..quick()
    };
    let client = Client::new(server.addresses.clone(), tokens, pacing, clock.clone()).unwrap();
    assert_eq!(until_asked_again(&client).await, Some(HOUR));
    assert_eq!(until_asked_again(&client).await, Some(HOUR));
    assert_eq!(server.seen().len(), 1);
    // What is broken tells nothing about the budget, so the next call asks.
    client.ask_again();
    let kind = list(&client).await.unwrap_err().kind();
    assert!(matches!(kind, Kind::Unavailable { .. }), "{kind:?}");
    assert_eq!(list(&client).await.unwrap_err().kind(), Kind::NotFound);
    // A refusal of another kind was no refusal for want of calls.
    list(&client).await.unwrap();
    list(&client).await.unwrap();
    assert_eq!(until_asked_again(&client).await, Some(HOUR), "the last one");
    assert_eq!(server.seen().len(), 5);
}

#[tokio::test]
async fn a_cut_connection_is_tried_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        for whole in [false, true] {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut head = [0_u8; 4096];
            let _ = socket.read(&mut head).await.unwrap();
            let body = if whole { EMPTY } else { &EMPTY[..5] };
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", EMPTY.len());
            socket.write_all(head.as_bytes()).await.unwrap();
            socket.write_all(body.as_bytes()).await.unwrap();
        }
    });
    let addresses = hubspot::Addresses::loopback(&base).unwrap();
    let tokens = Arc::new(Renewing::default());
    let client = Client::new(addresses, tokens, quick(), TestClock::at(NOW)).unwrap();
    assert_eq!(list(&client).await.unwrap(), 0);
    server.await.unwrap();
    // Nobody listens any more: that is the network's error, and a write has certainly not happened.
    let error = write::batch_update(&client, &ObjectType::DEALS, &[update(1)])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Network);
}

#[tokio::test]
async fn no_answer_in_time_ends() {
    let server = Server::start_slow(|_, _| Box::pin(std::future::pending::<Reply>())).await;
    let client = server.client_with(Pacing {
        deadline: Duration::from_millis(50),
        ..quick()
    });
    assert_eq!(list(&client).await.unwrap_err().kind(), Kind::Timeout);
}

#[tokio::test]
async fn giving_up_while_waiting_leaves_nothing_behind() {
    let limit = reply(429, r#"{"policyName":"TEN_SECONDLY_ROLLING"}"#);
    let server = Server::scripted(vec![limit, reply(200, EMPTY)]).await;
    let patient = Pacing {
        second: Duration::from_secs(10),
        ..quick()
    };
    let client = server.client_with(patient);
    let given_up = tokio::time::timeout(Duration::from_millis(300), list(&client)).await;
    assert!(given_up.is_err());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_write_is_not_repeated_when_it_may_have_happened() {
    for status in [500, 502, 504, 524] {
        let server = Server::scripted(vec![reply(status, ""), reply(200, EMPTY)]).await;
        let outcome = write::batch_update(&server.client(), &ObjectType::DEALS, &[update(1)]).await;
        assert!(outcome.unwrap_err().outcome_is_unknown(), "{status}");
        assert_eq!(server.seen().len(), 1, "{status}");
    }
    let server = Server::scripted(vec![reply(200, "<html>"), reply(200, EMPTY)]).await;
    let outcome = write::batch_update(&server.client(), &ObjectType::DEALS, &[update(1)]).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), Kind::Malformed);
    assert!(error.outcome_is_unknown());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_write_is_repeated_when_hubspot_says_it_did_nothing() {
    let limit = r#"{"policyName":"SECONDLY"}"#;
    let done = r#"{"status":"COMPLETE","results":[{"id":"1"}]}"#;
    let server =
        Server::scripted(vec![reply(429, limit), reply(423, "{}"), reply(200, done)]).await;
    let answer = write::batch_update(&server.client(), &ObjectType::DEALS, &[update(1)])
        .await
        .unwrap();
    assert_eq!(answer.done.len(), 1);
    assert!(answer.unmentioned.is_empty());
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_refused_write_is_known_to_have_failed() {
    for status in [400, 403, 404, 409, 414] {
        let server = Server::scripted(vec![reply(status, "{}")]).await;
        let outcome = write::batch_update(&server.client(), &ObjectType::DEALS, &[update(1)]).await;
        assert!(!outcome.unwrap_err().outcome_is_unknown(), "{status}");
    }
}
