//! Batches: read, update, create, archive, and the 207 that mixed results come with.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::auth::Grant;
use super::exchange::{Reply, Request};
use super::objects::{PAGE_WITH_HISTORY, find};
use super::records::{View, render};
use super::refusal::{Answer, PropertyFault, Refusal};
use super::simulation::Simulation;
use super::values::{Draft, check_compulsory};
use super::write;
use crate::portal::kind::Kind;
use crate::portal::value::spell_moment;

/// Records in a batch (HubSpot's guide to the object APIs).
const BATCH: usize = 100;

/// The body's object, and its `inputs`. A body without the wrapper is taken for an empty batch and
/// answered with 200, as the real one does.
fn inputs(request: &Request, most: usize) -> Result<(Value, Vec<Value>), Refusal> {
    let body = request.body()?;
    let inputs = body["inputs"].as_array().cloned().unwrap_or_default();
    if inputs.len() > most {
        return Err(Refusal::invalid(&format!(
            "The maximum number of inputs supported in a batch request is {most}, but {} were given.",
            inputs.len()
        )));
    }
    Ok((body, inputs))
}

/// An id, as text or as a number.
fn id_of(input: &Value) -> Result<String, Refusal> {
    match &input["id"] {
        Value::String(id) if !id.is_empty() => Ok(id.clone()),
        Value::Number(id) => Ok(id.to_string()),
        _ => Err(Refusal::invalid("Some required fields were not set: [id]")),
    }
}

fn names(body: &Value, key: &str) -> Vec<String> {
    let listed = body[key].as_array().into_iter().flatten();
    listed
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

/// The answer to a batch: 200 (or 201), or 207 when something failed.
pub(crate) fn answer(
    sim: &Simulation,
    status: u16,
    results: Vec<Value>,
    errors: Vec<Value>,
) -> Reply {
    let at = spell_moment(sim.clock.now());
    let mut body = json!({
        "status": "COMPLETE",
        "results": Value::from(results),
        "requestedAt": at,
        "startedAt": at,
        "completedAt": at,
    });
    if errors.is_empty() {
        return Reply::json(status, body);
    }
    body["numErrors"] = json!(errors.len());
    body["errors"] = errors.into();
    Reply::json(207, body)
}

/// One error entry for all ids that lead nowhere.
fn missing(kind: Kind, ids: &[String]) -> Vec<Value> {
    if ids.is_empty() {
        return Vec::new();
    }
    vec![json!({
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": format!(
            "Could not get some {} objects, they may be deleted or not exist. Check that ids are valid.",
            kind.type_id()
        ),
        "context": { "ids": ids },
    })]
}

