//! Where a period stands at a moment: what is closed, what is open with which chances, and what is
//! to come. The same for today and for a Monday of the past.

use std::collections::HashSet;
use std::sync::Arc;

use crm::Moment;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use stats::Evidence;

use super::bets;
use super::deals::{OpenDeal, open_deals};
use super::draws::{Endings, Group};
use super::hazard::sightings::{Seen, weeks};
use super::hazard::{Chance, Fitted};
use super::landmarks::Horizon;
use super::learned::{AmountSeen, Learned, StageRates};
use super::newcomers::{Life, Newcomers, newcomers};
use super::rates::without_number;
use super::report::{AmountRatio, Basis};
use super::scope::{Scope, Won};
use super::won;
use super::{Period, count};

/// Wins from which on it is learned what becomes of amounts.
const WINS_FOR_AMOUNTS: usize = 20;
/// Final over known amounts beyond these are taken as these: a deal of one euro that ends at a
/// million is a correction and no course of things.
const RATIOS: (f64, f64) = (0.02, 5.0);

/// Amounts of one moment that are drawn from, at most: beyond that, as many quantiles of them.
const MOST_AMOUNTS: usize = 20_000;

/// What a question learns from, whatever the moment.
pub(crate) struct Past<'a> {
    pub(crate) learned: &'a Learned,
    /// Those of the scope's own deals.
    pub(crate) lives: Arc<Vec<Life>>,
    /// The moment of the question: nothing later is looked at.
    pub(crate) until: Moment,
}

/// A period at a moment.
pub(crate) struct Standing<'a> {
    pub(crate) scope: Scope<'a>,
    pub(crate) horizon: Option<Horizon>,
    pub(crate) bounds: (Moment, Moment),
    pub(crate) won: Vec<Won>,
    /// With the stages' rates.
    pub(crate) open: Vec<OpenDeal>,
    /// None when the period is over.
    pub(crate) rates: Option<Arc<StageRates>>,
    pub(crate) new: Option<Result<Newcomers, Evidence>>,
    pub(crate) endings: Arc<Endings>,
    pub(crate) ratio: Option<AmountRatio>,
}

impl<'a> Standing<'a> {
    /// Uses nothing of the past that is later than the scope's moment.
    pub(crate) fn of(scope: Scope<'a>, period: &Period, past: &Past<'_>) -> Self {
        let timeline = scope.timeline;
        let zone = &timeline.clock().zone;
        let bounds = (period.starts_at(zone), period.ends_at(zone));
        let horizon = Horizon::of(scope.as_of, bounds.0, bounds.1);
        let rates = horizon.map(|h| past.learned.stage_rates(timeline, scope.as_of, h));
        let over = without_number(Basis::PeriodOver, Evidence::Sound);
        let (endings, ratio) = past.learned.amounts(scope, past.until);
        let estimates = rates.as_ref().map(|rates| &rates.estimates);
        let mut open = open_deals(scope, estimates, over, bounds);
        for deal in &mut open {
            deal.usual = usual_amount(deal.amount, &endings, ratio);
            deal.weigh();
        }
        Self {
            scope,
            horizon,
            bounds,
            won: won::in_period(scope, period),
            open,
            rates,
            new: horizon.map(|horizon| newcomers(&past.lives, scope.as_of, horizon)),
            endings,
            ratio,
        }
    }

    /// The sum of what is won so far.
    pub(crate) fn closed(&self) -> Decimal {
        self.won.iter().filter_map(|won| won.amount).sum()
    }

    pub(crate) fn newcomers(&self) -> Option<&Newcomers> {
        self.new.as_ref().and_then(|new| new.as_ref().ok())
    }

    /// What is missing to tell of new deals.
    pub(crate) fn new_missing(&self) -> Option<Evidence> {
        self.new
            .as_ref()
            .and_then(|new| new.as_ref().err().copied())
    }

