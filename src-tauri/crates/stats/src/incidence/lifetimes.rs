//! Lifetimes in columns, put in order once: who is at risk when.

use std::sync::Arc;

use super::curve::{Incidence, Step};
use super::walk::Walk;
use crate::error::{Error, at_least_zero, same_rows};

/// How a lifetime ended, from the point of view of the one event that is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It did not, as far as it was followed: censored.
    Open,
    /// With the event of interest, such as won.
    Event,
    /// With another event, after which the one of interest cannot come, such as lost.
    Competing,
}

/// Lifetimes, one a row; all times since each one's own time zero, in any one unit.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes<'a> {
    /// Since when each was watched: its age on the day it was imported, for one whose earlier
    /// companions are gone without a trace (left truncation). None: all from the start.
    pub entry: Option<&'a [f64]>,
    /// Its age at its ending, or when last seen.
    pub exit: &'a [f64],
    /// How it ended.
    pub ending: &'a [Ending],
}

/// Lifetimes in the order of their ends. Made once; each curve over them then takes one pass.
#[derive(Debug, Clone)]
pub struct RiskSets(Arc<Ordered>);

#[derive(Debug)]
struct Ordered {
    rows: usize,
    never_at_risk: usize,
    /// By exit; among equals in the order of the rows.
    exits: Vec<(f64, Ending, u32)>,
    /// By entry; who was there from the start entered at minus infinity.
    entries: Vec<(f64, u32)>,
    /// How many of the first exits ended with an event of either kind.
    endings: Vec<u32>,
}

impl RiskSets {
    /// Puts lifetimes in order, in O(n log n).
    ///
    /// A row is at risk after its entry up to and with its exit. Who entered at 0 or before was
    /// there from the start, and at risk at time 0 too: a deal won on the day of its creation has a
    /// lifetime of 0 and counts among all. A row that entered later and left at that same moment
    /// was never watched; such rows are left out and counted.
    ///
    /// # Errors
    /// When columns differ in length, a time is not finite, an exit is negative or before its entry,
    /// or there are more than 2^32 - 1 rows.
    pub fn of(lifetimes: &Lifetimes<'_>) -> Result<Self, Error> {
        let rows = lifetimes.exit.len();
        same_rows(rows, lifetimes.ending.len())?;
        if let Some(entry) = lifetimes.entry {
            same_rows(rows, entry.len())?;
        }
        u32::try_from(rows).map_err(|_| Error::Range("the number of rows"))?;
        let (mut exits, mut entries) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        for (row, (&exit, &ending)) in (0_u32..).zip(lifetimes.exit.iter().zip(lifetimes.ending)) {
            at_least_zero(exit, "an exit")?;
            let entry = lifetimes.entry.map_or(0.0, |entry| entry[row as usize]);
            if entry.is_nan() || entry > exit {
                return Err(Error::Range("an entry"));
            }
            let from_start = entry <= 0.0;
            if from_start || entry < exit {
                exits.push((exit, ending, row));
                entries.push((if from_start { f64::NEG_INFINITY } else { entry }, row));
            }
        }
        exits.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
        entries.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let endings = exits.iter().scan(0_u32, |count, exit| {
            *count += u32::from(exit.1 != Ending::Open);
            Some(*count)
        });
        Ok(Self(Arc::new(Ordered {
            rows,
            never_at_risk: rows - exits.len(),
            endings: std::iter::once(0).chain(endings).collect(),
            exits,
            entries,
        })))
    }

    /// The cumulative incidence with every row counting once.
    #[must_use]
    pub fn incidence(&self) -> Incidence {
        Incidence::new(self.clone(), self.steps(|_| 1.0))
    }

    /// The same with rows that count as often as `weights` says, in the order of the rows given:
    /// one draw of a bootstrap, or shares of a contact with several deals. Variances take a weight
    /// for a number of cases.
    ///
    /// # Errors
    /// When there are not as many weights as rows, or one is negative or not finite.
    pub fn weighted_incidence(&self, weights: &[f64]) -> Result<Incidence, Error> {
        same_rows(self.0.rows, weights.len())?;
        for &weight in weights {
            at_least_zero(weight, "a weight")?;
        }
        let steps = self.steps(|row| weights[row as usize]);
        Ok(Incidence::new(self.clone(), steps))
    }

