//! Lists of records ("segments" in HubSpot's pages) and who is on them (HubSpot's guide to lists).

use std::collections::BTreeMap;

use crm::Moment;
use serde_json::{Value, json};

use super::auth::Grant;
use super::exchange::{Reply, Request};
use super::list_filters;
use super::objects::{kind_of, limit};
use super::refusal::{Answer, Refusal};
use super::simulation::Simulation;
use crate::portal::Portal;
use crate::portal::kind::Kind;
use crate::portal::value::spell_moment;

/// Members on a page: HubSpot's usual number and its most.
const MEMBERS: (usize, usize) = (100, 250);
/// Lists in an answer to a search: HubSpot's usual number and its most.
const FOUND: (usize, usize) = (20, 500);

/// A list. Its members are those that were put on it; of a `DYNAMIC` one, those that pass its filters
/// whenever somebody looks.
#[derive(Debug)]
pub(crate) struct List {
    id: u64,
    name: String,
    kind: Kind,
    /// `MANUAL`, `DYNAMIC` or `SNAPSHOT`.
    processing: String,
    /// The root of its filters, where it has some.
    filters: Option<Value>,
    members: BTreeMap<u64, Moment>,
    created: Moment,
    updated: Moment,
}

/// Answers a call below `/crm/lists`.
pub(crate) fn answer(
    sim: &mut Simulation,
    request: &Request,
    rest: &[&str],
    grant: &Grant,
) -> Answer {
    let reading = request.method == "GET" || rest == ["search"];
    grant.require(if reading {
        &["crm.lists.read"]
    } else {
        &["crm.lists.write"]
    })?;
    match (request.method.as_str(), rest) {
        ("POST", ["search"]) => search(sim, request),
        ("GET", []) => Ok(by_ids(sim, request)),
        ("POST", []) => create(sim, request),
        ("GET", ["object-type-id", kind, "name", name]) => {
            let kind = kind_of(sim, kind)?;
            let mut all = sim.lists.iter();
            all.find(|list| list.kind == kind && list.name == *name)
                .map(|list| one(sim, request, list))
                .ok_or_else(no_list)
        }
        ("GET", ["records", kind, id, "memberships"]) => of_record(sim, kind, id),
        ("GET", [id]) => find(sim, id).map(|list| one(sim, request, list)),
        ("PUT", [id, "update-list-filters"]) => change_filters(sim, request, id),
        ("PUT", [id, "update-list-name"]) => rename(sim, request, id),
        ("DELETE", [id]) => {
            let id = find(sim, id)?.id;
            sim.lists.retain(|list| list.id != id);
            Ok(Reply::none())
        }
        ("GET", [id, "memberships" | "memberships-join-order"])
        | ("GET", [id, "memberships", "join-order"]) => members(sim, request, id),
        ("PUT", [id, "memberships", action @ ("add" | "remove")]) => {
            edit(sim, request, id, *action == "add")
        }
        _ => Err(Refusal::missing("resource not found")),
    }
}

fn no_list() -> Refusal {
    Refusal::missing("List does not exist")
}

fn find<'a>(sim: &'a Simulation, id: &str) -> Result<&'a List, Refusal> {
    let number = id.parse::<u64>().ok();
    let mut all = sim.lists.iter();
    all.find(|list| Some(list.id) == number).ok_or_else(no_list)
}

/// Members that are still there: the archived and the forgotten fall out by themselves.
fn present(sim: &Simulation, list: &List) -> Vec<(u64, Moment)> {
    let table = sim.world.portal.table(list.kind);
    if list.processing == "DYNAMIC" {
        let passing = passing(
            &sim.world.portal,
            list.kind,
            list.filters.as_ref(),
            sim.clock.now(),
        );
        return passing.map(|id| (id, list.updated)).collect();
    }
    let members = list.members.iter();
    members
        .filter(|(id, _)| table.get(**id).is_some_and(|one| one.archived.is_none()))
        .map(|(id, at)| (*id, *at))
        .collect()
}

/// The live records that pass filters, in the order of their ids; without any filter, nobody.
fn passing<'a>(
    portal: &'a Portal,
    kind: Kind,
    filters: Option<&'a Value>,
    now: Moment,
) -> impl Iterator<Item = u64> + 'a {
    let all = portal.table(kind).all().iter();
    let mut ids: Vec<u64> = all
        .filter(|record| record.archived.is_none())
        .filter(|record| {
            filters.is_some_and(|root| list_filters::passes(portal, kind, record, root, now))
        })
        .map(|record| record.id)
        .collect();
    ids.sort_unstable();
    ids.into_iter()
}

/// A list by itself, with its filters for those who ask.
fn one(sim: &Simulation, request: &Request, list: &List) -> Reply {
    let mut shown = show(sim, list);
    if request.flag("includeFilters")
        && let Some(filters) = &list.filters
    {
        shown["filterBranch"] = filters.clone();
    }
    Reply::ok(json!({ "list": shown }))
}

