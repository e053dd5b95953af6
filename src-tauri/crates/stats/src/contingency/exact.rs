//! An exact test over strata: the sum of the first cells, with all margins given.

use super::fisher::first_cells;
use super::table::Table;

/// Weights this small beside the likeliest one are nothing: far below any probability that is asked
/// about.
const NOTHING: f64 = 1e-25;

/// How likely a difference at least this large is by chance, on either side, where the group is no
/// different in any stratum: twice the smaller tail of the sum of the first cells, with half of the
/// sum's own probability (Lancaster's mid-p, 1961). None where the margins leave one sum alone.
///
/// Chi-squared takes the sum for a bell; where few cases are expected its tails are not the bell's.
/// The whole tail instead of the half finds less than it claims: counts come in steps.
#[must_use]
pub fn mid_p(strata: &[Table]) -> Option<f64> {
    let here: f64 = strata.iter().map(|table| table.cells()[0]).sum();
    // Probabilities of the sums from `lowest` on.
    let (mut lowest, mut sums) = (0.0, vec![1.0]);
    for table in strata {
        let (least, cells) = in_order(table);
        lowest += least;
        if cells.len() > 1 {
            sums = convolve(&sums, &cells);
            lowest += trim(&mut sums);
        }
    }
    let total: f64 = sums.iter().sum();
    if sums.len() < 2 || total <= 0.0 {
        return None;
    }
    let at = |place: usize| lowest + place as f64;
    let tail = |beyond: &dyn Fn(f64) -> bool| -> f64 {
        let sum = |sum: f64, (place, weight): (usize, &f64)| {
            let part = match at(place) {
                x if beyond(x) => 1.0,
                x if x == here => 0.5,
                _ => 0.0,
            };
            sum + part * weight
        };
        sums.iter().enumerate().fold(0.0, sum)
    };
    let smaller = tail(&|x| x > here).min(tail(&|x| x < here));
    Some((2.0 * smaller / total).min(1.0))
}

/// The probabilities of a table's first cells, from the lowest one on.
fn in_order(table: &Table) -> (f64, Vec<f64>) {
    let mut cells = first_cells(table, NOTHING);
    cells.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = cells.iter().map(|cell| cell.1).sum();
    let lowest = cells.first().map_or(0.0, |cell| cell.0);
    (
        lowest,
        cells.into_iter().map(|cell| cell.1 / total).collect(),
    )
}

fn convolve(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; a.len() + b.len() - 1];
    for (place, x) in a.iter().enumerate() {
        for (sum, y) in sums.iter_mut().skip(place).zip(b) {
            *sum += x * y;
        }
    }
    sums
}

/// Cuts off ends that are nothing; answers how many went at the lower one.
fn trim(sums: &mut Vec<f64>) -> f64 {
    let something = |weight: &f64| *weight > NOTHING;
    let first = sums.iter().position(something).unwrap_or(0);
    let last = sums.iter().rposition(something).unwrap_or(0);
    sums.truncate(last + 1);
    sums.drain(..first);
    first as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contingency::fisher_exact;

    fn table(a: u32, b: u32, c: u32, d: u32) -> Table {
        Table { a, b, c, d }
    }

    #[track_caller]
    fn check(strata: &[Table], expected: f64) {
        let ours = mid_p(strata).unwrap();
        assert!((ours - expected).abs() < 1e-10, "{ours} is not {expected}");
    }

    #[test]
    fn one_stratum_is_fishers_less_half_of_itself() {
        let one = table(8, 2, 1, 5);
        let fisher = fisher_exact(&one);
        let own = fisher.greater + fisher.less - 1.0;
        check(&[one], 2.0 * (fisher.greater - own / 2.0));
    }

    #[test]
    fn strata_are_summed_over_all_their_tables() {
        // By hand: the first cells are 0 to 2 of 1, 4, 1 sixths, and 0 to 1 of one half each. So the
        // sums 0 to 3 have 1, 5, 5, 1 twelfths; 3 is met with half of 1.
        check(&[table(2, 0, 0, 2), table(1, 0, 0, 1)], 2.0 * 0.5 / 12.0);
        check(
            &[table(1, 1, 1, 1), table(1, 0, 0, 1)],
            2.0 * (1.0 + 2.5) / 12.0,
        );
    }

    #[test]
    fn strata_that_say_nothing_change_nothing() {
        let one = table(8, 2, 1, 5);
        let silent = [table(0, 5, 0, 9), table(4, 0, 3, 0), table(0, 0, 3, 4)];
        check(&[&[one][..], &silent].concat(), mid_p(&[one]).unwrap());
        assert_eq!(mid_p(&silent), None);
        assert_eq!(mid_p(&[]), None);
    }

    #[test]
    fn with_many_cases_it_is_the_bell() {
        let strata = [table(140, 360, 250, 750), table(218, 282, 410, 590)];
        let bell = crate::stratified(&strata, 0.95).association.unwrap().p;
        let exact = mid_p(&strata).unwrap();
        assert!((exact / bell - 1.0).abs() < 0.02, "{exact} {bell}");
    }
}