/// `batch/read`.
pub(crate) fn read(sim: &Simulation, request: &Request, kind: Kind, grant: &Grant) -> Answer {
    let body = request.body()?;
    let histories = names(&body, "propertiesWithHistory");
    let most = if histories.is_empty() {
        BATCH
    } else {
        PAGE_WITH_HISTORY
    };
    let (body, inputs) = inputs(request, most)?;
    let portal = &sim.world.portal;
    let view = View::new(portal, kind, &names(&body, "properties"), &histories, grant);
    let (archived, now) = (request.flag("archived"), sim.clock.now());
    let (mut results, mut lost, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for input in &inputs {
        let id = id_of(input)?;
        if !seen.insert(id.clone()) {
            continue;
        }
        let found = find(sim, kind, &id, body["idProperty"].as_str())?
            .filter(|record| record.archived.is_some() == archived);
        match found {
            Some(record) => results.push(render(portal, kind, record, &view, now)),
            None => lost.push(id),
        }
    }
    Ok(answer(sim, 200, results, missing(kind, &lost)))
}

/// `batch/update`. Values are checked before anything is written. With trace ids on every input a
/// bad one fails alone; without, one bad value refuses all.
pub(crate) fn update(
    sim: &mut Simulation,
    request: &Request,
    kind: Kind,
    grant: &Grant,
    strict: bool,
) -> Answer {
    let (_, inputs) = inputs(request, BATCH)?;
    let traced = all_traced(&inputs);
    let mut seen = BTreeSet::new();
    let (mut ready, mut errors, mut lost) = (Vec::new(), Vec::new(), Vec::new());
    let mut faults: Vec<PropertyFault> = Vec::new();
    for input in &inputs {
        let id = id_of(input)?;
        if !seen.insert(id.clone()) {
            return Err(Refusal::invalid(&format!(
                "Duplicate IDs found in batch input: [{id}]"
            )));
        }
        let Some(number) = updated_record(sim, kind, input, &id)? else {
            lost.push((id, input));
            continue;
        };
        let mut own_faults = Vec::new();
        let draft = Draft::read(
            &mut sim.world.portal,
            kind,
            &input["properties"],
            &mut own_faults,
        );
        let mut checked = write::check_unique(sim, kind, &draft, Some(number), &mut own_faults);
        if strict && checked.is_ok() {
            checked = check_compulsory(sim, kind, &[&number.to_string()]);
        }
        if traced {
            let refused = if own_faults.is_empty() {
                checked.err()
            } else {
                Some(Refusal::invalid_properties(&own_faults))
            };
            match refused {
                Some(refusal) => errors.push(entry(refusal, input)),
                None => ready.push((number, draft, input)),
            }
            continue;
        }
        faults.extend(own_faults);
        checked?;
        ready.push((number, draft, input));
    }
    if !faults.is_empty() {
        return Err(Refusal::invalid_properties(&faults));
    }
    let mut results = Vec::new();
    for (number, draft, input) in ready {
        let shown = write::apply(sim, kind, number, &draft, grant, "batch/update");
        results.extend(shown.map(|shown| with_trace(shown, input)));
    }
    if traced {
        let found = lost.iter().flat_map(|(id, input)| {
            let mut entries = missing(kind, std::slice::from_ref(id));
            for entry in &mut entries {
                entry["context"]["objectWriteTraceId"] = json!([input["objectWriteTraceId"]]);
            }
            entries
        });
        errors.extend(found);
    } else {
        let ids: Vec<String> = lost.into_iter().map(|(id, _)| id).collect();
        errors.extend(missing(kind, &ids));
    }
    Ok(answer(sim, 200, results, errors))
}

/// The record that an input of a batch update means. Unlike a read, a batch update does not follow
/// a merged-away id to its survivor, and takes no property that is not unique in this portal, the
/// address of a contact included.
fn updated_record(
    sim: &Simulation,
    kind: Kind,
    input: &Value,
    id: &str,
) -> Result<Option<u64>, Refusal> {
    let table = sim.world.portal.table(kind);
    let live = |id: &u64| table.get(*id).is_some_and(|one| one.archived.is_none());
    match input["idProperty"].as_str().filter(|name| !name.is_empty()) {
        None => Ok(id.parse::<u64>().ok().filter(live)),
        Some("email") => Err(not_unique(kind, "email")),
        Some(name) => match find(sim, kind, id, Some(name)) {
            Ok(found) => Ok(found.map(|record| record.id).filter(live)),
            Err(_) => Err(not_unique(kind, name)),
        },
    }
}

fn not_unique(kind: Kind, name: &str) -> Refusal {
    Refusal::invalid(&format!(
        "Unable to perform update/upsert by non-unique {} property {name}",
        kind.type_id()
    ))
}

fn all_traced(inputs: &[Value]) -> bool {
    let traced = |input: &Value| input["objectWriteTraceId"].as_str().is_some();
    !inputs.is_empty() && inputs.iter().all(traced)
}

/// A refusal as one of a batch's errors, with the trace id of its input.
fn entry(refusal: Refusal, input: &Value) -> Value {
    let mut entry = refusal.body;
    entry["context"] = json!({ "objectWriteTraceId": [input["objectWriteTraceId"]] });
    entry
}

fn with_trace(mut shown: Value, input: &Value) -> Value {
    if input["objectWriteTraceId"].is_string() {
        shown["objectWriteTraceId"] = input["objectWriteTraceId"].clone();
    }
    shown
}

/// `batch/create`. With trace ids a bad input fails alone; without, it fails the batch.
pub(crate) fn create(
    sim: &mut Simulation,
    request: &Request,
    kind: Kind,
    grant: &Grant,
    strict: bool,
) -> Answer {
    let (_, inputs) = inputs(request, BATCH)?;
    let traced = all_traced(&inputs);
    refuse_twins(sim, kind, &inputs)?;
    let (mut ready, mut errors) = (Vec::new(), Vec::new());
    for input in &inputs {
        match write::check_new(sim, kind, input, strict) {
            Ok(draft) => ready.push((input, draft)),
            Err(refusal) if traced => errors.push(entry(refusal, input)),
            Err(refusal) => return Err(refusal),
        }
    }
    let mut results = Vec::new();
    for (input, draft) in ready {
        match write::make(sim, kind, input, &draft, grant) {
            Ok(shown) => results.push(with_trace(shown, input)),
            Err(refusal) => errors.push(refusal.body),
        }
    }
    Ok(answer(sim, 201, results, errors))
}

/// Two inputs of a batch may not have the same value of a unique property.
fn refuse_twins(sim: &Simulation, kind: Kind, inputs: &[Value]) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for input in inputs {
        for (name, value) in input["properties"].as_object().into_iter().flatten() {
            let Some(text) = value.as_str().filter(|text| !text.is_empty()) else {
                continue;
            };
            let unique = write::is_unique(&sim.world.portal, kind, name);
            if unique && !seen.insert((name, text.to_lowercase())) {
                return Err(Refusal::invalid(&format!(
                    "Duplicate {name} values found in batch input"
                )));
            }
        }
    }
    Ok(())
}

