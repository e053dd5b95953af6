//! Associations as they are read: batches with per-record paging, and those of one record
//! (HubSpot's guide to associations). Writing them is next door.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::auth::Grant;
use super::exchange::{Reply, Request};
use super::objects::{kind_of, limit, read_scopes, write_scopes};
use super::refusal::{Answer, Refusal};
use super::route::{Route, Version};
use super::simulation::Simulation;
use super::{labels, link_limits, linking};
use crate::portal::kind::Kind;
use crate::portal::links::LinkType;
use crate::portal::value::spell_moment;

/// Records in a batch read.
const BATCH_READ: usize = 1_000;
/// Associated records shown at once for one record of a batch, unless a test wants fewer.
pub(crate) const PAGE_IN_BATCH: usize = 100;
/// Associated records shown at once for a single record.
const PAGE: usize = 500;

/// Answers a call below `/crm/associations`.
pub(crate) fn answer(
    sim: &mut Simulation,
    request: &Request,
    route: &Route<'_>,
    grant: &Grant,
) -> Answer {
    let rest = route.rest.as_slice();
    if let ["definitions", "configurations", rest @ ..] = rest {
        return link_limits::answer(sim, request, rest, grant);
    }
    if let ["usage", "high-usage-report", user] = rest {
        return link_limits::report(sim, request, user, grant);
    }
    let [from, to, rest @ ..] = rest else {
        return Err(Refusal::missing("resource not found"));
    };
    let (from, to) = (kind_of(sim, from)?, kind_of(sim, to)?);
    grant.require(read_scopes(from))?;
    grant.require(read_scopes(to))?;
    match (request.method.as_str(), rest) {
        ("POST", ["batch", "read"]) => batch_read(sim, request, from, to, route.version),
        (_, ["labels", rest @ ..]) => labels::answer(sim, request, (from, to), rest, grant),
        ("GET", ["types"]) => labels::answer(sim, request, (from, to), &[], grant),
        ("POST", ["batch", rest @ ..]) => {
            grant.require(write_scopes(from))?;
            linking::batch(sim, request, (from, to), rest, route.version)
        }
        _ => Err(Refusal::missing("resource not found")),
    }
}

/// One record's associated records in ascending order of id, each with all its types.
fn linked(sim: &Simulation, from: Kind, id: &str, to: Kind) -> BTreeMap<u64, Vec<LinkType>> {
    let portal = &sim.world.portal;
    let mut found: BTreeMap<u64, Vec<LinkType>> = BTreeMap::new();
    let record = id.parse().ok().and_then(|id| portal.resolve(from, id));
    let links = record
        .filter(|record| record.archived.is_none())
        .map(|record| &record.links);
    for link in links.into_iter().flatten().filter(|link| link.kind == to) {
        let live = portal
            .table(to)
            .get(link.to)
            .is_some_and(|other| other.archived.is_none());
        if live && let Some(link_type) = portal.links.find(from, to, link.type_id) {
            found.entry(link.to).or_default().push(link_type);
        }
    }
    found
}

/// A number in the old versions, a text in the dated ones (HubSpot's two specifications of the call).
pub(crate) fn spell_id(id: u64, version: Version) -> Value {
    if version >= Version::March {
        json!(id.to_string())
    } else {
        json!(id)
    }
}

