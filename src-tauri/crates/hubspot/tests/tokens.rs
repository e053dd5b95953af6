//! Renewing tokens: by the clock, once, and never lost.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod small_hubspot;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crm::{Moment, PortalId};
use hubspot::oauth::OwnApp;
use hubspot::{
    API_VERSION, Kind, OAuthTokens, StoredTokens, TokenSet, TokenSource, TokenStore,
    TokenStoreError,
};
use secrecy::ExposeSecret;
use small_hubspot::{NOW, Reply, Server, TestClock, reply};

const PORTAL: PortalId = PortalId::new(4242);

/// Keeps tokens in memory; can be made to fail.
#[derive(Default)]
struct Store {
    tokens: Mutex<Option<TokenSet>>,
    saves: AtomicUsize,
    broken: AtomicBool,
}

impl TokenStore for Store {
    fn load(&self) -> Result<StoredTokens, TokenStoreError> {
        self.tokens
            .lock()
            .unwrap()
            .clone()
            .ok_or(TokenStoreError::Absent)
    }

    fn save(&self, tokens: &TokenSet) -> Result<(), TokenStoreError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(TokenStoreError::Unavailable);
        }
        self.saves.fetch_add(1, Ordering::SeqCst);
        *self.tokens.lock().unwrap() = Some(tokens.clone());
        Ok(())
    }
}

impl Store {
    fn refresh(&self) -> String {
        self.tokens
            .lock()
            .unwrap()
            .as_ref()
            .unwrap()
            .refresh
            .expose_secret()
            .to_owned()
    }
}

fn tokens(access: &str, refresh: &str) -> TokenSet {
    let now = Moment::from_millis(NOW);
    TokenSet {
        access: access.into(),
        refresh: refresh.into(),
        issued_at: now,
        expires_at: now.plus(jiff::SignedDuration::from_mins(30)),
        portal: Some(PORTAL),
        scopes: vec!["oauth".into()],
    }
}

/// A grant as HubSpot answers it.
fn granted(access: &str, refresh: &str) -> Reply {
    reply(
        200,
        format!(
            r#"{{"token_type":"bearer","token_use":"access_token","expires_in":1800,
                "access_token":"{access}","refresh_token":"{refresh}","hub_id":4242,"user_id":7,
                "scopes":["oauth","crm.objects.deals.read"]}}"#
        ),
    )
}

struct Fixture {
    server: Server,
    store: Arc<Store>,
    clock: Arc<TestClock>,
    source: Arc<OAuthTokens<Store>>,
}

impl Fixture {
    fn new(server: Server) -> Self {
        let store = Arc::new(Store::default());
        *store.tokens.lock().unwrap() = Some(tokens("a0", "r0"));
        let clock = TestClock::at(NOW);
        let app = OwnApp::new("client-1", "secret-1".into());
        let addresses = server.addresses.clone();
        let source =
            OAuthTokens::new(app, addresses, PORTAL, store.clone(), clock.clone()).unwrap();
        Self {
            server,
            store,
            clock,
            source: Arc::new(source),
        }
    }

    async fn scripted(replies: Vec<Reply>) -> Self {
        Self::new(Server::scripted(replies).await)
    }

    async fn bearer(&self) -> Result<String, Kind> {
        let token = self.source.bearer().await;
        token
            .map(|token| token.expose_secret().to_owned())
            .map_err(|error| error.kind())
    }

    async fn renew(&self, rejected: &str) -> Result<String, Kind> {
        let token = self.source.renew(&rejected.into()).await;
        token
            .map(|token| token.expose_secret().to_owned())
            .map_err(|error| error.kind())
    }

    /// Moves the clock to where every portal renews.
    fn grow_old(&self) {
        self.clock.advance(Duration::from_secs(25 * 60));
    }
}

#[tokio::test]
async fn a_young_token_is_used_as_it_is() {
    let it = Fixture::scripted(vec![granted("a1", "r1")]).await;
    it.clock.advance(Duration::from_secs(20 * 60));
    assert_eq!(it.bearer().await.unwrap(), "a0");
    assert!(it.server.seen().is_empty());
}

