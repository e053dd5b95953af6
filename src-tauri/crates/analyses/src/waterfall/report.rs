//! What a waterfall says. On the wire as `docs/schemas/waterfall-1.json` has it.

use crm::{Currency, Moment, RecordId};
use jiff::civil::Date;
use serde::Serialize;
use timeline::waterfall::Line;

use crate::forecast::report::{
    ExchangeRate, MoneyValue, OwnerView, PipelineView, QueryRef, TeamView,
};

/// From the open pipeline of one moment to that of a later one:
/// `start + lines = end`, to the cent.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct WaterfallReport {
    /// The name and version of this shape.
    pub schema: String,
    /// The portal's time zone, in which every day is meant.
    pub time_zone: String,
    /// The currency of every sum.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub home_currency: Currency,
    /// Which deals are asked about.
    pub scope: ScopeView,
    /// The change in words.
    pub summary: Summary,
    /// The open deals at the start.
    pub start: EndView,
    /// Every line in its order, those that hold no deal included.
    pub lines: Vec<LineView>,
    /// The open deals at the end.
    pub end: EndView,
    /// The end less the start.
    pub change: MoneyValue,
    /// What the lines leave unexplained: 0.00.
    pub residual: MoneyValue,
    /// The rates by which other currencies became the home currency. One serves both ends.
    pub exchange_rates: Vec<ExchangeRate>,
    /// How deals are put into lines.
    pub method: String,
}

/// Which deals are asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ScopeView {
    /// One pipeline; none means all.
    pub pipeline: Option<PipelineView>,
    /// A team; none where none is asked for.
    pub team: Option<TeamView>,
    /// Owners, those of the team where one is asked for; none means whoever owns a deal, or nobody.
    pub owners: Option<Vec<OwnerView>>,
    /// The days of the close date; none means any, or no close date.
    pub closing: Option<ClosingView>,
}

/// A run of days in the portal's calendar, both included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ClosingView {
    /// The first day.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub first_day: Date,
    /// The last day.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub last_day: Date,
}

/// The open deals at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct EndView {
    /// The moment. Nothing later was used for it.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub at: Moment,
    /// Their sum.
    pub amount: MoneyValue,
    /// How many deals.
    pub n: u32,
    /// The deals, by id.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub deals: Vec<RecordId>,
    /// How many of them had no amount.
    pub without_amount: u32,
    /// How many of them had an amount that is not known; counted as nothing.
    pub unknown_amount: u32,
    /// How many of them had one in a currency without a rate; counted as nothing.
    pub without_rate: u32,
    /// Deals of which it is not known whether they belonged here. None of them counts.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub not_known: Vec<RecordId>,
    /// Those of the deals that were deleted or merged since: HubSpot's own reports leave them out.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub gone_since: Vec<RecordId>,
    /// The query that lists the deals.
    pub query: Option<QueryRef>,
}

/// One reason why the open pipeline changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct LineView {
    /// The reason.
    pub line: Line,
    /// What it is called on a screen.
    pub label: String,
    /// What exactly it holds.
    pub definition: String,
    /// By how much it changed the sum; less when negative.
    pub amount: MoneyValue,
    /// How many deals.
    pub n: u32,
    /// Every deal with its part, the largest first. They sum to `amount`.
    pub deals: Vec<PartView>,
    /// The query that lists what these deals said at both ends; none without deals.
    pub query: Option<QueryRef>,
}

/// What a line holds of one deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PartView {
    /// The deal.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub id: RecordId,
    /// Its name now.
    pub name: Option<String>,
    /// Of a deal that was merged: the one that it became part of.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub merged_into: Option<RecordId>,
    /// Its part; zero for a deal that moved without an amount.
    pub amount: MoneyValue,
}

/// The change in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Summary {
    /// Such as `−84k EUR: three pushes −70k, one down-sell −14k.` Sums are rounded here.
    pub text: String,
    /// Its clauses in their order, each with its deals.
    pub clauses: Vec<Clause>,
}

/// A part of the sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Clause {
    /// The line it tells of.
    pub line: Line,
    /// The words, as they stand in the sentence.
    pub text: String,
    /// The exact sum.
    pub amount: MoneyValue,
    /// The deals.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub deals: Vec<RecordId>,
}
