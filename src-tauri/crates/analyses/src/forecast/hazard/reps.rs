//! By how much reps win more or less than their deals let expect.

use std::collections::BTreeMap;

use crm::{Moment, OwnerId};
use jiff::tz::TimeZone;
use timeline::DealIx;

use super::features::{WeekFacts, weeks_after};
use super::sightings::Sighting;
use super::{Fitted, followed};

/// Fewer reps tell nothing of how much reps differ.
const FEWEST: usize = 3;

/// A shift of the log odds of winning for every rep; none for a rep who is not known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reps(BTreeMap<OwnerId, f64>);

impl Reps {
    pub(super) fn none() -> Self {
        Self::default()
    }

    /// Wins over those expected, drawn to 1 by how much of that chance alone would leave: the
    /// variance between reps over it and the rep's own, which takes a deal as one cluster, however
    /// often it was seen.
    pub(super) fn of(fitted: &Fitted, used: &[&Sighting], at: Moment, zone: &TimeZone) -> Self {
        let mut deals: BTreeMap<(OwnerId, DealIx), (f64, f64)> = BTreeMap::new();
        let mut calendar: (Option<Moment>, Vec<WeekFacts>) = (None, Vec::new());
        for sighting in used {
            let seen = &sighting.seen;
            let (weeks, ending) = followed(sighting, at, fitted.reach);
            let Some(owner) = seen.owner.filter(|_| weeks > 0) else {
                continue;
            };
            if calendar.0 != Some(seen.at) {
                calendar = (Some(seen.at), weeks_after(seen.at, fitted.reach, zone));
            }
            let (won, expected) = deals.entry((owner, seen.deal)).or_default();
            *won += f64::from(u8::from(ending == 1));
            *expected += fitted.expected(seen, weeks, &calendar.1);
        }
        let mut sums: BTreeMap<OwnerId, (f64, f64, f64)> = BTreeMap::new();
        for ((owner, _), (won, expected)) in &deals {
            let (all_won, all_expected, variance) = sums.entry(*owner).or_default();
            *all_won += won;
            *all_expected += expected;
            *variance += (won - expected).powi(2);
        }
        sums.retain(|_, (_, expected, _)| *expected > 0.0);
        if sums.len() < FEWEST {
            return Self::none();
        }
        let squares: f64 = sums
            .values()
            .map(|(_, expected, _)| expected * expected)
            .sum();
        let beyond: f64 = sums
            .values()
            .map(|(won, expected, variance)| (won - expected).powi(2) - variance)
            .sum();
        let between = beyond / squares;
        if between.is_nan() || between <= 1e-6 {
            return Self::none();
        }
        let shift = |(won, expected, variance): &(f64, f64, f64)| {
            let trust = between / (between + variance / (expected * expected));
            (1.0 + trust * (won / expected - 1.0)).max(0.1).ln()
        };
        Self(sums.iter().map(|(rep, sums)| (*rep, shift(sums))).collect())
    }

    pub(super) fn shift(&self, owner: Option<OwnerId>) -> f64 {
        owner
            .and_then(|owner| self.0.get(&owner))
            .copied()
            .unwrap_or(0.0)
    }
}
