//! Shares that end with the event by a horizon, over a part of a cohort.

use stats::{Ending, Error, Incidence, Lifetimes, Rate, RiskSets};

use super::cohort::{Cohort, Subject};

/// The level of all intervals.
pub(crate) const LEVEL: f64 = 0.95;

/// What to make of open deals that are older than nearly all, and asleep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zombies {
    /// They were last known alive at their last activity.
    Censored,
    /// They are lost.
    Lost,
}

/// The curve over some subjects with their shares.
pub(crate) fn incidence(
    cohort: &Cohort,
    members: &[(usize, f64)],
    zombies: Zombies,
) -> Result<Incidence, Error> {
    let (risk_sets, weights) = risk_sets(cohort, members, zombies)?;
    if weights.iter().all(|&weight| weight >= 1.0) {
        return Ok(risk_sets.incidence());
    }
    risk_sets.weighted_incidence(&weights)
}

/// Their risk sets, and their shares in the same order.
pub(crate) fn risk_sets(
    cohort: &Cohort,
    members: &[(usize, f64)],
    zombies: Zombies,
) -> Result<(RiskSets, Vec<f64>), Error> {
    let (mut entry, mut exit, mut ending, mut weights) = (vec![], vec![], vec![], vec![]);
    for (subject, share) in subjects(cohort, members) {
        let lost = zombies == Zombies::Lost && subject.zombie.is_some();
        entry.push(subject.entry);
        exit.push(subject.zombie.filter(|_| lost).unwrap_or(subject.exit));
        ending.push(if lost {
            Ending::Competing
        } else {
            subject.ending
        });
        weights.push(share);
    }
    let lifetimes = Lifetimes {
        entry: Some(&entry),
        exit: &exit,
        ending: &ending,
    };
    Ok((RiskSets::of(&lifetimes)?, weights))
}

pub(crate) fn subjects<'a>(
    cohort: &'a Cohort,
    members: &'a [(usize, f64)],
) -> impl Iterator<Item = (&'a Subject, f64)> {
    let subject = |&(place, share): &(usize, f64)| Some((cohort.subjects.get(place)?, share));
    members.iter().filter_map(subject)
}

/// Cases that would give a rate's precision, with fewer of them where companies have several: what a
/// shrunk rate is made from, as (that happened, in all).
pub(crate) fn effective(rate: Option<Rate>, design_effect: f64) -> (f64, f64) {
    rate.map_or((0.0, 0.0), |rate| {
        let n = (rate.n_effective / design_effect).max(0.0);
        ((rate.value * n).clamp(0.0, n), n)
    })
}
