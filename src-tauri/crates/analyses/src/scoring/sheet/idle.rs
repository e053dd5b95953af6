//! Columns that nothing is to be learnt from: empty ones, those that are the same everywhere, and those
//! that name or number the rows.

use crate::scoring::Values;

/// A column whose values are nearly all different names rows, and has so many at least.
const NAMES: (f64, usize) = (0.95, 50);

/// Why nothing is to be learnt from a column.
pub(super) fn useless(name: &str, values: &Values) -> Option<String> {
    match values {
        Values::Numbers(numbers) => {
            let mut known: Vec<f64> = numbers.iter().copied().filter(|x| x.is_finite()).collect();
            let filled = known.len();
            known.sort_unstable_by(f64::total_cmp);
            known.dedup();
            let words = crate::scoring::audit::words(name);
            let is_named = ["id", "number", "no", "key"]
                .iter()
                .any(|word| words.iter().any(|other| other == word));
            let counts = is_named && known.iter().all(|x| x.fract() == 0.0);
            if known.is_empty() {
                Some(format!("{name} is left out: nothing is there."))
            } else if known.len() == 1 && filled == numbers.len() {
                Some(format!("{name} is left out: it is the same everywhere."))
            } else if counts && names_rows(known.len(), filled) {
                Some(format!("{name} is left out: it numbers the rows."))
            } else {
                None
            }
        }
        Values::Categories { codes, names } => {
            let filled = codes.iter().flatten().count();
            if names.len() == 1 && filled == codes.len() {
                Some(format!("{name} is left out: it is the same everywhere."))
            } else if names_rows(names.len(), filled) {
                Some(format!("{name} is left out: it names the rows."))
            } else {
                None
            }
        }
    }
}

fn names_rows(distinct: usize, filled: usize) -> bool {
    distinct >= NAMES.1 && distinct as f64 >= NAMES.0 * filled as f64
}
