//! Search: filters, sorts, and its own rules (HubSpot's guide "Search the CRM").

use std::cmp::Ordering;

use crm::Moment;
use serde_json::{Value, json};

use super::auth::Grant;
use super::exchange::{Reply, Request};
use super::filter::{Operand, operand_of, read_groups};
use super::records::{View, render};
use super::refusal::{Answer, Refusal};
use super::simulation::Simulation;
use crate::portal::kind::Kind;
use crate::portal::record::Record;
use crate::portal::{Field, Portal};

const PAGE: usize = 200;
const MOST_RESULTS: usize = 10_000;
/// Longest free-text query (the specification puts the limit there).
const LONGEST_QUERY: usize = 3_000;

/// `POST …/search`.
pub(crate) fn answer(sim: &Simulation, request: &Request, kind: Kind, grant: &Grant) -> Answer {
    let body = request.body()?;
    let length = String::from_utf8_lossy(&request.body).chars().count();
    if sim.longest_search.is_some_and(|most| length > most) {
        return Err(Refusal::invalid(
            "The request body is too long; it may have at most 3000 characters.",
        ));
    }
    let portal = &sim.world.portal;
    let now = sim.clock.now();
    let groups = read_groups(sim, kind, &body)?;
    let limit = match &body["limit"] {
        Value::Null => 10,
        value => number_of(value)
            .filter(|limit| (1..=PAGE).contains(limit))
            .ok_or_else(|| Refusal::invalid(&format!("limit must be between 1 and {PAGE}")))?,
    };
    let offset = match &body["after"] {
        Value::Null => 0,
        Value::String(text) if text.is_empty() => 0,
        value => number_of(value).ok_or_else(|| Refusal::invalid("after must be an integer"))?,
    };
    let most = sim.quirks.search_cap.unwrap_or(MOST_RESULTS);
    if offset + limit > most {
        return Err(Refusal::invalid(
            "The search results are limited to 10,000. Paging beyond them is not possible.",
        ));
    }
    let query = body["query"].as_str().unwrap_or_default().to_lowercase();
    if query.chars().count() > LONGEST_QUERY {
        return Err(Refusal::invalid("query is longer than 3000 characters"));
    }
    let limit = sim.page_of(limit);
    let sort = read_sort(portal, kind, &body)?;
    let lag = sim.lag();
    let seen = Moment::from_millis(now.millis() - lag);
    let mut found: Vec<&Record> = portal
        .table(kind)
        .all()
        .iter()
        .filter(|record| record.archived.is_none())
        .filter(|record| lag == 0 || record.modified <= seen)
        .filter(|record| query.is_empty() || mentions(portal, kind, record, &query, now))
        .filter(|record| {
            groups.is_empty()
                || groups.iter().any(|group| {
                    group
                        .iter()
                        .all(|filter| filter.holds(portal, kind, record, now))
                })
        })
        .collect();
    if let Some((field, ascending)) = sort {
        sort_by(portal, kind, &mut found, &field, ascending, now);
    }
    let properties: Vec<String> = body["properties"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let view = View::new(portal, kind, &properties, &[], grant);
    let place = sim.quirks.place(offset, limit);
    let results: Vec<Value> = found
        .iter()
        .skip(place.skip)
        .take(place.take)
        .map(|record| render(portal, kind, record, &view, now))
        .collect();
    let mut page = json!({ "total": found.len(), "results": results });
    if place.skip + place.take < found.len() {
        page["paging"] = json!({ "next": { "after": (offset + limit).to_string() } });
    }
    Ok(Reply::ok(page))
}

/// A number, as such or as text.
fn number_of(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other
            .as_u64()
            .and_then(|number| usize::try_from(number).ok()),
    }
}

/// One sort at most; as an object, or as a text with a minus for descending.
fn read_sort(portal: &Portal, kind: Kind, body: &Value) -> Result<Option<(Field, bool)>, Refusal> {
    let sorts = body["sorts"].as_array().cloned().unwrap_or_default();
    if sorts.len() > 1 {
        return Err(Refusal::invalid("Only one sort is allowed"));
    }
    let Some(sort) = sorts.first() else {
        return Ok(None);
    };
    let (name, ascending) = match sort {
        Value::String(text) => match text.strip_prefix('-') {
            Some(name) => (name, false),
            None => (text.as_str(), true),
        },
        other => (
            other["propertyName"].as_str().unwrap_or_default(),
            other["direction"].as_str() != Some("DESCENDING"),
        ),
    };
    let field = portal.field(kind, name);
    let field = field.ok_or_else(|| Refusal::invalid(&format!("Cannot sort by {name}")))?;
    Ok(Some((field, ascending)))
}

fn sort_by(
    portal: &Portal,
    kind: Kind,
    found: &mut Vec<&Record>,
    field: &Field,
    ascending: bool,
    now: Moment,
) {
    let mut keyed: Vec<(Option<Operand>, &Record)> = found
        .iter()
        .map(|record| (operand_of(portal, kind, record, field, now), *record))
        .collect();
    keyed.sort_by(|(a, first), (b, second)| {
        let order = match (a, b) {
            (Some(a), Some(b)) => a.compare(b),
            // Records without a value come last, whichever way one sorts.
            (Some(_), None) => return Ordering::Less,
            (None, Some(_)) => return Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        let order = if ascending { order } else { order.reverse() };
        order.then(first.id.cmp(&second.id))
    });
    *found = keyed.into_iter().map(|(_, record)| record).collect();
}

/// Free text looks at a few properties of each type.
fn mentions(portal: &Portal, kind: Kind, record: &Record, query: &str, now: Moment) -> bool {
    let names: Vec<&str> = match kind {
        Kind::Contacts => vec![
            "firstname",
            "lastname",
            "email",
            "hs_additional_emails",
            "phone",
            "company",
        ],
        Kind::Companies | Kind::Products | Kind::LineItems => vec!["name", "domain", "hs_sku"],
        Kind::Deals => vec!["dealname", "description"],
        Kind::Tickets => vec!["subject", "content"],
        Kind::Leads => vec!["hs_lead_name"],
        Kind::Quotes => vec!["hs_title"],
        Kind::Machines | Kind::Own(_) => {
            let custom = portal.live_custom(kind);
            let names = custom.map(|custom| custom.searchable.iter().map(String::as_str));
            names.into_iter().flatten().collect()
        }
        _ => Vec::new(),
    };
    names
        .iter()
        .filter_map(|name| portal.field(kind, name))
        .any(|field| {
            let text = portal.spelled(kind, record, &field, now);
            text.is_some_and(|text| text.to_lowercase().contains(query))
        })
}
