//! Every deal's parts.

use crm::{Currency, Moment};
use rust_decimal::Decimal;

use super::place::{Place, place, within};
use super::{End, Line, Part, Scope, Waterfall};
use crate::closing::GRACE_FOR_AMOUNT;
use crate::column::Known;
use crate::histories::{DealIx, Timeline};
use crate::stage::StageKind;

/// What an amount is worth in the home currency, to the cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worth {
    Known(Decimal),
    NoAmount,
    NotKnown,
    NoRate,
}

impl Worth {
    /// What counts.
    fn counted(self) -> Decimal {
        match self {
            Self::Known(amount) => amount,
            Self::NoAmount | Self::NotKnown | Self::NoRate => Decimal::ZERO,
        }
    }
}

fn worth(timeline: &Timeline, amount: Known<Decimal>, currency: Currency) -> Worth {
    match amount {
        Known::Empty => Worth::NoAmount,
        Known::Unknown => Worth::NotKnown,
        // To the cent before anything is added, so that sums do not depend on their order.
        Known::Value(amount) => timeline
            .rates()
            .to_home(amount, currency)
            .map_or(Worth::NoRate, |amount| Worth::Known(amount.round_dp(2))),
    }
}

fn worth_at(timeline: &Timeline, deal: DealIx, at: Moment) -> Worth {
    let amount = timeline.amount.as_of(deal.index(), at);
    worth(timeline, amount, timeline.currency_at(deal, at))
}

impl End {
    fn at(at: Moment) -> Self {
        Self {
            at,
            amount: Decimal::ZERO,
            deals: Vec::new(),
            without_amount: 0,
            unknown_amount: 0,
            without_rate: 0,
            not_known: Vec::new(),
        }
    }

    fn take(&mut self, timeline: &Timeline, deal: DealIx, place: Place) {
        match place {
            Place::NotKnown => self.not_known.push(deal),
            Place::Inside => {
                self.deals.push(deal);
                let worth = worth_at(timeline, deal, self.at);
                self.amount += worth.counted();
                match worth {
                    Worth::Known(_) => {}
                    Worth::NoAmount => self.without_amount += 1,
                    Worth::NotKnown => self.unknown_amount += 1,
                    Worth::NoRate => self.without_rate += 1,
                }
            }
            _ => {}
        }
    }
}

pub(super) fn waterfall(timeline: &Timeline, from: Moment, to: Moment, scope: &Scope) -> Waterfall {
    let (mut start, mut end) = (End::at(from), End::at(to));
    let mut parts = Vec::new();
    for deal in timeline.deals() {
        let was = place(timeline, scope, deal, from);
        let is = place(timeline, scope, deal, to);
        start.take(timeline, deal, was);
        end.take(timeline, deal, is);
        let mut part = |line, amount| parts.push(Part { deal, line, amount });
        match (was, is) {
            (Place::Inside, _) => {
                let until = counted_until(timeline, deal, is, to);
                grow(timeline, deal, (from, until), &mut part);
                if is != Place::Inside {
                    part(
                        is.way_out(),
                        Decimal::ZERO - worth_at(timeline, deal, until).counted(),
                    );
                }
            }
            (_, Place::Inside) => part(was.way_in(), worth_at(timeline, deal, to).counted()),
            (_, Place::Closed(_)) if passed_through(timeline, scope, deal, (from, to)) => {
                let until = counted_until(timeline, deal, is, to);
                let amount = worth_at(timeline, deal, until).counted();
                part(was.way_in(), amount);
                part(is.way_out(), Decimal::ZERO - amount);
            }
            _ => {}
        }
    }
    Waterfall { start, parts, end }
}

/// Up to when a deal's money is followed: to the end, but for a closed one to its closing.
fn counted_until(timeline: &Timeline, deal: DealIx, is: Place, to: Moment) -> Moment {
    let Place::Closed(kind) = is else {
        return to;
    };
    let entered = timeline.closing(deal, to).map(|closing| closing.entered_at);
    match (entered, kind) {
        (Some(entered), StageKind::Won) => entered.plus(GRACE_FOR_AMOUNT).min(to),
        (Some(entered), _) => entered,
        (None, _) => to,
    }
}

/// What became of the money of a deal that counted at the start.
fn grow(
    timeline: &Timeline,
    deal: DealIx,
    (from, until): (Moment, Moment),
    part: &mut impl FnMut(Line, Decimal),
) {
    let before = worth_at(timeline, deal, from);
    let after = worth_at(timeline, deal, until).counted();
    let mut unless_nothing = |line, amount: Decimal| {
        if !amount.is_zero() {
            part(line, amount);
        }
    };
    if before == Worth::NotKnown {
        unless_nothing(Line::NotKnownThen, after);
        return;
    }
    let before = before.counted();
    let amount = timeline.amount.as_of(deal.index(), until);
    let repriced = worth(timeline, amount, timeline.currency_at(deal, from)).counted();
    let change = repriced - before;
    let line = if change.is_sign_negative() {
        Line::Down
    } else {
        Line::Up
    };
    unless_nothing(line, change);
    unless_nothing(Line::Currency, after - repriced);
}

/// Whether a closed deal that did not count at the start was open and closed within the scope since.
fn passed_through(
    timeline: &Timeline,
    scope: &Scope,
    deal: DealIx,
    (from, to): (Moment, Moment),
) -> bool {
    timeline.closing(deal, to).is_some_and(|closing| {
        // The close date is often put right on the day of closing.
        let settled = closing.entered_at.plus(GRACE_FOR_AMOUNT).min(to);
        closing.entered_at > from
            && !closing.on_arrival
            && within(timeline, scope, deal, settled) == Place::Inside
    })
}
