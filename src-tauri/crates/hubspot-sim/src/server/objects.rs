//! Records: list, read, create, change, archive, merge. Batches and search live next door.

use serde_json::{Map, Value, json};

use super::auth::Grant;
use super::exchange::{Reply, Request};
use super::records::{View, inline_links, render};
use super::refusal::{Answer, Refusal};
use super::route::{Route, Version};
use super::scenario::Closed;
use super::simulation::Simulation;
use super::unique::{is_unique, lookup};
use super::{associations, batch, search, unmake, write};
use crate::portal::kind::Kind;
use crate::portal::record::Record;
use crate::portal::value::DAY;

/// Records on a page of a list (HubSpot's guide to the object APIs).
const PAGE: usize = 100;
/// Records on a page, and in a batch, when versions are asked for.
pub(crate) const PAGE_WITH_HISTORY: usize = 50;

/// The scopes that allow reading records of a type.
pub(crate) fn read_scopes(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Companies => &["crm.objects.companies.read"],
        Kind::Deals => &["crm.objects.deals.read"],
        Kind::Tickets => &["tickets", "crm.objects.tickets.read"],
        Kind::Leads => &["crm.objects.leads.read"],
        Kind::Products => &["crm.objects.products.read", "e-commerce"],
        Kind::LineItems => &["crm.objects.line_items.read", "e-commerce"],
        Kind::Quotes => &["crm.objects.quotes.read"],
        Kind::Machines | Kind::Own(_) => &["crm.objects.custom.read"],
        // Activities have no scope of their own.
        _ => &["crm.objects.contacts.read"],
    }
}

/// The scopes that allow writing records of a type.
pub(crate) fn write_scopes(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Companies => &["crm.objects.companies.write"],
        Kind::Deals => &["crm.objects.deals.write"],
        Kind::Tickets => &["tickets", "crm.objects.tickets.write"],
        Kind::Leads => &["crm.objects.leads.write"],
        Kind::Products => &["crm.objects.products.write", "e-commerce"],
        Kind::LineItems => &["crm.objects.line_items.write", "e-commerce"],
        Kind::Quotes => &["crm.objects.quotes.write"],
        Kind::Machines | Kind::Own(_) => &["crm.objects.custom.write"],
        _ => &["crm.objects.contacts.write"],
    }
}

/// The object type in a path.
pub(crate) fn kind_of(sim: &Simulation, text: &str) -> Result<Kind, Refusal> {
    let portal = &sim.world.portal;
    let kind = portal
        .kind(text)
        .ok_or_else(|| Refusal::invalid("Unable to infer object type from path."))?;
    let paid = match kind {
        Kind::Leads => portal.plan.has_leads(),
        Kind::Machines | Kind::Own(_) => portal.plan.has_custom_objects(),
        _ => true,
    };
    match sim.quirks.closed(kind) {
        Some(Closed::Scope) => Err(Refusal::scopes(read_scopes(kind))),
        None if paid => Ok(kind),
        _ => Err(Refusal::plan()),
    }
}

/// Answers a call about records.
pub(crate) fn answer(
    sim: &mut Simulation,
    request: &Request,
    route: &Route<'_>,
    grant: &Grant,
) -> Answer {
    let [type_name, rest @ ..] = route.rest.as_slice() else {
        return Err(Refusal::missing("resource not found"));
    };
    let kind = kind_of(sim, type_name)?;
    let strict = route.version >= Version::September;
    match (request.method.as_str(), rest) {
        (_, [id, "associations", rest @ ..]) => {
            associations::of_one(sim, request, grant, (kind, id), rest, route.version)
        }
        ("GET", []) => {
            grant.require(read_scopes(kind))?;
            list(sim, request, kind, grant)
        }
        ("GET", [id]) => {
            grant.require(read_scopes(kind))?;
            read_one(sim, request, kind, id, grant)
        }
        ("POST", ["search"]) => {
            grant.require(read_scopes(kind))?;
            search::answer(sim, request, kind, grant)
        }
        ("POST", ["batch", "read"]) => {
            grant.require(read_scopes(kind))?;
            batch::read(sim, request, kind, grant)
        }
        ("POST", []) => {
            grant.require(write_scopes(kind))?;
            write::create(sim, request, kind, grant, strict)
        }
        ("PATCH", [id]) => {
            grant.require(write_scopes(kind))?;
            write::change_one(sim, request, kind, id, grant, strict)
        }
        ("DELETE", [id]) => {
            grant.require(write_scopes(kind))?;
            write::archive(sim, kind, &[(*id).to_owned()]);
            Ok(Reply::none())
        }
        ("POST", ["merge"]) => {
            grant.require(write_scopes(kind))?;
            unmake::merge(sim, request, kind, grant)
        }
        ("POST", ["gdpr-delete"]) if kind == Kind::Contacts => {
            grant.require(write_scopes(kind))?;
            unmake::forget(sim, request)
        }
        ("POST", ["batch", action]) => {
            grant.require(write_scopes(kind))?;
            match *action {
                "update" => batch::update(sim, request, kind, grant, strict),
                "create" => batch::create(sim, request, kind, grant, strict),
                "upsert" => batch::upsert(sim, request, kind, grant, strict),
                "archive" => batch::archive(sim, request, kind),
                _ => Err(Refusal::missing("resource not found")),
            }
        }
        (_, [] | [_] | ["batch", _]) => Err(Refusal::method()),
        _ => Err(Refusal::missing("resource not found")),
    }
}

