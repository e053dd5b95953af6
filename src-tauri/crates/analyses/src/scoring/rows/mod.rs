//! The rows of a score, from timelines: deals seen at set moments while they were open, or contacts while no
//! deal with them was won, as known then.
//!
//! A record is seen at landmarks, so many days after its creation, and each sighting is a row: what was
//! known at that moment, and whether the deal, or one with the contact, was won within the horizon after
//! it. Nothing that was written later is in a row. All rows of a record weigh as much as one, and all rows
//! of a company are one group: they are never parted between learning and judging.

mod beside;
mod columns;
mod contacts;
mod deals;
mod engagement;
mod lagged;
mod lives;
mod owners;
mod sightings;
mod writing;

use crm::{Moment, PipelineId, RecordId};
use jiff::{SignedDuration, ToSpan};
use timeline::Timeline;

use super::{ColumnIx, Scored, ScoringError, Table, WeekBefore};
use crate::forecast::scope::Scope;
pub use beside::{Beside, Contact, ContactOn, Planned, Property, PropertyKind, is_senior};
pub use columns::Measured;
use contacts::Contacts;
use deals::Deals;
use lives::{Ending, Lives, Watched};
pub use sightings::Unfinished;
pub use writing::Writing;

/// Days after its creation at which a record is seen, while it is open. To the first three months those
/// are added that older ones need: a deal of a year is not scored by what deals of a week did.
pub const LANDMARKS: [u32; 11] = [0, 7, 14, 30, 60, 90, 120, 180, 270, 365, 545];

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct RowsQuestion {
    /// Whether deals are seen or contacts.
    pub of: Scored,
    /// Nothing later than this moment is used.
    pub as_of: Moment,
    /// One pipeline, or all: of contacts, only its deals are won with them.
    pub pipeline: Option<PipelineId>,
    /// Days within which it happens or not.
    pub horizon_days: u32,
    /// Days after creation at which a record is seen, ascending.
    pub landmarks: Vec<u32>,
    /// Months before `as_of` from which rows are taken.
    pub window_months: u32,
    /// What becomes of rows whose horizon is not over.
    pub unfinished: Unfinished,
}

impl RowsQuestion {
    /// The usual question: deals, 90 days, the usual landmarks, 24 months, unfinished rows left out.
    #[must_use]
    pub fn at(as_of: Moment) -> Self {
        Self {
            of: Scored::Deals,
            as_of,
            pipeline: None,
            horizon_days: 90,
            landmarks: LANDMARKS.to_vec(),
            window_months: 24,
            unfinished: Unfinished::LeftOut,
        }
    }

    fn horizon(&self) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.horizon_days))
    }

    /// Since when rows are taken.
    #[must_use]
    pub fn window_from(&self, timeline: &Timeline) -> Moment {
        let zone = &timeline.clock().zone;
        let day = self.as_of.date_in(zone);
        let first = day.saturating_sub(i64::from(self.window_months).months());
        Moment::start_of(first, zone)
    }
}

/// Rows to learn from.
#[derive(Debug, Clone)]
pub struct LearningRows {
    /// The rows, with their outcomes, groups and weights.
    pub table: Table,
    /// What each column is.
    pub measured: Vec<Measured>,
    /// Of each row, the deal or the contact.
    pub records: Vec<RecordId>,
    /// Of each row, when it was seen.
    pub seen: Vec<Moment>,
    /// Of each row, when its outcome was known: the end of its horizon.
    pub known: Vec<Moment>,
    /// Which records these are.
    pub population: Population,
    /// By column, when its property was written on records that ended; none where no history is kept, or
    /// where closing itself writes it.
    pub writing: Vec<Option<Writing>>,
    /// By column, what its property held a week before each row; none where no history is kept, and for
    /// what is computed.
    pub week_before: Vec<Option<WeekBefore>>,
}

impl LearningRows {
    /// The column of the stage, or of the lifecycle stage, by which alone a score has to be beaten.
    #[must_use]
    pub fn baseline(&self) -> ColumnIx {
        ColumnIx(0)
    }
}

/// The records behind the rows, and those that were left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Population {
    /// Deals, or contacts, with a row.
    pub records: u32,
    /// Those of them that are won by now: of contacts, those with whom a deal is.
    pub won: Vec<RecordId>,
    /// Those of them that are lost by now: of contacts, those with whom no deal is won, for nobody closes
    /// a contact as lost.
    pub lost: Vec<RecordId>,
    /// Those that ended within two days: entered when all was over.
    pub short: u32,
    /// Those that were over when they arrived.
    pub arrived_closed: u32,
    /// Rows whose outcome is not known yet.
    pub unfinished: u32,
}

