//! Property definitions: read, create, change, archive (HubSpot's guide to properties).

use serde_json::{Value, json};

use super::auth::Grant;
use super::batch;
use super::exchange::{Reply, Request};
use super::groups;
use super::objects::{kind_of, read_scopes};
use super::refusal::{Answer, Refusal};
use super::simulation::{Simulation, Written};
use crate::portal::definition::{Choice, Definition, NON_SENSITIVE};
use crate::portal::kind::Kind;
use crate::portal::value::spell_moment;

/// Properties with unique values that a type may have (HubSpot's guide to properties).
const UNIQUE_A_TYPE: usize = 10;

/// `type` with the `fieldType`s it goes with.
const TYPES: [(&str, &[&str]); 7] = [
    ("number", &["number", "calculation_equation"]),
    (
        "string",
        &["text", "textarea", "html", "phonenumber", "file"],
    ),
    (
        "enumeration",
        &["select", "radio", "checkbox", "booleancheckbox"],
    ),
    ("bool", &["booleancheckbox"]),
    ("date", &["date"]),
    ("datetime", &["date"]),
    ("phone_number", &["phonenumber"]),
];

/// The scopes that allow reading and changing a type's definitions.
pub(crate) fn schema_scopes(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Companies => ("crm.schemas.companies.read", "crm.schemas.companies.write"),
        Kind::Deals => ("crm.schemas.deals.read", "crm.schemas.deals.write"),
        Kind::Machines | Kind::Own(_) => ("crm.schemas.custom.read", "crm.schemas.custom.write"),
        _ => ("crm.schemas.contacts.read", "crm.schemas.contacts.write"),
    }
}

/// Which of a type's scopes changing something takes.
pub(crate) type Changing = fn(Kind) -> Vec<&'static str>;

/// The type that a call about definitions names first, and what follows it, once the token may make
/// the call: whoever may read the records of a type may read how they are made.
pub(crate) fn admit<'a, 'b>(
    sim: &Simulation,
    rest: &'a [&'b str],
    grant: &Grant,
    changing: Option<Changing>,
) -> Result<(Kind, &'a [&'b str]), Refusal> {
    let [type_name, rest @ ..] = rest else {
        return Err(Refusal::missing("resource not found"));
    };
    let kind = kind_of(sim, type_name)?;
    let enough = match changing {
        Some(changing) => changing(kind),
        None => [&[schema_scopes(kind).0], read_scopes(kind)].concat(),
    };
    grant.require(&enough)?;
    Ok((kind, rest))
}

/// The scope that changing a type's definitions takes.
pub(crate) fn changing_definitions(kind: Kind) -> Vec<&'static str> {
    vec![schema_scopes(kind).1]
}

/// Answers a call below `/crm/properties`.
pub(crate) fn answer(
    sim: &mut Simulation,
    request: &Request,
    rest: &[&str],
    grant: &Grant,
) -> Answer {
    let reading = request.method == "GET" || matches!(rest, [_, "batch", "read"]);
    let changing: Option<Changing> = (!reading).then_some(changing_definitions);
    let (kind, rest) = admit(sim, rest, grant, changing)?;
    match (request.method.as_str(), rest) {
        ("GET", []) => Ok(list(sim, request, kind)),
        ("POST", []) => {
            let body = request.body()?;
            create(sim, kind, &body).map(|shown| Reply::json(201, shown))
        }
        ("POST", ["batch", "create"]) => batch_create(sim, request, kind),
        ("POST", ["batch", "read"]) => batch_read(sim, request, kind),
        ("POST", ["batch", "archive"]) => batch_archive(sim, request, kind),
        (_, ["groups", rest @ ..]) => groups::answer(sim, request, kind, rest),
        ("GET", [name]) => one(sim, request, kind, name),
        ("PATCH", [name]) => change(sim, request, kind, name),
        ("DELETE", [name]) => {
            archive(sim, kind, name)?;
            Ok(Reply::none())
        }
        _ => Err(Refusal::method()),
    }
}

/// A definition as the API shows it.
pub(crate) fn show(sim: &Simulation, kind: Kind, definition: &Definition) -> Value {
    let options: Vec<Value> = choices(sim, kind, definition)
        .iter()
        .enumerate()
        .map(|(order, choice)| {
            json!({
                "label": choice.label,
                "value": choice.value,
                "displayOrder": order,
                "hidden": choice.hidden,
            })
        })
        .collect();
    let mut shown = json!({
        "name": definition.name,
        "label": definition.label,
        "type": definition.value_type,
        "fieldType": definition.field_type,
        "description": definition.description,
        "groupName": definition.group,
        "options": options,
        "displayOrder": definition.display_order,
        "calculated": definition.calculated,
        "externalOptions": definition.name == "hubspot_owner_id",
        "hasUniqueValue": definition.unique || definition.name == "hs_object_id",
        "hidden": definition.hidden,
        "hubspotDefined": definition.standard,
        "formField": definition.form_field,
        "archived": definition.archived.is_some(),
        "dataSensitivity": definition.sensitivity,
        "modificationMetadata": {
            "archivable": !definition.standard,
            "readOnlyDefinition": definition.standard,
            "readOnlyOptions": definition.standard,
            "readOnlyValue": definition.read_only,
        },
    });
    let times = [
        ("createdAt", definition.created),
        ("updatedAt", definition.updated),
        ("archivedAt", definition.archived),
    ];
    for (key, at) in times {
        if let Some(at) = at {
            shown[key] = json!(spell_moment(at));
        }
    }
    if let Some(hint) = &definition.number_hint {
        shown["numberDisplayHint"] = json!(hint);
    }
    shown
}