    /// The chances that a hazard gives the open deals, in their order. None where it does not reach.
    pub(crate) fn chances(&self, fitted: &Fitted) -> Option<Vec<Chance>> {
        let horizon = self.horizon?;
        let weeks = horizon.in_days() / 7.0;
        if weeks > f64::from(fitted.reach()) {
            return None;
        }
        let see = |deal: &OpenDeal| Seen::of(self.scope, (deal.deal, deal.stage, deal.state));
        let seen: Vec<Seen> = self.open.iter().map(see).collect();
        Some(fitted.chances(&seen, horizon, &self.scope.timeline.clock().zone))
    }

    /// What is drawn, by stage rates, or by a hazard's chances.
    pub(crate) fn groups(&self, hazard: Option<(&Fitted, &[Chance])>) -> Vec<Group> {
        match hazard {
            Some((fitted, chances)) => bets::by_hazard(self.scope, &self.open, fitted, chances),
            None => bets::by_stage_rates(self.scope, &self.open),
        }
    }
}

/// What an open deal brings when it is won, on average.
fn usual_amount(
    amount: Option<Decimal>,
    endings: &Endings,
    ratio: Option<AmountRatio>,
) -> Option<Decimal> {
    match amount {
        Some(amount) => match ratio {
            Some(ratio) => amount.checked_mul(Decimal::from_f64(ratio.mean)?),
            None => Some(amount),
        },
        None => mean(&endings.unknown).and_then(Decimal::from_f64),
    }
}

fn mean(numbers: &[f64]) -> Option<f64> {
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64)
}

/// What became of amounts, from wins known at a moment. Every look at a deal that was won tells once
/// how its amount ended.
pub(crate) fn endings<'l>(
    looks: impl Iterator<Item = &'l AmountSeen>,
    at: Moment,
) -> (Endings, Option<AmountRatio>) {
    let (mut ratios, mut unknown) = (Vec::new(), Vec::new());
    let (mut known_deals, mut unknown_deals) = (HashSet::new(), HashSet::new());
    let inside =
        |seen: &&AmountSeen| seen.known_at <= at && (0.0..=104.5).contains(&weeks(seen.at, at));
    for seen in looks.filter(inside) {
        match seen.amount {
            Some(known) if known > 0.0 && seen.ended >= 0.0 => {
                ratios.push((seen.ended / known).clamp(RATIOS.0, RATIOS.1));
                known_deals.insert(seen.deal);
            }
            Some(_) => {}
            // One ending a deal, or long ones would make the pool.
            None => {
                if unknown_deals.insert(seen.deal) {
                    unknown.push(seen.ended);
                }
            }
        }
    }
    if unknown.len() < WINS_FOR_AMOUNTS {
        unknown.clear();
    }
    let ratio = mean(&ratios).filter(|_| known_deals.len() >= WINS_FOR_AMOUNTS);
    let ratio = ratio.map(|mean| AmountRatio {
        mean,
        unchanged: ratios.iter().filter(|ratio| **ratio == 1.0).count() as f64
            / ratios.len() as f64,
        deals: count(known_deals.len()),
    });
    if ratio.is_none() {
        ratios.clear();
    }
    for pool in [&mut ratios, &mut unknown] {
        pool.sort_by(f64::total_cmp);
        thin(pool);
    }
    (Endings { ratios, unknown }, ratio)
}

/// Puts evenly spaced quantiles in the place of very many sorted numbers.
fn thin(pool: &mut Vec<f64>) {
    let n = pool.len();
    if n > MOST_AMOUNTS {
        let middle = |i: usize| (2 * i + 1) * n / (2 * MOST_AMOUNTS);
        *pool = (0..MOST_AMOUNTS).map(|i| pool[middle(i)]).collect();
    }
}

/// A sum as a number for statistics.
pub(crate) fn number(sum: Decimal) -> f64 {
    sum.to_f64().unwrap_or(0.0)
}
