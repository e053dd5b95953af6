//! Which spans of time a run reads again, and how a span is read through the search index.
//!
//! The index lags behind the records by moments, at times by minutes, so each change is read twice:
//! in a *fresh* window up to the start of the run, and once more when an hour has passed.

mod asking;
mod keyset;
mod pieces;

use crm::Moment;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use store::ChangeCursor;

pub(crate) use asking::{Asking, By, EMPTY_PAGES, Found, modified};
pub(crate) use keyset::Turn;
pub(crate) use pieces::Pieces;

/// How far a window reaches back behind what was read before it.
const OVERLAP: SignedDuration = SignedDuration::from_mins(5);

/// After this time the index is taken for settled. Estuary's connector waits as long; five minutes
/// turned out to be too short there.
const SETTLES_IN: SignedDuration = SignedDuration::from_hours(1);

/// How far HubSpot's clock and ours are apart at most, where it comes to a millisecond.
pub(crate) const CLOCKS_AGREE: SignedDuration = SignedDuration::from_secs(10);

/// A span of time with both its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Window {
    pub(crate) from: Moment,
    pub(crate) until: Moment,
}

impl Window {
    pub(crate) fn holds(&self, at: Moment) -> bool {
        (self.from..=self.until).contains(&at)
    }
}

/// A window that is to be read, and where the cursors stand once it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Due {
    pub(crate) window: Window,
    pub(crate) fresh_until: Moment,
    pub(crate) settled_until: Moment,
}

/// The windows that a pass which began at some moment reads.
///
/// What lies between the two cursors was read while it was less than an hour old, and is read once
/// more as soon as it is older. What lies behind the fresh cursor is read now anyway. So the two
/// windows are one wherever they touch, which is always when the last run is an hour ago.
pub(crate) fn due(cursor: &ChangeCursor, began: Moment) -> Vec<Due> {
    let settles = began.plus(-SETTLES_IN);
    let fresh = Due {
        // A cursor in the future comes from a clock that was wrong.
        window: Window {
            from: cursor.fresh_until.min(began).plus(-OVERLAP),
            until: began,
        },
        fresh_until: began,
        settled_until: cursor.settled_until.min(began),
    };
    if cursor.settled_until >= settles {
        return vec![fresh];
    }
    let delayed = Window {
        from: cursor.settled_until.plus(-OVERLAP),
        until: cursor.fresh_until.min(settles),
    };
    if delayed.until >= fresh.window.from {
        return vec![Due {
            window: Window {
                from: delayed.from.min(fresh.window.from),
                until: began,
            },
            fresh_until: began,
            settled_until: settles,
        }];
    }
    let delayed = Due {
        window: delayed,
        fresh_until: began,
        settled_until: settles,
    };
    vec![fresh, delayed]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crm::ObjectType;
    use proptest::prelude::*;
    use store::PropertiesRead;

    fn minutes(minutes: i64) -> Moment {
        Moment::from_millis(minutes * 60_000)
    }

    fn cursor(fresh_until: i64, settled_until: i64) -> ChangeCursor {
        ChangeCursor {
            object: ObjectType::DEALS,
            fresh_until: minutes(fresh_until),
            settled_until: minutes(settled_until),
            reconciled_at: minutes(0),
            gap: 0,
            properties_read: PropertiesRead::default(),
        }
    }

    #[track_caller]
    fn check(fresh: i64, settled: i64, began: i64, windows: &[(i64, i64)], after: (i64, i64)) {
        let due = due(&cursor(fresh, settled), minutes(began));
        let found: Vec<_> = due
            .iter()
            .map(|due| (due.window.from, due.window.until))
            .collect();
        let expected: Vec<_> = windows
            .iter()
            .map(|(from, until)| (minutes(*from), minutes(*until)))
            .collect();
        assert_eq!(found, expected);
        let last = due.last().unwrap();
        assert_eq!(
            (last.fresh_until, last.settled_until),
            (minutes(after.0), minutes(after.1))
        );
    }

    #[test]
    fn what_is_young_is_read_again_when_it_is_old() {
        // Five minutes after the first copy: nothing is old enough to be read again.
        check(1_000, 1_000, 1_005, &[(995, 1_005)], (1_005, 1_000));
        // An hour and a bit: the copy's own time is read again with the rest.
        check(1_000, 1_000, 1_070, &[(995, 1_070)], (1_070, 1_010));
        // Soon after a run: what that one read while it was young has grown older meanwhile.
        check(
            2_000,
            1_940,
            2_020,
            &[(1_995, 2_020), (1_935, 1_960)],
            (2_020, 1_960),
        );
        // A week later: one window, and it reaches back behind the week.
        check(2_000, 1_940, 12_000, &[(1_935, 12_000)], (12_000, 11_940));
        // A clock that was set back.
        check(2_000, 1_940, 1_500, &[(1_495, 1_500)], (1_500, 1_500));
    }

    proptest! {
        /// However the runs follow each other, every moment up to the last run lies in a window, and
        /// every moment that is older than an hour lies in a window of a run that began an hour
        /// later than that moment.
        #[test]
        fn no_moment_is_left_out(gaps in proptest::collection::vec(0_i64..200, 1..12)) {
            let start = 10_000;
            let mut cursor = cursor(start, start);
            let (mut now, mut read) = (start, Vec::new());
            for gap in gaps {
                now += gap;
                for due in due(&cursor, minutes(now)) {
                    read.push((due.window, now));
                    cursor.fresh_until = due.fresh_until;
                    cursor.settled_until = cursor.settled_until.max(due.settled_until);
                }
            }
            // The start itself is the first copy's, which no index stands between.
            for minute in start + 1..=now {
                let at = minutes(minute);
                prop_assert!(read.iter().any(|(window, _)| window.holds(at)));
                if minute <= now - 60 {
                    prop_assert!(read.iter().any(|(window, began)| window.holds(at) && *began >= minute + 60));
                }
            }
        }
    }
}
