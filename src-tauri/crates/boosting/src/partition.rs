//! Rows that go left before rows that go right.

use crate::histogram::Row;
use rayon::prelude::*;

/// Rows below which parting them is done before another thread has woken.
const WORTH_A_THREAD: usize = 16_384;

/// Puts the rows that go `left` before the others, and says how many they are. Each side keeps its
/// order, on any number of threads.
pub(crate) fn partition(
    rows: &mut [Row],
    spare: &mut Vec<Row>,
    threads: usize,
    left: &(impl Fn(&Row) -> bool + Sync),
) -> usize {
    let threads = threads.min(rows.len() / WORTH_A_THREAD).max(1);
    in_chunks(rows, spare, rows.len().div_ceil(threads).max(1), left)
}

fn in_chunks(
    rows: &mut [Row],
    spare: &mut Vec<Row>,
    chunk: usize,
    left: &(impl Fn(&Row) -> bool + Sync),
) -> usize {
    if spare.len() < rows.len() {
        spare.resize(rows.len(), Row::default());
    }
    let parts = rows.chunks_mut(chunk).zip(spare.chunks_mut(chunk));
    let counts: Vec<usize> = if parts.len() < 2 {
        parts.map(|(rows, spare)| part(rows, spare, left)).collect()
    } else {
        let parts = rows.par_chunks_mut(chunk).zip(spare.par_chunks_mut(chunk));
        parts.map(|(rows, spare)| part(rows, spare, left)).collect()
    };
    gather(rows, spare, chunk, &counts)
}

/// Puts the rows that go left at the front of their chunk, and the others at the front of `spare`. Both
/// places are written for every row, so that the processor has no branch to guess.
fn part(rows: &mut [Row], spare: &mut [Row], left: &impl Fn(&Row) -> bool) -> usize {
    let mut count = 0;
    for place in 0..rows.len() {
        let row = rows[place];
        let goes_left = left(&row);
        rows[count] = row;
        spare[place - count] = row;
        count += usize::from(goes_left);
    }
    count
}

/// Brings the left parts of all chunks to the front, and the right ones behind them.
fn gather(rows: &mut [Row], spare: &[Row], chunk: usize, counts: &[usize]) -> usize {
    let mut count = 0;
    for (number, &left) in counts.iter().enumerate() {
        let start = number * chunk;
        rows.copy_within(start..start + left, count);
        count += left;
    }
    let mut end = count;
    for (number, &left) in counts.iter().enumerate() {
        let start = number * chunk;
        let right = (rows.len() - start).min(chunk) - left;
        rows[end..end + right].copy_from_slice(&spare[start..start + right]);
        end += right;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_part_as_one_piece_does() {
        let row = |row| Row {
            row,
            ..Row::default()
        };
        let left = |row: &Row| row.row.is_multiple_of(3);
        for n in [0, 1, 7, 20, 21] {
            let rows: Vec<Row> = (0..n).map(row).collect();
            let (mut expected, right): (Vec<Row>, Vec<Row>) =
                rows.iter().partition(|row| left(row));
            let count = expected.len();
            expected.extend(right);
            for chunk in [1, 3, 7, 100] {
                let mut parted = rows.clone();
                let found = in_chunks(&mut parted, &mut Vec::new(), chunk, &left);
                assert_eq!((found, &parted), (count, &expected), "{n} rows by {chunk}");
            }
        }
    }
}
