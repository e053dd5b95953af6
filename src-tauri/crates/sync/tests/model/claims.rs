//! What a run says of itself, held against the portal while nothing has moved since.

use std::collections::BTreeMap;

use crm::Moment;
use hubspot_sim::Sim;
use serde_json::{Value, json};
use store::{PortalStore, RunKind};
use sync::SyncReport;

use crate::deeds::{PAIRS, TYPES};
use crate::doing::{self, Past};
use crate::portal::{Copy, Portal};

/// A record as the portal has it: what was asked for, and when it changed.
struct Theirs {
    id: String,
    updated_at: Moment,
    properties: BTreeMap<String, Value>,
}

fn theirs(sim: &Sim, kind: &'static str, properties: &[String]) -> Vec<Theirs> {
    let inputs: Vec<Value> = sim
        .ids(kind)
        .into_iter()
        .map(|id| json!({ "id": id }))
        .collect();
    let path = format!("/crm/objects/2026-09/{kind}/batch/read");
    let mut all = Vec::new();
    for inputs in inputs.chunks(100) {
        let body = json!({ "inputs": inputs, "properties": properties });
        let (_, answer) = sim.call("POST", &path, &body);
        for record in answer["results"].as_array().unwrap() {
            all.push(Theirs {
                id: record["id"].as_str().unwrap().to_owned(),
                updated_at: record["updatedAt"].as_str().unwrap().parse().unwrap(),
                properties: serde_json::from_value(record["properties"].clone()).unwrap(),
            });
        }
    }
    all
}

/// Up to when the copy says that it has every change: once read, or read again after the index had
/// time to settle.
fn complete_until(store: &PortalStore, kind: &str, past: &Past) -> Option<Moment> {
    let cursors = store.read(store::change_cursors).unwrap();
    let cursor = cursors
        .into_iter()
        .find(|cursor| cursor.object.as_str() == kind)?;
    Some(if past.search_lagged {
        cursor.settled_until
    } else {
        cursor.fresh_until
    })
}

fn settable(copy: &Copy, kind: &str) -> Vec<String> {
    let sql = format!(
        "SELECT name FROM property_definition WHERE object_type = '{kind}' AND archived = 0 AND calculated = 0"
    );
    copy.rows(&sql).into_iter().flatten().collect()
}

/// Records that changed until the copy says it has every change, and are not here as they are there.
/// Nothing tells of one that came back from the recycle bin until the ids are compared; and where
/// a run was gone on with, or search is behind, the last millisecond belongs to the next run.
pub(crate) fn missed(portal: &Portal, report: &SyncReport) -> Vec<String> {
    let mut wrong = Vec::new();
    let past = portal.past.lock().unwrap();
    for kind in TYPES {
        let Some(until) = complete_until(&portal.copy.store, kind, &past) else {
            continue;
        };
        let sql = format!(
            "SELECT record_id, properties FROM record WHERE object_type = '{kind}' AND archived = 0"
        );
        let ours: BTreeMap<String, BTreeMap<String, Value>> = portal
            .copy
            .rows(&sql)
            .into_iter()
            .map(|row| (row[0].clone(), serde_json::from_str(&row[1]).unwrap()))
            .collect();
        let properties = settable(&portal.copy, kind);
        for theirs in theirs(&portal.sim, kind, &properties) {
            let came_back = past.restored.contains(&(kind, theirs.id.clone()));
            let may_follow = report.kind == RunKind::Resumed || past.search_lagged;
            let followed = may_follow && theirs.updated_at == until;
            if theirs.updated_at > until || came_back || followed {
                continue;
            }
            let Some(ours) = ours.get(&theirs.id) else {
                wrong.push(format!("{kind} {} is not here", theirs.id));
                continue;
            };
            for (name, value) in &theirs.properties {
                // Which properties are read is the sync's to choose.
                let Some(is) = ours.get(name) else { continue };
                let blank = |value: &Value| value.is_null() || value == "";
                if is != value && !(blank(is) && blank(value)) && properties.contains(name) {
                    wrong.push(format!(
                        "{kind} {} {name} is {is} and should be {value}",
                        theirs.id
                    ));
                }
            }
        }
    }
    wrong
}

/// Associations of open deals that are not here as they are there. They are read in every run.
pub(crate) fn unassociated(portal: &Portal) -> Vec<String> {
    let mut wrong = Vec::new();
    let open = "SELECT record_id FROM deal WHERE archived = 0 AND is_closed IS NOT 1";
    let open: Vec<String> = portal.copy.rows(open).into_iter().flatten().collect();
    for pair in PAIRS.into_iter().filter(|pair| pair.0 == "deals") {
        for id in &open {
            let sql = format!(
                "SELECT DISTINCT to_id FROM association WHERE from_type = 'deals' AND from_id = {id} \
                 AND to_type = '{}' ORDER BY 1",
                pair.1
            );
            let ours: Vec<String> = portal.copy.rows(&sql).into_iter().flatten().collect();
            let mut theirs = doing::linked(&portal.sim, pair, id);
            theirs.sort_by_key(|id| id.parse::<u64>().unwrap());
            if ours != theirs && portal.sim.ids("deals").contains(id) {
                wrong.push(format!(
                    "deal {id} belongs to {ours:?} of {pair:?}, not {theirs:?}"
                ));
            }
        }
    }
    wrong
}

/// Counts of the report's own check that are not the copy's, and a check that says all is well where
/// the portal has another number of records.
pub(crate) fn miscounted(portal: &Portal, report: &SyncReport) -> Vec<String> {
    let mut wrong = Vec::new();
    let Some(check) = report
        .reconciliation
        .as_ref()
        .filter(|check| check.is_clean())
    else {
        return wrong;
    };
    for of in &check.objects {
        let kind = of.object.as_str();
        let sql =
            format!("SELECT count(*) FROM record WHERE object_type = '{kind}' AND archived = 0");
        let ours = portal.copy.rows(&sql)[0][0].clone();
        let theirs = portal.sim.ids(kind).len().to_string();
        if ours != theirs {
            wrong.push(format!(
                "{kind}: {ours} here, {theirs} there, and the check is clean: {of:?}"
            ));
        }
    }
    wrong
}
