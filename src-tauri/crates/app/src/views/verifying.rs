//! The proof that nothing was lost: HubSpot's counts beside the copy's.

use crm::{Moment, RecordId};
use serde::{Deserialize, Serialize};

/// What a comparison with HubSpot's own counts found. The counts are those found, before anything
/// was repaired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReconciliationView {
    /// When this was asked.
    #[cfg_attr(test, ts(type = "string"))]
    pub checked_at: Moment,
    /// Up to which moment of creation records were counted: the start of the sync.
    #[cfg_attr(test, ts(type = "string"))]
    pub since: Moment,
    /// Whether every month was asked about, and not only those that had changed.
    pub whole: bool,
    /// Why nothing was compared this time; the rest is then what was found before.
    pub not_checked: Option<String>,
    /// How many differences nothing explains.
    #[cfg_attr(test, ts(type = "number"))]
    pub unexplained: u64,
    /// The object types.
    pub objects: Vec<ReconciledObject>,
    /// Records that were read again, to compare what counts cannot show.
    pub samples: Vec<ReconciledSample>,
    /// The records on one side alone; not kept, so only in the answer of the comparison itself.
    pub differences: Vec<ReconciledRecord>,
}

/// An object type's counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReconciledObject {
    /// The type, such as `deals`.
    pub object: String,
    /// How many records HubSpot counts; absent where it does not tell.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub theirs: Option<u64>,
    /// How many are in the copy.
    #[cfg_attr(test, ts(type = "number"))]
    pub ours: u64,
    /// What explains the differences of all months together.
    pub explained: ExplainedCounts,
    /// How many differences nothing explains.
    #[cfg_attr(test, ts(type = "number"))]
    pub unexplained: u64,
    /// Why HubSpot does not tell; absent when it does.
    pub unavailable: Option<String>,
    /// Which records are kept although HubSpot shows them no more; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub out_of_sight: Option<OutOfSightView>,
    /// The months of creation in UTC, in order.
    pub months: Vec<ReconciledMonth>,
}

/// Records that are kept for a while although HubSpot shows them no more: too many at once to be taken
/// for erased, or to a token that has lost scopes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OutOfSightView {
    /// How many.
    #[cfg_attr(test, ts(type = "number"))]
    pub records: u64,
    /// Since when the first of them is.
    #[cfg_attr(test, ts(type = "string"))]
    pub since: Moment,
    /// From when on a comparison purges the first of them; absent where the token has lost scopes, as
    /// none of them is purged then.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub purged_from: Option<Moment>,
}

/// The records of a type that were created in one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReconciledMonth {
    /// Such as `2026-11`; absent for records without a date.
    pub month: Option<String>,
    /// How many HubSpot counts.
    #[cfg_attr(test, ts(type = "number"))]
    pub theirs: u64,
    /// How many are in the copy.
    #[cfg_attr(test, ts(type = "number"))]
    pub ours: u64,
    /// What explains the difference.
    pub explained: ExplainedCounts,
    /// How many records nothing explains.
    #[cfg_attr(test, ts(type = "number"))]
    pub unexplained: u64,
}

/// How many records were on one side alone, by what explains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ExplainedCounts {
    /// In HubSpot's recycle bin; marked so here by now.
    #[cfg_attr(test, ts(type = "number"))]
    pub archived: u64,
    /// Merged into another record; followed here by now.
    #[cfg_attr(test, ts(type = "number"))]
    pub merged: u64,
    /// Erased in HubSpot; gone from here too by now.
    #[cfg_attr(test, ts(type = "number"))]
    pub purged: u64,
    /// In HubSpot, which refuses to show it.
    #[cfg_attr(test, ts(type = "number"))]
    pub no_access: u64,
    /// Newer than the sync, or not in HubSpot's index yet.
    #[cfg_attr(test, ts(type = "number"))]
    pub newer: u64,
    /// Missing or outdated here; read and stored by now.
    #[cfg_attr(test, ts(type = "number"))]
    pub repaired: u64,
}

/// Records of a type that were read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReconciledSample {
    /// The type.
    pub object: String,
    /// The type their associations lead to; absent where the histories were compared.
    pub to: Option<String>,
    /// How many records were chosen.
    #[cfg_attr(test, ts(type = "number"))]
    pub sampled: u64,
    /// How many were compared: all of the type where the sample showed a difference.
    #[cfg_attr(test, ts(type = "number"))]
    pub compared: u64,
    /// Rows that HubSpot has and that were not here.
    #[cfg_attr(test, ts(type = "number"))]
    pub missing: u64,
    /// Rows that were here and that HubSpot has not.
    #[cfg_attr(test, ts(type = "number"))]
    pub surplus: u64,
    /// How many of both were set right.
    #[cfg_attr(test, ts(type = "number"))]
    pub repaired: u64,
}

/// What explains that a record was on one side alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Explanation {
    /// In HubSpot's recycle bin.
    Archived,
    /// Merged into another record.
    Merged,
    /// Erased in HubSpot.
    Purged,
    /// HubSpot refuses to show it.
    NoAccess,
    /// Newer than the sync, or not in HubSpot's index yet.
    Newer,
    /// Missing or outdated here; read and stored by now.
    Repaired,
    /// Nothing.
    Unexplained,
}

/// A record that was on one side alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReconciledRecord {
    /// Its type.
    pub object: String,
    /// Its id.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RecordId,
    /// What explains it.
    pub why: Explanation,
}
