//! The sync: its runs, its streams, its state.

use crm::{Moment, PortalId};
use serde::{Deserialize, Serialize};

use super::{CopyId, JobId, ReconciliationView, SnapshotMark};

/// A sync to be run.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SyncArgs {
    /// The caller's name for this work.
    pub job: JobId,
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// Reads everything again, also where only what changed is due.
    #[serde(default)]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub full: bool,
    /// Compares every id with HubSpot's, also where the counts agree.
    #[serde(default)]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub reconcile: bool,
}

/// What a run reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SyncKind {
    /// Everything.
    Full,
    /// What an earlier run left.
    Resumed,
    /// What changed since the copy was complete.
    Changes,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SyncOutcome {
    /// The copy is complete as of the run's start.
    Done,
    /// Stopped by the user; the next run goes on from there.
    Cancelled,
    /// Stopped by an error; the next run goes on from there.
    Failed,
    /// Not ended yet.
    Running,
    /// Begun and never ended: the program was stopped. The next run goes on from there.
    Interrupted,
}

/// One stream of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StreamView {
    /// Such as `records/deals` or `associations/deals/contacts`.
    pub stream: String,
    /// Rows read.
    #[cfg_attr(test, ts(type = "number"))]
    pub rows: u64,
    /// Why HubSpot does not give this stream to us; absent when it does.
    pub unavailable: Option<String>,
    /// What was read and what HubSpot counted, such as `498 of 500`, where the two could not be
    /// brought together; the next run reads the same again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub unproven: Option<String>,
}

/// What a sync did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SyncReportView {
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// What it read.
    pub kind: SyncKind,
    /// How it ended.
    pub outcome: SyncOutcome,
    /// Rows read over all streams.
    #[cfg_attr(test, ts(type = "number"))]
    pub rows: u64,
    /// Calls made to HubSpot to read.
    #[cfg_attr(test, ts(type = "number"))]
    pub calls: u64,
    /// Calls made after that, to compare with HubSpot's own counts.
    #[cfg_attr(test, ts(type = "number"))]
    pub calls_to_check: u64,
    /// How long the reading took.
    pub seconds: f64,
    /// The streams, in the order in which they were read.
    pub streams: Vec<StreamView>,
    /// How the copy compares with HubSpot's own counts after it; absent when it was not ended.
    pub reconciliation: Option<ReconciliationView>,
}

/// A run in the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SyncRunView {
    /// When it began.
    #[cfg_attr(test, ts(type = "string"))]
    pub started_at: Moment,
    /// When it ended; absent if it never did.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub finished_at: Option<Moment>,
    /// How it ended.
    pub outcome: SyncOutcome,
    /// What it read.
    pub kind: SyncKind,
    /// Rows read.
    #[cfg_attr(test, ts(type = "number"))]
    pub rows: u64,
    /// Calls made to read.
    #[cfg_attr(test, ts(type = "number"))]
    pub calls: u64,
    /// What stopped it, as a code of the error table.
    pub error_code: Option<String>,
}

/// The state of a portal's copy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SyncStatus {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// Present where this was made from a snapshot.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub snapshot: Option<SnapshotMark>,
    /// When the copy was last completed.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub synced_at: Option<Moment>,
    /// Whether a sync runs right now.
    pub running: bool,
    /// Calls that the last reading of everything cost; absent where there was none, or where a run
    /// of it died and took its count along.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub full_calls: Option<u64>,
    /// Calls that HubSpot said are left of the portal's day; absent where it tells no budget, or
    /// was not asked anything today.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub calls_left: Option<u64>,
    /// Streams of the current copy with their rows.
    pub streams: Vec<StreamView>,
    /// How the copy last compared with HubSpot's own counts; absent before the first time.
    pub reconciliation: Option<ReconciliationView>,
    /// The last runs, newest first.
    pub runs: Vec<SyncRunView>,
}
