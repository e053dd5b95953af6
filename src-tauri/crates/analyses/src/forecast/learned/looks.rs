//! Everybody's open deals as they looked on past Mondays.

use crm::Moment;
use timeline::{DealIx, StageIx};

use super::super::hazard::sightings::{Endings, GRACE, Seen, Sighting, every_few_weeks};
use super::super::landmarks::TRAINING_MONTHS;
use super::super::lot;
use super::super::scope::Scope;

/// Deals that a hazard learns from, about, where there are more: by far more than it takes for errors of
/// a few percent, and few enough to be looked at on every Monday.
const MOST_DEALS: usize = 20_000;

/// An open deal that was won later, and with which amount.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AmountSeen {
    pub(crate) deal: DealIx,
    pub(crate) stage: StageIx,
    pub(crate) at: Moment,
    /// Its amount then, in the home currency.
    pub(crate) amount: Option<f64>,
    /// The one with which it was won, and since when that was known.
    pub(crate) ended: f64,
    pub(crate) known_at: Moment,
}

/// The looks of all Mondays, oldest first, deals in their order.
#[derive(Debug)]
pub(crate) struct Looks {
    /// Of all deals, or of those in the lot.
    pub(crate) sightings: Vec<Sighting>,
    /// Of all deals.
    pub(crate) amounts: Vec<AmountSeen>,
    /// Of how many deals one is in the lot.
    pub(crate) one_of: u64,
}

impl Looks {
    /// From the birth of the oldest deal, or as long ago as anything is tried, up to the scope's moment.
    pub(crate) fn of(all: Scope<'_>, oldest: Option<Moment>) -> Self {
        let mut looks = Self {
            sightings: Vec::new(),
            amounts: Vec::new(),
            one_of: one_of(all.timeline.deals().len()),
        };
        let Some(oldest) = oldest else { return looks };
        // Two years before the three that are tried.
        let weeks = (i64::from(TRAINING_MONTHS) * 31 + 156 * 7 + 100) * 24;
        let from = all.as_of.plus(-jiff::SignedDuration::from_hours(weeks));
        let mut endings = Endings::default();
        for at in every_few_weeks(oldest.max(from), all.as_of, &all.timeline.clock().zone) {
            let then = Scope { as_of: at, ..all };
            for open @ (deal, stage, state) in then.open() {
                let (ended, final_amount) = endings.of(all, deal, at);
                let won_at = ended.filter(|(_, won)| *won).map(|(at, _)| at);
                if let Some((won_at, ended)) = won_at.zip(final_amount) {
                    looks.amounts.push(AmountSeen {
                        deal,
                        stage,
                        at,
                        amount: then.home_number(deal, state.amount),
                        ended,
                        known_at: won_at.plus(GRACE),
                    });
                }
                if lot::holds(deal, lot::LOOKS, looks.one_of) {
                    let seen = Seen::of(then, open);
                    looks.sightings.push(Sighting { seen, ended });
                }
            }
        }
        looks
    }
}

fn one_of(deals: usize) -> u64 {
    deals.div_ceil(MOST_DEALS).max(1) as u64
}
