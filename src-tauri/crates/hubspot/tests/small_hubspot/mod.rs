//! A small HubSpot to talk to: answers what a test tells it, and remembers what it was asked.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]
#![allow(dead_code, reason = "each test file uses its own part")]

pub(crate) mod consent;

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};
use crm::{Moment, ObjectType, RecordId};
use hubspot::write::UpdateInput;
use hubspot::{Addresses, BoxFuture, Client, Clock, Error, ListQuery, Pacing, StaticToken};

/// A request as the server saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn bearer(&self) -> String {
        let value = self
            .headers
            .get("authorization")
            .map(|value| value.to_str().unwrap());
        value
            .unwrap_or_default()
            .trim_start_matches("Bearer ")
            .to_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn form(&self, name: &str) -> Option<String> {
        let mut pairs = url::form_urlencoded::parse(self.body.as_bytes());
        pairs
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// An answer to give.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn reply(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    let headers = vec![("content-type", "application/json;charset=utf-8".to_owned())];
    Reply {
        status,
        headers,
        body: body.into(),
    }
}

impl Reply {
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(given, _)| *given != name);
        self.headers.push((name, value.into()));
        self
    }
}

type Answering = dyn Fn(Seen, usize) -> BoxFuture<'static, Reply> + Send + Sync;

/// A server on a port of its own, for as long as it is held.
pub(crate) struct Server {
    pub(crate) addresses: Addresses,
    inner: Arc<Inner>,
    task: tokio::task::JoinHandle<()>,
}

struct Inner {
    seen: Mutex<Vec<Seen>>,
    answering: Box<Answering>,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Server {
    /// Answers with what `answer` says of the request and of how many came before it.
    pub(crate) async fn start(
        answer: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::start_slow(move |seen, count| {
            let reply = answer(&seen, count);
            Box::pin(async move { reply })
        })
        .await
    }

    /// The same, for answers that wait for something.
    pub(crate) async fn start_slow(
        answer: impl Fn(Seen, usize) -> BoxFuture<'static, Reply> + Send + Sync + 'static,
    ) -> Self {
        let inner = Arc::new(Inner {
            seen: Mutex::default(),
            answering: Box::new(answer),
            now: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        });
        let router = Router::new()
            .fallback(handle)
            .with_state(Arc::clone(&inner));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            addresses: Addresses::loopback(&base).unwrap(),
            inner,
            task,
        }
    }

    /// Answers the given replies in turn, and the last one for ever.
    pub(crate) async fn scripted(replies: Vec<Reply>) -> Self {
        Self::start(move |_, count| replies[count.min(replies.len() - 1)].clone()).await
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.inner.seen.lock().unwrap().clone()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.path).collect()
    }

    /// The largest number of requests that were under way at once.
    pub(crate) fn most_at_once(&self) -> usize {
        self.inner.most.load(Ordering::SeqCst)
    }

    pub(crate) fn client(&self) -> Client {
        self.client_with(quick())
    }

    pub(crate) fn client_with(&self, pacing: Pacing) -> Client {
        let token = Arc::new(StaticToken::new(TOKEN.into()));
        Client::new(self.addresses.clone(), token, pacing, TestClock::at(NOW)).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn handle(State(inner): State<Arc<Inner>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let seen = Seen {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body: String::from_utf8(to_bytes(body, 1 << 24).await.unwrap().to_vec()).unwrap(),
    };
    let count = {
        let mut all = inner.seen.lock().unwrap();
        all.push(seen.clone());
        all.len() - 1
    };
    let now = inner.now.fetch_add(1, Ordering::SeqCst) + 1;
    inner.most.fetch_max(now, Ordering::SeqCst);
    let reply = (inner.answering)(seen, count).await;
    inner.now.fetch_sub(1, Ordering::SeqCst);
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).unwrap()
}

/// The token that test clients carry; no error may show it.
pub(crate) const TOKEN: &str = "pat-test-canary-token";

/// Monday morning, 2026-11-02T08:00:00Z.
pub(crate) const NOW: i64 = 1_793_606_400_000;

/// Repeats without waiting: a second lasts a millisecond.
pub(crate) fn quick() -> Pacing {
    Pacing {
        second: Duration::from_millis(1),
        ..Pacing::unlimited(1)
    }
}

/// A clock that stands until it is moved.
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn at(millis: i64) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(millis)))
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.0
            .fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }

    pub(crate) fn set_back(&self, by: Duration) {
        self.0
            .fetch_sub(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Moment {
        Moment::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// A page without anything.
pub(crate) const EMPTY: &str = r#"{"results":[]}"#;

/// A new value for one deal.
pub(crate) fn update(id: u64) -> UpdateInput {
    UpdateInput {
        id: RecordId::new(id),
        object_write_trace_id: Some(format!("run-{id}")),
        properties: [("score".to_owned(), "0.5".to_owned())].into(),
    }
}

/// How many deals the first page has.
pub(crate) async fn list(client: &Client) -> Result<usize, Error> {
    let page = client
        .list(&ObjectType::DEALS, &ListQuery::default())
        .await?;
    Ok(page.results.len())
}
