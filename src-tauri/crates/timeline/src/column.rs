//! One property's history for all deals, in three flat arrays.

use crm::Moment;

/// HubSpot hands out only the newest versions of a property. The numbers in circulation are 20 and
/// 45, neither documented; the lower one errs on the side of saying "unknown".
const HISTORY_CAP: usize = 20;

/// What a property said at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<T> {
    /// This value.
    Value(T),
    /// Nothing: never set until then, or cleared.
    Empty,
    /// Not known: the moment lies before the oldest version that HubSpot still had. Never guessed.
    Unknown,
}

impl<T> Known<T> {
    /// The value, where there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Empty | Self::Unknown => None,
        }
    }
}

/// What came before the oldest version of a deal's property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Unknown,
}

/// The versions of one property, deal by deal, oldest first. A version holds from its moment until
/// the next one; equal neighbours are one version.
#[derive(Debug, Clone, PartialEq)]
pub struct Column<T> {
    /// Where each deal's versions begin; one longer than there are deals.
    starts: Vec<u32>,
    at: Vec<Moment>,
    values: Vec<Option<T>>,
    before: Vec<Before>,
}

impl<T: Copy + PartialEq> Column<T> {
    /// What the property of the deal in this row said at `t`: its last version not later than `t`.
    #[must_use]
    pub fn as_of(&self, row: usize, t: Moment) -> Known<T> {
        let (at, values) = self.versions(row);
        match at.partition_point(|&from| from <= t).checked_sub(1) {
            Some(last) => values[last].map_or(Known::Empty, Known::Value),
            None => match self.before[row] {
                Before::Nothing => Known::Empty,
                Before::Unknown => Known::Unknown,
            },
        }
    }

    /// All versions of a deal, oldest first: when each began, and what it said.
    #[must_use]
    pub fn versions(&self, row: usize) -> (&[Moment], &[Option<T>]) {
        let range = self.starts[row] as usize..self.starts[row + 1] as usize;
        (&self.at[range.clone()], &self.values[range])
    }

    /// The same column with every value turned into another.
    pub(crate) fn map<U>(self, mut turn: impl FnMut(usize, Moment, T) -> U) -> Column<U> {
        let mut values = Vec::with_capacity(self.values.len());
        for row in 0..self.before.len() {
            for i in self.starts[row] as usize..self.starts[row + 1] as usize {
                values.push(self.values[i].map(|value| turn(row, self.at[i], value)));
            }
        }
        Column {
            starts: self.starts,
            at: self.at,
            values,
            before: self.before,
        }
    }
}

/// How a property behaves over a deal's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Every deal has it from its first moment on: a gap at the start is a gap in what we know.
    Always,
    /// A deal may have none.
    Sometimes,
}

/// What is known of a deal besides the versions of a property.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Present<T> {
    pub(crate) created_at: Option<Moment>,
    pub(crate) updated_at: Option<Moment>,
    pub(crate) value: Option<T>,
}

/// Fills a column deal by deal.
pub(crate) struct ColumnBuilder<T> {
    presence: Presence,
    column: Column<T>,
    /// Versions of the deal at hand, as they come: by moment, those of one moment in any order.
    pending: Vec<(Moment, Option<T>)>,
}

impl<T: Copy + PartialEq> ColumnBuilder<T> {
    pub(crate) fn new(presence: Presence) -> Self {
        Self {
            presence,
            column: Column {
                starts: vec![0],
                at: Vec::new(),
                values: Vec::new(),
                before: Vec::new(),
            },
            pending: Vec::new(),
        }
    }

    /// Deals that are complete.
    pub(crate) fn rows(&self) -> usize {
        self.column.before.len()
    }

    /// Whether the deal at hand has a version yet.
    pub(crate) fn has_version(&self) -> bool {
        !self.pending.is_empty()
    }

    /// A version of the deal at hand, not older than the one before.
    pub(crate) fn version(&mut self, at: Moment, value: Option<T>) {
        self.pending.push((at, value));
    }

    /// Closes the deal at hand, and begins the next.
    pub(crate) fn end_of_deal(&mut self, present: Present<T>) {
        let first = self.pending.first().map(|version| version.0);
        let capped = self.pending.len() >= HISTORY_CAP
            && first
                .zip(present.created_at)
                .is_none_or(|(first, created)| first > created);
        let untold = self.pending.is_empty() && present.value.is_some();
        let before = match self.presence {
            Presence::Always => Before::Unknown,
            Presence::Sometimes if capped || untold => Before::Unknown,
            Presence::Sometimes => Before::Nothing,
        };
        let start = self.column.at.len();
        let newest = self.pending.last().map(|version| version.0);
        let mut i = 0;
        while i < self.pending.len() {
            let (at, _) = self.pending[i];
            let same = self.pending[i..]
                .iter()
                .take_while(|version| version.0 == at)
                .count();
            let tied = &self.pending[i..i + same];
            // Two values of one moment: nothing tells their order, except that the newest moment
            // must end with what the deal says now.
            let now_among = Some(at) == newest && tied.iter().any(|v| v.1 == present.value);
            let value = if now_among {
                present.value
            } else {
                tied[same - 1].1
            };
            self.append(start, at, value);
            i += same;
        }
        self.pending.clear();
        self.follow_the_present(start, present);
        self.column
            .starts
            .push(u32::try_from(self.column.at.len()).unwrap_or(u32::MAX));
        self.column.before.push(before);
    }

