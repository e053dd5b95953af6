//! An instant in UTC, to the millisecond: the precision in which HubSpot tells time.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Milliseconds since 1970-01-01T00:00:00Z. Ordered, cheap to copy, dense in columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

/// The text was none of the spellings in which HubSpot tells time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a time: expected ISO 8601, a date, or milliseconds since 1970")]
pub struct InvalidMoment;

impl Moment {
    /// From milliseconds since 1970 UTC; beyond the calendar's ends the nearest end.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        let (first, last) = (
            Timestamp::MIN.as_millisecond(),
            Timestamp::MAX.as_millisecond(),
        );
        Self(millis.clamp(first, last))
    }

    /// Milliseconds since 1970 UTC.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The same instant, as the calendar library knows it.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        // In seconds and the rest: by milliseconds the library refuses the calendar's last second.
        let rest = i32::try_from(self.0.rem_euclid(1_000) * 1_000_000).unwrap_or(0);
        Timestamp::new(self.0.div_euclid(1_000), rest).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// This instant moved by a duration (negative moves back), kept within the calendar.
    #[must_use]
    pub fn plus(self, by: SignedDuration) -> Self {
        let millis = i64::try_from(by.as_millis()).unwrap_or(if by.is_negative() {
            i64::MIN
        } else {
            i64::MAX
        });
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// How long after `earlier` this is; negative when it is before.
    #[must_use]
    pub fn since(self, earlier: Self) -> SignedDuration {
        SignedDuration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// The calendar date of this instant in a time zone: what a person in the portal would call it.
    #[must_use]
    pub fn date_in(self, zone: &TimeZone) -> Date {
        zone.to_datetime(self.timestamp()).date()
    }

    /// The first instant of a calendar date in a time zone.
    #[must_use]
    pub fn start_of(date: Date, zone: &TimeZone) -> Self {
        date.to_zoned(zone.clone())
            .map_or(Self::from_millis(0), |z| {
                Self(z.timestamp().as_millisecond())
            })
    }
}

impl From<Timestamp> for Moment {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp.as_millisecond())
    }
}

impl FromStr for Moment {
    type Err = InvalidMoment;

    /// Reads every spelling seen in HubSpot's answers: `2026-11-02T08:00:00.123Z`, `2026-11-02`
    /// (midnight UTC), `1793000000000` and `1793000000000.0`.
    fn from_str(text: &str) -> Result<Self, InvalidMoment> {
        let text = text.trim();
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            return Ok(timestamp.into());
        }
        if let Some(millis) = parse_millis(text) {
            return Ok(Self(millis));
        }
        let date = text.parse::<Date>().map_err(|_| InvalidMoment)?;
        Ok(Self::start_of(date, &TimeZone::UTC))
    }
}

fn parse_millis(text: &str) -> Option<i64> {
    let digits = match text.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|b| b == b'0') => {
            whole
        }
        Some(_) => return None,
        None => text,
    };
    // A bare year or a compact date such as 20261102 is not a count of milliseconds.
    let unsigned = digits.strip_prefix('-').unwrap_or(digits);
    if unsigned != "0" && unsigned.len() < 9 {
        return None;
    }
    digits
        .parse::<i64>()
        .ok()
        .filter(|millis| Moment::from_millis(*millis).millis() == *millis)
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.timestamp())
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, millis: Option<i64>) {
        assert_eq!(
            text.parse::<Moment>().ok().map(Moment::millis),
            millis,
            "{text:?}"
        );
    }

    #[test]
    fn reads_each_spelling_hubspot_uses() {
        check("2026-11-02T08:00:00Z", Some(1_793_606_400_000));
        check("2026-11-02T08:00:00.123Z", Some(1_793_606_400_123));
        check("2026-11-02T09:00:00+01:00", Some(1_793_606_400_000));
        check("2026-11-02", Some(1_793_577_600_000));
        check("1793606400000", Some(1_793_606_400_000));
        check("1793606400000.0", Some(1_793_606_400_000));
        check("0", Some(0));
        check("", None);
        check("tomorrow", None);
        check("1793606400000.5", None);
        check("9223372036854775807", None);
    }

    #[test]
    fn the_calendars_ends_are_times_too() {
        for end in [Timestamp::MIN, Timestamp::MAX] {
            let moment = Moment::from(end);
            assert_eq!(moment.timestamp().as_second(), end.as_second());
            assert_eq!(moment.to_string().parse(), Ok(moment));
        }
    }

    #[test]
    fn a_date_is_the_portals_date() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let late = "2026-12-31T23:30:00Z".parse::<Moment>().unwrap();
        assert_eq!(late.date_in(&berlin), jiff::civil::date(2027, 1, 1));
        let start = Moment::start_of(jiff::civil::date(2027, 1, 1), &berlin);
        assert_eq!(start.to_string(), "2026-12-31T23:00:00.000Z");
    }

    proptest! {
        #[test]
        fn text_round_trips(millis in -62_000_000_000_000_i64..250_000_000_000_000) {
            let moment = Moment::from_millis(millis);
            prop_assert_eq!(moment.to_string().parse::<Moment>(), Ok(moment));
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = text.parse::<Moment>();
        }
    }
}
