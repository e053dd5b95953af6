//! What history says of deals that look like the open ones: pushed, late, long in their stage.

use crm::StageId;
use serde::Serialize;
use stats::{Evidence, Rate};

use super::PipelineView;
use super::figure::QueryRef;

/// A fact that can be told of an open deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Flag {
    /// The close date was moved to a later month once.
    PushedOnce,
    /// Twice or more.
    PushedTwice,
    /// The close date has passed.
    CloseDatePast,
    /// No close date.
    NoCloseDate,
    /// Longer in its stage than four of five stays there last.
    LongInStage,
    /// No amount.
    NoAmount,
    /// Nobody owns it.
    NoOwner,
}

/// How often deals with such a fact were won, against those without it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RiskRate {
    /// The fact.
    pub flag: Flag,
    /// What it is called on a screen.
    pub label: String,
    /// What exactly it means.
    pub definition: String,
    /// Open deals of which it is true now.
    pub open_deals: u32,
    /// Share of deals that were won within `horizon_days` of being seen with it.
    pub with: Option<Rate>,
    /// What `with` rests on.
    pub with_evidence: Evidence,
    /// Lists the deals behind `with`.
    pub with_query: QueryRef,
    /// The same of deals without it, for as many in each stage: what else is different between them
    /// stays different.
    pub without: Option<Rate>,
    /// What `without` rests on.
    pub without_evidence: Evidence,
    /// Lists the deals behind `without`.
    pub without_query: QueryRef,
    /// Within how many days of being seen a deal counts as won.
    pub horizon_days: u32,
}

/// How often a stated close month held, by how often it had been pushed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PushRow {
    /// How often the close date had been moved to a later month; the last row holds all above, too.
    pub pushes: u32,
    /// Whether the row holds all above, too.
    pub or_more: bool,
    /// What it is called on a screen: `never pushed`, `pushed once`, `pushed 3 times or more`.
    pub label: String,
    /// Open deals of which it is true now.
    pub open_deals: u32,
    /// Close months that were stated after so many pushes, and are over.
    pub statements: u32,
    /// Share of them in which the deal was won by the stated month's end.
    pub won: Option<Rate>,
    /// Share in which it was won or lost by then.
    pub closed: Option<Rate>,
    /// What both rest on.
    pub evidence: Evidence,
    /// Lists the deals.
    pub query: QueryRef,
}

/// How long deals stay in a stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct StageAgeRow {
    /// The stage's pipeline.
    pub pipeline: PipelineView,
    /// The stage.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub stage_id: StageId,
    /// Its label.
    pub label: String,
    /// First stays of deals there, those that last included.
    pub stays: u32,
    /// Days after which half of the stays have ended; none where that was not seen.
    pub median_days: Option<f64>,
    /// Days after which four of five have.
    pub p80_days: Option<f64>,
    /// What both rest on.
    pub evidence: Evidence,
    /// Lists the deals.
    pub query: QueryRef,
}

/// An open deal's time in its stage, against deals that were then at that age.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AgeBenchmark {
    /// Share of stays in this stage that had ended by this age; those that last count up to now.
    pub percentile: f64,
    /// Deals that stayed at least this long: those that were at that age.
    pub at_that_age: u32,
    /// Share of them that were won within 90 days of it; those count for whom 90 days have gone by.
    pub won: Option<Rate>,
}
