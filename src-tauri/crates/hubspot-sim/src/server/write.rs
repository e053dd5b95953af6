//! Writes to records: checked values applied and entered into the ledger.

use crm::Moment;
use serde_json::Value;

use super::auth::Grant;
use super::exchange::{Reply, Request};
use super::objects::{find, in_bin};
use super::records::{View, render};
use super::refusal::{Answer, Refusal};
use super::simulation::{Simulation, Written};
pub(crate) use super::unique::{check_unique, is_unique};
use super::values::{Draft, check_compulsory, check_compulsory_new};
use crate::portal::kind::Kind;
use crate::portal::links;
use crate::portal::record::{Record, Source, SourceKind, Stamp};
use crate::portal::value::Value as Kept;

/// What the app's writes are stamped with.
const APP: Source = Source {
    kind: SourceKind::Integration,
    number: 900,
};

/// Writes a draft to a record and shows the record.
pub(crate) fn apply(
    sim: &mut Simulation,
    kind: Kind,
    id: u64,
    draft: &Draft,
    grant: &Grant,
    call: &'static str,
) -> Option<Value> {
    let now = sim.clock.now();
    let mut entries = Vec::new();
    for (prop, name, value) in &draft.0 {
        let portal = &mut sim.world.portal;
        let record = portal.table(kind).get(id)?;
        let old = record.value(*prop);
        let spell = |value: Kept| value.spell(&portal.strings).into_owned();
        entries.push(Written {
            at: now,
            call,
            object_type: kind.plural(),
            id: id.to_string(),
            property: name.clone(),
            old: old.map(spell),
            new: Some(spell(*value)),
        });
        // A value that is there already leaves no new version and no new modified date.
        if old != Some(*value)
            && let Some(record) = portal.table_mut(kind).get_mut(id)
        {
            record.change(Stamp::new(now, *prop, *value, APP));
        }
    }
    for entry in entries {
        sim.record(entry);
    }
    let portal = &sim.world.portal;
    let names: Vec<String> = draft.0.iter().map(|(_, name, _)| name.clone()).collect();
    let view = View::new(portal, kind, &names, &[], grant);
    portal
        .table(kind)
        .get(id)
        .map(|record| render(portal, kind, record, &view, now))
}

/// `PATCH` of one record. Unlike a batch it follows a merged-away id.
pub(crate) fn change_one(
    sim: &mut Simulation,
    request: &Request,
    kind: Kind,
    id: &str,
    grant: &Grant,
    strict: bool,
) -> Answer {
    let found = find(sim, kind, id, request.parameter("idProperty"))?
        .filter(|record| record.archived.is_none())
        .map(|record| record.id)
        .ok_or_else(|| Refusal::missing("Object not found.  objectId are usually numeric."))?;
    let body = request.body()?;
    let draft = check_change(sim, kind, &body, found, strict)?;
    apply(sim, kind, found, &draft, grant, "update")
        .map(Reply::ok)
        .ok_or_else(|| Refusal::missing("Object not found."))
}

/// Checks an input that is to change a record that is there. With `strict`, rules that an
/// administrator set hold.
fn check_change(
    sim: &mut Simulation,
    kind: Kind,
    input: &Value,
    found: u64,
    strict: bool,
) -> Result<Draft, Refusal> {
    let mut faults = Vec::new();
    let draft = Draft::read(
        &mut sim.world.portal,
        kind,
        &input["properties"],
        &mut faults,
    );
    check_unique(sim, kind, &draft, Some(found), &mut faults)?;
    if !faults.is_empty() {
        return Err(Refusal::invalid_properties(&faults));
    }
    if strict {
        check_compulsory(sim, kind, &[&found.to_string()])?;
    }
    Ok(draft)
}

/// Checks an input that is to become a record. With `strict`, rules that an administrator set hold.
pub(crate) fn check_new(
    sim: &mut Simulation,
    kind: Kind,
    input: &Value,
    strict: bool,
) -> Result<Draft, Refusal> {
    let mut faults = Vec::new();
    let draft = Draft::read(
        &mut sim.world.portal,
        kind,
        &input["properties"],
        &mut faults,
    );
    check_unique(sim, kind, &draft, None, &mut faults)?;
    if !faults.is_empty() {
        return Err(Refusal::invalid_properties(&faults));
    }
    let has = |name: &str| {
        let mut all = draft.0.iter();
        all.any(|(_, known, value)| known == name && *value != Kept::Cleared)
    };
    let portal = &sim.world.portal;
    let required: Vec<&str> = match kind {
        _ if kind.is_activity() => vec!["hs_timestamp"],
        Kind::Tickets => vec!["hs_pipeline_stage"],
        Kind::Leads => vec!["hs_lead_name"],
        Kind::Machines | Kind::Own(_) => portal
            .live_custom(kind)
            .map(|custom| custom.required.iter().map(String::as_str).collect())
            .unwrap_or_default(),
        _ => Vec::new(),
    };
    let lacking: Vec<&str> = required.into_iter().filter(|name| !has(name)).collect();
    if !lacking.is_empty() {
        return Err(Refusal::invalid(&format!(
            "Some required properties were not set: [{}]",
            lacking.join(", ")
        )));
    }
    if strict {
        check_compulsory_new(sim, kind, &draft)?;
    }
    Ok(draft)
}

