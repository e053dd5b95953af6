//! Deals in order of time, by what became of them and with whom.

use std::collections::BTreeMap;

use crm::Moment;
use jiff::SignedDuration;

use crate::competitors::logging::count;
use crate::competitors::observation::{Book, Deal, Source};
use crate::competitors::text::CompetitorId;

pub(super) fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * n)
}

/// Deals, each with the moment that counts, in order.
pub(super) type Timed<'a> = Vec<(Moment, &'a Deal)>;

/// The deals after a moment and until another.
pub(super) fn between<'a, 'b>(
    deals: &'b [(Moment, &'a Deal)],
    after: Moment,
    until: Moment,
) -> &'b [(Moment, &'a Deal)] {
    let from = deals.partition_point(|(at, _)| *at <= after);
    let to = deals.partition_point(|(at, _)| *at <= until);
    deals.get(from..to).unwrap_or_default()
}

/// How many of them there are.
pub(super) fn counted(deals: &[(Moment, &Deal)], after: Moment, until: Moment) -> u32 {
    count(between(deals, after, until).len())
}

fn in_order(deals: &mut Timed<'_>) {
    deals.sort_by_key(|(at, deal)| (*at, deal.id));
    deals.dedup_by_key(|(_, deal)| deal.id);
}

/// Everything that alerts count.
pub(super) struct Counts<'a> {
    /// All deals lost.
    pub(super) lost: Timed<'a>,
    /// Deals lost to each.
    pub(super) lost_to: BTreeMap<&'a CompetitorId, Timed<'a>>,
    /// Deals in which somebody is named, by when the first was.
    pub(super) named: Timed<'a>,
    /// Deals in which each is named, by when it was first.
    pub(super) named_with: BTreeMap<&'a CompetitorId, Timed<'a>>,
    /// Deals won or lost with each in them, as known before their last day from what is not a reason.
    pub(super) closed_with: BTreeMap<&'a CompetitorId, Timed<'a>>,
}

impl<'a> Counts<'a> {
    pub(super) fn of(book: &'a Book) -> Self {
        let lost_at = |deal: &Deal| {
            let closed = deal.outcome.closed_at();
            closed.filter(|_| deal.outcome.is_lost())
        };
        let mut lost: Timed<'a> = book
            .deals()
            .iter()
            .filter_map(|deal| Some((lost_at(deal)?, deal)))
            .collect();
        in_order(&mut lost);
        let mut counts = Self {
            lost,
            lost_to: BTreeMap::new(),
            named: Vec::new(),
            named_with: BTreeMap::new(),
            closed_with: BTreeMap::new(),
        };
        for (deal, seen) in book.observations() {
            let who = &seen.competitor;
            if let (true, Some(at)) = (seen.says_lost(), lost_at(deal)) {
                counts.lost_to.entry(who).or_default().push((at, deal));
            }
            if !seen.competes() {
                continue;
            }
            if let Some(at) = seen.at {
                counts.named.push((at, deal));
                counts.named_with.entry(who).or_default().push((at, deal));
            }
            let is_reason = matches!(seen.source, Source::LossReason | Source::WinReason);
            if let (Some(closed), false) = (deal.outcome.closed_at(), is_reason || deal.undecided)
                && seen.precedes(deal.outcome)
            {
                counts
                    .closed_with
                    .entry(who)
                    .or_default()
                    .push((closed, deal));
            }
        }
        // Of a deal in which somebody is named several times, the first time counts.
        let first_of_each = |deals: &mut Timed<'a>| {
            deals.sort_by_key(|(at, deal)| (deal.id, *at));
            deals.dedup_by_key(|(_, deal)| deal.id);
            in_order(deals);
        };
        first_of_each(&mut counts.named);
        counts.named_with.values_mut().for_each(first_of_each);
        counts.lost_to.values_mut().for_each(in_order);
        counts.closed_with.values_mut().for_each(in_order);
        counts
    }
}
