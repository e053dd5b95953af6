//! The records as lives: since when each was watched, and how it ended.

use std::collections::BTreeMap;

use crm::{Moment, RecordId};
use jiff::SignedDuration;
use stats::quantile;
use timeline::Activity;

use super::beside::Beside;
use super::columns::Measured;

/// The least of a life: what closed sooner was entered when all was over (Einstein asks for 2 days,
/// Gong for 3).
pub(super) const SHORTEST: SignedDuration = SignedDuration::from_hours(48);
/// Without activity for so long, a record older than nearly all is asleep.
const ASLEEP_AFTER: SignedDuration = SignedDuration::from_hours(60 * 24);
/// Ended lives below which nobody can say what old is.
const ENDED_FOR_OLD: usize = 20;

/// How a life ended, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// It did not.
    Open,
    /// Won: the deal, or a deal with the contact.
    Won,
    /// Lost.
    Lost,
    /// Deleted while open: nobody knows what would have become of it.
    Gone,
}

/// A deal or a contact.
pub(super) struct Life {
    /// Its place among those that are watched.
    pub(super) place: usize,
    pub(super) id: RecordId,
    /// Its company, else itself.
    pub(super) group: u32,
    /// When it was created: landmarks count from here.
    pub(super) born: Moment,
    /// Since when its fate is on record.
    pub(super) from: Moment,
    /// Until when: its ending, its deletion, or the moment of the question.
    pub(super) until: Moment,
    pub(super) ending: Ending,
}

/// The lives that count, and how many were left out.
#[derive(Default)]
pub(super) struct Found {
    pub(super) lives: Vec<Life>,
    /// Those that ended within two days.
    pub(super) short: u32,
    /// Those that were over when they arrived.
    pub(super) arrived_closed: u32,
}

/// What differs between deals and contacts: who is watched, while what could still happen to them, and what
/// is known of them at a moment.
pub(super) trait Watched {
    /// Those that count, by id, as knowable at the question's moment; their groups are not told apart
    /// yet.
    fn lives(&self) -> Found;

    /// Whether it is there at a moment, and what is asked about has neither happened nor been ruled out.
    fn is_open_at(&self, life: &Life, at: Moment) -> bool;

    /// What was known at a moment to have happened around it, in the order in which it became known.
    fn activities<'a>(&'a self, life: &Life, at: Moment)
    -> Box<dyn Iterator<Item = Activity> + 'a>;

    /// The column whose rate alone a score has to beat, and the names of its categories.
    fn baseline(&self) -> (Measured, Vec<String>);

    /// The numbers that [`Watched::known`] gives, in its order.
    fn measured(&self) -> Vec<Measured>;

    /// The baseline's category and the numbers at a moment.
    fn known(&self, life: &Life, at: Moment) -> (Option<u32>, Vec<f64>);

    /// When the amount behind some of the numbers was written. Nothing where there is none.
    fn amounts_written(&self, _life: &Life) -> Vec<Moment> {
        Vec::new()
    }

    /// Whether an ending speaks against what is asked about: nobody closes a contact as lost, so of those
    /// all that are not won count.
    fn is_lost(&self, ending: Ending) -> bool;
}

/// The lives of a question.
pub(super) struct Lives<'a> {
    pub(super) watched: &'a dyn Watched,
    pub(super) as_of: Moment,
    pub(super) lives: Vec<Life>,
    pub(super) short: u32,
    pub(super) arrived_closed: u32,
    /// The age by which 95 of 100 that ended had ended.
    old: Option<f64>,
}

impl<'a> Lives<'a> {
    pub(super) fn of(watched: &'a dyn Watched, beside: &Beside, as_of: Moment) -> Self {
        let Found {
            mut lives,
            short,
            arrived_closed,
        } = watched.lives();
        let mut groups: BTreeMap<u64, u32> = BTreeMap::new();
        for life in &mut lives {
            // Companies and records of another type may share a number: the others' are put behind.
            let company = beside.companies.get(&life.id).map(|id| id.get() << 1);
            let next = groups.len() as u32;
            let belongs = company.unwrap_or(life.id.get() << 1 | 1);
            life.group = *groups.entry(belongs).or_insert(next);
        }
        Self {
            watched,
            as_of,
            old: old_age(&lives),
            lives,
            short,
            arrived_closed,
        }
    }

    /// Whether a record is there at a moment, and nothing is decided yet.
    pub(super) fn is_open_at(&self, life: usize, at: Moment) -> bool {
        self.watched.is_open_at(&self.lives[life], at)
    }

    /// Whether a record is older than nearly all that ended, and nothing was done about it for long.
    pub(super) fn is_asleep(&self, life: usize, at: Moment) -> bool {
        let life = &self.lives[life];
        let is_old = self
            .old
            .is_some_and(|old| at.since(life.born).as_secs_f64() > old);
        let last = || self.watched.activities(life, at).last();
        is_old && at.since(last().map_or(life.born, |done| done.known_at)) > ASLEEP_AFTER
    }
}

fn old_age(lives: &[Life]) -> Option<f64> {
    let ended = lives.iter();
    let ended = ended.filter(|life| matches!(life.ending, Ending::Won | Ending::Lost));
    let mut ages: Vec<f64> = ended
        .map(|life| life.until.since(life.born).as_secs_f64())
        .collect();
    ages.sort_by(f64::total_cmp);
    quantile(&ages, 0.95).filter(|_| ages.len() >= ENDED_FOR_OLD)
}
