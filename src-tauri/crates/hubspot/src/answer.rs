//! Answers' bodies into types. Pure: bytes in, values or [`Malformed`] out.

use std::collections::{BTreeMap, BTreeSet};

use crm::{Moment, PropertyValue, RecordId, UserId, Version};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error_body::{self, ErrorBody};
use crate::write::BatchUpdate;
use crate::{
    Association, AssociationBatch, AssociationType, BatchRead, InputError, Page, Record,
    RecordAssociations, SearchPage, wire,
};

/// The body is not what HubSpot documents. The parser's own words are not kept: they may quote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Malformed> {
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
    })
}

/// A page of records.
pub(crate) fn records(body: &[u8]) -> Result<Page<Record>, Malformed> {
    let page: Page<RawRecord> = page(body)?;
    Ok(Page {
        results: page.results.into_iter().map(Record::from).collect(),
        after: page.after,
    })
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

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct RawBatch<T> {
    #[serde(default = "Vec::new", deserialize_with = "wire::list")]
    results: Vec<T>,
    #[serde(default, deserialize_with = "error_body::lenient_errors")]
    errors: Vec<ErrorBody>,
}

/// A batch answer must at least have one of its two lists; `{}` is no answer.
fn batch<T: DeserializeOwned>(body: &[u8]) -> Result<RawBatch<T>, Malformed> {
    #[derive(Deserialize)]
    struct Shape {
        results: Option<serde::de::IgnoredAny>,
        errors: Option<serde::de::IgnoredAny>,
    }
    let shape: Shape = read(body)?;
    if shape.results.is_none() && shape.errors.is_none() {
        return Err(Malformed);
    }
    read(body)
}

/// What a batch read of `asked` ids found.
pub(crate) fn batch_read(body: &[u8], asked: &[RecordId]) -> Result<BatchRead, Malformed> {
    let raw: RawBatch<RawRecord> = batch(body)?;
    let found: Vec<Record> = raw.results.into_iter().map(Record::from).collect();
    let mut open: BTreeSet<RecordId> = asked.iter().copied().collect();
    for record in &found {
        open.remove(&record.id);
    }
    let mut answer = BatchRead {
        found,
        ..BatchRead::default()
    };
    for error in &raw.errors {
        let error = error.as_input_error();
        if error.category.as_deref() == Some(NOT_FOUND) && !error.ids.is_empty() {
            answer
                .missing
                .extend(error.ids.iter().filter(|id| open.remove(id)));
        } else {
            for id in &error.ids {
                open.remove(id);
            }
            answer.failures.push(error);
        }
    }
    answer.unmentioned = open.into_iter().collect();
    Ok(answer)
}

/// HubSpot's category for records, and associations, that are not there.
const NOT_FOUND: &str = "OBJECT_NOT_FOUND";

/// What a batch update of `sent` ids did.
pub(crate) fn batch_update(body: &[u8], sent: &[RecordId]) -> Result<BatchUpdate, Malformed> {
    let raw: RawBatch<RawRecord> = batch(body)?;
    let updated: Vec<Record> = raw.results.into_iter().map(Record::from).collect();
    let mut open: BTreeSet<RecordId> = sent.iter().copied().collect();
    for record in &updated {
        open.remove(&record.id);
    }
    let mut answer = BatchUpdate {
        updated,
        ..BatchUpdate::default()
    };
    for error in &raw.errors {
        let error = error.as_input_error();
        let ours: Vec<RecordId> = error
            .ids
            .iter()
            .copied()
            .filter(|id| open.remove(id))
            .collect();
        if ours.is_empty() {
            answer.unattributed.push(error);
        } else {
            answer
                .failed
                .extend(ours.into_iter().map(|id| (id, error.clone())));
        }
    }
    answer.unmentioned = open.into_iter().collect();
    Ok(answer)
}

#[derive(Deserialize)]
struct RawAssociations {
    from: Side,
    #[serde(default, deserialize_with = "wire::list")]
    to: Vec<To>,
    #[serde(default)]
    paging: Option<Paging>,
}

#[derive(Deserialize)]
struct Side {
    id: RecordId,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct To {
    to_object_id: RecordId,
    #[serde(default, deserialize_with = "wire::list")]
    association_types: Vec<AssociationType>,
}

/// What a batch read of associations found.
pub(crate) fn associations(body: &[u8]) -> Result<AssociationBatch, Malformed> {
    let raw: RawBatch<RawAssociations> = batch(body)?;
    let results = raw.results.into_iter().map(|raw| RecordAssociations {
        from: raw.from.id,
        to: raw
            .to
            .into_iter()
            .map(|to| Association {
                to: to.to_object_id,
                types: to.association_types,
            })
            .collect(),
        after: after(raw.paging),
    });
    let failures: Vec<InputError> = raw
        .errors
        .iter()
        .map(ErrorBody::as_input_error)
        // A record without associations is reported as an error of the input.
        .filter(|error| error.category.as_deref() != Some(NOT_FOUND))
        .collect();
    Ok(AssociationBatch {
        results: results.collect(),
        failures,
    })
}

#[cfg(test)]
mod tests;
