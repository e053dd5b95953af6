//! What the report says. On the wire as `docs/schemas/activity-1.json` has it.

use crm::{Moment, RecordId};
use serde::Serialize;
use stats::{EValue, Effect, Evidence, Ratio};

use super::measure::Measure;
use crate::forecast::report::{PipelineView, QueryRef};

/// Which activities go with winning, as knowable at `as_of`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ActivityReport {
    /// The name and version of this shape.
    pub schema: String,
    /// Nothing later than this moment was used.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub as_of: Moment,
    /// The portal's time zone, in which quarters begin.
    pub time_zone: String,
    /// One pipeline; none means all.
    pub pipeline: Option<PipelineView>,
    /// Days within which a deal is won or not.
    pub horizon_days: u32,
    /// Days between the end of a window and the moment from which the outcome counts.
    pub lag_days: u32,
    /// The finding in a sentence.
    pub finding: String,
    /// The ladders: what survives adjustment first, then by strength.
    pub rows: Vec<ActivityRow>,
    /// How many questions the q-values were controlled over.
    pub questions: u32,
    /// What stalled deals lack.
    pub stalled: Stalled,
    /// The deals behind the rungs, by the name that a rung carries.
    pub groups: Vec<Group>,
    /// What a reader must know.
    pub notes: Vec<ActivityNote>,
    /// How the figures were made.
    pub method: Method,
}

/// One kind of activity, counted over one window.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ActivityRow {
    /// The kind.
    pub measure: Measure,
    /// What it is called on a screen.
    pub label: String,
    /// What exactly is counted.
    pub definition: String,
    /// The window's days.
    pub window_days: u32,
    /// A window counts as holding the activity from so many on: one more than its median.
    pub at_least: u32,
    /// The ladder, from the rawest to the most careful comparison.
    pub rungs: Vec<Rung>,
    /// How strong the evidence is.
    pub verdict: Verdict,
    /// The same in words.
    pub verdict_label: String,
    /// The change of the chance to be won that so many deals find four times in five. None where
    /// nothing could be fitted.
    pub smallest_found: Option<f64>,
    /// How strongly something unseen would have to go with both activity and winning to leave nothing.
    pub e_value: Option<EValue>,
    /// The share of false ones among all findings up to this one (Benjamini and Hochberg).
    pub q: Option<f64>,
    /// What speaks against reading it as an effect.
    pub flags: Vec<Flag>,
}

/// A step of the ladder.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Rung {
    /// Which.
    pub rung: RungKind,
    /// What it is called on a screen.
    pub label: String,
    /// What exactly is compared.
    pub definition: String,
    /// The change of the share or chance to be won, with its interval. None below the evidence it
    /// needs.
    pub effect: Option<Effect>,
    /// The ratio that belongs to the comparison: of shares, rates, odds, hazards, shares.
    pub ratio: Option<Ratio>,
    /// What it rests on.
    pub evidence: Evidence,
    /// Deals.
    pub n: u32,
    /// Of them, those with the activity, at any moment compared.
    pub exposed: u32,
    /// Of the deals, those won.
    pub won: u32,
    /// The landmarks apart; empty but for the landmark rung.
    pub landmarks: Vec<LandmarkEffect>,
    /// The largest standardised difference that matching left; none but for the matched rung. At 0.1
    /// or above the pairs are not alike.
    pub imbalance: Option<f64>,
    /// The name of the group of its deals. There are `n` in it.
    pub group: String,
}

/// A step of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RungKind {
    /// Closed deals with much of it against those with little. Not evidence.
    Raw,
    /// The same by what happened a week.
    PerWeek,
    /// Deals that were open at one age.
    Landmark,
    /// Week by week, all else alike.
    Adjusted,
    /// Pairs of deals.
    Matched,
}

/// One landmark.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct LandmarkEffect {
    /// Days since creation.
    pub day: u32,
    /// Deals open then whose horizon is over.
    pub n: u32,
    /// The change of the chance to be won.
    pub effect: Option<Effect>,
}

/// How strong the evidence is, by rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(rename = "ActivityVerdict")
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Landmark, adjusted and matched comparison agree, and something unseen would have to be strong.
    SurvivesAdjustment,
    /// Some comparison finds a difference.
    Association,
    /// None does.
    NoneFound,
    /// Too few deals to tell.
    TooFew,
    /// Nothing is concluded from it.
    NotUsed,
}

/// What speaks against reading an association as an effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "ActivityFlag"))]
pub struct Flag {
    /// Which.
    pub code: FlagCode,
    /// In words.
    pub text: String,
}

/// What speaks against reading an association as an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(rename = "ActivityFlagCode")
)]
#[serde(rename_all = "snake_case")]
pub enum FlagCode {
    /// The activity comes right after a stage change, not only before one.
    FollowsProgress,
    /// Notes, which no customer sees, look as strong.
    PlaceboAlike,
    /// Pairs could not be made alike.
    NotBalanced,
}

/// What stalled deals lack.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Stalled {
    /// Which deals, and whom they are compared with.
    pub definition: String,
    /// Days before the moment that were looked at.
    pub window_days: u32,
    /// Stalled deals that others of the same stage and age could be found for.
    pub n: u32,
    /// What they lack, the largest gap first.
    pub rows: Vec<StalledRow>,
    /// The deals, those stalled longest first.
    pub deals: Vec<StalledDeal>,
    /// The query that lists them.
    pub query: QueryRef,
}

/// One kind of activity of stalled deals.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct StalledRow {
    /// The kind.
    pub measure: Measure,
    /// What it is called on a screen.
    pub label: String,
    /// Share of the stalled deals with any.
    pub stalled: f64,
    /// Share of the others with any, at the same stage and age.
    pub others: f64,
    /// The difference, with its interval. None below the evidence it needs.
    pub effect: Option<Effect>,
    /// What it rests on.
    pub evidence: Evidence,
    /// The share of false ones among all differences up to this one.
    pub q: Option<f64>,
    /// Stalled deals without any.
    pub without: u32,
}

/// A stalled deal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct StalledDeal {
    /// The deal.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub id: RecordId,
    /// Its name now.
    pub name: Option<String>,
    /// Its stage.
    pub stage: String,
    /// Days in it.
    pub days_in_stage: u32,
    /// What most others had at this stage and age, and it has not.
    pub lacks: Vec<Measure>,
}

/// The deals behind rungs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "ActivityGroup"))]
pub struct Group {
    /// The name that rungs carry.
    pub id: String,
    /// What is common to the deals.
    pub definition: String,
    /// How many.
    pub n: u32,
    /// The deals, in the order of their ids.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub deals: Vec<RecordId>,
    /// The query that lists them with what happened around them.
    pub query: QueryRef,
}

/// Something a reader must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ActivityNote {
    /// Stable, for programs.
    pub code: String,
    /// For people.
    pub text: String,
}

/// How the figures were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "ActivityMethod"))]
pub struct Method {
    /// Changes whenever the same data could give another figure.
    pub id: String,
    /// In words.
    pub text: String,
    /// The run's seed; a string, as it may exceed what JavaScript's numbers hold.
    pub seed: String,
    /// Draws of the bootstrap.
    pub draws: u32,
    /// Weeks of deals that were compared.
    pub deal_weeks: u32,
    /// Whether those are of deals drawn by lot, because there are very many.
    pub sampled: bool,
    /// Whether the deals at landmarks were drawn by lot, because there are very many.
    pub sampled_at_landmarks: bool,
}
