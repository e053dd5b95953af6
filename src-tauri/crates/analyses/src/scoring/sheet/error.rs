//! What may be wrong with a file, in words for whoever made it.

/// Why a file cannot be learnt from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SheetError {
    /// The bytes are no text.
    #[error("the file is not UTF-8 text; save it as CSV UTF-8")]
    NotUtf8,
    /// The bytes are more than places in them can be counted by.
    #[error("the file has more than 4 GB of text, which is too much to learn from at once")]
    TooLarge,
    /// There is nothing below the names.
    #[error("the file has no rows below its first line, which names the columns")]
    Empty,
    /// A row has more or fewer cells than there are names.
    #[error("line {line} has {there} cells where the first line names {names} columns")]
    Ragged {
        /// The line of the file.
        line: u64,
        /// Its cells.
        there: u64,
        /// The names.
        names: u64,
    },
    /// A quote without its other one takes the rest of the file for a cell.
    #[error(
        "a quote in the row that begins on line {line} is never closed: the rest of the file was taken \
         for one cell"
    )]
    OpenQuote {
        /// The line of the file on which the row begins.
        line: u64,
    },
    /// The text is not what a CSV file is.
    #[error("the file cannot be read as CSV: {0}")]
    Csv(String),
    /// A column that was named is not there.
    #[error("there is no column {name}; there are {names}")]
    NoColumn {
        /// What was asked for.
        name: String,
        /// What there is.
        names: String,
    },
    /// No row says what became of it.
    #[error("the column {column} is empty: no row says what became of it")]
    NoOutcome {
        /// The outcome's column.
        column: String,
    },
    /// It is not clear which value means that it happened.
    #[error(
        "the column {column} holds {values}: say which of them means that it happened (--positive), and, \
         where rows of the others are still open, which means that it did not (--negative)"
    )]
    WhichOutcome {
        /// The outcome's column.
        column: String,
        /// Its most common values.
        values: String,
    },
    /// A value that was named is not in the column of outcomes.
    #[error("no row has {value} in the column {column}, which holds {values}")]
    NoSuchOutcome {
        /// What was asked for.
        value: String,
        /// The outcome's column.
        column: String,
        /// Its most common values.
        values: String,
    },
    /// A time cannot be read.
    #[error(
        "line {line} has {text:?} in the column {column}, which is no time: write dates as 2026-03-31, or \
         use numbers that rise"
    )]
    NoTime {
        /// The line of the file.
        line: u64,
        /// What is there.
        text: String,
        /// The column of times.
        column: String,
    },
    /// Dates that can be read in two ways.
    #[error(
        "dates in the column {column}, such as {text}, can be read in two ways: write them as 2026-03-31"
    )]
    TwoWays {
        /// The column of times.
        column: String,
        /// An example.
        text: String,
    },
    /// Rows that were seen later than now.
    #[error(
        "{rows} rows lie in the future by the column {column}, the first on line {line} ({text}): nothing \
         can have come of them"
    )]
    Future {
        /// How many.
        rows: usize,
        /// The line of the first.
        line: u64,
        /// Its time.
        text: String,
        /// The column of times.
        column: String,
    },
}

impl SheetError {
    pub(super) fn of(error: &csv::Error) -> Self {
        match error.kind() {
            csv::ErrorKind::UnequalLengths {
                pos,
                expected_len,
                len,
            } => Self::Ragged {
                line: pos.as_ref().map_or(0, csv::Position::line),
                there: *len,
                names: *expected_len,
            },
            _ => Self::Csv(error.to_string()),
        }
    }
}