impl Population {
    /// Records whose end is known.
    #[must_use]
    pub fn closed(&self) -> usize {
        self.won.len() + self.lost.len()
    }
}

/// Records that are open now, as rows to score.
#[derive(Debug, Clone)]
pub struct OpenRows {
    /// The rows. Their outcomes are not known, and nothing may read them.
    pub table: Table,
    /// Of each row, the deal or the contact.
    pub records: Vec<RecordId>,
    /// Of each row, whether the record is older than nearly all that ended, and nothing was done about
    /// it for 60 days.
    pub asleep: Vec<bool>,
}

/// The rows of records that are known well enough to be learnt from.
///
/// # Errors
/// None that data can bring about: columns are as long as the rows.
pub fn learning(
    timeline: &Timeline,
    beside: &Beside,
    question: &RowsQuestion,
) -> Result<LearningRows, ScoringError> {
    watched(timeline, beside, question, |watched| {
        let lives = Lives::of(watched, beside, question.as_of);
        let seen = sightings::of(&lives, question, question.window_from(timeline));
        let places: Vec<(usize, Moment)> = seen.rows.iter().map(|row| (row.life, row.at)).collect();
        let (columns, measured) = columns::of(&lives, beside, &places);
        let happened = seen.rows.iter().map(|row| row.happened).collect();
        let group = |row: &sightings::Sighting| lives.lives[row.life].group;
        let table = Table::new(columns, happened)?.with_groups(
            seen.rows.iter().map(group).collect(),
            seen.rows.iter().map(|row| row.weight).collect(),
        )?;
        Ok(LearningRows {
            writing: writing::of(beside, &lives, &measured),
            week_before: lagged::of(beside, &lives, &measured, &places),
            population: population(&lives, &seen),
            records: places
                .iter()
                .map(|&(life, _)| lives.lives[life].id)
                .collect(),
            known: places
                .iter()
                .map(|(_, at)| at.plus(question.horizon()))
                .collect(),
            seen: places.into_iter().map(|(_, at)| at).collect(),
            table,
            measured,
        })
    })
}

/// The records that are open at the question's moment, as rows with the same columns.
///
/// # Errors
/// None that data can bring about: columns are as long as the rows.
pub fn open(
    timeline: &Timeline,
    beside: &Beside,
    question: &RowsQuestion,
) -> Result<OpenRows, ScoringError> {
    watched(timeline, beside, question, |watched| {
        let lives = Lives::of(watched, beside, question.as_of);
        let open: Vec<(usize, Moment)> = (0..lives.lives.len())
            .filter(|&life| lives.is_open_at(life, question.as_of))
            .map(|life| (life, question.as_of))
            .collect();
        let (columns, _) = columns::of(&lives, beside, &open);
        let table = Table::new(columns, vec![false; open.len()])?;
        Ok(OpenRows {
            table,
            asleep: open
                .iter()
                .map(|&(life, at)| lives.is_asleep(life, at))
                .collect(),
            records: open.iter().map(|&(life, _)| lives.lives[life].id).collect(),
        })
    })
}

/// Asks about those that the question is about.
fn watched<T>(
    timeline: &Timeline,
    beside: &Beside,
    question: &RowsQuestion,
    ask: impl FnOnce(&dyn Watched) -> T,
) -> T {
    let scope = Scope {
        timeline,
        as_of: question.as_of,
        pipeline: question.pipeline.as_ref(),
        owners: None,
        within: None,
    };
    match question.of {
        Scored::Deals => ask(&Deals::of(scope, beside)),
        Scored::Contacts => ask(&Contacts::of(scope, beside)),
    }
}

fn population(lives: &Lives<'_>, seen: &sightings::Sightings) -> Population {
    let mut with_rows: Vec<usize> = seen.rows.iter().map(|row| row.life).collect();
    with_rows.dedup();
    let ended = |how: &dyn Fn(Ending) -> bool| {
        let ended = with_rows.iter().map(|&life| &lives.lives[life]);
        let ended = ended.filter(|life| how(life.ending));
        ended.map(|life| life.id).collect()
    };
    Population {
        records: with_rows.len() as u32,
        won: ended(&|ending| ending == Ending::Won),
        lost: ended(&|ending| lives.watched.is_lost(ending)),
        short: lives.short,
        arrived_closed: lives.arrived_closed,
        unfinished: seen.unfinished,
    }
}
