//! Categories as numbers that trees can ask about: how often the outcome happened, and how common
//! the category is.
//!
//! A row must not see its own outcome in its category's rate, or the trees learn by heart. So each
//! row is given the rate of the rows that come before it in a random order (ordered target statistics:
//! Prokhorenkova et al. 2018, arXiv:1706.09516), here the mean over a few orders. New rows are given
//! the rate of all of them. Nor must it see its group's: rows of one group come together, and see what
//! came before the group.
//!
//! In a category of many rows no outcome moves the rate by much, while rates that differ from row to row
//! smear categories that lie close together. Its rows are all given the rate of all of them.

use crate::{Error, random};
use ndarray::{ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a column of the records becomes one or two columns that trees ask about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Encoding {
    /// As it is.
    Number,
    /// By its rate and its rank.
    Category(Categories),
}

/// What is known of a column's categories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Categories {
    /// The rate of all rows, which an unknown category is given.
    prior: f64,
    /// By code, ascending.
    known: Vec<Category>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Category {
    code: u32,
    /// The smoothed rate of the outcome.
    rate: f64,
    /// How many categories are more common.
    rank: f64,
}

/// How much a category's own rows have to say.
#[derive(Clone, Copy)]
pub(crate) struct Smoothing {
    /// Rows at the overall rate that each category is given on top of its own.
    pub(crate) prior: f64,
    /// From so many rows on, all of them are given the rate of all of them.
    pub(crate) settled: f64,
}

/// The outcomes that rates are made of.
#[derive(Clone, Copy)]
pub(crate) struct Outcomes<'a> {
    pub(crate) happened: ArrayView1<'a, bool>,
    pub(crate) weights: &'a [f32],
    /// What each row belongs to; none where each stands alone.
    pub(crate) groups: &'a [u32],
}

impl Outcomes<'_> {
    fn of(self, row: usize) -> (f64, f64) {
        let weight = f64::from(self.weights.get(row).copied().unwrap_or(1.0));
        let happened = self.happened.get(row).copied().unwrap_or(false);
        (weight * f64::from(u8::from(happened)), weight)
    }

    /// The rows in a random order, those of a group together.
    pub(crate) fn order(self, seed: u64, stream: u64) -> Vec<u32> {
        let rows = self.happened.len();
        if self.groups.is_empty() {
            return random::order(seed, stream, rows);
        }
        let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (row, &group) in (0..).zip(self.groups) {
            members.entry(group).or_default().push(row);
        }
        let members: Vec<Vec<u32>> = members.into_values().collect();
        let order = random::order(seed, stream, members.len()).into_iter();
        order
            .filter_map(|group| members.get(group as usize))
            .flatten()
            .copied()
            .collect()
    }

    fn belong_together(self, one: usize, other: usize) -> bool {
        match (self.groups.get(one), self.groups.get(other)) {
            (Some(one), Some(other)) => one == other,
            _ => false,
        }
    }

    /// The share of weight whose outcome happened.
    pub(crate) fn rate(self) -> f64 {
        let (mut happened, mut all) = (0.0, 0.0);
        for row in 0..self.happened.len() {
            let (part, whole) = self.of(row);
            happened += part;
            all += whole;
        }
        happened / all
    }
}

impl Encoding {
    /// The columns that come out.
    pub(crate) fn width(&self) -> usize {
        match self {
            Self::Number => 1,
            Self::Category(_) => 2,
        }
    }

    /// Appends what `value` is to the trees.
    pub(crate) fn push(&self, value: f64, out: &mut Vec<f64>) {
        match self {
            Self::Number => out.push(value),
            Self::Category(categories) => out.extend(categories.pair(value)),
        }
    }
}

impl Categories {
    /// The rate and the rank of a code; nothing for none; the prior for one that was never seen.
    fn pair(&self, value: f64) -> [f64; 2] {
        if value.is_nan() {
            return [f64::NAN; 2];
        }
        let place = self
            .known
            .binary_search_by(|category| f64::from(category.code).total_cmp(&value));
        match place.ok().and_then(|place| self.known.get(place)) {
            Some(category) => [category.rate, category.rank],
            None => [self.prior, self.known.len() as f64],
        }
    }

