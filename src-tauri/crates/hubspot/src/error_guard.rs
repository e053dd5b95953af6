//! HubSpot's rule that fewer than one in twenty of a day's calls may be errors (usage guidelines; a
//! condition of its app certification), kept from our side. Pure: counts and times in, advice out.
//!
//! As the share of errors grows, calls are made more slowly; just under HubSpot's mark they stop for
//! a while. When the pause is over the next calls are let through: good ones bring the share down,
//! and the next bad one begins a pause of twice the length. At the portal's midnight all is forgotten.

use std::time::Duration;

use crm::Moment;
use jiff::SignedDuration;

/// Calls of a day below which a share says nothing: twenty-odd errors are one bad minute. Ours.
pub(crate) const FEWEST_CALLS: u64 = 500;

/// The share of errors, in thousandths, from which on calls are made more slowly. Ours: half of
/// what HubSpot allows.
const SLOW_FROM: u64 = 25;

/// The share of errors, in thousandths, at which calls stop. Ours: a tenth under what HubSpot
/// allows, so that what is under way does not reach it.
pub(crate) const STOP_FROM: u64 = 45;

/// The wait before each call just under [`STOP_FROM`]. Ours.
const SLOWEST: Duration = Duration::from_secs(2);

/// The first pause. Ours: HubSpot's common troubles are over by then.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// Where a day's pauses have got to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ErrorGuard {
    paused_until: Option<Moment>,
    pauses: u32,
}

/// What to do before the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Advice {
    /// Make it.
    Go,
    /// Wait this long, then make it.
    Slowly(Duration),
    /// Make none until then.
    Stop(Moment),
}

impl ErrorGuard {
    /// The guard of a day of which a pause is known that was begun earlier.
    pub(crate) fn paused(until: Option<Moment>) -> Self {
        Self {
            paused_until: until,
            pauses: u32::from(until.is_some()),
        }
    }

    /// The end of the last pause.
    pub(crate) fn paused_until(&self) -> Option<Moment> {
        self.paused_until
    }

    /// What to do, with so many calls made today and so many of them errors.
    pub(crate) fn advice(&self, calls: u64, errors: u64, now: Moment) -> Advice {
        if let Some(until) = self.paused_until.filter(|until| is_ahead(*until, now)) {
            return Advice::Stop(until);
        }
        let share = share(calls, errors);
        if calls < FEWEST_CALLS || share <= SLOW_FROM {
            return Advice::Go;
        }
        let way = (share.min(STOP_FROM) - SLOW_FROM) as f64 / (STOP_FROM - SLOW_FROM) as f64;
        Advice::Slowly(SLOWEST.mul_f64(way))
    }

    /// Takes in an error, which `calls` and `errors` count already. `midnight` is the portal's next.
    pub(crate) fn error(&mut self, calls: u64, errors: u64, now: Moment, midnight: Moment) {
        let is_paused = self.paused_until.is_some_and(|until| is_ahead(until, now));
        if is_paused || calls < FEWEST_CALLS || share(calls, errors) < STOP_FROM {
            return;
        }
        let pause = FIRST_PAUSE
            .checked_mul(2_i32.saturating_pow(self.pauses.min(12)))
            .unwrap_or(SignedDuration::MAX);
        self.pauses += 1;
        self.paused_until = Some(now.plus(pause).min(midnight));
    }
}

/// Errors in a thousand calls.
fn share(calls: u64, errors: u64) -> u64 {
    errors.saturating_mul(1_000) / calls.max(1)
}

