//! Sums of money, and the series that a chart is drawn of.

use crm::{Currency, Moment};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use stats::Evidence;

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

/// From HubSpot's figure to ours: `hubspot + rates + close_dates + new_deals + baseline =
/// total`, where none is nothing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Difference {
    /// Deals with a close date in the period: learned rates in place of HubSpot's stage
    /// probabilities. None when no rate could be learned.
    pub rates: Option<MoneyValue>,
    /// Open deals with another close date, or none: HubSpot leaves them out, history says that some
    /// of them will be won within the period.
    pub close_dates: Option<MoneyValue>,
    /// Deals that do not exist yet, which HubSpot leaves out.
    pub new_deals: Option<MoneyValue>,
    /// From the models' sum to the baseline that is used in its place; none where none is.
    pub baseline: Option<MoneyValue>,
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
