//! Associations: batch read with per-record paging, labels, and those of one record
//! (HubSpot's guide to associations).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::auth::Grant;
use super::exchange::{Reply, Request};
use super::labels;
use super::objects::{kind_of, limit, read_scopes, write_scopes};
use super::refusal::{Answer, Refusal};
use super::route::{Route, Version};
use super::simulation::{Simulation, Written};
use crate::portal::kind::Kind;
use crate::portal::links::LinkType;
use crate::portal::value::spell_moment;

/// Records in a batch read.
const BATCH_READ: usize = 1_000;
/// Pairs in a batch of new associations.
const BATCH_CREATE: usize = 2_000;
/// Associated records shown at once for one record of a batch.
const PAGE_IN_BATCH: usize = 100;
/// Associated records shown at once for a single record.
const PAGE: usize = 500;

/// Answers a call below `/crm/associations`.
pub(crate) fn answer(
    sim: &mut Simulation,
    request: &Request,
    route: &Route<'_>,
    grant: &Grant,
) -> Answer {
    let [from, to, rest @ ..] = route.rest.as_slice() else {
        return Err(Refusal::missing("resource not found"));
    };
    let (from, to) = (kind_of(sim, from)?, kind_of(sim, to)?);
    grant.require(read_scopes(from))?;
    grant.require(read_scopes(to))?;
    match (request.method.as_str(), rest) {
        ("POST", ["batch", "read"]) => batch_read(sim, request, from, to, route.version),
        (_, ["labels", rest @ ..]) => labels::answer(sim, request, (from, to), rest, grant),
        ("GET", ["types"]) => labels::answer(sim, request, (from, to), &[], grant),
        ("POST", ["batch", "create"]) => {
            grant.require(write_scopes(from))?;
            batch_create(sim, request, from, to, route.version)
        }
        ("POST", ["batch", "associate", "default"]) => {
            grant.require(write_scopes(from))?;
            batch_create(sim, request, from, to, route.version)
        }
        ("POST", ["batch", "archive"]) => {
            grant.require(write_scopes(from))?;
            batch_archive(sim, request, from, to)
        }
        _ => Err(Refusal::missing("resource not found")),
    }
}

