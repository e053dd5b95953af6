//! The server itself: a listener on 127.0.0.1, and the handle that stops it.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::response::Response;
use futures_util::stream;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::control;
use super::exchange::{Payload, Reply, Request};
use super::faults::Fault;
use super::simulation::Simulation;
use crate::options::{Address, SimError, SimOptions, WorldKind};
use crate::world::World;

/// Larger bodies are refused: the largest legal batch is far below.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// Longer addresses are refused with 414. Reported cut-offs lie between 8,000 and 16,200 characters
/// (issues of dlt, Airbyte and PostHog).
const LONGEST_ADDRESS: usize = 16_000;

/// How many deals the demo has.
const DEMO_DEALS: usize = 2_500;

type Shared = Arc<Mutex<Simulation>>;

/// A running simulator. It stops when this is dropped.
pub struct Sim {
    address: Address,
    state: Shared,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

/// Starts a simulator on 127.0.0.1.
///
/// # Errors
/// When the port is taken, or a file of the Maven world is missing or says something impossible.
pub async fn serve(options: SimOptions) -> Result<Sim, SimError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
        .await
        .map_err(SimError::Listen)?;
    let port = listener.local_addr().map_err(SimError::Listen)?.port();
    let deals = options.deals.unwrap_or(DEMO_DEALS).max(1);
    let make = move || -> Result<Simulation, SimError> {
        let world = match &options.world {
            WorldKind::Demo => World::demo(options.seed, options.now, deals, false),
            WorldKind::Null => World::demo(options.seed, options.now, deals, true),
            WorldKind::Bulk(size) => World::bulk(options.seed, options.now, size),
            WorldKind::Maven { csv_dir } => World::maven(options.seed, options.now, csv_dir)?,
        };
        Ok(Simulation::new(world, &options, port))
    };
    // A large world takes seconds, which are not the runtime's to lose.
    let made = tokio::task::spawn_blocking(make).await;
    let simulation = made.map_err(|error| SimError::Listen(std::io::Error::other(error)))??;
    let base_url = format!("http://127.0.0.1:{port}");
    let address = Address {
        control_url: format!("{base_url}/__control"),
        base_url,
        client_id: simulation.auth.client_id.clone(),
        client_secret: simulation.auth.client_secret.clone(),
        token: simulation.auth.token.clone(),
    };
    let state: Shared = Arc::new(Mutex::new(simulation));
    let router = Router::new()
        .fallback(answer)
        .with_state(Arc::clone(&state));
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(async move {
        // Dropping the handle drops the sender, which ends the wait just as well.
        let ended = async {
            let _ = stopped.await;
        };
        let serving = axum::serve(listener, router);
        // Connections that a client keeps open must not keep the simulator alive.
        tokio::select! {
            _ = serving => {}
            () = ended => {}
        }
    });
    Ok(Sim {
        address,
        state,
        stop: Some(stop),
        task: Some(task),
    })
}

impl Sim {
    /// Where it listens and how to get in.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Everything that is simulated, for as long as the guard is held.
    pub(super) fn state(&self) -> MutexGuard<'_, Simulation> {
        lock(&self.state)
    }

    /// Stops listening and waits until that is done.
    pub async fn stop(mut self) {
        lock(&self.state).stopped = true;
        drop(self.stop.take());
        if let Some(task) = self.task.take() {
            let _ = task.await;
        }
    }

    /// Every effect that was put into the world (control route `truth`).
    #[must_use]
    pub fn truth(&self) -> Value {
        lock(&self.state).world.truth()
    }

    /// Every write so far (control route `ledger`).
    #[must_use]
    pub fn ledger(&self) -> Value {
        serde_json::json!(lock(&self.state).ledger)
    }

    /// Records by type (control route `counts`).
    #[must_use]
    pub fn counts(&self) -> Value {
        control::counts(&lock(&self.state))
    }

    /// Any control route without the network: `sim.control("POST", "faults", &json!({…}))`. Gives
    /// the HTTP status and the body.
    pub fn control(&self, method: &str, route: &str, body: &Value) -> (u16, Value) {
        self.handle(method, format!("/__control/{route}"), None, body)
    }

    /// Any call of the API without the network, with the static token's rights:
    /// `sim.call("DELETE", "/crm/properties/2026-09/deals/grade", &Value::Null)`. Gives the HTTP
    /// status and the body.
    pub fn call(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let token = Some(self.address.token.clone());
        self.handle(method, path.to_owned(), token, body)
    }

    fn handle(
        &self,
        method: &str,
        path: String,
        bearer: Option<String>,
        body: &Value,
    ) -> (u16, Value) {
        let request = Request {
            method: method.to_owned(),
            path,
            query: Vec::new(),
            bearer,
            content_type: "application/json".to_owned(),
            body: body.to_string().into_bytes(),
        };
        let (reply, _) = lock(&self.state).handle(&request);
        match reply.payload {
            Payload::Json(value) => (reply.status, value),
            Payload::Html(_) | Payload::Empty => (reply.status, Value::Null),
        }
    }

    /// Leaves the machine's time out of the world's clock: from now on nothing but
    /// [`Self::advance`] moves it, so that the same calls always find the same moment.
    pub fn hold_clock(&self) {
        lock(&self.state).clock.hold();
    }

    /// Moves the world's clock on (control route `advance`).
    pub fn advance(&self, days: f64) {
        control::advance(&mut lock(&self.state), days, 0.0);
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        lock(&self.state).stopped = true;
        drop(self.stop.take());
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// A panic in one call must not silence all later ones; the state is only ever changed whole.
fn lock(state: &Shared) -> MutexGuard<'_, Simulation> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(State(state): State<Shared>, request: axum::extract::Request) -> Response {
    let (parts, body) = request.into_parts();
    let empty = |status| Reply {
        status,
        headers: Vec::new(),
        payload: Payload::Empty,
    };
    let length = parts
        .uri
        .path_and_query()
        .map_or(0, |all| all.as_str().len());
    let most = lock(&state).quirks.longest_address;
    if length > most.unwrap_or(LONGEST_ADDRESS) {
        return respond(empty(414), None);
    }
    let header = |name| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return respond(empty(413), None);
    };
    let query = parts.uri.query().unwrap_or_default();
    let request = Request {
        method: parts.method.to_string(),
        path: decode_path(parts.uri.path()),
        query: url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        bearer: header(AUTHORIZATION)
            .and_then(|value| {
                value
                    .strip_prefix("Bearer ")
                    .or(value.strip_prefix("bearer "))
            })
            .map(str::to_owned),
        content_type: header(CONTENT_TYPE).unwrap_or_default().to_owned(),
        body: body.to_vec(),
    };
    let (reply, fault) = {
        let mut simulation = lock(&state);
        if simulation.stopped {
            let body = broken_off(Bytes::new());
            return Response::new(body);
        }
        let (mut reply, fault) = simulation.handle(&request);
        // The portal's own time: the machine's would belie a world that was moved.
        let now = simulation.clock.now().timestamp();
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        reply.headers.push(("date", date));
        (reply, fault)
    };
    if let Some(delay) = fault
        .as_ref()
        .map(|fault| fault.delay_ms)
        .filter(|delay| *delay > 0)
    {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    respond(reply, fault.as_ref())
}

