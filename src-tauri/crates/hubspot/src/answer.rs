//! Answers' bodies into types. Pure: bytes in, values or [`Malformed`] out.

use std::collections::BTreeMap;

use crm::{Moment, PropertyValue, RecordId, UserId, Version};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{List, Page, Record, SearchPage, wire};

pub(crate) mod associations;
pub(crate) mod batches;
pub(crate) mod definitions;

/// The body is not what HubSpot documents. The parser's own words are not kept: they may quote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Every answer of HubSpot's is an object. A list is none of them, although the parser would fill a
/// type's fields from its items in order.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Malformed> {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'{') {
        return Err(Malformed);
    }
    serde_json::from_slice(body).map_err(|_| Malformed)
}

#[derive(Deserialize)]
struct RawPage<T> {
    results: Vec<T>,
    #[serde(default)]
    paging: Option<Paging>,
    #[serde(default, deserialize_with = "wire::integer")]
    total: i64,
}

#[derive(Deserialize)]
struct Paging {
    #[serde(default)]
    next: Option<Next>,
}

/// A success without anything to read. Only the documented 204 may be empty: an empty 200 is what
/// a broken edge sends.
pub(crate) fn nothing(status: u16, body: &[u8]) -> Result<(), Malformed> {
    let is_blank = body.iter().all(u8::is_ascii_whitespace);
    if status == 204 || (!is_blank && read::<serde::de::IgnoredAny>(body).is_ok()) {
        Ok(())
    } else {
        Err(Malformed)
    }
}

#[derive(Deserialize)]
struct Next {
    #[serde(default, deserialize_with = "wire::text")]
    after: Option<String>,
}

/// The cursor of the next page. An empty one is none: it would ask for the first page again.
fn after(paging: Option<Paging>) -> Option<String> {
    paging?.next?.after.filter(|after| !after.is_empty())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawRecord {
    id: RecordId,
    #[serde(default, deserialize_with = "wire::flag")]
    archived: bool,
    #[serde(default, deserialize_with = "wire::moment")]
    archived_at: Option<Moment>,
    #[serde(default, deserialize_with = "wire::moment")]
    created_at: Option<Moment>,
    #[serde(default, deserialize_with = "wire::moment")]
    updated_at: Option<Moment>,
    #[serde(default, deserialize_with = "wire::values")]
    properties: BTreeMap<String, PropertyValue>,
    #[serde(default, deserialize_with = "wire::or_default")]
    properties_with_history: BTreeMap<String, Option<Vec<RawVersion>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawVersion {
    #[serde(default = "empty", deserialize_with = "wire::value")]
    value: PropertyValue,
    #[serde(default, deserialize_with = "wire::moment")]
    timestamp: Option<Moment>,
    #[serde(default, deserialize_with = "wire::text")]
    source_type: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    source_id: Option<String>,
    #[serde(default, deserialize_with = "wire::id")]
    updated_by_user_id: Option<UserId>,
}

fn empty() -> PropertyValue {
    PropertyValue::Empty
}

impl From<RawRecord> for Record {
    fn from(raw: RawRecord) -> Self {
        let mut unreadable_versions = 0;
        let mut histories = BTreeMap::new();
        for (name, versions) in raw.properties_with_history {
            // HubSpot sends the newest first. Reversing before the (stable) sort keeps, among
            // versions of one millisecond, the one HubSpot takes for newest at the end.
            let mut oldest_first: Vec<Version> = Vec::new();
            for version in versions.unwrap_or_default().into_iter().rev() {
                match version.timestamp {
                    Some(at) => oldest_first.push(Version {
                        value: version.value,
                        at,
                        source_type: version.source_type,
                        source_id: version.source_id,
                        user: version.updated_by_user_id,
                    }),
                    None => unreadable_versions += 1,
                }
            }
            oldest_first.sort_by_key(|version| version.at);
            histories.insert(name, oldest_first);
        }
        Self {
            id: raw.id,
            archived: raw.archived,
            archived_at: raw.archived_at,
            created_at: raw.created_at,
            updated_at: raw.updated_at,
            properties: raw.properties,
            histories,
            unreadable_versions,
        }
    }
}

/// A page of anything that reads itself.
pub(crate) fn page<T: DeserializeOwned>(body: &[u8]) -> Result<Page<T>, Malformed> {
    let raw: RawPage<T> = read(body)?;
    Ok(Page {
        results: raw.results,
        after: after(raw.paging),
        unreadable: 0,
    })
}

/// A page of which one odd entry must not cost the others.
pub(crate) fn lenient_page<T: DeserializeOwned>(body: &[u8]) -> Result<Page<T>, Malformed> {
    let page: Page<serde_json::Value> = page(body)?;
    let listed = page.results.len();
    let results: Vec<T> = page
        .results
        .into_iter()
        .filter_map(|entry| serde_json::from_value(entry).ok())
        .collect();
    Ok(Page {
        unreadable: listed - results.len(),
        results,
        after: page.after,
    })
}

/// A page of lists, whose call has words of its own for all of it.
pub(crate) fn lists(body: &[u8]) -> Result<Page<List>, Malformed> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct RawLists {
        lists: Vec<serde_json::Value>,
        #[serde(default, deserialize_with = "wire::flag")]
        has_more: bool,
        #[serde(default, deserialize_with = "wire::text")]
        offset: Option<String>,
    }
    let raw: RawLists = read(body)?;
    let listed = raw.lists.len();
    let results: Vec<List> = raw
        .lists
        .into_iter()
        .filter_map(|list| serde_json::from_value(list).ok())
        .collect();
    Ok(Page {
        unreadable: listed - results.len(),
        results,
        after: raw.offset.filter(|_| raw.has_more),
    })
}

/// One list, which comes in a wrapper.
pub(crate) fn list(body: &[u8]) -> Result<List, Malformed> {
    #[derive(Deserialize)]
    struct Wrapped {
        list: List,
    }
    read::<Wrapped>(body).map(|wrapped| wrapped.list)
}

/// A page of records.
pub(crate) fn records(body: &[u8]) -> Result<Page<Record>, Malformed> {
    let page: Page<RawRecord> = page(body)?;
    Ok(Page {
        results: page.results.into_iter().map(Record::from).collect(),
        after: page.after,
        unreadable: 0,
    })
}

/// A single record.
pub(crate) fn record(body: &[u8]) -> Result<Record, Malformed> {
    read::<RawRecord>(body).map(Record::from)
}

/// A page of a search.
pub(crate) fn search(body: &[u8]) -> Result<SearchPage, Malformed> {
    let raw: RawPage<RawRecord> = read(body)?;
    Ok(SearchPage {
        total: u64::try_from(raw.total).unwrap_or_default(),
        results: raw.results.into_iter().map(Record::from).collect(),
        after: after(raw.paging),
    })
}

/// A list that comes in one piece.
pub(crate) fn all<T: DeserializeOwned>(body: &[u8]) -> Result<Vec<T>, Malformed> {
    page(body).map(|page| page.results)
}

/// A single thing.
pub(crate) fn one<T: DeserializeOwned>(body: &[u8]) -> Result<T, Malformed> {
    read(body)
}

#[cfg(test)]
mod tests;
