//! All contenders fitted on the same rows, each drawn to what happened in rows that it had not seen.

use super::bayes::Bayes;
use super::blend::{Blend, blended};
use super::contender::Contender;
use super::folds::Fold;
use super::form::Form;
use super::linear::Linear;
use super::order;
use super::rules::Rules;
use super::table::{ColumnIx, Table};
use super::{ScoringError, trees};
use stats::expit;
use stats::scores::{Platt, log_loss, log_odds};
use std::collections::BTreeMap;

/// The ridges that are tried; see [`Linear::fit`].
const RIDGES: [f64; 4] = [3.0, 10.0, 30.0, 100.0];
/// The number of trees is chosen to so many.
const EVERY: usize = 5;
/// Where there are rows enough that few folds choose, each has seen enough after so many steps that were
/// no better.
const PATIENCE: usize = 15;
const FEW_FOLDS: usize = 2;
/// The trees' share of the blend is chosen to one in so many.
const SHARES: usize = 20;
/// The line that leaves log-odds as they are: smoothed rates need no other.
const AS_IT_IS: Platt = Platt {
    intercept: 0.0,
    slope: 1.0,
};

/// How contenders are fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fitting {
    /// The column whose rate alone a model has to beat, such as the stage.
    pub baseline: Option<ColumnIx>,
    /// Where random samples begin.
    pub seed: u64,
    /// The threads that trees are grown on; they change no result.
    pub threads: usize,
}

/// The contenders that tell anything of rows they had not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidates {
    forms: BTreeMap<Contender, Form>,
    has_baseline: bool,
}

/// What each side said of rows that it had not seen.
struct Unseen {
    rows: Vec<usize>,
    /// By number of trees, [`EVERY`] apart, from none.
    trees: Vec<Vec<f64>>,
    /// By ridge.
    linear: Vec<Vec<f64>>,
    bayes: Vec<f64>,
}

impl Candidates {
    /// Fits on all rows of `folds`, whose judged rows choose the number of trees, the ridge, the share
    /// and the lines.
    ///
    /// # Errors
    /// When rows cannot be learnt from.
    pub fn fit(table: &Table, folds: &[Fold], how: Fitting) -> Result<Self, ScoringError> {
        let mut rows: Vec<usize> = folds.iter().flat_map(|fold| fold.judged.clone()).collect();
        rows.extend(folds.iter().flat_map(|fold| fold.learnt.iter().copied()));
        rows.sort_unstable();
        rows.dedup();
        table.has_both(&rows)?;
        let params = trees::settings(table, &rows);
        let params = params.seed(how.seed).threads(how.threads);
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
        let line = |margins: &[f64]| -> Result<Option<Platt>, ScoringError> {
            let line = Platt::fit(margins, &happened, &weights)?;
            // A line that falls, or lies flat, would turn the order of rows around.
            Ok((line.slope > 0.0).then_some(line))
        };
        let blend = |share: f64, margins: &[f64]| -> Result<Option<Form>, ScoringError> {
            let form = |line| {
                Form::Blend(Blend {
                    trees: (share > 0.0).then(|| trees.clone()),
                    linear: (share < 1.0).then(|| linear.clone()),
                    share,
                    line,
                })
            };
            Ok(line(margins)?.map(form))
        };
        let bayes = Bayes::fit(table, &rows, (0..table.columns().len()).map(ColumnIx))?;
        let bayes = line(&unseen.bayes)?.map(|line| Form::Bayes { bayes, line });
        let mut forms: BTreeMap<Contender, Form> = [
            (
                Contender::Constant,
                Some(Form::Rate(log_odds(table.rate(&rows)))),
            ),
            (Contender::Bayes, bayes),
            (
                Contender::Rules,
                Rules::fit(table, &rows).ok().map(Form::Rules),
            ),
            (Contender::Linear, blend(0.0, of_linear)?),
            (Contender::Trees, blend(1.0, of_trees)?),
            (
                Contender::Both,
                blend(share as f64 / SHARES as f64, of_both)?,
            ),
        ]
        .into_iter()
        .filter_map(|(contender, form)| Some((contender, form?)))
        .collect();
        if let Some(column) = how.baseline {
            let bayes = Bayes::fit(table, &rows, [column])?;
            let line = AS_IT_IS;
            forms.insert(Contender::Baseline, Form::Bayes { bayes, line });
        }
        Ok(Self {
            forms,
            has_baseline: how.baseline.is_some(),
        })
    }

