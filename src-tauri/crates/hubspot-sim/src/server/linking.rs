//! Associations as they are made and ended, one by one and in batches.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::associations::spell_id;
use super::exchange::{Payload, Reply, Request};
use super::refusal::{Answer, Refusal};
use super::route::Version;
use super::simulation::{Simulation, Written};
use crate::portal::kind::Kind;
use crate::portal::links::LinkType;
use crate::portal::value::spell_moment;

/// Pairs in a batch of new associations.
const BATCH_CREATE: usize = 2_000;
/// Different records on the near side of a batch that ends associations.
const BATCH_ARCHIVE: usize = 100;

/// Answers a call below `/crm/associations/…/{from}/{to}/batch` that writes.
pub(crate) fn batch(
    sim: &mut Simulation,
    request: &Request,
    (from, to): (Kind, Kind),
    rest: &[&str],
    version: Version,
) -> Answer {
    match rest {
        ["create"] => create(sim, request, (from, to), version),
        ["associate", "default"] => associate_default(sim, request, (from, to)),
        ["archive"] => archive(sim, request, (from, to), version),
        ["labels", "archive"] => archive_labels(sim, request, (from, to), version),
        _ => Err(Refusal::missing("resource not found")),
    }
}

/// Answers `PUT` and `DELETE` below `/crm/objects/…/{id}/associations/{to}`.
pub(crate) fn single(
    sim: &mut Simulation,
    request: &Request,
    (from, id): (Kind, &str),
    to: Kind,
    rest: &[&str],
) -> Answer {
    let links = &sim.world.portal.links;
    let default = links.default_type(from, to);
    let none = || Refusal::invalid("These object types cannot be associated.");
    match (request.method.as_str(), rest) {
        ("PUT", [_, other]) if request.path.contains("/associations/default/") => {
            let link = default.ok_or_else(none)?;
            connect(sim, &link, id, other)?;
            let mut body = finished(sim, &[shown_default(&link, id, other)]);
            body["numErrors"] = json!(0);
            Ok(Reply::ok(body))
        }
        ("PUT", [other]) => {
            let specs = request.body()?;
            let types = types_of(sim, (from, to), &specs)?;
            if types.is_empty() {
                return Err(Refusal::invalid("At least one association type is needed."));
            }
            for link in &types {
                connect(sim, link, id, other)?;
            }
            Ok(Reply::json(
                201,
                shown_labels(&types, (from, to), (id, other), Version::September),
            ))
        }
        // The older spelling names the type at the end of the path.
        ("PUT", [other, name]) => {
            let link = named(sim, (from, to), name).ok_or_else(none)?;
            connect(sim, &link, id, other)?;
            Ok(Reply::ok(json!({ "id": id, "properties": {} })))
        }
        ("DELETE", [other] | [other, _]) => {
            disconnect(sim, (from, id), (to, other));
            Ok(Reply::none())
        }
        _ => Err(Refusal::method()),
    }
}

fn named(sim: &Simulation, (from, to): (Kind, Kind), name: &str) -> Option<LinkType> {
    let links = &sim.world.portal.links;
    match name.parse() {
        Ok(id) => links.find(from, to, id),
        Err(_) => links
            .types(from, to)
            .into_iter()
            .find(|link| link.name.as_deref() == Some(name))
            .or_else(|| links.default_type(from, to)),
    }
}

/// The types that a list of specifications means; all of them must go from one kind to the other.
fn types_of(
    sim: &Simulation,
    (from, to): (Kind, Kind),
    specs: &Value,
) -> Result<Vec<LinkType>, Refusal> {
    let listed = specs.as_array().into_iter().flatten();
    listed
        .map(|spec| {
            let number = spec["associationTypeId"]
                .as_u64()
                .and_then(|number| u16::try_from(number).ok())
                .unwrap_or(0);
            let link = sim.world.portal.links.find(from, to, number);
            let category = spec["associationCategory"].as_str();
            link.filter(|link| category.is_none_or(|word| word == link.category()))
                .ok_or_else(|| {
                    Refusal::invalid(&format!(
                        "No association type {number} goes from {} to {}.",
                        from.type_id(),
                        to.type_id()
                    ))
                })
        })
        .collect()
}

