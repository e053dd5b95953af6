//! Whether scores put what happened above what did not.

use super::{both, sound, weighable};
use crate::error::{Error, same_rows};
use crate::proportion::{level_within, reach};
use crate::regression::Effect;
use crate::special::expit;
use serde::{Deserialize, Serialize};

/// The area under the ROC curve: how likely one that happened scores above one that did not, a tie
/// counting half.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Auc {
    /// The area; 0.5 tells nothing apart.
    pub value: f64,
    /// Its standard error (DeLong, DeLong and Clarke-Pearson 1988).
    pub error: f64,
    /// Lower end of the interval, symmetric on the log odds.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How often such an interval covers the truth, such as 0.95.
    pub level: f64,
}

/// The area alone.
///
/// # Errors
/// When the columns differ in length, hold what is not a number, or all rows have one outcome.
pub fn auc(scores: &[f64], happened: &[bool]) -> Result<f64, Error> {
    Ok(placements(scores, happened)?.area)
}

/// The area where rows weigh differently.
///
/// # Errors
/// As for [`auc`], by the rows that weigh something.
pub fn weighted_auc(scores: &[f64], happened: &[bool], weights: &[f64]) -> Result<f64, Error> {
    sound(scores, happened)?;
    weighable(scores.len(), weights)?;
    let one = vec![0; scores.len()];
    let ranking = Ranking::of(scores, happened, weights, &one)?;
    ranking.area(&[1.0]).ok_or(Error::TooFew)
}

/// Rows in the order of their scores, each of a cluster: areas under many counts of clusters, as those
/// of a bootstrap, sort but once.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking(Vec<Ranked>);

/// A row in the order of scores.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ranked {
    cluster: u32,
    /// Whether the next row's score is another one.
    is_last: bool,
    /// Its weight where it happened, else 0.
    won: f64,
    /// Its weight where it did not, else 0.
    lost: f64,
}

impl Ranking {
    /// Of rows with their clusters.
    ///
    /// # Errors
    /// When the columns differ in length.
    pub fn of(
        scores: &[f64],
        happened: &[bool],
        weights: &[f64],
        clusters: &[u32],
    ) -> Result<Self, Error> {
        for there in [happened.len(), weights.len(), clusters.len()] {
            same_rows(scores.len(), there)?;
        }
        let order = ascending(scores);
        let row = |(place, &row): (usize, &usize)| {
            let next = order.get(place + 1).copied();
            let weight = |happens: bool| if happens { weights[row] } else { 0.0 };
            Ranked {
                cluster: clusters[row],
                is_last: next.is_none_or(|next| scores[next] != scores[row]),
                won: weight(happened[row]),
                lost: weight(!happened[row]),
            }
        };
        Ok(Self(order.iter().enumerate().map(row).collect()))
    }

    /// The area where each cluster counts so often. None where an outcome counts nothing.
    #[must_use]
    pub fn area(&self, counts: &[f64]) -> Option<f64> {
        let (mut won, mut lost, mut area) = (0.0, 0.0, 0.0);
        let (mut won_here, mut lost_here) = (0.0, 0.0);
        for row in &self.0 {
            let count = counts.get(row.cluster as usize).copied().unwrap_or(0.0);
            won_here += count * row.won;
            lost_here += count * row.lost;
            if row.is_last {
                area += won_here * (lost + lost_here / 2.0);
                won += won_here;
                lost += lost_here;
                (won_here, lost_here) = (0.0, 0.0);
            }
        }
        (won > 0.0 && lost > 0.0).then(|| area / (won * lost))
    }
}

/// The area with DeLong's error, by midranks (Sun and Xu 2014, doi:10.1109/LSP.2014.2337313). It takes
/// rows as independent: rows of one deal want a bootstrap by deal.
///
/// # Errors
/// As for [`auc`]; too few where an outcome has a single row, which has no variance.
pub fn delong(scores: &[f64], happened: &[bool], level: f64) -> Result<Auc, Error> {
    let placed = placements(scores, happened)?;
    let variance = covariance(&placed.won, &placed.won)? / placed.won.len() as f64
        + covariance(&placed.lost, &placed.lost)? / placed.lost.len() as f64;
    let level = level_within(level);
    let (value, error) = (placed.area, variance.max(0.0).sqrt());
    // At 0 and 1 the log odds have no end, and the variance is 0: nothing is known there.
    let inside = value > 0.0 && value < 1.0;
    let (low, high) = if inside {
        let centre = (value / (1.0 - value)).ln();
        let half = reach(level) * error / (value * (1.0 - value));
        (expit(centre - half), expit(centre + half))
    } else {
        (0.0, 1.0)
    };
    Ok(Auc {
        value,
        error,
        low,
        high,
        level,
    })
}

