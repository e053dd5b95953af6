//! A rolling window of calls, kept on our side as HubSpot keeps it on its own.
//!
//! Written here rather than taken from `governor`: its quotas are fixed when it is made, and ours are
//! corrected by every answer's headers and slowed by 429; this also follows tokio's clock, which
//! tests can pause.
//!
//! HubSpot counts a call somewhere between our sending it and its answer. So a call holds its place
//! here for one window from its *answer* on, and from its sending plus [`margin`](State::margin) at
//! the latest: however calls bunch up on the way, no window of HubSpot's own sees more than the
//! limit unless one was delayed by more than the margin. At worst this spends 95 % of the limit, and
//! 99 % where answers come quickly.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The part of the window for which a call's delay on the way is allowed for: one twentieth.
const MARGIN: u32 = 20;

/// The share of a limit that may be sent at once. The rest follows evenly, so that a sync moves on
/// at a steady pace and leaves gaps to other callers. Ours.
const AT_ONCE: f64 = 0.05;

/// How much faster than the limit the even pace is, so that the window alone decides how much is
/// sent. Ours.
const EVENLY: f64 = 1.1;

/// By how much each 429 lengthens the window. Ours.
const SLOWER: f64 = 1.25;

/// How often it is lengthened at most: to three times.
const SLOWEST: i32 = 5;

/// How long without a 429 takes back one lengthening. Ours.
const CALM: Duration = Duration::from_secs(60);

/// A limit beyond this is none: nothing is counted.
const COUNTED: u32 = 100_000;

/// Lets at most so many callers through in any interval.
#[derive(Debug)]
pub(crate) struct Bucket {
    state: Mutex<State>,
    /// Those who wait, in the order of their coming: only the first of them watches the clock.
    queue: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct State {
    limit: u32,
    interval: Duration,
    /// Calls that the other side may still count, in the order of sending.
    sent: VecDeque<Sent>,
    next: u64,
    level: f64,
    at: Instant,
    foreign: Option<Foreign>,
    slow: i32,
    slowed_at: Instant,
    closed_until: Option<Instant>,
}

#[derive(Debug)]
struct Sent {
    number: u64,
    at: Instant,
    answered: Option<Instant>,
}

/// Calls of others on the same budget, as an answer's headers last let us conclude.
#[derive(Debug, Clone, Copy)]
struct Foreign {
    calls: f64,
    at: Instant,
    /// When it was last certain that there are any.
    certain_at: Instant,
}

/// A call's place in the window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place(Option<u64>);

impl Bucket {
    pub(crate) fn new(limit: u32, interval: Duration) -> Self {
        let now = Instant::now();
        let mut state = State {
            limit: limit.max(1),
            interval,
            sent: VecDeque::new(),
            next: 0,
            level: 0.0,
            at: now,
            foreign: None,
            slow: 0,
            slowed_at: now,
            closed_until: None,
        };
        state.level = state.at_once();
        Self {
            state: Mutex::new(state),
            queue: tokio::sync::Mutex::default(),
        }
    }

