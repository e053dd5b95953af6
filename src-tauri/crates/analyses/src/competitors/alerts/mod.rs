//! Displacement alerts: a competitor to whom more is lost than before, or against whom less is won.
//!
//! Every week some questions are asked of each competitor. Is its share of the losses of the last
//! four weeks above that of the half year before, by the exact ratio of rates? Has a cumulative sum
//! of the last eight weeks risen beyond what chance gives (CUSUM)? Was it never seen before, and is
//! now in several deals? Is its share of one segment's losses, or of the money lost, above what it was?
//! And are fewer of the deals it is in won? Exposure is a number of deals, not days: when twice as
//! many deals are closed, twice as many losses to everyone are expected. An alert needs several deals
//! of several companies and owners, for one rep's habit is no market; its competitor is silent for
//! four weeks after, and until the excess has gone once.
//!
//! The more is asked, the more is answered by chance: the later questions have sharper thresholds, so
//! that all of them together keep within the budget of one false alert a quarter among 20
//! competitors.
//!
//! Everything is replayed from the deals: the same deals give the same alerts.

mod counts;
mod judging;
mod others;
mod watch;

use crm::{Moment, RecordId};
use serde::Serialize;
use stats::RateRatio;

use super::text::CompetitorId;

pub use watch::Watch;

/// When an alert is given. The defaults keep within one false alert a quarter among 20 competitors.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AlertRule {
    /// Weeks of the window that is judged.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub weeks: i64,
    /// Days before the window that it is compared with.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub baseline_days: i64,
    /// Below this probability the window's excess of losses is no chance.
    pub p: f64,
    /// At this probability the excess has gone.
    pub p_over: f64,
    /// Weeks between false alarms of one chart on average.
    pub run_length: f64,
    /// Weeks that the chart sums up.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub chart_weeks: i64,
    /// Below this probability a name never seen before is no chance.
    pub p_first_seen: f64,
    /// The same for the losses of a segment, shared by all segments.
    pub p_segments: f64,
    /// The same for the money lost.
    pub p_money: f64,
    /// The same for the deals won.
    pub p_wins: f64,
    /// How often the money is drawn again.
    pub draws: u32,
    /// The fewest deals in the window.
    pub least: u32,
    /// The fewest companies they are with.
    pub companies: u32,
    /// The fewest owners they belong to.
    pub owners: u32,
    /// Days of silence after an alert.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub silent_days: i64,
}

impl Default for AlertRule {
    fn default() -> Self {
        Self {
            weeks: 4,
            baseline_days: 180,
            p: 0.004,
            p_over: 0.2,
            run_length: 520.0,
            chart_weeks: 8,
            p_first_seen: 0.01,
            p_segments: 0.001,
            p_money: 0.001,
            p_wins: 0.001,
            draws: 2_000,
            least: 3,
            companies: 2,
            owners: 2,
            silent_days: 28,
        }
    }
}

/// What is new. Where several things are, the first of these is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum AlertKind {
    /// More is lost to a competitor than before.
    Surge,
    /// A competitor to whom nothing was lost before the window.
    Newcomer,
    /// A competitor that nobody had named before the window.
    FirstSeen,
    /// More of one segment's losses go to it than before.
    InSegment,
    /// More of the money lost goes to it than before.
    Money,
    /// Fewer of the deals that it is in are won than before.
    WinsCollapse,
}

/// What made the alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Trigger {
    /// The ratio of rates.
    Ratio,
    /// The cumulative sum.
    Chart,
    /// The draws of the money lost.
    Draws,
    /// Fisher's test of deals won.
    Fisher,
}

/// Shares of the money lost, one over the other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct MoneyRatio {
    /// The share in the window over that before.
    pub value: f64,
    /// Lower end of the draws' interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How often such an interval covers the truth, such as 0.95.
    pub level: f64,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Alert {
    /// The same for the same rule, competitor and window: who has seen it needs it no second time.
    pub key: String,
    /// What is new.
    pub kind: AlertKind,
    /// What made it known.
    pub trigger: Trigger,
    /// Who.
    pub competitor: CompetitorId,
    /// In which segment; none: in all.
    pub segment: Option<String>,
    /// The window begins after this moment.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub from: Moment,
    /// The window ends with this moment.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub until: Moment,
    /// In the window: deals lost to it; of `first_seen` deals that name it, of `wins_collapse` deals
    /// won against it.
    pub count: u32,
    /// Out of how many: all deals lost; of `first_seen` all in which a competitor is named, of
    /// `wins_collapse` all deals won or lost with it in them.
    pub exposure: u32,
    /// The same in the time before.
    pub count_before: u32,
    /// The same in the time before.
    pub exposure_before: u32,
    /// The rate in the window over the rate before.
    pub ratio: RateRatio,
    /// Of `money`: its share of the money lost in the window over that before, with the interval of the
    /// draws.
    pub money: Option<MoneyRatio>,
    /// The probability that the rule judged by.
    pub p: f64,
    /// `p` over all competitors, and segments, of which the same was asked that week (Benjamini and
    /// Hochberg).
    pub q: f64,
    /// The chart's last value and its threshold. None where nothing was lost to it before.
    pub chart: Option<(f64, f64)>,
    /// The deals that `count` counts; of `wins_collapse` those lost instead.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub deals: Vec<RecordId>,
    /// Companies they are with; those without one count as one.
    pub companies: u32,
    /// Owners they belong to; those without one count as one.
    pub owners: u32,
}
