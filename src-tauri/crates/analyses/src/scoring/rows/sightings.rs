//! When each record is seen, what came of it, and how much each sighting weighs.

use std::collections::BTreeMap;

use crm::Moment;
use jiff::SignedDuration;
use stats::{Ending as Curve, Lifetimes, RiskSets};

use super::RowsQuestion;
use super::lives::{Ending, Life, Lives};

/// What becomes of rows whose horizon is not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfinished {
    /// They are left out, also those whose record has ended by now: quick endings alone would make the
    /// newest months look better, or worse, than they are.
    LeftOut,
    /// Those whose record has ended stand for those that are still open: each known row weighs one over
    /// the chance that it could be known by now (inverse-probability-of-censoring weights).
    Weighted,
}

/// One record at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sighting {
    /// The place of its life.
    pub(super) life: usize,
    pub(super) at: Moment,
    pub(super) happened: bool,
    pub(super) weight: f64,
}

pub(super) struct Sightings {
    /// By record, and by moment.
    pub(super) rows: Vec<Sighting>,
    /// Those whose outcome is not known.
    pub(super) unfinished: u32,
}

/// A sighting before it is weighed.
struct Seen {
    life: usize,
    at: Moment,
    happened: bool,
    /// Days to its ending, the end of its horizon, or the end of what is known.
    days: f64,
    is_known: bool,
}

pub(super) fn of(lives: &Lives<'_>, question: &RowsQuestion, from: Moment) -> Sightings {
    let mut seen = Vec::new();
    for (place, life) in lives.lives.iter().enumerate() {
        for &day in &question.landmarks {
            let at = life
                .born
                .plus(SignedDuration::from_hours(24 * i64::from(day)));
            // The first landmark of a deal whose first stage was noted a moment after its creation is
            // that moment.
            let at = if day == 0 { at.max(life.from) } else { at };
            let is_there = at >= from.max(life.from) && at < life.until && at <= lives.as_of;
            if is_there && lives.is_open_at(place, at) {
                seen.push(sight(lives, life, place, at, question));
            }
        }
    }
    let all = seen.len();
    let weights = match question.unfinished {
        Unfinished::LeftOut => {
            let is_over = |row: &Seen| row.at.plus(question.horizon()) <= lives.as_of;
            seen.retain(|row| row.is_known && is_over(row));
            vec![1.0; seen.len()]
        }
        Unfinished::Weighted => {
            let weights = by_chance_to_be_known(&seen);
            let known = weights.iter().zip(&seen).filter(|(_, row)| row.is_known);
            let weights = known.map(|(weight, _)| *weight).collect();
            seen.retain(|row| row.is_known);
            weights
        }
    };
    let mut of_life: BTreeMap<usize, f64> = BTreeMap::new();
    for row in &seen {
        *of_life.entry(row.life).or_default() += 1.0;
    }
    let rows = seen.iter().zip(weights).map(|(row, weight)| Sighting {
        life: row.life,
        at: row.at,
        happened: row.happened,
        weight: weight / of_life[&row.life],
    });
    Sightings {
        unfinished: (all - seen.len()) as u32,
        rows: rows.collect(),
    }
}

fn sight(
    lives: &Lives<'_>,
    life: &Life,
    place: usize,
    at: Moment,
    question: &RowsQuestion,
) -> Seen {
    let end = at.plus(question.horizon());
    let has_ended = matches!(life.ending, Ending::Won | Ending::Lost);
    let ends_in_time = has_ended && life.until <= end;
    // A record that was deleted is seen until then, any other until now.
    let watched_until = if life.ending == Ending::Gone {
        life.until
    } else {
        lives.as_of
    };
    let last = if ends_in_time {
        life.until
    } else {
        end.min(watched_until)
    };
    Seen {
        life: place,
        at,
        happened: ends_in_time && life.ending == Ending::Won,
        days: last.since(at).as_secs_f64() / 86_400.0,
        is_known: ends_in_time || end <= watched_until,
    }
}

/// One over the chance to be known for as long as each was, by Kaplan and Meier's curve of how long
/// sightings are followed. 1 where there is no curve.
fn by_chance_to_be_known(seen: &[Seen]) -> Vec<f64> {
    /// Who ends at the same moment as the following of another was followed up to then.
    const JUST_BEFORE: f64 = 1e-9;
    let days: Vec<f64> = seen.iter().map(|row| row.days).collect();
    let cut = |row: &Seen| {
        if row.is_known {
            Curve::Open
        } else {
            Curve::Event
        }
    };
    let ending: Vec<Curve> = seen.iter().map(cut).collect();
    let lifetimes = Lifetimes {
        entry: None,
        exit: &days,
        ending: &ending,
    };
    let Ok(sets) = RiskSets::of(&lifetimes) else {
        return vec![1.0; seen.len()];
    };
    let followed = sets.incidence();
    let weight = |row: &Seen| {
        1.0 / followed
            .at(row.days - JUST_BEFORE)
            .open
            .max(f64::MIN_POSITIVE)
    };
    seen.iter().map(weight).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(days: f64, is_known: bool) -> Seen {
        Seen {
            life: 0,
            at: Moment::from_millis(0),
            happened: false,
            days,
            is_known,
        }
    }

    /// Of four sightings one is cut off after 10 days and one after 20: known for 5 days were all, for 15
    /// three of four, for 30 three of four times one of two.
    #[test]
    fn what_is_known_stands_for_what_is_cut_off() {
        let rows = [
            seen(5.0, true),
            seen(10.0, false),
            seen(20.0, false),
            seen(30.0, true),
        ];
        let weights = by_chance_to_be_known(&rows);
        let expected = [1.0, 1.0, 1.5, 3.0];
        for (weight, expected) in weights.iter().zip(expected) {
            assert!((weight - expected).abs() < 1e-12, "{weights:?}");
        }
        // The two that are known stand for all four.
        assert!((weights[0] + weights[3] - 4.0).abs() < 1e-12);
    }
}