    /// Waits for a turn. Dropping the future gives up the place without spending anything.
    pub(crate) async fn take(&self) -> Place {
        let _first = self.queue.lock().await;
        loop {
            let wait = match self.state().try_take(Instant::now()) {
                Ok(place) => return place,
                Err(wait) => wait,
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// The call's answer is here: it was counted by now.
    pub(crate) fn answered(&self, place: Place) {
        let mut state = self.state();
        let sent = state
            .sent
            .iter_mut()
            .find(|sent| Some(sent.number) == place.0);
        if let Some(sent) = sent {
            sent.answered.get_or_insert_with(Instant::now);
        }
    }

    /// Follows a limit, and what is left of it, as an answer's headers tell them.
    pub(crate) fn learn(&self, place: Place, limit: u32, remaining: u32, interval: Duration) {
        let mut state = self.state();
        if limit == 0 || interval.is_zero() || state.is_unlimited() {
            return;
        }
        let now = Instant::now();
        if (state.limit, state.interval) != (limit, interval) {
            state.refill(now);
            (state.limit, state.interval) = (limit, interval);
            state.level = state.level.min(state.at_once());
        }
        state.see_others(place, limit.saturating_sub(remaining), now);
    }

    /// HubSpot said 429 in spite of everything: nobody goes for a while, and all go slower for some
    /// minutes.
    pub(crate) fn refused(&self, wait: Duration) {
        let mut state = self.state();
        let now = Instant::now();
        state.calm_down(now);
        // A burst of refusals is one lesson.
        let is_new =
            state.slow == 0 || now.saturating_duration_since(state.slowed_at) >= state.interval;
        if is_new && state.slow < SLOWEST {
            state.slow += 1;
        }
        if is_new {
            state.slowed_at = now;
        }
        let until = now + wait;
        state.closed_until = Some(
            state
                .closed_until
                .map_or(until, |earlier| earlier.max(until)),
        );
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is a few numbers, sound after any panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_unlimited(&self) -> bool {
        self.limit > COUNTED
    }

    /// The longest delay on the way that is allowed for.
    fn margin(&self) -> Duration {
        self.interval / MARGIN
    }

    fn slowness(&self) -> f64 {
        SLOWER.powi(self.slow)
    }

    fn at_once(&self) -> f64 {
        (f64::from(self.limit) * AT_ONCE).max(1.0)
    }

    fn per_second(&self) -> f64 {
        f64::from(self.limit) * EVENLY / self.interval.as_secs_f64() / self.slowness()
    }

    fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.level = (self.level + passed * self.per_second()).min(self.at_once());
        self.at = now;
    }

    /// When a call's place is free again.
    fn free_at(&self, sent: &Sent) -> Instant {
        let latest = sent.at + self.margin();
        let counted = sent
            .answered
            .map_or(latest, |answered| answered.min(latest));
        counted + self.interval.mul_f64(self.slowness())
    }

    fn calm_down(&mut self, now: Instant) {
        while self.slow > 0 && now.saturating_duration_since(self.slowed_at) >= CALM {
            self.slow -= 1;
            self.slowed_at += CALM;
        }
    }

    /// Places that others hold. While answers come they tell; when none of our calls is left in the
    /// window to tell anything, the calls last seen are taken to leave it one by one.
    fn others(&self, now: Instant) -> f64 {
        let Some(foreign) = self.foreign else {
            return 0.0;
        };
        if !self.sent.is_empty() {
            return foreign.calls;
        }
        let age = now.saturating_duration_since(foreign.at).as_secs_f64();
        (foreign.calls * (1.0 - age / self.interval.as_secs_f64())).max(0.0)
    }

    /// Concludes from the calls that HubSpot counts how many of them are not ours.
    ///
    /// Every call of ours that HubSpot may still count is in `sent`: what goes beyond is certainly
    /// others'. Once there are any, calls of ours that were sent after the one answered are not
    /// counted as ours, because they may be on their way: the larger estimate is the safe one.
    fn see_others(&mut self, place: Place, used: u32, now: Instant) {
        self.forget_free(now);
        let used = f64::from(used);
        let certain = used - self.sent.len() as f64;
        let certain_at = match self.foreign {
            _ if certain > 0.0 => now,
            Some(seen) if now.saturating_duration_since(seen.certain_at) < self.interval => {
                seen.certain_at
            }
            _ => {
                self.foreign = None;
                return;
            }
        };
        let ours = self
            .sent
            .iter()
            .filter(|sent| place.0.is_some_and(|answered| sent.number <= answered))
            .count();
        self.foreign = Some(Foreign {
            calls: (used - ours as f64).max(0.0),
            at: now,
            certain_at,
        });
    }

    fn forget_free(&mut self, now: Instant) {
        // Places do not come free in the order of sending; few are held at a time.
        let mut sent = std::mem::take(&mut self.sent);
        sent.retain(|sent| self.free_at(sent) > now);
        self.sent = sent;
    }

    /// Takes a place, or says how long to wait before asking again.
    fn try_take(&mut self, now: Instant) -> Result<Place, Duration> {
        if let Some(until) = self.closed_until {
            if now < until {
                return Err(until - now);
            }
            self.closed_until = None;
        }
        if self.is_unlimited() {
            return Ok(Place(None));
        }
        self.calm_down(now);
        self.forget_free(now);
        let others = self.others(now);
        // A microsecond more, so that rounding never asks for a wait of nothing.
        let little = Duration::from_micros(1);
        if self.sent.len() as f64 + others.ceil() >= f64::from(self.limit) {
            let ours = self.sent.iter().map(|sent| self.free_at(sent) - now).min();
            let theirs = self
                .foreign
                .filter(|_| self.sent.is_empty())
                .map(|foreign| self.interval.div_f64(foreign.calls.max(1.0)));
            let wait = ours.into_iter().chain(theirs).min();
            return Err(wait.unwrap_or(self.interval) + little);
        }
        self.refill(now);
        if self.level < 1.0 {
            let missing = (1.0 - self.level) / self.per_second();
            return Err(Duration::from_secs_f64(missing) + little);
        }
        self.level -= 1.0;
        let number = self.next;
        self.next += 1;
        self.sent.push_back(Sent {
            number,
            at: now,
            answered: None,
        });
        Ok(Place(Some(number)))
    }
}

#[cfg(test)]
mod tests;
