//! A token bucket whose rate can change while it runs.
//!
//! Written here rather than taken from `governor`: its quotas are fixed when it is made, and ours are
//! corrected by every answer's headers and stopped by 429; this also follows tokio's clock, which
//! tests can pause.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The share of a limit that may be spent at once. With [`STEADY`] it bounds what any window of the
/// interval's length can see to 90 % of the limit, so that a window counted by another clock, or
/// shifted by the network, still holds.
const AT_ONCE: f64 = 0.05;

/// The share of a limit that is refilled over one interval.
const STEADY: f64 = 0.85;

/// Lets at most so many callers through per interval.
#[derive(Debug)]
pub(crate) struct Bucket(Mutex<State>);

#[derive(Debug)]
struct State {
    limit: u32,
    interval: Duration,
    level: f64,
    at: Instant,
    closed_until: Option<Instant>,
}

impl Bucket {
    pub(crate) fn new(limit: u32, interval: Duration) -> Self {
        let mut state = State {
            limit: limit.max(1),
            interval,
            level: 0.0,
            at: Instant::now(),
            closed_until: None,
        };
        state.level = state.capacity();
        Self(Mutex::new(state))
    }

    /// Waits for a turn. Dropping the future gives up the place without spending anything.
    pub(crate) async fn take(&self) {
        loop {
            let Some(wait) = self.state().try_take(Instant::now()) else {
                return;
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Follows a limit that was learned. Unchanged ones leave the level alone.
    pub(crate) fn learn(&self, limit: u32, interval: Duration) {
        let mut state = self.state();
        if limit == 0 || interval.is_zero() || (state.limit, state.interval) == (limit, interval) {
            return;
        }
        state.refill(Instant::now());
        (state.limit, state.interval) = (limit, interval);
        state.level = state.level.min(state.capacity());
    }

    /// Lets nobody through for a while.
    pub(crate) fn close_for(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut state = self.state();
        state.closed_until = Some(
            state
                .closed_until
                .map_or(until, |earlier| earlier.max(until)),
        );
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is a few numbers, sound after any panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn capacity(&self) -> f64 {
        (f64::from(self.limit) * AT_ONCE).max(1.0)
    }

    fn per_second(&self) -> f64 {
        f64::from(self.limit) * STEADY / self.interval.as_secs_f64()
    }

    fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.level = (self.level + passed * self.per_second()).min(self.capacity());
        self.at = now;
    }

    /// Takes one, or says how long to wait before asking again.
    fn try_take(&mut self, now: Instant) -> Option<Duration> {
        if let Some(until) = self.closed_until {
            if now < until {
                return Some(until - now);
            }
            self.closed_until = None;
        }
        if self.limit == u32::MAX {
            return None;
        }
        self.refill(now);
        if self.level >= 1.0 {
            self.level -= 1.0;
            return None;
        }
        // A microsecond more, so that rounding never asks for a wait of nothing.
        let missing = (1.0 - self.level) / self.per_second();
        Some(Duration::from_secs_f64(missing) + Duration::from_micros(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::Arc;

    /// The moments at which `callers` callers at once got through, on a paused clock.
    fn moments(limit: u32, interval: Duration, callers: usize) -> Vec<Duration> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let start = Instant::now();
            let bucket = Arc::new(Bucket::new(limit, interval));
            let mut tasks = tokio::task::JoinSet::new();
            for _ in 0..callers {
                let bucket = Arc::clone(&bucket);
                tasks.spawn(async move {
                    bucket.take().await;
                    start.elapsed()
                });
            }
            let mut moments = tasks.join_all().await;
            moments.sort();
            moments
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn no_window_sees_more_than_the_limit(limit in 5_u32..250, seconds in 1_u64..12) {
            let interval = Duration::from_secs(seconds);
            let moments = moments(limit, interval, 400);
            for (first, start) in moments.iter().enumerate() {
                let inside = moments[first..].iter().take_while(|at| **at - *start < interval);
                prop_assert!(inside.count() <= limit as usize);
            }
        }
    }

    #[test]
    fn most_of_a_limit_is_used() {
        let moments = moments(110, Duration::from_secs(10), 935);
        let last = moments.last().unwrap();
        assert!(
            *last <= Duration::from_secs(101),
            "took {last:?} for 100 s worth of calls"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn closing_stops_everyone_and_the_longest_wins() {
        let bucket = Bucket::new(100, Duration::from_secs(10));
        let start = Instant::now();
        bucket.close_for(Duration::from_secs(7));
        bucket.close_for(Duration::from_secs(3));
        bucket.take().await;
        assert!(start.elapsed() >= Duration::from_secs(7));
    }

    #[tokio::test(start_paused = true)]
    async fn a_learned_limit_is_followed() {
        let bucket = Bucket::new(100, Duration::from_secs(10));
        bucket.learn(10, Duration::from_secs(10));
        let start = Instant::now();
        for _ in 0..18 {
            bucket.take().await;
        }
        let took = start.elapsed();
        assert!(
            took >= Duration::from_secs(19),
            "17 at 0.85 a second take 20 s, not {took:?}"
        );
        bucket.learn(0, Duration::ZERO);
        bucket.take().await;
    }

    #[tokio::test(start_paused = true)]
    async fn giving_up_spends_nothing() {
        let bucket = Bucket::new(10, Duration::from_secs(10));
        bucket.take().await;
        for _ in 0..50 {
            let given_up = tokio::time::timeout(Duration::from_millis(1), bucket.take()).await;
            assert!(given_up.is_err());
        }
        let start = Instant::now();
        bucket.take().await;
        assert!(start.elapsed() < Duration::from_secs(2));
    }
}