/// What an input of an upsert leads to: the record that is there, its draft, and the input with the
/// property that it goes by.
pub(crate) fn check_upsert(
    sim: &mut Simulation,
    kind: Kind,
    input: &Value,
    id: &str,
    strict: bool,
) -> Result<(Option<u64>, Draft, Value), Refusal> {
    let by = input["idProperty"].as_str().filter(|name| !name.is_empty());
    let found = find(sim, kind, id, by)?
        .filter(|record| record.archived.is_none())
        .map(|record| record.id);
    let mut input = input.clone();
    let Some(found) = found else {
        match by {
            Some(name) => input["properties"][name] = Value::from(id),
            None => return Err(Refusal::missing("Object not found.")),
        }
        let draft = check_new(sim, kind, &input, strict)?;
        return Ok((None, draft, input));
    };
    let draft = check_change(sim, kind, &input, found, strict)?;
    Ok((Some(found), draft, input))
}

/// Makes a record of a checked input, with its associations.
pub(crate) fn make(
    sim: &mut Simulation,
    kind: Kind,
    input: &Value,
    draft: &Draft,
    grant: &Grant,
) -> Result<Value, Refusal> {
    let now = sim.clock.now();
    let wanted = wanted_links(sim, kind, input)?;
    let portal = &mut sim.world.portal;
    let id = portal.table_mut(kind).take_id();
    let record = Record::new(id, now, APP);
    portal.table_mut(kind).push(record);
    for (link, to) in wanted {
        sim.world.portal.connect(&link, id, to);
    }
    apply(sim, kind, id, draft, grant, "create")
        .ok_or_else(|| Refusal::missing("Object not found."))
}

fn wanted_links(
    sim: &Simulation,
    kind: Kind,
    input: &Value,
) -> Result<Vec<(links::LinkType, u64)>, Refusal> {
    let mut wanted = Vec::new();
    for association in input["associations"].as_array().into_iter().flatten() {
        let to = &association["to"]["id"];
        let to = to
            .as_str()
            .and_then(|id| id.parse().ok())
            .or(to.as_u64())
            .unwrap_or(0);
        for asked in association["types"].as_array().into_iter().flatten() {
            let number = asked["associationTypeId"]
                .as_u64()
                .and_then(|id| u16::try_from(id).ok());
            let link = sim
                .world
                .portal
                .links
                .from(kind, number.unwrap_or(0))
                .ok_or_else(|| Refusal::invalid("No such association type."))?;
            if sim.world.portal.table(link.to).get(to).is_none() {
                return Err(Refusal::missing(
                    "One of the associated objects does not exist.",
                ));
            }
            wanted.push((link, to));
        }
    }
    Ok(wanted)
}

/// `POST` of one record.
pub(crate) fn create(
    sim: &mut Simulation,
    request: &Request,
    kind: Kind,
    grant: &Grant,
    strict: bool,
) -> Answer {
    let input = request.body()?;
    let draft = check_new(sim, kind, &input, strict)?;
    make(sim, kind, &input, &draft, grant).map(|shown| Reply::json(201, shown))
}

/// Moves records to the recycle bin; e-mails are deleted for good.
pub(crate) fn archive(sim: &mut Simulation, kind: Kind, ids: &[String]) {
    let now = sim.clock.now();
    for id in ids.iter().filter_map(|id| id.parse::<u64>().ok()) {
        let Some(record) = sim.world.portal.table_mut(kind).get_mut(id) else {
            continue;
        };
        if record.archived.is_some() {
            continue;
        }
        record.archived = Some(now);
        if kind == Kind::Emails {
            sim.world.portal.purge(kind, id);
        }
        sim.record(deed(now, "archive", kind, id, None));
    }
}

/// One entry of the ledger for a whole record.
pub(crate) fn deed(
    at: Moment,
    call: &'static str,
    kind: Kind,
    id: u64,
    new: Option<String>,
) -> Written {
    let property = format!("({call})");
    Written {
        at,
        call,
        object_type: kind.plural(),
        id: id.to_string(),
        property,
        old: None,
        new,
    }
}

/// Counts of a type's records, for the control address.
pub(crate) fn counts(sim: &Simulation, kind: Kind) -> (usize, usize) {
    let now = sim.clock.now();
    let all = sim.world.portal.table(kind).all();
    let live = all
        .iter()
        .filter(|record| record.archived.is_none())
        .count();
    (
        live,
        all.iter().filter(|record| in_bin(record, now)).count(),
    )
}
