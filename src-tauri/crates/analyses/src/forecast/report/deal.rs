//! Stages, deals and their probabilities.

use crm::{Moment, OwnerId, RecordId, StageId};
use jiff::civil::Date;
use serde::Serialize;
use stats::{Evidence, Rate};

use super::PipelineView;
use super::figure::{MoneyValue, QueryRef};
use super::risk::AgeBenchmark;

/// Where a probability comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Basis {
    /// A hazard of winning and losing, learned from all deals with what was known of each.
    Hazard,
    /// The stage's own deals.
    Stage,
    /// The stage's own deals, drawn toward the rate of its pipeline because they are few.
    StageAndPipeline,
    /// All stages of the pipeline: the stage has too few deals of its own.
    Pipeline,
    /// All pipelines: this one has too few deals.
    Portal,
    /// Nothing: there are too few deals anywhere.
    Nothing,
    /// The period is over: nothing more can be won in it.
    PeriodOver,
}

/// A stage and what history says of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct StageRow {
    /// The stage's pipeline.
    pub pipeline: PipelineView,
    /// HubSpot's id.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub id: StageId,
    /// The label in HubSpot.
    pub label: String,
    /// Deals that are open in it now.
    pub open_deals: u32,
    /// Their amounts.
    pub open_amount: MoneyValue,
    /// What they are expected to bring within the period.
    pub expected: Option<MoneyValue>,
    /// The stage's own record; none below the evidence for a number.
    pub own: Option<Rate>,
    /// Deals once seen in this stage whose outcome is known.
    pub own_deals: u32,
    /// Of these, deals that were won within the horizon at least once it was asked.
    pub own_won: u32,
    /// What the stage's own record rests on.
    pub own_evidence: Evidence,
    /// What its deals get: the stage's own rate, or a borrowed one.
    pub used: Option<Rate>,
    /// Where `used` comes from.
    pub basis: Basis,
    /// What `used` rests on.
    pub evidence: Evidence,
    /// HubSpot's own probability of this stage.
    pub hubspot_probability: Option<f64>,
    /// Lists the deals behind `own`.
    pub query: QueryRef,
}

/// An open deal and what is expected of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct DealRow {
    /// The deal.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub id: RecordId,
    /// Its name now; HubSpot keeps no history of it here.
    pub name: Option<String>,
    /// Its pipeline at `as_of`.
    pub pipeline: PipelineView,
    /// Its stage at `as_of`.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub stage_id: StageId,
    /// The stage's label.
    pub stage_label: String,
    /// Its owner at `as_of`.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub owner_id: Option<OwnerId>,
    /// The owner's name.
    pub owner_name: Option<String>,
    /// The amount as known at `as_of`, in the home currency; none when there is none or no rate.
    pub amount: Option<MoneyValue>,
    /// The same amount in the deal's own currency.
    pub own_amount: Option<MoneyValue>,
    /// The close date as known at `as_of`, as a day of the portal's calendar.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub close_date: Option<Date>,
    /// Whether that day lies in the period.
    pub closes_in_period: bool,
    /// Days since the deal was created.
    pub age_days: u32,
    /// Days since it entered its stage.
    pub stage_days: u32,
    /// Probability that it is won within the period, with its interval.
    pub probability: Option<Rate>,
    /// What the probability rests on.
    pub evidence: Evidence,
    /// Where the probability comes from.
    pub basis: Basis,
    /// Why, in a sentence.
    pub why: String,
    /// Probability times amount, and times what usually becomes of amounts.
    pub contribution: Option<MoneyValue>,
    /// HubSpot's own probability of the deal's stage.
    pub hubspot_probability: Option<f64>,
    /// What speaks against the close date or the figures of this deal.
    pub risks: Vec<Risk>,
    /// HubSpot's forecast category at `as_of`, as it spells it; none where the deal had none.
    pub category: Option<String>,
    /// Its time in its stage, against deals that were then at that age; none where few were.
    pub benchmark: Option<AgeBenchmark>,
}

/// A fact about an open deal that a person should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Risk {
    /// The close date has passed and the deal is still open.
    CloseDatePast {
        /// Whole days since.
        days: u32,
    },
    /// The close date was moved to a later month.
    Pushed {
        /// How many times.
        times: u32,
    },
    /// No close date.
    NoCloseDate,
    /// No amount: the deal counts with the amounts of such deals that were won, or for nothing where
    /// they are few.
    NoAmount,
    /// An amount below zero, taken as it stands.
    NegativeAmount,
    /// An amount in a currency for which no rate is known: the deal is left out.
    NoExchangeRate,
    /// Nobody owns it.
    NoOwner,
}

/// A deal won in the period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct WonRow {
    /// The deal.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub id: RecordId,
    /// Its name now.
    pub name: Option<String>,
    /// The pipeline in which it was won.
    pub pipeline: PipelineView,
    /// Its owner a day after the winning, or at `as_of` where that is sooner.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub owner_id: Option<OwnerId>,
    /// The owner's name.
    pub owner_name: Option<String>,
    /// When it was won.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub won_at: Moment,
    /// The day of that, in the portal's calendar.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub won_day: Date,
    /// The amount, in the home currency; none when there is none or no rate.
    pub amount: Option<MoneyValue>,
    /// The same amount in the deal's own currency.
    pub own_amount: Option<MoneyValue>,
}

/// The probability that an open deal is won within a horizon: what a writeback sends to HubSpot.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct WinProbability {
    /// The deal.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub id: RecordId,
    /// Its stage's label at `as_of`.
    pub stage_label: String,
    /// The probability with its interval; none below the evidence for a number.
    pub probability: Option<Rate>,
    /// What it rests on.
    pub evidence: Evidence,
    /// Where it comes from.
    pub basis: Basis,
    /// Why, in a sentence.
    pub why: String,
}
