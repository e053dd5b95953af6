//! Records.

use std::collections::BTreeMap;

use crm::{Moment, PropertyValue, RecordId, Version};

/// One record of any type.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its id, unique within the portal and the type.
    pub id: RecordId,
    /// Whether it lies in the recycle bin.
    pub archived: bool,
    /// When it was archived.
    pub archived_at: Option<Moment>,
    /// When it was created.
    pub created_at: Option<Moment>,
    /// When it was last changed.
    pub updated_at: Option<Moment>,
    /// The values of the properties that were asked for and that the type has.
    pub properties: BTreeMap<String, PropertyValue>,
    /// The versions of the properties that were asked for with history, oldest first (HubSpot sends
    /// the newest first; versions of the same moment keep HubSpot's order, reversed).
    pub histories: BTreeMap<String, Vec<Version>>,
    /// How many versions had to be dropped because their time was missing or unreadable. Anything
    /// but zero means the histories are incomplete.
    pub unreadable_versions: usize,
}

/// A record that was asked for by its id. HubSpot answers for a record that was merged away with
/// the one it was merged into, so the id may be another one than was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The id that was asked for.
    pub asked: RecordId,
    /// What it leads to now.
    pub record: Record,
}

impl Resolved {
    /// The record that the one asked for was merged into, if it was.
    #[must_use]
    pub fn merged_into(&self) -> Option<RecordId> {
        (self.record.id != self.asked).then_some(self.record.id)
    }
}