/// Percent-decoding for paths, with the form decoder: what a form treats specially is hidden from
/// it first.
fn decode_path(path: &str) -> String {
    let hidden = path
        .replace('+', "%2B")
        .replace('&', "%26")
        .replace('=', "%3D");
    let decoded = url::form_urlencoded::parse(hidden.as_bytes()).next();
    decoded.map_or_else(String::new, |(decoded, _)| decoded.into_owned())
}

fn respond(reply: Reply, fault: Option<&Fault>) -> Response {
    let (content_type, body) = match reply.payload {
        Payload::Json(value) => ("application/json;charset=utf-8", value.to_string()),
        Payload::Html(text) => ("text/html;charset=utf-8", text),
        Payload::Empty => ("", String::new()),
    };
    let mut builder = Response::builder().status(reply.status);
    if !content_type.is_empty() {
        builder = builder.header(CONTENT_TYPE, content_type);
    }
    for (name, value) in reply.headers {
        builder = builder.header(name, value);
    }
    let body = match fault {
        Some(fault) if fault.cut => broken_off(Bytes::new()),
        Some(Fault {
            truncate: Some(most),
            ..
        }) => {
            builder = builder.header("content-length", body.len());
            let cut = Bytes::from(body).slice(..).split_to_at_most(*most);
            broken_off(cut)
        }
        Some(Fault {
            trickle_ms: Some(pause),
            ..
        }) => trickling(body.into_bytes(), Duration::from_millis(*pause)),
        Some(Fault {
            padding: Some(blanks),
            ..
        }) => padded(body, *blanks),
        _ => Body::from(body),
    };
    if fault.is_some_and(|fault| fault.gzip) {
        builder = builder.header("content-encoding", "gzip");
    }
    builder.body(body).unwrap_or_default()
}

/// A body that ends in a broken connection instead of its end.
fn broken_off(first: Bytes) -> Body {
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let pause = async move {
        // Lets what was sent so far reach the wire before the connection goes.
        tokio::time::sleep(Duration::from_millis(5)).await;
        Err::<Bytes, _>(broken)
    };
    let start = (!first.is_empty()).then_some(Ok(first));
    let chunks = stream::iter(start);
    Body::from_stream(futures_util::StreamExt::chain(chunks, stream::once(pause)))
}

/// A body that comes a byte at a time.
fn trickling(bytes: Vec<u8>, pause: Duration) -> Body {
    let bytes = stream::iter(bytes);
    Body::from_stream(futures_util::StreamExt::then(
        bytes,
        move |byte| async move {
            tokio::time::sleep(pause).await;
            Ok::<Bytes, std::io::Error>(Bytes::from(vec![byte]))
        },
    ))
}

/// A body behind blanks, sent from one small piece over and over.
fn padded(body: String, blanks: u64) -> Body {
    const PIECE: &[u8] = &[b' '; 1 << 14];
    let whole = blanks / PIECE.len() as u64;
    let rest = usize::try_from(blanks % PIECE.len() as u64).unwrap_or(0);
    let pieces = stream::iter((0..whole).map(|_| Bytes::from_static(PIECE)));
    let end = stream::iter([Bytes::from_static(&PIECE[..rest]), Bytes::from(body)]);
    let all = futures_util::StreamExt::chain(pieces, end);
    Body::from_stream(futures_util::StreamExt::map(
        all,
        Ok::<Bytes, std::io::Error>,
    ))
}

trait AtMost {
    fn split_to_at_most(self, most: usize) -> Self;
}

impl AtMost for Bytes {
    fn split_to_at_most(self, most: usize) -> Self {
        let end = most.min(self.len());
        self.slice(..end)
    }
}
