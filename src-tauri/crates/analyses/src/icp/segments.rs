//! Who is in which segment: each value of a dimension, and each pair of values of two.

use std::collections::BTreeMap;

use super::cohort::{Cohort, Subject};
use super::rows::{Dimension, IcpQuestion};

/// A share of less than this is not whole: rounding of equal parts.
pub(crate) const WHOLE: f64 = 1.0 - 1e-9;

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

    /// Whether it is a value of this dimension, or of it and another.
    pub(crate) fn has(&self, question: &IcpQuestion, dimension: &Dimension) -> bool {
        let is = |place: usize| question.dimensions.get(place) == Some(dimension);
        self.dimensions().into_iter().any(is)
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

/// Whether a pair is one of its parts over again: the same deals, and the same contacts or none. It says
/// nothing that the part does not, and is no question of its own.
pub(crate) fn repeats(key: &Key, deals: &Members, contacts: &Members) -> bool {
    let mine = (deals.get(key), contacts.get(key));
    let is_same = |part: &Part| {
        let single = Key(vec![*part]);
        mine.0.is_some()
            && mine.0 == deals.get(&single)
            && (mine.1.is_none() || mine.1 == contacts.get(&single))
    };
    !key.is_single() && key.0.iter().any(is_same)
}

/// Subjects of segments by their places, with their shares.
pub(crate) type Members = BTreeMap<Key, Vec<(usize, f64)>>;

/// Subjects of each segment by their places, with their shares. Pairs of unknown values are none.
pub(crate) fn members(cohort: &Cohort) -> Members {
    let mut members = Members::new();
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
