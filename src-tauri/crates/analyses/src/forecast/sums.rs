//! The sums that the figures are made of, and the way from HubSpot's to ours.

use rust_decimal::Decimal;
use stats::Evidence;

use super::count;
use super::deals::OpenDeal;
use super::newcomers::Newcomers;
use super::report::Difference;
use super::scope::{Scope, Won};

/// The sums that the figures are made of, to the cent.
pub(crate) struct Sums {
    pub(crate) closed: Decimal,
    pub(crate) open: Decimal,
    pub(crate) expected: Decimal,
    pub(crate) hubspot: Decimal,
    /// Of deals that do not exist yet; none where it cannot be told.
    pub(crate) new: Option<Decimal>,
    /// From the models' sum to the baseline that is used in its place.
    pub(crate) baseline: Option<Decimal>,
}

impl Sums {
    pub(crate) fn of(
        scope: Scope<'_>,
        open: &[OpenDeal],
        won: &[Won],
        new: Option<&Newcomers>,
    ) -> Self {
        let hubspot = open.iter().filter(|deal| deal.closes_in_period);
        Self {
            closed: won.iter().filter_map(|won| won.amount).sum(),
            open: open.iter().filter_map(|deal| deal.amount).sum(),
            expected: open.iter().filter_map(|deal| deal.contribution).sum(),
            hubspot: hubspot.filter_map(|deal| deal.hubspot).sum(),
            new: new.map(|new| scope.drawn_money(new.expected()).amount),
            baseline: None,
        }
    }

    /// Closed, and all that the models expect.
    pub(crate) fn models(&self) -> Decimal {
        self.closed + self.expected + self.new.unwrap_or_default()
    }

    /// The same, or the baseline in its place.
    pub(crate) fn total(&self) -> Decimal {
        self.models() + self.baseline.unwrap_or_default()
    }
}

pub(crate) fn difference(
    scope: Scope<'_>,
    open: &[OpenDeal],
    sums: &Sums,
    evidence: Evidence,
) -> Difference {
    let ours = |deal: &OpenDeal| deal.contribution.unwrap_or_default();
    let theirs = |deal: &OpenDeal| deal.hubspot.unwrap_or_default();
    let inside = || open.iter().filter(|deal| deal.closes_in_period);
    let elsewhere = || open.iter().filter(|deal| !deal.closes_in_period);
    let number = |sum: Decimal| evidence.has_number().then(|| scope.money(sum));
    Difference {
        rates: number(inside().map(|deal| ours(deal) - theirs(deal)).sum()),
        close_dates: number(elsewhere().map(ours).sum()),
        new_deals: sums.new.and_then(number),
        baseline: sums.baseline.and_then(number),
        deals_in_period: count(inside().count()),
        deals_elsewhere: count(elsewhere().count()),
    }
}