/// One record's associated records in ascending order of id, each with all its types.
fn linked(sim: &Simulation, from: Kind, id: &str, to: Kind) -> BTreeMap<u64, Vec<LinkType>> {
    let portal = &sim.world.portal;
    let mut found: BTreeMap<u64, Vec<LinkType>> = BTreeMap::new();
    let record = id.parse().ok().and_then(|id| portal.table(from).get(id));
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
fn spell_id(id: u64, version: Version) -> Value {
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
    let body = request
        .json()
        .ok_or_else(|| Refusal::invalid("Invalid input JSON"))?;
    let inputs = body["inputs"].as_array().cloned().unwrap_or_default();
    if inputs.len() > BATCH_READ {
        return Err(Refusal::invalid(&format!(
            "A batch may have at most {BATCH_READ} inputs"
        )));
    }
    let most = sim.quirks.association_page.unwrap_or(PAGE_IN_BATCH);
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in &inputs {
        let id = match &input["id"] {
            Value::String(id) => id.clone(),
            other => other.to_string(),
        };
        let after = input["after"]
            .as_str()
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
            .take(most)
            .map(|(other, types)| shown_link(*other, types, from, to, version))
            .collect();
        let mut result = json!({ "from": { "id": id }, "to": page });
        if let Some((next, _)) = all.range(after..).nth(most) {
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

fn shown_link(other: u64, types: &[LinkType], from: Kind, to: Kind, version: Version) -> Value {
    if version == Version::V3 {
        return json!({
            "id": other.to_string(),
            "type": format!("{}_to_{}", from.singular(), to.singular()),
        });
    }
    let types: Vec<Value> = types.iter().map(labels::show).collect();
    json!({ "toObjectId": spell_id(other, version), "associationTypes": types })
}

/// Calls below `/crm/objects/…/{id}/associations`.
pub(crate) fn of_one(
    sim: &mut Simulation,
    request: &Request,
    grant: &Grant,
    (from, id): (Kind, &str),
    rest: &[&str],
) -> Answer {
    match (request.method.as_str(), rest) {
        ("GET", [to]) => {
            let to = kind_of(sim, to)?;
            grant.require(read_scopes(from))?;
            grant.require(read_scopes(to))?;
            list(sim, request, (from, id), to)
        }
        ("PUT", ["default", to, other]) => {
            let to = kind_of(sim, to)?;
            grant.require(write_scopes(from))?;
            let link = sim
                .world
                .portal
                .links
                .default_type(from, to)
                .ok_or_else(|| Refusal::invalid("No such association."))?;
            connect(sim, &link, id, other)?;
            let shown =
                json!({ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": link.id });
            Ok(Reply::ok(json!({
                "status": "COMPLETE",
                "results": [{ "from": { "id": id }, "to": { "id": other }, "associationSpec": shown }],
            })))
        }
        ("PUT", [to, other]) => {
            let to = kind_of(sim, to)?;
            grant.require(write_scopes(from))?;
            let body = request
                .json()
                .ok_or_else(|| Refusal::invalid("Invalid input JSON"))?;
            for spec in body.as_array().into_iter().flatten() {
                let number = spec["associationTypeId"]
                    .as_u64()
                    .and_then(|n| u16::try_from(n).ok());
                let link = sim.world.portal.links.find(from, to, number.unwrap_or(0));
                connect(
                    sim,
                    &link.ok_or_else(|| Refusal::invalid("No such association."))?,
                    id,
                    other,
                )?;
            }
            Ok(Reply::json(
                201,
                json!({
                    "fromObjectTypeId": from.type_id(),
                    "fromObjectId": id,
                    "toObjectTypeId": to.type_id(),
                    "toObjectId": other,
                    "labels": [],
                }),
            ))
        }
        ("DELETE", [to, other]) => {
            let to = kind_of(sim, to)?;
            grant.require(write_scopes(from))?;
            if let (Ok(this), Ok(that)) = (id.parse(), other.parse())
                && sim.world.portal.disconnect((from, this), (to, that))
            {
                note(sim, "disassociate", from, id, to, other);
            }
            Ok(Reply::none())
        }
        _ => Err(Refusal::missing("resource not found")),
    }
}

fn list(sim: &Simulation, request: &Request, (from, id): (Kind, &str), to: Kind) -> Answer {
    let limit = limit(request, PAGE, PAGE)?;
    let after = request
        .parameter("after")
        .and_then(|after| after.parse().ok())
        .unwrap_or(0);
    let all = linked(sim, from, id, to);
    let dated = request.path.contains("/2026-");
    let version = if dated {
        Version::September
    } else {
        Version::V4
    };
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

fn connect(sim: &mut Simulation, link: &LinkType, from: &str, to: &str) -> Result<(), Refusal> {
    let (Ok(this), Ok(that)) = (from.parse::<u64>(), to.parse::<u64>()) else {
        return Err(Refusal::missing("Object not found."));
    };
    let portal = &mut sim.world.portal;
    if portal.table(link.from).get(this).is_none() || portal.table(link.to).get(that).is_none() {
        return Err(Refusal::missing("Object not found."));
    }
    if portal.connect(link, this, that) {
        note(sim, "associate", link.from, from, link.to, to);
    }
    Ok(())
}

fn note(sim: &mut Simulation, call: &'static str, from: Kind, id: &str, to: Kind, other: &str) {
    let at = sim.clock.now();
    sim.record(Written {
        at,
        call,
        object_type: from.plural(),
        id: id.to_owned(),
        property: format!("(association {})", to.plural()),
        old: None,
        new: Some(other.to_owned()),
    });
}

fn pairs(request: &Request) -> Result<Vec<(String, String, Value)>, Refusal> {
    let body = request
        .json()
        .ok_or_else(|| Refusal::invalid("Invalid input JSON"))?;
    let inputs = body["inputs"].as_array().cloned().unwrap_or_default();
    if inputs.len() > BATCH_CREATE {
        return Err(Refusal::invalid(&format!(
            "A batch may have at most {BATCH_CREATE} inputs"
        )));
    }
    let id = |value: &Value| match &value["id"] {
        Value::String(id) => id.clone(),
        other => other.to_string(),
    };
    Ok(inputs
        .iter()
        .flat_map(|input| {
            // Creating names one partner, archiving lists them.
            let partners = match &input["to"] {
                Value::Array(several) => several.clone(),
                one => vec![one.clone()],
            };
            let from = id(&input["from"]);
            let types = input["types"].clone();
            partners
                .into_iter()
                .map(move |to| (from.clone(), id(&to), types.clone()))
        })
        .collect())
}

fn batch_create(
    sim: &mut Simulation,
    request: &Request,
    from: Kind,
    to: Kind,
    version: Version,
) -> Answer {
    let mut results = Vec::new();
    for (this, that, types) in pairs(request)? {
        let numbers: Vec<u16> = types
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|spec| spec["associationTypeId"].as_u64())
            .filter_map(|number| u16::try_from(number).ok())
            .collect();
        let wanted: Vec<LinkType> = if numbers.is_empty() {
            sim.world
                .portal
                .links
                .default_type(from, to)
                .into_iter()
                .collect()
        } else {
            numbers
                .iter()
                .filter_map(|number| sim.world.portal.links.find(from, to, *number))
                .collect()
        };
        if wanted.is_empty() {
            return Err(Refusal::invalid("No such association type."));
        }
        for link in wanted {
            connect(sim, &link, &this, &that)?;
        }
        let ids = (this.parse().unwrap_or(0), that.parse().unwrap_or(0));
        results.push(json!({
            "fromObjectTypeId": from.type_id(),
            "fromObjectId": spell_id(ids.0, version),
            "toObjectTypeId": to.type_id(),
            "toObjectId": spell_id(ids.1, version),
            "labels": [],
            "from": { "id": this },
            "to": { "id": that },
            "type": format!("{}_to_{}", from.singular(), to.singular()),
            "associationSpec": { "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 0 },
        }));
    }
    let at = spell_moment(sim.clock.now());
    Ok(Reply::json(
        201,
        json!({ "status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at }),
    ))
}

fn batch_archive(sim: &mut Simulation, request: &Request, from: Kind, to: Kind) -> Answer {
    for (this, that, _) in pairs(request)? {
        if let (Ok(a), Ok(b)) = (this.parse(), that.parse())
            && sim.world.portal.disconnect((from, a), (to, b))
        {
            note(sim, "disassociate", from, &this, to, &that);
        }
    }
    Ok(Reply::none())
}
