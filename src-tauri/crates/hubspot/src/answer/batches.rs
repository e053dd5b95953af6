//! Answers to batches: each input's fate, whatever the status.

use std::collections::{BTreeMap, BTreeSet};

use crm::{PropertyValue, RecordId};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Malformed, RawRecord, read};
use crate::error_body::{self, ErrorBody};
use crate::write::{BatchOutcome, BatchUpdate, Upserted};
use crate::{BatchRead, BatchReadByValue, InputError, Record, wire};

/// HubSpot's category for records, and associations, that are not there.
pub(super) const NOT_FOUND: &str = "OBJECT_NOT_FOUND";

/// The property that names the records that were merged into this one, `;` between them.
pub(crate) const MERGED_IDS: &str = "hs_merged_object_ids";

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
pub(super) struct RawBatch<T> {
    #[serde(default = "Vec::new", deserialize_with = "wire::list")]
    pub(super) results: Vec<T>,
    #[serde(default, deserialize_with = "error_body::lenient_errors")]
    pub(super) errors: Vec<ErrorBody>,
}

/// A batch answer must at least have one of its two lists; `{}` is no answer.
pub(super) fn batch<T: DeserializeOwned>(body: &[u8]) -> Result<RawBatch<T>, Malformed> {
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

fn records_of(raw: Vec<RawRecord>) -> Vec<Record> {
    raw.into_iter().map(Record::from).collect()
}

/// What a batch read of `asked` ids found.
pub(crate) fn read_by_id(body: &[u8], asked: &[RecordId]) -> Result<BatchRead, Malformed> {
    let raw: RawBatch<RawRecord> = batch(body)?;
    let mut answer = BatchRead {
        found: records_of(raw.results),
        ..BatchRead::default()
    };
    let mut open: BTreeSet<RecordId> = asked.iter().copied().collect();
    for record in &answer.found {
        open.remove(&record.id);
    }
    for record in &answer.found {
        let merged_here = merged_into(record).filter(|id| open.remove(id));
        answer
            .merged
            .extend(merged_here.map(|id| (id, record.id)).collect::<Vec<_>>());
    }
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

/// The ids of the records that were merged into this one, as far as it tells.
fn merged_into(record: &Record) -> impl Iterator<Item = RecordId> {
    let listed = record.properties.get(MERGED_IDS);
    let text = listed.and_then(PropertyValue::text).unwrap_or_default();
    text.split(';').filter_map(|id| id.trim().parse().ok())
}

/// What a batch read by a unique property's values found. HubSpot compares without regard to case.
pub(crate) fn read_by_value(
    body: &[u8],
    property: &str,
    asked: &[String],
) -> Result<BatchReadByValue, Malformed> {
    let raw: RawBatch<RawRecord> = batch(body)?;
    let mut open: BTreeMap<String, &String> = asked
        .iter()
        .map(|value| (value.to_lowercase(), value))
        .collect();
    let mut answer = BatchReadByValue::default();
    for record in records_of(raw.results) {
        let value = record
            .properties
            .get(property)
            .and_then(PropertyValue::text);
        match value.and_then(|value| open.remove(&value.to_lowercase())) {
            Some(value) => {
                answer.found.insert(value.clone(), record);
            }
            None => answer.strangers.push(record),
        }
    }
    for error in &raw.errors {
        let named: Vec<String> = open
            .iter()
            .filter(|(_, value)| error.names_input(value))
            .map(|(key, _)| key.clone())
            .collect();
        let values = named.iter().filter_map(|key| open.remove(key)).cloned();
        let refusal = error.as_input_error();
        if refusal.category.as_deref() == Some(NOT_FOUND) && !named.is_empty() {
            answer.missing.extend(values);
        } else {
            values.for_each(drop);
            answer.failures.push(refusal);
        }
    }
    answer.unmentioned = open.into_values().cloned().collect();
    Ok(answer)
}

/// Puts the errors of a batch to the inputs that are still open, and the rest of those aside.
pub(super) fn settle<K: Ord, T>(
    mut outcome: BatchOutcome<K, T>,
    mut open: BTreeSet<K>,
    errors: &[ErrorBody],
    named: impl Fn(&ErrorBody, &InputError) -> Vec<K>,
) -> BatchOutcome<K, T> {
    for body in errors {
        let error = body.as_input_error();
        let mut ours = named(body, &error);
        ours.retain(|key| open.remove(key));
        if ours.is_empty() {
            outcome.unattributed.push(error);
        } else {
            outcome
                .failed
                .extend(ours.into_iter().map(|key| (key, error.clone())));
        }
    }
    outcome.unmentioned = open.into_iter().collect();
    outcome
}

/// What a batch update of `sent` ids did.
pub(crate) fn updated(body: &[u8], sent: &[RecordId]) -> Result<BatchUpdate, Malformed> {
    let raw: RawBatch<RawRecord> = batch(body)?;
    let mut open: BTreeSet<RecordId> = sent.iter().copied().collect();
    let mut outcome = BatchUpdate::default();
    for record in records_of(raw.results) {
        if open.remove(&record.id) {
            outcome.done.insert(record.id, record);
        }
    }
    Ok(settle(outcome, open, &raw.errors, |_, error| {
        error.ids.clone()
    }))
}

/// What archiving `sent` ids did: the documented 204 says nothing, and means all of them.
pub(crate) fn archived(
    status: u16,
    body: &[u8],
    sent: &[RecordId],
) -> Result<BatchOutcome<RecordId, ()>, Malformed> {
    let mut outcome = BatchOutcome::default();
    if status == 204 {
        outcome.done = sent.iter().map(|id| (*id, ())).collect();
        return Ok(outcome);
    }
    #[derive(Deserialize)]
    struct Mention {
        id: RecordId,
    }
    let raw: RawBatch<Mention> = batch(body)?;
    let mut open: BTreeSet<RecordId> = sent.iter().copied().collect();
    for mention in raw.results {
        if open.remove(&mention.id) {
            outcome.done.insert(mention.id, ());
        }
    }
    Ok(settle(outcome, open, &raw.errors, |_, error| {
        error.ids.clone()
    }))
}

/// An input that has no id of its own: how to know it again in the answer.
pub(crate) struct Sent {
    /// Where it stands in the list.
    place: usize,
    /// The name it was given for this call.
    pub(crate) trace: String,
    /// What a record made of it shows.
    shows: Vec<(String, String)>,
}

impl Sent {
    /// The input at a place.
    pub(crate) fn new<'a>(
        place: usize,
        shows: impl Iterator<Item = (&'a String, &'a String)>,
    ) -> Self {
        Self {
            place,
            trace: format!("input-{place}"),
            shows: shows
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        }
    }

    /// Whether a record may have been made of this input. Addresses come back in lower case.
    fn fits(&self, record: &Record) -> bool {
        self.shows.iter().all(|(name, value)| {
            let shown = record.properties.get(name).and_then(PropertyValue::text);
            shown.unwrap_or_default().eq_ignore_ascii_case(value)
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawWritten {
    #[serde(flatten)]
    record: RawRecord,
    #[serde(default, deserialize_with = "wire::text")]
    object_write_trace_id: Option<String>,
    #[serde(default, deserialize_with = "wire::flag")]
    new: bool,
}

/// What a batch create did.
pub(crate) fn created(
    body: &[u8],
    sent: &[Sent],
) -> Result<BatchOutcome<usize, Record>, Malformed> {
    by_place(body, sent, |record, _| record)
}

/// What a batch upsert did.
pub(crate) fn upserted(
    body: &[u8],
    sent: &[Sent],
) -> Result<BatchOutcome<usize, Upserted>, Malformed> {
    by_place(body, sent, |record, is_new| Upserted { record, is_new })
}

fn by_place<T>(
    body: &[u8],
    sent: &[Sent],
    make: impl Fn(Record, bool) -> T,
) -> Result<BatchOutcome<usize, T>, Malformed> {
    let raw: RawBatch<RawWritten> = batch(body)?;
    let mut open: BTreeMap<usize, &Sent> = sent.iter().map(|sent| (sent.place, sent)).collect();
    let mut outcome = BatchOutcome::default();
    for written in raw.results {
        let record = Record::from(written.record);
        // An answer that does not repeat the trace is known by what it shows; of several inputs
        // that it would fit, the one that says most is the likeliest.
        let named = |sent: &&&Sent| match &written.object_write_trace_id {
            Some(trace) => sent.trace == *trace,
            None => sent.fits(&record),
        };
        let input = open
            .values()
            .filter(named)
            .max_by_key(|sent| sent.shows.len());
        if let Some(place) = input.map(|sent| sent.place) {
            open.remove(&place);
            outcome.done.insert(place, make(record, written.new));
        }
    }
    let places = |_: &ErrorBody, error: &InputError| {
        let named = |sent: &&Sent| error.traces.contains(&sent.trace);
        sent.iter().filter(named).map(|sent| sent.place).collect()
    };
    let open = open.into_keys().collect();
    Ok(settle(outcome, open, &raw.errors, places))
}
