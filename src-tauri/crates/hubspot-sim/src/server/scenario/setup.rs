//! What happens when a scenario is switched on.

use serde_json::{Value, json};

use super::super::changes::{self, Change, ChangeError};
use super::super::control;
use super::super::faults::Fault;
use super::super::refusal::Refusal;
use super::super::simulation::Simulation;
use super::hooks::{PAGE, handwritten};
use super::quirks::Closed;
use super::{Scenario, Settings};
use crate::portal::definition::Definition;
use crate::portal::kind::Kind;
use crate::portal::property as p;
use crate::portal::value::Value as Kept;

type Done = Result<Value, ChangeError>;

/// The property that scenarios define, archive or retype.
const OWN_PROPERTY: &str = "scenario_note";

/// Switches a scenario on.
pub(super) fn switch_on(sim: &mut Simulation, scenario: Scenario, set: &Settings) -> Done {
    let size = |usual: usize| set.size.unwrap_or(usual);
    let times = |usual: u64| set.times.unwrap_or(usual);
    match scenario {
        Scenario::ShortPages => sim.short_pages = true,
        Scenario::EmptyPages => sim.quirks.empty_pages = true,
        Scenario::RepeatedCursor => sim.quirks.repeated_cursors = times(1),
        Scenario::IdsAsText => sim.world.portal.ids_as_text = true,
        Scenario::SearchCap => sim.quirks.search_cap = Some(size(10_000)),
        Scenario::AroundWindow => {
            sim.quirks.wide_windows = true;
            sim.quirks.edits_in_flight = times(3);
        }
        Scenario::SearchLag | Scenario::UnevenSearchLag => {
            sim.search_lag = set.seconds.unwrap_or(300) * 1_000;
            sim.quirks.uneven_lag = scenario == Scenario::UnevenSearchLag;
        }
        Scenario::EpochFails => sim.quirks.epoch_fails = true,
        Scenario::BadTokenStatus => sim.quirks.bad_token_page = true,
        Scenario::SecondlyLimit => limit(sim, set, "SECONDLY", "secondly", Some(times(2))),
        Scenario::TenSecondlyLimit => {
            let name = "ten_secondly_rolling";
            limit(sim, set, "TEN_SECONDLY_ROLLING", name, Some(times(2)));
        }
        Scenario::DailyLimit => limit(sim, set, "DAILY", "daily", set.times),
        Scenario::AccountMoving => fault(
            sim,
            set,
            477,
            json!({ "status": "error",
            "message": "This account is being moved between data hosting locations." }),
        ),
        Scenario::CloudflarePage => fault(sim, set, 520, PAGE.into()),
        Scenario::RecordLocked => {
            let body = json!({ "status": "error", "category": "LOCKED", "message": "locked" });
            let mut locked = Fault::answering(423, body);
            locked.contains = Some("/batch/".to_owned());
            locked.method = Some("POST".to_owned());
            locked.times = Some(times(1));
            sim.faults.add(locked);
        }
        Scenario::LongAddress => sim.quirks.longest_address = Some(size(2_000)),
        Scenario::ShortHistory => sim.world.portal.history_cap = Some(size(2).max(1)),
        Scenario::AssociationPages => sim.quirks.association_page = Some(size(2).max(1)),
        Scenario::RecordIdsAsNumbers => sim.quirks.record_ids_as_numbers = true,
        Scenario::AssociationIdsAsNumbers => sim.quirks.association_ids_as_numbers = true,
        Scenario::TokenExpires => {
            sim.quirks.expire_at_call = Some(sim.quirks.calls + set.every.unwrap_or(3));
        }
        Scenario::BusyPortal => {
            sim.quirks.busy = Some((kind(sim, set, "contacts")?, set.every.unwrap_or(3)));
        }
        Scenario::ChangedBetweenReads => {
            sim.quirks.edits_after_list = Some((kind(sim, set, "deals")?, times(3)));
        }
        Scenario::ScopeMissing | Scenario::PlanMissing => {
            let why = if scenario == Scenario::ScopeMissing {
                Closed::Scope
            } else {
                Closed::Plan
            };
            let kind = kind(sim, set, "companies")?;
            sim.quirks.closed.push((kind, why));
        }
        Scenario::PropertyAdded | Scenario::PropertyDeleted | Scenario::PropertyRetyped => {
            return property(sim, scenario, set);
        }
        Scenario::StageRemoved
        | Scenario::StageRenamed
        | Scenario::PipelineRemoved
        | Scenario::PipelineTouched => return pipeline(sim, scenario, set),
        Scenario::OwnerArchived => {
            let owners = &mut sim.world.portal.owners;
            let wanted = |id: String| set.property.as_ref().is_none_or(|own| *own == id);
            let owner = owners
                .iter_mut()
                .find(|o| !o.archived && wanted(o.id.to_string()));
            let owner = owner.ok_or(ChangeError::Record)?;
            owner.archived = true;
            return Ok(json!({ "id": owner.id.to_string() }));
        }
        _ => return records(sim, scenario, set),
    }
    Ok(json!({ "on": scenario.name() }))
}

