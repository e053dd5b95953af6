//! What a forecast says: flat, documented, ready for a screen, a file or another program.
//!
//! On the wire ids are strings, moments are RFC 3339 strings in UTC, days are `2026-11-21`, money
//! is `{"amount":"123.45","currency":"EUR"}`, rates and counts are numbers. Nothing here is
//! formatted for reading: that is the screen's work.

use crm::{Currency, Moment, OwnerId, PipelineId, RecordId, StageId};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use stats::{Evidence, Rate};

/// A sum of money, to the cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct MoneyValue {
    /// Plain digits with two decimals, such as `-1234.50`.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub amount: Decimal,
    /// Three letters, such as `EUR`.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub currency: Currency,
}

/// The answer to "how will the period end?", as knowable at `as_of`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ForecastReport {
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
    /// Won in the period up to `as_of`.
    pub closed: Figure,
    /// Sum of the amounts of the deals that are open at `as_of`.
    pub open: Figure,
    /// What the open deals are expected to bring within the period: the sum of the deals'
    /// contributions, with the interval of the draws.
    pub expected_from_open: Figure,
    /// Closed so far and expected from open deals, with the interval of the draws. The headline.
    pub total: Figure,
    /// The baseline: closed so far, and HubSpot's own stage probability times amount of every open
    /// deal whose close date lies in the period.
    pub hubspot: Figure,
    /// Why `total` and `hubspot` differ, in parts that add up.
    pub difference: Difference,
    /// Where the period's total will likely end; none when the evidence does not carry a number.
    pub spread: Option<Spread>,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PipelineView {
    /// HubSpot's id.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub id: PipelineId,
    /// The label in HubSpot.
    pub label: String,
}

/// A sum of money that is never naked: with its interval, its count, its definition and the query
/// that lists its deals.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Figure {
    /// The figure's stable name, such as `forecast.total`.
    pub id: String,
    /// What it is called on a screen.
    pub label: String,
    /// What exactly it means, in a sentence or two.
    pub definition: String,
    /// How it was computed, in a sentence.
    pub method: String,
    /// The value; none when the evidence does not carry one.
    pub value: Option<MoneyValue>,
    /// Lower end of the interval; none where the value is a count of facts.
    pub low: Option<MoneyValue>,
    /// Upper end of the interval.
    pub high: Option<MoneyValue>,
    /// How often such an interval should cover what happens, such as 0.8.
    pub level: Option<f64>,
    /// Deals in the figure.
    pub n: u32,
    /// What it rests on.
    pub evidence: Evidence,
    /// What is missing, in words, when there is no number: `Needs about 12 more closed deals`.
    pub needs: Option<String>,
    /// Nothing later than this moment was used.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub as_of: Moment,
    /// The seed of the draws, as text; none where nothing was drawn.
    pub seed: Option<String>,
    /// The query that lists the figure's deals.
    pub query: QueryRef,
}

/// A query of `sql/read/` and what to bind to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct QueryRef {
    /// The file's name without `.sql`.
    pub name: String,
    /// Values for its named parameters; all are bound as text.
    pub parameters: Vec<QueryParameter>,
}

/// A named parameter of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct QueryParameter {
    /// The name with its colon, such as `:as_of`.
    pub name: String,
    /// The value as text.
    pub value: String,
}

/// Where the period will likely end. All include what is closed so far.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Spread {
    /// One period in ten ends below.
    pub p10: MoneyValue,
    /// As likely above as below.
    pub p50: MoneyValue,
    /// One period in ten ends above.
    pub p90: MoneyValue,
    /// Standard error of `p10`, `p50` and `p90` that comes from drawing a limited number of times.
    pub monte_carlo_error: [MoneyValue; 3],
}

/// From HubSpot's figure to ours: `hubspot + rates + close_dates = total`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Difference {
    /// Deals with a close date in the period: learned rates in place of HubSpot's stage
    /// probabilities. None when no rate could be learned.
    pub rates: Option<MoneyValue>,
    /// Open deals with another close date, or none: HubSpot leaves them out, history says that some
    /// of them will be won within the period.
    pub close_dates: Option<MoneyValue>,
    /// How many open deals have their close date in the period.
    pub deals_in_period: u32,
    /// How many open deals do not.
    pub deals_elsewhere: u32,
}

