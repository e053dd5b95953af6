//! The control address: what tests switch and look at. Nothing here is HubSpot's.
//!
//! `POST faults` · `DELETE faults` · `POST advance` `{"days": n, "seconds": n}` · `GET ledger` ·
//! `GET truth` · `GET counts` · `GET requests` · `POST revoke` · `POST expire` ·
//! `POST oauth` `{"pkce": "enforced|ignored|rejected", "rotates": true, "tokenLength": 4096,
//! "declared": {"required": [], "conditional": [], "optional": []}}` ·
//! `POST limits` (numbers of `pacing::Allowance`, or `{"off": true}`) ·
//! `POST search-lag` `{"seconds": n}` · `POST compulsory` `{"objectType": "deals", "property": "…"}`
//! · `POST bulk-touch` `{"objectType": "contacts"}` · `POST short-pages` `{"on": true}` ·
//! `POST queue` `{"name": "…"}` · `POST association-page` `{"size": n}` · `POST search-body` `{"characters": 3000}` · `GET clock` ·
//! `POST plan` `{"plan": "free|starter|professional|enterprise"}` ·
//! `POST retype` `{"objectType": "deals", "property": "…", "type": "…", "fieldType": "…"}`
//! · `POST hide` `{"objectType": "contacts", "team": "300"}` · `POST show`
//! · `POST label` `{"typeId": 36, "label": "…"}`, which takes the label away where it has no text
//! · `GET scenarios` · `POST scenario` · `DELETE scenarios`, see [`super::scenario`]
//! · and a route for each [`super::changes::Change`], named like it.

use crm::Moment;
use serde_json::{Map, Value, json};

use super::auth::{Declared, Pkce};
use super::changes;
use super::exchange::{Reply, Request};
use super::pacing::Allowance;
use super::refusal::Refusal;
use super::scenario;
use super::simulation::Simulation;
use super::write;
use crate::portal::kind::Kind;
use crate::portal::people::Owner;
use crate::portal::plan::Plan;
use crate::portal::property as p;
use crate::portal::value::DAY;

/// Answers a control call.
pub(crate) fn answer(sim: &mut Simulation, request: &Request, rest: &[&str]) -> Reply {
    let body = request.json().unwrap_or_default();
    let done = |value: Value| Reply::ok(value);
    match (request.method.as_str(), rest) {
        ("POST", ["faults"]) => match serde_json::from_value(body) {
            Ok(fault) => {
                sim.faults.add(fault);
                done(json!({ "on": true }))
            }
            Err(error) => Refusal::invalid(&error.to_string()).reply("control"),
        },
        ("DELETE", ["faults"]) => done(json!({ "off": sim.faults.clear() })),
        ("POST", ["advance"]) => {
            let days = body["days"].as_f64().unwrap_or(0.0);
            let seconds = body["seconds"].as_f64().unwrap_or(0.0);
            done(json!({ "now": advance(sim, days, seconds) }))
        }
        ("GET", ["ledger"]) => done(json!(sim.ledger)),
        ("GET", ["truth"]) => done(sim.world.truth()),
        ("GET", ["counts"]) => done(counts(sim)),
        ("GET", ["requests"]) => done(json!(sim.requests)),
        ("DELETE", ["requests"]) => {
            sim.requests.clear();
            done(json!({}))
        }
        ("POST", ["revoke"]) => done(json!({ "revoked": sim.auth.revoke_all() })),
        ("POST", ["expire"]) => {
            let now = sim.clock.now();
            done(json!({ "expired": sim.auth.expire_all(now) }))
        }
        ("POST", ["oauth"]) => set_oauth(sim, &body),
        ("POST", ["limits"]) => set_limits(sim, &body),
        ("POST", ["search-lag"]) => {
            sim.search_lag = body["seconds"].as_i64().unwrap_or(0) * 1_000;
            done(json!({ "milliseconds": sim.search_lag }))
        }
        ("POST", ["short-pages"]) => {
            sim.short_pages = body["on"].as_bool().unwrap_or(true);
            done(json!({ "on": sim.short_pages }))
        }
        ("POST", ["queue"]) => done(add_queue(sim, &body)),
        ("POST", ["association-page"]) => {
            let size = body["size"]
                .as_u64()
                .and_then(|size| usize::try_from(size).ok());
            sim.quirks.association_page = size.map(|size| size.max(1));
            done(json!({ "size": size }))
        }
        ("POST", ["search-body"]) => {
            let most = body["characters"].as_u64();
            sim.longest_search = most.and_then(|most| usize::try_from(most).ok());
            done(json!({ "characters": sim.longest_search }))
        }
        ("POST", ["plan"]) => set_plan(sim, &body),
        ("POST", ["retype"]) => retype(sim, &body),
        ("POST", ["label"]) => label(sim, &body),
        ("POST", ["hide"]) => hide(sim, &body),
        ("POST", ["show"]) => done(show(sim)),
        ("GET", ["clock"]) => done(json!({ "now": sim.clock.now() })),
        ("POST", ["compulsory"]) => set_compulsory(sim, &body),
        ("POST", ["bulk-touch"]) => bulk_touch(sim, &body),
        ("GET", ["scenarios"]) => done(scenario::list()),
        ("DELETE", ["scenarios"]) => {
            scenario::calm(sim);
            done(json!({}))
        }
        ("POST", ["scenario"]) => scenario::switch_on(sim, body).map_or_else(
            |error| Refusal::invalid(&error.to_string()).reply("control"),
            done,
        ),
        ("POST", [verb]) if changes::VERBS.contains(verb) => {
            let made = changes::read(verb, body).and_then(|change| changes::make(sim, &change));
            made.map_or_else(
                |error| Refusal::invalid(&error.to_string()).reply("control"),
                done,
            )
        }
        _ => Refusal::missing("no such control").reply("control"),
    }
}

