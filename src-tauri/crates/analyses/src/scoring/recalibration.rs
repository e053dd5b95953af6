//! Whether probabilities are drawn to what happened once more: to the newest rate, by a line or by
//! steps, and only where earlier rows say that later ones are told better by it.

use super::folds::Fold;
use super::judgement::{Contest, loses_no_more};
use super::table::Table;
use super::{Order, ScoringError};
use serde::{Deserialize, Serialize};
use stats::scores::{Isotonic, Platt, log_loss, log_odds};
use stats::{Error, expit};

/// Rows that a line or steps are fitted on, at least.
const LEAST: usize = 200;
/// The share of what was learnt from that is its newest part.
const NEWEST: f64 = 0.2;
/// The rows of it, at least.
const LEAST_NEWEST: usize = 100;

/// What is done to a model's log-odds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recalibration {
    /// Nothing.
    None,
    /// A shift by the newest rate: what was learnt from happened more or less often.
    Shift(f64),
    /// A line, fitted on what was told out of time.
    Line(Platt),
    /// Steps, fitted on what was told out of time.
    Steps(Isotonic),
}

/// A way to recalibrate, without what it has learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Redrawn {
    /// As the model says.
    No,
    /// Shifted to the newest rate.
    ByRate,
    /// By a line (Platt).
    ByLine,
    /// By steps (isotonic).
    BySteps,
}

/// What a way of recalibrating would have lost.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Tried {
    /// The way.
    pub how: Redrawn,
    /// The mean log loss over the same rows.
    pub log_loss: f64,
}

/// The way that was chosen, and what would have come of each.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The chosen way, fitted on everything.
    pub fitted: Recalibration,
    /// The way.
    pub chosen: Redrawn,
    /// What each way would have lost.
    pub tried: Vec<Tried>,
    /// What would have been told of each judged row.
    pub told: Vec<f64>,
}

impl Recalibration {
    /// The log-odds after it.
    #[must_use]
    pub fn of(&self, margin: f64) -> f64 {
        match self {
            Self::None => margin,
            Self::Shift(by) => margin + by,
            Self::Line(line) => line.log_odds(margin),
            Self::Steps(steps) => log_odds(steps.probability(margin)),
        }
    }

    /// Whether it gives every score a probability.
    pub(super) fn is_sound(&self) -> bool {
        match self {
            Self::None | Self::Shift(_) | Self::Line(_) => true,
            Self::Steps(steps) => steps.is_sound(),
        }
    }

    fn fit(how: Redrawn, known: &Known<'_>) -> Result<Self, Error> {
        match how {
            Redrawn::No => Ok(Self::None),
            Redrawn::ByRate => known.shift().map(Self::Shift).ok_or(Error::TooFew),
            Redrawn::ByLine | Redrawn::BySteps if known.margins.len() < LEAST => Err(Error::TooFew),
            Redrawn::ByLine => {
                let line = Platt::fit(&known.margins, &known.happened, &known.weights)?;
                if line.slope > 0.0 {
                    Ok(Self::Line(line))
                } else {
                    Err(Error::TooFew)
                }
            }
            Redrawn::BySteps => {
                let steps = Isotonic::fit(&known.margins, &known.happened, &known.weights)?;
                Ok(Self::Steps(steps))
            }
        }
    }
}

/// What is known when a recalibration is fitted.
struct Known<'a> {
    table: &'a Table,
    order: &'a Order,
    /// What the model learnt from.
    learnt: &'a [usize],
    margins: Vec<f64>,
    happened: Vec<bool>,
    weights: Vec<f64>,
}

impl Known<'_> {
    /// From the rate of what was learnt to the rate of its newest part.
    fn shift(&self) -> Option<f64> {
        let Order::Forward { seen, .. } = self.order else {
            return None;
        };
        let mut rows = self.learnt.to_vec();
        rows.sort_by_key(|&row| seen.get(row));
        let newest = ((rows.len() as f64 * NEWEST) as usize).max(LEAST_NEWEST);
        let newest = rows.get(rows.len().checked_sub(newest)?..)?;
        self.table.has_both(newest).ok()?;
        Some(log_odds(self.table.rate(newest)) - log_odds(self.table.rate(self.learnt)))
    }
}

/// Chooses by what each way, fitted on the other folds, or on the earlier ones where rows lie in
/// time, makes of a fold: nothing is done unless something loses less by more than a standard error.
///
/// `folds` are those of the contest, whose chosen contender is asked.
///
/// # Errors
/// When a statistic cannot be had.
pub fn redraw(
    table: &Table,
    order: &Order,
    contest: &Contest,
    folds: &[Fold],
) -> Result<Choice, ScoringError> {
    let all: Vec<usize> = (0..table.rows()).collect();
    let (rows, told) = (&contest.rows, &contest.told[&contest.chosen]);
    let is_forward = matches!(order, Order::Forward { .. });
    let margins: Vec<f64> = told.iter().copied().map(log_odds).collect();
    let known = |learnt, places: &dyn Fn(usize) -> bool| {
        let kept: Vec<usize> = (0..rows.len()).filter(|&place| places(place)).collect();
        let kept_rows: Vec<usize> = kept.iter().map(|&place| rows[place]).collect();
        Known {
            table,
            order,
            learnt,
            margins: kept.iter().map(|&place| margins[place]).collect(),
            happened: table.outcomes(&kept_rows),
            weights: table.weights_of(&kept_rows),
        }
    };
    let happened = table.outcomes(rows);
    let weights = table.weights_of(rows);
    let everything = known(&all, &|_| true);
    let mut choice = Choice {
        fitted: Recalibration::None,
        chosen: Redrawn::No,
        tried: vec![Tried {
            how: Redrawn::No,
            log_loss: log_loss(told, &happened, &weights)?,
        }],
        told: told.clone(),
    };
    let mut least = choice.tried[0].log_loss;
    for how in [Redrawn::ByRate, Redrawn::ByLine, Redrawn::BySteps] {
        let Ok(fitted) = Recalibration::fit(how, &everything) else {
            continue;
        };
        let mut redrawn = Vec::with_capacity(rows.len());
        let mut from = 0;
        for &(place, end) in &contest.folds {
            let (learnt, here) = (folds[place].learnt.as_slice(), from..end);
            let others = |place: usize| place < from || (!is_forward && place >= end);
            let fitted = Recalibration::fit(how, &known(learnt, &others));
            let fitted = fitted.unwrap_or(Recalibration::None);
            redrawn.extend(margins[here].iter().map(|&x| expit(fitted.of(x))));
            from = end;
        }
        let loss = log_loss(&redrawn, &happened, &weights)?;
        let log_loss = loss;
        choice.tried.push(Tried { how, log_loss });
        let is_better = loss < least && !loses_no_more(table, rows, told, &redrawn);
        if is_better {
            least = loss;
            choice.fitted = fitted;
            choice.chosen = how;
            choice.told = redrawn;
        }
    }
    Ok(choice)
}
