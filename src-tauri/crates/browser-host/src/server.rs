//! The routes: the pages, one route for the calls, one for the events.

use std::convert::Infallible;
use std::sync::Arc;

use app::{App, WireError};
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event as Message, KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::Stream;
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;

use crate::door::{Key, names_us};
use crate::pages::Pages;

/// The shell's own configuration: what the window forbids its pages is forbidden here too.
const SHELL_CONFIG: &str = include_str!("../../../../tauri.conf.json");

struct Host {
    app: App,
    pages: Pages,
    key: Key,
    /// `127.0.0.1:port`.
    authority: String,
    policy: HeaderValue,
}

/// All routes, for a host that listens at `authority` (`127.0.0.1:port`).
pub fn router(app: App, pages: Pages, key: Key, authority: String) -> Router {
    let host = Arc::new(Host {
        app,
        pages,
        key,
        authority,
        policy: content_policy(),
    });
    let guarded = Router::new()
        .route("/call/{name}", post(call))
        .route("/events", get(events))
        .fallback(get(page))
        .layer(middleware::from_fn_with_state(Arc::clone(&host), guard));
    Router::new()
        .route("/enter", get(enter))
        .merge(guarded)
        .with_state(host)
}

/// The shell's content policy, with the one difference that calls come over HTTP here.
fn content_policy() -> HeaderValue {
    let config: serde_json::Value = serde_json::from_str(SHELL_CONFIG).unwrap_or_default();
    let rules = config["app"]["security"]["csp"].as_object();
    let text = rules
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let sources = if name == "connect-src" {
                "'self'"
            } else {
                value.as_str().unwrap_or("'none'")
            };
            format!("{name} {sources}")
        })
        .collect::<Vec<_>>()
        .join("; ");
    // Without a policy nothing at all may run: a changed configuration must not open this silently.
    HeaderValue::from_str(&text)
        .ok()
        .filter(|_| !text.is_empty())
        .unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

#[derive(Deserialize)]
struct Shown {
    key: String,
}

/// The first visit: the key in the printed address becomes a cookie, and leaves the address.
async fn enter(
    State(host): State<Arc<Host>>,
    Query(shown): Query<Shown>,
    request: Request,
) -> Response {
    if !names_us(request.headers(), &host.authority) || !host.key.is(&shown.key) {
        return StatusCode::FORBIDDEN.into_response();
    }
    ([(header::SET_COOKIE, host.key.cookie())], Redirect::to("/")).into_response()
}

async fn guard(State(host): State<Arc<Host>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !names_us(headers, &host.authority) || !host.key.comes_with(headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, host.policy.clone());
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn page(State(host): State<Arc<Host>>, request: Request) -> Response {
    match host.pages.get(request.uri().path()) {
        Some(page) => (
            [(header::CONTENT_TYPE, page.content_type)],
            Body::from(page.bytes.clone()),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn call(State(host): State<Arc<Host>>, Path(name): Path<String>, body: Bytes) -> Response {
    let Ok(args) = serde_json::from_slice(&body) else {
        let error = WireError::bad_input("The arguments are no JSON.", "Send an object.");
        return (StatusCode::BAD_REQUEST, Json(error)).into_response();
    };
    match app::calls::dispatch(&host.app, &name, args).await {
        Ok(answer) => Json(answer).into_response(),
        // One status for all: the code inside says what it is, as it does in the shell.
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response(),
    }
}

async fn events(
    State(host): State<Arc<Host>>,
) -> Sse<impl Stream<Item = Result<Message, Infallible>>> {
    let stream = stream::unfold(host.app.events(), |mut events| async {
        loop {
            match events.recv().await {
                Ok(event) => {
                    if let Ok(message) = Message::default().json_data(&event) {
                        return Some((Ok(message), events));
                    }
                }
                // What a slow page missed is replaced by what comes next.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}
