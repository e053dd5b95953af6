//! How rows lie in time, and which of them a contest judges.

use super::ScoringError;
use super::folds::{Fold, grouped, rolling};
use super::table::Table;
use stats::Stream;

/// Folds that are drawn where rows have no time, and inside every contender.
const FOLDS: usize = 5;
/// Blocks of rows that are judged one after the other where they have.
const BLOCKS: usize = 5;
/// The share of rows, the oldest, that are only learnt from.
const OLDEST: f64 = 0.4;
/// Rows that a fold learns from, at least.
const LEAST_LEARNT: usize = 50;
/// Of each outcome.
const LEAST_OF_EACH: usize = 5;

/// How rows lie in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// They have no time: folds are drawn by group.
    Drawn,
    /// Moments of one clock, in whatever unit, by row: rows are judged by what was known before them.
    Forward {
        /// When the row was seen.
        seen: Vec<i64>,
        /// When its outcome was known.
        known: Vec<i64>,
    },
}

impl Order {
    /// Nothing, if there are as many moments as rows.
    pub(super) fn fits(&self, rows: usize) -> Result<(), ScoringError> {
        let Self::Forward { seen, known } = self else {
            return Ok(());
        };
        for (column, there) in [("when seen", seen.len()), ("when known", known.len())] {
            if there != rows {
                return Err(ScoringError::Uneven {
                    column: column.to_owned(),
                    there,
                    rows,
                });
            }
        }
        Ok(())
    }

    /// Whether rows have times.
    #[must_use]
    pub fn is_forward(&self) -> bool {
        matches!(self, Self::Forward { .. })
    }

    /// The folds of a contest: those that have something to learn from.
    #[must_use]
    pub fn folds(&self, table: &Table, seed: u64) -> Vec<Fold> {
        let folds = match self {
            Self::Drawn => {
                let rows: Vec<usize> = (0..table.rows()).collect();
                drawn(table, &rows, seed, 1)
            }
            Self::Forward { seen, known } => rolling(seen, known, table.groups(), &origins(seen)),
        };
        let is_enough = |fold: &Fold| {
            let happened = table.outcomes(&fold.learnt);
            let won = happened.iter().filter(|happened| **happened).count();
            let lost = happened.len() - won;
            !fold.judged.is_empty()
                && happened.len() >= LEAST_LEARNT
                && won.min(lost) >= LEAST_OF_EACH
        };
        folds.into_iter().filter(is_enough).collect()
    }
}

/// Folds by group over some rows.
pub(super) fn drawn(table: &Table, rows: &[usize], seed: u64, number: u64) -> Vec<Fold> {
    const PURPOSE: u32 = 33;
    grouped(rows, table.groups(), table.happened(), FOLDS, |group| {
        Stream::new(seed, PURPOSE, number << 32 | u64::from(group))
            .index(u32::MAX)
            .into()
    })
}

/// Folds by group for what a contender chooses by itself: fewer of them are judged where each has deals
/// enough to choose by.
#[must_use]
pub fn inner(table: &Table, rows: &[usize], seed: u64) -> Vec<Fold> {
    let mut folds = drawn(table, rows, seed, 2);
    folds.truncate(match table.weight(rows) as usize {
        0..3_000 => FOLDS,
        3_000..6_000 => 2,
        _ => 1,
    });
    folds
}

/// Where blocks of about as many rows begin, after the oldest, and where the last one ends.
fn origins(seen: &[i64]) -> Vec<i64> {
    let mut sorted = seen.to_vec();
    sorted.sort_unstable();
    let at = |block: usize| {
        let share = OLDEST + (1.0 - OLDEST) * block as f64 / BLOCKS as f64;
        let place = (share * sorted.len() as f64) as usize;
        match sorted.get(place) {
            Some(moment) => Some(*moment),
            None => sorted.last().map(|last| last.saturating_add(1)),
        }
    };
    let mut origins: Vec<i64> = (0..=BLOCKS).filter_map(at).collect();
    origins.dedup();
    origins
}
