//! The simulator as a test starts it, and a client of it.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use crate::small_hubspot::{NOW, TestClock};
use crm::{Moment, ObjectType};
use hubspot::{Addresses, Client, ListQuery, Pacing, Record, StaticToken};
use hubspot_sim::{Limits, Sim, SimOptions, WorldKind, serve};
use serde_json::Value;

pub(crate) async fn sim(limits: Limits) -> Sim {
    let options = SimOptions {
        world: WorldKind::Demo,
        seed: 7,
        now: Moment::from_millis(NOW),
        deals: Some(220),
        port: 0,
        limits,
    };
    serve(options).await.unwrap()
}

pub(crate) fn addresses(sim: &Sim) -> Addresses {
    Addresses::loopback(&sim.address().base_url).unwrap()
}

pub(crate) fn with_token(sim: &Sim, pacing: Pacing) -> Client {
    let token = Arc::new(StaticToken::new(sim.address().token.as_str().into()));
    Client::new(addresses(sim), token, pacing, TestClock::at(NOW)).unwrap()
}

pub(crate) async fn control(sim: &Sim, path: &str, body: &Value) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/{path}", sim.address().control_url);
    let answer = http.post(url).json(body).send().await.unwrap();
    let status = answer.status();
    let body = answer.text().await.unwrap();
    assert!(status.is_success(), "{path}: {status} {body}");
}

pub(crate) async fn list_all(
    client: &Client,
    object: &ObjectType,
    query: ListQuery,
) -> Vec<Record> {
    let (mut all, mut query) = (Vec::new(), query);
    loop {
        let page = client.list(object, &query).await.unwrap();
        all.extend(page.results);
        match page.after {
            Some(after) => {
                assert_ne!(query.after.as_ref(), Some(&after), "a cursor came twice");
                query.after = Some(after);
            }
            None => return all,
        }
    }
}
