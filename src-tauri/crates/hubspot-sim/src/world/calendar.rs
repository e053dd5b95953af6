//! Working time: people press buttons on weekdays between seven and seventeen o'clock UTC.

use crm::Moment;

use super::dice::Dice;
use crate::portal::value::DAY;

const HOUR: i64 = 3_600_000;

/// Days, which may be fractions, as milliseconds.
#[allow(clippy::cast_possible_truncation, reason = "a few thousand days")]
pub(crate) fn days(count: f64) -> i64 {
    (count * 86_400_000.0) as i64
}

/// A moment moved by milliseconds.
pub(crate) fn shift(at: Moment, millis: i64) -> Moment {
    Moment::from_millis(at.millis() + millis)
}

/// Midnight UTC of the day.
pub(crate) fn midnight(at: Moment) -> Moment {
    Moment::from_millis(at.millis().div_euclid(DAY) * DAY)
}

/// Whether the day is a Saturday or Sunday. 1970-01-01 was a Thursday.
fn is_weekend(at: Moment) -> bool {
    (at.millis().div_euclid(DAY) + 3).rem_euclid(7) >= 5
}

/// The moment itself if it falls into working time, else a random one in the next working day.
pub(crate) fn at_work(at: Moment, dice: &mut Dice) -> Moment {
    let hour = at.millis().rem_euclid(DAY) / HOUR;
    let inside = !is_weekend(at) && (7..17).contains(&hour);
    let mut day = midnight(at);
    if inside {
        // People's clicks land on milliseconds, the generator's fractions do too.
        return at;
    }
    if hour >= 7 || is_weekend(day) {
        day = shift(day, DAY);
    }
    while is_weekend(day) {
        day = shift(day, DAY);
    }
    shift(day, 7 * HOUR + days(dice.between(0.0, 10.0 / 24.0)))
}

/// The last day of the month of a moment, at the same time of day.
pub(crate) fn month_end(at: Moment) -> Moment {
    let date = at.date_in(&jiff::tz::TimeZone::UTC);
    let ahead = i64::from(date.days_in_month()) - i64::from(date.day());
    shift(at, ahead * DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_happens_on_weekdays() {
        let mut dice = Dice::new(1, "calendar", 0);
        let check = |text: &str, dice: &mut Dice| at_work(text.parse().unwrap(), dice).to_string();
        assert_eq!(
            check("2026-11-02T08:30:00Z", &mut dice),
            "2026-11-02T08:30:00.000Z"
        );
        assert!(check("2026-11-07T08:30:00Z", &mut dice).starts_with("2026-11-09T"));
        assert!(check("2026-11-06T22:30:00Z", &mut dice).starts_with("2026-11-09T"));
        assert!(check("2026-11-03T03:30:00Z", &mut dice).starts_with("2026-11-03T"));
        assert_eq!(
            month_end("2026-02-03T09:00:00Z".parse().unwrap()).to_string(),
            "2026-02-28T09:00:00.000Z"
        );
    }
}