/// The choices of stages and pipelines are the portal's own.
fn choices(sim: &Simulation, kind: Kind, definition: &Definition) -> Vec<Choice> {
    let pipelines = &sim.world.portal.pipelines;
    let choice = |value: &str, label: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hidden: false,
    };
    match (kind, definition.name.as_str()) {
        (Kind::Deals, "pipeline") => pipelines.iter().map(|p| choice(&p.id, &p.label)).collect(),
        (Kind::Deals, "dealstage") => pipelines
            .iter()
            .flat_map(|pipeline| &pipeline.stages)
            .map(|stage| choice(&stage.id, &stage.label))
            .collect(),
        _ => definition.choices.clone(),
    }
}

fn list(sim: &Simulation, request: &Request, kind: Kind) -> Reply {
    let archived = request.flag("archived");
    // What is sensitive is listed only for those who ask for it by that word.
    let sensitivity = request
        .parameter("dataSensitivity")
        .unwrap_or(NON_SENSITIVE);
    let results: Vec<Value> = sim
        .world
        .portal
        .schema(kind)
        .all()
        .filter(|(_, definition)| definition.archived.is_some() == archived)
        .filter(|(_, definition)| definition.sensitivity == sensitivity)
        .map(|(_, definition)| show(sim, kind, definition))
        .collect();
    Reply::ok(json!({ "results": results }))
}

fn find<'a>(sim: &'a Simulation, kind: Kind, name: &str, archived: bool) -> Option<&'a Definition> {
    let prop = sim.world.portal.names.find(name)?;
    let mut all = sim.world.portal.schema(kind).all();
    all.find(|(other, definition)| *other == prop && definition.archived.is_some() == archived)
        .map(|(_, definition)| definition)
}

fn no_property(name: &str) -> Refusal {
    Refusal::missing(&format!("Property {name} does not exist"))
}

fn one(sim: &Simulation, request: &Request, kind: Kind, name: &str) -> Answer {
    let definition =
        find(sim, kind, name, request.flag("archived")).ok_or_else(|| no_property(name))?;
    Ok(Reply::ok(show(sim, kind, definition)))
}

fn read_choices(body: &Value) -> Vec<Choice> {
    let listed = body["options"].as_array().into_iter().flatten();
    listed
        .filter_map(|option| {
            Some(Choice {
                value: option["value"].as_str()?.to_owned(),
                label: option["label"].as_str()?.to_owned(),
                hidden: option["hidden"].as_bool().unwrap_or(false),
            })
        })
        .collect()
}

/// Defines a property.
pub(crate) fn create(sim: &mut Simulation, kind: Kind, body: &Value) -> Result<Value, Refusal> {
    let text = |key: &str| body[key].as_str().filter(|text| !text.is_empty());
    let (Some(name), Some(label), Some(value_type), Some(field_type), Some(group)) = (
        text("name"),
        text("label"),
        text("type"),
        text("fieldType"),
        text("groupName"),
    ) else {
        return Err(Refusal::invalid(
            "Some required fields were not set: name, label, type, fieldType, groupName",
        ));
    };
    let fits = TYPES
        .iter()
        .any(|(t, fields)| *t == value_type && fields.contains(&field_type));
    if !fits {
        return Err(Refusal::invalid(&format!(
            "{field_type} is not a field type of {value_type}"
        )));
    }
    let legal = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !legal {
        return Err(Refusal::invalid(
            "Property names are lower-case letters, digits and underscores",
        ));
    }
    let portal = &mut sim.world.portal;
    let known = portal
        .schema(kind)
        .groups
        .iter()
        .any(|g| g.name == group && g.archived.is_none());
    if !known {
        return Err(Refusal::invalid(&format!(
            "Property group {group} does not exist"
        )));
    }
    let prop = portal.names.keep(name);
    if portal.schema(kind).live(prop).is_some() {
        return Err(Refusal::conflict(&format!(
            "Property named \"{name}\" already exists."
        )));
    }
    let mut definition = Definition::plain(name, label, value_type, field_type, group);
    definition.description = text("description").unwrap_or_default().to_owned();
    definition.choices = read_choices(body);
    if value_type == "enumeration"
        && definition.choices.is_empty()
        && body["externalOptions"] != true
    {
        return Err(Refusal::invalid("An enumeration needs options"));
    }
    definition.unique = body["hasUniqueValue"].as_bool().unwrap_or(false);
    definition.form_field = body["formField"].as_bool().unwrap_or(false);
    if let Some(sensitivity) = text("dataSensitivity") {
        sensitivity.clone_into(&mut definition.sensitivity);
    }
    let others = sim.world.portal.schema(kind).all();
    let unique = others
        .filter(|(_, d)| d.unique && d.archived.is_none())
        .count();
    if definition.unique && unique >= UNIQUE_A_TYPE {
        return Err(Refusal::invalid(&format!(
            "An object type can have at most {UNIQUE_A_TYPE} properties with unique values."
        )));
    }
    definition.hidden = body["hidden"].as_bool().unwrap_or(false);
    definition.display_order = body["displayOrder"].as_i64().unwrap_or(-1);
    definition.number_hint = text("numberDisplayHint").map(str::to_owned);
    let now = sim.clock.now();
    (definition.created, definition.updated) = (Some(now), Some(now));
    let shown = show(sim, kind, &definition);
    sim.world.portal.schema_mut(kind).add(prop, definition);
    note(sim, "create property", kind, name);
    Ok(shown)
}