/// `batch/upsert`: by record id, by address, or by another unique property.
pub(crate) fn upsert(
    sim: &mut Simulation,
    request: &Request,
    kind: Kind,
    grant: &Grant,
    strict: bool,
) -> Answer {
    let (_, inputs) = inputs(request, BATCH)?;
    let traced = all_traced(&inputs);
    let mut seen = BTreeSet::new();
    for input in &inputs {
        let id = id_of(input)?;
        let name = input["idProperty"].as_str().unwrap_or_default();
        if !name.is_empty() && !write::is_unique(&sim.world.portal, kind, name) {
            return Err(not_unique(kind, name));
        }
        if !seen.insert(id.to_lowercase()) {
            return Err(Refusal::invalid(&format!(
                "Duplicate IDs found in batch input: [{id}]"
            )));
        }
    }
    let (mut ready, mut errors) = (Vec::new(), Vec::new());
    for input in &inputs {
        match write::check_upsert(sim, kind, input, &id_of(input)?, strict) {
            Ok((found, draft, input)) => ready.push((found, draft, input)),
            Err(refusal) if traced => errors.push(entry(refusal, input)),
            Err(refusal) => return Err(refusal),
        }
    }
    let mut results = Vec::new();
    for (found, draft, input) in ready {
        let shown = match found {
            Some(id) => write::apply(sim, kind, id, &draft, grant, "batch/upsert"),
            None => Some(write::make(sim, kind, &input, &draft, grant)?),
        };
        if let Some(mut shown) = shown {
            shown["new"] = json!(found.is_none());
            results.push(with_trace(shown, &input));
        }
    }
    Ok(answer(sim, 200, results, errors))
}

/// `batch/archive`.
pub(crate) fn archive(sim: &mut Simulation, request: &Request, kind: Kind) -> Answer {
    let (_, inputs) = inputs(request, BATCH)?;
    let ids = inputs.iter().map(id_of).collect::<Result<Vec<_>, _>>()?;
    write::archive(sim, kind, &ids);
    Ok(Reply::none())
}