fn show(sim: &Simulation, list: &List) -> Value {
    let size = present(sim, list).len();
    json!({
        "listId": list.id.to_string(),
        "listVersion": 1,
        "name": list.name,
        "objectTypeId": list.kind.type_id(),
        "processingType": list.processing,
        "processingStatus": "COMPLETE",
        "createdAt": spell_moment(list.created),
        "updatedAt": spell_moment(list.updated),
        "filtersUpdatedAt": spell_moment(list.created),
        "size": size,
        "additionalProperties": { "hs_list_size": size.to_string() },
    })
}

fn by_ids(sim: &Simulation, request: &Request) -> Reply {
    let ids = request.list("listIds");
    let lists: Vec<Value> = ids
        .iter()
        .filter_map(|id| find(sim, id).ok())
        .map(|list| show(sim, list))
        .collect();
    Reply::ok(json!({ "lists": lists }))
}

fn search(sim: &Simulation, request: &Request) -> Answer {
    let body = request.body()?;
    let number = |key: &str| {
        let value = body[key].as_u64();
        value.and_then(|value| usize::try_from(value).ok())
    };
    let count = number("count")
        .filter(|count| *count > 0)
        .unwrap_or(FOUND.0);
    if count > FOUND.1 {
        return Err(Refusal::invalid("count must be between 1 and 500"));
    }
    let offset = number("offset").unwrap_or(0);
    let query = body["query"].as_str().unwrap_or_default().to_lowercase();
    let kind = match body["objectTypeId"].as_str() {
        Some(name) => Some(kind_of(sim, name)?),
        None => None,
    };
    let processing: Option<Vec<&str>> = body["processingTypes"]
        .as_array()
        .filter(|types| !types.is_empty())
        .map(|types| types.iter().filter_map(Value::as_str).collect());
    let ids: Option<Vec<u64>> = body["listIds"]
        .as_array()
        .filter(|ids| !ids.is_empty())
        .map(|ids| {
            let number = |id: &Value| id.as_str().map_or(id.as_u64(), |text| text.parse().ok());
            ids.iter().filter_map(number).collect()
        });
    let wanted = |list: &&List| {
        ids.as_ref().is_none_or(|ids| ids.contains(&list.id))
            && list.name.to_lowercase().contains(&query)
            && kind.is_none_or(|kind| kind == list.kind)
            && processing
                .as_ref()
                .is_none_or(|types| types.contains(&list.processing.as_str()))
    };
    let found: Vec<&List> = sim.lists.iter().filter(wanted).collect();
    let lists: Vec<Value> = found
        .iter()
        .skip(offset)
        .take(count)
        .map(|list| show(sim, list))
        .collect();
    let end = offset + lists.len();
    Ok(Reply::ok(json!({
        "lists": lists,
        "offset": end,
        "hasMore": end < found.len(),
        "total": found.len(),
    })))
}

fn create(sim: &mut Simulation, request: &Request) -> Answer {
    let body = request.body()?;
    let (Some(name), Some(processing), Some(kind)) = (
        body["name"].as_str(),
        body["processingType"].as_str(),
        body["objectTypeId"].as_str(),
    ) else {
        return Err(Refusal::invalid(
            "Some required fields were not set: [name, objectTypeId, processingType]",
        ));
    };
    let kind = kind_of(sim, kind)?;
    if !["MANUAL", "DYNAMIC", "SNAPSHOT"].contains(&processing) {
        return Err(Refusal::invalid(
            "processingType is not one of the known ones",
        ));
    }
    let filters = Some(body["filterBranch"].clone()).filter(|root| !root.is_null());
    if let Some(root) = &filters {
        if processing == "MANUAL" {
            return Err(Refusal::invalid("A manual list has no filters."));
        }
        list_filters::check(&sim.world.portal, kind, root)?;
    }
    if sim.lists.iter().any(|list| list.name == name) {
        return Err(Refusal::conflict(&format!(
            "A list named \"{name}\" already exists."
        )));
    }
    let now = sim.clock.now();
    let last = sim.lists.last().map_or(0, |list| list.id);
    // A snapshot is taken of those who pass now.
    let members = match processing {
        "SNAPSHOT" => passing(&sim.world.portal, kind, filters.as_ref(), now)
            .map(|id| (id, now))
            .collect(),
        _ => BTreeMap::new(),
    };
    let list = List {
        id: last + 1,
        name: name.to_owned(),
        kind,
        processing: processing.to_owned(),
        filters,
        members,
        created: now,
        updated: now,
    };
    let shown = show(sim, &list);
    sim.lists.push(list);
    Ok(Reply::ok(json!({ "list": shown })))
}

