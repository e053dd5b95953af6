//! A HubSpot that says exactly what a test wants it to say: the surprises that the simulator, which
//! behaves, does not have.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Query, Request, State};
use axum::response::{IntoResponse, Response};
use hubspot::{Addresses, Client, Clock, Pacing, StaticToken};
use serde_json::{Value, json};
use store::{DataDir, PortalInfo, PortalStore, testing};

use crm::{Moment, PortalId};

pub(crate) const PORTAL: u64 = 4242;

/// A question as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) body: Value,
}

impl Asked {
    /// Whether the path ends so, after the version.
    pub(crate) fn is(&self, tail: &str) -> bool {
        self.path.ends_with(tail)
    }

    pub(crate) fn after(&self) -> Option<&str> {
        self.query.get("after").map(String::as_str)
    }
}

/// What the answer to a question is; `None` leaves it to the portal below.
pub(crate) type Script = dyn Fn(&Asked) -> Option<(u16, Value)> + Send + Sync;

#[derive(Clone)]
pub(crate) struct Scripted {
    pub(crate) base: String,
    state: Arc<Held>,
}

struct Held {
    clock: HandClock,
    script: Mutex<Arc<Script>>,
    portal: Mutex<Portal>,
    log: Mutex<Vec<Asked>>,
}

/// A small portal: ids and properties by type, and who belongs to whom.
#[derive(Debug, Clone, Default)]
pub(crate) struct Portal {
    pub(crate) records: BTreeMap<String, BTreeMap<u64, Value>>,
    pub(crate) associations: BTreeMap<(String, u64, String), Vec<u64>>,
    pub(crate) definitions: BTreeMap<String, Vec<(String, bool)>>,
    /// What lies in the recycle bin, and since when.
    pub(crate) archived: BTreeMap<String, BTreeMap<u64, String>>,
}

impl Scripted {
    pub(crate) async fn serve(portal: Portal) -> Self {
        Self::in_time(portal, HandClock::new()).await
    }

