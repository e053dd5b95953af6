//! Trees and a regression, weighed by rows that neither has seen.

use super::folds::Fold;
use super::linear::Linear;
use super::table::Table;
use super::{ColumnIx, ScoringError, trees};
use boosting::Boosted;
use stats::expit;
use stats::scores::{Platt, log_loss};

/// The ridges that are tried; see [`Linear::fit`].
const RIDGES: [f64; 3] = [3.0, 10.0, 30.0];
/// The number of trees is chosen to so many.
const EVERY: usize = 5;
/// The trees' share of the blend is chosen to one in so many.
const SHARES: usize = 20;

/// A model of how likely something happens: trees, a regression, and the line that draws their blend
/// to what happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Blend {
    trees: Option<Boosted>,
    linear: Option<Linear>,
    /// The trees' share of the log-odds.
    share: f64,
    line: Platt,
}

/// What a column adds to a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reason {
    /// The column.
    pub column: ColumnIx,
    /// What it adds to the log-odds, against the mean row. An association, no advice.
    pub log_odds: f64,
}

/// What each side said of rows that it had not seen.
struct Unseen {
    rows: Vec<usize>,
    /// By number of trees, [`EVERY`] apart, from none.
    trees: Vec<Vec<f64>>,
    /// By ridge.
    linear: Vec<Vec<f64>>,
}

/// The models that compete, each where rows it had not seen say that it tells anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidates {
    /// The regression alone.
    pub linear: Option<Blend>,
    /// The trees alone.
    pub trees: Option<Blend>,
    /// Both, by the share that loses least.
    pub both: Option<Blend>,
}

impl Candidates {
    /// Fits on all rows of `folds`, whose judged rows choose the number of trees, the ridge, the share
    /// and the lines.
    ///
    /// # Errors
    /// When rows cannot be learnt from.
    pub fn fit(
        table: &Table,
        folds: &[Fold],
        seed: u64,
        threads: usize,
    ) -> Result<Self, ScoringError> {
        let mut rows: Vec<usize> = folds.iter().flat_map(|fold| fold.judged.clone()).collect();
        rows.extend(folds.iter().flat_map(|fold| fold.learnt.iter().copied()));
        rows.sort_unstable();
        rows.dedup();
        table.has_both(&rows)?;
        let params = trees::settings(rows.len()).seed(seed).threads(threads);
        let unseen = unseen(table, folds, &params)?;
        let happened = table.outcomes(&unseen.rows);
        let weights = table.weights_of(&unseen.rows);
        let loss = |margins: &[f64]| loss(margins, &happened, &weights);
        let (steps, of_trees) = best(&unseen.trees, loss)?;
        let (ridge, of_linear) = best(&unseen.linear, loss)?;
        let blends: Vec<Vec<f64>> = (0..=SHARES)
            .map(|share| blended(of_trees, of_linear, share as f64 / SHARES as f64))
            .collect();
        let (share, of_both) = best(&blends, loss)?;
        let trees = trees::fit(table, &rows, params.trees(steps * EVERY))?;
        let linear = Linear::fit(table, &rows, RIDGES[ridge])?;
        let model = |share: f64, margins: &[f64]| -> Result<Option<Blend>, ScoringError> {
            let line = Platt::fit(margins, &happened, &weights)?;
            // A line that falls, or lies flat, would turn the order of rows around.
            let tells = line.slope > 0.0;
            Ok(tells.then(|| Blend {
                trees: (share > 0.0).then(|| trees.clone()),
                linear: (share < 1.0).then(|| linear.clone()),
                share,
                line,
            }))
        };
        Ok(Self {
            linear: model(0.0, of_linear)?,
            trees: model(1.0, of_trees)?,
            both: model(share as f64 / SHARES as f64, of_both)?,
        })
    }
}

impl Blend {
    /// Fits both sides; see [`Candidates::fit`].
    ///
    /// # Errors
    /// When rows cannot be learnt from, or what was learnt says nothing about rows it has not seen.
    pub fn fit(
        table: &Table,
        folds: &[Fold],
        seed: u64,
        threads: usize,
    ) -> Result<Self, ScoringError> {
        let candidates = Candidates::fit(table, folds, seed, threads)?;
        candidates.both.ok_or(ScoringError::NoSignal)
    }

