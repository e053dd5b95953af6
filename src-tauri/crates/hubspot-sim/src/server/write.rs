//! Writes to records: checked values applied and entered into the ledger.

use crm::Moment;
use serde_json::Value;

use super::auth::Grant;
use super::exchange::{Reply, Request};
use super::objects::{find, in_bin};
use super::records::{View, render};
use super::refusal::{Answer, Refusal};
use super::simulation::{Simulation, Written};
use super::values::{Draft, check_compulsory};
use crate::portal::Portal;
use crate::portal::kind::Kind;
use crate::portal::links;
use crate::portal::property as p;
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
    let body = request
        .json()
        .ok_or_else(|| Refusal::invalid("Invalid input JSON"))?;
    let mut faults = Vec::new();
    let draft = Draft::read(
        &mut sim.world.portal,
        kind,
        &body["properties"],
        &mut faults,
    );
    if !faults.is_empty() {
        return Err(Refusal::invalid_properties(&faults));
    }
    if strict {
        check_compulsory(sim, kind, &[&found.to_string()])?;
    }
    apply(sim, kind, found, &draft, grant, "update")
        .map(Reply::ok)
        .ok_or_else(|| Refusal::missing("Object not found."))
}

/// The contact with this address.
pub(crate) fn contact_by_email<'a>(portal: &'a Portal, email: &str) -> Option<&'a Record> {
    let wanted = email.to_lowercase();
    portal.table(Kind::Contacts).all().iter().find(|record| {
        record.archived.is_none()
            && record
                .value(p::EMAIL)
                .is_some_and(|value| value.spell(&portal.strings).to_lowercase() == wanted)
    })
}

/// Checks an input that is to become a record.
pub(crate) fn check_new(sim: &mut Simulation, kind: Kind, input: &Value) -> Result<Draft, Refusal> {
    let portal = &mut sim.world.portal;
    let mut faults = Vec::new();
    let draft = Draft::read(portal, kind, &input["properties"], &mut faults);
    if !faults.is_empty() {
        return Err(Refusal::invalid_properties(&faults));
    }
    if kind.is_activity() && !draft.0.iter().any(|(prop, ..)| *prop == p::HS_TIMESTAMP) {
        return Err(Refusal::invalid(
            "Some required properties were not set: [hs_timestamp]",
        ));
    }
    // Contacts are told apart by their address; companies and deals made by the API never are.
    if kind == Kind::Contacts
        && let Some(email) = input["properties"]["email"].as_str()
        && let Some(twin) = contact_by_email(portal, email)
    {
        return Err(Refusal::conflict(&format!(
            "Contact already exists. Existing ID: {}",
            twin.id
        )));
    }
    Ok(draft)
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
        sim.world.portal.connect(link, id, to);
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
            let link = Kind::ALL
                .into_iter()
                .find_map(|other| links::find(kind, other, number.unwrap_or(0)))
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
pub(crate) fn create(sim: &mut Simulation, request: &Request, kind: Kind, grant: &Grant) -> Answer {
    let input = request
        .json()
        .ok_or_else(|| Refusal::invalid("Invalid input JSON"))?;
    let draft = check_new(sim, kind, &input)?;
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

fn deed(at: Moment, call: &'static str, kind: Kind, id: u64, new: Option<String>) -> Written {
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

/// `merge`: the surviving record has a new id.
pub(crate) fn merge(sim: &mut Simulation, request: &Request, kind: Kind, grant: &Grant) -> Answer {
    let body = request
        .json()
        .ok_or_else(|| Refusal::invalid("Invalid input JSON"))?;
    let id = |key: &str| body[key].as_str().and_then(|id| id.parse::<u64>().ok());
    let (Some(first), Some(second)) = (id("primaryObjectId"), id("objectIdToMerge")) else {
        return Err(Refusal::invalid("Some required fields were not set"));
    };
    let now = sim.clock.now();
    let portal = &mut sim.world.portal;
    let merged = portal.merge(kind, first, second, now, false);
    let survivor = merged.ok_or_else(|| Refusal::missing("Object not found."))?;
    sim.record(deed(now, "merge", kind, first, Some(survivor.to_string())));
    let portal = &sim.world.portal;
    let view = View::new(portal, kind, &[], &[], grant);
    let record = portal.table(kind).get(survivor);
    record
        .map(|record| Reply::ok(render(portal, kind, record, &view, now)))
        .ok_or_else(|| Refusal::missing("Object not found."))
}

/// `gdpr-delete`: gone for good, with an empty answer.
pub(crate) fn forget(sim: &mut Simulation, request: &Request) -> Answer {
    let body = request
        .json()
        .ok_or_else(|| Refusal::invalid("Invalid input JSON"))?;
    let text = body["objectId"].as_str().unwrap_or_default();
    let found = find(sim, Kind::Contacts, text, body["idProperty"].as_str())?.map(|r| r.id);
    if let Some(id) = found {
        sim.world.portal.purge(Kind::Contacts, id);
        sim.record(deed(
            sim.clock.now(),
            "gdpr-delete",
            Kind::Contacts,
            id,
            None,
        ));
    }
    Ok(Reply::none())
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
