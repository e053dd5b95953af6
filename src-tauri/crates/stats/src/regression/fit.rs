//! The most likely coefficients, and how uncertain they are.

use super::design::Design;
use super::likelihood::{Problem, Surface, chances};
use crate::error::{Error, at_least_zero, same_rows};
use crate::linear::Factor;

/// How to fit. The default is plain maximum likelihood over independent rows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fitting<'a> {
    /// How strongly coefficients are drawn to 0: half of it times the sum of their squares is taken
    /// off the log likelihood, the constants' left out. scikit-learn's `1 / C`.
    pub ridge: f64,
    /// How often each row counts. Rows that are alike are best given once.
    pub weights: Option<&'a [f64]>,
    /// What each row belongs to, such as its deal or company; errors then hold whatever the
    /// dependence inside. Numbers of any kind.
    pub clusters: Option<&'a [u32]>,
    /// Coefficients to begin from, such as those of a fit of the quarter before: the same end in
    /// fewer steps. Left aside where they are not as many as the fit has, or not finite.
    pub start: Option<&'a [f64]>,
}

/// Coefficients of each ending, each with the constant first, and their covariance row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fit {
    pub(super) width: usize,
    pub(super) coefficients: Vec<f64>,
    pub(super) covariance: Vec<f64>,
    pub(super) log_likelihood: f64,
    pub(super) clusters: Option<usize>,
}

const MOST_STEPS: usize = 100;

/// A step that moves no linear predictor by more than this, by the columns' sizes, is the last: the
/// next would be its square.
const LAST_STEP: f64 = 1e-7;

/// One row in so many makes the first guess, where there are rows enough.
const EVERY: usize = 16;
const MANY_ROWS: usize = 40_000;

/// Fits by Newton's method, which for one ending is iteratively reweighted least squares.
pub(super) fn fit(
    design: &Design,
    outcome: &[u8],
    endings: usize,
    how: &Fitting<'_>,
) -> Result<Fit, Error> {
    let problem = checked(design, outcome, endings, how)?;
    let (coefficients, surface) = ascend(&problem, first_guess(&problem, how.start))?;
    let factor = penalised(&problem, &surface)?;
    let (covariance, clusters) = covariance(&problem, &factor, &surface, how, &coefficients);
    Ok(Fit {
        width: design.columns(),
        log_likelihood: surface.log_likelihood,
        coefficients,
        covariance,
        clusters,
    })
}

/// Where the caller says, nothing, or what a part of many rows says: all of them are then gone through three times instead
/// of eight.
fn first_guess(problem: &Problem<'_>, start: Option<&[f64]>) -> Vec<f64> {
    let fits =
        |start: &&[f64]| start.len() == problem.size() && start.iter().all(|b| b.is_finite());
    if let Some(start) = start.filter(fits) {
        return start.to_vec();
    }
    let nothing = vec![0.0; problem.size()];
    if problem.design.rows() < MANY_ROWS {
        return nothing;
    }
    let part = Problem {
        every: EVERY,
        ridge: problem.ridge / EVERY as f64,
        ..*problem
    };
    // A part may lack what the whole has, such as the few rows of a rare flag.
    ascend(&part, nothing.clone()).map_or(nothing, |(guess, _)| guess)
}

/// Climbs to the top of the likelihood.
fn ascend(problem: &Problem<'_>, from: Vec<f64>) -> Result<(Vec<f64>, Surface), Error> {
    let scales = column_scales(problem);
    let mut coefficients = from;
    let mut surface = problem.at(&coefficients);
    for round in 0..MOST_STEPS {
        let factor = penalised(problem, &surface).map_err(|error| {
            // Columns that were told apart at the start and no longer are have run off to infinity.
            if round == 0 { error } else { Error::Separated }
        })?;
        let step = factor.solve(&surface.slope);
        let length = step
            .iter()
            .enumerate()
            .map(|(j, step)| step.abs() * scales[j % scales.len()])
            .fold(0.0, f64::max);
        let (next, there) = climb(problem, &surface, &coefficients, &step)?;
        let gain = there.log_likelihood - surface.log_likelihood;
        (coefficients, surface) = (next, there);
        if length < LAST_STEP {
            return Ok((coefficients, surface));
        }
        // Near a finite maximum a step that gains nothing is tiny. Towards an infinite one steps stay
        // as long as they were.
        if length > 0.1 && gain <= 1e-7 * (1.0 + surface.log_likelihood.abs()) {
            return Err(Error::Separated);
        }
    }
    Err(Error::NotConverged)
}

