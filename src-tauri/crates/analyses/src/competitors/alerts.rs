//! Displacement alerts: a competitor to whom more is lost than before.
//!
//! Every week two questions are asked of each competitor. Is its share of the losses of the last
//! four weeks above that of the half year before, by the exact ratio of rates? And has a cumulative
//! sum of the last eight weeks risen beyond what chance gives (CUSUM)? Exposure is the number of
//! deals lost, not days: when twice as many deals are closed, twice as many losses to everyone are
//! expected. An alert needs several deals of several companies and owners, for one rep's habit is no
//! market; it is silent for four weeks after, and until the excess has gone once.
//!
//! Everything is replayed from the deals: the same deals give the same alerts.

use std::collections::{BTreeMap, BTreeSet};

use crm::{Moment, RecordId};
use jiff::SignedDuration;
use serde::Serialize;
use stats::{Cusum, Error, RateRatio, benjamini_hochberg, rate_ratio};

use super::logging::{LEVEL, count};
use super::observation::{Book, Deal};
use super::text::CompetitorId;

/// When an alert is given. The defaults keep within one false alert a quarter among 20 competitors.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AlertRule {
    /// Weeks of the window that is judged.
    pub weeks: i64,
    /// Days before the window that it is compared with.
    pub baseline_days: i64,
    /// Below this probability the window's excess is no chance.
    pub p: f64,
    /// At this probability the excess has gone.
    pub p_over: f64,
    /// Weeks between false alarms of one chart on average.
    pub run_length: f64,
    /// Weeks that the chart sums up.
    pub chart_weeks: i64,
    /// The fewest losses in the window.
    pub least: u32,
    /// The fewest companies they are with.
    pub companies: u32,
    /// The fewest owners they belong to.
    pub owners: u32,
    /// Days of silence after an alert.
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
            least: 3,
            companies: 2,
            owners: 2,
            silent_days: 28,
        }
    }
}

/// What is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum AlertKind {
    /// More is lost to a competitor than before.
    Surge,
    /// A competitor to whom nothing was lost before the window.
    Newcomer,
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
    /// The window begins after this moment.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub from: Moment,
    /// The window ends with this moment.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub until: Moment,
    /// Deals lost to it in the window, and all deals lost.
    pub losses: u32,
    /// See `losses`.
    pub exposure: u32,
    /// Deals lost to it in the time before, and all deals lost.
    pub losses_before: u32,
    /// See `losses_before`.
    pub exposure_before: u32,
    /// The rate in the window over the rate before.
    pub ratio: RateRatio,
    /// `ratio`'s probability over all competitors of that week (Benjamini and Hochberg).
    pub q: f64,
    /// The chart's last value and its threshold. None where nothing was lost to it before.
    pub chart: Option<(f64, f64)>,
    /// The deals lost to it in the window.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub deals: Vec<RecordId>,
    /// Companies they are with; those without one count as one.
    pub companies: u32,
    /// Owners they belong to; those without one count as one.
    pub owners: u32,
}

/// Watches for displacement by one rule; what a chart's threshold is, it computes but once.
#[derive(Debug, Default)]
pub struct Watch {
    rule: AlertRule,
    /// By what is expected a week, which is all that a threshold depends on, in twentieths of an
    /// order of magnitude.
    thresholds: BTreeMap<i64, f64>,
}

impl Watch {
    /// A watch by this rule.
    #[must_use]
    pub fn new(rule: AlertRule) -> Self {
        Self {
            rule,
            thresholds: BTreeMap::new(),
        }
    }

    /// The alerts of every week from `first` to `last`, both included; `last` is a moment up to
    /// which everything is known.
    ///
    /// # Errors
    /// When a rule's number is none.
    pub fn alerts(
        &mut self,
        book: &Book,
        first: Moment,
        last: Moment,
    ) -> Result<Vec<Alert>, Error> {
        let rule = self.rule;
        let losses = Losses::of(book);
        let mut states: BTreeMap<&CompetitorId, State> = BTreeMap::new();
        let mut found = Vec::new();
        let mut look = first;
        while look <= last {
            for judgement in self.judge(&losses, look)? {
                let state = states.entry(judgement.competitor).or_default();
                if state.admits(&judgement, look, &rule) {
                    found.push(judgement.alert(look, &rule));
                }
            }
            look = look.plus(days(7));
        }
        Ok(found)
    }