    /// With a clock of its own, which its answers tell.
    pub(crate) async fn in_time(portal: Portal, clock: HandClock) -> Self {
        let state = Arc::new(Held {
            clock,
            script: Mutex::new(Arc::new(|_: &Asked| None)),
            portal: Mutex::new(portal),
            log: Mutex::default(),
        });
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&state));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, state }
    }

    pub(crate) fn script(
        &self,
        script: impl Fn(&Asked) -> Option<(u16, Value)> + Send + Sync + 'static,
    ) {
        *lock(&self.state.script) = Arc::new(script);
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Portal)) {
        change(&mut lock(&self.state.portal));
    }

    /// The questions since the last call.
    pub(crate) fn take_log(&self) -> Vec<Asked> {
        std::mem::take(&mut lock(&self.state.log))
    }

    /// A client that does not wait and does not repeat.
    pub(crate) fn client(&self) -> Client {
        let pacing = Pacing {
            repeats: 0,
            ..Pacing::unlimited(1)
        };
        let token = Arc::new(StaticToken::new("token".into()));
        let addresses = Addresses::loopback(&self.base).unwrap();
        Client::new(addresses, token, pacing, Arc::new(StoppedClock)).unwrap()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(
    State(held): State<Arc<Held>>,
    Query(query): Query<BTreeMap<String, String>>,
    request: Request,
) -> Response {
    let path = request.uri().path().to_owned();
    let body = axum::body::to_bytes(request.into_body(), 10_000_000)
        .await
        .unwrap();
    let asked = Asked {
        path,
        query,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    };
    lock(&held.log).push(asked.clone());
    let script = Arc::clone(&lock(&held.script));
    let (status, body) = script(&asked).unwrap_or_else(|| lock(&held.portal).answer(&asked));
    // A status of nothing stands for an answer that never comes.
    if status == 0 {
        std::future::pending::<()>().await;
    }
    let status = axum::http::StatusCode::from_u16(status).unwrap();
    let now = held.clock.now().timestamp();
    let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    (status, [("date", date)], axum::Json(body)).into_response()
}

impl Portal {
    fn answer(&self, asked: &Asked) -> (u16, Value) {
        let parts: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
        let body = match parts.as_slice() {
            ["account-info", _, "details"] => json!({
                "portalId": PORTAL, "timeZone": "Europe/Berlin", "companyCurrency": "EUR",
            }),
            ["crm", "owners", _] => owners(asked),
            ["crm", "pipelines", _, _] => pipelines(),
            ["crm", "properties", _, object] => self.definitions(object),
            ["crm", "objects", _, object] => self.list(object, asked),
            ["crm", "objects", _, object, "search"] => self.search(object, asked),
            ["crm", "objects", _, object, "batch", "read"] => return self.batch(object, asked),
            ["crm", "associations", _, _, _, "labels"] => json!({ "results": [] }),
            ["crm", "associations", _, from, to, "batch", "read"] => {
                return self.associated(from, to, asked);
            }
            _ => return (404, json!({ "status": "error" })),
        };
        (200, body)
    }

    fn definitions(&self, object: &str) -> Value {
        let standard = [
            "dealname",
            "amount",
            "dealstage",
            "pipeline",
            "hs_timestamp",
            "hs_note_body",
            "email",
            "name",
            "domain",
            "hs_email_direction",
        ];
        let standard = standard.map(|name| (name.to_owned(), true));
        let own = self.definitions.get(object).cloned().unwrap_or_default();
        let all: Vec<Value> = standard
            .into_iter()
            .chain(own)
            .map(|(name, hubspot_defined)| {
                json!({
                    "name": name, "label": name, "type": "string", "fieldType": "text",
                    "groupName": "g", "hubspotDefined": hubspot_defined,
                })
            })
            .collect();
        json!({ "results": all })
    }

    fn list(&self, object: &str, asked: &Asked) -> Value {
        if asked.query.get("archived").is_some_and(|a| a == "true") {
            let bin = self.archived.get(object).cloned().unwrap_or_default();
            let results: Vec<Value> = bin
                .iter()
                .map(|(id, at)| {
                    json!({ "id": id.to_string(), "archived": true, "archivedAt": at, "properties": {} })
                })
                .collect();
            return json!({ "results": results });
        }
        let after: u64 = asked.after().unwrap_or("0").parse().unwrap();
        let limit: usize = asked.query["limit"].parse().unwrap();
        let history = asked
            .query
            .get("propertiesWithHistory")
            .cloned()
            .unwrap_or_default();
        let none = BTreeMap::new();
        let of = self.records.get(object).unwrap_or(&none);
        let mut page: Vec<(&u64, &Value)> = of.range(after..).take(limit + 1).collect();
        let next = (page.len() > limit).then(|| page.pop().unwrap().0.to_string());
        let results: Vec<Value> = page
            .into_iter()
            .map(|(id, p)| record(*id, p, &history))
            .collect();
        let mut answer = json!({ "results": results });
        if let Some(next) = next {
            answer["paging"] = json!({ "next": { "after": next } });
        }
        answer
    }

    fn batch(&self, object: &str, asked: &Asked) -> (u16, Value) {
        let none = BTreeMap::new();
        let of = self.records.get(object).unwrap_or(&none);
        let bin = self.archived.get(object).cloned().unwrap_or_default();
        let in_bin = asked.query.get("archived").is_some_and(|a| a == "true");
        let history = asked.body["propertiesWithHistory"].as_array();
        let history: Vec<&str> = history
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let (mut results, mut lost) = (Vec::new(), Vec::new());
        for input in asked.body["inputs"].as_array().unwrap() {
            let id: u64 = input["id"].as_str().unwrap().parse().unwrap();
            let found = if in_bin {
                bin.get(&id).map(|at| {
                    json!({ "id": id.to_string(), "archived": true, "archivedAt": at, "properties": {} })
                })
            } else {
                of.get(&id)
                    .map(|properties| record(id, properties, &history.join(",")))
            };
            match found {
                Some(found) => results.push(found),
                None => lost.push(id.to_string()),
            }
        }
        if lost.is_empty() {
            return (200, json!({ "status": "COMPLETE", "results": results }));
        }
        let error = json!({
            "status": "error", "category": "OBJECT_NOT_FOUND",
            "message": "Could not get some objects", "context": { "ids": lost },
        });
        let body = json!({
            "status": "COMPLETE", "results": results, "numErrors": 1, "errors": [error],
        });
        (207, body)
    }

    /// Filters on ids and on the modified date, ids as numbers, in the order of ids.
    fn search(&self, object: &str, asked: &Asked) -> Value {
        let number = |value: &Value| -> i64 { value.as_str().unwrap().parse().unwrap() };
        let filters = asked.body["filterGroups"][0]["filters"].as_array();
        let filters = filters.cloned().unwrap_or_default();
        let holds = |id: u64, properties: &Value| {
            filters.iter().all(|filter| {
                let value = match filter["propertyName"].as_str().unwrap() {
                    "hs_object_id" => i64::try_from(id).unwrap(),
                    _ => modified_at(properties).millis(),
                };
                let bound = number(&filter["value"]);
                match filter["operator"].as_str().unwrap() {
                    "GT" => value > bound,
                    "GTE" => value >= bound,
                    "LT" => value < bound,
                    "LTE" => value <= bound,
                    other => panic!("{other}"),
                }
            })
        };
        let none = BTreeMap::new();
        let of = self.records.get(object).unwrap_or(&none);
        let found: Vec<(&u64, &Value)> = of.iter().filter(|(id, p)| holds(**id, p)).collect();
        let limit = usize::try_from(asked.body["limit"].as_u64().unwrap()).unwrap();
        let start = asked.body["after"].as_str().unwrap_or("0").parse().unwrap();
        let page = found.iter().skip(start).take(limit);
        let results: Vec<Value> = page.map(|(id, p)| record(**id, p, "")).collect();
        let mut answer = json!({ "total": found.len(), "results": results });
        if start + limit < found.len() {
            answer["paging"] = json!({ "next": { "after": (start + limit).to_string() } });
        }
        answer
    }

    fn associated(&self, from: &str, to: &str, asked: &Asked) -> (u16, Value) {
        let mut results = Vec::new();
        let mut errors = Vec::new();
        for input in asked.body["inputs"].as_array().unwrap() {
            let id: u64 = input["id"].as_str().unwrap().parse().unwrap();
            let start: usize = input["after"].as_str().unwrap_or("0").parse().unwrap();
            let key = (from.to_owned(), id, to.to_owned());
            let Some(all) = self.associations.get(&key) else {
                errors.push(json!({
                    "status": "error", "category": "OBJECT_NOT_FOUND",
                    "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
                    "message": "No thing is associated", "context": { "fromObjectId": [id.to_string()] },
                }));
                continue;
            };
            // Pages of two, so that records with more have to be asked about again.
            let page: Vec<Value> = all[start..]
                .iter()
                .take(2)
                .map(|to| json!({
                    "toObjectId": to,
                    "associationTypes": [{ "category": "HUBSPOT_DEFINED", "typeId": 3, "label": null }],
                }))
                .collect();
            let end = start + page.len();
            let mut result = json!({ "from": { "id": id.to_string() }, "to": page });
            if end < all.len() {
                result["paging"] = json!({ "next": { "after": end.to_string() } });
            }
            results.push(result);
        }
        let status = if errors.is_empty() { 200 } else { 207 };
        let body = json!({
            "status": "COMPLETE", "results": results, "numErrors": errors.len(), "errors": errors,
        });
        (status, body)
    }
}

/// When a record changed last: what the test says, or long ago.
pub(crate) fn modified_at(properties: &Value) -> Moment {
    let told = ["hs_lastmodifieddate", "lastmodifieddate"]
        .iter()
        .find_map(|name| properties[*name].as_str());
    told.unwrap_or("2026-10-02T08:00:00Z").parse().unwrap()
}

fn record(id: u64, properties: &Value, history: &str) -> Value {
    let mut record = json!({
        "id": id.to_string(), "archived": false, "createdAt": "2026-01-05T10:00:00.123Z",
        "updatedAt": modified_at(properties), "properties": properties,
    });
    for name in history.split(',').filter(|name| !name.is_empty()) {
        let value = &properties[name];
        if !value.is_null() {
            record["propertiesWithHistory"][name] = json!([
                { "value": value, "timestamp": "2026-11-02T08:00:00Z", "sourceType": "CRM_UI" },
                { "value": "before", "timestamp": "2026-01-05T10:00:00.123Z", "sourceType": "API" },
            ]);
        }
    }
    record
}

fn owners(asked: &Asked) -> Value {
    let archived = asked
        .query
        .get("archived")
        .is_some_and(|archived| archived == "true");
    let owner = |id: u64| {
        json!({
            "id": id.to_string(), "type": "PERSON", "email": format!("{id}@example.test"),
            "firstName": "A", "lastName": "B", "archived": archived,
            "userId": if archived { Value::Null } else { json!(id + 1_000) },
            "teams": [{ "id": "3", "name": "Sales", "primary": true }],
        })
    };
    match (archived, asked.after()) {
        (false, None) => json!({ "results": [owner(1)], "paging": { "next": { "after": "2" } } }),
        (false, Some(_)) => json!({ "results": [owner(2)] }),
        (true, _) => json!({ "results": [owner(9)] }),
    }
}

fn pipelines() -> Value {
    let stage = |id: &str, order: u32, closed: &str, probability: &str| {
        json!({
            "id": id, "label": id, "displayOrder": order, "archived": false,
            "metadata": { "isClosed": closed, "probability": probability },
        })
    };
    json!({ "results": [{
        "id": "default", "label": "Sales", "displayOrder": 0, "archived": false,
        "stages": [stage("open", 0, "false", "0.2"), stage("won", 1, "true", "1.0")],
    }] })
}

/// A clock that a test moves by hand.
#[derive(Clone)]
pub(crate) struct HandClock(Arc<std::sync::atomic::AtomicI64>);

impl HandClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(StoppedClock.now().millis().into()))
    }

    pub(crate) fn advance(&self, minutes: i64) {
        let millis = minutes * 60_000;
        self.0
            .fetch_add(millis, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Moment {
        Moment::from_millis(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

/// A clock that never moves, so that two runs write the same.
pub(crate) struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Moment {
        Moment::from_millis(1_793_606_400_000)
    }
}

/// An empty copy of the portal in a folder of its own.
pub(crate) struct Copy {
    folder: tempfile::TempDir,
    pub(crate) store: PortalStore,
}

impl Copy {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::open(folder.path()).unwrap();
        let store = PortalStore::create(&dir, &testing::vault(1), &info()).unwrap();
        Self { folder, store }
    }

    /// The answer to a question, one text a row.
    pub(crate) fn rows(&self, sql: &str) -> Vec<String> {
        let answer = self.store.read_only_query(sql, 1_000_000).unwrap();
        answer
            .rows
            .iter()
            .map(|row| {
                let cells: Vec<String> = row.iter().map(|cell| format!("{cell:?}")).collect();
                cells.join(" ")
            })
            .collect()
    }

    pub(crate) fn count(&self, sql: &str) -> i64 {
        match self.store.read_only_query(sql, 1).unwrap().rows[0][0] {
            store::Cell::Integer(count) => count,
            ref other => panic!("not a count: {other:?}"),
        }
    }

    /// Everything that was read, row for row; not the history of the runs.
    pub(crate) fn everything(&self) -> Vec<String> {
        const TABLES: &[&str] = &[
            "portal",
            "record",
            "deal",
            "activity",
            "deal_activity",
            "property_version",
            "association",
            "property_definition",
            "pipeline",
            "stage",
            "owner",
            "owner_team",
            "sync_cursor",
            "change_cursor",
            "association_cursor",
            "association_due",
            "met_record",
            "merged_record",
        ];
        TABLES
            .iter()
            .flat_map(|table| {
                let rows = self.rows(&format!("SELECT * FROM {table} ORDER BY 1, 2"));
                let mut rows: Vec<String> = rows
                    .into_iter()
                    .map(|row| format!("{table}: {row}"))
                    .collect();
                rows.sort();
                rows
            })
            .collect()
    }
}

pub(crate) fn info() -> PortalInfo {
    PortalInfo {
        id: PortalId::new(PORTAL),
        name: "Test".to_owned(),
        time_zone: "UTC".to_owned(),
        home_currency: "USD".to_owned(),
        account_type: None,
        ui_domain: None,
        data_hosting: None,
        read_at: Moment::from_millis(0),
    }
}
