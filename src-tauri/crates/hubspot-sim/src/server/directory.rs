//! The account, its owners, pipelines, custom schemas and plan limits.

use crm::Moment;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::auth::Grant;
use super::exchange::{Reply, Request};
use super::objects::limit;
use super::refusal::{Answer, Refusal};
use super::route::{Area, Route};
use super::simulation::Simulation;
use super::{limits, lists, pipelines, schemas};
use crate::portal::people::Owner;
use crate::portal::value::spell_moment;

/// Owners on a page: HubSpot's usual number and its most.
const OWNERS: (usize, usize) = (100, 500);

/// Answers everything that is neither about records nor about tokens.
pub(crate) fn answer(
    sim: &mut Simulation,
    request: &Request,
    route: &Route<'_>,
    grant: &Grant,
) -> Answer {
    match (request.method.as_str(), route.area, route.rest.as_slice()) {
        ("GET", Area::Account, ["details"]) => {
            grant.require(&["oauth"])?;
            Ok(account(sim))
        }
        ("GET", Area::Account, ["api-usage", "daily", "private-apps"]) => {
            grant.require(&["oauth"])?;
            Ok(usage(sim))
        }
        ("GET", Area::Owners, []) => {
            grant.require(&["crm.objects.owners.read"])?;
            owners(sim, request)
        }
        ("GET", Area::Owners, [id]) => {
            grant.require(&["crm.objects.owners.read"])?;
            owner(sim, request, id)
        }
        (_, Area::Pipelines, rest) => pipelines::answer(sim, request, rest, grant),
        (_, Area::Lists, rest) => lists::answer(sim, request, rest, grant),
        (_, Area::Schemas, rest) => schemas::answer(sim, request, rest, grant),
        (_, Area::Limits, rest) => limits::answer(sim, request, rest, grant),
        ("DELETE", Area::Uninstall, ["external-install"]) => {
            sim.auth.revoke_all();
            let now = sim.clock.now();
            sim.auth.expire_all(now);
            Ok(Reply::none())
        }
        _ => Err(Refusal::missing("resource not found")),
    }
}

fn account(sim: &Simulation) -> Reply {
    let portal = &sim.world.portal;
    let zone = TimeZone::get(portal.time_zone).unwrap_or(TimeZone::UTC);
    let seconds = zone.to_offset(sim.clock.now().timestamp()).seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes) = (seconds.abs() / 3_600, seconds.abs() % 3_600 / 60);
    let mut others: Vec<&str> = portal
        .rates
        .keys()
        .map(|code| portal.strings.text(*code))
        .collect();
    others.sort_unstable();
    Reply::ok(json!({
        "portalId": portal.id,
        "accountType": "STANDARD",
        "timeZone": portal.time_zone,
        "companyCurrency": portal.home_currency,
        "additionalCurrencies": others,
        "utcOffset": format!("{sign}{hours:02}:{minutes:02}"),
        "utcOffsetMilliseconds": i64::from(seconds) * 1_000,
        "uiDomain": "app-eu1.hubspot.com",
        "dataHostingLocation": "eu1",
    }))
}

fn usage(sim: &Simulation) -> Reply {
    let (today, most) = sim.pacer.daily();
    Reply::ok(json!({ "results": [{
        "name": "private-apps-api-calls-daily",
        "usageLimit": most,
        "currentUsage": today,
        "collectedAt": spell_moment(sim.clock.now()),
        "fetchStatus": "SUCCESS",
        "resetsAt": spell_moment(next_midnight(sim)),
    }] }))
}

/// When the portal's day ends and its daily count starts anew.
fn next_midnight(sim: &Simulation) -> Moment {
    let now = sim.clock.now();
    let zone = TimeZone::get(sim.world.portal.time_zone).unwrap_or(TimeZone::UTC);
    let midnight = now
        .date_in(&zone)
        .tomorrow()
        .and_then(|date| date.to_zoned(zone))
        .map(|zoned| zoned.timestamp().as_millisecond());
    Moment::from_millis(midnight.unwrap_or(now.millis()))
}

fn show_owner(owner: &Owner) -> Value {
    let teams: Vec<Value> = owner
        .teams
        .iter()
        .enumerate()
        .map(|(index, team)| {
            json!({ "id": team.id.to_string(), "name": team.name, "primary": index == 0 })
        })
        .collect();
    let mut shown = json!({
        "id": owner.id.to_string(),
        "type": if owner.is_queue() { "QUEUE" } else { "PERSON" },
        "email": owner.email,
        "firstName": owner.first,
        "lastName": owner.last,
        "userIdIncludingInactive": owner.user_id,
        "createdAt": spell_moment(owner.created),
        "updatedAt": spell_moment(owner.created),
        "archived": owner.archived,
        "teams": teams,
    });
    // An archived owner has no user any more, and a queue never had one.
    if owner.is_queue() {
        for key in ["email", "userIdIncludingInactive"] {
            shown[key] = Value::Null;
        }
    }
    shown["userId"] = if owner.archived || owner.is_queue() {
        Value::Null
    } else {
        json!(owner.user_id)
    };
    shown
}

fn owners(sim: &Simulation, request: &Request) -> Answer {
    let limit = limit(request, OWNERS.0, OWNERS.1)?;
    let after = match request.parameter("after").filter(|after| !after.is_empty()) {
        None => 0,
        Some(text) => text
            .parse()
            .map_err(|_| Refusal::invalid("after is not a valid cursor"))?,
    };
    let archived = request.flag("archived");
    let email = request.parameter("email").filter(|email| !email.is_empty());
    let mut wanted: Vec<&Owner> = sim
        .world
        .portal
        .owners
        .iter()
        .filter(|owner| owner.archived == archived && owner.id >= after)
        .filter(|owner| email.is_none_or(|email| owner.email == email))
        .collect();
    wanted.sort_unstable_by_key(|owner| owner.id);
    let results: Vec<Value> = wanted
        .iter()
        .take(limit)
        .map(|owner| show_owner(owner))
        .collect();
    let mut page = json!({ "results": results });
    if let Some(next) = wanted.get(limit) {
        page["paging"] = json!({ "next": { "after": next.id.to_string() } });
    }
    Ok(Reply::ok(page))
}

fn owner(sim: &Simulation, request: &Request, id: &str) -> Answer {
    let by_user = request.parameter("idProperty") == Some("userId");
    let archived = request.flag("archived");
    let found = sim.world.portal.owners.iter().find(|owner| {
        let number = if by_user { owner.user_id } else { owner.id };
        number.to_string() == id && owner.archived == archived
    });
    found
        .map(|owner| Reply::ok(show_owner(owner)))
        .ok_or_else(|| Refusal::missing("Owner not found"))
}
