//! Which activities go with winning.

use analyses::activity::report::ActivityReport;
use crm::PipelineId;
use serde::{Deserialize, Serialize};

use super::{CopyId, PipelineOption, SnapshotMark};

/// Which deals are asked about, and when.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ActivityArgs {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// The day whose end is looked from, as `2026-08-03` in the portal's time zone; none means now.
    pub as_of: Option<String>,
    /// One pipeline, or all.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub pipeline: Option<PipelineId>,
}

/// Which activities go with winning, with where it comes from.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ActivityView {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// Present where this was made from a snapshot.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub snapshot: Option<SnapshotMark>,
    /// The pipelines that can be asked for.
    pub pipelines: Vec<PipelineOption>,
    /// The report.
    pub report: ActivityReport,
}
