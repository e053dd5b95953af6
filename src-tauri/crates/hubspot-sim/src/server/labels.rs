//! Labels of associations, and how many associations a record may have (HubSpot's guide to
//! associations).

use serde_json::{Value, json};

use super::auth::Grant;
use super::definitions::schema_scopes;
use super::exchange::{Reply, Request};
use super::refusal::{Answer, Refusal};
use super::simulation::Simulation;
use crate::portal::kind::Kind;
use crate::portal::links::{LabelRefused, LinkType};

/// Answers a call below `/crm/associations/…/{from}/{to}/labels`.
pub(crate) fn answer(
    sim: &mut Simulation,
    request: &Request,
    (from, to): (Kind, Kind),
    rest: &[&str],
    grant: &Grant,
) -> Answer {
    if request.method != "GET" {
        // Reading both sides is what the caller has checked already.
        grant.require(&[schema_scopes(from).1, schema_scopes(to).1])?;
    }
    match (request.method.as_str(), rest) {
        ("GET", []) => Ok(list(sim, from, to)),
        ("POST", []) => create(sim, request, from, to),
        ("PUT", []) => rename(sim, request),
        ("DELETE", [id]) => remove(sim, id),
        _ => Err(Refusal::method()),
    }
}

/// A type as lists of labels show it.
pub(crate) fn show(link: &LinkType) -> Value {
    json!({ "category": link.category(), "typeId": link.id, "label": link.label })
}

fn list(sim: &Simulation, from: Kind, to: Kind) -> Reply {
    let types = sim.world.portal.links.types(from, to);
    let results: Vec<Value> = types.iter().map(show).collect();
    Reply::ok(json!({ "results": results }))
}

fn create(sim: &mut Simulation, request: &Request, from: Kind, to: Kind) -> Answer {
    let body = request.body()?;
    let (Some(name), Some(label)) = (body["name"].as_str(), body["label"].as_str()) else {
        return Err(Refusal::invalid(
            "Some required fields were not set: [name, label]",
        ));
    };
    let links = &mut sim.world.portal.links;
    let made = links.add_label((from, to), name, label, body["inverseLabel"].as_str());
    let link = made.map_err(|refused| match refused {
        LabelRefused::TooMany => {
            Refusal::invalid("The pair of object types has its most labels, 10.")
        }
        LabelRefused::Taken => {
            Refusal::conflict(&format!("A label named \"{name}\" already exists."))
        }
    })?;
    // A label without an inverse is one type; otherwise both directions come back.
    let mut results = vec![show(&link)];
    if link.id != link.reverse {
        results.push(show(&link.backward()));
    }
    Ok(Reply::ok(json!({ "results": results })))
}

fn rename(sim: &mut Simulation, request: &Request) -> Answer {
    let body = request.body()?;
    let id = body["associationTypeId"]
        .as_u64()
        .and_then(|id| u16::try_from(id).ok());
    let (Some(id), Some(label)) = (id, body["label"].as_str()) else {
        return Err(Refusal::invalid(
            "Some required fields were not set: [associationTypeId, label]",
        ));
    };
    let links = &mut sim.world.portal.links;
    if links.rename_label(id, label, body["inverseLabel"].as_str()) {
        Ok(Reply::none())
    } else {
        Err(Refusal::missing("Association label not found"))
    }
}

/// Takes the label off every pair of records that has it.
fn remove(sim: &mut Simulation, id: &str) -> Answer {
    let removed = id
        .parse()
        .ok()
        .and_then(|id| sim.world.portal.links.remove_label(id));
    let numbers = removed.ok_or_else(|| Refusal::missing("Association label not found"))?;
    sim.world.portal.unlink_everywhere(numbers);
    Ok(Reply::none())
}
