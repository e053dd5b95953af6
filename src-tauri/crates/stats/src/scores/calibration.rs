//! Whether a probability of 30 % happens in 30 of 100.

use super::loss::log_odds;
use super::{both, probable, sound, weighable};
use crate::error::{Error, same_rows};
use crate::quantile::quantile;
use crate::random::Stream;
use crate::regression::{Design, Effect, Fitting, Logistic};
use crate::special::expit;
use serde::{Deserialize, Serialize};

/// A probability as a function of a score: `1 / (1 + exp(-(intercept + slope * score)))` (Platt 1999).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Platt {
    /// The log odds where the score is 0.
    pub intercept: f64,
    /// By how much the log odds rise with the score.
    pub slope: f64,
}

impl Platt {
    /// Fits by maximum likelihood on targets that are drawn off 0 and 1 by the rows there are, as
    /// Platt did against overfitting; weighted where rows are.
    ///
    /// # Errors
    /// When the columns differ in length or hold no numbers, all rows have one outcome, or the search
    /// does not end.
    pub fn fit(scores: &[f64], happened: &[bool], weights: &[f64]) -> Result<Self, Error> {
        const STEPS: usize = 100;
        sound(scores, happened)?;
        weighable(scores.len(), weights)?;
        both(happened)?;
        let weight_of = |wanted: bool| -> f64 {
            let rows = happened.iter().zip(weights);
            rows.filter(|(happened, _)| **happened == wanted)
                .map(|(_, weight)| weight)
                .sum()
        };
        let (won, lost) = (weight_of(true), weight_of(false));
        let targets = [1.0 / (lost + 2.0), (won + 1.0) / (won + 2.0)];
        let rows: Vec<(f64, f64, f64)> = scores
            .iter()
            .zip(happened)
            .zip(weights)
            .map(|((&score, &happened), &weight)| (score, targets[usize::from(happened)], weight))
            .collect();
        let loss = |line: Self| -> f64 {
            let of = |&(score, target, weight): &(f64, f64, f64)| {
                let eta = line.log_odds(score);
                weight * (eta.max(0.0) + (-eta.abs()).exp().ln_1p() - target * eta)
            };
            rows.iter().map(of).sum()
        };
        let mut line = Self {
            intercept: ((won + 1.0) / (lost + 1.0)).ln(),
            slope: 0.0,
        };
        let mut best = loss(line);
        for _ in 0..STEPS {
            let [step_0, step_1] = newton(line, &rows)?;
            let mut scale = 1.0;
            let (next, found) = loop {
                let next = Self {
                    intercept: line.intercept + scale * step_0,
                    slope: line.slope + scale * step_1,
                };
                let found = loss(next);
                if found <= best {
                    break (next, found);
                }
                scale /= 2.0;
                if scale < 1e-12 {
                    return Ok(line);
                }
            };
            let moved = (next.intercept - line.intercept).abs() + (next.slope - line.slope).abs();
            (line, best) = (next, found);
            if moved < 1e-10 * (1.0 + line.slope.abs() + line.intercept.abs()) {
                return Ok(line);
            }
        }
        Err(Error::NotConverged)
    }

    /// The log odds of a score.
    #[must_use]
    pub fn log_odds(self, score: f64) -> f64 {
        self.intercept + self.slope * score
    }

    /// The probability of a score.
    #[must_use]
    pub fn probability(self, score: f64) -> f64 {
        expit(self.log_odds(score))
    }
}

/// Newton's step from a line. The constant direction of equal scores is left out.
fn newton(line: Platt, rows: &[(f64, f64, f64)]) -> Result<[f64; 2], Error> {
    let mut gradient = [0.0; 2];
    let mut hessian = [0.0; 3];
    for &(score, target, weight) in rows {
        let p = line.probability(score);
        let (off, curve) = (weight * (target - p), weight * p * (1.0 - p));
        gradient[0] += off;
        gradient[1] += off * score;
        hessian[0] += curve;
        hessian[1] += curve * score;
        hessian[2] += curve * score * score;
    }
    let [a, b, c] = hessian;
    let determinant = a * c - b * b;
    let step = if determinant > 1e-12 * a * c {
        [
            (c * gradient[0] - b * gradient[1]) / determinant,
            (a * gradient[1] - b * gradient[0]) / determinant,
        ]
    } else {
        [gradient[0] / a, 0.0]
    };
    if step.iter().all(|step| step.is_finite()) {
        Ok(step)
    } else {
        Err(Error::NotConverged)
    }
}

