//! Property groups.

use serde_json::{Value, json};

use super::definitions::note;
use super::exchange::{Reply, Request};
use super::refusal::{Answer, Refusal};
use super::simulation::Simulation;
use crate::portal::definition::Group;
use crate::portal::kind::Kind;

/// Answers a call below `/crm/properties/…/{type}/groups`.
pub(crate) fn answer(sim: &mut Simulation, request: &Request, kind: Kind, rest: &[&str]) -> Answer {
    match (request.method.as_str(), rest) {
        ("GET", []) => Ok(groups(sim, kind)),
        ("POST", []) => create_group(sim, request, kind),
        ("GET", [name]) => group(sim, kind, name),
        ("PATCH", [name]) => change_group(sim, request, kind, name),
        ("DELETE", [name]) => archive_group(sim, kind, name),
        _ => Err(Refusal::method()),
    }
}

fn show_group(group: &Group) -> Value {
    json!({
        "name": group.name,
        "label": group.label,
        "displayOrder": group.display_order,
        "archived": group.archived.is_some(),
    })
}

fn groups(sim: &Simulation, kind: Kind) -> Reply {
    let groups = &sim.world.portal.schema(kind).groups;
    let results: Vec<Value> = groups
        .iter()
        .filter(|group| group.archived.is_none())
        .map(show_group)
        .collect();
    Reply::ok(json!({ "results": results }))
}

fn live_group<'a>(
    sim: &'a mut Simulation,
    kind: Kind,
    name: &str,
) -> Result<&'a mut Group, Refusal> {
    let groups = &mut sim.world.portal.schema_mut(kind).groups;
    groups
        .iter_mut()
        .find(|group| group.name == name && group.archived.is_none())
        .ok_or_else(|| Refusal::missing(&format!("Property group {name} does not exist")))
}

fn group(sim: &mut Simulation, kind: Kind, name: &str) -> Answer {
    live_group(sim, kind, name).map(|group| Reply::ok(show_group(group)))
}

fn create_group(sim: &mut Simulation, request: &Request, kind: Kind) -> Answer {
    let body = request.body()?;
    let (Some(name), Some(label)) = (body["name"].as_str(), body["label"].as_str()) else {
        return Err(Refusal::invalid(
            "Some required fields were not set: name, label",
        ));
    };
    if live_group(sim, kind, name).is_ok() {
        return Err(Refusal::conflict(&format!(
            "Property group named \"{name}\" already exists."
        )));
    }
    sim.world.portal.schema_mut(kind).add_group(name, label);
    note(sim, "create group", kind, name);
    let group = live_group(sim, kind, name)?;
    group.display_order = body["displayOrder"].as_i64().unwrap_or(-1);
    Ok(Reply::json(201, show_group(group)))
}

fn change_group(sim: &mut Simulation, request: &Request, kind: Kind, name: &str) -> Answer {
    let body = request.body()?;
    let group = live_group(sim, kind, name)?;
    if let Some(label) = body["label"].as_str() {
        label.clone_into(&mut group.label);
    }
    Ok(Reply::ok(show_group(group)))
}

fn archive_group(sim: &mut Simulation, kind: Kind, name: &str) -> Answer {
    let now = sim.clock.now();
    live_group(sim, kind, name)?.archived = Some(now);
    note(sim, "archive group", kind, name);
    Ok(Reply::none())
}
