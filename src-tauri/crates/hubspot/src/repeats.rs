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