/// A probability that never falls as the score rises: the steps of the pool-adjacent-violators
/// algorithm, between which it runs straight. It wants a thousand rows and more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Isotonic {
    /// Scores, ascending, with the probability at each.
    points: Vec<(f64, f64)>,
}

impl Isotonic {
    /// Fits by least squares.
    ///
    /// # Errors
    /// When the columns differ in length or hold no numbers, or there are no rows.
    pub fn fit(scores: &[f64], happened: &[bool], weights: &[f64]) -> Result<Self, Error> {
        sound(scores, happened)?;
        weighable(scores.len(), weights)?;
        let mut order: Vec<usize> = (0..scores.len())
            .filter(|&row| weights[row] > 0.0)
            .collect();
        order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
        // A block: the first and the last score, what happened, and the weight.
        let mut blocks: Vec<(f64, f64, f64, f64)> = Vec::new();
        for group in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
            let weight: f64 = group.iter().map(|&row| weights[row]).sum();
            let won = group.iter().filter(|&&row| happened[row]);
            let won: f64 = won.map(|&row| weights[row]).sum();
            let score = group.first().map_or(0.0, |&row| scores[row]);
            let mut block = (score, score, won, weight);
            while let Some(&(first, _, won, weight)) = blocks.last() {
                if won * block.3 < block.2 * weight {
                    break;
                }
                block = (first, block.1, won + block.2, weight + block.3);
                blocks.pop();
            }
            blocks.push(block);
        }
        let mut points = Vec::with_capacity(2 * blocks.len());
        for (first, last, won, weight) in blocks {
            points.push((first, won / weight));
            if last > first {
                points.push((last, won / weight));
            }
        }
        Ok(Self { points })
    }

    /// Whether every score has a probability: read from a file, steps may be none, or fall.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let rises = |pair: &[(f64, f64)]| match pair {
            [a, b] => a.0 < b.0 && a.1 <= b.1,
            _ => true,
        };
        let is_probable = |(_, p): &(f64, f64)| (0.0..=1.0).contains(p);
        !self.points.is_empty()
            && self.points.iter().all(is_probable)
            && self.points.windows(2).all(rises)
    }

    /// The probability of a score; beyond the ends, that of the end.
    #[must_use]
    pub fn probability(&self, score: f64) -> f64 {
        let after = self.points.partition_point(|(known, _)| *known < score);
        let point = |place: usize| self.points.get(place).copied();
        match (after.checked_sub(1).and_then(point), point(after)) {
            (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * (score - x0) / (x1 - x0),
            (None, Some((_, y))) | (Some((_, y)), None) => y,
            (None, None) => f64::NAN,
        }
    }
}

/// The line through outcomes on the log odds that were said: 0 and 1 where they were right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CalibrationLine {
    /// Above 0 where what happened was said too rarely.
    pub intercept: Effect,
    /// Below 1 where probabilities were too far from the base rate, as those of an overfitted model.
    pub slope: Effect,
}

impl CalibrationLine {
    /// Fits by maximum likelihood (Cox 1958). `clusters` are what rows belong to, such as their deals;
    /// the errors then hold whatever the dependence inside.
    ///
    /// # Errors
    /// When the columns differ in length or hold no probabilities, or a line cannot be drawn: one
    /// outcome, one probability, or no overlap.
    pub fn fit(
        probabilities: &[f64],
        happened: &[bool],
        weights: Option<&[f64]>,
        clusters: Option<&[u32]>,
        level: f64,
    ) -> Result<Self, Error> {
        probable(probabilities, happened)?;
        both(happened)?;
        let said: Vec<f64> = probabilities.iter().map(|&p| log_odds(p)).collect();
        let how = Fitting {
            weights,
            clusters,
            ..Fitting::default()
        };
        let fit = Logistic::fit(&Design::of(said.len(), &[&said])?, happened, &how)?;
        let coefficient = |column| fit.coefficient(column, level).ok_or(Error::TooFew);
        Ok(Self {
            intercept: coefficient(0)?,
            slope: coefficient(1)?,
        })
    }
}