fn checked<'a>(
    design: &'a Design,
    outcome: &'a [u8],
    endings: usize,
    how: &Fitting<'a>,
) -> Result<Problem<'a>, Error> {
    let rows = design.rows();
    same_rows(rows, outcome.len())?;
    if let Some(weights) = how.weights {
        same_rows(rows, weights.len())?;
        for &weight in weights {
            at_least_zero(weight, "a weight")?;
        }
    }
    if let Some(clusters) = how.clusters {
        same_rows(rows, clusters.len())?;
    }
    if outcome
        .iter()
        .any(|&outcome| usize::from(outcome) > endings)
    {
        return Err(Error::Range("an outcome"));
    }
    let problem = Problem {
        design,
        outcome,
        weights: how.weights,
        endings,
        every: 1,
        ridge: at_least_zero(how.ridge, "a ridge")?,
    };
    let mut seen = vec![false; endings + 1];
    for (_, outcome, _) in problem.rows() {
        seen[outcome] = true;
    }
    if !seen.contains(&true) {
        return Err(Error::TooFew);
    }
    // An ending that never came has a constant of minus infinity, with any ridge.
    if seen.contains(&false) {
        return Err(Error::Separated);
    }
    Ok(problem)
}

/// The root mean square of each column: what a step of a coefficient moves the chances by.
fn column_scales(problem: &Problem<'_>) -> Vec<f64> {
    let mut squares = vec![0.0; problem.design.columns()];
    let mut all = 0.0;
    for (row, _, weight) in problem.rows() {
        all += weight;
        for (square, x) in squares.iter_mut().zip(row) {
            *square += weight * x * x;
        }
    }
    squares
        .iter()
        .map(|square: &f64| (square / all).sqrt())
        .collect()
}

fn penalised(problem: &Problem<'_>, surface: &Surface) -> Result<Factor, Error> {
    let (size, width) = (problem.size(), problem.design.columns());
    let mut curvature = surface.information.clone();
    for j in (0..size).filter(|j| j % width != 0) {
        curvature[j * size + j] += problem.ridge;
    }
    Factor::of(&curvature, size).map_err(|error| match error {
        Error::Collinear(column) => Error::Collinear(column % width),
        other => other,
    })
}

/// Goes a step, or the longest of its halves that does not lead down.
fn climb(
    problem: &Problem<'_>,
    from: &Surface,
    coefficients: &[f64],
    step: &[f64],
) -> Result<(Vec<f64>, Surface), Error> {
    let mut share = 1.0;
    for _ in 0..40 {
        let next: Vec<f64> = coefficients
            .iter()
            .zip(step)
            .map(|(beta, step)| beta + share * step)
            .collect();
        let there = problem.at(&next);
        let rounding = 1e-12 * (1.0 + from.log_likelihood.abs());
        if there.log_likelihood >= from.log_likelihood - rounding {
            return Ok((next, there));
        }
        share *= 0.5;
    }
    Err(Error::NotConverged)
}

/// `H^-1 M H^-1` with the penalised curvature H, and in the middle the information, or the squared
/// scores of whole clusters with the correction `G / (G - 1) (N - 1) / (N - K)`.
fn covariance(
    problem: &Problem<'_>,
    factor: &Factor,
    surface: &Surface,
    how: &Fitting<'_>,
    coefficients: &[f64],
) -> (Vec<f64>, Option<usize>) {
    let Some(clusters) = how.clusters else {
        return (factor.sandwich(&surface.information), None);
    };
    let (size, width) = (problem.size(), problem.design.columns());
    let rows: Vec<&[f64]> = problem.design.iter().collect();
    let mut order: Vec<usize> = (0..rows.len())
        .filter(|&row| problem.weight(row) > 0.0)
        .collect();
    order.sort_by_key(|&row| clusters[row]);
    let mut middle = vec![0.0; size * size];
    let mut chance = vec![0.0; problem.endings];
    let mut groups = 0_usize;
    for members in order.chunk_by(|&a, &b| clusters[a] == clusters[b]) {
        groups += 1;
        let mut score = vec![0.0; size];
        for &i in members {
            chances(rows[i], coefficients, &mut chance);
            for (k, chance) in chance.iter().enumerate() {
                let happened = usize::from(problem.outcome[i]) == k + 1;
                let rest = problem.weight(i) * (f64::from(u8::from(happened)) - chance);
                for (score, x) in score[k * width..].iter_mut().zip(rows[i]) {
                    *score += rest * x;
                }
            }
        }
        for (i, &a) in score.iter().enumerate() {
            for (entry, b) in middle[i * size..].iter_mut().zip(&score) {
                *entry += a * b;
            }
        }
    }
    let (g, n) = (groups as f64, order.len() as f64);
    let correction = g / (g - 1.0).max(1.0) * (n - 1.0) / (n - size as f64).max(1.0);
    for entry in &mut middle {
        *entry *= correction;
    }
    (factor.sandwich(&middle), Some(groups))
}

impl Fit {
    /// `gradient' covariance gradient`: the variance of what moves so with the coefficients.
    pub(super) fn variance_of(&self, gradient: &[f64]) -> f64 {
        let rows = self.covariance.chunks_exact(gradient.len());
        let variance: f64 = rows
            .zip(gradient)
            .map(|(row, g)| g * row.iter().zip(gradient).map(|(v, h)| v * h).sum::<f64>())
            .sum();
        variance.max(0.0)
    }
}
