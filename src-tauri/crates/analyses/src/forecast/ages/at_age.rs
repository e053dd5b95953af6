//! Of the stays that lasted so long, those that can be judged by now and those whose deals were won:
//! asked for open deals from the longest stay to the shortest, so that each stay is looked at once.

use std::collections::BinaryHeap;

use crm::Moment;
use timeline::DealIx;

use super::Stay;
use crate::forecast::risks::RISK_DAYS;

/// Milliseconds within which a deal counts as won.
const HORIZON: i64 = RISK_DAYS as i64 * 86_400_000;

/// The stays of a stage that lasted at least as long as what was asked last.
pub(super) struct AtAge<'a> {
    as_of: i64,
    /// The longest first.
    stays: &'a [Stay],
    /// How many of them lasted so long.
    reached: usize,
    /// When the stays began, in order.
    begun: Vec<i64>,
    /// Of those that lasted so long, by their place in `begun`: all, and those won in time.
    all: Counts,
    won: Counts,
    /// Those won in time, the latest winner first: by how many milliseconds after its beginning, less the
    /// horizon, and where it is counted.
    winners: BinaryHeap<(i64, usize)>,
    /// The place of each deal's stay.
    places: Vec<(DealIx, usize)>,
}

/// What is known of the stays of other deals at an age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Others {
    /// Deals that stayed at least this long.
    pub(super) reached: u32,
    /// Of them, those for whom the horizon has gone by.
    pub(super) whole: u32,
    /// Of these, those that were won within it.
    pub(super) won: u32,
}

impl<'a> AtAge<'a> {
    /// Expects the stays with the longest first.
    pub(super) fn new(stays: &'a [Stay], as_of: Moment) -> Self {
        let mut begun: Vec<i64> = stays.iter().map(|stay| stay.from.millis()).collect();
        begun.sort_unstable();
        let mut places: Vec<(DealIx, usize)> = stays
            .iter()
            .enumerate()
            .map(|(place, stay)| (stay.deal, place))
            .collect();
        places.sort_unstable();
        Self {
            as_of: as_of.millis(),
            stays,
            reached: 0,
            all: Counts::of(begun.len()),
            won: Counts::of(begun.len()),
            begun,
            winners: BinaryHeap::new(),
            places,
        }
    }

    /// Goes down to an age in days, which is not above the one before.
    pub(super) fn down_to(&mut self, days: f64) {
        while let Some(stay) = self
            .stays
            .get(self.reached)
            .filter(|stay| stay.days >= days)
        {
            let place = self.begun.partition_point(|&at| at < stay.from.millis());
            self.all.add(place, 1);
            if let Some(late) = lateness(stay) {
                self.won.add(place, 1);
                self.winners.push((late, place));
            }
            self.reached += 1;
        }
        while let Some(&(late, place)) = self.winners.peek()
            && late >= age(days)
        {
            self.winners.pop();
            self.won.add(place, -1);
        }
    }

    /// What is known at the age without a deal's own stay.
    pub(super) fn without(&self, deal: DealIx, days: f64) -> Others {
        let latest = self.as_of - age(days) - HORIZON;
        let judged = self.begun.partition_point(|&at| at <= latest);
        let own = self.places.binary_search_by_key(&deal, |(deal, _)| *deal);
        let own = own.ok().map(|at| self.places[at].1);
        let own = own.filter(|place| *place < self.reached);
        let own = own.map(|place| &self.stays[place]);
        let is_whole = |stay: &&Stay| stay.from.millis() <= latest;
        let is_won = |stay: &Stay| lateness(stay).is_some_and(|late| late < age(days));
        let whole = own.filter(is_whole);
        let count = |is: bool| u32::from(is);
        Others {
            reached: super::count(self.reached) - count(own.is_some()),
            whole: self.all.before(judged) - count(whole.is_some()),
            won: self.won.before(judged) - count(whole.is_some_and(is_won)),
        }
    }
}

/// Milliseconds.
fn age(days: f64) -> i64 {
    (days * super::DAY * 1_000.0).round() as i64
}

/// From which age on, in milliseconds, the stay's deal was won within the horizon; none where it was not.
fn lateness(stay: &Stay) -> Option<i64> {
    Some(stay.won_at?.millis() - stay.from.millis() - HORIZON)
}

/// Counts by place, summed up to any place at once (Fenwick 1994, doi:10.1002/spe.4380240306).
struct Counts(Vec<u32>);

impl Counts {
    fn of(places: usize) -> Self {
        Self(vec![0; places + 1])
    }

    fn add(&mut self, place: usize, by: i32) {
        let mut node = place + 1;
        while let Some(sum) = self.0.get_mut(node) {
            *sum = sum.wrapping_add_signed(by);
            node += node & node.wrapping_neg();
        }
    }

    /// The sum over all places before this one.
    fn before(&self, place: usize) -> u32 {
        let (mut node, mut sum) = (place, 0);
        while node > 0 {
            sum += self.0[node];
            node &= node - 1;
        }
        sum
    }
}

#[cfg(test)]
mod tests;