    /// Learns the categories of a column, and gives what its own rows are to be learnt from.
    ///
    /// # Errors
    /// When a value is not a code.
    pub(crate) fn learn(
        records: ArrayView2<'_, f64>,
        column: usize,
        outcomes: Outcomes<'_>,
        Smoothing {
            prior: smoothing,
            settled,
        }: Smoothing,
        orders: &[Vec<u32>],
    ) -> Result<(Self, [Vec<f64>; 2]), Error> {
        let codes = codes_of(records, column)?;
        let mut distinct: Vec<u32> = codes.iter().flatten().copied().collect();
        distinct.sort_unstable();
        distinct.dedup();
        // Places in `distinct`, one past its end for a missing code.
        let none = distinct.len();
        let places: Vec<usize> = codes
            .iter()
            .map(|code| code.map_or(none, |code| distinct.partition_point(|&d| d < code)))
            .collect();
        let mut sums = vec![(0.0, 0.0); none + 1];
        for (row, &place) in places.iter().enumerate() {
            add(&mut sums, place, outcomes.of(row));
        }
        let prior = outcomes.rate();
        let smoothed =
            |(happened, all): (f64, f64)| (happened + smoothing * prior) / (all + smoothing);
        let ranks = ranks(&sums, &distinct);
        let known = distinct
            .iter()
            .zip(&sums)
            .zip(&ranks)
            .map(|((&code, &sum), &rank)| Category {
                code,
                rate: smoothed(sum),
                rank,
            })
            .collect();
        let mut rates = vec![0.0; places.len()];
        for order in orders {
            let mut before = vec![(0.0, 0.0); none + 1];
            // The rows of the group that is gone through.
            let mut together: Vec<(usize, usize)> = Vec::new();
            for row in order.iter().map(|&row| row as usize) {
                let Some(&place) = places.get(row) else {
                    continue;
                };
                let is_new = |&(last, _): &(usize, usize)| !outcomes.belong_together(last, row);
                if together.last().is_some_and(is_new) {
                    for (row, place) in together.drain(..) {
                        add(&mut before, place, outcomes.of(row));
                    }
                }
                together.push((row, place));
                let so_far = before.get(place).copied().unwrap_or_default();
                // Without smoothing the first row of a category has nothing before it.
                let rate = if so_far.1 + smoothing > 0.0 {
                    smoothed(so_far)
                } else {
                    prior
                };
                if let Some(slot) = rates.get_mut(row) {
                    *slot += rate / orders.len() as f64;
                }
            }
        }
        let mut ranked = vec![f64::NAN; places.len()];
        for ((rate, rank), &place) in rates.iter_mut().zip(&mut ranked).zip(&places) {
            match (ranks.get(place), sums.get(place)) {
                (Some(&known), Some(&sum)) => {
                    *rank = known;
                    if sum.1 > 0.0 && sum.1 >= settled {
                        *rate = smoothed(sum);
                    }
                }
                _ => *rate = f64::NAN,
            }
        }
        Ok((Self { prior, known }, [rates, ranked]))
    }

    /// Whether the codes ascend, as looking them up needs.
    pub(crate) fn is_sound(&self) -> bool {
        let pairs = self.known.windows(2);
        pairs.into_iter().all(|pair| match pair {
            [a, b] => a.code < b.code,
            _ => true,
        })
    }
}

fn add(sums: &mut [(f64, f64)], place: usize, (happened, weight): (f64, f64)) {
    if let Some(sum) = sums.get_mut(place) {
        sum.0 += happened;
        sum.1 += weight;
    }
}

/// How many categories are more common than each. Equals are equal: a column of names that each stand
/// once says nothing by their order.
fn ranks(sums: &[(f64, f64)], distinct: &[u32]) -> Vec<f64> {
    let mut places: Vec<usize> = (0..distinct.len()).collect();
    let weight = |place: &usize| sums.get(*place).map_or(0.0, |sum| sum.1);
    places.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    let mut ranks = vec![0.0; places.len()];
    let (mut rank, mut last) = (0.0, f64::NAN);
    for (before, place) in places.iter().enumerate() {
        let here = weight(place);
        if here != last {
            (rank, last) = (before as f64, here);
        }
        if let Some(slot) = ranks.get_mut(*place) {
            *slot = rank;
        }
    }
    ranks
}

