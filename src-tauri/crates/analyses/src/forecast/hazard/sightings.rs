//! Deals as they were seen on past Mondays: what was known of each then, and what became of it.

use std::collections::HashMap;

use crm::{Moment, OwnerId};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use rust_decimal::prelude::ToPrimitive;
use timeline::{DealIx, DealState, StageIx, StageKind, Timeline};

use crate::forecast::scope::Scope;

/// Weeks between the Mondays on which deals are looked at for training: a deal seen every week tells
/// little more than one seen every month, and costs four times as much.
const EVERY_WEEKS: i64 = 4;
/// After which a won deal's amount stands.
pub(crate) const GRACE: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);
const WEEK: f64 = 7.0 * 86_400.0;

/// A deal seen while it was open, with what was known of it and nothing later.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) deal: DealIx,
    pub(crate) stage: StageIx,
    pub(crate) at: Moment,
    pub(crate) owner: Option<OwnerId>,
    /// Weeks since it was created, and since it entered its stage.
    pub(crate) age: f64,
    pub(crate) stage_age: f64,
    /// How often its close date was moved to a later month.
    pub(crate) pushes: u32,
    /// In the home currency.
    pub(crate) amount: Option<f64>,
    /// Weeks until its close date, below 0 where that has passed.
    pub(crate) close_in: Option<f64>,
}

impl Seen {
    pub(crate) fn of(scope: Scope<'_>, (deal, stage, state): (DealIx, StageIx, DealState)) -> Self {
        let since =
            |from: Option<Moment>| from.map_or(0.0, |from| weeks(from, scope.as_of).max(0.0));
        Self {
            deal,
            stage,
            at: scope.as_of,
            owner: state.owner.value(),
            age: since(scope.timeline.created_at(deal)),
            stage_age: since(state.in_stage_since),
            pushes: scope.snapshot().pushes(deal),
            amount: scope.home_number(deal, state.amount),
            close_in: state
                .close_at
                .value()
                .map(|close| weeks(scope.as_of, close)),
        }
    }
}

/// A sighting of the past.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sighting {
    pub(crate) seen: Seen,
    /// When the deal was first won (true), or lost or deleted (false), after it was seen.
    pub(crate) ended: Option<(Moment, bool)>,
}

/// The Mondays on which deals are looked at for training, from one moment to another.
pub(crate) fn every_few_weeks(from: Moment, until: Moment, zone: &TimeZone) -> Vec<Moment> {
    mondays(from, until, zone, EVERY_WEEKS)
}

/// The beginnings of the Mondays from one moment to another that are whole steps of weeks apart,
/// whichever the moments are.
pub(crate) fn mondays(from: Moment, until: Moment, zone: &TimeZone, step: i64) -> Vec<Moment> {
    let epoch = Date::constant(1970, 1, 5);
    let first = from.date_in(zone);
    let weeks = first
        .since(epoch)
        .map_or(0, |span| i64::from(span.get_days()))
        .div_euclid(7 * step);
    let mut day = epoch.saturating_add((weeks * 7 * step).days());
    debug_assert_eq!(day.weekday(), Weekday::Monday);
    let mut found = Vec::new();
    while Moment::start_of(day, zone) <= until {
        let at = Moment::start_of(day, zone);
        if at >= from {
            found.push(at);
        }
        match day.checked_add((7 * step).days()) {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    found
}

/// The closings of each deal, looked up once.
#[derive(Default)]
pub(crate) struct Endings(HashMap<DealIx, Vec<(Moment, bool, Option<f64>)>>);

impl Endings {
    /// The first closing after a moment: when, whether it was a win, and with which amount, in the home
    /// currency, as known from a day later on.
    pub(crate) fn of(
        &mut self,
        scope: Scope<'_>,
        deal: DealIx,
        after: Moment,
    ) -> (Option<(Moment, bool)>, Option<f64>) {
        let closings = self.0.entry(deal).or_insert_with(|| closings(scope, deal));
        let next = closings.iter().find(|closing| closing.0 > after);
        next.map_or((None, None), |&(at, won, amount)| (Some((at, won)), amount))
    }
}

fn closings(scope: Scope<'_>, deal: DealIx) -> Vec<(Moment, bool, Option<f64>)> {
    let timeline: &Timeline = scope.timeline;
    let gone = timeline.gone_at(deal);
    let mut found: Vec<_> = timeline
        .spells(deal)
        .filter(|spell| spell.kind != StageKind::Open && gone.is_none_or(|gone| spell.from < gone))
        .map(|spell| {
            let won = spell.kind == StageKind::Won;
            let amount = timeline
                .closing(deal, spell.from)
                .filter(|_| won)
                .and_then(|closing| {
                    let known_at = closing.entered_at.plus(GRACE);
                    let amount = timeline.amount_won(deal, &closing, known_at).value()?;
                    scope.to_home(deal, amount, known_at)?.to_f64()
                });
            (spell.from, won, amount)
        })
        .collect();
    if let Some(gone) = gone {
        found.push((gone, false, None));
    }
    found
}

pub(crate) fn weeks(from: Moment, until: Moment) -> f64 {
    until.since(from).as_secs_f64() / WEEK
}
