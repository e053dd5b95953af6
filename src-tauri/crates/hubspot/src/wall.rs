//! The wall clock beside the machine's timers, and HubSpot's beside ours.
//!
//! Timers stand still while a laptop sleeps (Linux, macOS) and wall clocks jump; so neither is
//! believed alone for long.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crm::Moment;
use jiff::SignedDuration;
use tokio::time::Instant;

use crate::Clock;

/// The longest time between two looks at the wall clock.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// How often a call under way looks for a sleep of the machine.
const WATCH_EVERY: Duration = Duration::from_secs(10);

/// How far the wall clock must have run ahead of the timers to speak of a sleep.
const ASLEEP: Duration = Duration::from_secs(20);

/// From which difference on two answers' dates are of two clocks.
const DISAGREE: SignedDuration = SignedDuration::from_secs(5);

/// What a call gets after a sleep, before its connection is taken for dead.
const GRACE: Duration = Duration::from_secs(5);

/// Both clocks at one moment.
#[derive(Debug, Clone, Copy)]
struct Mark {
    wall: Moment,
    timer: Instant,
}

impl Mark {
    fn now(clock: &dyn Clock) -> Self {
        Self {
            wall: clock.now(),
            timer: Instant::now(),
        }
    }

    /// The time since, by the wall clock; none for one that was set back.
    fn by_wall(self, clock: &dyn Clock) -> Duration {
        Duration::try_from(clock.now().since(self.wall)).unwrap_or_default()
    }
}

/// Waits until either clock says that the time has passed.
pub(crate) async fn rest(clock: &dyn Clock, wait: Duration) {
    let start = Mark::now(clock);
    loop {
        let passed = start.timer.elapsed().max(start.by_wall(clock));
        let left = wait.saturating_sub(passed);
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left.min(LOOK_EVERY)).await;
    }
}

/// Ends some seconds after the machine woke from a sleep: connections seldom survive one, and
/// nobody would tell for minutes.
pub(crate) async fn woken(clock: &dyn Clock) {
    let mut mark = Mark::now(clock);
    loop {
        tokio::time::sleep(WATCH_EVERY).await;
        if mark.by_wall(clock).saturating_sub(mark.timer.elapsed()) > ASLEEP {
            tokio::time::sleep(GRACE).await;
            return;
        }
        mark = Mark::now(clock);
    }
}

/// What is known of HubSpot's own clock, from its answers' `Date`.
#[derive(Debug, Default)]
pub(crate) struct TheirClock(Mutex<Option<Told>>);

#[derive(Debug, Clone, Copy)]
struct Told {
    date: Moment,
    heard: Instant,
}

impl TheirClock {
    /// Takes in an answer's `Date`, in HTTP's one spelling.
    pub(crate) fn learn(&self, date: &str) {
        let parser = jiff::fmt::rfc2822::DateTimeParser::new();
        let Ok(date) = parser.parse_timestamp(date) else {
            return;
        };
        let told = Told {
            date: date.into(),
            heard: Instant::now(),
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // `Date` is cut to the second and heard late: of two that agree, the one that puts their
        // clock later is the better one, for neither can put it too late.
        let is_better = known.is_none_or(|known| {
            let gained = told.date.since(known.now());
            gained.is_positive() || gained < -DISAGREE
        });
        if is_better {
            *known = Some(told);
        }
    }

    /// HubSpot's time: never later than it is there, and behind it by a second and the way of an
    /// answer, unless the machine slept since the last one. `ours` until an answer told.
    pub(crate) fn now(&self, ours: Moment) -> Moment {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.map_or(ours, Told::now)
    }
}

impl Told {
    /// By the timer, which may stand still and never runs ahead: our own wall clock may be set at
    /// any time.
    fn now(self) -> Moment {
        let passed = SignedDuration::try_from(self.heard.elapsed());
        self.date.plus(passed.unwrap_or(SignedDuration::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};

    /// A wall clock that is moved by hand.
    struct Hands(AtomicI64);

    impl Clock for Hands {
        fn now(&self) -> Moment {
            Moment::from_millis(self.0.load(Ordering::SeqCst))
        }
    }

    impl Hands {
        fn turn(&self, seconds: i64) {
            self.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
        }
    }

    const YEAR: i64 = 365 * 24 * 3_600;

    #[tokio::test(start_paused = true)]
    async fn a_rest_ends_by_whichever_clock_is_first() {
        // How far the wall clock is turned while nobody looks, and how long the rest then takes.
        for (turned, most) in [
            (0, 600),
            (-7_200, 600),
            (-YEAR, 600),
            (7_200, 60),
            (YEAR, 60),
        ] {
            let hands = Hands(AtomicI64::new(0));
            let start = Instant::now();
            let resting = rest(&hands, Duration::from_secs(600));
            tokio::pin!(resting);
            tokio::select! {
                biased;
                () = &mut resting => panic!("too early"),
                () = tokio::time::sleep(Duration::from_secs(1)) => hands.turn(turned),
            }
            resting.await;
            assert_eq!(start.elapsed().as_secs(), most, "turned by {turned} s");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_sleep_is_noticed_and_nothing_else() {
        let hands = Hands(AtomicI64::new(0));
        let hour = Duration::from_secs(3_600);
        for turned in [0, -7_200, -YEAR] {
            hands.turn(turned);
            assert!(tokio::time::timeout(hour, woken(&hands)).await.is_err());
        }
        let start = Instant::now();
        let waking = woken(&hands);
        tokio::pin!(waking);
        tokio::select! {
            biased;
            () = &mut waking => panic!("nobody slept"),
            () = tokio::time::sleep(Duration::from_secs(1)) => hands.turn(48 * 3_600),
        }
        waking.await;
        assert!(start.elapsed() <= WATCH_EVERY + GRACE);
    }

    #[tokio::test(start_paused = true)]
    async fn hubspots_clock_is_known_to_the_second_and_never_ahead() {
        let theirs = TheirClock::default();
        let ours = Moment::from_millis(7);
        assert_eq!(theirs.now(ours), ours, "nothing told yet");
        theirs.learn("no date");
        assert_eq!(theirs.now(ours), ours);
        let truth: Moment = "2026-11-21T11:00:00.900Z".parse().unwrap();
        let start = Instant::now();
        let now = || truth.plus(SignedDuration::try_from(start.elapsed()).unwrap());
        // Answers as they come: each names its second, and is heard a little later.
        for wait in [40, 700, 1_300, 95, 5_005, 60_000, 3_600_000, 210] {
            let named = now()
                .timestamp()
                .strftime("%a, %d %b %Y %H:%M:%S GMT")
                .to_string();
            tokio::time::sleep(Duration::from_millis(80)).await;
            theirs.learn(&named);
            let behind = now().since(theirs.now(ours));
            assert!(!behind.is_negative(), "{behind}");
            assert!(behind <= SignedDuration::from_millis(1_080), "{behind}");
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
        // The machine slept: the next answer puts it right. So it does where theirs was set back.
        theirs.learn("Sat, 21 Nov 2026 20:00:00 GMT");
        assert_eq!(theirs.now(ours).to_string(), "2026-11-21T20:00:00.000Z");
        theirs.learn("Sat, 21 Nov 2026 12:00:00 GMT");
        assert_eq!(theirs.now(ours).to_string(), "2026-11-21T12:00:00.000Z");
    }
}
