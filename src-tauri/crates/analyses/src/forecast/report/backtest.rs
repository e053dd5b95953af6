//! How forecasts made on past Mondays, with what was known then, would have done.

use jiff::civil::Date;
use serde::Serialize;
use stats::Rate;

use super::figure::MoneyValue;
use super::outlook::Forecaster;

/// The backtest.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Backtest {
    /// Mondays on which the forecast was made.
    pub origins: u32,
    /// Whole periods that they forecast. Mondays of one period share its outcome: this is how often
    /// the question was really asked.
    pub periods: u32,
    /// The first Monday.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub first: Date,
    /// The last.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub last: Date,
    /// How often each Monday's end was drawn.
    pub draws: u32,
    /// How it was done, in sentences.
    pub description: String,
    /// All Mondays together, this report first.
    pub scores: Vec<Score>,
    /// The same by weeks to the period's end.
    pub by_weeks_to_go: Vec<WeeksToGo>,
    /// Every Monday, oldest first.
    pub rows: Vec<OriginRow>,
}

/// How one forecaster did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Score {
    /// Who.
    pub forecaster: Forecaster,
    /// Its name on a screen.
    pub label: String,
    /// Mondays scored: those on which this forecaster had a number.
    pub n: u32,
    /// Sum of absolute errors over the sum of what came.
    pub wape: Option<f64>,
    /// Sum of errors over the sum of what came; positive where the forecasts were too high.
    pub bias: Option<f64>,
    /// Mean pinball loss of P10, in the home currency. None for baselines, which have no band.
    pub pinball_10: Option<f64>,
    /// Of P50.
    pub pinball_50: Option<f64>,
    /// Of P90.
    pub pinball_90: Option<f64>,
    /// How often the 80 % band held what came, with an interval that takes a period's Mondays as
    /// one cluster.
    pub coverage: Option<Rate>,
}

/// Scores of Mondays that lie as many weeks before the end.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct WeeksToGo {
    /// From so many weeks.
    pub from: u32,
    /// To so many; none for all that are longer.
    pub to: Option<u32>,
    /// Mondays.
    pub origins: u32,
    /// Periods.
    pub periods: u32,
    /// Scores, this report first.
    pub scores: Vec<Score>,
}

/// One Monday.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct OriginRow {
    /// The Monday, in the portal's calendar; the forecast was made as its day began.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub day: Date,
    /// The first day of the period it forecast.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub period: Date,
    /// Weeks that began between then and the end.
    pub weeks_to_go: u32,
    /// The band's lower end.
    pub p10: MoneyValue,
    /// The middle.
    pub p50: MoneyValue,
    /// The upper end.
    pub p90: MoneyValue,
    /// What the period brought, as known a day after its end.
    pub actual: MoneyValue,
    /// Whose middle it is: a model's, or the baseline's that was chosen then.
    pub used: Forecaster,
}