fn kind(sim: &Simulation, set: &Settings, usual: &str) -> Result<Kind, ChangeError> {
    let name = set.object_type.as_deref().unwrap_or(usual);
    sim.world.portal.kind(name).ok_or(ChangeError::ObjectType)
}

fn live(sim: &Simulation, kind: Kind) -> Vec<u64> {
    let all = sim.world.portal.table(kind).all().iter();
    let live = all.filter(|record| record.archived.is_none());
    live.map(|record| record.id).collect()
}

/// The record that a scenario is about, and the live ones after it.
fn chosen(sim: &Simulation, kind: Kind, set: &Settings) -> Result<Vec<String>, ChangeError> {
    let from = match &set.id {
        Some(id) => id.parse().map_err(|_| ChangeError::Record)?,
        None => 0,
    };
    let ids = live(sim, kind).into_iter().filter(|id| *id >= from);
    let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
    if ids.is_empty() {
        Err(ChangeError::Record)
    } else {
        Ok(ids)
    }
}

fn fault(sim: &mut Simulation, set: &Settings, status: u16, body: Value) {
    let mut fault = Fault::answering(status, body);
    fault.path = Some("/crm".to_owned());
    fault.times = Some(set.times.unwrap_or(1));
    fault.retry_after = set.retry_after;
    sim.faults.add(fault);
}

fn limit(sim: &mut Simulation, set: &Settings, policy: &str, words: &str, times: Option<u64>) {
    let message = format!("You have reached your {words} limit.");
    let group = format!("publicapi:{words}:{}", sim.world.portal.id);
    let mut fault = Fault::answering(429, Refusal::rate(policy, &message, &group).body);
    fault.path = Some("/crm".to_owned());
    fault.contains = (policy == "SECONDLY").then(|| "/search".to_owned());
    fault.times = times;
    fault.retry_after = set.retry_after;
    sim.faults.add(fault);
}

fn put(kind: Kind, id: &str, property: &str, value: &str, quiet: bool) -> Change {
    Change::SetProperty {
        object_type: kind.type_id().to_owned(),
        id: id.to_owned(),
        property: property.to_owned(),
        value: value.to_owned(),
        quiet,
    }
}

