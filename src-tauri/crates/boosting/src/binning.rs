//! The numbers of a column as a few bins, told apart by edges.

/// The bin of what is missing; infinities are missing too, as nothing can be learnt from their size.
pub(crate) const MISSING: u8 = 0;
/// Values of a column that its edges are made from, at most.
const MOST_VALUES: usize = 200_000;

/// Upper edges, ascending. Bin `b`, from 1, holds what is above edge `b - 2` and at most edge `b - 1`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Edges(Vec<f64>);

impl Edges {
    /// Edges that put about as many of `values` into each of at most `bins` bins, and values that fill one
    /// into their own; one bin a value where there are no more values than bins.
    pub(crate) fn of(values: impl ExactSizeIterator<Item = f64>, bins: usize) -> Self {
        let step = values.len().div_ceil(MOST_VALUES).max(1);
        let mut values: Vec<f64> = values
            .step_by(step)
            .filter(|value| value.is_finite())
            .collect();
        values.sort_unstable_by(f64::total_cmp);
        let mut distinct: Vec<(f64, usize)> = Vec::new();
        for value in values {
            match distinct.last_mut() {
                // Both zeros are one value.
                Some((last, count)) if *last == value => *count += 1,
                _ => distinct.push((value, 1)),
            }
        }
        let one_each = distinct.len() <= bins;
        let all: usize = distinct.iter().map(|(_, count)| count).sum();
        let is_common = |count: usize| count * bins >= all;
        let (mut left, mut edges, mut in_bin) = (all, Vec::new(), 0);
        for pair in distinct.windows(2) {
            let [(value, count), (next, next_count)] = pair else {
                continue;
            };
            in_bin += count;
            let bins_left = bins - edges.len();
            // Round numbers are common and say more than their neighbours, which a bin with theirs in it
            // would hide; so their own bin is theirs alone, but for a few below them.
            let is_full = in_bin * bins_left >= left
                || is_common(*count)
                || (is_common(*next_count) && 2 * in_bin * bins_left >= left);
            if one_each || (bins_left > 1 && is_full) {
                edges.push(between(*value, *next));
                left -= in_bin;
                in_bin = 0;
            }
        }
        Self(edges)
    }

    /// The bin of a number: 0 for a missing one.
    pub(crate) fn bin(&self, value: f64) -> u8 {
        if value.is_finite() {
            // There are at most 254 edges.
            self.0.partition_point(|edge| *edge < value) as u8 + 1
        } else {
            MISSING
        }
    }

    /// The bins, the one of the missing included.
    pub(crate) fn bins(&self) -> usize {
        self.0.len() + 2
    }

    /// The largest number that goes into `bin` or one below: the largest there is for the last.
    pub(crate) fn upper(&self, bin: u8) -> f64 {
        let edge = usize::from(bin).checked_sub(1);
        edge.and_then(|edge| self.0.get(edge).copied())
            .unwrap_or(f64::MAX)
    }
}

/// The middle of two numbers, which has to stay below the upper one.
fn between(lower: f64, upper: f64) -> f64 {
    let middle = lower / 2.0 + upper / 2.0;
    if middle >= lower && middle < upper {
        middle
    } else {
        lower
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(values: &[f64], bins: usize, edges: &[f64]) {
        assert_eq!(Edges::of(values.iter().copied(), bins).0, edges);
    }

    #[test]
    fn few_values_have_a_bin_each() {
        check(&[3.0, 1.0, 2.0, 2.0], 255, &[1.5, 2.5]);
        check(&[f64::NAN, f64::INFINITY], 255, &[]);
        check(&[], 255, &[]);
        check(&[0.0, -0.0, 1.0], 255, &[0.5]);
        check(&[f64::MIN, f64::MAX], 255, &[0.0]);
    }

    #[test]
    fn many_values_share_bins_evenly() {
        let values: Vec<f64> = (0..1_000).map(f64::from).collect();
        check(&values, 4, &[249.5, 499.5, 749.5]);
    }

    #[test]
    fn a_value_that_most_rows_have_fills_one_bin() {
        let values: Vec<f64> = (0..900)
            .map(|_| 0.0)
            .chain((1..=100).map(f64::from))
            .collect();
        check(&values, 3, &[0.5, 50.5]);
    }

    #[test]
    fn a_common_value_is_not_hidden_among_its_neighbours() {
        // 5 in each of 0 to 99, and 200 more at 50: a tenth of 700 is a bin.
        let usual = (0..500).map(|row| f64::from(row / 5));
        let values: Vec<f64> = usual.chain((0..200).map(|_| 50.0)).collect();
        let edges = Edges::of(values.iter().copied(), 10);
        let with_it = (0..100).filter(|&value| edges.bin(f64::from(value)) == edges.bin(50.0));
        assert_eq!(with_it.collect::<Vec<i32>>(), [50]);
    }

    proptest! {
        #[test]
        fn the_order_of_numbers_is_the_order_of_bins(
            values in prop::collection::vec(prop::num::f64::ANY, 0..400),
            bins in 2_usize..=255,
        ) {
            let edges = Edges::of(values.iter().copied(), bins);
            prop_assert!(edges.bins() <= bins + 1);
            prop_assert!(edges.0.windows(2).all(|pair| pair[0] < pair[1]));
            for &a in &values {
                let bin = edges.bin(a);
                prop_assert_eq!(bin == MISSING, !a.is_finite());
                prop_assert!(bin == MISSING || a <= edges.upper(bin));
                for &b in &values {
                    prop_assert!(!(a.is_finite() && b.is_finite() && a <= b) || edges.bin(b) >= bin);
                }
            }
        }
    }
}
