//! Deals that do not exist yet: how many are created a week, what share of them is won in the time
//! that is left to each, and what such wins bring.
//!
//! The share is a life table over all deals created in the training window, so a deal created last
//! week tells of its first week and nothing else is assumed of it. Reopened deals are not counted.

use crm::Moment;
use stats::{Evidence, Rate, SHOW_FROM, wilson};
use timeline::{StageKind, Timeline};

use super::count;
use super::landmarks::{Horizon, TRAINING_MONTHS};
use super::rates::RATE_LEVEL;
use super::scope::Scope;

/// Weeks after which a week's count weighs half: recent enough for a growing team, long enough for
/// a steady number.
const HALF_LIFE: f64 = 13.0;
/// Weeks of creations that count at all.
const WEEKS: usize = 52;
/// Fewer whole weeks tell no pace.
const FEWEST_WEEKS: usize = 8;
/// Wins as quick as those still to come, from which on only their amounts are drawn.
const QUICK_WINS: usize = 20;
/// After which a won deal's amount stands.
const GRACE: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);
const WEEK: f64 = 7.0 * 86_400.0;

/// A deal's birth and its first closing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Life {
    pub(crate) born: Moment,
    /// When it was won (true), lost or deleted (false), for the first time.
    pub(crate) ended: Option<(Moment, bool)>,
    /// With what amount it was won, in the home currency, as known from a day later on.
    pub(crate) amount: Option<f64>,
}

impl Life {
    /// The amount of a win, where both were known by then.
    fn amount_by(&self, at: Moment) -> Option<f64> {
        let (won_at, _) = self.ended.filter(|ended| ended.1)?;
        self.amount.filter(|_| won_at.plus(GRACE) <= at)
    }
}

/// The lives of a scope's deals, whatever the moment; each use narrows them to its own. Imported
/// deals are left out: the day of an import is no pace.
pub(crate) fn lives(scope: Scope<'_>) -> Vec<Life> {
    let timeline = scope.timeline;
    let in_scope = |deal: &timeline::DealIx| {
        let first = timeline.spells(*deal).next();
        let owned = |spell: timeline::Spell| {
            // Whose it was a day after it came: who takes it over later did not bring it.
            let at = spell.from.plus(GRACE).min(scope.as_of);
            let state = timeline.as_of(at).deal(*deal);
            scope.owners.is_none() || state.is_some_and(|state| scope.holds_owner(state.owner))
        };
        first.is_some_and(|spell| scope.holds_stage(spell.stage) && owned(spell))
            && !timeline.from_import(*deal)
    };
    timeline
        .deals()
        .filter(in_scope)
        .filter_map(|deal| life(timeline, scope, deal))
        .collect()
}

fn life(timeline: &Timeline, scope: Scope<'_>, deal: timeline::DealIx) -> Option<Life> {
    use rust_decimal::prelude::ToPrimitive;
    let first = timeline.spells(deal).next()?.from;
    let born = timeline.created_at(deal).map_or(first, |at| at.min(first));
    let closed = timeline
        .spells(deal)
        .find(|spell| spell.kind != StageKind::Open);
    let gone = timeline.gone_at(deal);
    let ended = match (closed, gone) {
        (Some(spell), gone) if gone.is_none_or(|gone| spell.from < gone) => {
            Some((spell.from, spell.kind == StageKind::Won))
        }
        (_, Some(gone)) => Some((gone, false)),
        (_, None) => None,
    };
    let won_at = ended.filter(|ended| ended.1).map(|ended| ended.0);
    let amount = won_at.and_then(|at| {
        let closing = timeline.closing(deal, at)?;
        let known_at = closing.entered_at.plus(GRACE);
        let amount = timeline.amount_won(deal, &closing, known_at).value()?;
        scope.to_home(deal, amount, known_at)?.to_f64()
    });
    Some(Life {
        born,
        ended,
        amount,
    })
}

/// What is to come, as known at a moment.
#[derive(Debug, Clone)]
pub(crate) struct Newcomers {
    /// Deals created a week.
    pub(crate) per_week: f64,
    /// Weeks behind it.
    pub(crate) weeks: u32,
    /// Share won within the longest time left.
    pub(crate) won_within: Rate,
    /// Expected wins.
    pub(crate) wins: f64,
    /// Variance over mean of counts, at least 1.
    pub(crate) dispersion: f64,
    /// How many weeks the pace is worth.
    pub(crate) strength: f64,
    /// Amounts to draw from, ascending.
    pub(crate) amounts: Vec<f64>,
}

impl Newcomers {
    /// What one win brings on average.
    pub(crate) fn mean_amount(&self) -> f64 {
        self.amounts.iter().sum::<f64>() / self.amounts.len().max(1) as f64
    }

    /// What they bring on average.
    pub(crate) fn expected(&self) -> f64 {
        self.wins * self.mean_amount()
    }
}

