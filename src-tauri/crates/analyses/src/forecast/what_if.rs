//! What if a deal were gone, closed on another day, or had another amount or chance?
//!
//! The draws of a forecast are kept draw by draw, with what moved each deal's chance. A deal that
//! changes is taken out of every draw and put back as it would be, with the same luck as before: the
//! others are not drawn again. A chance that falls loses some of the draws in which the deal is won, one
//! that rises wins some of the others; on average over the draws it is exactly the one asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use crm::{Currency, Moment, PipelineId, RecordId, StageId};
use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::ForecastQuestion;
use super::deals::OpenDeal;
use super::draws::{Bet, Drawn, Endings, Group, Luck};
use super::made::{ByDraw, Made};
use super::quota::{Band, drawn_share};
use super::report::{Change, Outcome, WhatIfReport, WhatIfRow};
use super::scope::{Scope, money};

/// The shape of the answer. Counts up when a field goes or changes its meaning; fields may be added.
pub const WHAT_IF_SCHEMA: &str = "what-if/1";

/// What of a forecast a question of "what if" needs.
#[derive(Debug, Clone)]
pub struct Kept {
    as_of: Moment,
    seed: u64,
    draws: u32,
    currency: Currency,
    /// The period's first and last day.
    days: (Date, Date),
    closed: Decimal,
    expected: Decimal,
    total: Decimal,
    hubspot: Decimal,
    /// The quota less what is closed.
    gap: Option<f64>,
    band: Band,
    groups: Vec<Group>,
    endings: Arc<Endings>,
    luck: Luck,
    open: Vec<f64>,
    new: Vec<f64>,
    /// In the order of the ids.
    deals: BTreeMap<RecordId, KeptDeal>,
}

#[derive(Debug, Clone)]
struct KeptDeal {
    name: Option<String>,
    pipeline: PipelineId,
    stage: StageId,
    /// Its group and its place there; none where it was not drawn.
    bet: Option<(usize, usize)>,
    chance: f64,
    amount: Option<Decimal>,
    contribution: Decimal,
    /// HubSpot's probability of its stage.
    theirs: Option<f64>,
    closes_in_period: bool,
}

/// A deal as it is supposed to be.
#[derive(Debug, Clone, Copy)]
struct Supposed {
    chance: f64,
    amount: Option<Decimal>,
    /// Whether HubSpot's weighting counts it.
    counts: bool,
    gone: bool,
    /// Beyond the period's end.
    late: bool,
}

impl Kept {
    pub(crate) fn of(
        scope: Scope<'_>,
        question: &ForecastQuestion,
        made: &Made<'_>,
        band: Band,
        quota: Option<Decimal>,
    ) -> Self {
        let timeline = scope.timeline;
        let ByDraw {
            groups,
            luck,
            open,
            new,
        } = &made.by_draw;
        let mut bets: BTreeMap<RecordId, (usize, usize)> = BTreeMap::new();
        for (at, group) in groups.iter().enumerate() {
            let places = group.deals.iter().enumerate();
            bets.extend(places.map(|(place, bet)| (bet.id, (at, place))));
        }
        let kept = |deal: &OpenDeal| {
            let stage = timeline.stage(deal.stage);
            let id = timeline.id(deal.deal);
            let kept = KeptDeal {
                name: timeline.name(deal.deal).map(str::to_owned),
                pipeline: timeline.pipeline(stage.pipeline).id.clone(),
                stage: stage.id.clone(),
                bet: bets.get(&id).copied(),
                chance: deal.estimate.rate.map_or(0.0, |rate| rate.value),
                amount: deal.amount,
                contribution: deal.contribution.unwrap_or_default(),
                theirs: stage.probability,
                closes_in_period: deal.closes_in_period,
            };
            (id, kept)
        };
        let sums = &made.sums;
        Self {
            as_of: scope.as_of,
            seed: question.seed,
            draws: question.draws,
            currency: timeline.rates().home(),
            days: (question.period.first_day, question.period.last_day),
            closed: sums.closed,
            expected: sums.expected,
            total: sums.total(),
            hubspot: sums.closed + sums.hubspot,
            gap: quota.and_then(|quota| (quota - sums.closed).to_f64()),
            band,
            groups: groups.clone(),
            endings: Arc::clone(&made.standing.endings),
            luck: luck.clone(),
            open: open.clone(),
            new: new.clone(),
            deals: made.standing.open.iter().map(kept).collect(),
        }
    }

