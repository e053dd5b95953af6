//! The way of a deal through its stages, and of its close date through the calendar, both as known
//! at a moment.

use crm::Moment;
use jiff::SignedDuration;
use rust_decimal::Decimal;

use crate::closing::Spell;
use crate::histories::{DealIx, Timeline};
use crate::stage::{StageIx, StageKind};

/// HubSpot may note a deal's first stage some moments after its creation; a longer gap means that
/// the deal had stages before that nobody knows.
const LATE_FIRST_STAGE: SignedDuration = SignedDuration::from_mins(1);

/// How a deal came into a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The first stage that is known of it.
    First,
    /// From an open stage to a later one of the same pipeline, or to winning.
    Forward,
    /// From an open stage to an earlier one of the same pipeline.
    Back,
    /// From open to lost.
    Lost,
    /// From won or lost to open.
    Reopened,
    /// From one closed stage to another.
    WhileClosed,
    /// To an open stage of another pipeline, or to one whose place among the others is not known.
    Aside,
}

/// One stay of a journey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// The stage and its times. One without an end is censored: it lasted when last seen.
    pub spell: Spell,
    /// How the deal came here.
    pub step: Step,
    /// The how-manieth stay in this stage: 2 for the first re-entry.
    pub visit: u32,
    /// The open stages that a step forward left out, in their order.
    pub skipped: Vec<StageIx>,
}

/// All time that a deal spent in one stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageTime {
    /// The stage.
    pub stage: StageIx,
    /// The sum of its stays there.
    pub time: SignedDuration,
    /// How many.
    pub visits: u32,
    /// Whether the last of them had not ended: the time is at least this.
    pub censored: bool,
}

/// A deal's way through its stages, from nothing later than a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journey {
    /// From when on the deal is observed: its creation, or its first known stage where that is later,
    /// as for an imported deal. Whoever asks how long deals live lets it enter the risk set here.
    pub entered_at: Moment,
    /// Whether the deal had a life before that of which nothing is known (left truncation).
    pub truncated: bool,
    /// Until when the deal is observed: the moment asked about, or its deletion where that is earlier.
    pub seen_until: Moment,
    /// Its stays, oldest first.
    pub stays: Vec<Stay>,
}

impl Journey {
    /// How often the deal was opened again.
    #[must_use]
    pub fn reopenings(&self) -> usize {
        self.count(|stay| stay.step == Step::Reopened)
    }

    /// How often it came back into a stage.
    #[must_use]
    pub fn re_entries(&self) -> usize {
        self.count(|stay| stay.visit > 1)
    }

    fn count(&self, which: impl Fn(&Stay) -> bool) -> usize {
        self.stays.iter().filter(|stay| which(stay)).count()
    }

    /// The time in each stage, in the order of the first entries.
    #[must_use]
    pub fn time_in_stages(&self) -> Vec<StageTime> {
        let mut times: Vec<StageTime> = Vec::new();
        for Stay { spell, visit, .. } in &self.stays {
            let time = spell.until.unwrap_or(self.seen_until).since(spell.from);
            let censored = spell.until.is_none();
            match times.iter_mut().find(|known| known.stage == spell.stage) {
                Some(known) => {
                    known.time = known.time.saturating_add(time);
                    known.visits = *visit;
                    known.censored = censored;
                }
                None => times.push(StageTime {
                    stage: spell.stage,
                    time,
                    visits: *visit,
                    censored,
                }),
            }
        }
        times
    }
}

/// How a close date was moved, up to a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Slips {
    /// Moves from one calendar month of the portal to a later one.
    pub pushes: u32,
    /// Every move to a later day, in days of the portal's calendar, oldest first.
    pub later_by: Vec<i32>,
}

impl Slips {
    /// The sum of the moves to later days. Moves back are not taken off.
    #[must_use]
    pub fn days(&self) -> i64 {
        self.later_by.iter().map(|&days| i64::from(days)).sum()
    }

    /// The median move to a later day; none without any.
    #[must_use]
    pub fn median_days(&self) -> Option<f64> {
        let mut days = self.later_by.clone();
        days.sort_unstable();
        let upper = *days.get(days.len() / 2)?;
        let lower = *days.get((days.len() - 1) / 2)?;
        Some(f64::midpoint(f64::from(lower), f64::from(upper)))
    }
}

