//! A type's records, page after page, with the histories of some properties.

use std::collections::{BTreeMap, HashSet};

use crm::{ObjectType, RecordId};
use hubspot::{ListQuery, ReadQuery, Record, SearchQuery, limits};
use store::DefinedProperty;

use crate::convert;
use crate::error::SyncError;
use crate::landing::Rows;
use crate::options::ObjectPlan;
use crate::plan::Stream;
use crate::work::{Lander, Work};

/// Pages without a row in a row, with a cursor each, that are tolerated: short and even empty pages
/// do occur; without an end they are a loop.
const EMPTY_PAGES: u32 = 3;

/// Bytes of names that are put into the address of a list. More of them travel in the body of a
/// batch read, at the price of a second call a page. Leaves room in [`limits::URL_LENGTH`] for the
/// rest of the address.
const NAMES_IN_ADDRESS: usize = limits::URL_LENGTH - 1_000;

pub(super) async fn read(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
    mut after: Option<String>,
    lander: &mut Lander<'_, '_>,
) -> Result<(), SyncError> {
    let Some(plan) = work.object(object) else {
        return lander.unavailable("not_asked_for").await;
    };
    let of = object.clone();
    let defined = work
        .in_store(move |store| store.read(|connection| store::defined_properties(connection, &of)))
        .await?;
    let wanted = Wanted::new(plan, &defined);
    let mut seen: HashSet<String> = after.iter().cloned().collect();
    let mut empty_pages = 0;
    loop {
        let query = ListQuery {
            properties: wanted.in_list.clone(),
            history: wanted.history.clone(),
            archived: false,
            limit: work.options.page_size,
            after,
        };
        let page = work.ask(stream, work.client.list(object, &query)).await?;
        let stream_name = || stream.to_string();
        if let Some(next) = &page.after {
            if !seen.insert(next.clone()) {
                let stream = stream_name();
                return Err(SyncError::CursorRepeated { stream });
            }
            empty_pages = if page.results.is_empty() {
                empty_pages + 1
            } else {
                0
            };
            if empty_pages > EMPTY_PAGES {
                return Err(SyncError::EmptyPages {
                    stream: stream_name(),
                    pages: empty_pages,
                });
            }
        }
        let records = complete(work, stream, object, &wanted, page.results).await?;
        let rows: Vec<_> = records.into_iter().map(convert::record).collect();
        let count = rows.len();
        after = page.after;
        let rows = Rows::Records(object.clone(), rows);
        lander.land(rows, count, after.clone()).await?;
        if after.is_none() {
            return lander.settle().await;
        }
    }
}

/// Asks how many records a type has, for the progress alone: the search index says so in one call.
/// A portal that does not tell is none the worse.
pub(super) async fn count(work: &Work<'_>, stream: &Stream, object: &ObjectType) -> Option<u64> {
    let query = SearchQuery::all().limited(1);
    let found = work.ask(stream, work.client.search(object, &query)).await;
    found.ok().map(|page| page.total)
}

/// Records a page of this type has.
pub(super) fn page_size(work: &Work<'_>, object: &ObjectType) -> u64 {
    let with_history = work
        .object(object)
        .is_some_and(|plan| !plan.history.is_empty());
    let most = if with_history {
        limits::PAGE_WITH_HISTORY
    } else {
        limits::PAGE
    };
    let size = work.options.page_size.unwrap_or(most).clamp(1, most);
    u64::try_from(size).unwrap_or(1)
}

/// What is asked for of a type in this portal.
struct Wanted {
    in_list: Vec<String>,
    in_batch: Vec<String>,
    history: Vec<String>,
}