/// Scenarios that do something to records.
fn records(sim: &mut Simulation, scenario: Scenario, set: &Settings) -> Done {
    let usual = match scenario {
        Scenario::EmailsAreDeleted => "emails",
        Scenario::SameMillisecond | Scenario::PrivacyDeletion | Scenario::MergedVidsMissIds => {
            "contacts"
        }
        _ => "deals",
    };
    let kind = kind(sim, set, usual)?;
    let ids = chosen(sim, kind, set)?;
    let first = ids.first().cloned().ok_or(ChangeError::Record)?;
    let at = |place: usize| ids.get(place).cloned().ok_or(ChangeError::Record);
    let object_type = kind.type_id().to_owned();
    let archive = Change::Archive {
        object_type: object_type.clone(),
        id: first.clone(),
    };
    let done = json!({ "id": first });
    match scenario {
        Scenario::SameMillisecond => {
            let now = sim.clock.now();
            let ids = ids.iter().take(set.size.unwrap_or(usize::MAX));
            let mut touched = 0;
            for id in ids.filter_map(|id| id.parse().ok()) {
                if let Some(record) = sim.world.portal.table_mut(kind).get_mut(id) {
                    record.modified = now;
                    touched += 1;
                }
            }
            return Ok(json!({ "touched": touched, "at": now }));
        }
        Scenario::ArchiveKeepsDate | Scenario::EmailsAreDeleted => {
            changes::make(sim, &archive)?;
        }
        Scenario::PurgedAfterNinetyDays => {
            changes::make(sim, &archive)?;
            control::advance(sim, 91.0, 0.0);
        }
        Scenario::MergedIntoNew | Scenario::MergedIntoFirst => {
            let keeps_id = scenario == Scenario::MergedIntoFirst;
            let other = at(1)?;
            let merge = Change::Merge {
                object_type,
                id: first.clone(),
                other: other.clone(),
                keeps_id,
            };
            let made = changes::make(sim, &merge)?;
            return Ok(json!({ "id": made["id"], "gone": [first, other] }));
        }
        Scenario::MergedVidsMissIds => {
            let (second, third) = (at(1)?, at(2)?);
            let merge = |id: &str, other: &str| Change::Merge {
                object_type: object_type.clone(),
                id: id.to_owned(),
                other: other.to_owned(),
                keeps_id: false,
            };
            let made = changes::make(sim, &merge(&second, &third))?;
            let between = made["id"].as_str().unwrap_or_default().to_owned();
            let made = changes::make(sim, &merge(&first, &between))?;
            return Ok(json!({ "id": made["id"], "gone": [first, second, third, between] }));
        }
        Scenario::PrivacyDeletion => {
            changes::make(sim, &Change::GdprDelete { id: first })?;
        }
        Scenario::CalculatedUnseen | Scenario::ClearedValue | Scenario::OddNumbers => {
            let quiet = scenario == Scenario::CalculatedUnseen;
            let (usual, value) = match (scenario, kind) {
                (Scenario::ClearedValue, _) => (handwritten(kind), ""),
                (_, Kind::Deals) => ("amount", if quiet { "4711" } else { "1;2;3" }),
                (_, Kind::Companies) => ("annualrevenue", if quiet { "4711" } else { "1;2;3" }),
                _ => (
                    "num_conversion_events",
                    if quiet { "4711" } else { "1;2;3" },
                ),
            };
            let property = set.property.as_deref().unwrap_or(usual);
            let value = set.value.as_deref().unwrap_or(value);
            changes::make(sim, &put(kind, &first, property, value, quiet))?;
        }
        Scenario::OddDates => {
            let spellings = ["1790000000000", "1790000000000.0", "2026-09-21T13:33:20Z"];
            for (id, spelling) in ids.iter().zip(spellings) {
                raw_date(sim, kind, id, set.property.as_deref(), spelling)?;
            }
            return Ok(json!({ "ids": ids.iter().take(spellings.len()).collect::<Vec<_>>() }));
        }
        Scenario::BulkEdit => {
            let edit = Change::BulkEdit {
                object_type,
                property: set
                    .property
                    .clone()
                    .unwrap_or_else(|| handwritten(kind).to_owned()),
                value: set
                    .value
                    .clone()
                    .unwrap_or_else(|| "Edited together".to_owned()),
                percent: u32::try_from(set.size.unwrap_or(1)).unwrap_or(100),
            };
            return changes::make(sim, &edit);
        }
        Scenario::ManyAssociations | Scenario::AssociationUnseen => {
            return associate(sim, scenario, set, &first);
        }
        _ => return Err(ChangeError::Scenario),
    }
    Ok(done)
}

/// A date in a spelling that no definition allows, as real portals hold them.
fn raw_date(
    sim: &mut Simulation,
    kind: Kind,
    id: &str,
    property: Option<&str>,
    spelling: &str,
) -> Result<(), ChangeError> {
    let portal = &mut sim.world.portal;
    let prop = property.map_or(Some(p::CLOSEDATE), |name| portal.names.find(name));
    let prop = prop.ok_or(ChangeError::Property)?;
    let value = Kept::Text(portal.strings.keep(spelling));
    let now = sim.clock.now();
    let id = id.parse().map_err(|_| ChangeError::Record)?;
    let record = sim.world.portal.table_mut(kind).get_mut(id);
    let record = record.ok_or(ChangeError::Record)?;
    record.place(prop, value);
    record.modified = now;
    Ok(())
}