#[tokio::test]
async fn an_old_one_is_renewed_as_hubspot_documents_and_kept_first() {
    let it = Fixture::scripted(vec![granted("a1", "r1")]).await;
    it.grow_old();
    assert_eq!(it.bearer().await.unwrap(), "a1");
    let seen = &it.server.seen()[0];
    assert_eq!(
        (seen.method.as_str(), seen.path.as_str()),
        ("POST", format!("/oauth/{API_VERSION}/token").as_str())
    );
    assert_eq!(seen.query, "");
    assert_eq!(
        seen.headers["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert!(!seen.headers.contains_key("authorization"));
    let field = |name| seen.form(name).unwrap_or_default();
    assert_eq!(field("grant_type"), "refresh_token");
    assert_eq!(field("refresh_token"), "r0");
    assert_eq!(
        (field("client_id"), field("client_secret")),
        ("client-1".into(), "secret-1".into())
    );
    let kept = it.store.load().unwrap();
    assert_eq!(
        (kept.access.expose_secret(), kept.refresh.expose_secret()),
        ("a1", "r1")
    );
    assert_eq!(kept.expires_at.since(kept.issued_at).as_mins(), 30);
    assert_eq!(kept.scopes, ["oauth", "crm.objects.deals.read"]);
    assert_eq!(it.bearer().await.unwrap(), "a1");
    assert_eq!(it.server.seen().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_renew_once() {
    let it = Arc::new(Fixture::scripted(vec![granted("a1", "r1"), granted("a2", "r2")]).await);
    it.grow_old();
    let mut callers = tokio::task::JoinSet::new();
    for number in 0..60 {
        let it = Arc::clone(&it);
        callers.spawn(async move {
            if number % 2 == 0 {
                it.bearer().await
            } else {
                it.renew("a0").await
            }
        });
    }
    for token in callers.join_all().await {
        assert_eq!(token.unwrap(), "a1");
    }
    assert_eq!(it.server.seen().len(), 1);
    assert_eq!(it.store.saves.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_rejected_token_is_renewed_whatever_the_clock_says() {
    let it = Fixture::scripted(vec![granted("a1", "r1")]).await;
    assert_eq!(it.renew("a0").await.unwrap(), "a1");
    // A late 401 to the old token finds the new one and does not renew again.
    assert_eq!(it.renew("a0").await.unwrap(), "a1");
    assert_eq!(it.server.seen().len(), 1);
}

#[tokio::test]
async fn a_clock_set_back_makes_a_token_old() {
    let it = Fixture::scripted(vec![granted("a1", "r1")]).await;
    it.clock.set_back(Duration::from_secs(3600));
    assert_eq!(it.bearer().await.unwrap(), "a1");
}

#[tokio::test]
async fn what_another_process_stored_is_used_instead() {
    let it = Fixture::scripted(vec![granted("a9", "r9")]).await;
    assert_eq!(it.bearer().await.unwrap(), "a0");
    *it.store.tokens.lock().unwrap() = Some(tokens("a1", "r1"));
    assert_eq!(it.renew("a0").await.unwrap(), "a1");
    assert!(it.server.seen().is_empty());
}

#[tokio::test]
async fn new_tokens_are_not_used_before_they_are_kept_and_not_lost_either() {
    let it = Fixture::scripted(vec![granted("a1", "r1"), granted("a2", "r2")]).await;
    it.grow_old();
    it.store.broken.store(true, Ordering::SeqCst);
    assert_eq!(it.bearer().await.unwrap_err(), Kind::TokenStore);
    assert_eq!(it.bearer().await.unwrap_err(), Kind::TokenStore);
    assert_eq!(it.store.refresh(), "r0");
    it.store.broken.store(false, Ordering::SeqCst);
    assert_eq!(it.bearer().await.unwrap(), "a1");
    assert_eq!(it.store.refresh(), "r1");
    assert_eq!(
        it.server.seen().len(),
        1,
        "the tokens in hand are kept, not asked for again"
    );
}

#[tokio::test]
async fn a_renewal_outlives_whoever_asked() {
    let (asked, mut was_asked) = tokio::sync::mpsc::channel::<()>(1);
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let gate_there = Arc::clone(&gate);
    let server = Server::start_slow(move |_, _| {
        let (asked, gate) = (asked.clone(), Arc::clone(&gate_there));
        Box::pin(async move {
            asked.send(()).await.unwrap();
            gate.acquire().await.unwrap().forget();
            granted("a1", "r1")
        })
    })
    .await;
    let it = Fixture::new(server);
    it.grow_old();
    let source = Arc::clone(&it.source);
    let caller = tokio::spawn(async move { source.bearer().await.map(|_| ()) });
    was_asked.recv().await.unwrap();
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    gate.add_permits(1);
    assert_eq!(
        it.bearer().await.unwrap(),
        "a1",
        "the next one finds what was asked for"
    );
    assert_eq!(it.store.refresh(), "r1");
    assert_eq!(it.server.seen().len(), 1);
}

const GONE: &str = r#"{"error":"invalid_grant","error_description":"refresh token is invalid",
    "status":"BAD_REFRESH_TOKEN","message":"…","correlationId":"c-1"}"#;

#[tokio::test]
async fn only_an_explicit_refusal_disconnects() {
    let it = Fixture::scripted(vec![reply(400, GONE)]).await;
    it.grow_old();
    assert_eq!(it.bearer().await.unwrap_err(), Kind::Disconnected);
    assert_eq!(it.server.seen().len(), 1);
    assert_eq!(it.store.refresh(), "r0", "nothing is thrown away");
}

#[tokio::test]
async fn a_refusal_of_a_token_replaced_meanwhile_is_looked_at_again() {
    let store: Arc<Mutex<Option<Arc<Store>>>> = Arc::default();
    let theirs = Arc::clone(&store);
    let server = Server::start(move |seen, _| {
        if seen.form("refresh_token").unwrap() == "r0" {
            // Another process renewed between our reading and our asking.
            let store = theirs.lock().unwrap().clone().unwrap();
            *store.tokens.lock().unwrap() = Some(tokens("a5", "r5"));
            reply(400, GONE)
        } else {
            granted("a6", "r6")
        }
    })
    .await;
    let it = Fixture::new(server);
    *store.lock().unwrap() = Some(Arc::clone(&it.store));
    it.grow_old();
    assert_eq!(it.bearer().await.unwrap(), "a6");
    assert_eq!(it.store.refresh(), "r6");
}

#[tokio::test]
async fn an_outage_is_outlasted_by_a_token_that_lives() {
    let it = Fixture::scripted(vec![reply(503, "<html>")]).await;
    it.grow_old();
    assert_eq!(it.bearer().await.unwrap(), "a0");
    let asked = it.server.seen().len();
    assert!(asked > 1, "a failure that may pass is tried again");
    it.clock.advance(Duration::from_secs(6 * 60));
    assert_eq!(
        it.bearer().await.unwrap_err(),
        Kind::Unavailable { retry_after: None }
    );
    assert_eq!(it.store.refresh(), "r0");
}

#[tokio::test]
async fn a_token_of_another_portal_is_refused() {
    let other = String::from_utf8(granted("a1", "r1").body)
        .unwrap()
        .replace("4242", "9999");
    let it = Fixture::scripted(vec![reply(200, other)]).await;
    it.grow_old();
    assert_eq!(it.bearer().await.unwrap_err(), Kind::WrongPortal);
    assert_eq!(it.store.refresh(), "r0");
}

#[tokio::test]
async fn where_the_answer_names_no_portal_hubspot_is_asked() {
    let bare =
        r#"{"token_type":"bearer","expires_in":1800,"access_token":"a1","refresh_token":"r1"}"#;
    let server = Server::start(move |seen, _| {
        if seen.path.ends_with("/introspect") {
            assert_eq!(seen.form("token").as_deref(), Some("a1"));
            reply(200, r#"{"active":true,"hub_id":9999}"#)
        } else {
            reply(200, bare)
        }
    })
    .await;
    let it = Fixture::new(server);
    it.grow_old();
    assert_eq!(it.bearer().await.unwrap_err(), Kind::WrongPortal);
}

#[tokio::test]
async fn new_tokens_are_kept_where_hubspot_does_not_tell_whose_they_are() {
    let bare =
        r#"{"token_type":"bearer","expires_in":1800,"access_token":"a1","refresh_token":"r1"}"#;
    let server = Server::start(move |seen, _| {
        if seen.path.ends_with("/introspect") {
            reply(503, "{}")
        } else {
            reply(200, bare)
        }
    })
    .await;
    let it = Fixture::new(server);
    it.grow_old();
    assert_eq!(it.bearer().await.unwrap(), "a1");
    assert_eq!(it.store.refresh(), "r1");
}

#[tokio::test]
async fn odd_answers_never_replace_good_tokens() {
    // Without a refresh token the old one stays good; without an access token there is no answer.
    let it = Fixture::scripted(vec![reply(
        200,
        r#"{"token_type":"Bearer","expires_in":-5,"access_token":"a1","refresh_token":"","hub_id":"4242"}"#,
    )])
    .await;
    it.grow_old();
    assert_eq!(it.bearer().await.unwrap(), "a1");
    let kept = it.store.load().unwrap();
    assert_eq!(kept.refresh.expose_secret(), "r0");
    assert_eq!(
        kept.expires_at.since(kept.issued_at).as_mins(),
        30,
        "nonsense counts as 30 minutes"
    );
    assert_eq!(kept.scopes, ["oauth"]);
    for body in [
        "",
        "{}",
        "null",
        "<html>",
        r#"{"access_token":"","refresh_token":"r1"}"#,
        r#"{"access_token":7}"#,
    ] {
        let it = Fixture::scripted(vec![reply(200, body)]).await;
        it.grow_old();
        assert_eq!(it.bearer().await.unwrap_err(), Kind::Malformed, "{body}");
        assert_eq!(it.store.refresh(), "r0", "{body}");
    }
}

#[tokio::test]
async fn a_missing_store_is_no_disconnection() {
    let it = Fixture::scripted(vec![granted("a1", "r1")]).await;
    *it.store.tokens.lock().unwrap() = None;
    assert_eq!(it.bearer().await.unwrap_err(), Kind::TokenStore);
    assert!(it.server.seen().is_empty());
}

#[tokio::test]
async fn errors_show_no_token() {
    let it = Fixture::scripted(vec![reply(
        400,
        r#"{"error":"invalid_grant","message":"r0 a0 secret-1"}"#,
    )])
    .await;
    it.grow_old();
    let error = it.source.bearer().await.unwrap_err();
    let shown = format!("{error} {error:?} {:?}", it.store.load());
    for secret in ["r0", "a0", "secret-1"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// A laptop wakes: a hundred tasks find the token old, and HubSpot is out of order.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_failure_is_shared_by_all_who_ask_for_a_while() {
    let it = Arc::new(Fixture::scripted(vec![reply(400, r#"{"error":"invalid_client"}"#)]).await);
    it.clock.advance(Duration::from_secs(48 * 3_600));
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let it = Arc::clone(&it);
        callers.spawn(async move { it.bearer().await });
    }
    for token in callers.join_all().await {
        assert!(matches!(token.unwrap_err(), Kind::App(_)));
    }
    assert_eq!(it.server.seen().len(), 1);
    // A minute of the wall clock later it is asked once more.
    it.clock.advance(Duration::from_secs(60));
    it.bearer().await.unwrap_err();
    assert_eq!(it.server.seen().len(), 2);
}

/// Clocks that jump about make one renewal a jump, not one a call.
#[tokio::test]
async fn a_clock_that_jumps_costs_one_renewal_a_jump() {
    let server =
        Server::start(|_, count| granted(&format!("a{count}"), &format!("r{count}"))).await;
    let it = Fixture::new(server);
    let hours = |hours: u64| Duration::from_secs(hours * 3_600);
    let year = hours(365 * 24);
    type Jump = fn(&TestClock, Duration);
    let (on, back): (Jump, Jump) = (TestClock::advance, TestClock::set_back);
    let jumps = [
        (on, hours(2)),
        (back, hours(2)),
        (on, year),
        (back, year),
        (on, hours(48)),
    ];
    for (number, (jump, by)) in jumps.into_iter().enumerate() {
        jump(&it.clock, by);
        for _ in 0..20 {
            it.bearer().await.unwrap();
        }
        assert_eq!(it.server.seen().len(), number + 1, "{by:?}");
    }
}

#[tokio::test]
async fn a_refused_grant_is_not_tried_again_until_another_is_stored() {
    let server = Server::start(|seen, _| {
        if seen.form("refresh_token").unwrap() == "r0" {
            reply(400, GONE)
        } else {
            granted("a8", "r8")
        }
    })
    .await;
    let it = Fixture::new(server);
    for _ in 0..50 {
        it.grow_old();
        assert_eq!(it.bearer().await.unwrap_err(), Kind::Disconnected);
    }
    assert_eq!(it.server.seen().len(), 1);
    // Connected again by another process.
    *it.store.tokens.lock().unwrap() = Some(tokens("a7", "r7"));
    assert_eq!(it.bearer().await.unwrap(), "a8");
}

/// The network comes and goes a thousand times, with the token old all the time.
#[tokio::test(start_paused = true)]
async fn a_thousand_losses_of_the_network_cost_no_call() {
    let it = Fixture::scripted(vec![granted("a1", "r1")]).await;
    let nowhere = hubspot::Addresses::loopback("http://127.0.0.1:1").unwrap();
    let app = OwnApp::new("client-1", "secret-1".into());
    let clock = it.clock.clone();
    let lost = OAuthTokens::new(app, nowhere, PORTAL, it.store.clone(), clock).unwrap();
    it.clock.advance(Duration::from_secs(48 * 3_600));
    for _ in 0..1_000 {
        let error = lost.bearer().await.unwrap_err();
        assert_eq!(error.kind(), Kind::Network);
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    assert_eq!(it.store.refresh(), "r0");
    // The network returns: one call, at once.
    assert_eq!(it.bearer().await.unwrap(), "a1");
    assert_eq!(it.server.seen().len(), 1);
}
