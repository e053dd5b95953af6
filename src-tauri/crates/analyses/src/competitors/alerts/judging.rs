//! What was found at one look, and whether it is told.

use std::collections::{BTreeMap, BTreeSet};

use crm::Moment;
use stats::{Error, RateRatio, benjamini_hochberg};

use super::counts::days;
use super::{Alert, AlertKind, AlertRule, MoneyRatio, Trigger};
use crate::competitors::logging::count;
use crate::competitors::observation::Deal;
use crate::competitors::text::CompetitorId;

/// A competitor at a look, asked one question.
pub(super) struct Judgement<'a> {
    pub(super) kind: AlertKind,
    /// What makes it an alert; none: nothing does.
    pub(super) trigger: Option<Trigger>,
    pub(super) competitor: &'a CompetitorId,
    pub(super) segment: Option<String>,
    pub(super) from: Moment,
    /// The deals that are told.
    pub(super) deals: Vec<&'a Deal>,
    pub(super) count: u32,
    pub(super) exposure: u32,
    pub(super) before: u32,
    pub(super) exposure_before: u32,
    pub(super) ratio: RateRatio,
    pub(super) money: Option<MoneyRatio>,
    pub(super) p: f64,
    pub(super) q: f64,
    pub(super) chart: Option<(f64, f64)>,
}

/// Of all that was asked the same question at a look.
pub(super) fn control(judged: &mut [Judgement<'_>]) -> Result<(), Error> {
    let p: Vec<f64> = judged.iter().map(|judgement| judgement.p).collect();
    for (judgement, q) in judged.iter_mut().zip(benjamini_hochberg(&p)?) {
        judgement.q = q;
    }
    Ok(())
}

impl Judgement<'_> {
    fn companies(&self) -> u32 {
        let companies: BTreeSet<_> = self.deals.iter().map(|deal| deal.company).collect();
        count(companies.len())
    }

    fn owners(&self) -> u32 {
        let owners: BTreeSet<_> = self.deals.iter().map(|deal| deal.owner).collect();
        count(owners.len())
    }

    /// Whether it rests on several deals of several companies and owners.
    pub(super) fn is_broad(&self, rule: &AlertRule) -> bool {
        count(self.deals.len()) >= rule.least
            && self.companies() >= rule.companies
            && self.owners() >= rule.owners
    }

    pub(super) fn alert(self, trigger: Trigger, look: Moment) -> Alert {
        let who = self.competitor.as_str();
        let place = self.segment.as_ref();
        let place = place.map_or_else(String::new, |segment| format!("/{segment}"));
        Alert {
            key: format!("{}/{who}{place}/{look}", rule_of(self.kind)),
            companies: self.companies(),
            owners: self.owners(),
            deals: self.deals.iter().map(|deal| deal.id).collect(),
            kind: self.kind,
            trigger,
            competitor: self.competitor.clone(),
            segment: self.segment,
            from: self.from,
            until: look,
            count: self.count,
            exposure: self.exposure,
            count_before: self.before,
            exposure_before: self.exposure_before,
            ratio: self.ratio,
            money: self.money,
            p: self.p,
            q: self.q,
            chart: self.chart,
        }
    }
}

/// The rule's name in keys; changes when the same deals could give other alerts.
fn rule_of(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::Surge | AlertKind::Newcomer => "displacement/1",
        AlertKind::FirstSeen => "first-seen/1",
        AlertKind::InSegment => "displacement-in-segment/1",
        AlertKind::Money => "displacement-of-money/1",
        AlertKind::WinsCollapse => "wins/1",
    }
}

/// What was told of a competitor before.
#[derive(Default)]
pub(super) struct State {
    silent_until: Option<Moment>,
    /// Questions, with their segments, whose excess has not gone since it was told.
    lasting: BTreeSet<(u8, Option<String>)>,
}

/// The first question: surges and newcomers.
const DISPLACED: (u8, Option<String>) = (0, None);

/// Surges and newcomers are one question.
fn question(judgement: &Judgement<'_>) -> (u8, Option<String>) {
    let kind = match judgement.kind {
        AlertKind::Surge | AlertKind::Newcomer => 0,
        AlertKind::FirstSeen => 1,
        AlertKind::InSegment => 2,
        AlertKind::Money => 3,
        AlertKind::WinsCollapse => 4,
    };
    (kind, judgement.segment.clone())
}

/// What is told at a look, of everything that was found: one alert a competitor at most.
pub(super) fn told<'a>(
    found: Vec<Judgement<'a>>,
    states: &mut BTreeMap<&'a CompetitorId, State>,
    look: Moment,
    rule: &AlertRule,
) -> Vec<Alert> {
    let mut alerts = Vec::new();
    for judgement in found {
        let state = states.entry(judgement.competitor).or_default();
        let question = question(&judgement);
        if judgement.p >= rule.p_over {
            state.lasting.remove(&question);
        }
        let Some(trigger) = judgement.trigger.filter(|_| judgement.is_broad(rule)) else {
            continue;
        };
        let silent = state.silent_until.is_some_and(|until| look < until);
        // While more is lost to somebody than before, so is money, and so is some segment.
        let lasts = state.lasting.contains(&question) || state.lasting.contains(&DISPLACED);
        if silent || lasts {
            continue;
        }
        state.lasting.insert(question);
        state.silent_until = Some(look.plus(days(rule.silent_days)));
        alerts.push(judgement.alert(trigger, look));
    }
    alerts
}