fn batch_read(
    sim: &Simulation,
    request: &Request,
    from: Kind,
    to: Kind,
    version: Version,
) -> Answer {
    let body = request.body()?;
    let inputs = body["inputs"].as_array().cloned().unwrap_or_default();
    if inputs.len() > BATCH_READ {
        return Err(Refusal::invalid(&format!(
            "A batch may have at most {BATCH_READ} inputs"
        )));
    }
    let page_size = sim.page_of(sim.quirks.association_page.unwrap_or(PAGE_IN_BATCH));
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in &inputs {
        let id = match &input["id"] {
            Value::String(id) => id.clone(),
            other => other.to_string(),
        };
        // The oldest version of the call has the parameter and takes no notice of it
        // (hubspot-api-python issue 135).
        let after = input["after"]
            .as_str()
            .filter(|_| version != Version::V3)
            .and_then(|after| after.parse::<u64>().ok())
            .unwrap_or(0);
        let all = linked(sim, from, &id, to);
        if all.is_empty() {
            errors.push(json!({
                "status": "error",
                "category": "OBJECT_NOT_FOUND",
                "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
                "message": format!("No {} is associated with {} {id}.", to.singular(), from.singular()),
                "context": { "fromObjectId": [id], "fromObjectType": [from.singular()] },
            }));
            continue;
        }
        let page: Vec<Value> = all
            .range(after..)
            .take(page_size)
            .map(|(other, types)| shown_link(*other, types, from, to, version))
            .collect();
        let mut result = json!({ "from": { "id": id }, "to": page });
        if let Some((next, _)) = all.range(after..).nth(page_size) {
            let link = format!(
                "https://api.hubapi.com/crm/v4/objects/{}/{id}/associations/{}?after={next}",
                from.plural(),
                to.plural()
            );
            result["paging"] = json!({ "next": { "after": next.to_string(), "link": link } });
        }
        results.push(result);
    }
    let at = spell_moment(sim.clock.now());
    let mut answer = json!({
        "status": "COMPLETE",
        "results": results,
        "startedAt": at,
        "completedAt": at,
    });
    if errors.is_empty() {
        return Ok(Reply::ok(answer));
    }
    // A record without associations is an error entry, not an empty list.
    answer["numErrors"] = json!(errors.len());
    answer["errors"] = errors.into();
    Ok(Reply::json(207, answer))
}

/// An association as lists show it. The dated versions say which side is which.
fn shown_link(other: u64, types: &[LinkType], from: Kind, to: Kind, version: Version) -> Value {
    if version == Version::V3 {
        return json!({
            "id": other.to_string(),
            "type": format!("{}_to_{}", from.singular(), to.singular()),
        });
    }
    let types: Vec<Value> = types
        .iter()
        .map(|link| {
            let mut shown = labels::show(link);
            if version >= Version::March {
                shown["fromObjectTypeId"] = json!(from.type_id());
                shown["toObjectTypeId"] = json!(to.type_id());
            }
            shown
        })
        .collect();
    json!({ "toObjectId": spell_id(other, version), "associationTypes": types })
}

/// Calls below `/crm/objects/…/{id}/associations`.
pub(crate) fn of_one(
    sim: &mut Simulation,
    request: &Request,
    grant: &Grant,
    (from, id): (Kind, &str),
    rest: &[&str],
    version: Version,
) -> Answer {
    let to = match rest {
        ["default", to, ..] | [to, ..] => kind_of(sim, to)?,
        [] => return Err(Refusal::missing("resource not found")),
    };
    match (request.method.as_str(), rest) {
        ("GET", [_]) => {
            grant.require(read_scopes(from))?;
            grant.require(read_scopes(to))?;
            list(sim, request, (from, id), to, version)
        }
        ("PUT" | "DELETE", [_, rest @ ..]) => {
            grant.require(write_scopes(from))?;
            linking::single(sim, request, (from, id), to, rest)
        }
        _ => Err(Refusal::method()),
    }
}

fn list(
    sim: &Simulation,
    request: &Request,
    (from, id): (Kind, &str),
    to: Kind,
    version: Version,
) -> Answer {
    let limit = sim.page_of(limit(request, PAGE, PAGE)?);
    let after = request
        .parameter("after")
        .and_then(|after| after.parse().ok())
        .unwrap_or(0);
    let number = id.parse().unwrap_or(0);
    if sim.world.portal.resolve(from, number).is_none() {
        return Err(Refusal::missing("Object not found."));
    }
    let all = linked(sim, from, id, to);
    let results: Vec<Value> = all
        .range(after..)
        .take(limit)
        .map(|(other, types)| shown_link(*other, types, from, to, version))
        .collect();
    let mut page = json!({ "results": results });
    if let Some((next, _)) = all.range(after..).nth(limit) {
        page["paging"] = json!({ "next": { "after": next.to_string() } });
    }
    Ok(Reply::ok(page))
}
