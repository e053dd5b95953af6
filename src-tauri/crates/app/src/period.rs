//! Periods and days as people choose them, in the portal's time zone.

use crm::{FiscalYear, Moment};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

use crate::views::PeriodChoice;
use crate::wire::WireError;

/// The longest period that a forecast is asked for, in days: two years.
const LONGEST_PERIOD: i32 = 731;

/// First and last day, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) first: Date,
    pub(crate) last: Date,
}

/// The days that a choice means, seen from a day.
pub(crate) fn days(
    choice: &PeriodChoice,
    today: Date,
    year: FiscalYear,
) -> Result<Days, WireError> {
    match choice {
        PeriodChoice::ThisMonth => months(today.first_of_month(), 1),
        PeriodChoice::ThisQuarter => months(year.quarter_start(today), 3),
        PeriodChoice::NextQuarter => {
            let next = year
                .quarter_start(today)
                .checked_add(3.months())
                .map_err(|_| beyond())?;
            months(next, 3)
        }
        PeriodChoice::Days { first, last } => {
            let days = Days {
                first: day(first)?,
                last: day(last)?,
            };
            let length = days
                .first
                .until(days.last)
                .map_err(|_| beyond())?
                .get_days();
            if (0..LONGEST_PERIOD).contains(&length) {
                Ok(days)
            } else {
                Err(WireError::bad_input(
                    "A period has its first day before its last and spans at most two years.",
                    "Choose other days.",
                ))
            }
        }
    }
}

fn months(first: Date, count: i32) -> Result<Days, WireError> {
    let last = first.checked_add(count.months()).and_then(Date::yesterday);
    Ok(Days {
        first,
        last: last.map_err(|_| beyond())?,
    })
}

fn beyond() -> WireError {
    WireError::bad_input(
        "This day is beyond the calendar.",
        "Choose a day near the present.",
    )
}

/// Reads a day as `2026-08-03`.
pub(crate) fn day(text: &str) -> Result<Date, WireError> {
    text.trim().parse().map_err(|_| {
        WireError::bad_input(
            "This is not a day.",
            "Write it as year, month, day: 2026-08-03.",
        )
    })
}

/// The last moment of a day: what was known when the day was over. Never later than `now`.
pub(crate) fn end_of(day: Date, zone: &TimeZone, now: Moment) -> Result<Moment, WireError> {
    let next = day.tomorrow().map_err(|_| beyond())?;
    Ok(Moment::start_of(next, zone)
        .plus(SignedDuration::from_millis(-1))
        .min(now))
}

/// The moment that is looked from: the end of a past day, or now.
pub(crate) fn looked_from(
    day_asked: Option<&str>,
    zone: &TimeZone,
    now: Moment,
) -> Result<Moment, WireError> {
    day_asked.map_or(Ok(now), |asked| end_of(day(asked)?, zone, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(choice: &PeriodChoice, today: &str, expected: Option<(&str, &str)>) {
        check_in(FiscalYear::CALENDAR, choice, today, expected);
    }

    #[track_caller]
    fn check_in(
        year: FiscalYear,
        choice: &PeriodChoice,
        today: &str,
        expected: Option<(&str, &str)>,
    ) {
        let days = days(choice, today.parse().unwrap(), year).ok();
        let expected = expected.map(|(first, last)| Days {
            first: first.parse().unwrap(),
            last: last.parse().unwrap(),
        });
        assert_eq!(days, expected, "{choice:?} seen from {today}");
    }

    #[test]
    fn periods_begin_and_end_where_people_expect() {
        use PeriodChoice::{NextQuarter, ThisMonth, ThisQuarter};
        check(&ThisMonth, "2028-02-10", Some(("2028-02-01", "2028-02-29")));
        check(
            &ThisQuarter,
            "2026-11-21",
            Some(("2026-10-01", "2026-12-31")),
        );
        check(
            &ThisQuarter,
            "2026-01-01",
            Some(("2026-01-01", "2026-03-31")),
        );
        check(
            &NextQuarter,
            "2026-11-21",
            Some(("2027-01-01", "2027-03-31")),
        );
        check(&NextQuarter, "9999-12-01", None);
        let from_february = FiscalYear::try_from(2).unwrap();
        let quarter = Some(("2026-11-01", "2027-01-31"));
        check_in(from_february, &ThisQuarter, "2026-11-21", quarter);
        let quarter = Some(("2027-02-01", "2027-04-30"));
        check_in(from_february, &NextQuarter, "2026-11-21", quarter);
        let between = |first: &str, last: &str| PeriodChoice::Days {
            first: first.to_owned(),
            last: last.to_owned(),
        };
        check(
            &between("2026-11-01", "2026-11-01"),
            "2026-01-01",
            Some(("2026-11-01", "2026-11-01")),
        );
        check(&between("2026-11-02", "2026-11-01"), "2026-01-01", None);
        check(&between("2020-01-01", "2026-11-01"), "2026-01-01", None);
        check(&between("tomorrow", "2026-11-01"), "2026-01-01", None);
    }

    #[test]
    fn a_day_ends_where_the_portal_is_and_never_after_now() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let now = "2026-11-21T09:00:00Z".parse().unwrap();
        let end = end_of(day("2026-08-03").unwrap(), &berlin, now).unwrap();
        assert_eq!(end.to_string(), "2026-08-03T21:59:59.999Z");
        assert_eq!(
            end_of(day("2026-11-21").unwrap(), &berlin, now).unwrap(),
            now
        );
    }
}
