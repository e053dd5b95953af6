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
    let body = request
        .json()
        .ok_or_else(|| Refusal::invalid("Invalid input JSON"))?;
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
fn answer(sim: &Simulation, status: u16, results: Vec<Value>, errors: Vec<Value>) -> Reply {
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
    let body = request
        .json()
        .ok_or_else(|| Refusal::invalid("Invalid input JSON"))?;
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

/// `batch/update`. Values are checked before anything is written: one bad value refuses all.
pub(crate) fn update(
    sim: &mut Simulation,
    request: &Request,
    kind: Kind,
    grant: &Grant,
    strict: bool,
) -> Answer {
    let (_, inputs) = inputs(request, BATCH)?;
    let (mut drafts, mut seen) = (Vec::new(), BTreeSet::new());
    let mut faults: Vec<PropertyFault> = Vec::new();
    for input in &inputs {
        let id = id_of(input)?;
        if let Some(name) = input["idProperty"].as_str().filter(|name| !name.is_empty()) {
            return Err(Refusal::invalid(&format!(
                "Unable to perform update/upsert by non-unique {} property {name}",
                kind.type_id()
            )));
        }
        if !seen.insert(id.clone()) {
            return Err(Refusal::invalid(&format!(
                "Duplicate IDs found in batch input: [{id}]"
            )));
        }
        let draft = Draft::read(
            &mut sim.world.portal,
            kind,
            &input["properties"],
            &mut faults,
        );
        drafts.push((id, draft));
    }
    if !faults.is_empty() {
        return Err(Refusal::invalid_properties(&faults));
    }
    if strict {
        let ids: Vec<&str> = drafts.iter().map(|(id, _)| id.as_str()).collect();
        check_compulsory(sim, kind, &ids)?;
    }
    let (mut results, mut lost) = (Vec::new(), Vec::new());
    for (id, draft) in drafts {
        // Unlike a read, a batch update does not follow a merged-away id to its survivor.
        let known = id.parse::<u64>().ok().filter(|id| {
            let record = sim.world.portal.table(kind).get(*id);
            record.is_some_and(|record| record.archived.is_none())
        });
        match known {
            Some(number) => {
                let shown = write::apply(sim, kind, number, &draft, grant, "batch/update");
                results.extend(shown);
            }
            None => lost.push(id),
        }
    }
    Ok(answer(sim, 200, results, missing(kind, &lost)))
}

/// `batch/create`. With trace ids a bad input fails alone; without, it fails the batch.
pub(crate) fn create(sim: &mut Simulation, request: &Request, kind: Kind, grant: &Grant) -> Answer {
    let (_, inputs) = inputs(request, BATCH)?;
    let traced = !inputs.is_empty()
        && inputs
            .iter()
            .all(|input| input["objectWriteTraceId"].as_str().is_some());
    let (mut ready, mut errors) = (Vec::new(), Vec::new());
    for input in &inputs {
        match write::check_new(sim, kind, input) {
            Ok(draft) => ready.push((input, draft)),
            Err(refusal) if traced => {
                let mut entry = refusal.body;
                entry["context"] = json!({ "objectWriteTraceId": [input["objectWriteTraceId"]] });
                errors.push(entry);
            }
            Err(refusal) => return Err(refusal),
        }
    }
    let mut results = Vec::new();
    for (input, draft) in ready {
        match write::make(sim, kind, input, &draft, grant) {
            Ok(shown) => results.push(shown),
            Err(refusal) => errors.push(refusal.body),
        }
    }
    Ok(answer(sim, 201, results, errors))
}

/// `batch/archive`.
pub(crate) fn archive(sim: &mut Simulation, request: &Request, kind: Kind) -> Answer {
    let (_, inputs) = inputs(request, BATCH)?;
    let ids = inputs.iter().map(id_of).collect::<Result<Vec<_>, _>>()?;
    write::archive(sim, kind, &ids);
    Ok(Reply::none())
}