/// The period so far, day by day, and its likely end.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Pace {
    /// Won value from the period's first day up to each day's end, through the day of `as_of`.
    pub closed: Vec<PacePoint>,
    /// The day on which the period ends.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub last_day: Date,
}

/// One day of the pace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PacePoint {
    /// The day, in the portal's calendar.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub day: Date,
    /// Won from the period's start up to the end of this day.
    pub won: MoneyValue,
    /// Deals in it.
    pub deals: u32,
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

/// Where a probability comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Basis {
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
    /// Probability times amount.
    pub contribution: Option<MoneyValue>,
    /// HubSpot's own probability of the deal's stage.
    pub hubspot_probability: Option<f64>,
    /// What speaks against the close date or the figures of this deal.
    pub risks: Vec<Risk>,
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
    /// No amount: the deal counts for nothing in the forecast.
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
    /// Its owner at `as_of`.
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

/// What a month brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct MonthRow {
    /// The month's first day.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub month: Date,
    /// Value of the deals won in it, in the home currency.
    pub won: MoneyValue,
    /// Deals won in it, those without an amount included.
    pub deals: u32,
}

/// How an amount in another currency became one in the home currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ExchangeRate {
    /// The deals' currency.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub currency: Currency,
    /// One unit of it in the home currency: the median over `deals`.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub rate: Decimal,
    /// The lowest rate seen.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub lowest: Decimal,
    /// The highest rate seen.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub highest: Decimal,
    /// Deals for which HubSpot had computed the amount in the home currency.
    pub deals: u32,
}

/// Something a reader must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Note {
    /// A stable name, such as `losses_not_recorded`.
    pub code: NoteCode,
    /// How serious it is.
    pub severity: Severity,
    /// What it is, in a sentence.
    pub message: String,
    /// How many deals it touches, all of them.
    pub count: u32,
    /// The first of them, at most 100, in the order of their ids.
    #[cfg_attr(feature = "bindings", ts(type = "Array<string>"))]
    pub deals: Vec<RecordId>,
}

/// How serious a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Severity {
    /// The figures may mislead unless this is looked at.
    Warning,
    /// Good to know.
    Information,
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum NoteCode {
    /// Deals that do not exist yet are not in the forecast.
    NewDealsNotCounted,
    /// Too little history for a win rate.
    NotEnoughHistory,
    /// Deals are won and none is lost: losses are not recorded, and win rates say little.
    LossesNotRecorded,
    /// More than 90 % or less than 3 % of the closed deals were won.
    SkewedOutcomes,
    /// Open deals without an amount.
    NoAmount,
    /// Open or won deals with an amount below zero.
    NegativeAmount,
    /// Deals in a currency for which no rate is known.
    NoExchangeRate,
    /// Open deals whose close date has passed.
    CloseDatePast,
    /// Deals whose stage at `as_of` is not known, because HubSpot's history begins later.
    StageUnknown,
    /// Deals whose history begins with an import: what came before is not known.
    HistoryFromImport,
    /// Won deals that arrived already won and are dated by their close date.
    WonOnArrival,
    /// Deals known then that have since been deleted.
    GoneSince,
    /// Two or more pipelines have a stage of the same name; they are counted apart.
    SameStageLabel,
    /// Too few draws: the ends of the interval are uncertain by more than 1 % of its width.
    TooFewDraws,
}

/// How the figures were made, enough to make them again.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Method {
    /// The method's name and version; a change that can move a figure changes it.
    pub id: String,
    /// The method in a few sentences.
    pub description: String,
    /// The seed of the draws, as text.
    pub seed: String,
    /// How many times the period's end was drawn.
    pub draws: u32,
    /// Days from `as_of` to the period's end: how long a past deal had to be won.
    pub horizon_days: f64,
    /// Past weeks in which the question was asked of history, at the weekday and hour of `as_of`.
    pub landmarks: u32,
    /// The first of them.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub first_landmark: Option<Date>,
    /// The last of them.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub last_landmark: Option<Date>,
    /// How far back history was used, in months.
    pub training_months: u32,
    /// The correlation that all deals share through the market: the part of the spread that does
    /// not shrink with more deals.
    pub common_shock: f64,
    /// Deals won within the training window, as known at `as_of`.
    pub closed_won: u32,
    /// Deals closed otherwise within it.
    pub closed_lost: u32,
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
