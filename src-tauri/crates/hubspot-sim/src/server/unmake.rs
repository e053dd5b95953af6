//! What cannot be taken back: merging records, and forgetting a person.

use serde_json::Value;

use super::auth::Grant;
use super::exchange::{Reply, Request};
use super::objects::find;
use super::records::{View, render};
use super::refusal::{Answer, Refusal};
use super::simulation::Simulation;
use super::write::deed;
use crate::portal::kind::Kind;
use crate::portal::property as p;
use crate::portal::value::Value as Kept;

/// More ids than this in one record are refused (HubSpot's guide to error handling).
const MOST_IDENTITIES: usize = 250;

/// `merge`: the surviving record has a new id.
pub(crate) fn merge(sim: &mut Simulation, request: &Request, kind: Kind, grant: &Grant) -> Answer {
    let body = request.body()?;
    let id = |key: &str| match &body[key] {
        Value::String(id) => id.parse::<u64>().ok(),
        other => other.as_u64(),
    };
    let (Some(first), Some(second)) = (id("primaryObjectId"), id("objectIdToMerge")) else {
        return Err(Refusal::invalid(
            "Some required fields were not set: [primaryObjectId, objectIdToMerge]",
        ));
    };
    if first == second {
        return Err(Refusal::invalid("A record cannot be merged with itself."));
    }
    let now = sim.clock.now();
    let portal = &mut sim.world.portal;
    // Ids that were merged away before lead to their survivors here, too.
    let live = |id: u64| {
        let found = portal.resolve(kind, id);
        found.filter(|one| one.archived.is_none()).map(|one| one.id)
    };
    let (Some(first), Some(second)) = (live(first), live(second)) else {
        return Err(Refusal::missing(
            "Object not found.  objectId are usually numeric.",
        ));
    };
    if portal.identities(kind, first) + portal.identities(kind, second) > MOST_IDENTITIES {
        return Err(Refusal::too_long(
            "The merged record would have more than 250 identities.",
        ));
    }
    let merged = portal.merge(kind, first, second, now, false);
    let survivor = merged.ok_or_else(|| Refusal::invalid("The two ids are one record already."))?;
    sim.record(deed(now, "merge", kind, first, Some(survivor.to_string())));
    let portal = &sim.world.portal;
    let names = ["hs_merged_object_ids", "hs_calculated_merged_vids"].map(str::to_owned);
    let view = View::new(portal, kind, &names, &[], grant);
    let record = portal.table(kind).get(survivor);
    record
        .map(|record| Reply::ok(render(portal, kind, record, &view, now)))
        .ok_or_else(|| Refusal::missing("Object not found."))
}

/// `gdpr-delete`: gone for good, its addresses blocked, with an empty answer. Nothing that led to
/// the person is left, the ids of records merged into theirs included.
pub(crate) fn forget(sim: &mut Simulation, request: &Request) -> Answer {
    let body = request.body()?;
    let text = match &body["objectId"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let by = body["idProperty"].as_str();
    let found = match find(sim, Kind::Contacts, &text, by)? {
        Some(record) => Some(record.id),
        // The recycle bin is no hiding place.
        None => sim
            .world
            .portal
            .resolve(Kind::Contacts, text.parse().unwrap_or(0))
            .map(|r| r.id),
    };
    if by == Some("email") {
        sim.forgotten.insert(text.to_lowercase());
    }
    let Some(id) = found else {
        return Ok(Reply::none());
    };
    if erase(sim, id) {
        let now = sim.clock.now();
        sim.record(deed(now, "gdpr-delete", Kind::Contacts, id, None));
    }
    Ok(Reply::none())
}

/// Takes a contact away for good and blocks its addresses. Says whether it was there.
pub(crate) fn erase(sim: &mut Simulation, id: u64) -> bool {
    let portal = &mut sim.world.portal;
    let Some(gone) = portal.purge(Kind::Contacts, id) else {
        return false;
    };
    portal.forget_merged(Kind::Contacts, id);
    let addresses = [p::EMAIL, p::HS_ADDITIONAL_EMAILS].map(|prop| match gone.value(prop) {
        Some(Kept::Text(sym)) => portal.strings.text(sym).to_lowercase(),
        _ => String::new(),
    });
    let addresses: Vec<String> = addresses
        .iter()
        .flat_map(|list| list.split(';').map(str::to_owned).collect::<Vec<_>>())
        .filter(|address| !address.is_empty())
        .collect();
    sim.forgotten.extend(addresses);
    true
}
