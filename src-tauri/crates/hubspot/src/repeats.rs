//! Whether and when a failed call is sent again. Pure: error in, wait out.

use std::time::Duration;

use crate::call::Repeat;
use crate::{Error, Kind, limits};

/// The first wait after a failure of the other side; it doubles up to [`LONGEST_WAIT`]
/// (Java SDK, `core/http`).
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// The longest such wait (Java SDK).
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// The first wait after a failure between HubSpot's edge and HubSpot, which seldom passes quickly
/// ("contact support": errors, 522, 525, 526).
const SLOW_FIRST_WAIT: Duration = Duration::from_secs(4);

/// The longest such wait. Ours.
const SLOW_LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How often an answer that is no JSON is asked for again. Ours.
const REPEATS_OF_MALFORMED: u32 = 2;

/// The share by which waits vary (Java SDK), so that many clients do not come back at once.
const JITTER: f64 = 0.25;

/// How long to wait before sending the call again; `None` to give up.
///
/// `done` counts the repeats already made, `reached` says whether the other side may have acted,
/// `chance` is a number in `0.0..1.0`.
pub(crate) fn wait(
    error: &Error,
    repeat: Repeat,
    reached: bool,
    done: u32,
    chance: f64,
) -> Option<Duration> {
    let http = error.origin().http;
    match error.kind() {
        // Node SDK: the window times the number of tries. Longer, never shorter, by chance.
        Kind::RateLimited { retry_after } if retry_after <= limits::RETRY_AFTER_CAP => {
            let wait = (retry_after * (done + 1)).min(limits::RETRY_AFTER_CAP);
            Some(wait.mul_f64(1.0 + JITTER * chance))
        }
        Kind::Unavailable {
            retry_after: Some(asked),
        } if http == Some(423) => Some(
            asked
                .min(limits::RETRY_AFTER_CAP)
                .mul_f64(1.0 + JITTER * chance),
        ),
        Kind::Unavailable { retry_after } => {
            if repeat == Repeat::IfUndone || (http == Some(500) && done >= limits::REPEATS_OF_500) {
                return None;
            }
            match retry_after {
                Some(asked) if asked > limits::RETRY_AFTER_CAP => None,
                Some(asked) => Some(asked.mul_f64(1.0 + JITTER * chance)),
                None if matches!(http, Some(522 | 525 | 526)) => {
                    Some(doubling(SLOW_FIRST_WAIT, SLOW_LONGEST_WAIT, done, chance))
                }
                None => Some(doubling(FIRST_WAIT, LONGEST_WAIT, done, chance)),
            }
        }
        Kind::Network | Kind::Timeout if repeat == Repeat::Freely || !reached => {
            Some(doubling(FIRST_WAIT, LONGEST_WAIT, done, chance))
        }
        Kind::Malformed
            if repeat == Repeat::Freely
                && done < REPEATS_OF_MALFORMED
                && http.is_some_and(|status| (200..300).contains(&status)) =>
        {
            Some(doubling(FIRST_WAIT, LONGEST_WAIT, done, chance))
        }
        _ => None,
    }
}

fn doubling(first: Duration, longest: Duration, done: u32, chance: f64) -> Duration {
    let wait = first
        .saturating_mul(2_u32.saturating_pow(done))
        .min(longest);
    wait.mul_f64(1.0 + JITTER * (2.0 * chance - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Origin;
    use proptest::prelude::*;

    fn error(kind: Kind, http: Option<u16>) -> Error {
        Error::new(
            kind,
            Origin {
                http,
                ..Origin::default()
            },
        )
    }

    fn secs(seconds: f64) -> Option<Duration> {
        Some(Duration::from_secs_f64(seconds))
    }

    /// The waits before each repeat of a reading call, at the middle of chance for failures of the
    /// other side, and without it for limits.
    #[track_caller]
    fn check(kind: Kind, http: u16, expected: &[Option<Duration>]) {
        let chance = if matches!(kind, Kind::RateLimited { .. }) || http == 423 {
            0.0
        } else {
            0.5
        };
        let waits: Vec<_> = (0..)
            .take(expected.len())
            .map(|done| wait(&error(kind, Some(http)), Repeat::Freely, true, done, chance))
            .collect();
        assert_eq!(waits, expected, "{kind:?} {http}");
    }

    #[test]
    fn reads_wait_by_the_table() {
        let unavailable = |retry_after| Kind::Unavailable { retry_after };
        let limited = |seconds| Kind::RateLimited {
            retry_after: Duration::from_secs(seconds),
        };
        check(limited(10), 429, &[secs(10.0), secs(20.0), secs(30.0)]);
        check(limited(1), 429, &[secs(1.0), secs(2.0), secs(3.0)]);
        check(limited(3_600), 429, &[None]);
        check(
            unavailable(None),
            502,
            &[
                secs(0.5),
                secs(1.0),
                secs(2.0),
                secs(4.0),
                secs(8.0),
                secs(8.0),
            ],
        );
        check(
            unavailable(None),
            500,
            &[secs(0.5), secs(1.0), secs(2.0), None],
        );
        check(unavailable(None), 522, &[secs(4.0), secs(8.0)]);
        check(unavailable(secs(2.0)), 423, &[secs(2.0), secs(2.0)]);
        check(unavailable(secs(3_600.0)), 503, &[None]);
        check(Kind::Malformed, 200, &[secs(0.5), secs(1.0), None]);
        check(Kind::Malformed, 302, &[None]);
        for kind in [
            Kind::DailyLimit { ask_again: None },
            Kind::Moving { retry_after: None },
            Kind::Reauth,
            Kind::Disconnected,
            Kind::MissingScopes,
            Kind::Forbidden,
            Kind::NotFound,
            Kind::Conflict,
            Kind::Validation,
            Kind::TooLong,
            Kind::Refused,
            Kind::AnswerTooLarge,
            Kind::TokenStore,
            Kind::WrongPortal,
        ] {
            check(kind, 400, &[None]);
        }
    }

    #[test]
    fn a_write_is_repeated_only_when_it_did_nothing() {
        let again = |kind, http, reached| {
            wait(&error(kind, http), Repeat::IfUndone, reached, 0, 0.5).is_some()
        };
        let unavailable = Kind::Unavailable { retry_after: None };
        assert!(again(
            Kind::RateLimited {
                retry_after: Duration::from_secs(1)
            },
            Some(429),
            true
        ));
        assert!(again(
            Kind::Unavailable {
                retry_after: secs(2.0)
            },
            Some(423),
            true
        ));
        assert!(again(Kind::Network, None, false));
        assert!(!again(Kind::Network, None, true));
        assert!(!again(Kind::Timeout, None, true));
        assert!(!again(Kind::Malformed, Some(200), true));
        for status in [500, 502, 503, 504, 520, 524] {
            assert!(!again(unavailable, Some(status), true), "{status}");
        }
    }

    proptest! {
        #[test]
        fn chance_never_shortens_what_hubspot_asked_for(
            seconds in 0_u64..60, done in 0_u32..8, chance in 0.0..1.0_f64,
        ) {
            let asked = Duration::from_secs(seconds);
            for kind in [
                Kind::RateLimited { retry_after: asked },
                Kind::Unavailable { retry_after: Some(asked) },
            ] {
                let wait = wait(&error(kind, Some(503)), Repeat::Freely, true, done, chance);
                prop_assert!(wait.unwrap() >= asked);
            }
        }
    }
}
