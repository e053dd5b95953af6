//! Doing what the deeds say to the simulated portal, and keeping what became of its records.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_sim::{Change, Sim};
use serde_json::{Value, json};

use crate::deeds::{Deed, PAIRS, TYPES};

/// A record, by its type's name and its id.
pub(crate) type Name = (&'static str, String);

/// What became of the records that are no longer live.
#[derive(Debug, Default)]
pub(crate) struct Past {
    /// In the recycle bin.
    pub(crate) archived: BTreeSet<Name>,
    /// Merged into another one, which may have been merged since.
    pub(crate) merged: BTreeMap<Name, String>,
    /// Gone without a trace.
    pub(crate) purged: BTreeSet<Name>,
    /// Contacts forgotten for reasons of privacy, under every id that they had.
    pub(crate) forgotten: BTreeSet<Name>,
    /// Came back from the recycle bin, which moves no date.
    pub(crate) restored: BTreeSet<Name>,
    /// Whether search was behind at any time.
    pub(crate) search_lagged: bool,
}

impl Past {
    /// The id that an id leads to.
    pub(crate) fn resolve(&self, kind: &'static str, id: &str) -> String {
        let mut id = id.to_owned();
        while let Some(survivor) = self.merged.get(&(kind, id.clone())) {
            id.clone_from(survivor);
        }
        id
    }

    fn forget(&mut self, id: &str) {
        let leads_here =
            |(kind, old): &&Name| *kind == "contacts" && self.resolve("contacts", old) == id;
        let before: Vec<Name> = self.merged.keys().filter(leads_here).cloned().collect();
        for name in before {
            self.merged.remove(&name);
            self.forgotten.insert(name);
        }
        let name = ("contacts", id.to_owned());
        self.archived.remove(&name);
        self.forgotten.insert(name);
    }
}

fn kind(number: u8) -> &'static str {
    TYPES[usize::from(number) % TYPES.len()]
}

fn pair(number: u8) -> (&'static str, &'static str) {
    PAIRS[usize::from(number) % PAIRS.len()]
}

fn pick<T: Clone>(from: &[T], number: u8) -> Option<T> {
    let length = from.len();
    (length > 0).then(|| from[usize::from(number) % length].clone())
}

/// Properties that people fill in, each with three values. The last two are the portal's own and
/// are not always there.
fn fields(kind: &str) -> [(&'static str, [&'static str; 3]); 4] {
    let own = [
        ("model_a", ["1", "two", ""]),
        ("model_b", ["2026", "x", ""]),
    ];
    let [first, second] = match kind {
        "deals" => [
            ("amount", ["100", "2500.50", ""]),
            ("dealstage", ["qualifiedtobuy", "closedwon", "closedlost"]),
        ],
        "contacts" => [
            ("jobtitle", ["Buyer", "Owner", ""]),
            ("lifecyclestage", ["lead", "customer", ""]),
        ],
        "companies" => [
            ("name", ["Ada", "Bo", ""]),
            ("country", ["France", "Peru", ""]),
        ],
        _ => [
            (
                "hs_timestamp",
                ["2026-01-02T03:04:05Z", "2026-05-06T07:08:09Z", ""],
            ),
            ("hubspot_owner_id", ["1", "2", ""]),
        ],
    };
    [first, second, own[0], own[1]]
}

fn own_property(number: u8) -> &'static str {
    ["model_a", "model_b"][usize::from(number) % 2]
}

/// The numbers of the labels that a pair of types has.
fn labels(sim: &Sim, (from, to): (&str, &str)) -> Vec<u16> {
    let path = format!("/crm/associations/2026-09/{from}/{to}/labels");
    let (_, listed) = sim.call("GET", &path, &Value::Null);
    let listed = listed["results"].as_array().into_iter().flatten();
    let numbers = listed.filter_map(|one| u16::try_from(one["typeId"].as_u64()?).ok());
    numbers.collect()
}

/// What a record is associated with.
pub(crate) fn linked(sim: &Sim, (from, to): (&str, &str), id: &str) -> Vec<String> {
    let path = format!("/crm/associations/2026-09/{from}/{to}/batch/read");
    let (_, answer) = sim.call("POST", &path, &json!({ "inputs": [{ "id": id }] }));
    let found = answer["results"][0]["to"].as_array().into_iter().flatten();
    let ids = found.filter_map(|one| match &one["toObjectId"] {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    });
    ids.collect()
}

