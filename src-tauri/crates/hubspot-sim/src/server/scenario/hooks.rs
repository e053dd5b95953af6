//! What scenarios do to a call before and after it is answered.

use serde_json::{Value, json};

use super::super::changes::{self, Change};
use super::super::exchange::{Payload, Reply, Request};
use super::super::route::{Area, Route};
use super::super::simulation::Simulation;
use crate::portal::kind::Kind;
use crate::portal::value::spell_moment;

/// What a page for people says when HubSpot's front refuses to go on.
pub(super) const PAGE: &str = "<!DOCTYPE html><html><head><title>hubapi.com | Web server is \
    returning an unknown error</title></head><body><h1>Error</h1></body></html>";

/// The properties that carry the modified date.
const MODIFIED: [&str; 2] = ["hs_lastmodifieddate", "lastmodifieddate"];

/// Counts a call, lets the portal live, and answers instead of the API where a scenario says so.
pub(crate) fn before(sim: &mut Simulation, request: &Request, route: &Route<'_>) -> Option<Reply> {
    if matches!(route.area, Area::OAuth | Area::PrivateApps) {
        return None;
    }
    sim.quirks.calls += 1;
    let calls = sim.quirks.calls;
    if sim.quirks.expire_at_call.is_some_and(|at| calls > at) {
        sim.quirks.expire_at_call = None;
        let now = sim.clock.now();
        sim.auth.expire_all(now);
    }
    if let Some((kind, every)) = sim.quirks.busy
        && calls.is_multiple_of(every.max(1))
    {
        bustle(sim, kind, calls / every.max(1));
    }
    if sim.quirks.bad_token_page {
        let known = request
            .bearer
            .as_deref()
            .and_then(|token| sim.auth.grant(token));
        if known.is_none() {
            return Some(Reply::page(530, PAGE.to_owned()));
        }
    }
    if sim.quirks.epoch_fails && is_search(route) && begins_at_epoch(request) {
        let body = json!({ "status": "error", "message": "internal error" });
        return Some(Reply::json(500, body));
    }
    None
}

/// Spoils an answer where a scenario says so.
pub(crate) fn after(sim: &mut Simulation, request: &Request, route: &Route<'_>, reply: &mut Reply) {
    let Payload::Json(body) = &mut reply.payload else {
        return;
    };
    if reply.status >= 300 {
        return;
    }
    if sim.quirks.edits_in_flight > 0 && is_search(route) && has_end(request) {
        edit_in_flight(sim, route, body);
    }
    if sim.quirks.repeated_cursors > 0 && repeat_cursor(request, body) {
        sim.quirks.repeated_cursors -= 1;
    }
    if sim.quirks.record_ids_as_numbers && route.area == Area::Objects {
        number(&mut body["id"]);
        each(body, "results", |record| number(&mut record["id"]));
    }
    if sim.quirks.association_ids_as_numbers {
        each(body, "results", |result| {
            number(&mut result["toObjectId"]);
            each(result, "to", |link| number(&mut link["toObjectId"]));
        });
    }
    if request.method == "GET" && route.area == Area::Objects && route.rest.len() == 1 {
        edit_after_list(sim, route, body);
    }
    // Looking for a key that is not there left a null behind.
    drop_nulls(body);
}

fn is_search(route: &Route<'_>) -> bool {
    route.area == Area::Objects && matches!(route.rest.as_slice(), [_, "search"])
}

fn each(body: &mut Value, key: &str, mut act: impl FnMut(&mut Value)) {
    if let Some(items) = body.get_mut(key).and_then(Value::as_array_mut) {
        items.iter_mut().for_each(&mut act);
    }
}

fn number(id: &mut Value) {
    if let Some(found) = id.as_str().and_then(|text| text.parse::<u64>().ok()) {
        *id = json!(found);
    }
}

fn drop_nulls(body: &mut Value) {
    let tidy = |value: &mut Value| {
        if let Some(fields) = value.as_object_mut() {
            for key in ["id", "toObjectId"] {
                if fields.get(key).is_some_and(Value::is_null) {
                    fields.remove(key);
                }
            }
        }
    };
    tidy(body);
    each(body, "results", |result| {
        tidy(result);
        each(result, "to", tidy);
    });
}

/// Every filter of a search, as `(property, operator, value)`.
fn filters(request: &Request) -> Vec<(String, String, String)> {
    let body = request.json().unwrap_or_default();
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let groups = body["filterGroups"].as_array().into_iter().flatten();
    groups
        .flat_map(|group| group["filters"].as_array().into_iter().flatten())
        .map(|filter| {
            (
                text(&filter["propertyName"]),
                text(&filter["operator"]),
                text(&filter["value"]),
            )
        })
        .collect()
}

fn begins_at_epoch(request: &Request) -> bool {
    filters(request).iter().any(|(name, operator, value)| {
        let begins = matches!(operator.as_str(), "GT" | "GTE" | "BETWEEN");
        let epoch = value == "0" || value.starts_with("1970-01-01");
        MODIFIED.contains(&name.as_str()) && begins && epoch
    })
}

fn has_end(request: &Request) -> bool {
    filters(request).iter().any(|(name, operator, _)| {
        let ends = matches!(operator.as_str(), "LT" | "LTE" | "BETWEEN");
        MODIFIED.contains(&name.as_str()) && ends
    })
}

