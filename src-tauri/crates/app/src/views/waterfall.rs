//! What moved the open pipeline.

use analyses::waterfall::report::WaterfallReport;
use crm::{OwnerId, PipelineId, TeamId};
use serde::{Deserialize, Serialize};

use super::{CopyId, SnapshotMark};

/// Which change is asked about. Days are those of the portal's time zone, as `2026-08-03`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WaterfallArgs {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// The first day: the start is the moment before it.
    pub from: String,
    /// The last day: the end is its last moment, or as far as the copy is complete.
    pub to: String,
    /// One pipeline, or all.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub pipeline: Option<PipelineId>,
    /// The deals of one owner, or of all and none.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub owner: Option<OwnerId>,
    /// The deals of one team's owners; together with `owner` it is refused.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable, type = "string | null"))]
    pub team: Option<TeamId>,
    /// The first and the last day of the close dates, or whenever deals close.
    pub closing: Option<(String, String)>,
}

/// What moved the open pipeline, with where it comes from.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WaterfallView {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// Present where this was made from a snapshot.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub snapshot: Option<SnapshotMark>,
    /// The report.
    pub report: WaterfallReport,
}
