//! Lead and deal scoring: how likely something happens within a horizon, learnt from rows whose outcome
//! is known.
//!
//! A row is what was known of a deal or a contact at a moment, a landmark. The score is a blend: the
//! log-odds of boosted trees and of a ridge logistic regression, weighed by what rows said that
//! neither had seen, and drawn to what happened by Platt's line. Both parts are sums over columns,
//! and so is the score: each of its reasons is a share of the log-odds.

mod abreast;
mod audit;
mod bayes;
mod blend;
mod candidates;
mod card;
mod cells;
mod contender;
mod drift;
mod folds;
mod form;
mod gate;
mod judgement;
mod linear;
mod model;
mod order;
mod profile;
mod recalibration;
pub mod report;
pub mod rows;
mod rules;
mod scored;
mod sheet;
mod table;
mod training;
mod trees;

pub use audit::{
    Audit, Definition, Provenance, ROWS, Suspect, SuspectKind, Told, WeekBefore, audit,
};
pub use blend::{Blend, Reason};
pub use candidates::{Candidates, Fitting};
pub use card::{
    CARD_VERSION, FoldSize, ModelCard, Refusal, Rule, Standing, Subject, Weighty, obstacle_in_words,
};
pub use contender::Contender;
pub use drift::{Shifted, Shifts};
pub use folds::{Fold, grouped, rolling};
pub use form::Form;
pub use gate::{Obstacle, gate};
pub use judgement::{Contest, Judged, contest, judge};
pub use linear::Linear;
pub use model::{Asked, Because, Explained, MODEL_VERSION, Model};
pub use order::{Order, inner};
pub use profile::Alike;
pub use recalibration::{Choice, Recalibration, Redrawn, Tried, redraw};
pub use rules::Rules;
pub use scored::Scored;
pub use sheet::{Asking, Learning, Note, Sheet, SheetError};
pub use table::{Column, ColumnIx, Table, Values};
pub use training::{Options, OutOfTime, Training, train};

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
    /// No rows are left to be judged after enough to learn from.
    #[error("there are too few rows to learn from some and judge by the others")]
    NothingJudged,
    /// The blend puts rows in no order, or in the wrong one, when it is asked about rows it has not seen.
    #[error("on rows that the model had not seen, higher scores did not happen more often")]
    NoSignal,
    /// A model asks for a column that is not there.
    #[error("the column {column} is asked for and is not there")]
    Absent {
        /// Its name.
        column: String,
    },
    /// A model asks for numbers where there are categories, or the other way round.
    #[error(
        "the column {column} holds numbers where categories were learnt from, or the other way round"
    )]
    OtherKind {
        /// Its name.
        column: String,
    },
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
