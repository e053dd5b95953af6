//! A small decision tree by `linfa-trees`, kept to what that crate does rightly.
//!
//! Its traps, each with a test below: children with one label are pruned, so that without balanced
//! weights a win rate of 10 % leaves one leaf; weights in f32 drift apart above 50,000 rows; labels
//! of equal weight are told apart by the order of a hash map; a missing number panics.

use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_trees::{DecisionTree, SplitQuality, TreeNode};
use ndarray::{Array1, Array2};

/// Questions from the root to a leaf.
const DEPTH: usize = 3;
/// The share of all weight that a leaf has at least.
const LEAF: f32 = 0.05;
/// What a split must gain of Gini's impurity.
const GAIN: f64 = 1e-3;
/// Rows beyond which the crate's weights drift; more are thinned evenly.
const MOST_ROWS: usize = 20_000;
/// By how much wins weigh more than losses, so that no two labels ever weigh the same.
const NEVER_EQUAL: f32 = 1.000_1;

/// A leaf as the columns that are asked on the way to it, and whether each is there.
pub(crate) type Path = Vec<(usize, bool)>;

/// The leaves of a tree over rows of columns that are there or not. Empty where the rows have one
/// outcome, or no split gains anything.
pub(crate) fn leaves(rows: &[(Vec<bool>, bool)]) -> Vec<Path> {
    let step = rows.len().div_ceil(MOST_ROWS).max(1);
    let rows: Vec<&(Vec<bool>, bool)> = rows.iter().step_by(step).collect();
    let columns = rows.first().map_or(0, |row| row.0.len());
    let won = rows.iter().filter(|row| row.1).count();
    if columns == 0 || won == 0 || won == rows.len() {
        return Vec::new();
    }
    let n = rows.len() as f32;
    let weight_won = NEVER_EQUAL * n / (2.0 * won as f32);
    let weight_lost = n / (2.0 * (rows.len() - won) as f32);
    let present = |row: usize, column: usize| {
        let there = rows.get(row).and_then(|row| row.0.get(column));
        f64::from(u8::from(there.copied().unwrap_or(false)))
    };
    let records =
        Array2::from_shape_fn((rows.len(), columns), |(row, column)| present(row, column));
    let outcomes: Array1<bool> = rows.iter().map(|row| row.1).collect();
    let weight = |row: &&&(Vec<bool>, bool)| if row.1 { weight_won } else { weight_lost };
    let weights: Array1<f32> = rows.iter().map(|row| weight(&row)).collect();
    let data = DatasetBase::new(records, outcomes).with_weights(weights);
    let fitted = DecisionTree::params()
        .split_quality(SplitQuality::Gini)
        .max_depth(Some(DEPTH))
        .min_weight_leaf(LEAF * n)
        .min_impurity_decrease(GAIN)
        .fit(&data);
    let Ok(tree) = fitted else { return Vec::new() };
    let mut leaves = Vec::new();
    walk(tree.root_node(), &mut Vec::new(), &mut leaves);
    leaves.retain(|path| !path.is_empty());
    leaves
}

fn walk(node: &TreeNode<f64, bool>, path: &mut Path, leaves: &mut Vec<Path>) {
    if node.is_leaf() {
        leaves.push(path.clone());
        return;
    }
    let (column, _, _) = node.split();
    // The crate puts what is at most the split value, here 0.5, to the left.
    for (child, there) in node.children().into_iter().zip([false, true]) {
        if let Some(child) = child {
            path.push((column, there));
            walk(child, path, leaves);
            path.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stats::Stream;

    /// Rows won at 10 %, at 30 % where column 1 is there.
    fn rows(n: usize, columns: usize) -> Vec<(Vec<bool>, bool)> {
        let mut stream = Stream::new(4, 902, 0);
        let row = |_| {
            let there: Vec<bool> = (0..columns).map(|_| stream.bernoulli(0.5)).collect();
            let chance = if there[1] { 0.3 } else { 0.1 };
            (there, stream.bernoulli(chance))
        };
        (0..n).map(row).collect()
    }

    #[test]
    fn a_low_rate_does_not_leave_one_leaf() {
        let leaves = leaves(&rows(2_000, 4));
        assert!(
            leaves.contains(&vec![(1, false)]) || leaves.len() > 2,
            "{leaves:?}"
        );
        assert!(
            leaves
                .iter()
                .all(|path| path.first().is_some_and(|(column, _)| *column == 1))
        );
    }

    #[test]
    fn fifty_fits_give_one_tree() {
        // Columns 2 and 3 say the same, and half of all is won: every tie there can be.
        let mut rows = rows(400, 4);
        for (number, row) in rows.iter_mut().enumerate() {
            row.0[3] = row.0[2];
            row.1 = number % 2 == 0;
        }
        let first = leaves(&rows);
        for _ in 0..50 {
            assert_eq!(leaves(&rows), first);
        }
    }

    #[test]
    fn many_rows_are_thinned_and_do_not_drift() {
        let leaves = leaves(&rows(200_000, 2));
        assert_eq!(leaves, [vec![(1, false)], vec![(1, true)]]);
    }

    #[test]
    fn one_outcome_or_no_column_gives_no_leaf() {
        assert!(leaves(&[]).is_empty());
        let mut same = rows(100, 3);
        for row in &mut same {
            row.1 = true;
        }
        assert!(leaves(&same).is_empty());
        assert!(leaves(&[(vec![], true), (vec![], false)]).is_empty());
    }
}
