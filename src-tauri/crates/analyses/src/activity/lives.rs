//! The deals as lives: when each was watched, how it ended, and what happened around it when.

use std::collections::BTreeMap;

use crm::{Moment, RecordId};
use timeline::{DealIx, DealState, Direction, StageIx, StageKind, Timeline};

use super::measure::Measure;
use super::{ActivityQuestion, DAY};
use crate::forecast::scope::Scope;

/// How a life ended, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// It did not.
    Open,
    /// Won.
    Won,
    /// Lost.
    Lost,
}

impl Ending {
    /// The number of the ending in a hazard.
    pub(super) fn number(self) -> u8 {
        match self {
            Self::Open => 0,
            Self::Won => 1,
            Self::Lost => 2,
        }
    }
}

/// A deal, in seconds since 1970.
pub(super) struct Life {
    pub(super) deal: DealIx,
    pub(super) id: RecordId,
    /// Since when it exists: ages count from here.
    pub(super) born: i64,
    /// Since when its fate is on record.
    pub(super) from: i64,
    /// Until when: its ending, its deletion, or the moment of the report.
    pub(super) until: i64,
    pub(super) ending: Ending,
    /// What it belongs to: its company, else itself.
    pub(super) cluster: u32,
    /// Where its activities that count are among those of all lives.
    activities: std::ops::Range<u32>,
}

impl Life {
    /// Days on record.
    pub(super) fn days(&self) -> f64 {
        (self.until - self.from).max(0) as f64 / DAY as f64
    }
}

/// The mark of a measure's activities.
fn mark(measure: Measure) -> u16 {
    let place = Measure::ALL.iter().position(|&of| of == measure);
    place.map_or(0, |place| 1 << place)
}

/// The deals of a report, and which were left out.
pub(super) struct Lives<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) as_of: i64,
    pub(super) lives: Vec<Life>,
    /// Closed within two days: entered when all was over.
    pub(super) short: u32,
    /// Arrived already closed.
    pub(super) arrived_closed: u32,
    /// Activities that a program or a bulk action made.
    pub(super) automatic: u32,
    /// Activities that were logged more than a day after they happened.
    pub(super) logged_late: u32,
    /// Activities that count.
    pub(super) activities: u32,
    /// When each of them became known, life by life, oldest first.
    known_at: Vec<u32>,
    /// Which measures count it, as marks.
    marks: Vec<u16>,
}

pub(super) fn seconds(at: Moment) -> i64 {
    at.millis().div_euclid(1000)
}

/// The least days of a life (Einstein asks for 2, Gong for 3).
const LEAST_DAYS: i64 = 2;

impl<'a> Lives<'a> {
    pub(super) fn of(timeline: &'a Timeline, question: &ActivityQuestion) -> Self {
        let scope = Scope {
            timeline,
            as_of: question.as_of,
            pipeline: question.pipeline.as_ref(),
            owners: None,
            within: None,
        };
        let mut lives = Self {
            timeline,
            as_of: seconds(question.as_of),
            lives: Vec::new(),
            short: 0,
            arrived_closed: 0,
            automatic: 0,
            logged_late: 0,
            activities: 0,
            known_at: Vec::new(),
            marks: Vec::new(),
        };
        let mut clusters: BTreeMap<u64, u32> = BTreeMap::new();
        for deal in timeline.deals() {
            let Some(mut life) = lives.life(deal, &scope) else {
                continue;
            };
            // Companies and deals may share a number: those of deals are put behind.
            let company = question.companies.get(&life.id).map(|id| id.get() << 1);
            let next = clusters.len() as u32;
            let belongs = company.unwrap_or(life.id.get() << 1 | 1);
            life.cluster = *clusters.entry(belongs).or_insert(next);
            lives.lives.push(life);
        }
        lives
    }

