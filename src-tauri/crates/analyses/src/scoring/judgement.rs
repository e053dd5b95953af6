//! Models judged on rows that lie after what they learnt from, and the simplest chosen that is as
//! good as the best.

use super::ScoringError;
use super::abreast::abreast;
use super::candidates::{Candidates, Fitting};
use super::contender::Contender;
use super::folds::Fold;
use super::table::Table;
use serde::{Deserialize, Serialize};
use stats::scores::{
    Auc, CalibrationError, CalibrationLine, Gain, Ranking, average_precision, brier, delong, gains,
    log_loss, log_loss_of,
};
use stats::{ClusterRatio, Resampling, cluster_bootstrap};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::Bound;

/// How often intervals cover the truth.
const LEVEL: f64 = 0.95;
/// Draws of rows by group, where groups have several.
const DRAWS: u32 = 400;
/// Draws of outcomes against which the calibration error is held.
const CALIBRATION_DRAWS: u32 = 500;
const BINS: usize = 10;
/// Shares of rows, from the highest score down, of which the gain is given.
const SHARES: [f64; 3] = [0.1, 0.2, 0.3];

/// How good probabilities were.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Judged {
    /// The rows.
    pub rows: usize,
    /// How many of them happened.
    pub happened: usize,
    /// The area under the ROC curve; by a bootstrap over groups where a group has several rows.
    pub auc: Auc,
    /// The area under the precision-recall curve; chance gives the share that happened.
    pub average_precision: f64,
    /// The mean log loss by weight.
    pub log_loss: f64,
    /// The mean squared error by weight.
    pub brier: f64,
    /// The share of the Brier score of their own rate that the probabilities save.
    pub skill: f64,
    /// Where a line can be drawn.
    pub line: Option<CalibrationLine>,
    /// How far probabilities are from what happened, against chance.
    pub calibration: CalibrationError,
    /// What the highest scores find.
    pub gains: Vec<Gain>,
}

/// What each contender said of the same rows, and which of them is used.
#[derive(Debug, Clone, PartialEq)]
pub struct Contest {
    /// The rows that were judged, fold by fold.
    pub rows: Vec<usize>,
    /// Each fold's place in the folds that were given, and where its rows end among those judged.
    pub folds: Vec<(usize, usize)>,
    /// By contender: what it said of them.
    pub told: BTreeMap<Contender, Vec<f64>>,
    /// By contender: how good that was.
    pub judged: BTreeMap<Contender, Judged>,
    /// The one that loses least.
    pub best: Contender,
    /// The simplest whose loss is within a standard error of that one's.
    pub chosen: Contender,
}

impl Contest {
    /// The log loss of the model that loses least: of what is more than a rate. None where there is none.
    pub(super) fn least_of_models(&self) -> Option<f64> {
        let models = self
            .judged
            .range((Bound::Excluded(Contender::Baseline), Bound::Unbounded));
        models
            .map(|(_, judged)| judged.log_loss)
            .min_by(f64::total_cmp)
    }
}

/// Judges every contender on the rows that `folds` judge. `inner` parts the rows that one of them
/// learns from into folds of their own.
///
/// # Errors
/// When there is no fold to learn from, or a statistic cannot be had.
pub fn contest(
    table: &Table,
    folds: &[Fold],
    inner: impl Fn(&[usize]) -> Vec<Fold> + Sync,
    how: Fitting,
) -> Result<Contest, ScoringError> {
    Ok(contest_and_fit(table, folds, inner, None, how)?.0)
}

/// The same, and what contenders learn from `rows` where they are given: threads share that work with
/// the contest's.
///
/// # Errors
/// As for [`contest`], or when those rows cannot be learnt from.
pub(super) fn contest_and_fit(
    table: &Table,
    folds: &[Fold],
    inner: impl Fn(&[usize]) -> Vec<Fold> + Sync,
    rows: Option<&[usize]>,
    how: Fitting,
) -> Result<(Contest, Option<Candidates>), ScoringError> {
    if folds.is_empty() {
        return Err(ScoringError::NothingJudged);
    }
    let threads = how.threads;
    // One thread a fold leaves none waiting for another.
    let how = Fitting { threads: 1, ..how };
    let learn = |rows: &[usize]| Candidates::fit(table, &inner(rows), how);
    let tell = |fold: &Fold| {
        if fold.judged.is_empty() || table.has_both(&fold.learnt).is_err() {
            return Ok(None);
        }
        learn(&fold.learnt)?.tell(table, fold).map(Some)
    };
    // The most rows first: all of them, then those of the last folds.
    let mut made = abreast(threads, folds.len() + 1, |place| {
        match (place.checked_sub(1), rows) {
            (Some(back), _) => (None, Some(tell(&folds[folds.len() - 1 - back]))),
            (None, Some(rows)) => (Some(learn(rows)), None),
            (None, None) => (None, None),
        }
    });
    let fitted = made.first_mut().and_then(|made| made.0.take());
    let told = made.into_iter().rev().filter_map(|made| made.1);
    let mut rolled = Rolled::default();
    for (number, told) in told.enumerate() {
        if let Some(told) = told? {
            rolled.add(number, &folds[number].judged, told);
        }
    }
    let contest = rolled.judged(table, how.seed, threads)?;
    Ok((contest, fitted.transpose()?))
}