const STAGES: &str = "/crm/pipelines/2026-09/deals/default/stages";

fn stages(sim: &Sim) -> Vec<String> {
    let (_, listed) = sim.call("GET", STAGES, &Value::Null);
    let listed = listed["results"].as_array().into_iter().flatten();
    listed
        .filter_map(|one| Some(one["id"].as_str()?.to_owned()))
        .collect()
}

/// Does a deed, and keeps what became of the records that it took away. Deeds that the portal
/// refuses are none.
pub(crate) fn perform(sim: &Sim, past: &mut Past, deed: &Deed) {
    let live = |number: u8, of: &str| pick(&sim.ids(of), number);
    let binned = |past: &Past, number: u8, of: &'static str| {
        let all: Vec<Name> = past
            .archived
            .iter()
            .filter(|(kind, _)| *kind == of)
            .cloned()
            .collect();
        pick(&all, number).map(|(_, id)| id)
    };
    let edit = |of: &str, id: String, field: u8, value: u8| {
        let (property, values) = fields(of)[usize::from(field) % 4];
        Change::SetProperty {
            object_type: of.to_owned(),
            id,
            property: property.to_owned(),
            value: values[usize::from(value) % 3].to_owned(),
            quiet: false,
        }
    };
    match *deed {
        Deed::Create { kind: of } => {
            let of = kind(of);
            let values = fields(of).map(|(name, values)| (name.to_owned(), values[0].into()));
            let properties = values.into_iter().take(2).collect();
            let object_type = of.to_owned();
            let _ = sim.change(&Change::Create {
                object_type,
                properties,
            });
        }
        Deed::Edit {
            kind: of,
            record,
            field,
            value,
        } => {
            if let Some(id) = live(record, kind(of)) {
                let _ = sim.change(&edit(kind(of), id, field, value));
            }
        }
        Deed::EditTwice {
            kind: of,
            record,
            field,
        } => {
            for value in 0..2 {
                if let Some(id) = live(record, kind(of)) {
                    let _ = sim.change(&edit(kind(of), id, field, value));
                }
            }
        }
        Deed::Flood {
            kind: of,
            field,
            value,
            percent,
        } => {
            let (property, values) = fields(kind(of))[usize::from(field) % 4];
            let _ = sim.change(&Change::BulkEdit {
                object_type: kind(of).to_owned(),
                property: property.to_owned(),
                value: values[usize::from(value) % 3].to_owned(),
                percent: percent.into(),
            });
        }
        Deed::Touch { kind: of, record } => {
            if let Some(id) = live(record, kind(of)) {
                let object_type = kind(of).to_owned();
                let _ = sim.change(&Change::Touch { object_type, id });
            }
        }
        Deed::Archive { kind: of, record } => {
            if let Some(id) = live(record, kind(of)) {
                let object_type = kind(of).to_owned();
                sim.change(&Change::Archive {
                    object_type,
                    id: id.clone(),
                })
                .unwrap();
                past.restored.remove(&(kind(of), id.clone()));
                past.archived.insert((kind(of), id));
            }
        }
        Deed::Restore { kind: of, record } => {
            if let Some(id) = binned(past, record, kind(of)) {
                let object_type = kind(of).to_owned();
                sim.change(&Change::Restore {
                    object_type,
                    id: id.clone(),
                })
                .unwrap();
                let name = (kind(of), id);
                past.archived.remove(&name);
                past.restored.insert(name);
            }
        }
        Deed::Purge { kind: of, record } => {
            if let Some(id) = binned(past, record, kind(of)) {
                let object_type = kind(of).to_owned();
                sim.change(&Change::Purge {
                    object_type,
                    id: id.clone(),
                })
                .unwrap();
                let name = (kind(of), id);
                past.archived.remove(&name);
                past.purged.insert(name);
            }
        }
        Deed::Forget { record } => {
            let bin = past.archived.iter().filter(|(of, _)| *of == "contacts");
            let mut all: Vec<String> = bin.map(|(_, id)| id.clone()).collect();
            all.extend(sim.ids("contacts"));
            if let Some(id) = pick(&all, record) {
                sim.change(&Change::GdprDelete { id: id.clone() }).unwrap();
                past.forget(&id);
            }
        }
        Deed::Merge {
            kind: of,
            record,
            other,
            keeps_id,
        } => {
            let of = kind(of);
            let (Some(id), Some(other)) = (live(record, of), live(other, of)) else {
                return;
            };
            let merge = Change::Merge {
                object_type: of.to_owned(),
                id: id.clone(),
                other: other.clone(),
                keeps_id,
            };
            // A record is not merged with itself.
            if let Ok(answer) = sim.change(&merge) {
                let survivor = answer["id"].as_str().unwrap();
                for old in [id, other].into_iter().filter(|old| old != survivor) {
                    past.merged.insert((of, old), survivor.to_owned());
                }
            }
        }
        Deed::Associate {
            pair: of,
            from,
            to,
            label,
        } => {
            let (from_type, to_type) = pair(of);
            let (Some(from_id), Some(to_id)) = (live(from, from_type), live(to, to_type)) else {
                return;
            };
            let _ = sim.change(&Change::Associate {
                from_type: from_type.to_owned(),
                from_id,
                to_type: to_type.to_owned(),
                to_id,
                type_id: pick(&labels(sim, pair(of)), label),
            });
        }
        Deed::Disassociate { pair: of, from, to } => {
            let (from_type, to_type) = pair(of);
            let Some(from_id) = live(from, from_type) else {
                return;
            };
            if let Some(to_id) = pick(&linked(sim, pair(of), &from_id), to) {
                let _ = sim.change(&Change::Disassociate {
                    from_type: from_type.to_owned(),
                    from_id,
                    to_type: to_type.to_owned(),
                    to_id,
                });
            }
        }
        Deed::AddLabel { pair: of } => {
            let (from, to) = pair(of);
            let path = format!("/crm/associations/2026-09/{from}/{to}/labels");
            sim.call("POST", &path, &json!({ "name": "model", "label": "Model" }));
        }
        Deed::RemoveLabel { pair: of } => {
            let (from, to) = pair(of);
            if let Some(last) = labels(sim, (from, to)).into_iter().max() {
                let path = format!("/crm/associations/2026-09/{from}/{to}/labels/{last}");
                sim.call("DELETE", &path, &Value::Null);
            }
        }
        Deed::AddProperty { kind: of, property } => {
            let singular = match kind(of) {
                "companies" => "company",
                plural => plural.trim_end_matches('s'),
            };
            let body = json!({
                "name": own_property(property), "label": "Model", "type": "string",
                "fieldType": "text", "groupName": format!("{singular}information"),
            });
            sim.call(
                "POST",
                &format!("/crm/properties/2026-09/{}", kind(of)),
                &body,
            );
        }
        Deed::ArchiveProperty { kind: of, property } => {
            let name = own_property(property);
            let path = format!("/crm/properties/2026-09/{}/{name}", kind(of));
            sim.call("DELETE", &path, &Value::Null);
        }
        Deed::Retype {
            kind: of,
            property,
            to,
        } => {
            let (value_type, field_type) =
                [("number", "number"), ("string", "text")][usize::from(to) % 2];
            sim.control(
                "POST",
                "retype",
                &json!({
                    "objectType": kind(of), "property": own_property(property),
                    "type": value_type, "fieldType": field_type,
                }),
            );
        }
        Deed::AddStage => {
            let body = json!({
                "label": format!("Stage {}", stages(sim).len()), "displayOrder": 1,
                "metadata": { "probability": "0.5" },
            });
            sim.call("POST", STAGES, &body);
        }
        Deed::RemoveStage { stage } => {
            if let Some(id) = pick(&stages(sim), stage) {
                sim.call("DELETE", &format!("{STAGES}/{id}"), &Value::Null);
            }
        }
        Deed::MoveStage { stage, to } => {
            if let Some(id) = pick(&stages(sim), stage) {
                let body = json!({ "displayOrder": to, "metadata": { "probability": "0.3" } });
                sim.call("PATCH", &format!("{STAGES}/{id}"), &body);
            }
        }
        Deed::Wait(time) => wait(sim, time.millis()),
        Deed::SearchLag { seconds } => {
            past.search_lagged |= seconds > 0;
            sim.control("POST", "search-lag", &json!({ "seconds": seconds }));
        }
    }
}

/// Moves the world's clock on.
pub(crate) fn wait(sim: &Sim, millis: i64) {
    #[allow(clippy::cast_precision_loss, reason = "days at most")]
    let seconds = millis as f64 / 1_000.0;
    sim.control("POST", "advance", &json!({ "seconds": seconds }));
}
