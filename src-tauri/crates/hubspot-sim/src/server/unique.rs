//! Properties whose values tell records apart, and the records behind a value.

use super::refusal::{PropertyFault, Refusal};
use super::simulation::Simulation;
use super::values::Draft;
use crate::portal::Portal;
use crate::portal::kind::Kind;
use crate::portal::property as p;
use crate::portal::record::Record;
use crate::portal::value::Value as Kept;

/// Whether records of a type can be looked up by this property: contacts by their address, all by
/// what the portal declared unique.
pub(crate) fn is_unique(portal: &Portal, kind: Kind, name: &str) -> bool {
    if kind == Kind::Contacts && name == "email" {
        return true;
    }
    let definition = portal
        .names
        .find(name)
        .and_then(|prop| portal.schema(kind).live(prop));
    definition.is_some_and(|definition| definition.unique)
}

/// The record with this value of a unique property.
pub(crate) fn lookup<'a>(
    portal: &'a Portal,
    kind: Kind,
    name: &str,
    value: &str,
) -> Option<&'a Record> {
    if kind == Kind::Contacts && name == "email" {
        return contact_by_email(portal, value);
    }
    let prop = portal.names.find(name)?;
    let mut all = portal.table(kind).all().iter();
    all.find(|record| {
        let kept = record.value(prop);
        record.archived.is_none()
            && kept
                .is_some_and(|kept| kept != Kept::Cleared && kept.spell(&portal.strings) == value)
    })
}

/// The contact with this address, as its own or as an additional one.
fn contact_by_email<'a>(portal: &'a Portal, email: &str) -> Option<&'a Record> {
    let wanted = email.to_lowercase();
    // Addresses are kept in lower case; one that no text of the portal has is nobody's.
    let known = portal.strings.find(&wanted);
    let mut live = portal
        .table(Kind::Contacts)
        .all()
        .iter()
        .filter(|record| record.archived.is_none());
    live.find(|record| {
        let first = match (record.value(p::EMAIL), known) {
            (Some(Kept::Text(sym)), Some(known)) => sym == known,
            _ => false,
        };
        first
            || match record.value(p::HS_ADDITIONAL_EMAILS) {
                Some(Kept::Text(sym)) => {
                    let mut others = portal.strings.text(sym).split(';');
                    others.any(|other| other.eq_ignore_ascii_case(&wanted))
                }
                _ => false,
            }
    })
}

/// Adds a fault for each value that another record has already. A contact's address is a conflict
/// of its own, with the other's id in the message; companies and deals are never told apart.
pub(crate) fn check_unique(
    sim: &Simulation,
    kind: Kind,
    draft: &Draft,
    own: Option<u64>,
    faults: &mut Vec<PropertyFault>,
) -> Result<(), Refusal> {
    let portal = &sim.world.portal;
    for (_, name, value) in &draft.0 {
        if *value == Kept::Cleared || !is_unique(portal, kind, name) {
            continue;
        }
        let text = value.spell(&portal.strings);
        if name == "email" && sim.forgotten.contains(text.as_ref()) {
            faults.push(PropertyFault {
                property: name.clone(),
                code: "INVALID_EMAIL",
                message: "The address was deleted for privacy and cannot be added again."
                    .to_owned(),
            });
            continue;
        }
        let Some(twin) = lookup(portal, kind, name, &text).map(|record| record.id) else {
            continue;
        };
        if Some(twin) == own {
            continue;
        }
        if kind == Kind::Contacts && name == "email" {
            return Err(Refusal::conflict(&format!(
                "Contact already exists. Existing ID: {twin}"
            )));
        }
        faults.push(PropertyFault {
            property: name.clone(),
            code: "CONFLICTING_UNIQUE_VALUE",
            message: format!("{twin} already has that value."),
        });
    }
    Ok(())
}
