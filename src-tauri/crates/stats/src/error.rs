//! Why a statistic cannot be had from what was given.

/// Why a statistic cannot be had from what was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Columns that belong together have different lengths.
    #[error("a column has {found} rows where {expected} belong")]
    Rows {
        /// Rows of the first column.
        expected: usize,
        /// Rows of the one that differs.
        found: usize,
    },
    /// A number is not finite, or lies where it has no meaning.
    #[error("{0} is out of its range")]
    Range(&'static str),
    /// There are no cases, or too few for this statistic.
    #[error("too few cases")]
    TooFew,
    /// A column says nothing that those before it do not say.
    #[error("column {0} is a combination of the columns before it")]
    Collinear(usize),
    /// The columns tell the outcomes apart without error: the best coefficients are infinite.
    #[error("the columns separate the outcomes")]
    Separated,
    /// The search for the best coefficients did not come to an end.
    #[error("no convergence")]
    NotConverged,
    /// A state of a chain never reaches an end.
    #[error("state {0} never ends")]
    Endless(usize),
}

/// `value`, if it is a finite number.
pub(crate) fn finite(value: f64, what: &'static str) -> Result<f64, Error> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Error::Range(what))
    }
}

/// `value`, if it is a finite number of at least 0.
pub(crate) fn at_least_zero(value: f64, what: &'static str) -> Result<f64, Error> {
    if value.is_finite() && value >= 0.0 {
        Ok(value)
    } else {
        Err(Error::Range(what))
    }
}

/// `value`, if it lies strictly between 0 and 1.
pub(crate) fn inside(value: f64, what: &'static str) -> Result<f64, Error> {
    if value > 0.0 && value < 1.0 {
        Ok(value)
    } else {
        Err(Error::Range(what))
    }
}

/// Nothing, if a column has as many rows as expected.
pub(crate) fn same_rows(expected: usize, found: usize) -> Result<(), Error> {
    if expected == found {
        Ok(())
    } else {
        Err(Error::Rows { expected, found })
    }
}