/// Deals get contacts: many, some of them twice; or one that comes while another goes.
fn associate(sim: &mut Simulation, scenario: Scenario, set: &Settings, deal: &str) -> Done {
    let number = deal.parse().map_err(|_| ChangeError::Record)?;
    let linked = sim.world.portal.table(Kind::Deals).get(number);
    let linked = linked.ok_or(ChangeError::Record)?.linked(Kind::Contacts);
    let fresh: Vec<u64> = live(sim, Kind::Contacts)
        .into_iter()
        .filter(|id| !linked.contains(id))
        .collect();
    let pair = |id: u64, type_id: Option<u16>| Change::Associate {
        from_type: "deals".to_owned(),
        from_id: deal.to_owned(),
        to_type: "contacts".to_owned(),
        to_id: id.to_string(),
        type_id,
    };
    if scenario == Scenario::AssociationUnseen {
        let new = *fresh.first().ok_or(ChangeError::Record)?;
        changes::make(sim, &pair(new, None))?;
        if let Some(old) = linked.first() {
            let end = Change::Disassociate {
                from_type: "deals".to_owned(),
                from_id: deal.to_owned(),
                to_type: "contacts".to_owned(),
                to_id: old.to_string(),
            };
            changes::make(sim, &end)?;
        }
        let gone = linked.first().map(u64::to_string);
        return Ok(json!({ "id": deal, "came": new.to_string(), "went": gone }));
    }
    let labels = sim.world.portal.links.types(Kind::Deals, Kind::Contacts);
    let label = labels.get(1).map(|link| link.id);
    for (place, id) in fresh.iter().take(set.size.unwrap_or(120)).enumerate() {
        changes::make(sim, &pair(*id, None))?;
        if place % 3 == 0 && label.is_some() {
            changes::make(sim, &pair(*id, label))?;
        }
    }
    Ok(json!({ "id": deal }))
}

fn property(sim: &mut Simulation, scenario: Scenario, set: &Settings) -> Done {
    let kind = kind(sim, set, "deals")?;
    let name = set
        .property
        .clone()
        .unwrap_or_else(|| OWN_PROPERTY.to_owned());
    let now = sim.clock.now();
    let portal = &mut sim.world.portal;
    let prop = portal.names.keep(&name);
    if portal.schema(kind).live(prop).is_none() {
        let group = portal
            .schema(kind)
            .groups
            .first()
            .map(|group| group.name.clone());
        let group = group.ok_or(ChangeError::Property)?;
        let mut definition = Definition::plain(&name, "Scenario note", "string", "text", &group);
        (definition.created, definition.updated) = (Some(now), Some(now));
        portal.schema_mut(kind).add(prop, definition);
    }
    let first = chosen(sim, kind, set)?.remove(0);
    let value = set.value.as_deref().unwrap_or("12 or so");
    if scenario == Scenario::PropertyAdded {
        changes::make(sim, &put(kind, &first, &name, value, false))?;
    }
    let portal = &mut sim.world.portal;
    let definition = portal
        .schema_mut(kind)
        .get_mut(prop)
        .ok_or(ChangeError::Property)?;
    match scenario {
        Scenario::PropertyDeleted => definition.archived = Some(now),
        Scenario::PropertyRetyped => {
            "number".clone_into(&mut definition.value_type);
            "number".clone_into(&mut definition.field_type);
            definition.updated = Some(now);
        }
        _ => {}
    }
    Ok(json!({ "property": name, "id": first }))
}

fn pipeline(sim: &mut Simulation, scenario: Scenario, set: &Settings) -> Done {
    let now = sim.clock.now();
    let label = set.value.clone().unwrap_or_else(|| "Renamed".to_owned());
    let wanted = set.property.clone();
    let pipelines = &mut sim.world.portal.pipelines;
    let is = |id: &str| wanted.as_deref().is_none_or(|own| own == id);
    match scenario {
        Scenario::PipelineRemoved => {
            // The first one cannot be deleted.
            let place = pipelines
                .iter()
                .skip(1)
                .position(|pipeline| is(&pipeline.id));
            let gone = pipelines.remove(place.ok_or(ChangeError::Record)? + 1);
            Ok(json!({ "id": gone.id }))
        }
        Scenario::PipelineTouched => {
            let pipeline = pipelines.iter_mut().find(|pipeline| is(&pipeline.id));
            let pipeline = pipeline.ok_or(ChangeError::Record)?;
            pipeline.label = label;
            pipeline.updated = now;
            let id = pipeline.id.clone();
            let word = sim.world.portal.strings.keep(&id);
            let mut touched = 0;
            for deal in sim.world.portal.table_mut(Kind::Deals).all_mut() {
                let inside = deal.value(p::PIPELINE) == Some(Kept::Text(word));
                if inside && deal.archived.is_none() {
                    deal.modified = now;
                    touched += 1;
                }
            }
            Ok(json!({ "id": id, "touched": touched }))
        }
        _ => {
            for pipeline in pipelines {
                if let Some(place) = pipeline.stages.iter().position(|stage| is(&stage.id)) {
                    pipeline.updated = now;
                    let id = pipeline.stages[place].id.clone();
                    if scenario == Scenario::StageRemoved {
                        pipeline.stages.remove(place);
                    } else {
                        pipeline.stages[place].label = label;
                    }
                    return Ok(json!({ "id": id }));
                }
            }
            Err(ChangeError::Record)
        }
    }
}