fn codes_of(records: ArrayView2<'_, f64>, column: usize) -> Result<Vec<Option<u32>>, Error> {
    let read = |(row, &value): (usize, &f64)| {
        if value.is_nan() {
            Ok(None)
        } else if value >= 0.0 && value <= f64::from(u32::MAX) && value.fract() == 0.0 {
            Ok(Some(value as u32))
        } else {
            Err(Error::Category { row, column, value })
        }
    };
    records
        .column(column)
        .iter()
        .enumerate()
        .map(read)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array2};

    fn learnt(
        values: &[f64],
        happened: &[bool],
        groups: &[u32],
        order: &[u32],
        settled: f64,
    ) -> (Categories, [Vec<f64>; 2]) {
        let records = Array2::from_shape_vec((values.len(), 1), values.to_vec()).unwrap();
        let happened = Array1::from(happened.to_vec());
        let weights = vec![1.0; values.len()];
        let outcomes = Outcomes {
            happened: happened.view(),
            weights: &weights,
            groups,
        };
        let smoothing = Smoothing {
            prior: 2.0,
            settled,
        };
        Categories::learn(records.view(), 0, outcomes, smoothing, &[order.to_vec()]).unwrap()
    }

    #[test]
    fn a_row_sees_only_the_rows_before_it() {
        let values = [5.0, 5.0, 5.0, 9.0, f64::NAN];
        let happened = [true, true, false, false, false];
        let (categories, [rates, ranks]) = learnt(&values, &happened, &[], &[2, 0, 1, 3, 4], 4.0);
        // The prior is 2 of 5; two rows of it are added to each.
        assert_eq!(rates[2], 0.8 / 2.0);
        assert_eq!(rates[0], 0.8 / 3.0);
        assert_eq!(rates[1], 1.8 / 4.0);
        assert_eq!(rates[3], 0.4);
        assert!(rates[4].is_nan() && ranks[4].is_nan());
        assert_eq!(&ranks[..4], [0.0, 0.0, 0.0, 1.0]);
        assert_eq!(categories.pair(5.0), [2.8 / 5.0, 0.0]);
        assert_eq!(categories.pair(7.0), [0.4, 2.0]);
        assert!(categories.pair(f64::NAN)[0].is_nan());
    }

    #[test]
    fn a_row_sees_nothing_of_its_group() {
        let values = [5.0, 5.0, 5.0, 5.0];
        let happened = [true, true, false, true];
        let order = [1, 0, 2, 3];
        let (_, [rates, _]) = learnt(&values, &happened, &[7, 7, 3, 1], &order, 9.0);
        // The prior is 3 of 4; two rows of it are added to each.
        assert_eq!(rates[..2], [1.5 / 2.0; 2]);
        assert_eq!(rates[2], 3.5 / 4.0);
        assert_eq!(rates[3], 3.5 / 5.0);
    }

    #[test]
    fn groups_stay_together_in_every_order() {
        let happened = Array1::from_elem(60, true);
        let groups: Vec<u32> = (0..60).map(|row| row * 7 % 20).collect();
        let outcomes = Outcomes {
            happened: happened.view(),
            weights: &[],
            groups: &groups,
        };
        let order = outcomes.order(3, 4);
        let mut met: Vec<u32> = order.iter().map(|&row| groups[row as usize]).collect();
        met.dedup();
        assert_eq!(met.len(), 20);
        assert_ne!(met, (0..20).collect::<Vec<u32>>());
        let mut rows = order.clone();
        rows.sort_unstable();
        assert_eq!(rows, (0..60).collect::<Vec<u32>>());
        assert_ne!(outcomes.order(3, 5), order);
    }

    #[test]
    fn rows_of_a_common_category_are_given_one_rate() {
        let values = [5.0, 5.0, 5.0, 9.0, f64::NAN];
        let happened = [true, true, false, false, false];
        let (categories, [rates, _]) = learnt(&values, &happened, &[], &[2, 0, 1, 3, 4], 3.0);
        assert_eq!(rates[..3], [2.8 / 5.0; 3]);
        assert_eq!(categories.pair(5.0)[0], rates[0]);
        // One row of 9 is too few: it has nothing before it.
        assert_eq!(rates[3], 0.4);
        assert!(rates[4].is_nan());
    }

    #[test]
    fn what_is_no_code_is_said() {
        for value in [-1.0, 0.5, f64::INFINITY, 5e9] {
            let records = Array2::from_elem((1, 1), value);
            let error = codes_of(records.view(), 0).unwrap_err();
            assert!(matches!(
                error,
                Error::Category {
                    row: 0,
                    column: 0,
                    ..
                }
            ));
        }
    }
}