impl Timeline {
    /// A deal's way up to `t`; none before any stage of it is known. Of a deal that is gone by then,
    /// the way up to its end.
    #[must_use]
    pub fn journey(&self, deal: DealIx, t: Moment) -> Option<Journey> {
        let seen_until = self.gone_at(deal).map_or(t, |gone| gone.min(t));
        let mut stays: Vec<Stay> = Vec::new();
        for mut spell in self.spells(deal).filter(|spell| spell.from <= seen_until) {
            spell.until = spell.until.filter(|&until| until <= seen_until);
            let (step, skipped) = match stays.last() {
                None => (Step::First, Vec::new()),
                Some(before) => self.step(before.spell, spell),
            };
            let earlier = stays.iter().filter(|stay| stay.spell.stage == spell.stage);
            let visit = u32::try_from(earlier.count() + 1).unwrap_or(u32::MAX);
            stays.push(Stay {
                spell,
                step,
                visit,
                skipped,
            });
        }
        let first = stays.first()?.spell.from;
        let created = self.created_at(deal).unwrap_or(first);
        Some(Journey {
            entered_at: created.max(first),
            truncated: self.from_import(deal) || first.since(created) > LATE_FIRST_STAGE,
            seen_until,
            stays,
        })
    }

    fn step(&self, before: Spell, after: Spell) -> (Step, Vec<StageIx>) {
        let (from, to) = (self.stage(before.stage), self.stage(after.stage));
        let step = match (before.kind, after.kind) {
            (StageKind::Open, StageKind::Lost) => Step::Lost,
            (StageKind::Won | StageKind::Lost, StageKind::Open) => Step::Reopened,
            (StageKind::Won | StageKind::Lost, _) => Step::WhileClosed,
            (StageKind::Open, StageKind::Won) => Step::Forward,
            (StageKind::Open, StageKind::Open) if from.pipeline != to.pipeline => Step::Aside,
            (StageKind::Open, StageKind::Open) => match from.order.cmp(&to.order) {
                std::cmp::Ordering::Less => Step::Forward,
                std::cmp::Ordering::Greater => Step::Back,
                std::cmp::Ordering::Equal => Step::Aside,
            },
        };
        if step != Step::Forward || from.pipeline != to.pipeline {
            return (step, Vec::new());
        }
        let between = self.stages_in_order().into_iter().filter(|&ix| {
            let stage = self.stage(ix);
            stage.pipeline == from.pipeline
                && stage.kind == StageKind::Open
                && from.order < stage.order
                && stage.order < to.order
        });
        (step, between.collect())
    }

    /// Everything that a deal's close date was set to, and when, oldest first; none where it was
    /// cleared.
    pub fn close_dates(&self, deal: DealIx) -> impl Iterator<Item = (Moment, Option<Moment>)> + '_ {
        let (at, dates) = self.close_at.versions(deal.index());
        at.iter().copied().zip(dates.iter().copied())
    }

    /// Every amount that a deal had, in the currency of its time, and since when, oldest first; none
    /// where it was cleared.
    pub fn amounts(&self, deal: DealIx) -> impl Iterator<Item = (Moment, Option<Decimal>)> + '_ {
        let (at, amounts) = self.amount.versions(deal.index());
        at.iter().copied().zip(amounts.iter().copied())
    }

    /// When a deal's close date was moved from one calendar month of the portal to a later one, oldest
    /// first. A date that was cleared and set again is compared with the one before.
    #[must_use]
    pub fn pushed_at(&self, deal: DealIx) -> Vec<Moment> {
        let zone = &self.clock().zone;
        let mut before = None;
        let mut pushed = Vec::new();
        for (at, date) in self.close_dates(deal) {
            let Some(month) = date.map(|date| date.date_in(zone).first_of_month()) else {
                continue;
            };
            if before.replace(month).is_some_and(|before| month > before) {
                pushed.push(at);
            }
        }
        pushed
    }

    /// How a deal's close date was moved up to `t`. A date that was cleared and set again is compared
    /// with the one before.
    #[must_use]
    pub fn slips(&self, deal: DealIx, t: Moment) -> Slips {
        let zone = &self.clock().zone;
        let (at, dates) = self.close_at.versions(deal.index());
        let known = &dates[..at.partition_point(|&from| from <= t)];
        let days: Vec<_> = known.iter().flatten().map(|at| at.date_in(zone)).collect();
        let moves = days.windows(2).filter(|pair| pair[1] > pair[0]);
        Slips {
            pushes: self.as_of(t).pushes(deal),
            later_by: moves
                .filter_map(|pair| Some(pair[0].until(pair[1]).ok()?.get_days()))
                .collect(),
        }
    }
}