fn kind_of(sim: &Simulation, route: &Route<'_>) -> Option<Kind> {
    sim.world.portal.kind(route.rest.first()?)
}

/// The first row was edited between the index and the answer: it is newer than the window.
fn edit_in_flight(sim: &mut Simulation, route: &Route<'_>, body: &mut Value) {
    let Some(kind) = kind_of(sim, route) else {
        return;
    };
    let Some(row) = body["results"].get_mut(0) else {
        return;
    };
    let Some(id) = row["id"].as_str().map(str::to_owned) else {
        return;
    };
    let touch = Change::Touch {
        object_type: kind.type_id().to_owned(),
        id,
    };
    if changes::make(sim, &touch).is_err() {
        return;
    }
    sim.quirks.edits_in_flight -= 1;
    let now = spell_moment(sim.clock.now());
    row["updatedAt"] = json!(now);
    for name in MODIFIED {
        if row["properties"][name].is_string() {
            row["properties"][name] = json!(now);
        }
    }
    if let Some(properties) = row["properties"].as_object_mut() {
        properties.retain(|name, value| !(MODIFIED.contains(&name.as_str()) && value.is_null()));
    }
}

/// Points a page's cursor back at the page. Says whether there was one: the first page of a run
/// has no cursor of its own to repeat.
fn repeat_cursor(request: &Request, body: &mut Value) -> bool {
    let sent = request.json().unwrap_or_default();
    let own = request
        .parameter("after")
        .map(str::to_owned)
        .or_else(|| sent["after"].as_str().map(str::to_owned))
        .filter(|after| !after.is_empty());
    let next = |value: &mut Value, after: &str| {
        let cursor = value.pointer_mut("/paging/next/after");
        cursor.is_some_and(|cursor| {
            *cursor = json!(after);
            true
        })
    };
    if let Some(own) = own {
        return next(body, &own);
    }
    let mut repeated = false;
    for input in sent["inputs"].as_array().into_iter().flatten() {
        if let Some(own) = input["after"].as_str() {
            each(body, "results", |result| {
                if result["from"]["id"] == input["id"] {
                    repeated |= next(result, own);
                }
            });
        }
    }
    repeated
}

/// A property of the type that people write by hand.
pub(super) fn handwritten(kind: Kind) -> &'static str {
    match kind {
        Kind::Contacts => "jobtitle",
        Kind::Companies | Kind::LineItems | Kind::Products => "name",
        Kind::Deals => "dealname",
        Kind::Calls => "hs_call_title",
        Kind::Emails => "hs_email_subject",
        Kind::Meetings => "hs_meeting_title",
        Kind::Notes => "hs_note_body",
        Kind::Tasks => "hs_task_subject",
        Kind::Machines => "model",
        Kind::Tickets => "subject",
        Kind::Leads => "hs_lead_name",
        _ => "hs_title",
    }
}

fn edit(kind: Kind, id: String, turn: u64) -> Change {
    Change::SetProperty {
        object_type: kind.type_id().to_owned(),
        id,
        property: handwritten(kind).to_owned(),
        value: format!("Edited {turn}"),
        quiet: false,
    }
}

/// One record is edited and one archived right after both were listed.
fn edit_after_list(sim: &mut Simulation, route: &Route<'_>, body: &Value) {
    let Some((wanted, left)) = sim.quirks.edits_after_list else {
        return;
    };
    let listed = body["results"].as_array().map_or(&[][..], Vec::as_slice);
    let id = |record: &Value| record["id"].as_str().map(str::to_owned);
    let (Some(first), Some(last)) = (listed.first().and_then(id), listed.last().and_then(id))
    else {
        return;
    };
    if kind_of(sim, route) != Some(wanted) || left == 0 || listed.len() < 2 {
        return;
    }
    sim.quirks.edits_after_list = Some((wanted, left - 1));
    let archive = Change::Archive {
        object_type: wanted.type_id().to_owned(),
        id: last,
    };
    for change in [edit(wanted, first, left), archive] {
        // A record that is archived already stays so.
        let _ = changes::make(sim, &change);
    }
}

/// Somebody works in the portal: makes a record, edits one, archives one, in turn.
fn bustle(sim: &mut Simulation, kind: Kind, turn: u64) {
    let live: Vec<u64> = {
        let all = sim.world.portal.table(kind).all().iter();
        let live = all.filter(|record| record.archived.is_none());
        live.map(|record| record.id).collect()
    };
    // A walk over the ids in steps of a prime meets early and late ones.
    let count = u64::try_from(live.len()).unwrap_or(0);
    let place = turn.wrapping_mul(7_919) % count.max(1);
    let chosen = usize::try_from(place)
        .ok()
        .and_then(|place| live.get(place));
    let change = match (turn % 3, chosen) {
        (1, Some(id)) => edit(kind, id.to_string(), turn),
        (2, Some(id)) => Change::Archive {
            object_type: kind.type_id().to_owned(),
            id: id.to_string(),
        },
        _ => {
            let value = json!({ handwritten(kind): format!("Made {turn}") });
            Change::Create {
                object_type: kind.type_id().to_owned(),
                properties: value.as_object().cloned().unwrap_or_default(),
            }
        }
    };
    // Nobody waits for the outcome.
    let _ = changes::make(sim, &change);
}
