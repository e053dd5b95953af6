//! What one asks of records, and pages of them.

use std::collections::BTreeMap;

use crm::RecordId;

use crate::{InputError, Record};

/// One page of a longer list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The items, in HubSpot's order. May be empty although more pages follow.
    pub results: Vec<T>,
    /// The cursor of the next page; `None` on the last one. Opaque text.
    pub after: Option<String>,
    /// How many entries could not be read and were left out. Always 0 for records and associations,
    /// of which none may be lost: there the whole page is refused.
    pub unreadable: usize,
}

/// A page of records of one type, in id order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// The properties to read. Unknown ones are left out of the answer without a word.
    pub properties: Vec<String>,
    /// The properties to read with all their versions; the page is then at most
    /// [`crate::limits::PAGE_WITH_HISTORY`] records long.
    pub history: Vec<String>,
    /// Whether to read archived records instead of live ones (never both).
    pub archived: bool,
    /// Records a page; the largest allowed when `None`. Larger numbers are cut to what is allowed.
    pub limit: Option<usize>,
    /// The cursor from the page before.
    pub after: Option<String>,
}

/// What to read of records whose ids are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadQuery {
    /// The properties to read.
    pub properties: Vec<String>,
    /// The properties to read with all their versions; at most
    /// [`crate::limits::PAGE_WITH_HISTORY`] ids a call then.
    pub history: Vec<String>,
    /// Whether to read archived records instead of live ones.
    pub archived: bool,
}

/// The answer to a batch read: every id that was asked for is in exactly one of the lists, where
/// `found` counts by the ids of its records.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BatchRead {
    /// The records that were found. A record that was merged away comes back as the one it was
    /// merged into, under an id that nobody may have asked for.
    pub found: Vec<Record>,
    /// The ids of records that were merged away, each with the id of the record it became, as far
    /// as the found records tell (`hs_merged_object_ids`).
    pub merged: BTreeMap<RecordId, RecordId>,
    /// The ids that HubSpot says it does not have.
    pub missing: Vec<RecordId>,
    /// The ids about which the answer says nothing. They are not known to be gone.
    pub unmentioned: Vec<RecordId>,
    /// Other refusals.
    pub failures: Vec<InputError>,
}

/// The answer to a batch read by the values of a unique property: every value that was asked for is
/// in at most one of the lists.
///
/// Its `Debug` shows values, which may be e-mail addresses: it is not to be logged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BatchReadByValue {
    /// The records that were found, by the value as it was asked for.
    pub found: BTreeMap<String, Record>,
    /// Records that show none of the values: a contact, found by one of its further addresses.
    pub strangers: Vec<Record>,
    /// The values that HubSpot says no record has.
    pub missing: Vec<String>,
    /// The values about which the answer says nothing, or says it of a stranger.
    pub unmentioned: Vec<String>,
    /// Other refusals; the values that they name are in no list.
    pub failures: Vec<InputError>,
}
