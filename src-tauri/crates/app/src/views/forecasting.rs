//! The forecast and the story of a deal.

use analyses::forecast::report::{Change, ForecastReport};
use crm::{FiscalYear, Moment, OwnerId, PipelineId, RecordId, TeamId};
use serde::{Deserialize, Serialize};

use super::{CopyId, SnapshotMark};

/// Which period is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PeriodChoice {
    /// The quarter of the portal's fiscal year that holds the as-of date.
    ThisQuarter,
    /// The one after it.
    NextQuarter,
    /// The calendar month that holds the as-of date.
    ThisMonth,
    /// From a first to a last day, both included, as `2026-10-01`.
    Days {
        /// First day.
        first: String,
        /// Last day.
        last: String,
    },
}

/// A forecast to be made.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ForecastArgs {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// The period.
    pub period: PeriodChoice,
    /// As seen at the end of this day (`2026-08-03`), in the portal's time zone; absent means now.
    pub as_of: Option<String>,
    /// One pipeline, or all.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub pipeline: Option<PipelineId>,
    /// The deals of one team's owners; together with `owner` it is refused.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable, type = "string | null"))]
    pub team: Option<TeamId>,
    /// The deals of one owner.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable, type = "string | null"))]
    pub owner: Option<OwnerId>,
    /// An amount to hold the forecast against, in place of the quota that was entered.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable))]
    pub quota: Option<String>,
}

/// Something to be supposed of a forecast.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WhatIfArgs {
    /// The forecast to start from.
    pub forecast: ForecastArgs,
    /// What is supposed, all at once.
    pub changes: Vec<Change>,
}

/// A team to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TeamOption {
    /// The team.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: TeamId,
    /// Its name in HubSpot.
    pub name: String,
    /// How many owners belong to it now.
    pub owners: u32,
}

/// An owner to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OwnerOption {
    /// The owner.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: OwnerId,
    /// The name, where HubSpot tells one.
    pub name: Option<String>,
}

/// A pipeline to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PipelineOption {
    /// The pipeline.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: PipelineId,
    /// Its name in HubSpot.
    pub label: String,
}

/// A forecast with what the page around it needs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ForecastView {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// Present where this was made from a snapshot.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub snapshot: Option<SnapshotMark>,
    /// The pipelines to choose from.
    pub pipelines: Vec<PipelineOption>,
    /// The teams to choose from, by name.
    pub teams: Vec<TeamOption>,
    /// The owners to choose from, those included who are gone.
    pub owners: Vec<OwnerOption>,
    /// The month in which the portal's fiscal year begins, 1 to 12.
    #[cfg_attr(test, ts(type = "number"))]
    pub fiscal_year: FiscalYear,
    /// The seed of the draws; the same data, as-of and seed give the same report.
    pub seed: String,
    /// The report.
    pub report: ForecastReport,
}

/// Which deal.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DealArgs {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// The deal.
    #[cfg_attr(test, ts(type = "string"))]
    pub deal: RecordId,
}

/// What a deal said when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DealStory {
    /// Present where this was made from a snapshot.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub snapshot: Option<SnapshotMark>,
    /// The deal.
    #[cfg_attr(test, ts(type = "string"))]
    pub deal: RecordId,
    /// Its name.
    pub name: String,
    /// Its owner's name, where there is one.
    pub owner: Option<String>,
    /// Versions of the tracked properties, oldest first.
    pub versions: Vec<DealStoryVersion>,
    /// How many activities of each kind belong to it.
    pub activities: Vec<(String, u32)>,
}

/// One change in a deal's story.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DealStoryVersion {
    /// When.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Moment,
    /// The property's label.
    pub property: String,
    /// The value from then on, in words where HubSpot has them (a stage's or an owner's name).
    pub value: Option<String>,
    /// What set it, such as `CRM_UI`.
    pub source: Option<String>,
}