impl Wanted {
    /// Names that the portal does not define are left out. Where its definitions cannot be read,
    /// all wanted names are asked for: HubSpot leaves unknown ones out of its answer.
    fn new(plan: &ObjectPlan, defined: &[DefinedProperty]) -> Self {
        let known: BTreeMap<&str, bool> = defined
            .iter()
            .map(|property| (property.name.as_str(), property.hubspot_defined))
            .collect();
        let is_known = |name: &String| known.is_empty() || known.contains_key(name.as_str());
        let mut names: Vec<String> = plan
            .properties
            .iter()
            .filter(|n| is_known(n))
            .cloned()
            .collect();
        if plan.portal_defined {
            let named: HashSet<&String> = plan.properties.iter().collect();
            let own = defined
                .iter()
                .filter(|property| !property.hubspot_defined && !named.contains(&property.name));
            names.extend(own.map(|property| property.name.clone()));
        }
        let history: Vec<String> = plan
            .history
            .iter()
            .filter(|n| is_known(n))
            .cloned()
            .collect();
        let length: usize = names
            .iter()
            .chain(&history)
            .map(|name| name.len() + 1)
            .sum();
        if length <= NAMES_IN_ADDRESS {
            Self {
                in_list: names,
                in_batch: Vec::new(),
                history,
            }
        } else {
            Self {
                in_list: Vec::new(),
                in_batch: names,
                history,
            }
        }
    }
}

/// Adds the properties that had no room in the address of the list. A record that is gone between
/// the two calls is left out; the next pass will see that.
async fn complete(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
    wanted: &Wanted,
    listed: Vec<Record>,
) -> Result<Vec<Record>, SyncError> {
    if wanted.in_batch.is_empty() || listed.is_empty() {
        return Ok(listed);
    }
    let ids: Vec<RecordId> = listed.iter().map(|record| record.id).collect();
    let query = ReadQuery {
        properties: wanted.in_batch.clone(),
        ..ReadQuery::default()
    };
    let read = work.client.batch_read(object, &ids, &query);
    let read = work.ask(stream, read).await?;
    let mut properties: BTreeMap<RecordId, _> = read
        .found
        .into_iter()
        .map(|record| (record.id, record.properties))
        .collect();
    let complete = listed.into_iter().filter_map(|mut record| {
        record.properties.extend(properties.remove(&record.id)?);
        Some(record)
    });
    Ok(complete.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defined(names: &[(&str, bool)]) -> Vec<DefinedProperty> {
        names
            .iter()
            .map(|(name, hubspot_defined)| DefinedProperty {
                name: (*name).to_owned(),
                hubspot_defined: *hubspot_defined,
            })
            .collect()
    }

    fn plan(portal_defined: bool) -> ObjectPlan {
        ObjectPlan {
            object: ObjectType::DEALS,
            properties: ["amount", "dealname", "gone"].map(str::to_owned).to_vec(),
            portal_defined,
            history: ["amount", "gone"].map(str::to_owned).to_vec(),
            associations: Vec::new(),
            pipelines: false,
        }
    }

    #[test]
    fn only_defined_properties_are_asked_for() {
        let portal = defined(&[
            ("amount", true),
            ("dealname", true),
            ("hs_other", true),
            ("my_own", false),
        ]);
        let wanted = Wanted::new(&plan(false), &portal);
        assert_eq!(wanted.in_list, ["amount", "dealname"]);
        assert_eq!(wanted.history, ["amount"]);
        let wanted = Wanted::new(&plan(true), &portal);
        assert_eq!(wanted.in_list, ["amount", "dealname", "my_own"]);
    }

    #[test]
    fn without_definitions_everything_wanted_is_asked_for() {
        let wanted = Wanted::new(&plan(true), &[]);
        assert_eq!(wanted.in_list, ["amount", "dealname", "gone"]);
    }

    #[test]
    fn names_that_no_address_holds_travel_in_a_body() {
        let many: Vec<DefinedProperty> = (0..900)
            .map(|n| DefinedProperty {
                name: format!("a_property_of_the_portal_{n}"),
                hubspot_defined: false,
            })
            .chain(defined(&[("amount", true)]))
            .collect();
        let wanted = Wanted::new(&plan(true), &many);
        assert!(wanted.in_list.is_empty());
        assert_eq!(wanted.in_batch.len(), 901);
        assert_eq!(wanted.history, ["amount"], "versions come with the list");
    }
}