    /// The log-odds of some rows.
    ///
    /// # Errors
    /// When the table has other columns.
    pub fn log_odds(&self, table: &Table, rows: &[usize]) -> Result<Vec<f64>, ScoringError> {
        let trees = match &self.trees {
            Some(trees) => trees
                .margins(trees::records(table, rows).view(), 1)?
                .to_vec(),
            None => vec![0.0; rows.len()],
        };
        let linear = rows.iter().map(|&row| {
            let linear = self.linear.as_ref();
            linear.map_or(0.0, |linear| linear.margin(table, row))
        });
        let linear: Vec<f64> = linear.collect();
        let margins = blended(&trees, &linear, self.share);
        Ok(margins.into_iter().map(|x| self.line.log_odds(x)).collect())
    }

    /// The probability of some rows.
    ///
    /// # Errors
    /// When the table has other columns.
    pub fn probabilities(&self, table: &Table, rows: &[usize]) -> Result<Vec<f64>, ScoringError> {
        let log_odds = self.log_odds(table, rows)?;
        Ok(log_odds.into_iter().map(expit).collect())
    }

    /// What each column adds to a row's log-odds, the largest first. With [`Self::expected_log_odds`]
    /// they add up to them.
    ///
    /// # Errors
    /// When the table has other columns.
    pub fn reasons(&self, table: &Table, row: usize) -> Result<Vec<Reason>, ScoringError> {
        let nothing = vec![0.0; table.columns().len()];
        let of_trees: Vec<f64> = match &self.trees {
            Some(trees) => {
                let parts = trees.contributions(trees::records(table, &[row]).view())?;
                parts.iter().copied().collect()
            }
            None => nothing.clone(),
        };
        let of_line = self.linear.as_ref();
        let of_line = of_line.map_or(nothing, |linear| linear.parts(table, row));
        let mut reasons: Vec<Reason> = of_trees
            .iter()
            .zip(of_line)
            .enumerate()
            .map(|(column, (trees, linear))| Reason {
                column: ColumnIx(column),
                log_odds: self.line.slope * (self.share * trees + (1.0 - self.share) * linear),
            })
            .collect();
        reasons.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
        Ok(reasons)
    }

    /// The log-odds that reasons start from.
    #[must_use]
    pub fn expected_log_odds(&self) -> f64 {
        let trees = self.trees.as_ref().map_or(0.0, Boosted::expected_margin);
        let linear = self.linear.as_ref().map_or(0.0, Linear::intercept);
        self.line
            .log_odds(self.share * trees + (1.0 - self.share) * linear)
    }

    /// The trees' share of the blend, from 0 to 1.
    #[must_use]
    pub fn share_of_trees(&self) -> f64 {
        self.share
    }
}

fn blended(trees: &[f64], linear: &[f64], share: f64) -> Vec<f64> {
    let pairs = trees.iter().zip(linear);
    pairs
        .map(|(trees, linear)| share * trees + (1.0 - share) * linear)
        .collect()
}

fn unseen(
    table: &Table,
    folds: &[Fold],
    params: &boosting::BoostingParams,
) -> Result<Unseen, ScoringError> {
    let mut unseen = Unseen {
        rows: Vec::new(),
        trees: Vec::new(),
        linear: vec![Vec::new(); RIDGES.len()],
    };
    for fold in folds {
        unseen.rows.extend(&fold.judged);
        for (ridge, margins) in RIDGES.into_iter().zip(&mut unseen.linear) {
            let linear = Linear::fit(table, &fold.learnt, ridge)?;
            margins.extend(fold.judged.iter().map(|&row| linear.margin(table, row)));
        }
        let model = trees::fit(table, &fold.learnt, params.clone())?;
        let judged = trees::records(table, &fold.judged);
        let staged = model.staged_margins(judged.view(), EVERY)?;
        unseen
            .trees
            .resize(staged.len().max(unseen.trees.len()), Vec::new());
        for (all, here) in unseen.trees.iter_mut().zip(staged) {
            all.extend(here);
        }
    }
    Ok(unseen)
}

/// The candidate that loses least, the first of equals, with its place.
fn best(
    candidates: &[Vec<f64>],
    loss: impl Fn(&[f64]) -> Result<f64, ScoringError>,
) -> Result<(usize, &[f64]), ScoringError> {
    let mut found: Option<(usize, f64)> = None;
    for (place, margins) in candidates.iter().enumerate() {
        let loss = loss(margins)?;
        if found.is_none_or(|(_, least)| loss < least) {
            found = Some((place, loss));
        }
    }
    let place = found.ok_or(ScoringError::NothingKnown)?.0;
    Ok((place, &candidates[place]))
}

fn loss(margins: &[f64], happened: &[bool], weights: &[f64]) -> Result<f64, ScoringError> {
    let told: Vec<f64> = margins.iter().copied().map(expit).collect();
    Ok(log_loss(&told, happened, weights)?)
}