/// Enters a change of a definition into the ledger.
pub(crate) fn note(sim: &mut Simulation, call: &'static str, kind: Kind, name: &str) {
    let at = sim.clock.now();
    sim.record(Written {
        at,
        call,
        object_type: kind.plural(),
        id: name.to_owned(),
        property: format!("({call})"),
        old: None,
        new: None,
    });
}

fn names(request: &Request) -> Result<Vec<String>, Refusal> {
    let body = request.body()?;
    let inputs = body["inputs"].as_array().into_iter().flatten();
    Ok(inputs
        .filter_map(|input| input["name"].as_str().map(str::to_owned))
        .collect())
}

fn batch_create(sim: &mut Simulation, request: &Request, kind: Kind) -> Answer {
    let body = request.body()?;
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in body["inputs"].as_array().into_iter().flatten() {
        match create(sim, kind, input) {
            Ok(shown) => results.push(shown),
            Err(refusal) => errors.push(refusal.body),
        }
    }
    Ok(batch::answer(sim, 201, results, errors))
}

fn batch_read(sim: &Simulation, request: &Request, kind: Kind) -> Answer {
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for name in names(request)? {
        match find(sim, kind, &name, false) {
            Some(definition) => results.push(show(sim, kind, definition)),
            None => errors.push(no_property(&name).body),
        }
    }
    Ok(batch::answer(sim, 200, results, errors))
}

fn batch_archive(sim: &mut Simulation, request: &Request, kind: Kind) -> Answer {
    for name in names(request)? {
        archive(sim, kind, &name)?;
    }
    Ok(Reply::none())
}

fn change(sim: &mut Simulation, request: &Request, kind: Kind, name: &str) -> Answer {
    let body = request.body()?;
    let found = find(sim, kind, name, false).ok_or_else(|| no_property(name))?;
    if found.standard && !body["options"].is_array() {
        return Err(Refusal::invalid(&format!(
            "{name} is defined by HubSpot and cannot be changed"
        )));
    }
    let now = sim.clock.now();
    let portal = &mut sim.world.portal;
    let prop = portal.names.find(name).ok_or_else(|| no_property(name))?;
    let definition = portal
        .schema_mut(kind)
        .get_mut(prop)
        .ok_or_else(|| no_property(name))?;
    let set = |key: &str, target: &mut String| {
        if let Some(text) = body[key].as_str() {
            text.clone_into(target);
        }
    };
    set("label", &mut definition.label);
    set("description", &mut definition.description);
    set("groupName", &mut definition.group);
    set("type", &mut definition.value_type);
    set("fieldType", &mut definition.field_type);
    if body["options"].is_array() {
        definition.choices = read_choices(&body);
    }
    definition.updated = Some(now);
    let definition = definition.clone();
    note(sim, "change property", kind, name);
    Ok(Reply::ok(show(sim, kind, &definition)))
}

fn archive(sim: &mut Simulation, kind: Kind, name: &str) -> Result<(), Refusal> {
    let found = find(sim, kind, name, false).ok_or_else(|| no_property(name))?;
    if found.standard {
        return Err(Refusal::invalid(&format!(
            "{name} is defined by HubSpot and cannot be archived"
        )));
    }
    let now = sim.clock.now();
    let portal = &mut sim.world.portal;
    if let Some(prop) = portal.names.find(name)
        && let Some(definition) = portal.schema_mut(kind).get_mut(prop)
    {
        definition.archived = Some(now);
    }
    note(sim, "archive property", kind, name);
    Ok(())
}
