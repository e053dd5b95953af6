//! How likely the period reaches what somebody wants it to bring.

use crm::{Currency, Moment};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use stats::wilson;

use super::draws::{self, Drawn};
use super::report::{Coverage, DrawnShare, QuotaView, Spread};
use super::scope::Scope;
use super::standing::number;
use super::sums::Sums;

/// The level of the interval that drawing leaves.
const DRAWING_LEVEL: f64 = 0.95;

/// The level of the drawn band of the coverage.
const BAND_LEVEL: f64 = 0.8;

/// A quota that was entered, as known at the moment asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// What the period is to bring.
    pub amount: Decimal,
    /// Its currency.
    pub currency: Currency,
    /// When it was entered.
    pub set_at: Moment,
    /// Versions up to then, this one included; 0 for one that was asked with and not entered.
    pub versions: u32,
}

/// From drawn ends to those that a report shows: a band may be stretched by how past ones held, or lie
/// about a baseline. Each side of the middle is stretched by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Band {
    /// By how much the middle moves.
    shift: f64,
    below: f64,
    above: f64,
}

impl Band {
    /// The one that leads from these draws to this spread.
    pub(crate) fn of(closed: Decimal, drawn: &Drawn, spread: &Spread) -> Self {
        let closed = number(closed);
        let [low, middle, high] = [0.1, 0.5, 0.9].map(|q| closed + drawn.total.at(q).0);
        let [p10, p50, p90] = [spread.p10, spread.p50, spread.p90].map(|end| number(end.amount));
        let slope = |shown: f64, drawn: f64| {
            // To the cent there is no difference: as drawn.
            let as_drawn = drawn.abs() < 0.01 || (shown - drawn).abs() < 0.02;
            if as_drawn {
                1.0
            } else {
                (shown / drawn).max(0.0)
            }
        };
        let shift = p50 - middle;
        Self {
            shift: if shift.abs() < 0.01 { 0.0 } else { shift },
            below: slope(p50 - p10, middle - low),
            above: slope(p90 - p50, high - middle),
        }
    }

    /// The ends that are shown for drawn ones, both without what is closed.
    pub(crate) fn ends(&self, drawn: &draws::Sums) -> draws::Sums {
        let middle = drawn.at(0.5).0;
        drawn.through(|sum| {
            let slope = if sum < middle { self.below } else { self.above };
            middle + self.shift + slope * (sum - middle)
        })
    }
}

/// The quota beside the forecast; chances only where there are draws that carry a number. None where
/// its currency has no rate.
pub(crate) fn view(
    scope: Scope<'_>,
    quota: &Quota,
    sums: &Sums,
    drawn: Option<(&Drawn, Band)>,
) -> Option<QuotaView> {
    let rates = scope.timeline.rates();
    let amount = rates.to_home(quota.amount, quota.currency)?;
    let gap = amount - sums.closed;
    let needed = gap.to_f64()?;
    let ends = drawn.map(|(drawn, band)| band.ends(&drawn.total));
    Some(QuotaView {
        amount: scope.money(amount),
        set_at: quota.set_at,
        versions: quota.versions,
        gap: scope.money(gap),
        expected_gap: drawn.map(|_| scope.money(amount - sums.total())),
        probability: ends.as_ref().map(|ends| drawn_share(ends, needed)),
        expected_shortfall: ends
            .as_ref()
            .map(|ends| scope.drawn_money(ends.mean_below(needed))),
        coverage: drawn.and_then(|(drawn, _)| coverage(scope, gap, sums, &drawn.open)),
    })
}

/// The share of drawn sums that reach one, with the error of drawing.
pub(crate) fn drawn_share(drawn: &draws::Sums, needed: f64) -> DrawnShare {
    let (reached, draws) = drawn.reaching(needed);
    let (k, n) = (f64::from(reached), f64::from(draws.max(1)));
    let interval = wilson(k, n, DRAWING_LEVEL);
    DrawnShare {
        value: k / n,
        low: interval.low,
        high: interval.high,
        level: DRAWING_LEVEL,
        draws,
    }
}

/// What new deals are expected to bring needs no open pipeline.
fn coverage(scope: Scope<'_>, gap: Decimal, sums: &Sums, drawn: &draws::Sums) -> Option<Coverage> {
    let left = (gap - sums.new.unwrap_or_default()).to_f64()?;
    let (open, expected) = (sums.open.to_f64()?, sums.expected.to_f64()?);
    if left <= 0.0 || open <= 0.0 || expected <= 0.0 {
        return None;
    }
    let needed_at = |q: f64| {
        let won = drawn.at(q).0;
        (won > 0.0).then(|| open / won)
    };
    Some(Coverage {
        have: open / left,
        needed: open / expected,
        needed_low: needed_at(0.9)?,
        needed_high: needed_at(0.1),
        level: BAND_LEVEL,
        needed_amount: scope.drawn_money(left * open / expected),
    })
}
