//! Fiscal years: where quarters begin.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The month in which a fiscal year begins. A calendar year's is January.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "i8", into = "i8")]
pub struct FiscalYear {
    first_month: i8,
}

/// The number was none of the twelve months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a year begins in one of twelve months, 1 to 12")]
pub struct InvalidMonth;

impl FiscalYear {
    /// The year that begins in January.
    pub const CALENDAR: Self = Self { first_month: 1 };

    /// The first month, 1 to 12.
    #[must_use]
    pub fn first_month(self) -> i8 {
        self.first_month
    }

    /// Whole months from the start of the year in which a day lies to the day's month, 0 to 11.
    fn months_into(self, day: Date) -> i8 {
        (day.month() - self.first_month).rem_euclid(12)
    }

    /// The first day of the quarter that a day lies in.
    #[must_use]
    pub fn quarter_start(self, day: Date) -> Date {
        let into = i64::from(self.months_into(day) % 3);
        day.first_of_month().saturating_sub(into.months())
    }

    /// The quarter that a day lies in, 1 to 4.
    #[must_use]
    pub fn quarter(self, day: Date) -> i8 {
        self.months_into(day) / 3 + 1
    }

    /// The year that a day lies in, called after the calendar year in which it ends, as most companies
    /// whose year is not the calendar's call it.
    #[must_use]
    pub fn year(self, day: Date) -> i16 {
        let ends_later = self != Self::CALENDAR && day.month() >= self.first_month;
        day.year() + i16::from(ends_later)
    }
}

impl Default for FiscalYear {
    fn default() -> Self {
        Self::CALENDAR
    }
}

impl TryFrom<i8> for FiscalYear {
    type Error = InvalidMonth;

    fn try_from(first_month: i8) -> Result<Self, InvalidMonth> {
        if (1..=12).contains(&first_month) {
            Ok(Self { first_month })
        } else {
            Err(InvalidMonth)
        }
    }
}

impl From<FiscalYear> for i8 {
    fn from(year: FiscalYear) -> Self {
        year.first_month
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(first_month: i8, day: &str, start: &str, quarter: i8, year: i16) {
        let fiscal = FiscalYear::try_from(first_month).unwrap();
        let day: Date = day.parse().unwrap();
        assert_eq!(fiscal.quarter_start(day).to_string(), start);
        assert_eq!((fiscal.quarter(day), fiscal.year(day)), (quarter, year));
    }

    #[test]
    fn quarters_and_years_follow_the_first_month() {
        check(1, "2026-11-21", "2026-10-01", 4, 2026);
        check(1, "2026-01-01", "2026-01-01", 1, 2026);
        check(2, "2027-01-31", "2026-11-01", 4, 2027);
        check(2, "2027-02-01", "2027-02-01", 1, 2028);
        check(2, "2028-02-29", "2028-02-01", 1, 2029);
        check(4, "2026-06-30", "2026-04-01", 1, 2027);
        check(12, "2026-11-30", "2026-09-01", 4, 2026);
        check(12, "2026-12-01", "2026-12-01", 1, 2027);
    }

    #[test]
    fn there_are_twelve_months() {
        for month in [-1, 0, 13] {
            assert_eq!(FiscalYear::try_from(month), Err(InvalidMonth));
        }
        assert_eq!(
            serde_json::from_str::<FiscalYear>("4").unwrap(),
            FiscalYear::try_from(4).unwrap()
        );
        assert!(serde_json::from_str::<FiscalYear>("13").is_err());
    }
}
