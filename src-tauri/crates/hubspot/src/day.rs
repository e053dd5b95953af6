//! The calls of a portal's day: how many, how many failed, how many are left.

use std::sync::Arc;
use std::time::Duration;

use crm::Moment;
use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::error_guard::{Advice, ErrorGuard};
use crate::{Error, Kind};

/// How many calls are counted before the count is saved. Ours: a crash forgets fewer.
const SAVE_AFTER_CALLS: u64 = 500;

/// How long after the last saving the next call saves again. Ours.
const SAVE_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// How long after HubSpot said that the day's budget is spent one call asks again. Ours: it may have
/// raised the limit, and our clock or the portal's time zone may be wrong, which must not shut
/// anybody out until what we take for midnight. 24 refused calls a day are no burden.
const ASK_AGAIN: SignedDuration = SignedDuration::from_hours(1);

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
    /// Set once HubSpot said that the day's budget is spent: when one call asks it again, at the
    /// portal's next midnight at the latest.
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

/// How a call may be made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Leave {
    /// How long to wait before it.
    pub(crate) wait: Duration,
    /// Whether it is the one that asks whether the day's budget is still spent.
    pub(crate) asks_again: bool,
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

    /// Whether a call may be made, and how.
    ///
    /// # Errors
    /// [`Kind::DailyLimit`] while the day's budget is known to be spent, [`Kind::ErrorRate`] while
    /// too many calls have failed.
    pub(crate) fn ask(&mut self, now: Moment) -> Result<Leave, Error> {
        self.turn_page(now);
        let Some(count) = &self.count else {
            return Ok(Leave::default());
        };
        let spent_until = count.spent_until;
        // A time further off was set by a clock that has been put right since.
        let is_ahead = |until: &Moment| now < *until && until.since(now) <= ASK_AGAIN;
        if let Some(until) = spent_until.filter(is_ahead) {
            let ask_again = Some(until);
            return Err(Kind::DailyLimit { ask_again }.into());
        }
        let wait = match self.guard.advice(count.calls, count.errors, now) {
            _ if !self.guarded => Duration::ZERO,
            Advice::Go => Duration::ZERO,
            Advice::Slowly(wait) => wait,
            Advice::Stop(until) => return Err(Kind::ErrorRate { until }.into()),
        };
        let asks_again = spent_until.is_some();
        if asks_again {
            // The others wait for what this one is told.
            let _ask_again = self.spend(now);
        }
        Ok(Leave { wait, asks_again })
    }

    /// The budget that was spent is there: HubSpot took a call.
    pub(crate) fn reopen(&mut self) {
        if let Some(count) = &mut self.count {
            count.spent_until = None;
        }
        self.unsaved += SAVE_AFTER_CALLS;
    }

    /// The next call may ask HubSpot whether the day's budget is still spent, if it is: a person
    /// wants it, or the call that asked was not answered.
    pub(crate) fn ask_again(&mut self, now: Moment) {
        let spent_until = self
            .count
            .as_mut()
            .and_then(|count| count.spent_until.as_mut());
        if let Some(until) = spent_until {
            *until = now;
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
            let _ask_again = self.spend(now);
        }
    }

    /// The day's budget is spent: nobody goes until one call asks again, which time it gives.
    pub(crate) fn spend(&mut self, now: Moment) -> Moment {
        let soon = now.plus(ASK_AGAIN);
        let until = match &self.zone {
            Some(_) => self.midnight(now).min(soon),
            None => soon,
        };
        let count = self.today(now);
        count.spent_until = Some(until);
        count.remaining = count.limit.map(|_| 0);
        // Worth keeping at once: the next start must not knock.
        self.unsaved += SAVE_AFTER_CALLS;
        until
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