/// What is to come within a horizon, from nothing later than `at`; what is missing where too little
/// is known.
pub(crate) fn newcomers(
    lives: &[Life],
    at: Moment,
    horizon: Horizon,
) -> Result<Newcomers, Evidence> {
    let months = f64::from(TRAINING_MONTHS) * 30.44 / 7.0;
    let known: Vec<&Life> = lives
        .iter()
        .filter(|life| life.born <= at && weeks(life.born, at) <= months)
        .collect();
    let won = |life: &&&Life| life.ended.is_some_and(|(end, won)| won && end <= at);
    let wins = count(known.iter().filter(won).count());
    if wins < SHOW_FROM {
        return Err(Evidence::of_count(wins));
    }
    let (per_week, dispersion, strength, counted) =
        pace(&known, at).ok_or(Evidence::of_count(0))?;
    let table = LifeTable::of(&known, at);
    let (from, until) = (
        horizon.from.as_secs_f64() / WEEK,
        horizon.until.as_secs_f64() / WEEK,
    );
    // Deals arrive evenly; one that comes after u weeks has until - u left.
    let expected = per_week * (table.area(until) - table.area(from));
    let quick = |life: &&&Life| {
        won(life)
            && life
                .ended
                .is_some_and(|(end, _)| weeks(life.born, end) <= until)
    };
    let amounts_of = |keep: &dyn Fn(&&&Life) -> bool| -> Vec<f64> {
        known
            .iter()
            .filter(keep)
            .filter_map(|life| life.amount_by(at))
            .collect()
    };
    let mut amounts = amounts_of(&quick);
    if amounts.len() < QUICK_WINS {
        amounts = amounts_of(&won);
    }
    if amounts.is_empty() {
        return Err(Evidence::of_count(0));
    }
    amounts.sort_by(f64::total_cmp);
    let share = table.share(until);
    let n = known.len() as f64;
    let interval = wilson(share * n, n, RATE_LEVEL);
    Ok(Newcomers {
        per_week,
        weeks: counted,
        won_within: Rate {
            value: share,
            low: interval.low,
            high: interval.high,
            level: RATE_LEVEL,
            n: count(known.len()),
            n_effective: n,
        },
        wins: expected.max(0.0),
        dispersion,
        strength,
        amounts,
    })
}

fn weeks(from: Moment, until: Moment) -> f64 {
    until.since(from).as_secs_f64() / WEEK
}

/// Deals a week, variance over mean, the weeks that this is worth, and whole weeks counted.
fn pace(known: &[&Life], at: Moment) -> Option<(f64, f64, f64, u32)> {
    let oldest = known
        .iter()
        .map(|life| weeks(life.born, at))
        .fold(0.0, f64::max);
    let whole = (oldest as usize).min(WEEKS);
    if whole < FEWEST_WEEKS {
        return None;
    }
    let mut counts = vec![0.0; whole];
    for life in known {
        if let Some(count) = counts.get_mut(weeks(life.born, at) as usize) {
            *count += 1.0;
        }
    }
    let weight = |week: usize| 0.5_f64.powf(week as f64 / HALF_LIFE);
    let weights: Vec<f64> = (0..whole).map(weight).collect();
    let all: f64 = weights.iter().sum();
    let squares: f64 = weights.iter().map(|w| w * w).sum();
    let weighted = |value: &dyn Fn(f64) -> f64| -> f64 {
        let sum: f64 = counts
            .iter()
            .zip(&weights)
            .map(|(&c, w)| w * value(c))
            .sum();
        sum / all
    };
    let mean = weighted(&|count| count);
    let strength = all * all / squares;
    let spread = weighted(&|count| (count - mean).powi(2)) * strength / (strength - 1.0);
    let dispersion = if mean > 0.0 {
        (spread / mean).max(1.0)
    } else {
        1.0
    };
    Some((mean, dispersion, strength, count(whole)))
}

/// The share won by so many weeks of life, deals that are lost first out of the way.
struct LifeTable {
    /// By the end of each week.
    won: Vec<f64>,
}

impl LifeTable {
    fn of(known: &[&Life], at: Moment) -> Self {
        let longest = f64::from(TRAINING_MONTHS) * 30.44 / 7.0;
        let size = longest as usize + 2;
        let (mut wins, mut ends, mut leaves) = (vec![0.0; size], vec![0.0; size], vec![0.0; size]);
        for life in known {
            let ended = life.ended.filter(|(end, _)| *end <= at);
            let until = ended.map_or(at, |ended| ended.0);
            let week = (weeks(life.born, until).max(0.0) as usize).min(size - 1);
            match ended {
                Some((_, true)) => wins[week] += 1.0,
                Some((_, false)) => ends[week] += 1.0,
                None => leaves[week] += 1.0,
            }
        }
        let mut at_risk = known.len() as f64;
        let (mut open, mut won) = (1.0, 0.0);
        let mut table = Vec::with_capacity(size);
        for week in 0..size {
            // Those that are watched for a part of the week only count half (the actuary's rule).
            let exposed = at_risk - leaves[week] / 2.0;
            if exposed > 0.0 {
                won += open * wins[week] / exposed;
                open *= (1.0 - (wins[week] + ends[week]) / exposed).max(0.0);
            }
            table.push(won);
            at_risk -= wins[week] + ends[week] + leaves[week];
        }
        Self { won: table }
    }

    /// The share won by an age in weeks.
    fn share(&self, age: f64) -> f64 {
        let week = age.max(0.0).floor();
        let at = |week: f64| match week as usize {
            0 => 0.0,
            later => self.won[(later - 1).min(self.won.len() - 1)],
        };
        at(week) + (age.max(0.0) - week) * (at(week + 1.0) - at(week))
    }

    /// The share added up over all ages up to one.
    fn area(&self, age: f64) -> f64 {
        let mut sum = 0.0;
        let mut from = 0.0;
        while from < age {
            let until = (from.floor() + 1.0).min(age);
            sum += (until - from) * f64::midpoint(self.share(from), self.share(until));
            from = until;
        }
        sum
    }
}
