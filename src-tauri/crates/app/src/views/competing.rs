//! Competitors: the list that a portal's people keep, and the report made with it.

use std::collections::BTreeMap;

use analyses::competitors::{CompetitorProperty, CompetitorReport, ListChange};
use crm::{Moment, PipelineId, PortalId, RecordId};
use serde::{Deserialize, Serialize};

use analyses::competitors::text::Competitor;

use super::forecasting::PipelineOption;
use super::{CopyId, SnapshotMark};

/// Whether the texts of activities are to be read.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CompetitorTextsArgs {
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// On: bodies of notes and subjects of e-mails come with the next sync. Off: they are removed.
    pub on: bool,
}

/// Changes of a portal's list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CompetitorChangeArgs {
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// The changes, in order: all of them are made, or none.
    pub changes: Vec<ListChange>,
}

/// A property of deals that is, or may be, for competitors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CompetitorPropertyView {
    /// Which, and what it says.
    pub property: CompetitorProperty,
    /// What people see; none where the portal no longer defines it.
    pub label: Option<String>,
}

/// A portal's list of competitors, and whether texts of activities are read for it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CompetitorListView {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// Present where this is from a snapshot.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub snapshot: Option<SnapshotMark>,
    /// How often the list was changed; 0: nobody has made one.
    #[cfg_attr(test, ts(type = "number"))]
    pub version: u64,
    /// When it was changed last.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub changed_at: Option<Moment>,
    /// Since when bodies of notes and subjects of e-mails are read; none: they are not.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub texts_since: Option<Moment>,
    /// The competitors.
    pub competitors: Vec<Competitor>,
    /// Names of one's own.
    pub own_names: Vec<String>,
    /// Words that are nobody's name.
    pub ordinary_words: Vec<String>,
    /// Properties of deals that are for competitors.
    pub properties: Vec<CompetitorPropertyView>,
    /// Properties that may be, by their names; nobody has chosen them.
    pub proposed: Vec<CompetitorPropertyView>,
    /// After a change of `texts_since`: how many texts were removed.
    #[cfg_attr(test, ts(type = "number"))]
    pub removed: u64,
}

/// Which report is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CompetitorsArgs {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// As seen at the end of this day (`2026-08-03`), in the portal's time zone; absent means now.
    pub as_of: Option<String>,
    /// One pipeline, or all.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub pipeline: Option<PipelineId>,
    /// The property that makes the segments: a deal's, or a company's as `company.industry`.
    pub segment: Option<String>,
}

/// The report on competitors, with what the page around it needs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CompetitorsView {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// Present where this was made from a snapshot.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub snapshot: Option<SnapshotMark>,
    /// The pipelines to choose from.
    pub pipelines: Vec<PipelineOption>,
    /// The list that was looked for.
    pub list: CompetitorListView,
    /// What the stages of the report are called.
    pub stages: BTreeMap<String, String>,
    /// What the deals of the report are called.
    #[cfg_attr(test, ts(type = "Record<string, string>"))]
    pub deal_names: BTreeMap<RecordId, String>,
    /// The report.
    pub report: CompetitorReport,
}
