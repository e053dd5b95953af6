//! The same question asked on every Monday of the past for which there is history, with what was
//! known then, and held against what came.
//!
//! A period's outcome is taken as known a day after its end. Nothing that a Monday's forecast uses,
//! the choice of a model or baseline and the width of its band included, is later than that Monday.
//! The hazard is fitted anew on the first Monday of each quarter of the calendar; stage rates, new deals
//! and baselines are worked out anew every Monday.

mod baselines;
pub(crate) mod choice;
mod origin;
pub(crate) mod scores;

use std::sync::Arc;

use crm::Moment;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use timeline::DealIx;

use super::Period;
use super::hazard::sightings::mondays;
use super::hazard::{self, Fitted};
use super::landmarks::Horizon;
use super::learned::Learned;
use super::scope::Scope;
use super::standing::Past;
use crate::threads::by_two;

pub(crate) use baselines::{Habits, History};
pub(crate) use origin::{Ends, Origin};

/// After a period's end, when its outcome is taken as known: amounts are put right on the day after
/// winning.
const KNOWN_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// Weeks of history before the first Monday that is asked.
const WARM_UP_DAYS: i64 = 26 * 7;
/// Mondays that are asked, at most: the newest three years.
const MOST: usize = 156;

/// Asks all of them; gives those that had an answer, oldest first.
pub(crate) fn run(
    scope: Scope<'_>,
    period: &Period,
    past: &Past<'_>,
    history: &History<'_>,
    seed: u64,
) -> Vec<Origin> {
    let asked = asked(scope, period, past);
    let mut origins: Vec<Origin> = Vec::with_capacity(asked.len());
    let mut rest = asked.as_slice();
    while let Some(&(first, _)) = rest.first() {
        let known: Vec<&Origin> = origins.iter().filter(|o| o.known_at <= first).collect();
        let (now, later) = rest.split_at(at_once(scope, rest, &origins));
        let ask = |&(at, period): &(Moment, Period)| {
            let then = Scope { as_of: at, ..scope };
            let fitted = fitted(then, &period, past);
            origin::make(
                then,
                &period,
                past,
                fitted.as_deref(),
                history,
                &known,
                seed,
            )
        };
        let made = by_two(now, ask);
        origins.extend(made.into_iter().flatten());
        rest = later;
    }
    origins
}

/// Learns all that the Mondays of a period and the scope's own moment ask for whoever's deals.
pub(crate) fn learn(scope: Scope<'_>, learned: &Learned, period: &Period) {
    let past = Past {
        learned,
        lives: learned.lives(scope),
        until: scope.as_of,
    };
    let history = History::of(scope, learned);
    let zone = &scope.timeline.clock().zone;
    let mut all = asked(scope, period, &past);
    all.push((scope.as_of, *period));
    by_two(&all, |&(at, period)| {
        let then = Scope { as_of: at, ..scope };
        let horizon = Horizon::of(at, period.starts_at(zone), period.ends_at(zone));
        if let Some(horizon) = horizon {
            learned.stage_rates(scope.timeline, at, horizon);
            fitted(then, &period, &past);
        }
        learned.amounts(then, past.until);
        history.learn(at);
    });
}

/// How many of the Mondays can be asked at once, at least one: those that know the outcomes of the same
/// earlier ones.
fn at_once(scope: Scope<'_>, rest: &[(Moment, Period)], origins: &[Origin]) -> usize {
    let zone = &scope.timeline.clock().zone;
    let Some(&(first, _)) = rest.first() else {
        return 0;
    };
    let own = rest.iter().map(|(_, period)| known_at(period, zone));
    let theirs = origins.iter().map(|origin| origin.known_at);
    let next = own.chain(theirs).filter(|at| *at > first).min();
    let same = |(at, _): &&(Moment, Period)| next.is_none_or(|next| *at < next);
    rest.iter().take_while(same).count().max(1)
}

/// When a period's outcome is known.
fn known_at(period: &Period, zone: &TimeZone) -> Moment {
    period.ends_at(zone).plus(KNOWN_AFTER)
}

/// The hazard that a Monday could have: fitted on the first Monday of its quarter.
fn fitted(then: Scope<'_>, period: &Period, past: &Past<'_>) -> Option<Arc<Fitted>> {
    let clock = then.timeline.clock();
    let zone = &clock.zone;
    let at = then.as_of;
    let this = Period::quarter_of(at.date_in(zone), clock.fiscal_year);
    let weeks = period.ends_at(zone).since(at).as_secs_f64() / (7.0 * 86_400.0);
    let reach = hazard::reach(weeks.max(longest(period)))?;
    let now = Scope {
        as_of: past.until,
        ..then
    };
    past.learned.fit(now, first_monday(at, this, then), reach)
}

/// The weeks of the whole period, so that one fit serves all its Mondays.
pub(crate) fn longest(period: &Period) -> f64 {
    let days = period
        .first_day
        .until(period.last_day)
        .map_or(0, |span| span.get_days())
        + 1;
    f64::from(days) / 7.0
}

/// The first Monday of a quarter, or the one at hand where that is earlier.
fn first_monday(at: Moment, quarter: Period, scope: Scope<'_>) -> Moment {
    let zone = &scope.timeline.clock().zone;
    let first = mondays(quarter.starts_at(zone), at, zone, 1);
    first.first().copied().unwrap_or(at).min(at)
}

/// Every Monday of past periods whose outcome is known, oldest first. For a period that has yet to
/// begin, as many weeks before the past ones too.
fn asked(scope: Scope<'_>, period: &Period, past: &Past<'_>) -> Vec<(Moment, Period)> {
    let zone = &scope.timeline.clock().zone;
    let Some(born) = past.lives.iter().map(|life| life.born).min() else {
        return Vec::new();
    };
    let first = born.plus(SignedDuration::from_hours(24 * WARM_UP_DAYS));
    let lead = period
        .starts_at(zone)
        .since(scope.as_of)
        .max(SignedDuration::ZERO);
    let mut found = Vec::new();
    let mut period = period.before();
    while period.ends_at(zone) > first && found.len() < MOST {
        let ends_at = period.ends_at(zone);
        if ends_at.plus(KNOWN_AFTER) <= scope.as_of {
            let from = period.starts_at(zone).plus(-lead).max(first);
            let all = mondays(from, ends_at.plus(SignedDuration::from_millis(-1)), zone, 1);
            found.extend(all.into_iter().rev().map(|at| (at, period)));
        }
        let before = period.before();
        if before.first_day >= period.first_day {
            break;
        }
        period = before;
    }
    found.truncate(MOST);
    // A Monday may be asked about two periods, where these are asked about before they begin.
    found.sort_by_key(|(at, period)| (*at, period.first_day));
    found
}

/// The log loss of a chance: how surprised by what came.
fn log_loss(chance: f64, won: bool) -> f64 {
    let chance = chance.clamp(1e-4, 1.0 - 1e-4);
    if won {
        -chance.ln()
    } else {
        -(1.0 - chance).ln()
    }
}

/// How both models did on a deal that was open on a Monday.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Loss {
    pub(crate) deal: DealIx,
    pub(crate) stage_rates: f64,
    pub(crate) hazard: Option<f64>,
}
