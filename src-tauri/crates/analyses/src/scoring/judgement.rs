//! Models judged on rows that lie after what they learnt from, and the simplest chosen that is as
//! good as the best.

use super::ScoringError;
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
    let (mut rows, mut ends) = (Vec::new(), Vec::new());
    let mut told: BTreeMap<Contender, Vec<f64>> = BTreeMap::new();
    for (number, said) in in_folds(folds, how, |fold, how| {
        if fold.judged.is_empty() || table.has_both(&fold.learnt).is_err() {
            return Ok(None);
        }
        let candidates = Candidates::fit(table, &inner(&fold.learnt), how)?;
        candidates.tell(table, fold).map(Some)
    })? {
        rows.extend(&folds[number].judged);
        ends.push((number, rows.len()));
        for (contender, said) in said {
            told.entry(contender).or_default().extend(said);
        }
    }
    let mut judged = BTreeMap::new();
    for (&contender, told) in &told {
        judged.insert(contender, judge(table, &rows, told, how.seed)?);
    }
    let least = judged
        .iter()
        .min_by(|a, b| a.1.log_loss.total_cmp(&b.1.log_loss));
    let best = *least.ok_or(ScoringError::NothingJudged)?.0;
    let is_as_good = |contender: &Contender| {
        *contender == best || loses_no_more(table, &rows, &told[contender], &told[&best])
    };
    let chosen = told.keys().copied().find(is_as_good);
    Ok(Contest {
        folds: ends,
        chosen: chosen.unwrap_or(best),
        best,
        rows,
        told,
        judged,
    })
}

/// What `work` makes of each fold that it makes something of, with the fold's place, in their order. As
/// many folds are worked on at a time as there are threads; each of them is then worked on by one.
fn in_folds<T: Send>(
    folds: &[Fold],
    how: Fitting,
    work: impl Fn(&Fold, Fitting) -> Result<Option<T>, ScoringError> + Sync,
) -> Result<Vec<(usize, T)>, ScoringError> {
    let threads = how.threads.clamp(1, folds.len().max(1));
    let alone = Fitting { threads: 1, ..how };
    let work = &work;
    // The last folds learn from the most rows: dealt out by turns, threads have about as much to do.
    let turn = |first: usize| {
        let places = (first..folds.len()).step_by(threads);
        places
            .map(|place| Ok(work(&folds[place], alone)?.map(|made| (place, made))))
            .collect::<Result<Vec<Option<(usize, T)>>, ScoringError>>()
    };
    let turn = &turn;
    let mut made = Vec::new();
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads)
            .map(|first| scope.spawn(move || turn(first)))
            .collect();
        made.push(turn(0));
        for other in others {
            match other.join() {
                Ok(theirs) => made.push(theirs),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    let mut all = Vec::new();
    for part in made {
        all.extend(part?.into_iter().flatten());
    }
    all.sort_by_key(|(place, _)| *place);
    Ok(all)
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
    let ranking = Ranking::of(told);
    let how = Resampling {
        draws: DRAWS,
        seed,
        purpose: PURPOSE,
        threads: NonZeroUsize::MIN,
    };
    let drawn = cluster_bootstrap(clusters, &how, |counts| {
        let weigh = |(group, weight): (&u32, &f64)| counts[*group as usize] * weight;
        let weights: Vec<f64> = groups.iter().zip(weights).map(weigh).collect();
        ranking.area(happened, &weights).ok()
    })?;
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
