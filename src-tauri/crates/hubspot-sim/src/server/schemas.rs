//! Custom object types: read, define, change, archive (HubSpot's guide to custom objects).

use serde_json::{Value, json};

use super::auth::Grant;
use super::definitions;
use super::exchange::{Reply, Request};
use super::objects::kind_of;
use super::refusal::{Answer, Refusal};
use super::simulation::Simulation;
use crate::portal::custom::CustomType;
use crate::portal::kind::Kind;
use crate::portal::links::LinkType;
use crate::portal::value::spell_moment;

/// Answers a call below `/crm-object-schemas/…/schemas`.
pub(crate) fn answer(
    sim: &mut Simulation,
    request: &Request,
    rest: &[&str],
    grant: &Grant,
) -> Answer {
    let reading = request.method == "GET" || rest == ["batch", "read"];
    if reading {
        grant.require(&["crm.schemas.custom.read", "crm.objects.custom.read"])?;
    } else {
        grant.require(&["crm.schemas.custom.write"])?;
    }
    if !sim.world.portal.plan.has_custom_objects() {
        return Err(Refusal::plan());
    }
    match (request.method.as_str(), rest) {
        ("GET", []) => Ok(list(sim, request)),
        ("POST", []) => define(sim, request),
        ("POST", ["batch", "read"]) => batch_read(sim, request),
        ("GET", [name]) => custom_kind(sim, name).map(|kind| Reply::ok(show(sim, kind))),
        ("PATCH", [name]) => change(sim, request, name),
        ("DELETE", [name]) => remove(sim, request, name),
        ("POST", [name, "associations"]) => associate(sim, request, name),
        ("DELETE", [name, "associations", id]) => dissociate(sim, name, id),
        _ => Err(Refusal::method()),
    }
}

fn custom_kind(sim: &Simulation, name: &str) -> Result<Kind, Refusal> {
    Some(kind_of(sim, name)?)
        .filter(|kind| kind.is_custom())
        .ok_or_else(|| Refusal::missing("Object type not found"))
}

fn list(sim: &Simulation, request: &Request) -> Reply {
    let archived = request.flag("archived");
    let custom = &sim.world.portal.custom;
    let results: Vec<Value> = custom
        .iter()
        .filter(|(_, custom)| custom.archived.is_some() == archived)
        .map(|(kind, _)| show(sim, *kind))
        .collect();
    Reply::ok(json!({ "results": results }))
}

fn batch_read(sim: &Simulation, request: &Request) -> Answer {
    let body = request.body()?;
    let inputs = body["inputs"].as_array().into_iter().flatten();
    let results: Vec<Value> = inputs
        .filter_map(|input| custom_kind(sim, input["id"].as_str().or(input.as_str())?).ok())
        .map(|kind| show(sim, kind))
        .collect();
    let at = spell_moment(sim.clock.now());
    Ok(Reply::ok(json!({
        "status": "COMPLETE",
        "results": results,
        "startedAt": at,
        "completedAt": at,
    })))
}

fn show(sim: &Simulation, kind: Kind) -> Value {
    let portal = &sim.world.portal;
    let Some(custom) = portal.custom.get(&kind) else {
        return Value::Null;
    };
    let properties: Vec<Value> = portal
        .schema(kind)
        .all()
        .filter(|(_, definition)| definition.archived.is_none())
        .map(|(_, definition)| definitions::show(sim, kind, definition))
        .collect();
    let associations: Vec<Value> = Kind::ALL
        .into_iter()
        .flat_map(|other| portal.links.types(other, kind))
        .chain(
            Kind::ALL
                .into_iter()
                .flat_map(|other| portal.links.types(kind, other)),
        )
        .map(|link| show_association(&link))
        .collect();
    let mut shown = json!({
        "id": kind.type_id().trim_start_matches("2-"),
        "objectTypeId": kind.type_id(),
        "name": custom.name,
        "fullyQualifiedName": format!("p{}_{}", portal.id, custom.name),
        "labels": { "singular": custom.singular, "plural": custom.plural },
        "description": custom.description,
        "primaryDisplayProperty": custom.primary,
        "secondaryDisplayProperties": custom.secondary,
        "requiredProperties": custom.required,
        "searchableProperties": custom.searchable,
        "allowsSensitiveProperties": false,
        "properties": properties,
        "associations": associations,
        "archived": custom.archived.is_some(),
    });
    for (key, at) in [("createdAt", custom.created), ("updatedAt", custom.updated)] {
        if let Some(at) = at {
            shown[key] = json!(spell_moment(at));
        }
    }
    shown
}