/// Whether a time that was set within a day is still to come. One further off was set by a clock
/// that has been put right since.
fn is_ahead(until: Moment, now: Moment) -> bool {
    now < until && until.since(now) <= SignedDuration::from_hours(26)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    static MIDNIGHT: std::sync::LazyLock<Moment> =
        std::sync::LazyLock::new(|| Moment::from_millis(24 * 3_600_000));

    #[track_caller]
    fn check(calls: u64, errors: u64, expected: Advice) {
        let mut guard = ErrorGuard::default();
        let now = Moment::from_millis(0);
        if errors > 0 {
            guard.error(calls, errors, now, *MIDNIGHT);
        }
        assert_eq!(
            guard.advice(calls, errors, now),
            expected,
            "{errors} of {calls}"
        );
    }

    #[test]
    fn it_slows_down_and_then_stops() {
        let five_minutes = Moment::from_millis(300_000);
        check(0, 0, Advice::Go);
        check(499, 499, Advice::Go);
        check(1_000, 25, Advice::Go);
        check(1_000, 35, Advice::Slowly(Duration::from_secs(1)));
        check(1_000, 44, Advice::Slowly(Duration::from_millis(1_900)));
        check(1_000, 45, Advice::Stop(five_minutes));
        check(500, 500, Advice::Stop(five_minutes));
        check(
            1_000_000,
            44_999,
            Advice::Slowly(Duration::from_millis(1_900)),
        );
    }

    #[test]
    fn a_pause_set_by_a_wrong_clock_is_none() {
        let mut guard = ErrorGuard::default();
        let year = SignedDuration::from_hours(365 * 24);
        let wrong = Moment::from_millis(0).plus(year);
        guard.error(1_000, 500, wrong, wrong.plus(SignedDuration::from_hours(3)));
        assert!(matches!(guard.advice(1_000, 500, wrong), Advice::Stop(_)));
        let right = Moment::from_millis(0);
        assert_eq!(guard.advice(1_000, 500, right), Advice::Slowly(SLOWEST));
    }

    #[derive(Debug, Clone, Copy)]
    enum Step {
        Good(u16),
        Bad(u16),
        Time(u32),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0_u16..400).prop_map(Step::Good),
            (0_u16..40).prop_map(Step::Bad),
            (0_u32..40_000_000).prop_map(Step::Time),
        ]
    }

    proptest! {
        /// Whoever follows the advice makes, beyond the mark, one error a pause and no more; and the
        /// pauses of a day are few.
        #[test]
        fn errors_beyond_the_mark_cost_a_pause_each(steps in prop::collection::vec(step(), 0..80)) {
            let mut guard = ErrorGuard::default();
            let (mut calls, mut errors, mut beyond) = (0, 0, 0);
            let mut now = Moment::from_millis(0);
            for step in steps {
                let (count, bad) = match step {
                    Step::Time(millis) => {
                        now = now.plus(SignedDuration::from_millis(millis.into()));
                        if now >= *MIDNIGHT {
                            break;
                        }
                        continue;
                    }
                    Step::Good(count) => (count, false),
                    Step::Bad(count) => (count, true),
                };
                for _ in 0..count {
                    if let Advice::Stop(until) = guard.advice(calls, errors, now) {
                        prop_assert!(until > now && until <= *MIDNIGHT);
                        break;
                    }
                    calls += 1;
                    errors += u64::from(bad);
                    if bad {
                        guard.error(calls, errors, now, *MIDNIGHT);
                        let is_beyond = calls >= FEWEST_CALLS && share(calls, errors) >= STOP_FROM;
                        beyond += u32::from(is_beyond);
                        let stopped = matches!(guard.advice(calls, errors, now), Advice::Stop(_));
                        prop_assert_eq!(stopped, is_beyond);
                    }
                }
            }
            prop_assert!(beyond <= 10, "{beyond} errors beyond the mark");
        }

        #[test]
        fn no_numbers_panic(calls: u64, errors: u64, now: i64, midnight: i64) {
            let mut guard = ErrorGuard::default();
            let (now, midnight) = (Moment::from_millis(now), Moment::from_millis(midnight));
            for _ in 0..20 {
                guard.error(calls, errors, now, midnight);
                let _ = guard.advice(calls, errors, now);
            }
        }
    }
}
