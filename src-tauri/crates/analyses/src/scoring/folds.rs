//! Rows to learn from and rows to be judged on, parted so that no row is judged by what its own deal
//! or its own future has taught.

use std::collections::BTreeMap;

/// Some rows to learn from and others to be judged on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// What is learnt from.
    pub learnt: Vec<usize>,
    /// What is judged.
    pub judged: Vec<usize>,
}

/// Folds over `rows` by group, each with about as many rows and as many that happened; every row is
/// judged once. `shuffle` puts a number to each group, by which groups are dealt out.
#[must_use]
pub fn grouped(
    rows: &[usize],
    groups: &[u32],
    happened: &[bool],
    folds: usize,
    shuffle: impl Fn(u32) -> u64,
) -> Vec<Fold> {
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for &row in rows {
        members.entry(groups[row]).or_default().push(row);
    }
    let mut dealt: Vec<(bool, u64, u32)> = members
        .iter()
        .map(|(&group, rows)| {
            let any = rows.iter().any(|&row| happened[row]);
            (any, shuffle(group), group)
        })
        .collect();
    // Those that happened first, so that each fold has its share of them.
    dealt.sort_unstable_by_key(|&(any, place, group)| (!any, place, group));
    let mut fold_of = BTreeMap::new();
    let mut sizes = vec![(0_usize, 0_usize); folds];
    for (any, _, group) in dealt {
        let size = members.get(&group).map_or(0, Vec::len);
        let count = |&(all, won): &(usize, usize)| if any { (won, all) } else { (all, won) };
        let smallest = (0..folds).min_by_key(|&fold| (count(&sizes[fold]), fold));
        if let Some(fold) = smallest {
            sizes[fold].0 += size;
            sizes[fold].1 += if any { size } else { 0 };
            fold_of.insert(group, fold);
        }
    }
    let fold = |number: usize| {
        let is_judged = |row: &&usize| fold_of.get(&groups[**row]) == Some(&number);
        let (judged, learnt) = rows.iter().partition(is_judged);
        Fold { learnt, judged }
    };
    (0..folds).map(fold).collect()
}

/// Folds forward in time. At each of `origins`, ascending, what is judged are the rows seen from then
/// until the next one, and learnt from are those whose outcome was known by then (`known`), of other
/// groups. The last origin ends nothing: it is where the others stop.
///
/// `seen` and `known` are moments of one clock, in whatever unit.
#[must_use]
pub fn rolling(seen: &[i64], known: &[i64], groups: &[u32], origins: &[i64]) -> Vec<Fold> {
    let between = |pair: &[i64]| {
        let (from, until) = match pair {
            [from, until] => (*from, *until),
            _ => return None,
        };
        let rows = 0..seen.len();
        let judged: Vec<usize> = rows
            .clone()
            .filter(|&r| seen[r] >= from && seen[r] < until)
            .collect();
        let mut theirs: Vec<u32> = judged.iter().map(|&row| groups[row]).collect();
        theirs.sort_unstable();
        let learnt = rows
            .filter(|&row| known[row] <= from && theirs.binary_search(&groups[row]).is_err())
            .collect();
        Some(Fold { learnt, judged })
    };
    origins.windows(2).filter_map(between).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_judged_once_and_its_group_never_learnt_from() {
        let groups: Vec<u32> = (0..100).map(|row| row / 3).collect();
        let happened: Vec<bool> = groups.iter().map(|group| group % 4 == 0).collect();
        let rows: Vec<usize> = (0..100).collect();
        let folds = grouped(&rows, &groups, &happened, 5, |group| {
            u64::from(group) * 7 % 31
        });
        let mut judged: Vec<usize> = folds.iter().flat_map(|fold| fold.judged.clone()).collect();
        judged.sort_unstable();
        assert_eq!(judged, rows);
        for fold in &folds {
            let apart = |row: &usize| {
                fold.judged
                    .iter()
                    .all(|other| groups[*other] != groups[*row])
            };
            assert!(fold.learnt.iter().all(apart));
            let won = fold.judged.iter().filter(|&&row| happened[row]).count();
            assert!((3..=9).contains(&won), "{won}");
            assert!((17..=24).contains(&fold.judged.len()));
        }
    }

    #[test]
    fn nothing_is_learnt_that_was_not_known_yet() {
        let seen: Vec<i64> = (0..60).collect();
        let known: Vec<i64> = seen.iter().map(|at| at + 10).collect();
        let groups: Vec<u32> = (0..60).map(|row| row % 25).collect();
        let folds = rolling(&seen, &known, &groups, &[20, 40, 60]);
        assert_eq!(folds.len(), 2);
        for (fold, from) in folds.iter().zip([20, 40]) {
            assert!(fold.learnt.iter().all(|&row| known[row] <= from));
            assert!(
                fold.judged
                    .iter()
                    .all(|&row| seen[row] >= from && seen[row] < from + 20)
            );
            let apart = |row: &usize| {
                fold.judged
                    .iter()
                    .all(|other| groups[*other] != groups[*row])
            };
            assert!(fold.learnt.iter().all(apart));
        }
        // Row 0 was known by the second origin, and its group, 0, is judged there again at row 50.
        assert!(!folds[1].learnt.contains(&0));
        // Group 12 is not judged there.
        assert!(folds[1].learnt.contains(&12));
    }
}
