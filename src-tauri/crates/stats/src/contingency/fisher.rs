//! Fisher's exact test of a fourfold table.

use super::table::Table;

/// How likely a table at least this extreme is with the same margins and no association. Below
/// about 1e-300 a probability is 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fisher {
    /// Tables no more likely than this one.
    pub two_sided: f64,
    /// Tables with at least as many in the first cell.
    pub greater: f64,
    /// Tables with at most as many in the first cell.
    pub less: f64,
}

/// Two probabilities within this relative distance are a tie, as in R's `fisher.test`.
const TIE: f64 = 1e-7;

/// Fisher's exact test (1922). An empty table gives 1 throughout.
///
/// The hypergeometric weights are built by their ratios from the most likely table outwards, so that
/// no factorial is rounded; the work grows with the square root of the counts.
#[must_use]
pub fn fisher_exact(table: &Table) -> Fisher {
    let here = table.cells()[0];
    let weights = first_cells(table, 0.0);
    let of = |of: &dyn Fn(f64, f64) -> bool| -> f64 {
        let taken = weights.iter().filter(|&&(x, weight)| of(x, weight));
        taken.fold(0.0, |sum, &(_, weight)| sum + weight)
    };
    let likely = of(&|x, _| x == here);
    let total = of(&|_, _| true);
    Fisher {
        two_sided: (of(&|_, weight| weight <= likely * (1.0 + TIE)) / total).min(1.0),
        greater: (of(&|x, _| x >= here) / total).min(1.0),
        less: (of(&|x, _| x <= here) / total).min(1.0),
    }
}

/// First cells that a table with these margins may have, each with its weight as a part of that of the
/// likeliest one, which comes first; then those above it, then those below. On either side it ends
/// where a weight is `least` or less.
pub(super) fn first_cells(table: &Table, least: f64) -> Vec<(f64, f64)> {
    let [a, b, c, d] = table.cells();
    let (row, column, all) = (a + b, a + c, a + b + c + d);
    let lowest = (row + column - all).max(0.0);
    let highest = row.min(column);
    let mode = ((row + 1.0) * (column + 1.0) / (all + 2.0))
        .floor()
        .clamp(lowest, highest);
    // w(x + 1) / w(x)
    let ratio = |x: f64| (row - x) * (column - x) / ((x + 1.0) * (all - row - column + x + 1.0));

    let mut weights = vec![(mode, 1.0)];
    let (mut x, mut weight) = (mode, 1.0);
    while x < highest && weight > least {
        weight *= ratio(x);
        x += 1.0;
        weights.push((x, weight));
    }
    (x, weight) = (mode, 1.0);
    while x > lowest && weight > least {
        weight /= ratio(x - 1.0);
        x -= 1.0;
        weights.push((x, weight));
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cells: [u32; 4], two_sided: f64) {
        let [a, b, c, d] = cells;
        let ours = fisher_exact(&Table { a, b, c, d }).two_sided;
        assert!(
            (ours - two_sided).abs() < 1e-10,
            "{ours} is not {two_sided}"
        );
    }

    #[test]
    fn the_published_table() {
        check([8, 2, 1, 5], 0.034_965_034_965_035);
    }

    #[test]
    fn nothing_to_compare_is_no_evidence() {
        check([0, 0, 0, 0], 1.0);
        check([5, 0, 9, 0], 1.0);
        check([0, 0, 4, 3], 1.0);
    }

    #[test]
    fn half_a_million_cases_apart_are_certain_and_quick() {
        check([250_000, 0, 0, 250_000], 0.0);
    }
}