    fn judge<'a>(
        &mut self,
        losses: &Losses<'a>,
        look: Moment,
    ) -> Result<Vec<Judgement<'a>>, Error> {
        let rule = self.rule;
        let from = look.plus(days(-7 * rule.weeks));
        let begin = from.plus(days(-rule.baseline_days));
        let (exposure, exposure_before) =
            (losses.exposure(from, look), losses.exposure(begin, from));
        if exposure == 0 || exposure_before == 0 {
            return Ok(Vec::new());
        }
        let mut judged = Vec::new();
        for (&competitor, deals) in &losses.of {
            let window = between(deals, from, look);
            let before = count(between(deals, begin, from).len());
            let ratio = rate_ratio(
                count(window.len()),
                f64::from(exposure),
                before,
                f64::from(exposure_before),
                LEVEL,
            )?;
            judged.push(Judgement {
                competitor,
                from,
                window: window.iter().map(|(_, deal)| *deal).collect(),
                exposure,
                before,
                exposure_before,
                ever_before: deals.first().is_some_and(|(at, _)| *at <= from),
                ratio,
                chart: self.chart(losses, deals, look)?,
                q: 1.0,
            });
        }
        let p: Vec<f64> = judged
            .iter()
            .map(|judgement| judgement.ratio.p_greater)
            .collect();
        for (judgement, q) in judged.iter_mut().zip(benjamini_hochberg(&p)?) {
            judgement.q = q;
        }
        Ok(judged)
    }

    /// The cumulative sum over the last weeks, against the rate of the time before them.
    fn chart(
        &mut self,
        losses: &Losses<'_>,
        deals: &[(Moment, &Deal)],
        look: Moment,
    ) -> Result<Option<(f64, f64)>, Error> {
        let rule = self.rule;
        let from = look.plus(days(-7 * rule.chart_weeks));
        let begin = from.plus(days(-rule.baseline_days));
        let usual = count(between(deals, begin, from).len());
        let exposure = losses.exposure(begin, from);
        if usual == 0 || exposure == 0 {
            return Ok(None);
        }
        let rate = f64::from(usual) / f64::from(exposure);
        let weeks: Vec<(u32, f64)> = (0..rule.chart_weeks)
            .map(|week| {
                let (a, b) = (from.plus(days(7 * week)), from.plus(days(7 * (week + 1))));
                (
                    count(between(deals, a, b).len()),
                    f64::from(losses.exposure(a, b)),
                )
            })
            .collect();
        let a_week = weeks.iter().map(|(_, exposure)| exposure).sum::<f64>() / weeks.len() as f64;
        if a_week <= 0.0 {
            return Ok(None);
        }
        let path = Cusum::new(rate, RISE * rate)?.path(&weeks)?;
        let threshold = self.threshold(rate * a_week)?;
        Ok(path.last().map(|&sum| (sum, threshold)))
    }

    /// The threshold for what is expected a week, or the next higher one that is computed.
    fn threshold(&mut self, mean: f64) -> Result<f64, Error> {
        const STEPS: f64 = 20.0;
        #[allow(
            clippy::cast_possible_truncation,
            reason = "a logarithm of a count is small"
        )]
        let step = (mean.max(0.01).log10() * STEPS).ceil() as i64;
        if let Some(&known) = self.thresholds.get(&step) {
            return Ok(known);
        }
        let mean = 10_f64.powf(step as f64 / STEPS);
        let threshold = Cusum::new(mean, RISE * mean)?.threshold(self.rule.run_length, 1.0)?;
        self.thresholds.insert(step, threshold);
        Ok(threshold)
    }
}

fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * n)
}

/// Lost deals in order of time, and to whom.
struct Losses<'a> {
    all: Vec<Moment>,
    of: BTreeMap<&'a CompetitorId, Vec<(Moment, &'a Deal)>>,
}

