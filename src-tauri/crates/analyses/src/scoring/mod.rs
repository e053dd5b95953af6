//! Lead and deal scoring: how likely something happens within a horizon, learnt from rows whose outcome
//! is known.
//!
//! A row is what was known of a deal or a contact at a moment, a landmark. The score is a blend: the
//! log-odds of boosted trees and of a ridge logistic regression, weighed by what rows said that
//! neither had seen, and drawn to what happened by Platt's line. Both parts are sums over columns,
//! and so is the score: each of its reasons is a share of the log-odds.

mod blend;
mod folds;
mod gate;
mod judgement;
mod linear;
mod table;
mod trees;

pub use blend::{Blend, Candidates, Reason};
pub use folds::{Fold, grouped, rolling};
pub use gate::{Obstacle, gate};
pub use judgement::{Contender, Contest, Judged, contest, judge};
pub use linear::Linear;
pub use table::{Column, ColumnIx, Table, Values};

/// Why rows cannot be learnt from.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScoringError {
    /// A column is not as long as the outcomes.
    #[error("the column {column} has {there} rows where the outcomes have {rows}")]
    Uneven {
        /// The column's name.
        column: String,
        /// Its rows.
        there: usize,
        /// The rows of the table.
        rows: usize,
    },
    /// All rows have one outcome, or there are hardly any.
    #[error("{happened} of {rows} rows happened: that is too few of one kind to learn from")]
    OneOutcome {
        /// The rows.
        rows: usize,
        /// How many of them happened.
        happened: usize,
    },
    /// No column says anything.
    #[error("no column holds anything that differs between rows")]
    NothingKnown,
    /// The blend puts rows in no order, or in the wrong one, when it is asked about rows it has not seen.
    #[error("on rows that the model had not seen, higher scores did not happen more often")]
    NoSignal,
    /// The logistic regression came to no end.
    #[error("the logistic regression came to no end: {0}")]
    Linear(String),
    /// The trees could not be grown.
    #[error(transparent)]
    Trees(#[from] boosting::Error),
    /// A statistic could not be had.
    #[error(transparent)]
    Statistic(#[from] stats::Error),
}
