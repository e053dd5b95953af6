//! How many associations of a type a record may have, as a portal limits it for itself.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::auth::Grant;
use super::definitions::schema_scopes;
use super::exchange::{Reply, Request};
use super::objects::{kind_of, read_scopes};
use super::refusal::{Answer, Refusal};
use super::simulation::Simulation;
use crate::portal::Portal;
use crate::portal::kind::Kind;
use crate::portal::links::LinkType;
use crate::portal::value::spell_moment;

/// The limits of a portal, by direction and type.
#[derive(Debug, Default)]
pub(crate) struct LinkLimits(BTreeMap<(Kind, Kind, u16), u64>);

impl LinkLimits {
    /// Refuses an association when its near side has as many as it may have.
    pub(crate) fn check(
        &self,
        portal: &Portal,
        link: &LinkType,
        from: u64,
        to: u64,
    ) -> Result<(), Refusal> {
        let ends = [
            (link.from, link.to, link.id, from, to),
            (link.to, link.from, link.reverse, to, from),
        ];
        for (near, far, id, this, that) in ends {
            let Some(most) = self.0.get(&(near, far, id)) else {
                continue;
            };
            let record = portal.table(near).get(this);
            let others = record.map_or(0, |record| {
                let links = record.links.iter();
                links
                    .filter(|one| (one.kind, one.type_id) == (far, id) && one.to != that)
                    .count()
            });
            if others as u64 >= *most {
                return Err(Refusal::invalid(&format!(
                    "The record {this} has its most associations of type {id}, {most}."
                )));
            }
        }
        Ok(())
    }
}

/// Answers a call below `/crm/associations/…/definitions/configurations`.
pub(crate) fn answer(
    sim: &mut Simulation,
    request: &Request,
    rest: &[&str],
    grant: &Grant,
) -> Answer {
    if let ("GET", ["all"]) = (request.method.as_str(), rest) {
        grant.require(&["oauth"])?;
        let all = sim.link_limits.0.iter();
        let results: Vec<Value> = all.map(|limit| show(sim, limit)).collect();
        return Ok(Reply::ok(json!({ "results": results })));
    }
    let [from, to, rest @ ..] = rest else {
        return Err(Refusal::missing("resource not found"));
    };
    let (from, to) = (kind_of(sim, from)?, kind_of(sim, to)?);
    match (request.method.as_str(), rest) {
        ("GET", []) => {
            grant.require(read_scopes(from))?;
            let all = sim.link_limits.0.iter();
            let results: Vec<Value> = all
                .filter(|((near, far, _), _)| (*near, *far) == (from, to))
                .map(|limit| show(sim, limit))
                .collect();
            Ok(Reply::ok(json!({ "results": results })))
        }
        ("POST", ["batch", action @ ("create" | "update" | "purge")]) => {
            grant.require(&[schema_scopes(from).1])?;
            write(sim, request, (from, to), action)
        }
        _ => Err(Refusal::method()),
    }
}

fn show(sim: &Simulation, ((from, to, id), most): (&(Kind, Kind, u16), &u64)) -> Value {
    let link = sim.world.portal.links.find(*from, *to, *id);
    json!({
        "category": link.as_ref().map(LinkType::category),
        "typeId": id,
        "label": link.and_then(|link| link.label),
        "userEnforcedMaxToObjectIds": most,
    })
}

fn write(
    sim: &mut Simulation,
    request: &Request,
    (from, to): (Kind, Kind),
    action: &str,
) -> Answer {
    let body = request.body()?;
    let mut results = Vec::new();
    for input in body["inputs"].as_array().into_iter().flatten() {
        // Purging names a type as associations do, the others as definitions do.
        let id = input["typeId"]
            .as_u64()
            .or(input["associationTypeId"].as_u64());
        let id = id.and_then(|id| u16::try_from(id).ok()).unwrap_or(0);
        if sim.world.portal.links.find(from, to, id).is_none() {
            return Err(Refusal::missing("Association type not found"));
        }
        let key = (from, to, id);
        match (action, input["maxToObjectIds"].as_u64()) {
            ("purge", _) => {
                sim.link_limits.0.remove(&key);
            }
            (_, Some(most)) => {
                sim.link_limits.0.insert(key, most);
                results.push(show(sim, (&key, &most)));
            }
            (_, None) => {
                return Err(Refusal::invalid(
                    "Some required fields were not set: [maxToObjectIds]",
                ));
            }
        }
    }
    if action == "purge" {
        return Ok(Reply::none());
    }
    let at = spell_moment(sim.clock.now());
    Ok(Reply::ok(json!({
        "status": "COMPLETE",
        "results": results,
        "startedAt": at,
        "completedAt": at,
    })))
}

/// A report about records near their limit, which HubSpot sends by mail.
pub(crate) fn report(sim: &Simulation, request: &Request, user: &str, grant: &Grant) -> Answer {
    if request.method != "POST" {
        return Err(Refusal::method());
    }
    grant.require(&["oauth"])?;
    let owners = &sim.world.portal.owners;
    let owner = owners
        .iter()
        .find(|owner| owner.user_id.to_string() == user);
    let owner = owner.ok_or_else(|| Refusal::missing("User not found"))?;
    Ok(Reply::ok(json!({
        "userId": owner.user_id,
        "userEmail": owner.email,
        "enqueueTime": { "dateOnly": false, "timeZoneShift": 0, "value": sim.clock.now().millis() },
    })))
}
