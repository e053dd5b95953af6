//! What can be wrong with what a model is to be made from.

/// Why a model could not be fitted, read or asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting outside what it may be.
    #[error("the setting `{name}` has to be {allowed}, and is {value}")]
    Parameter {
        /// The setting, as its method is called.
        name: &'static str,
        /// What it may be.
        allowed: &'static str,
        /// What it is.
        value: String,
    },
    /// Fewer rows than can be told apart, counting those with a weight.
    #[error("{rows} rows are too few to learn from")]
    TooFewRows {
        /// The rows there are.
        rows: usize,
    },
    /// More rows than the sums of a histogram can hold.
    #[error("{rows} rows are more than the {most} that can be learnt from at once")]
    TooManyRows {
        /// The rows there are.
        rows: usize,
        /// The most there may be.
        most: usize,
    },
    /// More columns than a tree can name, or none.
    #[error("there are {columns} columns, where 1 to {most} can be learnt from")]
    Columns {
        /// The columns there are.
        columns: usize,
        /// The most there may be.
        most: usize,
    },
    /// Every row with a weight has the same outcome.
    #[error("every row has the same outcome: there is nothing to tell apart")]
    OneOutcome,
    /// Rows and outcomes, or rows and weights, are not of one number.
    #[error("{what} are {there} for {rows} rows")]
    Uneven {
        /// Outcomes or weights.
        what: &'static str,
        /// How many there are of them.
        there: usize,
        /// How many there should be.
        rows: usize,
    },
    /// A weight that is negative or no number.
    #[error("the weight of row {row} is {weight}, where 0 or more is needed")]
    Weight {
        /// The row, from 0.
        row: usize,
        /// Its weight.
        weight: f32,
    },
    /// A category that is not a code: a whole number from 0.
    #[error("column {column} holds categories, and row {row} has {value} there")]
    Category {
        /// The row, from 0.
        row: usize,
        /// The column, from 0.
        column: usize,
        /// What is there.
        value: f64,
    },
    /// A number that is missing where none may be.
    #[error("row {row} has no number in column {column}, and this method cannot do without")]
    Missing {
        /// The row, from 0.
        row: usize,
        /// The column, from 0.
        column: usize,
    },
    /// Rows of another width than the model was made from.
    #[error("the rows have {there} columns, and the model was made from {needed}")]
    Width {
        /// The columns there are.
        there: usize,
        /// The columns there should be.
        needed: usize,
    },
    /// Trees that cannot be walked to a leaf.
    #[error("a tree is damaged: it does not lead from its root to its leaves")]
    Damaged,
    /// The system gives no threads.
    #[error("threads could not be started: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// What linfa itself objects to.
    #[error(transparent)]
    Linfa(#[from] linfa::Error),
}