    fn life(&mut self, deal: DealIx, scope: &Scope<'_>) -> Option<Life> {
        let timeline = self.timeline;
        let as_of = scope.as_of;
        let first = timeline.spells(deal).next().filter(|s| s.from <= as_of)?;
        let closing = timeline.closing(deal, as_of);
        let stage = closing.map_or(first.stage, |closing| closing.stage);
        let now = scope.snapshot().deal(deal).and_then(|s| s.stage.value());
        if !scope.holds_stage(now.unwrap_or(stage)) {
            return None;
        }
        if closing.is_some_and(|closing| closing.on_arrival) {
            self.arrived_closed += 1;
            return None;
        }
        let from = seconds(first.from);
        let created = timeline.created_at(deal).map_or(from, seconds);
        let gone = timeline.gone_at(deal).filter(|&gone| gone <= as_of);
        let (until, ending) = match closing.filter(|c| gone.is_none_or(|g| c.entered_at <= g)) {
            Some(closing) if closing.kind == StageKind::Won => (closing.entered_at, Ending::Won),
            Some(closing) => (closing.entered_at, Ending::Lost),
            None => (gone.unwrap_or(as_of), Ending::Open),
        };
        let until = seconds(until);
        if ending != Ending::Open && until - from < LEAST_DAYS * DAY {
            self.short += 1;
            return None;
        }
        let mut life = Life {
            deal,
            id: timeline.id(deal),
            born: created.min(from),
            from,
            until,
            ending,
            cluster: 0,
            activities: 0..0,
        };
        self.take_activities(&mut life, as_of);
        Some(life)
    }

    fn take_activities(&mut self, life: &mut Life, as_of: Moment) {
        let mut sent = false;
        let first = self.known_at.len() as u32;
        for activity in self.timeline.activities_until(life.deal, as_of) {
            if activity.automatic == Some(true) {
                self.automatic += 1;
                continue;
            }
            let known = seconds(activity.known_at);
            let Ok(at) = u32::try_from(known) else {
                continue;
            };
            let counting = Measure::ALL
                .into_iter()
                .filter(|measure| measure.counts(&activity, sent));
            let marks = counting.fold(0, |marks, measure| marks | mark(measure));
            self.known_at.push(at);
            self.marks.push(marks);
            self.activities += 1;
            self.logged_late += u32::from(known - seconds(activity.happened_at) > DAY);
            sent |= Measure::EmailsSent.counts(&activity, sent)
                && activity.direction == Some(Direction::Out);
        }
        life.activities = first..self.known_at.len() as u32;
    }

    /// The places of a life's activities known after `from`, up to and with `until`.
    fn between(&self, life: &Life, from: i64, until: i64) -> std::ops::Range<usize> {
        let (first, end) = (life.activities.start as usize, life.activities.end as usize);
        let times = &self.known_at[first..end];
        let up_to = |limit: i64| first + times.partition_point(|&at| i64::from(at) <= limit);
        let from = up_to(from);
        from..up_to(until).max(from)
    }

    /// Activities of a measure known after `from`, up to and with `until`.
    pub(super) fn count(&self, life: &Life, measure: Measure, from: i64, until: i64) -> u32 {
        let mark = mark(measure);
        let marks = &self.marks[self.between(life, from, until)];
        marks.iter().filter(|&&marks| marks & mark != 0).count() as u32
    }

    /// Activities of any kind.
    pub(super) fn count_all(&self, life: &Life, from: i64, until: i64) -> u32 {
        self.between(life, from, until).len() as u32
    }

    /// What is not of the measure; openings are of e-mails that count already.
    pub(super) fn count_others(&self, life: &Life, measure: Measure, from: i64, until: i64) -> u32 {
        let own = self.count(life, measure, from, until);
        self.count_all(life, from, until).saturating_sub(own)
    }

    /// The state of a life's deal at a moment, while it was open.
    pub(super) fn open_at(&self, life: &Life, at: i64) -> Option<(StageIx, DealState)> {
        let state = self
            .timeline
            .as_of(Moment::from_millis(at * 1000 + 999))
            .deal(life.deal)?;
        (state.kind == Some(StageKind::Open)).then_some((state.stage.value()?, state))
    }
}