fn show_association(link: &LinkType) -> Value {
    json!({
        "id": link.id.to_string(),
        "fromObjectTypeId": link.from.type_id(),
        "toObjectTypeId": link.to.type_id(),
        "name": format!("{}_to_{}", link.from.singular(), link.to.singular()),
        "cardinality": "ONE_TO_MANY",
        "inverseCardinality": "ONE_TO_MANY",
    })
}

fn texts(body: &Value, key: &str) -> Option<Vec<String>> {
    let listed = body[key].as_array()?;
    let texts = listed.iter().filter_map(Value::as_str).map(str::to_owned);
    Some(texts.collect())
}

fn define(sim: &mut Simulation, request: &Request) -> Answer {
    let body = request.body()?;
    let text = |value: &Value| {
        value
            .as_str()
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let labels = &body["labels"];
    let (Some(name), Some(singular), Some(plural)) = (
        text(&body["name"]),
        text(&labels["singular"]),
        text(&labels["plural"]),
    ) else {
        return Err(Refusal::invalid(
            "Some required fields were not set: [name, labels]",
        ));
    };
    let mut properties = body["properties"].as_array().cloned().unwrap_or_default();
    let names: Vec<String> = properties
        .iter()
        .filter_map(|one| text(&one["name"]))
        .collect();
    let primary = text(&body["primaryDisplayProperty"]).or_else(|| names.first().cloned());
    let required = texts(&body, "requiredProperties").unwrap_or_default();
    let secondary = texts(&body, "secondaryDisplayProperties").unwrap_or_default();
    let searchable = texts(&body, "searchableProperties").unwrap_or_default();
    let mut meant = required
        .iter()
        .chain(&secondary)
        .chain(&searchable)
        .chain(&primary);
    if meant.any(|name| !names.contains(name)) {
        return Err(Refusal::invalid(
            "Display, required and searchable properties must be among the properties.",
        ));
    }
    let taken = |custom: &CustomType| custom.name.eq_ignore_ascii_case(&name);
    if sim.world.portal.custom.values().any(taken) {
        return Err(Refusal::conflict(&format!(
            "An object type named \"{name}\" already exists."
        )));
    }
    let partners = texts(&body, "associatedObjects").unwrap_or_default();
    let partners = partners
        .iter()
        .map(|other| kind_of(sim, other))
        .collect::<Result<Vec<Kind>, _>>()?;
    let now = sim.clock.now();
    let group = format!("{name}_information");
    let custom = CustomType {
        singular,
        plural,
        description: text(&body["description"]).unwrap_or_default(),
        primary: primary.unwrap_or_default(),
        secondary,
        required,
        searchable,
        created: Some(now),
        updated: Some(now),
        archived: None,
        name,
    };
    let portal = &mut sim.world.portal;
    let kind = portal
        .define(custom)
        .ok_or_else(|| Refusal::invalid("The account has its most custom object types, 10."))?;
    for other in partners.into_iter().chain(Kind::ACTIVITIES) {
        portal.links.allow(kind, other);
    }
    for property in &mut properties {
        if property["groupName"].is_null() {
            property["groupName"] = json!(group);
        }
        if let Err(refusal) = definitions::create(sim, kind, property) {
            sim.world.portal.custom.remove(&kind);
            return Err(refusal);
        }
    }
    definitions::note(sim, "create schema", kind, kind.type_id());
    Ok(Reply::json(201, show(sim, kind)))
}

fn change(sim: &mut Simulation, request: &Request, name: &str) -> Answer {
    let body = request.body()?;
    let kind = custom_kind(sim, name)?;
    let now = sim.clock.now();
    let named = [
        "requiredProperties",
        "secondaryDisplayProperties",
        "searchableProperties",
    ];
    let mut meant: Vec<String> = named
        .iter()
        .filter_map(|key| texts(&body, key))
        .flatten()
        .collect();
    meant.extend(body["primaryDisplayProperty"].as_str().map(str::to_owned));
    let portal = &mut sim.world.portal;
    if let Some(unknown) = meant.iter().find(|name| portal.field(kind, name).is_none()) {
        return Err(Refusal::invalid(&format!(
            "Property {unknown} does not exist"
        )));
    }
    let Some(custom) = portal.custom.get_mut(&kind) else {
        return Err(Refusal::missing("Object type not found"));
    };
    let set = |value: &Value, target: &mut String| {
        if let Some(text) = value.as_str() {
            text.clone_into(target);
        }
    };
    set(&body["labels"]["singular"], &mut custom.singular);
    set(&body["labels"]["plural"], &mut custom.plural);
    set(&body["description"], &mut custom.description);
    set(&body["primaryDisplayProperty"], &mut custom.primary);
    let lists = [
        (named[0], &mut custom.required),
        (named[1], &mut custom.secondary),
        (named[2], &mut custom.searchable),
    ];
    for (key, target) in lists {
        if let Some(list) = texts(&body, key) {
            *target = list;
        }
    }
    custom.updated = Some(now);
    definitions::note(sim, "change schema", kind, kind.type_id());
    Ok(Reply::ok(show(sim, kind)))
}

/// A type that still has records stays. `archived=true` takes an archived one away for good and
/// frees its name.
fn remove(sim: &mut Simulation, request: &Request, name: &str) -> Answer {
    let now = sim.clock.now();
    if request.flag("archived") {
        let full = |kind: &Kind| {
            let names = [kind.type_id().to_owned(), sim.world.portal.qualified(*kind)];
            names.iter().any(|known| known == name)
        };
        let archived = sim.world.portal.custom.iter();
        let found = archived
            .filter(|(_, custom)| custom.archived.is_some())
            .map(|(kind, _)| *kind)
            .find(full)
            .ok_or_else(|| Refusal::missing("Object type not found"))?;
        sim.world.portal.custom.remove(&found);
        return Ok(Reply::none());
    }
    let kind = custom_kind(sim, name)?;
    let records = sim.world.portal.table(kind).all();
    if records.iter().any(|record| record.archived.is_none()) {
        return Err(Refusal::invalid(
            "The object type still has records; delete them first.",
        ));
    }
    if let Some(custom) = sim.world.portal.custom.get_mut(&kind) {
        custom.archived = Some(now);
    }
    definitions::note(sim, "archive schema", kind, kind.type_id());
    Ok(Reply::none())
}

fn associate(sim: &mut Simulation, request: &Request, name: &str) -> Answer {
    let body = request.body()?;
    let kind = custom_kind(sim, name)?;
    let end = |key: &str| kind_of(sim, body[key].as_str().unwrap_or_default());
    let (from, to) = (end("fromObjectTypeId")?, end("toObjectTypeId")?);
    if from != kind && to != kind {
        return Err(Refusal::invalid(
            "One of the two types must be the schema's own.",
        ));
    }
    let link = sim.world.portal.links.allow(from, to);
    let at = spell_moment(sim.clock.now());
    let mut shown = show_association(&link);
    (shown["createdAt"], shown["updatedAt"]) = (json!(at), json!(at));
    if let Some(name) = body["name"].as_str() {
        shown["name"] = json!(name);
    }
    Ok(Reply::json(201, shown))
}

fn dissociate(sim: &mut Simulation, name: &str, id: &str) -> Answer {
    let kind = custom_kind(sim, name)?;
    let removed = id
        .parse()
        .ok()
        .and_then(|id| sim.world.portal.links.forbid(kind, id));
    let numbers = removed.ok_or_else(|| Refusal::missing("Association not found"))?;
    sim.world.portal.unlink_everywhere(numbers);
    Ok(Reply::none())
}