fn shown_default(link: &LinkType, from: &str, to: &str) -> Value {
    json!({
        "from": { "id": from },
        "to": { "id": to },
        "associationSpec": {
            "associationCategory": link.category(),
            "associationTypeId": link.id,
        },
    })
}

fn shown_labels(
    types: &[LinkType],
    (from, to): (Kind, Kind),
    (this, that): (&str, &str),
    version: Version,
) -> Value {
    let labels: Vec<&str> = types
        .iter()
        .filter_map(|link| link.label.as_deref())
        .collect();
    let id = |text: &str| spell_id(text.parse().unwrap_or(0), version);
    json!({
        "fromObjectTypeId": from.type_id(),
        "fromObjectId": id(this),
        "toObjectTypeId": to.type_id(),
        "toObjectId": id(that),
        "labels": labels,
    })
}

/// Associates two records. A label brings the unlabelled type with it, and the new primary company
/// takes the place of the old one.
fn connect(sim: &mut Simulation, link: &LinkType, from: &str, to: &str) -> Result<(), Refusal> {
    let missing = || Refusal::missing("Object not found.");
    let (Ok(this), Ok(that)) = (from.parse::<u64>(), to.parse::<u64>()) else {
        return Err(missing());
    };
    let portal = &mut sim.world.portal;
    let live = |kind: Kind, id: u64| {
        let found = portal.resolve(kind, id);
        found.filter(|one| one.archived.is_none()).map(|one| one.id)
    };
    let (Some(this), Some(that)) = (live(link.from, this), live(link.to, that)) else {
        return Err(missing());
    };
    sim.link_limits.check(portal, link, this, that)?;
    if link.label.as_deref() == Some("Primary") {
        portal.drop_type(link, this);
    }
    if let Some(plain) = portal.links.default_type(link.from, link.to) {
        portal.connect(&plain, this, that);
    }
    portal.connect(link, this, that);
    note(sim, "associate", link.from, from, link.to, to);
    Ok(())
}

