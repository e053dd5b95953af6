//! The deals as lives: since when each was watched, and how it ended.

use std::collections::BTreeMap;

use crm::{Moment, RecordId};
use jiff::SignedDuration;
use stats::quantile;
use timeline::{DealIx, Gone, StageKind, Timeline};

use super::beside::Beside;
use crate::forecast::scope::Scope;

/// The least of a life: what closed sooner was entered when all was over (Einstein asks for 2 days,
/// Gong for 3).
const SHORTEST: SignedDuration = SignedDuration::from_hours(48);
/// Without activity for so long, a deal older than nearly all is asleep.
const ASLEEP_AFTER: SignedDuration = SignedDuration::from_hours(60 * 24);
/// Closed deals below which nobody can say what old is.
const CLOSED_FOR_OLD: usize = 20;

/// How a life ended, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// It did not.
    Open,
    /// Won.
    Won,
    /// Lost.
    Lost,
    /// Deleted while open: nobody knows what would have become of it.
    Gone,
}

/// A deal.
pub(super) struct Life {
    pub(super) deal: DealIx,
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

/// The deals of a question.
pub(super) struct Lives<'a> {
    timeline: &'a Timeline,
    pub(super) as_of: Moment,
    pub(super) lives: Vec<Life>,
    pub(super) short: u32,
    pub(super) arrived_closed: u32,
    /// The age by which 95 of 100 closed deals had closed.
    old: Option<f64>,
}

impl<'a> Lives<'a> {
    pub(super) fn of(timeline: &'a Timeline, beside: &Beside, scope: &Scope<'_>) -> Self {
        let mut lives = Self {
            timeline,
            as_of: scope.as_of,
            lives: Vec::new(),
            short: 0,
            arrived_closed: 0,
            old: None,
        };
        let mut groups: BTreeMap<u64, u32> = BTreeMap::new();
        for deal in timeline.deals() {
            let Some(mut life) = lives.life(deal, scope) else {
                continue;
            };
            // Companies and deals may share a number: those of deals are put behind.
            let company = beside.companies.get(&life.id).map(|id| id.get() << 1);
            let next = groups.len() as u32;
            let belongs = company.unwrap_or(life.id.get() << 1 | 1);
            life.group = *groups.entry(belongs).or_insert(next);
            lives.lives.push(life);
        }
        lives.old = lives.old_age();
        lives
    }

    fn life(&mut self, deal: DealIx, scope: &Scope<'_>) -> Option<Life> {
        let (timeline, as_of) = (self.timeline, self.as_of);
        let buried = timeline.tombstone(deal).filter(|buried| buried.at <= as_of);
        // What was merged goes on under another id, and must not count twice.
        if buried.is_some_and(|buried| matches!(buried.why, Gone::Merged(_))) {
            return None;
        }
        let first = timeline.spells(deal).next().filter(|s| s.from <= as_of)?;
        let last = timeline
            .spells(deal)
            .take_while(|s| s.from <= as_of)
            .last()?;
        if !scope.holds_stage(last.stage) {
            return None;
        }
        let closing = timeline.closing(deal, as_of);
        if closing.is_some_and(|closing| closing.on_arrival) {
            self.arrived_closed += 1;
            return None;
        }
        let gone = buried.map(|buried| buried.at);
        let closing = closing.filter(|closing| gone.is_none_or(|at| closing.entered_at <= at));
        let (until, ending) = match (closing, gone) {
            (Some(closing), _) if closing.kind == StageKind::Won => {
                (closing.entered_at, Ending::Won)
            }
            (Some(closing), _) => (closing.entered_at, Ending::Lost),
            (None, Some(gone)) => (gone, Ending::Gone),
            (None, None) => (as_of, Ending::Open),
        };
        if closing.is_some() && until.since(first.from) < SHORTEST {
            self.short += 1;
            return None;
        }
        let created = timeline.created_at(deal).unwrap_or(first.from);
        Some(Life {
            deal,
            id: timeline.id(deal),
            group: 0,
            born: created.min(first.from),
            from: first.from,
            until,
            ending,
        })
    }

    /// Whether a deal is there and open at a moment.
    pub(super) fn is_open_at(&self, life: usize, at: Moment) -> bool {
        let state = self.timeline.as_of(at).deal(self.lives[life].deal);
        state.is_some_and(|state| {
            state.kind == Some(StageKind::Open) && state.stage.value().is_some()
        })
    }

    /// Whether a deal is older than nearly all that closed, and nothing was done about it for long.
    pub(super) fn is_asleep(&self, life: usize, at: Moment) -> bool {
        let life = &self.lives[life];
        let is_old = self
            .old
            .is_some_and(|old| at.since(life.born).as_secs_f64() > old);
        let last = self.timeline.activities_until(life.deal, at).last();
        let last = last.map_or(life.born, |activity| activity.known_at);
        is_old && at.since(last) > ASLEEP_AFTER
    }

    fn old_age(&self) -> Option<f64> {
        let closed = self.lives.iter();
        let closed = closed.filter(|life| matches!(life.ending, Ending::Won | Ending::Lost));
        let mut ages: Vec<f64> = closed
            .map(|life| life.until.since(life.born).as_secs_f64())
            .collect();
        ages.sort_by(f64::total_cmp);
        quantile(&ages, 0.95).filter(|_| ages.len() >= CLOSED_FOR_OLD)
    }
}
