//! How often an owner's deals were won, as known at a moment.

use std::collections::BTreeMap;

use crm::{Moment, OwnerId};
use timeline::{StageKind, Timeline};

/// The portal's own rate counts as so many deals of every owner: a rep with two wins of two is no sure
/// winner yet.
const PRIOR_DEALS: f64 = 20.0;

/// Endings so far.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    won: f64,
    closed: f64,
}

/// Running sums, each from its moment on.
#[derive(Debug, Default)]
struct Running(Vec<(Moment, Sum)>);

impl Running {
    fn add(&mut self, at: Moment, won: f64, closed: f64) {
        let mut sum = self.0.last().map_or_else(Sum::default, |last| last.1);
        sum.won += won;
        sum.closed += closed;
        self.0.push((at, sum));
    }

    fn until(&self, at: Moment) -> Sum {
        let known = self.0.partition_point(|(from, _)| *from <= at);
        known
            .checked_sub(1)
            .map_or_else(Sum::default, |last| self.0[last].1)
    }
}

/// The records of all owners.
pub(super) struct OwnerRecords {
    owners: BTreeMap<OwnerId, Running>,
    portal: Running,
}

impl OwnerRecords {
    /// Each time a deal is won or lost counts for who owned it then; reopening takes it back.
    pub(super) fn of(timeline: &Timeline) -> Self {
        let mut endings: Vec<(Moment, Option<OwnerId>, f64, f64)> = Vec::new();
        for deal in timeline.deals() {
            let mut counted: Option<(Option<OwnerId>, f64)> = None;
            for spell in timeline.spells(deal) {
                let won = f64::from(u8::from(spell.kind == StageKind::Won));
                if let Some((owner, before)) = counted.take() {
                    endings.push((spell.from, owner, -before, -1.0));
                }
                if spell.kind != StageKind::Open {
                    let state = timeline.as_of(spell.from).deal(deal);
                    let owner = state.and_then(|state| state.owner.value());
                    endings.push((spell.from, owner, won, 1.0));
                    counted = Some((owner, won));
                }
            }
        }
        endings.sort_by_key(|ending| ending.0);
        let mut records = Self {
            owners: BTreeMap::new(),
            portal: Running::default(),
        };
        for (at, owner, won, closed) in endings {
            records.portal.add(at, won, closed);
            if let Some(owner) = owner {
                records
                    .owners
                    .entry(owner)
                    .or_default()
                    .add(at, won, closed);
            }
        }
        records
    }

    /// The share of an owner's closed deals that were won, as known at a moment and drawn to the
    /// portal's share. None before anything was closed.
    pub(super) fn share(&self, owner: Option<OwnerId>, at: Moment) -> Option<f64> {
        let all = self.portal.until(at);
        if all.closed <= 0.0 {
            return None;
        }
        let own = self
            .owners
            .get(&owner?)
            .map_or_else(Sum::default, |of| of.until(at));
        let rate = all.won / all.closed;
        Some((own.won + PRIOR_DEALS * rate) / (own.closed + PRIOR_DEALS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_hold_from_their_moment_on() {
        let at = Moment::from_millis;
        let mut running = Running::default();
        running.add(at(10), 1.0, 1.0);
        running.add(at(20), 0.0, 1.0);
        running.add(at(30), -1.0, -1.0);
        for (moment, won, closed) in [
            (9, 0.0, 0.0),
            (10, 1.0, 1.0),
            (29, 1.0, 2.0),
            (30, 0.0, 1.0),
        ] {
            let sum = running.until(at(moment));
            assert_eq!((sum.won, sum.closed), (won, closed), "at {moment}");
        }
    }
}
