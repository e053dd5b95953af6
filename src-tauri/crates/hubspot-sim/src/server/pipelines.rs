//! Pipelines and stages: read, made, changed, deleted, and who did it when (HubSpot's guide to
//! pipelines).

use crm::Moment;
use serde_json::{Value, json};

use super::auth::Grant;
use super::definitions::{Changing, admit, changing_definitions};
use super::exchange::{Reply, Request};
use super::objects::write_scopes;
use super::refusal::{Answer, Refusal};
use super::simulation::Simulation;
use crate::portal::kind::Kind;
use crate::portal::people::{Outcome, Pipeline, PipelineDeed, Stage};
use crate::portal::property as p;
use crate::portal::record::Record;
use crate::portal::value::{Value as Kept, spell_moment};

/// Stages that a pipeline may have.
const MOST_STAGES: usize = 100;

/// Answers a call below `/crm/pipelines`.
pub(crate) fn answer(
    sim: &mut Simulation,
    request: &Request,
    rest: &[&str],
    grant: &Grant,
) -> Answer {
    // Whoever may write a type's records may change its pipelines, too.
    let either: Changing =
        |kind| [changing_definitions(kind).as_slice(), write_scopes(kind)].concat();
    let changing = (request.method != "GET").then_some(either);
    let (kind, rest) = admit(sim, rest, grant, changing)?;
    match (request.method.as_str(), rest) {
        ("GET", []) => {
            let all = sim.world.portal.pipelines_of(kind).iter().enumerate();
            let results: Vec<Value> = all.map(|one| show_pipeline(kind, one)).collect();
            Ok(Reply::ok(json!({ "results": results })))
        }
        ("POST", []) => create(sim, request, kind),
        ("GET", [id]) => shown(sim, kind, id).map(Reply::ok),
        ("PATCH" | "PUT", [id]) => change(sim, request, kind, id),
        ("DELETE", [id]) => remove(sim, request, kind, id),
        ("GET", [id, "audit"]) => {
            find(sim, kind, id)?;
            Ok(audit(sim, kind, id, None))
        }
        (_, [id, "stages", rest @ ..]) => stages(sim, request, kind, id, rest),
        _ => Err(Refusal::method()),
    }
}

fn stages(sim: &mut Simulation, request: &Request, kind: Kind, id: &str, rest: &[&str]) -> Answer {
    let position = find(sim, kind, id)?;
    match (request.method.as_str(), rest) {
        ("GET", []) => {
            let stages = shown(sim, kind, id)?["stages"].take();
            Ok(Reply::ok(json!({ "results": stages })))
        }
        ("POST", []) => create_stage(sim, request, kind, id),
        ("GET", [stage]) => shown_stage(sim, kind, id, stage).map(Reply::ok),
        ("GET", [stage, "audit"]) => Ok(audit(sim, kind, id, Some(stage))),
        ("PATCH" | "PUT", [stage]) => change_stage(sim, request, kind, (id, stage)),
        ("DELETE", [stage]) => {
            let used = used_in(sim, kind, id, Some(stage));
            if checks_references(request) && used > 0 {
                return Err(still_used(used));
            }
            let now = sim.clock.now();
            let all = sim.world.portal.pipelines_mut(kind);
            let pipeline = &mut all[position];
            let before = pipeline.stages.len();
            pipeline.stages.retain(|one| one.id != *stage);
            if pipeline.stages.len() == before {
                return Err(Refusal::missing("Stage not found"));
            }
            pipeline.updated = now;
            note(sim, kind, (id, Some(stage)), "DELETE");
            Ok(Reply::none())
        }
        _ => Err(Refusal::method()),
    }
}

fn find(sim: &Simulation, kind: Kind, id: &str) -> Result<usize, Refusal> {
    let mut all = sim.world.portal.pipelines_of(kind).iter();
    all.position(|pipeline| pipeline.id == id)
        .ok_or_else(|| Refusal::missing("Pipeline not found"))
}

fn shown(sim: &Simulation, kind: Kind, id: &str) -> Result<Value, Refusal> {
    let position = find(sim, kind, id)?;
    let pipeline = &sim.world.portal.pipelines_of(kind)[position];
    Ok(show_pipeline(kind, (position, pipeline)))
}

fn shown_stage(sim: &Simulation, kind: Kind, id: &str, stage: &str) -> Result<Value, Refusal> {
    let mut pipeline = shown(sim, kind, id)?;
    let stages = pipeline["stages"].as_array_mut();
    let found = stages.and_then(|all| all.iter_mut().find(|one| one["id"] == stage));
    found
        .map(Value::take)
        .ok_or_else(|| Refusal::missing("Stage not found"))
}