/// Only dynamic lists' filters can be changed.
fn change_filters(sim: &mut Simulation, request: &Request, id: &str) -> Answer {
    let root = request.body()?["filterBranch"].take();
    let list = find(sim, id)?;
    if list.processing != "DYNAMIC" {
        return Err(Refusal::invalid(
            "Only the filters of a dynamic list can be changed.",
        ));
    }
    list_filters::check(&sim.world.portal, list.kind, &root)?;
    let (number, now) = (list.id, sim.clock.now());
    for list in sim.lists.iter_mut().filter(|list| list.id == number) {
        (list.filters, list.updated) = (Some(root.clone()), now);
    }
    Ok(Reply::ok(
        json!({ "updatedList": show(sim, find(sim, id)?) }),
    ))
}

fn rename(sim: &mut Simulation, request: &Request, id: &str) -> Answer {
    let name = request.parameter("listName").unwrap_or_default().to_owned();
    let number = find(sim, id)?.id;
    if name.is_empty() {
        return Err(Refusal::invalid("listName is missing"));
    }
    let mut others = sim.lists.iter().filter(|list| list.id != number);
    if others.any(|list| list.name == name) {
        return Err(Refusal::conflict(&format!(
            "A list named \"{name}\" already exists."
        )));
    }
    for list in sim.lists.iter_mut().filter(|list| list.id == number) {
        list.name.clone_from(&name);
    }
    Ok(Reply::ok(
        json!({ "updatedList": show(sim, find(sim, id)?) }),
    ))
}

fn members(sim: &Simulation, request: &Request, id: &str) -> Answer {
    let list = find(sim, id)?;
    let limit = sim.page_of(limit(request, MEMBERS.0, MEMBERS.1)?);
    let after: u64 = match request.parameter("after").filter(|after| !after.is_empty()) {
        None => 0,
        Some(text) => text
            .parse()
            .map_err(|_| Refusal::invalid("after is not a valid cursor"))?,
    };
    let all = present(sim, list);
    let mut wanted = all.iter().filter(|(id, _)| *id >= after);
    let results: Vec<Value> = wanted
        .by_ref()
        .take(limit)
        .map(|(id, at)| {
            json!({ "recordId": id.to_string(), "membershipTimestamp": spell_moment(*at) })
        })
        .collect();
    let mut page = json!({ "results": results, "total": all.len() });
    if let Some((next, _)) = wanted.next() {
        page["paging"] = json!({ "next": { "after": next.to_string() } });
    }
    Ok(Reply::ok(page))
}

fn edit(sim: &mut Simulation, request: &Request, id: &str, add: bool) -> Answer {
    let list = find(sim, id)?;
    let (number, kind) = (list.id, list.kind);
    if list.processing == "DYNAMIC" {
        return Err(Refusal::invalid(
            "Members of a dynamic list follow from its filters.",
        ));
    }
    let body = request.body()?;
    let ids = body.as_array().into_iter().flatten();
    let ids = ids.filter_map(|id| id.as_str().map_or(id.as_u64(), |text| text.parse().ok()));
    let now = sim.clock.now();
    let (mut done, mut missing) = (Vec::new(), Vec::new());
    let table = sim.world.portal.table(kind);
    let Some(list) = sim.lists.iter_mut().find(|list| list.id == number) else {
        return Err(no_list());
    };
    for id in ids {
        if table.get(id).is_none() {
            missing.push(id.to_string());
        } else if add {
            if let std::collections::btree_map::Entry::Vacant(entry) = list.members.entry(id) {
                entry.insert(now);
                done.push(id.to_string());
            }
        } else if list.members.remove(&id).is_some() {
            done.push(id.to_string());
        }
    }
    list.updated = now;
    let (added, removed) = if add {
        (done, Vec::new())
    } else {
        (Vec::new(), done)
    };
    Ok(Reply::ok(json!({
        "recordsIdsAdded": added,
        "recordIdsAdded": added,
        "recordIdsRemoved": removed,
        "recordIdsMissing": missing,
    })))
}

fn of_record(sim: &Simulation, kind: &str, id: &str) -> Answer {
    let kind = kind_of(sim, kind)?;
    let id = id.parse::<u64>().unwrap_or(0);
    let lists = sim.lists.iter().filter(|list| list.kind == kind);
    let results: Vec<Value> = lists
        .filter_map(|list| {
            let members = present(sim, list);
            let (_, at) = members.iter().find(|(member, _)| *member == id)?;
            Some(json!({
                "listId": list.id.to_string(),
                "listVersion": 1,
                "firstAddedTimestamp": spell_moment(*at),
                "lastAddedTimestamp": spell_moment(*at),
            }))
        })
        .collect();
    Ok(Reply::ok(json!({ "results": results })))
}
