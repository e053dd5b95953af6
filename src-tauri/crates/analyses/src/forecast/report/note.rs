//! What a reader must know, and how the figures were made.

use crm::RecordId;
use jiff::civil::Date;
use serde::Serialize;

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
    /// A baseline was nearer than the models in the backtest, and its number is used.
    BaselineUsed,
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