/// Some rows of about one probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Bin {
    /// The rows.
    pub n: u32,
    /// What was said of them on average.
    pub said: f64,
    /// How many of them happened.
    pub happened: u32,
}

/// The expected calibration error: how far what was said is from what happened, on average over bins
/// of as many rows, against what it is when every probability is right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CalibrationError {
    /// The mean distance, by rows.
    pub value: f64,
    /// The mean of the same over outcomes drawn by the probabilities themselves.
    pub by_chance: f64,
    /// How often those are as far off or farther, the observed one counted among them.
    pub p: f64,
    /// The bins, by what was said.
    pub bins: Vec<Bin>,
}

impl CalibrationError {
    /// Over `bins` bins between quantiles, against `draws` draws of the run `seed`. `clusters` are what
    /// rows belong to, such as their deals, counted from 0: rows of one are drawn by one chance, as those
    /// of a deal seen twice mostly end alike. Independent rows would be held to a precision that they
    /// have not.
    ///
    /// # Errors
    /// When the columns differ in length or hold no probabilities, or there are no rows, bins or draws.
    pub fn of(
        probabilities: &[f64],
        happened: &[bool],
        clusters: Option<&[u32]>,
        bins: usize,
        draws: u32,
        seed: u64,
    ) -> Result<Self, Error> {
        const PURPOSE: u32 = 31;
        probable(probabilities, happened)?;
        if probabilities.is_empty() || bins == 0 || draws == 0 {
            return Err(Error::TooFew);
        }
        let clusters = match clusters {
            Some(clusters) => {
                same_rows(clusters.len(), happened.len())?;
                clusters.to_vec()
            }
            None => (0..happened.len() as u32).collect(),
        };
        let count = clusters.iter().max().map_or(0, |most| *most as usize + 1);
        let places = places(probabilities, bins);
        let bins = binned(probabilities, happened, &places, bins);
        let value = distance(&bins);
        let (mut drawn, mut chances) = (bins.clone(), vec![0.0; count]);
        let (mut sum, mut as_far) = (0.0, 1.0);
        for draw in 0..draws {
            let mut stream = Stream::new(seed, PURPOSE, u64::from(draw));
            chances.fill_with(|| stream.uniform());
            drawn.iter_mut().for_each(|bin| bin.happened = 0);
            let rows = probabilities.iter().zip(&clusters).zip(&places);
            for ((p, &cluster), &place) in rows {
                let happens = chances[cluster as usize] < *p;
                drawn[place].happened += u32::from(happens);
            }
            let off = distance(&drawn);
            sum += off;
            as_far += f64::from(u8::from(off >= value));
        }
        Ok(Self {
            value,
            by_chance: sum / f64::from(draws),
            p: as_far / (f64::from(draws) + 1.0),
            bins: bins.into_iter().filter(|bin| bin.n > 0).collect(),
        })
    }
}

/// The bin of each row: edges at the quantiles, as scikit-learn's `calibration_curve` draws them.
fn places(probabilities: &[f64], bins: usize) -> Vec<usize> {
    let mut sorted = probabilities.to_vec();
    sorted.sort_by(f64::total_cmp);
    let edges: Vec<f64> = (1..bins)
        .filter_map(|edge| quantile(&sorted, edge as f64 / bins as f64))
        .collect();
    let place = |p: &f64| edges.partition_point(|edge| edge < p);
    probabilities.iter().map(place).collect()
}

fn binned(probabilities: &[f64], happened: &[bool], places: &[usize], bins: usize) -> Vec<Bin> {
    let mut found = vec![
        Bin {
            n: 0,
            said: 0.0,
            happened: 0
        };
        bins
    ];
    for ((&p, &happened), &place) in probabilities.iter().zip(happened).zip(places) {
        if let Some(bin) = found.get_mut(place) {
            bin.n += 1;
            bin.said += p;
            bin.happened += u32::from(happened);
        }
    }
    for bin in found.iter_mut().filter(|bin| bin.n > 0) {
        bin.said /= f64::from(bin.n);
    }
    found
}

fn distance(bins: &[Bin]) -> f64 {
    let all: f64 = bins.iter().map(|bin| f64::from(bin.n)).sum();
    let off = |bin: &Bin| (bin.said * f64::from(bin.n) - f64::from(bin.happened)).abs();
    bins.iter().map(off).sum::<f64>() / all
}