/// What was told of rows, fold by fold.
#[derive(Default)]
struct Rolled {
    rows: Vec<usize>,
    folds: Vec<(usize, usize)>,
    told: BTreeMap<Contender, Vec<f64>>,
}

impl Rolled {
    fn add(&mut self, fold: usize, rows: &[usize], told: BTreeMap<Contender, Vec<f64>>) {
        self.rows.extend(rows);
        self.folds.push((fold, self.rows.len()));
        for (contender, told) in told {
            self.told.entry(contender).or_default().extend(told);
        }
    }

    fn judged(self, table: &Table, seed: u64, threads: usize) -> Result<Contest, ScoringError> {
        let Self { rows, folds, told } = self;
        let contenders: Vec<(&Contender, &Vec<f64>)> = told.iter().collect();
        let judged = abreast(threads, contenders.len(), |place| {
            judge(table, &rows, contenders[place].1, seed)
        });
        let mut found = BTreeMap::new();
        for ((contender, _), judged) in contenders.into_iter().zip(judged) {
            found.insert(*contender, judged?);
        }
        let least = found
            .iter()
            .min_by(|a, b| a.1.log_loss.total_cmp(&b.1.log_loss));
        let best = *least.ok_or(ScoringError::NothingJudged)?.0;
        let is_as_good = |contender: &Contender| {
            *contender == best || loses_no_more(table, &rows, &told[contender], &told[&best])
        };
        let chosen = told.keys().copied().find(is_as_good);
        Ok(Contest {
            chosen: chosen.unwrap_or(best),
            judged: found,
            folds,
            best,
            rows,
            told,
        })
    }
}

/// Judges what was told of some rows.
///
/// # Errors
/// When the rows have one outcome, or what was told are no probabilities.
pub fn judge(
    table: &Table,
    rows: &[usize],
    told: &[f64],
    seed: u64,
) -> Result<Judged, ScoringError> {
    let happened = table.outcomes(rows);
    let weights = table.weights_of(rows);
    let groups = numbered(table, rows);
    let loss = brier(told, &happened, &weights)?;
    let rate = vec![table.rate(rows); rows.len()];
    let line = CalibrationLine::fit(told, &happened, Some(&weights), Some(&groups), LEVEL);
    Ok(Judged {
        rows: rows.len(),
        happened: happened.iter().filter(|happened| **happened).count(),
        auc: area(told, &happened, &weights, &groups, seed)?,
        average_precision: average_precision(told, &happened)?,
        log_loss: log_loss(told, &happened, &weights)?,
        brier: loss,
        skill: 1.0 - loss / brier(&rate, &happened, &weights)?,
        // Without overlap, or where all is told the same, there is none.
        line: line.ok(),
        calibration: CalibrationError::of(
            told,
            &happened,
            Some(&groups),
            BINS,
            CALIBRATION_DRAWS,
            seed,
        )?,
        gains: gains(told, &happened, &SHARES)?,
    })
}

/// The area with its interval: DeLong's where each row is a group of its own, else from draws of
/// groups.
fn area(
    told: &[f64],
    happened: &[bool],
    weights: &[f64],
    groups: &[u32],
    seed: u64,
) -> Result<Auc, ScoringError> {
    const PURPOSE: u32 = 32;
    let clusters = groups.iter().max().map_or(0, |most| most + 1);
    if clusters as usize == groups.len() && weights.iter().all(|weight| *weight == weights[0]) {
        return Ok(delong(told, happened, LEVEL)?);
    }
    let ranking = Ranking::of(told, happened, weights, groups)?;
    let how = Resampling {
        draws: DRAWS,
        seed,
        purpose: PURPOSE,
        threads: NonZeroUsize::MIN,
    };
    let drawn = cluster_bootstrap(clusters, &how, |counts| ranking.area(counts))?;
    let interval = drawn.percentile(LEVEL);
    Ok(Auc {
        value: drawn.estimate,
        error: drawn.error(),
        low: interval.low,
        high: interval.high,
        level: interval.level,
    })
}

/// Whether the mean loss of `one` exceeds that of `other` by no more than the difference's standard
/// error, rows of a group counted as one.
pub(super) fn loses_no_more(table: &Table, rows: &[usize], one: &[f64], other: &[f64]) -> bool {
    let groups = numbered(table, rows);
    let clusters = groups.iter().max().map_or(0, |most| *most as usize + 1);
    let mut sums = vec![(0.0, 0.0); clusters];
    for (place, &row) in rows.iter().enumerate() {
        let weight = table.weights()[row];
        let loss = |p: f64| log_loss_of(p, table.happened()[row]);
        let sum = &mut sums[groups[place] as usize];
        sum.0 += weight * (loss(one[place]) - loss(other[place]));
        sum.1 += weight;
    }
    let more = ClusterRatio::of(sums.into_iter());
    more.is_some_and(|more| more.ratio <= more.variance.sqrt())
}

/// Groups by numbers from 0, in the order in which rows name them.
pub(super) fn numbered(table: &Table, rows: &[usize]) -> Vec<u32> {
    let mut known = BTreeMap::new();
    let mut number = |row: &usize| {
        let next = known.len() as u32;
        *known.entry(table.groups()[*row]).or_insert(next)
    };
    rows.iter().map(&mut number).collect()
}