fn disconnect(sim: &mut Simulation, (from, this): (Kind, &str), (to, that): (Kind, &str)) {
    if let (Ok(a), Ok(b)) = (this.parse(), that.parse())
        && sim.world.portal.disconnect((from, a), (to, b))
    {
        note(sim, "disassociate", from, this, to, that);
    }
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

/// One pair of a batch with its types.
struct Pair {
    from: String,
    to: String,
    types: Value,
}

fn pairs(request: &Request, most: usize) -> Result<Vec<Pair>, Refusal> {
    let body = request.body()?;
    let inputs = body["inputs"].as_array().cloned().unwrap_or_default();
    if inputs.len() > most {
        return Err(Refusal::invalid(&format!(
            "A batch may have at most {most} inputs"
        )));
    }
    let id = |value: &Value| match &value["id"] {
        Value::String(id) => id.clone(),
        other => other.to_string(),
    };
    let mut found = Vec::new();
    for input in &inputs {
        // Creating names one partner, archiving lists them.
        let partners = match &input["to"] {
            Value::Array(several) => several.clone(),
            one => vec![one.clone()],
        };
        for to in &partners {
            found.push(Pair {
                from: id(&input["from"]),
                to: id(to),
                types: input["types"].clone(),
            });
        }
    }
    Ok(found)
}

fn finished(sim: &Simulation, results: &[Value]) -> Value {
    let at = spell_moment(sim.clock.now());
    json!({ "status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at })
}

/// 200 or 201, or 207 when a pair was refused.
fn mixed(sim: &Simulation, status: u16, results: &[Value], errors: Vec<Value>) -> Reply {
    let mut body = finished(sim, results);
    if errors.is_empty() {
        return Reply::json(status, body);
    }
    body["numErrors"] = json!(errors.len());
    body["errors"] = errors.into();
    Reply::json(207, body)
}

fn entry(refusal: Refusal, pair: &Pair) -> Value {
    let mut entry = refusal.body;
    entry["context"] = json!({ "fromObjectId": [pair.from], "toObjectId": [pair.to] });
    entry
}

fn create(
    sim: &mut Simulation,
    request: &Request,
    (from, to): (Kind, Kind),
    version: Version,
) -> Answer {
    let pairs = pairs(request, BATCH_CREATE)?;
    let default = sim.world.portal.links.default_type(from, to);
    let mut wanted = Vec::new();
    for pair in &pairs {
        // A type that does not exist refuses the batch before anything is written.
        let mut types = types_of(sim, (from, to), &pair.types)?;
        if types.is_empty() {
            // The oldest version has a name where the later ones have types.
            types.extend(default.clone().filter(|_| version == Version::V3));
        }
        if types.is_empty() {
            return Err(Refusal::invalid("At least one association type is needed."));
        }
        wanted.push(types);
    }
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for (pair, types) in pairs.iter().zip(wanted) {
        let done = types
            .iter()
            .try_for_each(|link| connect(sim, link, &pair.from, &pair.to));
        match done {
            Err(refusal) => errors.push(entry(refusal, pair)),
            Ok(()) if version == Version::V3 => results.push(json!({
                "from": { "id": pair.from },
                "to": { "id": pair.to },
                "type": format!("{}_to_{}", from.singular(), to.singular()),
            })),
            Ok(()) => {
                let ids = (pair.from.as_str(), pair.to.as_str());
                results.push(shown_labels(&types, (from, to), ids, version));
            }
        }
    }
    Ok(mixed(sim, 201, &results, errors))
}

fn associate_default(sim: &mut Simulation, request: &Request, (from, to): (Kind, Kind)) -> Answer {
    let link = sim.world.portal.links.default_type(from, to);
    let link = link.ok_or_else(|| Refusal::invalid("These object types cannot be associated."))?;
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for pair in pairs(request, BATCH_CREATE)? {
        match connect(sim, &link, &pair.from, &pair.to) {
            Ok(()) => results.push(shown_default(&link, &pair.from, &pair.to)),
            Err(refusal) => errors.push(entry(refusal, &pair)),
        }
    }
    Ok(mixed(sim, 200, &results, errors))
}

/// At most a hundred different records on the near side.
fn ending(request: &Request) -> Result<Vec<Pair>, Refusal> {
    let pairs = pairs(request, BATCH_CREATE)?;
    let different: BTreeSet<&str> = pairs.iter().map(|pair| pair.from.as_str()).collect();
    if different.len() > BATCH_ARCHIVE {
        return Err(Refusal::invalid(&format!(
            "A batch may end the associations of at most {BATCH_ARCHIVE} records."
        )));
    }
    Ok(pairs)
}

/// The dated versions answer 200 without a body where the older ones answer 204.
fn ended(version: Version) -> Reply {
    let mut reply = Reply::none();
    if version >= Version::March {
        (reply.status, reply.payload) = (200, Payload::Empty);
    }
    reply
}

fn archive(
    sim: &mut Simulation,
    request: &Request,
    (from, to): (Kind, Kind),
    version: Version,
) -> Answer {
    for pair in ending(request)? {
        disconnect(sim, (from, &pair.from), (to, &pair.to));
    }
    Ok(ended(version))
}

fn archive_labels(
    sim: &mut Simulation,
    request: &Request,
    (from, to): (Kind, Kind),
    version: Version,
) -> Answer {
    for pair in ending(request)? {
        for link in types_of(sim, (from, to), &pair.types)? {
            let ids = (pair.from.parse(), pair.to.parse());
            if let (Ok(this), Ok(that)) = ids
                && sim.world.portal.disconnect_type(&link, this, that)
            {
                note(sim, "unlabel", from, &pair.from, to, &pair.to);
            }
        }
    }
    Ok(ended(version))
}
