//! Answers to batches about definitions, whose inputs are known by a name or a number of theirs.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::Malformed;
use super::batches::{RawBatch, batch, settle};
use crate::error_body::ErrorBody;
use crate::write::BatchOutcome;
use crate::{InputError, PropertyBatch, PropertyDefinition, wire};

/// The properties that a refusal names, of those that were sent.
fn named<'a>(sent: &'a [String]) -> impl Fn(&ErrorBody, &InputError) -> Vec<String> + 'a {
    move |body, error| {
        let names = |name: &&String| body.names_input(name) || error.properties.contains(name);
        sent.iter().filter(names).cloned().collect()
    }
}

/// What a batch of new properties became.
pub(crate) fn created(
    body: &[u8],
    sent: &[String],
) -> Result<BatchOutcome<String, PropertyDefinition>, Malformed> {
    let raw: RawBatch<PropertyDefinition> = batch(body)?;
    let mut open: BTreeSet<String> = sent.iter().cloned().collect();
    let mut outcome = BatchOutcome::default();
    for made in raw.results {
        if let Some(name) = open.take(&made.name) {
            outcome.done.insert(name, made);
        }
    }
    Ok(settle(outcome, open, &raw.errors, named(sent)))
}

/// What a batch read of properties found.
pub(crate) fn read(body: &[u8], asked: &[String]) -> Result<PropertyBatch, Malformed> {
    let outcome = created(body, asked)?;
    let of_inputs = outcome.failed.into_values();
    Ok(PropertyBatch {
        failures: of_inputs.chain(outcome.unattributed).collect(),
        found: outcome.done,
        unmentioned: outcome.unmentioned,
    })
}

/// What archiving properties did: the documented 204 says nothing, and means all of them.
pub(crate) fn archived(
    status: u16,
    body: &[u8],
    sent: &[String],
) -> Result<BatchOutcome<String, ()>, Malformed> {
    #[derive(Deserialize)]
    struct Mention {
        #[serde(deserialize_with = "wire::required_text")]
        name: String,
    }
    ended(
        status,
        body,
        sent,
        |mention: Mention| mention.name,
        named(sent),
    )
}

/// What became of limits for kinds of association, known by their numbers. Lifting them is answered
/// with the documented 204.
pub(crate) fn capped(
    status: u16,
    body: &[u8],
    sent: &[i64],
) -> Result<BatchOutcome<i64, ()>, Malformed> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Mention {
        #[serde(deserialize_with = "wire::integer")]
        type_id: i64,
    }
    // No refusal is documented that names a kind.
    let nobody = |_: &ErrorBody, _: &InputError| Vec::new();
    ended(
        status,
        body,
        sent,
        |mention: Mention| mention.type_id,
        nobody,
    )
}

/// A batch of which the answer need only mention what was done.
fn ended<K: Ord + Clone, M: serde::de::DeserializeOwned>(
    status: u16,
    body: &[u8],
    sent: &[K],
    key: fn(M) -> K,
    named: impl Fn(&ErrorBody, &InputError) -> Vec<K>,
) -> Result<BatchOutcome<K, ()>, Malformed> {
    let mut outcome = BatchOutcome::default();
    let mut open: BTreeSet<K> = sent.iter().cloned().collect();
    if status == 204 {
        let done: BTreeMap<K, ()> = open.into_iter().map(|key| (key, ())).collect();
        outcome.done = done;
        return Ok(outcome);
    }
    let raw: RawBatch<M> = batch(body)?;
    for mention in raw.results {
        if let Some(key) = open.take(&key(mention)) {
            outcome.done.insert(key, ());
        }
    }
    Ok(settle(outcome, open, &raw.errors, named))
}