/// Moves the clock and lives through the time. Gives the new present.
#[allow(
    clippy::cast_possible_truncation,
    reason = "a test moves by years at most"
)]
pub(crate) fn advance(sim: &mut Simulation, days: f64, seconds: f64) -> Moment {
    let millis = (days * DAY as f64) as i64 + (seconds * 1_000.0) as i64;
    sim.clock.advance(millis);
    let lived = sim.clock.lived();
    sim.world.advance(lived);
    sim.clock.now()
}

/// Live and archived records of each type, and how many properties and owners there are.
pub(crate) fn counts(sim: &Simulation) -> Value {
    let mut shown = Map::new();
    for kind in Kind::ALL {
        let (live, archived) = write::counts(sim, kind);
        let name = if kind.is_custom() {
            kind.type_id()
        } else {
            kind.plural()
        };
        if matches!(kind, Kind::Own(_)) && sim.world.portal.live_custom(kind).is_none() {
            continue;
        }
        shown.insert(
            name.to_owned(),
            json!({ "live": live, "archived": archived }),
        );
    }
    let owners = &sim.world.portal.owners;
    let left = owners.iter().filter(|owner| owner.archived).count();
    shown.insert(
        "owners".to_owned(),
        json!({ "live": owners.len() - left, "archived": left }),
    );
    shown.into()
}

/// A queue among the owners.
fn add_queue(sim: &mut Simulation, body: &Value) -> Value {
    let owners = &mut sim.world.portal.owners;
    let id = owners.iter().map(|owner| owner.id).max().unwrap_or(0) + 1;
    owners.push(Owner {
        id,
        user_id: 0,
        first: body["name"].as_str().unwrap_or("Queue").to_owned(),
        last: String::new(),
        email: String::new(),
        teams: Vec::new(),
        created: sim.clock.now(),
        archived: false,
    });
    json!({ "id": id.to_string() })
}

/// What the account has paid for, with the rate limits that go with it.
fn set_plan(sim: &mut Simulation, body: &Value) -> Reply {
    let Some(plan) = body["plan"].as_str().and_then(Plan::parse) else {
        return Refusal::invalid("plan is free, starter, professional or enterprise")
            .reply("control");
    };
    sim.world.portal.plan = plan;
    if sim.pacer.allowance.is_some() {
        sim.pacer.allowance = Some(Allowance::of(plan));
    }
    Reply::ok(json!({ "plan": plan.word() }))
}

/// What an administrator does to a property: another type, with the values as they are.
fn retype(sim: &mut Simulation, body: &Value) -> Reply {
    let kind = kind_in(sim, body);
    let now = sim.clock.now();
    let portal = &mut sim.world.portal;
    let prop = body["property"]
        .as_str()
        .and_then(|name| portal.names.find(name));
    let (Some(kind), Some(prop), Some(value_type), Some(field_type)) = (
        kind,
        prop,
        body["type"].as_str(),
        body["fieldType"].as_str(),
    ) else {
        return Refusal::invalid("objectType, property, type and fieldType are needed")
            .reply("control");
    };
    let Some(definition) = portal.schema_mut(kind).get_mut(prop) else {
        return Refusal::missing("no such property").reply("control");
    };
    value_type.clone_into(&mut definition.value_type);
    field_type.clone_into(&mut definition.field_type);
    definition.updated = Some(now);
    Reply::ok(json!({ "type": value_type }))
}

/// The token's user may no longer see what a team owns: there is no sign of it anywhere, as of what
/// never was.
fn hide(sim: &mut Simulation, body: &Value) -> Reply {
    let team = body["team"].as_str().and_then(|id| id.parse::<u32>().ok());
    let (Some(kind), Some(team)) = (kind_in(sim, body), team) else {
        return Refusal::invalid("objectType and team are needed").reply("control");
    };
    let portal = &mut sim.world.portal;
    let members = portal.owners.iter();
    let members = members.filter(|owner| owner.teams.iter().any(|of| of.id == team));
    let members: Vec<String> = members.map(|owner| owner.id.to_string()).collect();
    let owned = portal.table(kind).all().iter().filter(|record| {
        let owner = record.value(p::HUBSPOT_OWNER_ID);
        let owner = owner.map(|owner| owner.spell(&portal.strings).into_owned());
        record.archived.is_none() && owner.is_some_and(|owner| members.contains(&owner))
    });
    let ids: Vec<u64> = owned.map(|record| record.id).collect();
    let hidden = ids
        .iter()
        .filter_map(|id| portal.table_mut(kind).purge(*id));
    sim.hidden.extend(hidden.map(|record| (kind, record)));
    Reply::ok(json!({ "hidden": ids.len() }))
}

