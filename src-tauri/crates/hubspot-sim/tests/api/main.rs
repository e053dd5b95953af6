//! The simulator as a client meets it: over HTTP, on loopback.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop at once"
)]

mod associations;
mod changes;
mod custom;
mod faults;
mod labels;
mod life;
mod limits;
mod lists;
mod oauth;
mod objects;
mod pipelines;
mod plans;
mod properties;
mod records;
mod scenarios;
mod search;
mod writes;

use hubspot_sim::{Limits, Sim, SimOptions, WorldKind, serve};
use reqwest::{Client, Method, StatusCode, redirect};
use serde_json::Value;

/// The present of every world here.
const NOW: &str = "2026-11-21T10:00:00Z";

/// A simulator and a client with a token for it.
struct Hub {
    sim: Sim,
    http: Client,
    token: String,
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: reqwest::header::HeaderMap,
    body: Value,
}

impl Answer {
    /// The body, if the call succeeded.
    #[track_caller]
    fn ok(self) -> Value {
        assert!(
            (200..300).contains(&self.status),
            "{} {}",
            self.status,
            self.body
        );
        self.body
    }

    /// The body of a refused call.
    #[track_caller]
    fn refused(self, status: u16, category: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.body["category"], category, "{}", self.body);
        assert!(self.body["correlationId"].is_string());
        self.body
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

fn options(seed: u64, limits: Limits) -> SimOptions {
    SimOptions {
        world: WorldKind::Demo,
        seed,
        now: NOW.parse().unwrap(),
        deals: Some(400),
        port: 0,
        limits,
    }
}

fn client() -> Client {
    // Only the first call of the process installs it; the others find it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

impl Hub {
    /// A small demo portal without rate limits.
    async fn start() -> Self {
        Self::with(options(7, Limits::Off)).await
    }

    async fn with(options: SimOptions) -> Self {
        let sim = serve(options).await.unwrap();
        let token = sim.address().token.clone();
        Self {
            sim,
            http: client(),
            token,
        }
    }

    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        self.try_call(method, path, body).await.unwrap()
    }

    async fn try_call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, reqwest::Error> {
        let url = format!("{}{path}", self.sim.address().base_url);
        let mut request = self.http.request(method, url).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok(Answer {
            status: status.as_u16(),
            headers,
            body,
        })
    }

    async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PATCH, path, Some(&body)).await
    }

    async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(&body)).await
    }

    /// A call to the control address.
    async fn control(&self, method: Method, verb: &str, body: Value) -> Value {
        let url = format!("{}/{verb}", self.sim.address().control_url);
        let response = self
            .http
            .request(method, url)
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.unwrap()
    }

    async fn set(&self, verb: &str, body: Value) -> Value {
        self.control(Method::POST, verb, body).await
    }

    /// The ids on the first page of a type.
    async fn ids(&self, object_type: &str, limit: usize) -> Vec<String> {
        let page = self
            .get(&format!("/crm/objects/2026-09/{object_type}?limit={limit}"))
            .await
            .ok();
        ids(&page)
    }
}

/// The ids of a page's records.
fn ids(page: &Value) -> Vec<String> {
    let results = page["results"].as_array().unwrap();
    results
        .iter()
        .map(|record| record["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Every record of a type, page by page.
async fn all(hub: &Hub, path: &str) -> Vec<Value> {
    let mut records = Vec::new();
    let mut after = String::new();
    loop {
        let separator = if path.contains('?') { '&' } else { '?' };
        let page = hub
            .get(&format!("{path}{separator}limit=100&after={after}"))
            .await
            .ok();
        records.extend(page["results"].as_array().unwrap().iter().cloned());
        match page["paging"]["next"]["after"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => return records,
        }
    }
}

#[tokio::test]
async fn the_address_is_the_line_that_scripts_read() {
    let hub = Hub::start().await;
    let line = serde_json::to_value(hub.sim.address()).unwrap();
    let mut keys: Vec<&str> = line
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "base_url",
            "client_id",
            "client_secret",
            "control_url",
            "token"
        ]
    );
    assert!(
        line["base_url"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:")
    );
}

#[tokio::test]
async fn a_stopped_simulator_no_longer_answers() {
    let hub = Hub::start().await;
    // The client keeps this connection open; it must not go on being answered.
    hub.get("/account-info/2026-09/details").await.ok();
    let url = format!(
        "{}/account-info/2026-09/details",
        hub.sim.address().base_url
    );
    let Hub { sim, http, .. } = hub;
    sim.stop().await;
    assert!(http.get(url).send().await.is_err());
}

#[tokio::test]
async fn a_taken_port_is_an_error() {
    let hub = Hub::start().await;
    let port = hub
        .sim
        .address()
        .base_url
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let error = serve(SimOptions {
        port,
        ..options(7, Limits::Off)
    })
    .await
    .err()
    .unwrap();
    assert_eq!(error.to_string(), "cannot listen on 127.0.0.1");
}
