//! The values of each dimension, and their numbers.

use std::collections::BTreeMap;

use super::cohort::Draft;
use super::rows::Dimension;

/// The name of what is left of a dimension beyond its most frequent values.
pub const OTHER: &str = "(other values)";
/// How many values of a dimension are segments of their own.
const MOST_VALUES: usize = 25;

/// Values of a dimension, by number. 0 is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Vocabulary {
    pub(crate) dimension: Dimension,
    pub(crate) values: Vec<String>,
}

impl Vocabulary {
    pub(crate) fn name(&self, number: u16) -> Option<&str> {
        let place = usize::from(number).checked_sub(1)?;
        self.values.get(place).map(String::as_str)
    }

    pub(crate) fn number(&self, value: Option<&str>) -> u16 {
        let Some(value) = value else { return 0 };
        let place = self.values.iter().position(|known| known == value);
        let place = place.or_else(|| self.values.iter().position(|known| known == OTHER));
        place.map_or(0, |place| u16::try_from(place + 1).unwrap_or(0))
    }
}

/// The values of each dimension, the most frequent of them, in their alphabetical order.
pub(crate) fn vocabularies(dimensions: &[Dimension], drafts: [&[Draft]; 2]) -> Vec<Vocabulary> {
    let vocabulary = |(place, dimension): (usize, &Dimension)| {
        let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
        let drafts = drafts.iter().copied().flatten();
        let values = drafts.filter_map(|draft| draft.values.get(place));
        for value in values.flatten().filter_map(|(value, _)| value.as_deref()) {
            *seen.entry(value).or_default() += 1;
        }
        let mut order: Vec<_> = seen.into_iter().collect();
        order.sort_by_key(|&(value, n)| (std::cmp::Reverse(n), value));
        let more = order.len() > MOST_VALUES;
        let mut values: Vec<String> = order
            .into_iter()
            .take(MOST_VALUES)
            .map(|(value, _)| value.to_owned())
            .collect();
        values.sort_unstable();
        if more {
            values.push(OTHER.to_owned());
        }
        Vocabulary {
            dimension: dimension.clone(),
            values,
        }
    };
    dimensions.iter().enumerate().map(vocabulary).collect()
}
