//! How likely open deals are won and contacts convert, and the models that say so.

use std::collections::BTreeMap;

use analyses::scoring::Scored;
use analyses::scoring::report::{Explanation, ScoreCard, ScoringReport};
use crm::{Moment, PipelineId, PortalId, RecordId};
use serde::{Deserialize, Serialize};

use super::{CopyId, PipelineOption, SnapshotMark};

/// Which scores are asked about.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScoringArgs {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// Whether deals are scored or contacts. Absent means deals.
    #[serde(default)]
    pub of: Scored,
    /// As seen at the end of this day (`2026-08-03`), in the portal's time zone; absent means now.
    pub as_of: Option<String>,
    /// One pipeline, or all: of contacts, only its deals are won with them.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub pipeline: Option<PipelineId>,
    /// Days within which it happens or not: 30, 90 or 180. Absent means 90.
    pub horizon_days: Option<u32>,
    /// Further properties to learn from, such as `companies.tier`.
    #[serde(default)]
    pub properties: Vec<String>,
}

/// The report on scores, with what the page around it needs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScoringView {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// Present where this was made from a snapshot.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub snapshot: Option<SnapshotMark>,
    /// The pipelines to choose from.
    pub pipelines: Vec<PipelineOption>,
    /// The version of the kept model that gave the scores. None where a model was learnt for this report
    /// alone, as of a past day.
    pub version: Option<u32>,
    /// The names of the open deals, or of the contacts, by id.
    #[cfg_attr(test, ts(type = "{ [id: string]: string }"))]
    pub names: BTreeMap<RecordId, String>,
    /// The report.
    pub report: ScoringReport,
}

/// A score to be learnt anew and kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScoreTrainArgs {
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// Whether deals are scored or contacts. Absent means deals.
    #[serde(default)]
    pub of: Scored,
    /// One pipeline, or all: of contacts, only its deals are won with them.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub pipeline: Option<PipelineId>,
    /// Days within which it happens or not: 30, 90 or 180. Absent means 90.
    pub horizon_days: Option<u32>,
    /// Further properties to learn from, such as `companies.tier`.
    #[serde(default)]
    pub properties: Vec<String>,
    /// A column that the auditor suspects, to be let in from now on, or no longer.
    pub overrule: Option<OverruleArgs>,
}

/// A suspect to be let in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OverruleArgs {
    /// The column, as the card names it.
    pub column: String,
    /// Why it is no leak; every card keeps it. Empty: it is no longer let in.
    pub reason: String,
}

/// A model that was kept, with its card.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScoreModelView {
    /// Counts up from 1 over all models of the portal.
    pub version: u32,
    /// When it was trained.
    #[cfg_attr(test, ts(type = "string"))]
    pub trained_at: Moment,
    /// Whether its scores may be shown.
    pub is_published: bool,
    /// Why it is the one in use; none for one that is not.
    pub in_use: Option<String>,
    /// The properties that it was asked to learn from beside the usual ones.
    pub properties: Vec<String>,
    /// Its card.
    pub card: ScoreCard,
}

/// What a training came to.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScoreTrainView {
    /// The new model.
    pub model: ScoreModelView,
    /// Whether it is used from now on.
    pub takes_over: bool,
    /// Why, or why not.
    pub why: String,
    /// Records that the model in use has scored now; 0 where none is.
    pub scored: u32,
}

/// Whose score is asked about.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScoreExplainArgs {
    /// Which scores.
    pub scoring: ScoringArgs,
    /// The deal, or the contact.
    #[cfg_attr(test, ts(type = "string"))]
    pub record: RecordId,
}

/// Why a record's score is what it is.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScoreExplainView {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// Present where this was made from a snapshot.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub snapshot: Option<SnapshotMark>,
    /// The version of the kept model; none where one was learnt for this alone.
    pub version: Option<u32>,
    /// The record's name, where it has one.
    pub name: Option<String>,
    /// What the score tells of, of whom, and how well it did.
    pub card: ScoreCard,
    /// The score with everything that adds to it.
    pub explanation: Explanation,
}
