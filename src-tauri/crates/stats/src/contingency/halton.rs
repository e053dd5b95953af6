//! Fisher's exact test of a table of any size (Freeman and Halton 1951), by simulation.

use crate::error::{Error, same_rows};
use crate::random::Stream;
use crate::special::ln_gamma;

/// A probability that was simulated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Simulated {
    /// The probability; never 0, for the table itself is one of those drawn.
    pub p: f64,
    /// Its standard error.
    pub error: f64,
}

/// Two tables whose logarithms are within this are equally likely, as in R's `fisher.test`.
const TIE: f64 = 1e-7;

/// The most cases of a table: each draw deals them out anew.
const MOST_CASES: u64 = 10_000_000;

/// How likely a table no more likely than this one is with the same margins, where rows and columns
/// have nothing to do with each other. The rows are groups, the columns what became of them; all rows
/// are of one length. Tables are drawn by the run's seed, for this purpose.
///
/// A table with fewer than two rows or columns that hold anything says nothing: 1.
///
/// # Errors
/// When rows are of different lengths, or the counts are too large.
pub fn fisher_freeman_halton(
    rows: &[Vec<u32>],
    seed: u64,
    purpose: u32,
    draws: u32,
) -> Result<Simulated, Error> {
    let width = rows.first().map_or(0, Vec::len);
    for row in rows {
        same_rows(width, row.len())?;
    }
    let sum = |counts: &mut dyn Iterator<Item = u32>| counts.map(u64::from).sum::<u64>();
    let mut of_rows: Vec<u64> = rows
        .iter()
        .map(|row| sum(&mut row.iter().copied()))
        .collect();
    let of_columns: Vec<u64> = (0..width)
        .map(|column| sum(&mut rows.iter().filter_map(|row| row.get(column).copied())))
        .collect();
    let cases: u64 = of_rows.iter().sum();
    if cases > MOST_CASES {
        return Err(Error::Range("a table's number of cases"));
    }
    let filled = |counts: &[u64]| counts.iter().filter(|count| **count > 0).count();
    if filled(&of_rows) < 2 || filled(&of_columns) < 2 || draws == 0 {
        return Ok(Simulated { p: 1.0, error: 0.0 });
    }
    // The largest row gets what the others leave, so it is dealt out last, by subtraction.
    of_rows.sort_unstable();
    let weigh = |counts: &mut dyn Iterator<Item = u64>| -> f64 {
        counts.map(|count| -ln_gamma(count as f64 + 1.0)).sum()
    };
    let observed = weigh(&mut rows.iter().flatten().map(|count| u64::from(*count)));
    let deck: Vec<u32> = (0_u32..)
        .zip(&of_columns)
        .flat_map(|(column, count)| std::iter::repeat_n(column, *count as usize))
        .collect();
    let mut extreme = 0_u32;
    let mut cards = deck.clone();
    for draw in 0..draws {
        let mut stream = Stream::new(seed, purpose, u64::from(draw));
        cards.clone_from(&deck);
        let mut left = of_columns.clone();
        let mut dealt = 0;
        let mut weight = 0.0;
        for &size in of_rows.iter().take(of_rows.len() - 1) {
            let mut row = vec![0_u64; width];
            for _ in 0..size {
                let rest = u32::try_from(cards.len() - dealt).unwrap_or(u32::MAX);
                cards.swap(dealt, dealt + stream.index(rest) as usize);
                let column = cards[dealt] as usize;
                row[column] += 1;
                left[column] -= 1;
                dealt += 1;
            }
            weight += weigh(&mut row.into_iter());
        }
        weight += weigh(&mut left.into_iter());
        extreme += u32::from(weight <= observed + TIE);
    }
    let (extreme, draws) = (f64::from(extreme), f64::from(draws));
    let p = (extreme + 1.0) / (draws + 1.0);
    Ok(Simulated {
        p,
        error: (p * (1.0 - p) / draws).sqrt(),
    })
}
