//! Stretches of creation dates, and the filters that a search asks for them with.

use std::collections::BTreeSet;

use crm::{Moment, ObjectType};
use hubspot::{Filter, Operator};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Records of a type by when they were created. Both ends belong to a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    /// From one moment to another.
    Between(Moment, Moment),
    /// Everything up to a moment.
    Until(Moment),
    /// Without a date.
    Undated,
}

impl Span {
    /// A whole month, or as much of it as lies before `since`.
    pub(super) fn month(month: Date, since: Moment) -> Self {
        Self::months(month, month, since)
    }

    /// From one month to another, or as much of it as lies before `since`.
    pub(super) fn months(first: Date, last: Date, since: Moment) -> Self {
        let end = Moment::start_of(next(last), &TimeZone::UTC);
        let last_millisecond = Moment::from_millis(end.millis() - 1);
        Self::Between(start(first), last_millisecond.min(since))
    }

    /// Both ends; `None` without a date.
    pub(super) fn ends(self) -> Option<(Moment, Moment)> {
        match self {
            Self::Between(first, last) => Some((first, last)),
            Self::Until(last) => Some((Moment::from_millis(1), last)),
            Self::Undated => None,
        }
    }

    pub(super) fn filter(self, object: &ObjectType) -> Filter {
        let property = object.created_property();
        match self {
            Self::Between(first, last) => Filter::between(property, text(first), text(last)),
            Self::Until(last) => Filter::new(property, Operator::Lte, text(last)),
            Self::Undated => Filter::lacks(property),
        }
    }
}

/// Searches compare times as milliseconds since 1970.
fn text(at: Moment) -> String {
    at.millis().to_string()
}

/// The first moment of a month.
pub(super) fn start(month: Date) -> Moment {
    Moment::start_of(month, &TimeZone::UTC)
}

/// The month of a moment.
pub(super) fn month_of(at: Moment) -> Date {
    at.date_in(&TimeZone::UTC).first_of_month()
}

fn next(month: Date) -> Date {
    month.saturating_add(1.month())
}

fn previous(month: Date) -> Date {
    month.saturating_sub(1.month())
}

/// The stretches of months up to `last` that are not among `known`, and begin after the first of
/// those: as (first month, last month).
pub(super) fn gaps(known: &BTreeSet<Date>, last: Date) -> Vec<(Date, Date)> {
    let Some(first) = known.first() else {
        return Vec::new();
    };
    let mut gaps = Vec::new();
    let mut expected = *first;
    for month in known {
        if *month > expected {
            gaps.push((expected, previous(*month)));
        }
        expected = next(*month);
    }
    if expected <= last {
        gaps.push((expected, last));
    }
    gaps
}

/// Two halves of a stretch of months; `None` for a single month.
pub(super) fn halves((first, last): (Date, Date)) -> Option<[(Date, Date); 2]> {
    if first >= last {
        return None;
    }
    let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
    let middle = first.saturating_add(((months(last) - months(first)) / 2).months());
    Some([(first, middle), (next(middle), last)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn a_month_is_asked_for_in_utc_with_both_ends_and_not_beyond_the_sync() {
        let since = "2026-11-02T08:00:00Z".parse().unwrap();
        let ends = |month| match Span::month(month, since) {
            Span::Between(first, last) => (first.to_string(), last.to_string()),
            other => panic!("{other:?}"),
        };
        let october = ends(date(2026, 10, 1));
        assert_eq!(october.0, "2026-10-01T00:00:00.000Z");
        assert_eq!(october.1, "2026-10-31T23:59:59.999Z");
        let november = ends(date(2026, 11, 1));
        assert_eq!(november.1, "2026-11-02T08:00:00.000Z");
    }

    #[test]
    fn gaps_are_what_lies_between_and_after() {
        let known = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 5, 1)].into();
        let found = gaps(&known, date(2026, 6, 1));
        assert_eq!(
            found,
            [
                (date(2026, 3, 1), date(2026, 4, 1)),
                (date(2026, 6, 1), date(2026, 6, 1))
            ]
        );
        assert!(gaps(&known, date(2026, 5, 1)).len() == 1);
        assert!(gaps(&BTreeSet::new(), date(2026, 5, 1)).is_empty());
    }

    proptest! {
        /// Halving a stretch until nothing is left to halve meets each of its months once.
        #[test]
        fn halves_make_a_whole(start in 0_i64..600, length in 0_i64..200) {
            let first = date(1990, 1, 1).saturating_add(start.months());
            let last = first.saturating_add(length.months());
            let mut open = vec![(first, last)];
            let mut met = Vec::new();
            while let Some(stretch) = open.pop() {
                match halves(stretch) {
                    Some([early, late]) => open.extend([late, early]),
                    None => met.push(stretch.0),
                }
            }
            let all: Vec<Date> = (0..=length).map(|n| first.saturating_add(n.months())).collect();
            prop_assert_eq!(met, all);
        }
    }
}
