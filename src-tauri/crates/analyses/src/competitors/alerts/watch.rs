//! The weekly looks, and the first question: is more lost to somebody than before?

use std::collections::BTreeMap;

use crm::Moment;
use stats::{Cusum, Error, rate_ratio};

use super::counts::{Counts, between, counted, days};
use super::judging::{Judgement, State, control, told};
use super::{Alert, AlertKind, AlertRule, Trigger, others};
use crate::competitors::logging::{LEVEL, count};
use crate::competitors::observation::{Book, Deal};
use crate::competitors::text::CompetitorId;

/// The chart looks for rates that have doubled.
const RISE: f64 = 2.0;

/// Watches for displacement by one rule; what a chart's threshold is, it computes but once.
#[derive(Debug, Default)]
pub struct Watch {
    rule: AlertRule,
    /// By what is expected a week, which is all that a threshold depends on, in twentieths of an
    /// order of magnitude. None where no chart can be made for it.
    thresholds: BTreeMap<i64, Option<f64>>,
}

/// A window and the time before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) begin: Moment,
    pub(super) from: Moment,
    pub(super) look: Moment,
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
        let counts = Counts::of(book);
        let mut states: BTreeMap<&CompetitorId, State> = BTreeMap::new();
        let mut alerts = Vec::new();
        let mut look = first;
        while look <= last {
            let from = look.plus(days(-7 * rule.weeks));
            let window = Window {
                begin: from.plus(days(-rule.baseline_days)),
                from,
                look,
            };
            let mut found = self.displaced(&counts, window)?;
            found.extend(others::judged(&counts, window, &rule)?);
            alerts.extend(told(found, &mut states, look, &rule));
            look = look.plus(days(7));
        }
        Ok(alerts)
    }

    fn displaced<'a>(
        &mut self,
        counts: &Counts<'a>,
        window: Window,
    ) -> Result<Vec<Judgement<'a>>, Error> {
        let Window { begin, from, look } = window;
        let exposure = counted(&counts.lost, from, look);
        let exposure_before = counted(&counts.lost, begin, from);
        if exposure == 0 || exposure_before == 0 {
            return Ok(Vec::new());
        }
        let mut judged = Vec::new();
        for (&competitor, deals) in &counts.lost_to {
            let inside = between(deals, from, look);
            let before = counted(deals, begin, from);
            let ratio = rate_ratio(
                count(inside.len()),
                f64::from(exposure),
                before,
                f64::from(exposure_before),
                LEVEL,
            )?;
            let chart = self.chart(counts, deals, look)?;
            let ever_before = deals.first().is_some_and(|(at, _)| *at <= from);
            judged.push(Judgement {
                kind: if ever_before {
                    AlertKind::Surge
                } else {
                    AlertKind::Newcomer
                },
                trigger: self.trigger(ratio.p_greater, chart),
                competitor,
                segment: None,
                from,
                deals: inside.iter().map(|(_, deal)| *deal).collect(),
                count: count(inside.len()),
                exposure,
                before,
                exposure_before,
                ratio,
                money: None,
                p: ratio.p_greater,
                q: 1.0,
                chart,
            });
        }
        control(&mut judged)?;
        Ok(judged)
    }

    fn trigger(&self, p: f64, chart: Option<(f64, f64)>) -> Option<Trigger> {
        if p < self.rule.p {
            Some(Trigger::Ratio)
        } else if chart.is_some_and(|(sum, threshold)| sum >= threshold) {
            Some(Trigger::Chart)
        } else {
            None
        }
    }

    /// The cumulative sum over the last weeks, against the rate of the time before them.
    fn chart(
        &mut self,
        counts: &Counts<'_>,
        deals: &[(Moment, &Deal)],
        look: Moment,
    ) -> Result<Option<(f64, f64)>, Error> {
        let rule = self.rule;
        let from = look.plus(days(-7 * rule.chart_weeks));
        let begin = from.plus(days(-rule.baseline_days));
        let usual = counted(deals, begin, from);
        let exposure = counted(&counts.lost, begin, from);
        if usual == 0 || exposure == 0 {
            return Ok(None);
        }
        let rate = f64::from(usual) / f64::from(exposure);
        let weeks: Vec<(u32, f64)> = (0..rule.chart_weeks)
            .map(|week| {
                let (a, b) = (from.plus(days(7 * week)), from.plus(days(7 * (week + 1))));
                let exposure = counted(&counts.lost, a, b);
                (counted(deals, a, b), f64::from(exposure))
            })
            .collect();
        let a_week = weeks.iter().map(|(_, exposure)| exposure).sum::<f64>() / weeks.len() as f64;
        if a_week <= 0.0 {
            return Ok(None);
        }
        let path = Cusum::new(rate, RISE * rate)?.path(&weeks)?;
        let threshold = self.threshold(rate * a_week);
        Ok(path.last().copied().zip(threshold))
    }

    /// The threshold for what is expected a week, or the next higher one that is computed. None where
    /// so much is expected that no chart can be made for it: the ratio alone then tells.
    fn threshold(&mut self, mean: f64) -> Option<f64> {
        const STEPS: f64 = 20.0;
        #[allow(
            clippy::cast_possible_truncation,
            reason = "a logarithm of a count is small"
        )]
        let step = (mean.max(0.01).log10() * STEPS).ceil() as i64;
        if let Some(&known) = self.thresholds.get(&step) {
            return known;
        }
        let mean = 10_f64.powf(step as f64 / STEPS);
        let chart = Cusum::new(mean, RISE * mean);
        let threshold = chart.and_then(|chart| chart.threshold(self.rule.run_length, 1.0));
        *self.thresholds.entry(step).or_insert(threshold.ok())
    }
}
