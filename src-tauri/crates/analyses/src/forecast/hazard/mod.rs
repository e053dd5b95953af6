//! A discrete-time hazard of winning and losing: with which chance is a deal won in the n-th week
//! after it is seen, given that it was open until then?
//!
//! Rows are deals seen on a past Monday, in each week after it (a landmark model: van Houwelingen
//! 2007, doi:10.1111/j.1467-9469.2006.00529.x). What is known of a deal stays as it was when it was
//! seen; losing competes with winning; a deal that is still open is followed as far as it was known.
//! Weeks in which nothing happened are a sample that stands for all of them. Errors take a deal as
//! one cluster. How often a rep wins more than the model says is shrunk to as much as reps differ.

mod features;
mod fitted;
mod reps;
pub(crate) mod sightings;

use std::collections::HashSet;

use crm::Moment;
use jiff::tz::TimeZone;
use stats::{Design, Fitting, Hazard};
use timeline::DealIx;

use super::learned::Looks;
use super::lot;
use features::{Columns, WeekFacts, weeks_after};
use sightings::{Sighting, weeks};

pub(crate) use fitted::{Chance, Fitted};

/// Deals that must have closed, and of each kind, before a hazard is tried.
pub(crate) const CLOSED: usize = 200;
pub(crate) const OF_EACH_KIND: usize = 40;
/// The longest horizon, in weeks.
pub(crate) const LONGEST: u32 = 53;
/// One week in so many stands for those in which nothing happened.
const SAMPLE: u64 = 4;
/// Sightings that a fit uses, at most; beyond that, a sample of deals.
const MOST_SIGHTINGS: usize = 4_000;
/// How strongly coefficients are drawn to none: enough for a flag that a handful of wins carry, little
/// for what hundreds do. In worlds of 900 deals 2, 10 and 40 gave the same errors within their noise.
const RIDGE: f64 = 10.0;
/// Weeks of history that a fit uses: two years, as the stage rates do.
const TRAINING_WEEKS: f64 = 104.5;

/// For which horizons a hazard is fitted: weeks are few to many, so that one fit answers all Mondays
/// of a period.
pub(crate) fn reach(weeks: f64) -> Option<u32> {
    [14, 27, LONGEST]
        .into_iter()
        .find(|&reach| weeks <= f64::from(reach))
}

/// Fits on what was known at a moment. None below the evidence.
pub(crate) fn fit(looks: &Looks, at: Moment, reach: u32, zone: &TimeZone) -> Option<Fitted> {
    let all = training(&looks.sightings, at);
    if !closed(&all, at).is_enough() {
        return None;
    }
    let used = sample(&all);
    let columns = Columns::of(used.iter().map(|s| &s.seen));
    let rows = Rows::of(&used, at, reach, zone, &columns);
    let slices: Vec<&[f64]> = rows.columns.iter().map(Vec::as_slice).collect();
    let design = Design::of(rows.outcome.len(), &slices).ok()?;
    let how = Fitting {
        ridge: RIDGE,
        weights: Some(&rows.weights),
        clusters: Some(&rows.clusters),
        ..Fitting::default()
    };
    let hazard = Hazard::fit(&design, &rows.outcome, 2, &how).ok()?;
    let mut coefficients = hazard.coefficients(1)?.to_vec();
    coefficients.extend_from_slice(hazard.coefficients(2)?);
    let fitted = Fitted {
        columns,
        coefficients,
        covariance: hazard.covariance().to_vec(),
        reps: reps::Reps::none(),
        reach,
        closed: closed(&used, at),
        is_sample: looks.one_of > 1 || used.len() < all.len(),
    };
    let reps = reps::Reps::of(&fitted, &used, at, zone);
    Some(Fitted { reps, ..fitted })
}

/// Deals that had ended by a moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Closed {
    won: usize,
    lost: usize,
}

impl Closed {
    fn is_enough(self) -> bool {
        let of_each_kind = self.won.min(self.lost);
        of_each_kind >= OF_EACH_KIND && self.won + self.lost >= CLOSED
    }
}

fn closed(used: &[&Sighting], at: Moment) -> Closed {
    let deals = |won: bool| {
        let ended = |s: &&&Sighting| s.ended.is_some_and(|(end, w)| w == won && end <= at);
        let deals = used.iter().filter(ended).map(|s| s.seen.deal);
        deals.collect::<HashSet<DealIx>>().len()
    };
    Closed {
        won: deals(true),
        lost: deals(false),
    }
}

/// The sightings of the training window that were followed for some time.
fn training(sightings: &[Sighting], at: Moment) -> Vec<&Sighting> {
    let inside = |s: &&Sighting| {
        let ago = weeks(s.seen.at, at);
        ago > 0.0 && ago <= TRAINING_WEEKS
    };
    sightings.iter().filter(inside).collect()
}

/// Few enough to fit at once: all sightings of a deal, or none.
fn sample<'s>(all: &[&'s Sighting]) -> Vec<&'s Sighting> {
    let one_of = all.len().div_ceil(MOST_SIGHTINGS).max(1) as u64;
    let drawn = |s: &&&Sighting| lot::holds(s.seen.deal, lot::FIT, one_of);
    all.iter().filter(drawn).copied().collect()
}

/// Person-weeks, column by column.
struct Rows {
    columns: Vec<Vec<f64>>,
    outcome: Vec<u8>,
    weights: Vec<f64>,
    clusters: Vec<u32>,
}

impl Rows {
    fn of(used: &[&Sighting], at: Moment, reach: u32, zone: &TimeZone, columns: &Columns) -> Self {
        let width = columns.width();
        let mut rows = Self {
            columns: vec![Vec::new(); width - 1],
            outcome: Vec::new(),
            weights: Vec::new(),
            clusters: Vec::new(),
        };
        let mut row = vec![0.0; width];
        let mut calendar: (Option<Moment>, Vec<WeekFacts>) = (None, Vec::new());
        for sighting in used {
            let seen = &sighting.seen;
            if calendar.0 != Some(seen.at) {
                calendar = (Some(seen.at), weeks_after(seen.at, reach, zone));
            }
            let (last, ending) = followed(sighting, at, reach);
            for week in 1..=last {
                let outcome = if week == last { ending } else { 0 };
                let dice = lot::mixed(
                    seen.deal.index() as u64,
                    seen.at.millis().unsigned_abs() + u64::from(week),
                );
                if outcome == 0 && !dice.is_multiple_of(SAMPLE) {
                    continue;
                }
                columns.write(seen, week, calendar.1[week as usize - 1], &mut row);
                for (column, value) in rows.columns.iter_mut().zip(&row[1..]) {
                    column.push(*value);
                }
                rows.outcome.push(outcome);
                rows.weights
                    .push(if outcome == 0 { SAMPLE as f64 } else { 1.0 });
                rows.clusters.push(seen.deal.index() as u32);
            }
        }
        rows
    }
}

/// How many weeks a deal was followed, and how the last one ended: 0 for still open.
fn followed(sighting: &Sighting, at: Moment, reach: u32) -> (u32, u8) {
    let seen = sighting.seen.at;
    let whole = |until: Moment| weeks(seen, until).clamp(0.0, f64::from(reach)).floor() as u32;
    match sighting.ended.filter(|(end, _)| *end <= at) {
        Some((end, won)) if weeks(seen, end) < f64::from(reach) => {
            (whole(end) + 1, if won { 1 } else { 2 })
        }
        Some(_) => (reach, 0),
        None => (whole(at), 0),
    }
}