    /// The forecast as it would be. Changes of one deal add up, the last of a kind counts.
    #[must_use]
    pub fn what_if(&self, changes: &[Change]) -> WhatIfReport {
        let (supposed, unknown) = self.supposed(changes);
        let mut open = self.open.clone();
        let (mut expected, mut hubspot) = (self.expected, self.hubspot);
        let mut rows = Vec::new();
        for (&id, then) in &supposed {
            let Some(now) = self.deals.get(&id) else {
                continue;
            };
            self.redraw(now, *then, &mut open);
            let after = now.contribution_as(*then);
            let change = after - now.contribution;
            expected += change;
            hubspot += now.weighted(*then) - now.weighted(now.as_it_is());
            if change != Decimal::ZERO {
                rows.push(WhatIfRow {
                    id,
                    name: now.name.clone(),
                    before: self.money(now.contribution),
                    after: self.money(after),
                    change: self.money(change),
                });
            }
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.change.amount.abs()));
        let change = expected - self.expected;
        WhatIfReport {
            schema: WHAT_IF_SCHEMA.to_owned(),
            as_of: self.as_of,
            before: self.outcome(self.open.clone(), self.expected, self.hubspot),
            after: self.outcome(open, expected, hubspot),
            change: self.money(change),
            deals: rows,
            unknown,
            seed: self.seed.to_string(),
            draws: self.draws,
        }
    }

    fn money(&self, amount: Decimal) -> super::report::MoneyValue {
        money(amount, self.currency)
    }

    fn outcome(&self, open: Vec<f64>, expected: Decimal, hubspot: Decimal) -> Outcome {
        let drawn = Drawn::of(open, self.new.clone());
        let ends = self.band.ends(&drawn.total);
        let end = |q: f64| {
            let drawn = Decimal::from_f64(ends.at(q).0).unwrap_or_default();
            self.money(self.closed + drawn.round_dp(2))
        };
        Outcome {
            expected_from_open: self.money(expected),
            total: self.money(self.total - self.expected + expected),
            p10: end(0.1),
            p50: end(0.5),
            p90: end(0.9),
            hubspot: self.money(hubspot),
            quota: self.gap.map(|gap| drawn_share(&ends, gap)),
        }
    }

    /// The deals that change, as they are supposed to be, and those named that are not open.
    fn supposed(&self, changes: &[Change]) -> (BTreeMap<RecordId, Supposed>, Vec<RecordId>) {
        let mut supposed: BTreeMap<RecordId, Supposed> = BTreeMap::new();
        let mut unknown = Vec::new();
        let mut alter = |id: RecordId, to: &dyn Fn(&mut Supposed)| match self.deals.get(&id) {
            Some(deal) => to(supposed.entry(id).or_insert_with(|| deal.as_it_is())),
            None => unknown.push(id),
        };
        for change in changes {
            match change {
                Change::Drop { deal } => alter(*deal, &|then| then.gone = true),
                Change::CloseOn { deal, day } => alter(*deal, &|then| {
                    then.counts = self.days.0 <= *day && *day <= self.days.1;
                    then.late = *day > self.days.1;
                }),
                Change::Amount { deal, amount } => {
                    alter(*deal, &|then| then.amount = Some(*amount));
                }
                Change::Chance { deal, chance } => {
                    alter(*deal, &|then| then.chance = share(*chance));
                }
                Change::Rates { stage, factor } => {
                    let factor = if factor.is_finite() {
                        factor.max(0.0)
                    } else {
                        1.0
                    };
                    for (&id, deal) in &self.deals {
                        let inside = stage
                            .as_ref()
                            .is_none_or(|(p, s)| deal.pipeline == *p && deal.stage == *s);
                        if inside {
                            alter(id, &|then| then.chance = share(then.chance * factor));
                        }
                    }
                }
            }
        }
        unknown.sort_unstable();
        unknown.dedup();
        (supposed, unknown)
    }

    /// Takes a deal out of every draw, and puts it back as it is supposed to be.
    fn redraw(&self, now: &KeptDeal, then: Supposed, open: &mut [f64]) {
        let Some((group, place)) = now.bet else {
            return;
        };
        let Some(bet) = self.groups.get(group).and_then(|g| g.deals.get(place)) else {
            return;
        };
        let mut before = vec![0.0; open.len()];
        self.luck
            .add(group, bet, &self.endings, |chance| chance, &mut before);
        let chance = then.chance_in_period();
        let changed = Bet {
            amount: then.amount.and_then(|amount| amount.to_f64()),
            ..*bet
        };
        let mut after = vec![0.0; open.len()];
        let moved = |drawn: f64| moved(drawn, now.chance, chance);
        self.luck
            .add(group, &changed, &self.endings, moved, &mut after);
        for ((sum, before), after) in open.iter_mut().zip(before).zip(after) {
            *sum += after - before;
        }
    }
}

