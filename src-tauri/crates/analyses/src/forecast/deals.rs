//! The open deals, each with its probability, its reason and its risks.

use std::collections::HashMap;

use crm::Moment;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use timeline::{DealIx, DealState, Known, StageIx};

use super::landmarks::Horizon;
use super::rates::Estimate;
use super::report::{Basis, DealRow, Risk, WinProbability};
use super::scope::{Scope, money};
use super::words;

/// An open deal with what is expected of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenDeal {
    pub(crate) deal: DealIx,
    pub(crate) stage: StageIx,
    pub(crate) state: DealState,
    pub(crate) estimate: Estimate,
    /// In the home currency.
    pub(crate) amount: Option<Decimal>,
    /// What it brings when it is won, on average: its amount times what becomes of amounts.
    pub(crate) usual: Option<Decimal>,
    /// Probability times that, to the cent.
    pub(crate) contribution: Option<Decimal>,
    /// HubSpot's own probability times amount, to the cent.
    pub(crate) hubspot: Option<Decimal>,
    pub(crate) closes_in_period: bool,
}

fn weigh(amount: Decimal, probability: f64) -> Option<Decimal> {
    Some((amount * Decimal::from_f64(probability)?).round_dp(2))
}

impl OpenDeal {
    /// Works out what is expected of it.
    pub(crate) fn weigh(&mut self) {
        let chance = match self.estimate.basis {
            Basis::PeriodOver => Some(0.0),
            _ => self.estimate.rate.map(|rate| rate.value),
        };
        self.contribution = self.usual.zip(chance).and_then(|(a, p)| weigh(a, p));
    }
}

/// The open deals of a scope, without what is expected of them, in the order of their ids.
pub(crate) fn open_deals(
    scope: Scope<'_>,
    estimates: Option<&HashMap<StageIx, Estimate>>,
    otherwise: Estimate,
    period: (Moment, Moment),
) -> Vec<OpenDeal> {
    scope
        .open()
        .map(|(deal, stage, state)| {
            let estimate = estimates.and_then(|all| all.get(&stage).copied());
            let amount = scope.home_amount(deal, state.amount);
            let theirs = scope.timeline.stage(stage).probability;
            let close = state.close_at.value();
            OpenDeal {
                deal,
                stage,
                state,
                estimate: estimate.unwrap_or(otherwise),
                amount,
                usual: amount,
                contribution: None,
                hubspot: amount.zip(theirs).and_then(|(a, p)| weigh(a, p)),
                closes_in_period: close.is_some_and(|at| period.0 <= at && at < period.1),
            }
        })
        .collect()
}

/// The deals as rows, largest contribution first, those without one last.
pub(crate) fn rows(scope: Scope<'_>, deals: &[OpenDeal], horizon: Option<Horizon>) -> Vec<DealRow> {
    let mut order: Vec<_> = deals.iter().collect();
    order.sort_by_key(|open| (std::cmp::Reverse(open.contribution), open.deal));
    order
        .into_iter()
        .map(|open| row(scope, open, horizon))
        .collect()
}

fn row(scope: Scope<'_>, open: &OpenDeal, horizon: Option<Horizon>) -> DealRow {
    let timeline = scope.timeline;
    let stage = timeline.stage(open.stage);
    let days_since = |since: Option<Moment>| {
        let hours = since.map_or(0, |since| scope.as_of.since(since).as_hours());
        u32::try_from(hours / 24).unwrap_or(0)
    };
    let owner_id = open.state.owner.value();
    let own_currency = timeline.currency_at(open.deal, scope.as_of);
    let close = open.state.close_at.value();
    DealRow {
        id: timeline.id(open.deal),
        name: timeline.name(open.deal).map(str::to_owned),
        pipeline: scope.pipeline_view(stage.pipeline),
        stage_id: stage.id.clone(),
        stage_label: stage.label.clone(),
        owner_id,
        owner_name: owner_id
            .and_then(|id| timeline.owner_name(id))
            .map(str::to_owned),
        amount: open.amount.map(|amount| scope.money(amount)),
        own_amount: open
            .state
            .amount
            .value()
            .map(|amount| money(amount, own_currency)),
        close_date: close.map(|at| at.date_in(&timeline.clock().zone)),
        closes_in_period: open.closes_in_period,
        age_days: days_since(timeline.created_at(open.deal)),
        stage_days: days_since(open.state.in_stage_since),
        probability: open.estimate.rate,
        evidence: open.estimate.evidence,
        basis: open.estimate.basis,
        why: words::why(scope, open.stage, &open.estimate, horizon),
        contribution: open.contribution.map(|amount| scope.money(amount)),
        hubspot_probability: stage.probability,
        risks: risks(scope, open),
        category: category(scope, open),
        benchmark: None,
    }
}

/// HubSpot's forecast category, as it spells it.
fn category(scope: Scope<'_>, open: &OpenDeal) -> Option<String> {
    let ix = open.state.category.value()?;
    scope.timeline.categories().get(ix.index()).cloned()
}

/// What a person should look at.
pub(crate) fn risks(scope: Scope<'_>, open: &OpenDeal) -> Vec<Risk> {
    let zone = &scope.timeline.clock().zone;
    let mut risks = Vec::new();
    match open.state.close_at.value().map(|at| at.date_in(zone)) {
        None => risks.push(Risk::NoCloseDate),
        // A close date is a day: it has passed once that day is over.
        Some(day) => {
            let late = scope
                .as_of
                .date_in(zone)
                .since(day)
                .map_or(0, |span| span.get_days());
            if let Some(days) = u32::try_from(late).ok().filter(|days| *days > 0) {
                risks.push(Risk::CloseDatePast { days });
            }
        }
    }
    match scope.snapshot().pushes(open.deal) {
        0 => {}
        times => risks.push(Risk::Pushed { times }),
    }
    match open.state.amount {
        Known::Empty | Known::Unknown => risks.push(Risk::NoAmount),
        Known::Value(_) if open.amount.is_none() => risks.push(Risk::NoExchangeRate),
        Known::Value(amount) if amount.is_sign_negative() && !amount.is_zero() => {
            risks.push(Risk::NegativeAmount);
        }
        Known::Value(_) => {}
    }
    if open.state.owner.value().is_none() {
        risks.push(Risk::NoOwner);
    }
    risks
}

/// What a writeback needs to know of each open deal.
pub(crate) fn win_probability(
    scope: Scope<'_>,
    (deal, stage): (DealIx, StageIx),
    estimate: &Estimate,
    horizon: Horizon,
) -> WinProbability {
    WinProbability {
        id: scope.timeline.id(deal),
        stage_label: scope.timeline.stage(stage).label.clone(),
        probability: estimate.rate,
        evidence: estimate.evidence,
        basis: estimate.basis,
        why: words::why(scope, stage, estimate, Some(horizon)),
    }
}