fn show_stage(kind: Kind, (order, stage): (usize, &Stage), pipeline: &Pipeline) -> Value {
    let closed = stage.outcome != Outcome::Open;
    // Values are texts, and chances come in tenths with a point.
    let metadata = match kind {
        Kind::Tickets => {
            json!({ "ticketState": if closed { "CLOSED" } else { "OPEN" }, "isClosed": closed.to_string() })
        }
        _ => json!({
            "isClosed": closed.to_string(),
            "probability": format!("{:.1}", stage.probability as f64 / 100.0),
        }),
    };
    json!({
        "id": stage.id,
        "label": stage.label,
        "displayOrder": order,
        "metadata": metadata,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        "createdAt": spell_moment(pipeline.created),
        "updatedAt": spell_moment(pipeline.updated),
        "archived": false,
    })
}

fn show_pipeline(kind: Kind, (order, pipeline): (usize, &Pipeline)) -> Value {
    let stages: Vec<Value> = pipeline
        .stages
        .iter()
        .enumerate()
        .map(|stage| show_stage(kind, stage, pipeline))
        .collect();
    json!({
        "id": pipeline.id,
        "label": pipeline.label,
        "displayOrder": order,
        "stages": stages,
        "createdAt": spell_moment(pipeline.created),
        "updatedAt": spell_moment(pipeline.updated),
        "archived": false,
    })
}

fn audit(sim: &Simulation, kind: Kind, pipeline: &str, stage: Option<&str>) -> Reply {
    let all = sim.world.portal.pipeline_deeds.iter().rev();
    let results: Vec<Value> = all
        .filter(|deed| deed.kind == kind && deed.pipeline == pipeline)
        .filter(|deed| deed.stage.as_deref() == stage)
        .map(|deed| {
            json!({
                "portalId": sim.world.portal.id,
                "identifier": stage.unwrap_or(pipeline),
                "action": deed.action,
                "timestamp": spell_moment(deed.at),
                "fromUserId": sim.auth.user_id,
                "message": format!("{} {}", deed.action, deed.label),
                "rawObject": { "label": deed.label },
            })
        })
        .collect();
    Reply::ok(json!({ "results": results }))
}

/// Notes who did what, and moves the modified date of every record in the pipeline: HubSpot does
/// so whenever a pipeline is edited (pipedream issue 4209).
fn note(
    sim: &mut Simulation,
    kind: Kind,
    (pipeline, stage): (&str, Option<&str>),
    action: &'static str,
) {
    let at = sim.clock.now();
    let portal = &mut sim.world.portal;
    let known = portal
        .pipelines_of(kind)
        .iter()
        .find(|one| one.id == pipeline);
    let label = known
        .and_then(|known| match stage {
            None => Some(known.label.clone()),
            Some(id) => known
                .stages
                .iter()
                .find(|one| one.id == id)
                .map(|one| one.label.clone()),
        })
        .unwrap_or_default();
    portal.pipeline_deeds.push(PipelineDeed {
        kind,
        pipeline: pipeline.to_owned(),
        stage: stage.map(str::to_owned),
        action,
        label,
        at,
    });
    for id in within(sim, kind, pipeline, None) {
        if let Some(record) = sim.world.portal.table_mut(kind).get_mut(id) {
            record.modified = record.modified.max(at);
        }
    }
}

/// The live records in a pipeline, or in one of its stages.
fn within(sim: &Simulation, kind: Kind, pipeline: &str, stage: Option<&str>) -> Vec<u64> {
    let portal = &sim.world.portal;
    let (in_pipeline, in_stage) = match kind {
        Kind::Deals => (p::PIPELINE, p::DEALSTAGE),
        _ => (p::HS_PIPELINE, p::HS_PIPELINE_STAGE),
    };
    let is = |record: &Record, prop, wanted: &str| match record.value(prop) {
        Some(Kept::Text(sym)) => portal.strings.text(sym) == wanted,
        _ => false,
    };
    let all = portal.table(kind).all().iter();
    all.filter(|record| record.archived.is_none())
        .filter(|record| match stage {
            Some(stage) => is(record, in_stage, stage),
            None => is(record, in_pipeline, pipeline),
        })
        .map(|record| record.id)
        .collect()
}

fn used_in(sim: &Simulation, kind: Kind, pipeline: &str, stage: Option<&str>) -> usize {
    within(sim, kind, pipeline, stage).len()
}

