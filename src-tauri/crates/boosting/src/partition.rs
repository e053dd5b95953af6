//! Rows that go left before rows that go right.

use crate::grow::WORTH_A_THREAD;
use crate::histogram::Row;

/// Puts the rows that go `left` before the others, and says how many they are. Each side keeps its
/// order, on any number of threads.
pub(crate) fn partition(
    rows: &mut [Row],
    spare: &mut Vec<Row>,
    threads: usize,
    left: &(impl Fn(&Row) -> bool + Sync),
) -> usize {
    let threads = threads.min(rows.len() / WORTH_A_THREAD);
    if threads < 2 {
        return part(rows, spare, left);
    }
    let chunk = rows.len().div_ceil(threads);
    let counts: Vec<usize> = std::thread::scope(|scope| {
        let parts = rows.chunks_mut(chunk);
        let parts: Vec<_> = parts
            .map(|rows| scope.spawn(move || part(rows, &mut Vec::new(), left)))
            .collect();
        let joined = parts.into_iter().map(|part| match part.join() {
            Ok(count) => count,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.collect()
    });
    gather(rows, spare, chunk, &counts)
}

fn part(rows: &mut [Row], spare: &mut Vec<Row>, left: &impl Fn(&Row) -> bool) -> usize {
    spare.clear();
    let mut count = 0;
    for place in 0..rows.len() {
        let row = rows[place];
        if left(&row) {
            rows[count] = row;
            count += 1;
        } else {
            spare.push(row);
        }
    }
    rows[count..].copy_from_slice(spare);
    count
}

/// Brings the left parts of all chunks to the front.
fn gather(rows: &mut [Row], spare: &mut Vec<Row>, chunk: usize, counts: &[usize]) -> usize {
    spare.clear();
    let mut count = 0;
    for (number, &left) in counts.iter().enumerate() {
        let start = number * chunk;
        let end = (start + chunk).min(rows.len());
        spare.extend_from_slice(&rows[start + left..end]);
        rows.copy_within(start..start + left, count);
        count += left;
    }
    rows[count..].copy_from_slice(spare);
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
        let rows: Vec<Row> = (0..20).map(row).collect();
        let mut whole = rows.clone();
        let count = part(&mut whole, &mut Vec::new(), &left);
        let mut chunks = rows;
        let counts: Vec<usize> = chunks
            .chunks_mut(7)
            .map(|rows| part(rows, &mut Vec::new(), &left))
            .collect();
        assert_eq!(gather(&mut chunks, &mut Vec::new(), 7, &counts), count);
        assert_eq!(chunks, whole);
    }
}