    /// The event's share by a moment under weights, and when half of that was reached: what
    /// [`RiskSets::weighted_incidence`] says of both, without the rest of the curve. For the many draws
    /// of a bootstrap.
    ///
    /// # Errors
    /// As [`RiskSets::weighted_incidence`].
    pub fn weighted_event(&self, weights: &[f64], by: f64) -> Result<(f64, Option<f64>), Error> {
        same_rows(self.0.rows, weights.len())?;
        for &weight in weights {
            at_least_zero(weight, "a weight")?;
        }
        let mut path: Vec<(f64, f64)> = Vec::new();
        let (mut survival, mut incidence) = (1.0_f64, 0.0);
        self.each(
            |row| weights[row as usize],
            by,
            |time, at_risk, events, competing| {
                let ended = events + competing;
                incidence += survival * events / at_risk;
                survival *= ((at_risk - ended) / at_risk).max(0.0);
                path.push((time, incidence));
            },
        );
        let half = path.partition_point(|step| step.1 < 0.5 * incidence - 1e-12);
        let half = path.get(half).filter(|_| incidence > 0.0);
        Ok((incidence, half.map(|step| step.0)))
    }

    /// Rows that were left out because they were never watched.
    #[must_use]
    pub fn never_at_risk(&self) -> usize {
        self.0.never_at_risk
    }

    /// The last moment at which anyone was watched. Nothing is known beyond. None without rows.
    #[must_use]
    pub fn followed_to(&self) -> Option<f64> {
        self.0.exits.last().map(|exit| exit.0)
    }

    /// Rows that entered before `time`, or were there from the start.
    pub(super) fn entered(&self, time: f64) -> u32 {
        self.0.entries.partition_point(|entry| entry.0 < time) as u32
    }

    /// Rows that left before `time`.
    pub(super) fn left_before(&self, time: f64) -> u32 {
        self.0.exits.partition_point(|exit| exit.0 < time) as u32
    }

    /// Rows that ended after `from` up to and with `to`, by either event.
    pub(super) fn ended(&self, from: f64, to: f64) -> u32 {
        let endings =
            |time: f64| self.0.endings[self.0.exits.partition_point(|exit| exit.0 <= time)];
        endings(to).saturating_sub(endings(from))
    }

    fn steps(&self, weight: impl Fn(u32) -> f64) -> Vec<Step> {
        let mut walk = Walk::default();
        let mut steps = Vec::new();
        self.each(weight, f64::INFINITY, |time, at_risk, events, competing| {
            walk.step(at_risk, events, competing);
            steps.push(walk.as_step(time, at_risk, events, competing));
        });
        steps
    }

    /// Hands over each moment up to `by` at which anything ended: its time, the weight at risk, and that
    /// of either ending.
    fn each(&self, weight: impl Fn(u32) -> f64, by: f64, mut take: impl FnMut(f64, f64, f64, f64)) {
        let (exits, entries) = (&self.0.exits, &self.0.entries);
        let (mut entered, mut left, mut next_entry) = (0.0, 0.0, 0);
        for moment in exits.chunk_by(|a, b| a.0 == b.0) {
            let time = moment[0].0;
            if time > by {
                break;
            }
            while let Some(entry) = entries.get(next_entry).filter(|entry| entry.0 < time) {
                entered += weight(entry.1);
                next_entry += 1;
            }
            let (mut events, mut competing, mut open) = (0.0, 0.0, 0.0);
            for &(_, ending, row) in moment {
                let sum = match ending {
                    Ending::Event => &mut events,
                    Ending::Competing => &mut competing,
                    Ending::Open => &mut open,
                };
                *sum += weight(row);
            }
            let ended = events + competing;
            if ended > 0.0 {
                // Sums of shares may differ in their last digit.
                let at_risk = (entered - left).max(ended);
                take(time, at_risk, events, competing);
            }
            left += ended + open;
        }
    }
}