fn checks_references(request: &Request) -> bool {
    request.flag("validateReferencesBeforeDelete")
        || request.flag("validateDealStageUsagesBeforeDelete")
}

fn still_used(count: usize) -> Refusal {
    Refusal::invalid(&format!("It is still used by {count} records."))
}

/// A stage as a body describes it. Without `isClosed`, a chance of none or of certainty closes.
fn read_stage(body: &Value, id: String, before: Option<&Stage>) -> Result<Stage, Refusal> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    };
    let metadata = &body["metadata"];
    let label = text(&body["label"]).or_else(|| before.map(|stage| stage.label.clone()));
    let label = label
        .filter(|label| !label.is_empty())
        .ok_or_else(|| Refusal::invalid("Some required fields were not set: [label]"))?;
    let probability = match text(&metadata["probability"]) {
        None => before.map_or(0, |stage| stage.probability),
        Some(text) => {
            let tenths: Option<f64> = text.parse().ok();
            let tenths = tenths.filter(|value| (0.0..=1.0).contains(value));
            let tenths = tenths
                .ok_or_else(|| Refusal::invalid("probability must be between 0.0 and 1.0"))?;
            #[allow(clippy::cast_possible_truncation, reason = "between 0 and 100")]
            let hundredths = (tenths * 100.0).round() as i64;
            hundredths
        }
    };
    let closed = match (text(&metadata["isClosed"]), text(&metadata["ticketState"])) {
        (Some(text), _) => text == "true",
        (None, Some(state)) => state == "CLOSED",
        (None, None) if metadata["probability"].is_null() => {
            before.is_some_and(|stage| stage.outcome != Outcome::Open)
        }
        (None, None) => probability == 0 || probability == 100,
    };
    let outcome = match (closed, probability) {
        (false, _) => Outcome::Open,
        (true, 0) => Outcome::Lost,
        (true, _) => Outcome::Won,
    };
    Ok(Stage {
        id,
        label,
        probability,
        outcome,
    })
}

fn read_stages(sim: &mut Simulation, body: &Value) -> Result<Vec<Stage>, Refusal> {
    let mut listed = body["stages"].as_array().cloned().unwrap_or_default();
    if listed.len() > MOST_STAGES {
        return Err(Refusal::invalid(&format!(
            "A pipeline may have at most {MOST_STAGES} stages."
        )));
    }
    listed.sort_by_key(|stage| stage["displayOrder"].as_i64().unwrap_or(0));
    listed
        .iter()
        .map(|stage| {
            let own = stage["stageId"].as_str().map(str::to_owned);
            let id = own.unwrap_or_else(|| sim.next_number());
            read_stage(stage, id, None)
        })
        .collect()
}

/// Where `displayOrder` puts something among `count` others.
fn place(body: &Value, count: usize) -> usize {
    let order = body["displayOrder"].as_u64();
    let order = order.and_then(|order| usize::try_from(order).ok());
    order.unwrap_or(count).min(count)
}

fn same_label(label: &str) -> Refusal {
    Refusal::conflict(&format!("The label \"{label}\" is used already."))
}

fn create(sim: &mut Simulation, request: &Request, kind: Kind) -> Answer {
    let body = request.body()?;
    let label = body["label"].as_str().filter(|label| !label.is_empty());
    let label = label
        .ok_or_else(|| Refusal::invalid("Some required fields were not set: [label]"))?
        .to_owned();
    let stages = read_stages(sim, &body)?;
    if stages.is_empty() {
        return Err(Refusal::invalid("A pipeline needs at least one stage."));
    }
    let portal = &sim.world.portal;
    let all = portal.pipelines_of(kind);
    if all.iter().any(|one| one.label == label) {
        return Err(same_label(&label));
    }
    let most = portal.plan.pipelines();
    if all.len() >= most {
        return Err(Refusal::invalid(&format!(
            "The account has its most pipelines of this type, {most}."
        )));
    }
    let own = body["pipelineId"].as_str().map(str::to_owned);
    let id = own.unwrap_or_else(|| sim.next_number());
    let now = sim.clock.now();
    let all = sim.world.portal.pipelines_mut(kind);
    let position = place(&body, all.len());
    let made = Pipeline {
        id: id.clone(),
        label,
        stages,
        created: now,
        updated: now,
    };
    all.insert(position, made);
    note(sim, kind, (&id, None), "CREATE");
    Ok(Reply::json(201, shown(sim, kind, &id)?))
}