/// A page size: a number from one to `most`.
pub(crate) fn limit(request: &Request, usual: usize, most: usize) -> Result<usize, Refusal> {
    let Some(text) = request.parameter("limit") else {
        return Ok(usual.min(most));
    };
    match text.parse::<usize>() {
        Ok(limit) if (1..=most).contains(&limit) => Ok(limit),
        Ok(_) => Err(Refusal::invalid(&format!(
            "limit must be between 1 and {most}"
        ))),
        Err(_) => Err(Refusal::invalid("limit must be a number")),
    }
}

/// HubSpot keeps what was archived for ninety days.
pub(crate) fn in_bin(record: &Record, now: crm::Moment) -> bool {
    record
        .archived
        .is_some_and(|at| now.millis() - at.millis() <= 90 * DAY)
}

fn list(sim: &Simulation, request: &Request, kind: Kind, grant: &Grant) -> Answer {
    let portal = &sim.world.portal;
    let now = sim.clock.now();
    let histories = request.list("propertiesWithHistory");
    let most = if histories.is_empty() {
        PAGE
    } else {
        PAGE_WITH_HISTORY
    };
    let limit = sim.page_of(limit(request, 10, most)?);
    let view = View::new(portal, kind, &request.list("properties"), &histories, grant);
    let linked = linked_kinds(sim, request, grant)?;
    let after = match request.parameter("after").filter(|after| !after.is_empty()) {
        None => 0,
        Some(text) => text
            .parse()
            .map_err(|_| Refusal::invalid("after is not a valid cursor"))?,
    };
    let archived = request.flag("archived");
    let mut wanted = portal
        .table(kind)
        .from(after)
        .iter()
        .filter(|record| {
            if archived {
                in_bin(record, now)
            } else {
                record.archived.is_none()
            }
        })
        .peekable();
    // A page that begins between two records has room for none of them.
    let room = match wanted.peek() {
        Some(first) if sim.quirks.empty_pages && first.id > after => 0,
        _ => limit,
    };
    let results: Vec<Value> = wanted
        .by_ref()
        .take(room)
        .map(|record| shown(sim, kind, record, &view, &linked))
        .collect();
    let last = results.last().and_then(|record| record["id"].as_str());
    let last = last.and_then(|id| id.parse::<u64>().ok());
    let mut page = json!({ "results": results });
    if let Some(next) = wanted.next() {
        let after = match last {
            Some(last) if sim.quirks.empty_pages => last + 1,
            _ => next.id,
        };
        // The link has the version where no path has it; HubSpot's own samples do, too. Clients
        // must build the next address from `after`.
        let link = format!(
            "https://api.hubapi.com/crm/objects/v3/{}?limit={limit}&after={after}",
            kind.type_id(),
        );
        page["paging"] = json!({ "next": { "after": after.to_string(), "link": link } });
    }
    Ok(Reply::ok(page))
}

fn linked_kinds(sim: &Simulation, request: &Request, grant: &Grant) -> Result<Vec<Kind>, Refusal> {
    let mut kinds = Vec::new();
    for name in request.list("associations") {
        let kind = kind_of(sim, &name)?;
        grant.require(read_scopes(kind))?;
        kinds.push(kind);
    }
    Ok(kinds)
}

fn shown(sim: &Simulation, kind: Kind, record: &Record, view: &View, linked: &[Kind]) -> Value {
    let portal = &sim.world.portal;
    let mut value = render(portal, kind, record, view, sim.clock.now());
    let links: Map<String, Value> = linked
        .iter()
        .filter_map(|to| {
            Some((
                to.plural().to_owned(),
                inline_links(portal, kind, record, *to)?,
            ))
        })
        .collect();
    if !links.is_empty() {
        value["associations"] = links.into();
    }
    value
}

/// The record that an id, or another unique property's value, leads to.
pub(crate) fn find<'a>(
    sim: &'a Simulation,
    kind: Kind,
    id: &str,
    id_property: Option<&str>,
) -> Result<Option<&'a Record>, Refusal> {
    let portal = &sim.world.portal;
    match id_property.filter(|name| !name.is_empty()) {
        None => Ok(id.parse().ok().and_then(|id| portal.resolve(kind, id))),
        Some(name) if is_unique(portal, kind, name) => Ok(lookup(portal, kind, name, id)),
        Some(name) => Err(Refusal::invalid(&format!(
            "Unable to perform the lookup by non-unique {} property {name}",
            kind.type_id()
        ))),
    }
}

fn read_one(sim: &Simulation, request: &Request, kind: Kind, id: &str, grant: &Grant) -> Answer {
    let archived = request.flag("archived");
    let record = find(sim, kind, id, request.parameter("idProperty"))?
        .filter(|record| record.archived.is_some() == archived)
        .ok_or_else(|| Refusal::missing("Object not found.  objectId are usually numeric."))?;
    let portal = &sim.world.portal;
    let histories = request.list("propertiesWithHistory");
    let view = View::new(portal, kind, &request.list("properties"), &histories, grant);
    let linked = linked_kinds(sim, request, grant)?;
    Ok(Reply::ok(shown(sim, kind, record, &view, &linked)))
}
