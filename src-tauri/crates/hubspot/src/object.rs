//! What one asks of records, and pages of them.

use crm::RecordId;

use crate::{InputError, Record};

/// One page of a longer list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The items, in HubSpot's order. May be empty although more pages follow.
    pub results: Vec<T>,
    /// The cursor of the next page; `None` on the last one. Opaque text.
    pub after: Option<String>,
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

/// The answer to a batch read: every id that was asked for is in exactly one of the lists, except
/// that a merged record may come back under its new id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BatchRead {
    /// The records that were found.
    pub found: Vec<Record>,
    /// The ids that HubSpot says it does not have.
    pub missing: Vec<RecordId>,
    /// The ids about which the answer says nothing. They are not known to be gone.
    pub unmentioned: Vec<RecordId>,
    /// Other refusals.
    pub failures: Vec<InputError>,
}
