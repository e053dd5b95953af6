//! Who is in which segment: each value of a dimension, and each pair of values of two.

use std::collections::BTreeMap;

use super::cohort::{Cohort, Subject};

/// A share of less than this is not whole: rounding of equal parts.
const WHOLE: f64 = 1.0 - 1e-9;

/// A value of a dimension, by their numbers; value 0 is unknown.
pub(crate) type Part = (usize, u16);

/// The parts of a segment: one, or two of different dimensions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(pub(crate) Vec<Part>);

impl Key {
    pub(crate) fn is_single(&self) -> bool {
        self.0.len() == 1
    }

    pub(crate) fn dimensions(&self) -> Vec<usize> {
        self.0.iter().map(|&(dimension, _)| dimension).collect()
    }

    /// How much of a subject is in the segment, 0 to 1.
    pub(crate) fn share_of(&self, subject: &Subject) -> f64 {
        let share = |&(dimension, value): &Part| {
            let values = subject.values.get(dimension).map_or(&[][..], Vec::as_slice);
            let part = values.iter().find(|&&(known, _)| known == value);
            part.map_or(0.0, |&(_, share)| share)
        };
        self.0.iter().map(share).product()
    }

    /// On which side of a comparison a subject stands. Who is partly in, or has no known value where
    /// the segment has one, stands on neither: unknown values would make every known one look good.
    pub(crate) fn side_of(&self, subject: &Subject) -> Option<Side> {
        let share = self.share_of(subject);
        let unknown = |&(dimension, value): &Part| {
            let values = subject.values.get(dimension).map_or(&[][..], Vec::as_slice);
            value != 0 && values.iter().any(|&(known, _)| known == 0)
        };
        if share >= WHOLE {
            Some(Side::In)
        } else if share > 0.0 || self.0.iter().any(unknown) {
            None
        } else {
            Some(Side::Rest)
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    In,
    Rest,
}

/// Subjects of each segment by their places, with their shares. Pairs of unknown values are none.
pub(crate) fn members(cohort: &Cohort) -> BTreeMap<Key, Vec<(usize, f64)>> {
    let mut members: BTreeMap<Key, Vec<(usize, f64)>> = BTreeMap::new();
    for (place, subject) in cohort.subjects.iter().enumerate() {
        for (dimension, values) in subject.values.iter().enumerate() {
            for &(value, share) in values {
                let single = Key(vec![(dimension, value)]);
                members.entry(single).or_default().push((place, share));
                let others = subject.values.iter().enumerate().skip(dimension + 1);
                for (other, others_values) in others {
                    for &(others_value, others_share) in others_values {
                        if value == 0 || others_value == 0 {
                            continue;
                        }
                        let pair = Key(vec![(dimension, value), (other, others_value)]);
                        let both = share * others_share;
                        members.entry(pair).or_default().push((place, both));
                    }
                }
            }
        }
    }
    members
}
