//! What the account may have, and how much of it is used: all of `/crm/limits`.

use serde_json::{Value, json};

use super::auth::Grant;
use super::exchange::{Reply, Request};
use super::objects::kind_of;
use super::refusal::{Answer, Refusal};
use super::simulation::Simulation;
use crate::portal::kind::Kind;
use crate::portal::links::LABELS_A_PAIR;

/// Custom properties of a type, and of all.
const PROPERTIES: (usize, usize) = (1_000, 10_000);
/// Custom object types.
const CUSTOM_TYPES: usize = 10;
/// Records of a type; HubSpot's own number depends on the subscription.
const RECORDS: usize = 15_000_000;
/// Records of custom objects together.
const CUSTOM_RECORDS: usize = 2_000_000;
/// Calculated properties.
const CALCULATED: usize = 200;
/// Associations of one record with records of one type.
const ASSOCIATIONS: usize = 50_000;

/// Answers a call below `/crm/limits`.
pub(crate) fn answer(sim: &Simulation, request: &Request, rest: &[&str], grant: &Grant) -> Answer {
    if request.method != "GET" {
        return Err(Refusal::method());
    }
    grant.require(&["oauth"])?;
    let body = match rest {
        ["custom-properties"] => custom_properties(sim),
        ["calculated-properties"] => overall(CALCULATED, 0, &[]),
        ["custom-object-types"] => {
            let used = types(sim).filter(|kind| kind.is_custom()).count();
            json!({ "limit": CUSTOM_TYPES, "usage": used, "percentage": percent(used, CUSTOM_TYPES) })
        }
        ["pipelines"] => {
            let most = sim.world.portal.plan.pipelines();
            by_origin(sim, most, most * CUSTOM_TYPES, |kind| {
                sim.world.portal.pipelines_of(kind).len()
            })
        }
        ["records"] => by_origin(sim, RECORDS, CUSTOM_RECORDS, |kind| {
            let all = sim.world.portal.table(kind).all().iter();
            all.filter(|record| record.archived.is_none()).count()
        }),
        ["associations", "labels"] => labels(sim, request)?,
        ["associations", "records", "from"] => json!({ "results": [] }),
        ["associations", "records", from, "to"] => {
            kind_of(sim, from)?;
            json!({ "results": [] })
        }
        ["associations", "records", from, to] => {
            kind_of(sim, from)?;
            kind_of(sim, to)?;
            json!({
                "limit": ASSOCIATIONS,
                "totalRecordsAtLimit": 0,
                "totalRecordsNearLimit": 0,
                "atLimitFromRecordSamples": [],
                "nearLimitFromRecordSamples": [],
            })
        }
        _ => return Err(Refusal::missing("resource not found")),
    };
    Ok(Reply::ok(body))
}

fn types(sim: &Simulation) -> impl Iterator<Item = Kind> {
    let portal = &sim.world.portal;
    Kind::ALL
        .into_iter()
        .filter(|kind| !kind.is_custom() || portal.live_custom(*kind).is_some())
}

fn percent(used: usize, most: usize) -> f64 {
    used as f64 * 100.0 / most.max(1) as f64
}

fn named(sim: &Simulation, kind: Kind) -> Value {
    let (singular, plural) = match sim.world.portal.custom.get(&kind) {
        Some(custom) => (custom.singular.as_str(), custom.plural.as_str()),
        None => (kind.singular(), kind.plural()),
    };
    json!({
        "objectTypeId": kind.type_id(),
        "singularLabel": singular,
        "pluralLabel": plural,
    })
}

fn line(sim: &Simulation, kind: Kind, used: usize, most: Option<usize>) -> Value {
    let mut line = named(sim, kind);
    line["usage"] = json!(used);
    if let Some(most) = most {
        line["limit"] = json!(most);
        line["percentage"] = json!(percent(used, most));
    }
    line
}

fn overall(most: usize, used: usize, lines: &[Value]) -> Value {
    json!({
        "overallLimit": most,
        "overallUsage": used,
        "overallPercentage": percent(used, most),
        "byObjectType": lines,
    })
}

fn custom_properties(sim: &Simulation) -> Value {
    let used = |kind: Kind| {
        let all = sim.world.portal.schema(kind).all();
        all.filter(|(_, d)| !d.standard && d.archived.is_none())
            .count()
    };
    let lines: Vec<Value> = types(sim)
        .map(|kind| line(sim, kind, used(kind), Some(PROPERTIES.0)))
        .collect();
    overall(PROPERTIES.1, types(sim).map(used).sum(), &lines)
}

/// HubSpot's own types each have their limit, custom ones share one.
fn by_origin(
    sim: &Simulation,
    most: usize,
    custom_most: usize,
    used: impl Fn(Kind) -> usize,
) -> Value {
    let (custom, standard): (Vec<Kind>, Vec<Kind>) = types(sim).partition(|kind| kind.is_custom());
    let standard: Vec<Value> = standard
        .into_iter()
        .map(|kind| line(sim, kind, used(kind), Some(most)))
        .collect();
    let total: usize = custom.iter().map(|kind| used(*kind)).sum();
    let custom: Vec<Value> = custom
        .into_iter()
        .map(|kind| line(sim, kind, used(kind), None))
        .collect();
    json!({
        "hubspotDefinedObjectTypes": standard,
        "customObjectTypes": overall(custom_most, total, &custom),
    })
}

fn labels(sim: &Simulation, request: &Request) -> Result<Value, Refusal> {
    let asked = |name: &str| -> Result<Option<Kind>, Refusal> {
        let text = request.parameter(name).filter(|text| !text.is_empty());
        text.map(|text| kind_of(sim, text)).transpose()
    };
    let (from, to) = (asked("fromObjectTypeId")?, asked("toObjectTypeId")?);
    let mut results = Vec::new();
    for near in types(sim).filter(|kind| from.is_none_or(|from| from == *kind)) {
        for far in types(sim).filter(|kind| to.is_none_or(|to| to == *kind)) {
            let all = sim.world.portal.links.types(near, far);
            let labels: Vec<_> = all
                .iter()
                .filter(|link| link.name.is_some())
                .filter_map(|link| link.label.as_deref())
                .collect();
            if labels.is_empty() {
                continue;
            }
            results.push(json!({
                "fromObjectType": named(sim, near),
                "toObjectType": named(sim, far),
                "allLabels": labels,
                "usage": labels.len(),
                "limit": LABELS_A_PAIR,
                "percentage": percent(labels.len(), LABELS_A_PAIR),
            }));
        }
    }
    Ok(json!({ "results": results }))
}