impl<'a> Losses<'a> {
    fn of(book: &'a Book) -> Self {
        let lost = |deal: &Deal| {
            deal.outcome
                .is_lost()
                .then(|| deal.outcome.closed_at())
                .flatten()
        };
        let mut all: Vec<Moment> = book.deals().iter().filter_map(lost).collect();
        all.sort_unstable();
        let mut of: BTreeMap<&CompetitorId, Vec<(Moment, &Deal)>> = BTreeMap::new();
        for (deal, seen) in book.observations().filter(|(_, seen)| seen.says_lost()) {
            if let Some(at) = lost(deal) {
                of.entry(&seen.competitor).or_default().push((at, deal));
            }
        }
        for deals in of.values_mut() {
            deals.sort_by_key(|(at, deal)| (*at, deal.id));
            deals.dedup_by_key(|(_, deal)| deal.id);
        }
        Self { all, of }
    }

    fn exposure(&self, after: Moment, until: Moment) -> u32 {
        count(self.all.partition_point(|at| *at <= until))
            - count(self.all.partition_point(|at| *at <= after))
    }
}

/// The deals after a moment and until another.
fn between<'a, 'b>(
    deals: &'b [(Moment, &'a Deal)],
    after: Moment,
    until: Moment,
) -> &'b [(Moment, &'a Deal)] {
    let from = deals.partition_point(|(at, _)| *at <= after);
    let to = deals.partition_point(|(at, _)| *at <= until);
    deals.get(from..to).unwrap_or_default()
}

/// A competitor at a look.
struct Judgement<'a> {
    competitor: &'a CompetitorId,
    from: Moment,
    window: Vec<&'a Deal>,
    exposure: u32,
    before: u32,
    exposure_before: u32,
    ever_before: bool,
    ratio: RateRatio,
    chart: Option<(f64, f64)>,
    q: f64,
}

/// The chart looks for rates that have doubled.
const RISE: f64 = 2.0;

/// What was told before.
#[derive(Default)]
struct State {
    silent_until: Option<Moment>,
    /// The excess of the last alert has not gone yet.
    lasting: bool,
}

impl State {
    /// Whether an alert is due, and remembers it.
    fn admits(&mut self, judgement: &Judgement<'_>, look: Moment, rule: &AlertRule) -> bool {
        if judgement.ratio.p_greater >= rule.p_over {
            self.lasting = false;
        }
        let silent = self.silent_until.is_some_and(|until| look < until);
        let due = judgement.trigger(rule).is_some() && judgement.is_broad(rule);
        if !due || silent || self.lasting {
            return false;
        }
        self.lasting = true;
        self.silent_until = Some(look.plus(days(rule.silent_days)));
        true
    }
}

impl Judgement<'_> {
    fn trigger(&self, rule: &AlertRule) -> Option<Trigger> {
        if self.ratio.p_greater < rule.p {
            Some(Trigger::Ratio)
        } else if self.chart.is_some_and(|(sum, threshold)| sum >= threshold) {
            Some(Trigger::Chart)
        } else {
            None
        }
    }

    fn companies(&self) -> u32 {
        count(
            self.window
                .iter()
                .map(|deal| deal.company)
                .collect::<BTreeSet<_>>()
                .len(),
        )
    }

    fn owners(&self) -> u32 {
        count(
            self.window
                .iter()
                .map(|deal| deal.owner)
                .collect::<BTreeSet<_>>()
                .len(),
        )
    }

    fn is_broad(&self, rule: &AlertRule) -> bool {
        count(self.window.len()) >= rule.least
            && self.companies() >= rule.companies
            && self.owners() >= rule.owners
    }

    fn alert(&self, look: Moment, rule: &AlertRule) -> Alert {
        let kind = if self.ever_before {
            AlertKind::Surge
        } else {
            AlertKind::Newcomer
        };
        Alert {
            key: format!("{}/{}/{}", RULE, self.competitor.as_str(), look),
            kind,
            trigger: self.trigger(rule).unwrap_or(Trigger::Ratio),
            competitor: self.competitor.clone(),
            from: self.from,
            until: look,
            losses: count(self.window.len()),
            exposure: self.exposure,
            losses_before: self.before,
            exposure_before: self.exposure_before,
            ratio: self.ratio,
            q: self.q,
            chart: self.chart,
            deals: self.window.iter().map(|deal| deal.id).collect(),
            companies: self.companies(),
            owners: self.owners(),
        }
    }
}

/// The rule's name in keys; changes when the same deals could give other alerts.
const RULE: &str = "displacement/1";