/// By how much the first scores' area is above the second's on the same rows, with DeLong's paired
/// error and test.
///
/// # Errors
/// As for [`delong`], or when the scores are not as many.
pub fn delong_difference(
    first: &[f64],
    second: &[f64],
    happened: &[bool],
    level: f64,
) -> Result<Effect, Error> {
    same_rows(first.len(), second.len())?;
    let (a, b) = (placements(first, happened)?, placements(second, happened)?);
    let difference =
        |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a - b).collect() };
    let (won, lost) = (difference(&a.won, &b.won), difference(&a.lost, &b.lost));
    let variance =
        covariance(&won, &won)? / won.len() as f64 + covariance(&lost, &lost)? / lost.len() as f64;
    let error = variance.max(0.0).sqrt();
    Effect::with_error(a.area - b.area, error, level).ok_or(Error::Range("an area"))
}

/// The mean of the share that happened among all rows scored as high, over the rows that happened:
/// the area under the precision-recall curve by steps. Beside it belongs the base rate, which is what
/// chance gives.
///
/// # Errors
/// As for [`auc`].
pub fn average_precision(scores: &[f64], happened: &[bool]) -> Result<f64, Error> {
    sound(scores, happened)?;
    let (positive, _) = both(happened)?;
    let mut order = ascending(scores);
    order.reverse();
    let (mut seen, mut found, mut sum) = (0.0, 0.0, 0.0);
    for group in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
        let here = group.iter().filter(|&&row| happened[row]).count() as f64;
        seen += group.len() as f64;
        found += here;
        sum += here * found / seen;
    }
    Ok(sum / positive as f64)
}

/// What is found among the rows that score highest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Gain {
    /// The share of rows that are looked at, from the highest score down.
    pub share: f64,
    /// The rows that are.
    pub rows: u32,
    /// How many of them happened. Rows that tie with the last one count by their share.
    pub found: f64,
    /// The share of all that happened that is found.
    pub recall: f64,
    /// How many times the base rate the rate among them is.
    pub lift: f64,
}

/// The gain at each of `shares`, of which each is above 0 and at most 1; the rows are rounded up.
///
/// # Errors
/// As for [`auc`], or when a share is none.
pub fn gains(scores: &[f64], happened: &[bool], shares: &[f64]) -> Result<Vec<Gain>, Error> {
    sound(scores, happened)?;
    let (positive, _) = both(happened)?;
    let mut order = ascending(scores);
    order.reverse();
    let n = order.len();
    let at = |&share: &f64| {
        if !(share > 0.0 && share <= 1.0) {
            return Err(Error::Range("a share"));
        }
        let rows = ((share * n as f64).ceil() as usize).clamp(1, n);
        let found = found_among(&order, scores, happened, rows);
        Ok(Gain {
            share,
            rows: u32::try_from(rows).map_err(|_| Error::Range("the rows"))?,
            found,
            recall: found / positive as f64,
            lift: found / rows as f64 * n as f64 / positive as f64,
        })
    };
    shares.iter().map(at).collect()
}

fn found_among(order: &[usize], scores: &[f64], happened: &[bool], rows: usize) -> f64 {
    let (mut left, mut found) = (rows as f64, 0.0);
    for group in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
        let here = group.iter().filter(|&&row| happened[row]).count() as f64;
        let size = group.len() as f64;
        found += here * (left / size).min(1.0);
        left -= size;
        if left <= 0.0 {
            break;
        }
    }
    found
}

/// Of each row, the share of the other outcome's rows that it stands right to.
struct Placements {
    area: f64,
    won: Vec<f64>,
    lost: Vec<f64>,
}

fn placements(scores: &[f64], happened: &[bool]) -> Result<Placements, Error> {
    sound(scores, happened)?;
    let (m, n) = both(happened)?;
    let all = midranks(scores);
    let of = |wanted: bool| -> (Vec<f64>, Vec<f64>) {
        let rows = (0..scores.len()).filter(|&row| happened[row] == wanted);
        let (own, ranks): (Vec<f64>, Vec<f64>) = rows.map(|row| (scores[row], all[row])).unzip();
        (midranks(&own), ranks)
    };
    let (own, ranks) = of(true);
    let won: Vec<f64> = own
        .iter()
        .zip(&ranks)
        .map(|(own, all)| (all - own) / n as f64)
        .collect();
    let (own, ranks) = of(false);
    let lost = own
        .iter()
        .zip(&ranks)
        .map(|(own, all)| 1.0 - (all - own) / m as f64)
        .collect();
    let area = won.iter().sum::<f64>() / m as f64;
    Ok(Placements { area, won, lost })
}

