//! What became of the inputs of a batch.

use std::collections::BTreeMap;

use crm::RecordId;

use crate::{InputError, Record};

/// What a batch did. Every input is in exactly one of `done`, `failed` and `unmentioned`, whatever
/// the status: HubSpot answers 200, 201, 204 or 207, and none of them alone says that all is done.
///
/// `K` names an input: a record's id where there is one, else the place in the list that was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchOutcome<K, T> {
    /// The inputs that were carried out, each with what HubSpot says of it.
    pub done: BTreeMap<K, T>,
    /// The refused ones, each with its reason.
    pub failed: BTreeMap<K, InputError>,
    /// The ones about which the answer says nothing: only reading back can tell.
    pub unmentioned: Vec<K>,
    /// Refusals that name no input of the batch.
    pub unattributed: Vec<InputError>,
}

impl<K, T> Default for BatchOutcome<K, T> {
    fn default() -> Self {
        Self {
            done: BTreeMap::new(),
            failed: BTreeMap::new(),
            unmentioned: Vec::new(),
            unattributed: Vec::new(),
        }
    }
}

impl<K, T> BatchOutcome<K, T> {
    /// Whether every input was carried out.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.unmentioned.is_empty() && self.unattributed.is_empty()
    }
}

/// What a batch update did, by record.
pub type BatchUpdate = BatchOutcome<RecordId, Record>;

/// A record after an upsert.
#[derive(Debug, Clone, PartialEq)]
pub struct Upserted {
    /// The record as it is now.
    pub record: Record,
    /// Whether it was created, rather than changed.
    pub is_new: bool,
}
