//! What a forecast says: flat, documented, ready for a screen, a file or another program.
//!
//! On the wire ids are strings, moments are RFC 3339 strings in UTC, days are `2026-11-21`, money
//! is `{"amount":"123.45","currency":"EUR"}`, rates and counts are numbers. Nothing here is
//! formatted for reading: that is the screen's work.

mod asked;
mod backtest;
mod category;
mod deal;
mod figure;
mod note;
mod outlook;
mod quota;
mod reconciled;
mod risk;
mod what_if;

use crm::{Currency, Moment, PipelineId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use asked::{OwnerView, TeamView, WhoseView};
pub use backtest::{Backtest, OriginRow, Score, WeeksToGo};
pub use category::CategoryRow;
pub use deal::{Basis, DealRow, Risk, StageRow, WinProbability, WonRow};
pub use figure::{
    Difference, ExchangeRate, Figure, MoneyValue, MonthRow, Pace, PacePoint, QueryParameter,
    QueryRef, Spread,
};
pub use note::{Method, Note, NoteCode, Severity};
pub use outlook::{AmountRatio, Approach, Forecaster, Model, ModelComparison, NewDeals};
pub use quota::{Coverage, DrawnShare, QuotaView};
pub use reconciled::{DifferenceReason, DifferenceRow};
pub use risk::{AgeBenchmark, Flag, PushRow, RiskRate, StageAgeRow};
pub use what_if::{Change, Outcome, WhatIfReport, WhatIfRow};

/// The answer to "how will the period end?", as knowable at `as_of`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ForecastReport {
    /// The name and version of this shape.
    pub schema: String,
    /// Nothing later than this moment was used.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub as_of: Moment,
    /// The portal's time zone, in which every day of this report is meant: `Europe/Berlin`.
    pub time_zone: String,
    /// The portal's own currency, in which every total is given.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub home_currency: Currency,
    /// The period that is forecast.
    pub period: PeriodView,
    /// The pipeline asked for; none means all of them.
    pub pipeline: Option<PipelineView>,
    /// Whose deals are asked for.
    pub whose: WhoseView,
    /// Won in the period up to `as_of`.
    pub closed: Figure,
    /// Sum of the amounts of the deals that are open at `as_of`.
    pub open: Figure,
    /// What the open deals are expected to bring within the period: the sum of the deals'
    /// contributions, with the interval of the draws.
    pub expected_from_open: Figure,
    /// What deals that are created after `as_of` are expected to bring within the period. Its deals
    /// are the wins whose amounts were drawn.
    pub expected_from_new: Figure,
    /// Closed so far and expected from open and from new deals, with the interval of the draws; or
    /// the number of the baseline that `approach` names. The headline.
    pub total: Figure,
    /// The baseline: closed so far, and HubSpot's own stage probability times amount of every open
    /// deal whose close date lies in the period.
    pub hubspot: Figure,
    /// Why `total` and `hubspot` differ, in parts that add up.
    pub difference: Difference,
    /// The same deal by deal, for every open deal that counts differently, the largest first.
    pub difference_by_deal: Vec<DifferenceRow>,
    /// The quota of this period and scope, and how likely it is reached; none where none was entered.
    pub quota: Option<QuotaView>,
    /// HubSpot's forecast categories beside our own figures, the surest first.
    pub categories: Vec<CategoryRow>,
    /// Facts of open deals that speak for trouble, each with how often deals like that were won.
    pub risks: Vec<RiskRate>,
    /// How often stated close months held, by how often they had been pushed.
    pub pushes: Vec<PushRow>,
    /// How long deals stay in each stage.
    pub stage_ages: Vec<StageAgeRow>,
    /// Where the period's total will likely end; none when the evidence does not carry a number.
    pub spread: Option<Spread>,
    /// How many deals are still to come, and what they bring; none when the evidence does not carry
    /// a number or the period is over.
    pub new_deals: Option<NewDeals>,
    /// Which model, which baseline if any, and why; none when the period is over.
    pub approach: Option<Approach>,
    /// How such forecasts did on past Mondays; none where no past period can be asked.
    pub backtest: Option<Backtest>,
    /// The pace so far, for the chart.
    pub pace: Pace,
    /// The stages with their win rates, in the order of their pipelines.
    pub stages: Vec<StageRow>,
    /// Every open deal, largest contribution first.
    pub deals: Vec<DealRow>,
    /// Every deal won in the period so far, newest first.
    pub won: Vec<WonRow>,
    /// Won value of every month up to `as_of`, oldest first.
    pub won_by_month: Vec<MonthRow>,
    /// The rates with which other currencies were turned into the home currency.
    pub exchange_rates: Vec<ExchangeRate>,
    /// What a reader must know to trust these figures rightly; warnings first.
    pub notes: Vec<Note>,
    /// How the figures were made.
    pub method: Method,
}

/// A period in the portal's own calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PeriodView {
    /// What a person calls it: `Q4 2026`, `November 2026`, `2026-11-05 to 2026-12-10`.
    pub label: String,
    /// First day.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub first_day: Date,
    /// Last day, which belongs to the period.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub last_day: Date,
    /// First instant.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub starts_at: Moment,
    /// First instant after the period.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub ends_at: Moment,
    /// Days that begin between `as_of` and the end, counting the running one; 0 when it is over.
    pub days_left: u32,
}

/// A pipeline's name for a person and for a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PipelineView {
    /// HubSpot's id.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub id: PipelineId,
    /// The label in HubSpot.
    pub label: String,
}