/// The rank of each number among all, from 1, the mean of their places where some are equal.
fn midranks(values: &[f64]) -> Vec<f64> {
    let order = ascending(values);
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for group in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = before as f64 + (group.len() as f64 + 1.0) / 2.0;
        for &row in group {
            ranks[row] = rank;
        }
        before += group.len();
    }
    ranks
}

fn ascending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    // Equal numbers stand beside each other, also both zeros.
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    order
}

fn covariance(a: &[f64], b: &[f64]) -> Result<f64, Error> {
    let n = a.len() as f64;
    if a.len() < 2 {
        return Err(Error::TooFew);
    }
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let products = a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b));
    Ok(products.sum::<f64>() / (n - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCORES: [f64; 10] = [0.9, 0.8, 0.4, 0.35, 0.7, 0.5, 0.35, 0.2, 0.1, 0.05];

    fn happened() -> Vec<bool> {
        (0..10).map(|row| row < 4).collect()
    }

    /// Golden vector F11: the area and its variance by hand, the interval on the log odds.
    #[test]
    fn ten_rows_by_hand() {
        let area = delong(&SCORES, &happened(), 0.95).unwrap();
        assert!((area.value - 0.8125).abs() < 1e-12);
        assert!((area.error - 0.148_876_968_8).abs() < 1e-10);
        assert!((area.low - 0.389_592_517_2).abs() < 1e-9);
        assert!((area.high - 0.967_127_678_5).abs() < 1e-9);
    }

    #[test]
    fn equal_weights_are_no_weights_and_weights_are_rows() {
        let plain = auc(&SCORES, &happened()).unwrap();
        let weighted = weighted_auc(&SCORES, &happened(), &[2.0; 10]).unwrap();
        assert!((plain - weighted).abs() < 1e-15);
        let mut weights = [1.0; 10];
        weights[3] = 2.0;
        let twice: Vec<f64> = SCORES.iter().copied().chain([SCORES[3]]).collect();
        let mut outcomes = happened();
        outcomes.push(true);
        let rows = auc(&twice, &outcomes).unwrap();
        assert!((weighted_auc(&SCORES, &happened(), &weights).unwrap() - rows).abs() < 1e-15);
    }

    #[test]
    fn a_cluster_that_counts_twice_is_rows_that_stand_twice() {
        let clusters: Vec<u32> = (0..10).map(|row| row / 3).collect();
        let counts = [2.0, 0.0, 1.0, 3.0];
        let weights = [0.5; 10];
        let ranking = Ranking::of(&SCORES, &happened(), &weights, &clusters).unwrap();
        let rows: Vec<usize> = (0..10)
            .flat_map(|row| vec![row; counts[row / 3] as usize])
            .collect();
        let scores: Vec<f64> = rows.iter().map(|&row| SCORES[row]).collect();
        let outcomes: Vec<bool> = rows.iter().map(|&row| row < 4).collect();
        let expected = auc(&scores, &outcomes).unwrap();
        assert!((ranking.area(&counts).unwrap() - expected).abs() < 1e-12);
        assert_eq!(ranking.area(&[1.0, 0.0, 0.0, 0.0]), None);
        let short = Ranking::of(&SCORES, &happened(), &weights, &[0; 3]);
        assert!(short.is_err());
    }

    #[test]
    fn what_tells_nothing_apart_says_so() {
        let flat = delong(&[0.3; 10], &happened(), 0.95).unwrap();
        assert_eq!((flat.value, flat.error), (0.5, 0.0));
        let perfect: Vec<f64> = (0..10).map(|row| f64::from(10 - row)).collect();
        let perfect = delong(&perfect, &happened(), 0.95).unwrap();
        assert_eq!((perfect.value, perfect.low, perfect.high), (1.0, 0.0, 1.0));
        assert_eq!(auc(&SCORES, &[true; 10]), Err(Error::TooFew));
        assert_eq!(
            auc(&[f64::NAN; 10], &happened()),
            Err(Error::Range("a score"))
        );
    }

    #[test]
    fn gains_add_up() {
        let gains = gains(&SCORES, &happened(), &[0.1, 0.2, 0.6, 1.0]).unwrap();
        let found: Vec<f64> = gains.iter().map(|gain| gain.found).collect();
        // Of six rows, five stand above 0.35; the sixth is one of two there, of which one happened.
        assert_eq!(found, [1.0, 2.0, 3.5, 4.0]);
        assert_eq!(gains[1].lift, 2.5);
        assert_eq!(gains[3].recall, 1.0);
    }
}