    /// Fits on some rows, which are parted into folds by group.
    ///
    /// # Errors
    /// As for [`Self::fit`].
    pub fn of_rows(table: &Table, rows: &[usize], how: Fitting) -> Result<Self, ScoringError> {
        Self::fit(table, &order::inner(table, rows, how.seed), how)
    }

    /// What each contender says of the rows that a fold judges.
    ///
    /// # Errors
    /// When the table has other columns.
    pub(super) fn tell(
        &self,
        table: &Table,
        fold: &Fold,
    ) -> Result<BTreeMap<Contender, Vec<f64>>, ScoringError> {
        let rate = table.rate(&fold.learnt);
        let mut told = BTreeMap::new();
        for contender in Contender::ALL {
            if contender == Contender::Baseline && !self.has_baseline {
                continue;
            }
            let said = match self.form(contender) {
                Some(form) => form.probabilities(table, &fold.judged)?,
                // What tells nothing says the rate.
                None => vec![rate; fold.judged.len()],
            };
            told.insert(contender, said);
        }
        Ok(told)
    }

    /// A contender. None where it tells nothing, or puts rows that it had not seen in the wrong order.
    #[must_use]
    pub fn form(&self, contender: Contender) -> Option<&Form> {
        self.forms.get(&contender)
    }

    /// Trees and the regression together.
    ///
    /// # Errors
    /// When what was learnt says nothing about rows it has not seen.
    pub fn both(&self) -> Result<&Blend, ScoringError> {
        match self.form(Contender::Both) {
            Some(Form::Blend(blend)) => Ok(blend),
            _ => Err(ScoringError::NoSignal),
        }
    }
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
        bayes: Vec::new(),
    };
    for fold in folds {
        unseen.rows.extend(&fold.judged);
        let linears = Linear::fit_each(table, &fold.learnt, &RIDGES)?;
        for (linear, margins) in linears.iter().zip(&mut unseen.linear) {
            margins.extend(fold.judged.iter().map(|&row| linear.margin(table, row)));
        }
        let bayes = Bayes::fit(
            table,
            &fold.learnt,
            (0..table.columns().len()).map(ColumnIx),
        )?;
        unseen
            .bayes
            .extend(fold.judged.iter().map(|&row| bayes.margin(table, row)));
        let stages = stages(table, fold, params, folds.len() <= FEW_FOLDS)?;
        if unseen.trees.is_empty() {
            unseen.trees.resize(stages.len(), Vec::new());
        }
        // As far as every fold has come.
        unseen.trees.truncate(stages.len());
        for (all, here) in unseen.trees.iter_mut().zip(stages) {
            all.extend(here);
        }
    }
    Ok(unseen)
}

/// What trees say of the rows that a fold judges, by their number; to the end, or until there have been
/// enough.
fn stages(
    table: &Table,
    fold: &Fold,
    params: &boosting::BoostingParams,
    may_end: bool,
) -> Result<Vec<Vec<f64>>, ScoringError> {
    let happened = table.outcomes(&fold.judged);
    let weights = table.weights_of(&fold.judged);
    let (mut least, mut since) = (f64::INFINITY, 0);
    let go_on = |margins: &[f64]| {
        // What cannot be told ends nothing here: it is told where numbers of trees are chosen.
        let Ok(loss) = loss(margins, &happened, &weights) else {
            return true;
        };
        since = if loss < least { 0 } else { since + 1 };
        least = least.min(loss);
        !may_end || since < PATIENCE
    };
    trees::stages(table, fold, params.clone(), EVERY, go_on)
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