/// What an administrator does to a label of associations: another text, or none any more. No
/// record's modified date moves for it.
fn label(sim: &mut Simulation, body: &Value) -> Reply {
    let id = body["typeId"]
        .as_u64()
        .and_then(|id| u16::try_from(id).ok());
    let portal = &mut sim.world.portal;
    let done = id.is_some_and(|id| match body["label"].as_str() {
        Some(text) => portal.links.rename_label(id, text, None),
        None => {
            let gone = portal.links.remove_label(id);
            gone.map(|numbers| portal.unlink_everywhere(numbers))
                .is_some()
        }
    });
    if done {
        Reply::ok(json!({ "typeId": id }))
    } else {
        Refusal::missing("no such label").reply("control")
    }
}

/// The right to see it is back.
fn show(sim: &mut Simulation) -> Value {
    let hidden = std::mem::take(&mut sim.hidden);
    let shown = hidden.len();
    for (kind, record) in hidden {
        sim.world.portal.table_mut(kind).insert(record);
    }
    json!({ "shown": shown })
}

fn set_oauth(sim: &mut Simulation, body: &Value) -> Reply {
    let pkce = match body["pkce"].as_str() {
        None => sim.auth.pkce,
        Some("enforced") => Pkce::Enforced,
        Some("ignored") => Pkce::Ignored,
        Some("rejected") => Pkce::Rejected,
        Some(_) => {
            return Refusal::invalid("pkce is enforced, ignored or rejected").reply("control");
        }
    };
    if let Some(length) = body["tokenLength"].as_u64() {
        sim.auth.token_length = usize::try_from(length).unwrap_or(0);
    }
    if body["declared"].is_object() {
        let set = |key: &str| {
            let listed = body["declared"][key].as_array().into_iter().flatten();
            listed
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        };
        sim.auth.declared = Some(Declared {
            required: set("required"),
            conditional: set("conditional"),
            optional: set("optional"),
        });
    }
    sim.auth.pkce = pkce;
    sim.auth.rotates = body["rotates"].as_bool().unwrap_or(sim.auth.rotates);
    Reply::ok(json!({ "rotates": sim.auth.rotates }))
}

fn set_limits(sim: &mut Simulation, body: &Value) -> Reply {
    if body["off"] == true {
        sim.pacer.allowance = None;
        return Reply::ok(json!({ "off": true }));
    }
    let usual = sim.pacer.allowance.unwrap_or(Allowance::REAL);
    let number = |key: &str, usual: usize| {
        body[key]
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
            .unwrap_or(usual)
    };
    let allowance = Allowance {
        oauth: number("oauth", usual.oauth),
        fixed: number("fixed", usual.fixed),
        search: number("search", usual.search),
        associations: number("associations", usual.associations),
        daily: number("daily", usual.daily),
    };
    sim.pacer.allowance = Some(allowance);
    Reply::ok(json!(allowance))
}

fn kind_in(sim: &Simulation, body: &Value) -> Option<Kind> {
    body["objectType"]
        .as_str()
        .and_then(|name| sim.world.portal.kind(name))
}

fn set_compulsory(sim: &mut Simulation, body: &Value) -> Reply {
    let prop = body["property"]
        .as_str()
        .and_then(|name| sim.world.portal.names.find(name));
    match (kind_in(sim, body), prop) {
        (Some(kind), Some(prop)) => {
            sim.compulsory.push((kind, prop));
            Reply::ok(json!({ "compulsory": sim.compulsory.len() }))
        }
        _ => Refusal::invalid("objectType and property are needed").reply("control"),
    }
}

/// What HubSpot's own bulk jobs do: every record of a type gets the same modified date, to the
/// millisecond. Clients that page by that date alone never get past it.
fn bulk_touch(sim: &mut Simulation, body: &Value) -> Reply {
    let Some(kind) = kind_in(sim, body) else {
        return Refusal::invalid("objectType is needed").reply("control");
    };
    let now = sim.clock.now();
    let ids: Vec<u64> = sim
        .world
        .portal
        .table(kind)
        .all()
        .iter()
        .map(|record| record.id)
        .collect();
    for id in &ids {
        if let Some(record) = sim.world.portal.table_mut(kind).get_mut(*id) {
            record.modified = now;
        }
    }
    Reply::ok(json!({ "touched": ids.len(), "at": now }))
}
