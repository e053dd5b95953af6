//! The account, its owners, pipelines, custom schemas and plan limits.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::auth::Grant;
use super::exchange::{Reply, Request};
use super::objects::{kind_of, limit};
use super::refusal::{Answer, Refusal};
use super::route::{Area, Route};
use super::schemas;
use super::simulation::Simulation;
use crate::portal::kind::Kind;
use crate::portal::people::{Outcome, Owner, Pipeline, Stage};
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
        ("GET", Area::Pipelines, [type_name, rest @ ..]) => {
            grant.require(&["crm.objects.deals.read", "crm.schemas.deals.read"])?;
            pipelines(sim, type_name, rest)
        }
        (_, Area::Schemas, rest) => schemas::answer(sim, request, rest, grant),
        ("GET", Area::Limits, rest) => limits(sim, rest),
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
    }] }))
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
        "type": "PERSON",
        "email": owner.email,
        "firstName": owner.first,
        "lastName": owner.last,
        "userIdIncludingInactive": owner.user_id,
        "createdAt": spell_moment(owner.created),
        "updatedAt": spell_moment(owner.created),
        "archived": owner.archived,
        "teams": teams,
    });
    // An archived owner has no user any more.
    shown["userId"] = if owner.archived {
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

fn show_stage((order, stage): (usize, &Stage), pipeline: &Pipeline) -> Value {
    // Values are texts, and chances come in tenths with a point.
    let probability = format!("{:.1}", stage.probability as f64 / 100.0);
    json!({
        "id": stage.id,
        "label": stage.label,
        "displayOrder": order,
        "metadata": {
            "isClosed": (stage.outcome != Outcome::Open).to_string(),
            "probability": probability,
        },
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        "createdAt": spell_moment(pipeline.created),
        "updatedAt": spell_moment(pipeline.updated),
        "archived": false,
    })
}

fn show_pipeline((order, pipeline): (usize, &Pipeline)) -> Value {
    let stages: Vec<Value> = pipeline
        .stages
        .iter()
        .enumerate()
        .map(|stage| show_stage(stage, pipeline))
        .collect();
    json!({
        "id": pipeline.id,
        "label": pipeline.label,
        "displayOrder": order,
        "stages": stages,
        "createdAt": spell_moment(pipeline.created),
        "updatedAt": spell_moment(pipeline.updated),
        "archived": false,
    })
}

fn pipelines(sim: &Simulation, type_name: &str, rest: &[&str]) -> Answer {
    let kind = kind_of(sim, type_name)?;
    let none = Vec::new();
    let all = if kind == Kind::Deals {
        &sim.world.portal.pipelines
    } else {
        &none
    };
    let find = |id: &str| {
        let found = all
            .iter()
            .enumerate()
            .find(|(_, pipeline)| pipeline.id == id);
        found.ok_or_else(|| Refusal::missing("Pipeline not found"))
    };
    match rest {
        [] => {
            let results: Vec<Value> = all.iter().enumerate().map(show_pipeline).collect();
            Ok(Reply::ok(json!({ "results": results })))
        }
        [id] => Ok(Reply::ok(show_pipeline(find(id)?))),
        [id, "stages"] => {
            let pipeline = find(id)?.1;
            let stages = pipeline.stages.iter().enumerate();
            let results: Vec<Value> = stages.map(|stage| show_stage(stage, pipeline)).collect();
            Ok(Reply::ok(json!({ "results": results })))
        }
        [id, "stages", stage_id] => {
            let pipeline = find(id)?.1;
            let mut stages = pipeline.stages.iter().enumerate();
            let stage = stages.find(|(_, stage)| stage.id == *stage_id);
            let stage = stage.ok_or_else(|| Refusal::missing("Stage not found"))?;
            Ok(Reply::ok(show_stage(stage, pipeline)))
        }
        _ => Err(Refusal::missing("resource not found")),
    }
}

fn limits(sim: &Simulation, rest: &[&str]) -> Answer {
    let portal = &sim.world.portal;
    let body = match rest {
        ["custom-properties"] => {
            let by_type: Vec<Value> = Kind::ALL
                .into_iter()
                .map(|kind| {
                    let own = portal.schema(kind).all();
                    let usage = own
                        .filter(|(_, d)| !d.standard && d.archived.is_none())
                        .count();
                    json!({
                        "objectTypeId": kind.type_id(),
                        "limit": 1_000,
                        "usage": usage,
                        "percentage": usage as f64 / 10.0,
                    })
                })
                .collect();
            json!({ "overallLimit": 10_000, "byObjectType": by_type })
        }
        ["custom-object-types"] => json!({ "limit": 10, "usage": 1, "percentage": 10.0 }),
        ["pipelines"] => {
            let deals =
                json!({ "objectTypeId": "0-3", "limit": 100, "usage": portal.pipelines.len() });
            json!({ "byObjectType": [deals] })
        }
        _ => return Err(Refusal::missing("resource not found")),
    };
    Ok(Reply::ok(body))
}
