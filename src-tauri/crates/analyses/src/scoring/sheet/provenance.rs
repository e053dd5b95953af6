//! What a file tells the auditor of its columns: the dates that they hold, what they hold in rows that
//! are still open, and what they held a week before, where a file has several rows of one thing.

use super::Sheet;
use crate::scoring::Column;
use crate::scoring::audit::{Provenance, WeekBefore};
use std::collections::{BTreeMap, HashMap};

/// Milliseconds.
const WEEK: i64 = 7 * 86_400_000;

/// For each of some rows, the one that the same thing had a week before.
pub(super) struct Panel {
    /// Places among the closed rows.
    rows: Vec<usize>,
    /// Rows of the file.
    before: Vec<usize>,
}

impl Sheet {
    /// The latest row of the same group that was seen at least a week before each closed one. None where
    /// no closed row has one.
    pub(super) fn week_before(
        &self,
        group: usize,
        seen: &[i64],
        closed: &[usize],
    ) -> Option<Panel> {
        let cells: Vec<Option<&str>> = self.cells(group).collect();
        let mut by_group: HashMap<&str, Vec<(i64, usize)>> = HashMap::new();
        for (row, cell) in cells.iter().enumerate() {
            if let Some(cell) = cell {
                by_group.entry(cell).or_default().push((seen[row], row));
            }
        }
        for rows in by_group.values_mut() {
            rows.sort_unstable();
        }
        let before = |row: usize| {
            let rows = by_group.get(cells[row]?)?;
            let until = rows.partition_point(|(at, _)| *at <= seen[row] - WEEK);
            Some(rows.get(until.checked_sub(1)?)?.1)
        };
        let pairs = closed.iter().enumerate();
        let (rows, before): (Vec<usize>, Vec<usize>) = pairs
            .filter_map(|(place, &row)| Some((place, before(row)?)))
            .unzip();
        (!rows.is_empty()).then_some(Panel { rows, before })
    }
}

/// By column. `closed` and `open` are rows of the file.
pub(super) fn provenance(
    columns: &[Column],
    moments: &BTreeMap<String, Vec<Option<i64>>>,
    (closed, open): (&[usize], &[usize]),
    panel: Option<&Panel>,
) -> BTreeMap<String, Provenance> {
    let of = |column: &Column| {
        let moments = moments.get(&column.name);
        let known = Provenance {
            while_open: (!open.is_empty()).then(|| column.values.of_rows(open)),
            week_before: panel.map(|panel| WeekBefore {
                rows: panel.rows.clone(),
                values: column.values.of_rows(&panel.before),
            }),
            moments: moments.map(|moments| closed.iter().map(|&row| moments[row]).collect()),
            ..Provenance::default()
        };
        (column.name.clone(), known)
    };
    columns.iter().map(of).collect()
}