impl KeptDeal {
    fn as_it_is(&self) -> Supposed {
        Supposed {
            chance: self.chance,
            amount: self.amount,
            counts: self.closes_in_period,
            gone: false,
            late: false,
        }
    }

    /// What it would add to the forecast, to the cent.
    fn contribution_as(&self, then: Supposed) -> Decimal {
        let chance = then.chance_in_period();
        if chance == self.chance && then.amount == self.amount {
            return self.contribution;
        }
        let times = |value: Decimal, factor: f64| {
            let factor = Decimal::from_f64(factor).unwrap_or_default();
            value.checked_mul(factor).unwrap_or_default()
        };
        // What is expected of the amount itself stays: contribution over chance and amount.
        let usual = self.amount.filter(|amount| !amount.is_zero());
        let scaled = match (usual, then.amount) {
            (Some(before), Some(after)) => self
                .contribution
                .checked_div(before)
                .and_then(|each| each.checked_mul(after)),
            (None, Some(after)) => Some(times(after, self.chance)),
            (_, None) => Some(self.contribution),
        };
        let scaled = scaled.unwrap_or_default();
        if self.chance > 0.0 {
            times(scaled, chance / self.chance).round_dp(2)
        } else {
            times(then.amount.unwrap_or_default(), chance).round_dp(2)
        }
    }

    /// What HubSpot's weighting counts it, to the cent.
    fn weighted(&self, then: Supposed) -> Decimal {
        let counted = then.amount.filter(|_| then.counts && !then.gone);
        let theirs = self.theirs.and_then(Decimal::from_f64);
        counted
            .zip(theirs)
            .and_then(|(amount, theirs)| amount.checked_mul(theirs))
            .unwrap_or_default()
            .round_dp(2)
    }
}

impl Supposed {
    fn chance_in_period(self) -> f64 {
        if self.gone || self.late {
            0.0
        } else {
            self.chance
        }
    }
}

/// A chance of one draw, where the deal's own becomes another one.
fn moved(drawn: f64, own: f64, wanted: f64) -> f64 {
    if wanted <= own {
        if own > 0.0 { drawn * wanted / own } else { 0.0 }
    } else {
        1.0 - (1.0 - drawn) * (1.0 - wanted) / (1.0 - own)
    }
}

fn share(value: f64) -> f64 {
    if value.is_finite() {
        value.clamp(0.0, 1.0)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_chance_keeps_its_bounds_and_its_mean() {
        let drawn = [0.1, 0.2, 0.3, 0.6];
        let own = drawn.iter().sum::<f64>() / 4.0;
        for wanted in [0.0, 0.1, own, 0.5, 1.0] {
            let moved: Vec<f64> = drawn.iter().map(|&p| moved(p, own, wanted)).collect();
            let mean = moved.iter().sum::<f64>() / 4.0;
            assert!((mean - wanted).abs() < 1e-12, "{mean} is not {wanted}");
            assert!(moved.iter().all(|p| (0.0..=1.0).contains(p)), "{moved:?}");
        }
        assert_eq!(moved(0.4, 0.0, 0.0), 0.0);
        assert_eq!(moved(0.4, 1.0, 1.0), 0.4);
    }
}