    /// The record itself is read after its history, so where the two differ the record is right
    /// from the moment of its last update on.
    fn follow_the_present(&mut self, start: usize, present: Present<T>) {
        let told = self.column.values[start..].last().copied().flatten();
        if told == present.value {
            return;
        }
        let since = present.updated_at.or(present.created_at);
        let newest = self.column.at[start..].last().copied();
        if let Some(at) = since.max(newest) {
            if newest == Some(at) {
                self.column.at.pop();
                self.column.values.pop();
            }
            self.append(start, at, present.value);
        }
    }

    fn append(&mut self, start: usize, at: Moment, value: Option<T>) {
        if self.column.values[start..].last() != Some(&value) {
            self.column.at.push(at);
            self.column.values.push(value);
        }
    }

    pub(crate) fn finish(self) -> Column<T> {
        self.column
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOBODY: Present<u32> = Present {
        created_at: None,
        updated_at: None,
        value: None,
    };

    fn m(millis: i64) -> Moment {
        Moment::from_millis(millis)
    }

    fn one(
        presence: Presence,
        versions: &[(i64, Option<u32>)],
        present: Present<u32>,
    ) -> Column<u32> {
        let mut builder = ColumnBuilder::new(presence);
        for &(at, value) in versions {
            builder.version(m(at), value);
        }
        builder.end_of_deal(present);
        builder.finish()
    }

    #[track_caller]
    fn check(column: &Column<u32>, t: i64, expected: Known<u32>) {
        assert_eq!(column.as_of(0, m(t)), expected, "at {t}");
    }

    #[test]
    fn a_version_holds_from_its_moment_until_the_next() {
        let versions = [(10, Some(1)), (20, None), (30, Some(2))];
        let column = one(
            Presence::Sometimes,
            &versions,
            Present {
                value: Some(2),
                ..NOBODY
            },
        );
        check(&column, 9, Known::Empty);
        check(&column, 10, Known::Value(1));
        check(&column, 19, Known::Value(1));
        check(&column, 20, Known::Empty);
        check(&column, 30, Known::Value(2));
        check(&column, 1_000_000, Known::Value(2));
    }

    #[test]
    fn before_a_capped_history_nothing_is_known() {
        let versions: Vec<_> = (0..20_u32).map(|i| (100 + i64::from(i), Some(i))).collect();
        let now = Present {
            value: Some(19),
            created_at: Some(m(50)),
            updated_at: None,
        };
        check(
            &one(Presence::Sometimes, &versions, now),
            99,
            Known::Unknown,
        );
        check(
            &one(Presence::Sometimes, &versions, now),
            100,
            Known::Value(0),
        );
        // One version fewer than the cap: all there ever was.
        let now = Present {
            value: Some(18),
            ..now
        };
        check(
            &one(Presence::Sometimes, &versions[..19], now),
            99,
            Known::Empty,
        );
        // The oldest version is as old as the deal: nothing can be missing before it.
        let now = Present {
            value: Some(19),
            created_at: Some(m(100)),
            updated_at: None,
        };
        check(&one(Presence::Sometimes, &versions, now), 99, Known::Empty);
    }

    #[test]
    fn a_stage_before_its_first_version_is_unknown_never_empty() {
        let column = one(
            Presence::Always,
            &[(10, Some(1))],
            Present {
                value: Some(1),
                ..NOBODY
            },
        );
        check(&column, 9, Known::Unknown);
    }

    #[test]
    fn a_value_without_any_version_is_known_from_the_last_update_on() {
        let now = Present {
            value: Some(7),
            created_at: Some(m(5)),
            updated_at: Some(m(50)),
        };
        let column = one(Presence::Sometimes, &[], now);
        check(&column, 49, Known::Unknown);
        check(&column, 50, Known::Value(7));
    }

    #[test]
    fn of_two_values_of_one_moment_the_present_one_is_the_later() {
        let versions = [(10, Some(3)), (20, Some(1)), (20, Some(9))];
        for value in [1, 9] {
            let now = Present {
                value: Some(value),
                ..NOBODY
            };
            check(
                &one(Presence::Sometimes, &versions, now),
                20,
                Known::Value(value),
            );
        }
    }

    #[test]
    fn the_record_overrules_a_history_that_lags_behind() {
        let now = Present {
            value: Some(2),
            created_at: None,
            updated_at: Some(m(40)),
        };
        let column = one(Presence::Sometimes, &[(10, Some(1))], now);
        check(&column, 39, Known::Value(1));
        check(&column, 40, Known::Value(2));
    }

    proptest! {
        /// The column must say what a reader of the list of versions would say.
        #[test]
        fn as_of_equals_a_replay_of_the_versions(
            deals in proptest::collection::vec(
                proptest::collection::btree_map(0_i64..60, proptest::option::of(0_u32..3), 0..12),
                0..8,
            ),
            t in -5_i64..65,
        ) {
            let mut builder = ColumnBuilder::new(Presence::Sometimes);
            for versions in &deals {
                for (&at, &value) in versions {
                    builder.version(m(at), value);
                }
                let value = versions.values().last().copied().flatten();
                builder.end_of_deal(Present { value, ..NOBODY });
            }
            let column = builder.finish();
            for (row, versions) in deals.iter().enumerate() {
                let mut replayed = Known::Empty;
                for (&at, &value) in versions {
                    if at <= t {
                        replayed = value.map_or(Known::Empty, Known::Value);
                    }
                }
                prop_assert_eq!(column.as_of(row, m(t)), replayed);
            }
        }
    }
}
