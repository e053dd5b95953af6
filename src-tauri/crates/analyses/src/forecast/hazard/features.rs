//! What a hazard sees of a deal in each of the weeks after it was seen.
//!
//! Everything but the week itself stays as it was when the deal was seen: what the deal will do in
//! between is not known, so its stage's own course over the weeks is learned instead. The close date
//! is the one known then.

use std::collections::HashMap;

use crm::Moment;
use jiff::tz::TimeZone;
use timeline::StageIx;

use super::sightings::Seen;

/// Deals seen in a stage from which on it has a course of its own.
const OWN_STAGE: usize = 30;
/// Stages with courses of their own, at most: each costs four coefficients.
const MOST_STAGES: usize = 12;
/// Columns besides the constant and the stages'.
const OTHERS: usize = 17;

/// Which columns there are, fixed when a hazard is fitted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Columns {
    /// Stages with a course of their own; the first stands for the rest too.
    stages: Vec<StageIx>,
    /// The mean of the logarithms of the amounts.
    usual_amount: f64,
}

impl Columns {
    pub(crate) fn of<'a>(seen: impl Iterator<Item = &'a Seen>) -> Self {
        let mut stages: HashMap<StageIx, usize> = HashMap::new();
        let (mut logs, mut amounts) = (0.0, 0.0);
        for seen in seen {
            *stages.entry(seen.stage).or_default() += 1;
            if let Some(log) = log_amount(seen.amount) {
                logs += log;
                amounts += 1.0;
            }
        }
        let mut stages: Vec<_> = stages
            .into_iter()
            .filter(|(_, n)| *n >= OWN_STAGE)
            .collect();
        stages.sort_by_key(|&(stage, n)| (std::cmp::Reverse(n), stage.index()));
        stages.truncate(MOST_STAGES);
        Self {
            stages: stages.into_iter().map(|(stage, _)| stage).collect(),
            usual_amount: if amounts > 0.0 { logs / amounts } else { 0.0 },
        }
    }

    /// With the constant.
    pub(crate) fn width(&self) -> usize {
        1 + OTHERS + 2 * self.stages.len().saturating_sub(1)
    }

    /// Writes what is known of a deal in the n-th week after it was seen, 1 the first.
    pub(crate) fn write(&self, seen: &Seen, week: u32, facts: WeekFacts, row: &mut [f64]) {
        let steady = self.write_steady(seen, row);
        for (place, value) in steady.places.into_iter().zip(steady.moving(week, facts)) {
            row[place] += value;
        }
    }

    /// Writes what is the same in all weeks; the rest is left at 0.
    pub(crate) fn write_steady(&self, seen: &Seen, row: &mut [f64]) -> Steady {
        let stage_age = seen.stage_age.ln_1p();
        row.fill(0.0);
        row[0] = 1.0;
        let steady = [
            (AGE, seen.age.ln_1p() - 2.0),
            (STAGE_AGE, stage_age - 1.5),
            (PUSHES, f64::from(seen.pushes.min(3))),
            (
                AMOUNT,
                log_amount(seen.amount).map_or(0.0, |log| log - self.usual_amount),
            ),
            (NO_AMOUNT, flag(seen.amount.is_none())),
            (NO_CLOSE, flag(seen.close_in.is_none())),
            (
                WAS_LATE,
                flag(seen.close_in.is_some_and(|close| close < 0.0)),
            ),
        ];
        for (place, value) in steady {
            row[place] = value;
        }
        let place = self.stages.iter().position(|stage| *stage == seen.stage);
        let own = place.and_then(|place| place.checked_sub(1));
        let own = own.map(|own| 1 + OTHERS + 2 * own);
        if let Some(own) = own {
            row[own] = 1.0;
        }
        let mut places = MOVING;
        // A stage without a course of its own moves nothing, wherever that stands.
        places[MOVES - 1] = own.map_or(0, |own| own + 1);
        Steady {
            stage_age,
            close_in: seen.close_in,
            own: flag(own.is_some()),
            places,
        }
    }
}

/// Where columns stand, the constant being the first.
const AGE: usize = 4;
const STAGE_AGE: usize = 5;
const PUSHES: usize = 7;
const AMOUNT: usize = 8;
const NO_AMOUNT: usize = 9;
const NO_CLOSE: usize = 10;
const WAS_LATE: usize = 14;
/// How many columns are others every week, and which: the week's logarithm, whether it is the first, how far it is beyond
/// the eighth, its logarithm with the age in the stage; before the close date, in its week, after it;
/// the calendar's three; and the week's logarithm in a stage with a course of its own.
pub(crate) const MOVES: usize = 11;
const MOVING: [usize; MOVES] = [1, 2, 3, 6, 11, 12, 13, 15, 16, 17, 0];

/// What the weeks of a deal are made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Steady {
    stage_age: f64,
    close_in: Option<f64>,
    own: f64,
    /// Where what moves belongs.
    pub(crate) places: [usize; MOVES],
}

impl Steady {
    /// What is known in the n-th week, in the order of the places.
    pub(crate) fn moving(&self, week: u32, facts: WeekFacts) -> [f64; MOVES] {
        let late = f64::from(week);
        let log_week = late.ln();
        let close = self.close_in.map(|close| close - (late - 0.5));
        [
            log_week,
            flag(week == 1),
            (late - 8.0).max(0.0) / 8.0,
            self.stage_age * log_week / 2.0,
            close
                .filter(|close| *close > 0.5)
                .map_or(0.0, |close| close.min(26.0).ln_1p()),
            flag(close.is_some_and(|close| close.abs() <= 0.5)),
            flag(close.is_some_and(|close| close < -0.5)),
            flag(facts.ends_quarter),
            flag(facts.month_of_quarter == 1),
            flag(facts.month_of_quarter == 2),
            self.own * log_week,
        ]
    }
}

fn flag(is: bool) -> f64 {
    f64::from(u8::from(is))
}

fn log_amount(amount: Option<f64>) -> Option<f64> {
    amount.filter(|amount| *amount > 0.0).map(f64::ln)
}

/// Where a week lies in the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WeekFacts {
    /// Its middle lies in the last seven days of a quarter.
    ends_quarter: bool,
    /// 0 for the first month of a quarter.
    month_of_quarter: u8,
}

/// The weeks after a moment, the first first.
pub(crate) fn weeks_after(at: Moment, weeks: u32, zone: &TimeZone) -> Vec<WeekFacts> {
    let facts = |week: u32| {
        let hours = i64::from(week) * 168 + 84;
        let middle = at
            .plus(jiff::SignedDuration::from_hours(hours))
            .date_in(zone);
        let month_of_quarter = (middle.month() - 1).rem_euclid(3);
        WeekFacts {
            ends_quarter: month_of_quarter == 2 && middle.days_in_month() - middle.day() < 7,
            month_of_quarter: month_of_quarter.unsigned_abs(),
        }
    };
    (0..weeks).map(facts).collect()
}
