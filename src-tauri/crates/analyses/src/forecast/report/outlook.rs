//! Deals that do not exist yet, how the chances were made, and what was learned of amounts.

use serde::Serialize;
use stats::Rate;

use super::figure::MoneyValue;

/// Deals that are created after `as_of` and won within the period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct NewDeals {
    /// Deals created a week, the recent weeks weighing most.
    pub created_per_week: f64,
    /// Whole weeks of history behind that.
    pub weeks: u32,
    /// Share of new deals that are won within `won_within_days` of their creation.
    pub won_within: Rate,
    /// The longest that a deal created now has left to be won within the period, in days.
    pub won_within_days: f64,
    /// How many such deals are expected to be won within the period.
    pub wins: f64,
    /// Wins whose amounts were drawn.
    pub amounts: u32,
    /// One period in ten brings less from new deals.
    pub p10: MoneyValue,
    /// As likely more as less.
    pub p50: MoneyValue,
    /// One period in ten brings more.
    pub p90: MoneyValue,
}

/// How the chances of the open deals were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Model {
    /// The share of earlier deals in the same stage that were won in as much time.
    StageRates,
    /// A discrete-time hazard of winning and losing on deal-weeks, with what was known of each deal.
    Hazard,
}

/// What makes a forecast; in a backtest each is scored on the same Mondays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Forecaster {
    /// This report, with the choices that it would have made then.
    Report,
    /// Closed, open deals by stage rates, and new deals.
    StageRates,
    /// Closed, open deals by the hazard, and new deals.
    Hazard,
    /// Closed, and HubSpot's stage probability times amount of the deals that close in the period.
    HubspotStageWeights,
    /// The same with each stage's won out of closed deals.
    ClosedOnlyRates,
    /// The same with the pipeline's won out of closed deals, halved for each usual won deal's age
    /// that a deal is old.
    AgeRatio,
    /// What the period before brought.
    LastPeriod,
    /// What the same period a year before brought; in a younger portal, a quarter before.
    SeasonalNaive,
}

/// What was chosen, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Approach {
    /// What made the chances of the open deals.
    pub model: Model,
    /// Why this one, in a sentence.
    pub why: String,
    /// How both models did on past Mondays; none where only one could be tried.
    pub comparison: Option<ModelComparison>,
    /// The baseline whose number is used as P50; `baseline_why` says why.
    pub baseline: Option<Forecaster>,
    /// Why, in a sentence; none where no baseline is used.
    pub baseline_why: Option<String>,
    /// Final amount over the amount known before, of deals that were won.
    pub amount_ratio: Option<AmountRatio>,
    /// By what the drawn band was stretched about its middle, by how past bands held; 1 where they
    /// held as they should, or fewer than 20 Mondays could be asked.
    pub band_stretch: f64,
    /// Mondays behind that.
    pub band_origins: u32,
    /// Closed deals that the hazard has learned from, where they were drawn by lot because there are
    /// very many; none where it has learned from all, or is not used.
    pub hazard_sample: Option<u32>,
}

/// The log loss of both models on deals that were open on past Mondays; lower is better.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ModelComparison {
    /// Mean log loss of the stage rates.
    pub stage_rates: f64,
    /// Mean log loss of the hazard.
    pub hazard: f64,
    /// Standard error of the difference, with deals as clusters.
    pub error: f64,
    /// Deals that were asked about.
    pub deals: u32,
    /// How often, on all Mondays together.
    pub sightings: u32,
}

/// Final amount over the amount known while the deal was open.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AmountRatio {
    /// The mean, by which expected values are multiplied.
    pub mean: f64,
    /// Share of deals won with the very amount known before.
    pub unchanged: f64,
    /// Deals won.
    pub deals: u32,
}
