//! Periods of the portal's own calendar.

use crm::{FiscalYear, Moment};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

/// A run of whole days in the portal's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub first_day: Date,
    /// The last day, which belongs to the period.
    pub last_day: Date,
}

impl Period {
    /// The calendar month that a day lies in.
    #[must_use]
    pub fn month_of(day: Date) -> Self {
        Self {
            first_day: day.first_of_month(),
            last_day: day.last_of_month(),
        }
    }

    /// The quarter that a day lies in.
    #[must_use]
    pub fn quarter_of(day: Date, year: FiscalYear) -> Self {
        let first_day = year.quarter_start(day);
        let last_day = first_day.saturating_add(2.months()).last_of_month();
        Self {
            first_day,
            last_day,
        }
    }

    /// The first instant of the period.
    #[must_use]
    pub fn starts_at(&self, zone: &TimeZone) -> Moment {
        Moment::start_of(self.first_day, zone)
    }

    /// The first instant after the period.
    #[must_use]
    pub fn ends_at(&self, zone: &TimeZone) -> Moment {
        Moment::start_of(self.last_day.tomorrow().unwrap_or(self.last_day), zone)
    }

    /// The period before it: as many whole months, or as many days.
    #[must_use]
    pub fn before(&self) -> Self {
        match self.months() {
            Some(months) => self.months_earlier(months),
            None => {
                let days = self
                    .first_day
                    .until(self.last_day)
                    .map_or(0, |span| span.get_days())
                    + 1;
                self.days_earlier(days)
            }
        }
    }

    /// The same period a year before: the same months, or 52 weeks earlier.
    #[must_use]
    pub fn year_before(&self) -> Self {
        match self.months() {
            Some(_) => self.months_earlier(12),
            None => self.days_earlier(364),
        }
    }

    /// The same month of the quarter before; none for what is no month.
    #[must_use]
    pub fn quarter_before(&self) -> Option<Self> {
        (self.months() == Some(1)).then(|| self.months_earlier(3))
    }

    /// How many whole months it is; none where it begins or ends within one.
    fn months(&self) -> Option<i32> {
        let Self {
            first_day,
            last_day,
        } = *self;
        if first_day.day() != 1 || last_day != last_day.last_of_month() {
            return None;
        }
        let years = i32::from(last_day.year()) - i32::from(first_day.year());
        let months = i32::from(last_day.month()) - i32::from(first_day.month());
        Some(years * 12 + months + 1)
    }

    fn months_earlier(&self, months: i32) -> Self {
        Self {
            first_day: self.first_day.saturating_sub(months.months()),
            last_day: self
                .last_day
                .first_of_month()
                .saturating_sub(months.months())
                .last_of_month(),
        }
    }

    fn days_earlier(&self, days: i32) -> Self {
        Self {
            first_day: self.first_day.saturating_sub(days.days()),
            last_day: self.last_day.saturating_sub(days.days()),
        }
    }

    /// What a person calls it: `Q4 2026`, `November 2026`, `Q3 FY2027 (Aug to Oct 2026)` where the fiscal
    /// year is not the calendar's, else its first and last day.
    #[must_use]
    pub fn label(&self, year: FiscalYear) -> String {
        let Self {
            first_day,
            last_day,
        } = *self;
        if *self == Self::month_of(first_day) {
            return first_day.strftime("%B %Y").to_string();
        }
        if *self == Self::quarter_of(first_day, year) {
            let quarter = year.quarter(first_day);
            return if year == FiscalYear::CALENDAR {
                format!("Q{quarter} {}", first_day.year())
            } else {
                let (first, last) = (first_day.strftime("%b"), last_day.strftime("%b %Y"));
                format!("Q{quarter} FY{} ({first} to {last})", year.year(first_day))
            };
        }
        if first_day == date(first_day.year(), 1, 1) && last_day == date(first_day.year(), 12, 31) {
            return first_day.year().to_string();
        }
        format!("{first_day} to {last_day}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(period: Period, first: &str, last: &str, label: &str) {
        check_in(FiscalYear::CALENDAR, period, first, last, label);
    }

    #[track_caller]
    fn check_in(year: FiscalYear, period: Period, first: &str, last: &str, label: &str) {
        assert_eq!((period.first_day, period.last_day), (d(first), d(last)));
        assert_eq!(period.label(year), label);
    }

    #[test]
    fn quarters_follow_the_fiscal_year() {
        let check = |first_month, day, first, last, label| {
            let year = FiscalYear::try_from(first_month).unwrap();
            check_in(year, Period::quarter_of(d(day), year), first, last, label);
        };
        check(1, "2026-11-21", "2026-10-01", "2026-12-31", "Q4 2026");
        check(1, "2026-01-01", "2026-01-01", "2026-03-31", "Q1 2026");
        // A fiscal year from February: its last quarter ends in January of the next year.
        let label = "Q4 FY2027 (Nov to Jan 2027)";
        check(2, "2027-01-31", "2026-11-01", "2027-01-31", label);
        let label = "Q1 FY2029 (Feb to Apr 2028)";
        check(2, "2028-02-29", "2028-02-01", "2028-04-30", label);
        // Its quarters are the calendar's, by other names.
        let label = "Q1 FY2027 (Apr to Jun 2026)";
        check(4, "2026-05-05", "2026-04-01", "2026-06-30", label);
    }

    #[test]
    fn months_know_leap_years() {
        check(
            Period::month_of(d("2028-02-10")),
            "2028-02-01",
            "2028-02-29",
            "February 2028",
        );
        check(
            Period::month_of(d("2027-02-10")),
            "2027-02-01",
            "2027-02-28",
            "February 2027",
        );
        let year = Period {
            first_day: d("2026-01-01"),
            last_day: d("2026-12-31"),
        };
        check(year, "2026-01-01", "2026-12-31", "2026");
    }

    #[test]
    fn a_day_with_a_clock_change_is_a_whole_day() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let october = Period::month_of(d("2026-10-25"));
        assert_eq!(
            october.starts_at(&berlin).to_string(),
            "2026-09-30T22:00:00.000Z"
        );
        assert_eq!(
            october.ends_at(&berlin).to_string(),
            "2026-10-31T23:00:00.000Z"
        );
        // A zone whose clocks jump over midnight: the day begins at one o'clock.
        let cairo = TimeZone::get("Africa/Cairo").unwrap();
        let day = Period {
            first_day: d("2026-04-24"),
            last_day: d("2026-04-24"),
        };
        let hours = day.ends_at(&cairo).since(day.starts_at(&cairo)).as_hours();
        assert_eq!(hours, 23);
    }
}
