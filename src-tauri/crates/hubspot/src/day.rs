//! The calls of a portal's day: how many, how many failed, how many are left.

use std::sync::Arc;
use std::time::Duration;

use crm::Moment;
use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::error_guard::{Advice, ErrorGuard, is_ahead};
use crate::{Error, Kind};

/// How many calls are counted before the count is saved. Ours: a crash forgets fewer.
const SAVE_AFTER_CALLS: u64 = 500;

/// How long after the last saving the next call saves again. Ours.
const SAVE_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// What was spent of a portal's day, by our own count and as HubSpot's headers told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCount {
    /// The day, in the portal's time zone: HubSpot's daily budgets return at its midnight.
    pub day: Date,
    /// Calls that we made.
    pub calls: u64,
    /// Those of them that HubSpot answered with an error. It wants them under 5 %.
    pub errors: u64,
    /// The account's budget of the day (`X-HubSpot-RateLimit-Daily`). OAuth apps are told none.
    pub limit: Option<u64>,
    /// What is left of it, for all apps that share it (`X-HubSpot-RateLimit-Daily-Remaining`).
    pub remaining: Option<u64>,
    /// Set once HubSpot said that the day's budget is spent: the portal's next midnight.
    pub spent_until: Option<Moment>,
    /// Set while calls pause because too many of them failed ([`Kind::ErrorRate`]).
    pub paused_until: Option<Moment>,
}

impl DayCount {
    fn new(day: Date) -> Self {
        Self {
            day,
            calls: 0,
            errors: 0,
            limit: None,
            remaining: None,
            spent_until: None,
            paused_until: None,
        }
    }
}

/// Keeps the count of one portal's day across starts of the program. Both calls may block; a count
/// that was not kept costs no more than a wrong number, so neither can fail.
pub trait DayStore: Send + Sync {
    /// The count saved last, of whatever day.
    fn load(&self) -> Option<DayCount>;

    /// Keeps the count. Called seldom: after some hundred calls, or after a minute.
    fn save(&self, count: &DayCount);
}

/// The running count of one client.
pub(crate) struct Book {
    /// Whether too many errors stop the calls.
    guarded: bool,
    zone: Option<TimeZone>,
    count: Option<DayCount>,
    guard: ErrorGuard,
    store: Option<Arc<dyn DayStore>>,
    unsaved: u64,
    saved_at: Option<Moment>,
}

impl Book {
    pub(crate) fn new(guarded: bool) -> Self {
        Self {
            guarded,
            zone: None,
            count: None,
            guard: ErrorGuard::default(),
            store: None,
            unsaved: 0,
            saved_at: None,
        }
    }

    /// The count of today, once anything was counted or restored.
    pub(crate) fn count(&self) -> Option<&DayCount> {
        self.count.as_ref()
    }

    /// Takes in the portal's time zone.
    pub(crate) fn learn_zone(&mut self, name: &str, now: Moment) {
        let Ok(zone) = TimeZone::get(name) else {
            return;
        };
        if let Some(count) = &mut self.count
            && self.zone.is_none()
        {
            // Counted by another midnight so far; what was counted was just now.
            count.day = now.date_in(&zone);
        }
        self.zone = Some(zone);
    }

    /// Goes on with what was counted by an earlier client of the same portal.
    pub(crate) fn restore(&mut self, saved: Option<DayCount>, store: Arc<dyn DayStore>) {
        self.store = Some(store);
        if let Some(saved) = saved {
            self.guard = ErrorGuard::paused(saved.paused_until);
            self.count = Some(saved);
        }
    }