fn change(sim: &mut Simulation, request: &Request, kind: Kind, id: &str) -> Answer {
    let body = request.body()?;
    let position = find(sim, kind, id)?;
    if checks_references(request) && body["archived"] == true {
        return Err(still_used(used_in(sim, kind, id, None)));
    }
    // PUT replaces the stages, PATCH has none.
    let stages = if request.method == "PUT" {
        Some(read_stages(sim, &body)?)
    } else {
        None
    };
    if let Some(stages) = stages.as_ref().filter(|_| checks_references(request)) {
        let before = &sim.world.portal.pipelines_of(kind)[position].stages;
        let gone = before
            .iter()
            .filter(|old| stages.iter().all(|new| new.id != old.id));
        let used = gone.map(|old| used_in(sim, kind, id, Some(&old.id))).sum();
        if used > 0 {
            return Err(still_used(used));
        }
    }
    let now = sim.clock.now();
    let all = sim.world.portal.pipelines_mut(kind);
    if let Some(label) = body["label"].as_str() {
        let mut others = all.iter().filter(|one| one.id != id);
        if others.any(|one| one.label == label) {
            return Err(same_label(label));
        }
        label.clone_into(&mut all[position].label);
    }
    if let Some(stages) = stages {
        all[position].stages = stages;
    }
    all[position].updated = now;
    if body["displayOrder"].is_u64() {
        let moved = all.remove(position);
        let position = place(&body, all.len());
        all.insert(position, moved);
    }
    note(sim, kind, (id, None), "UPDATE");
    Ok(Reply::ok(shown(sim, kind, id)?))
}

fn remove(sim: &mut Simulation, request: &Request, kind: Kind, id: &str) -> Answer {
    let position = find(sim, kind, id)?;
    let used = used_in(sim, kind, id, None);
    if checks_references(request) && used > 0 {
        return Err(still_used(used));
    }
    if sim.world.portal.pipelines_of(kind).len() == 1 {
        return Err(Refusal::invalid("The last pipeline cannot be deleted."));
    }
    note(sim, kind, (id, None), "DELETE");
    sim.world.portal.pipelines_mut(kind).remove(position);
    Ok(Reply::none())
}

fn create_stage(sim: &mut Simulation, request: &Request, kind: Kind, id: &str) -> Answer {
    let body = request.body()?;
    let position = find(sim, kind, id)?;
    let own = body["stageId"].as_str().map(str::to_owned);
    let stage_id = own.unwrap_or_else(|| sim.next_number());
    let stage = read_stage(&body, stage_id.clone(), None)?;
    let now = sim.clock.now();
    let pipeline = &mut sim.world.portal.pipelines_mut(kind)[position];
    if pipeline.stages.len() >= MOST_STAGES {
        return Err(Refusal::invalid(&format!(
            "A pipeline may have at most {MOST_STAGES} stages."
        )));
    }
    if pipeline.stages.iter().any(|one| one.label == stage.label) {
        return Err(same_label(&stage.label));
    }
    let at = place(&body, pipeline.stages.len());
    pipeline.stages.insert(at, stage);
    pipeline.updated = now;
    note(sim, kind, (id, Some(&stage_id)), "CREATE");
    Ok(Reply::json(201, shown_stage(sim, kind, id, &stage_id)?))
}

fn change_stage(
    sim: &mut Simulation,
    request: &Request,
    kind: Kind,
    (id, stage_id): (&str, &str),
) -> Answer {
    let body = request.body()?;
    let position = find(sim, kind, id)?;
    let now: Moment = sim.clock.now();
    let pipeline = &mut sim.world.portal.pipelines_mut(kind)[position];
    let at = pipeline
        .stages
        .iter()
        .position(|one| one.id == stage_id)
        .ok_or_else(|| Refusal::missing("Stage not found"))?;
    let before = pipeline.stages.remove(at);
    let read = read_stage(&body, stage_id.to_owned(), Some(&before));
    let (stage, refused) = match read {
        Ok(stage) => (stage, None),
        Err(refusal) => (before, Some(refusal)),
    };
    let place = if body["displayOrder"].is_u64() && refused.is_none() {
        place(&body, pipeline.stages.len())
    } else {
        at
    };
    pipeline.stages.insert(place, stage);
    if let Some(refusal) = refused {
        return Err(refusal);
    }
    pipeline.updated = now;
    note(sim, kind, (id, Some(stage_id)), "UPDATE");
    Ok(Reply::ok(shown_stage(sim, kind, id, stage_id)?))
}