    /// Whether a call may be made, and how long to wait before it.
    ///
    /// # Errors
    /// [`Kind::DailyLimit`] while the day's budget is known to be spent, [`Kind::ErrorRate`] while
    /// too many calls have failed.
    pub(crate) fn ask(&mut self, now: Moment) -> Result<Duration, Error> {
        self.turn_page(now);
        let Some(count) = &self.count else {
            return Ok(Duration::ZERO);
        };
        if count.spent_until.is_some_and(|until| is_ahead(until, now)) {
            return Err(Kind::DailyLimit.into());
        }
        if !self.guarded {
            return Ok(Duration::ZERO);
        }
        match self.guard.advice(count.calls, count.errors, now) {
            Advice::Go => Ok(Duration::ZERO),
            Advice::Slowly(wait) => Ok(wait),
            Advice::Stop(until) => Err(Kind::ErrorRate { until }.into()),
        }
    }

    /// Counts a call that HubSpot may have seen.
    pub(crate) fn called(&mut self, now: Moment, is_error: bool) {
        self.turn_page(now);
        let midnight = self.midnight(now);
        let count = self.today(now);
        count.calls += 1;
        count.errors += u64::from(is_error);
        let (calls, errors) = (count.calls, count.errors);
        if is_error {
            self.guard.error(calls, errors, now, midnight);
            let paused_until = self.guard.paused_until();
            self.today(now).paused_until = paused_until;
        }
        self.unsaved += 1;
    }

    /// Takes in what the headers told of the day's budget.
    pub(crate) fn told(&mut self, now: Moment, limit: u64, remaining: u64) {
        self.turn_page(now);
        let count = self.today(now);
        (count.limit, count.remaining) = (Some(limit), Some(remaining));
        if remaining == 0 {
            self.spend(now);
        }
    }

    /// The day's budget is spent: nobody goes until the portal's midnight. While the portal's time
    /// zone is unknown, for an hour: then one call asks again.
    pub(crate) fn spend(&mut self, now: Moment) {
        let until = match &self.zone {
            Some(_) => self.midnight(now),
            None => now.plus(SignedDuration::from_hours(1)),
        };
        let count = self.today(now);
        count.spent_until = Some(until);
        count.remaining = count.limit.map(|_| 0);
        // Worth keeping at once: the next start must not knock.
        self.unsaved += SAVE_AFTER_CALLS;
    }

    /// What is to be saved now, if anything is.
    pub(crate) fn due(
        &mut self,
        now: Moment,
        at_the_end: bool,
    ) -> Option<(Arc<dyn DayStore>, DayCount)> {
        let since = self.saved_at.map(|saved| now.since(saved));
        // A clock that was set back saves once more.
        let is_time = since.is_none_or(|since| since >= SAVE_AFTER || since.is_negative());
        let is_due =
            self.unsaved >= SAVE_AFTER_CALLS || (self.unsaved > 0 && (is_time || at_the_end));
        if !is_due {
            return None;
        }
        let kept = (Arc::clone(self.store.as_ref()?), self.count.clone()?);
        (self.unsaved, self.saved_at) = (0, Some(now));
        Some(kept)
    }

    fn date(&self, now: Moment) -> Date {
        now.date_in(&self.zone())
    }

    fn zone(&self) -> TimeZone {
        self.zone.clone().unwrap_or(TimeZone::UTC)
    }

    fn midnight(&self, now: Moment) -> Moment {
        let zone = self.zone();
        match now.date_in(&zone).tomorrow() {
            Ok(tomorrow) => Moment::start_of(tomorrow, &zone),
            Err(_) => now.plus(SignedDuration::from_hours(24)),
        }
    }

    fn today(&mut self, now: Moment) -> &mut DayCount {
        let day = self.date(now);
        self.count.get_or_insert_with(|| DayCount::new(day))
    }

    /// Begins anew when the portal's midnight has passed. A clock set back by less than a day does
    /// not bring spent calls back.
    fn turn_page(&mut self, now: Moment) {
        let today = self.date(now);
        let is_current = self.count.as_ref().is_none_or(|count| {
            count.day == today || count.day.yesterday().is_ok_and(|before| before == today)
        });
        if !is_current {
            let limit = self.count.as_ref().and_then(|count| count.limit);
            self.count = Some(DayCount {
                limit,
                ..DayCount::new(today)
            });
            self.guard = ErrorGuard::default();
        }
    }
}

#[cfg(test)]
mod tests;
