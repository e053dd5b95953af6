//! What is known of each row, as numbers.

use crate::error::{Error, finite, same_rows};

/// The rows of a regression: a constant of 1 and then the columns given.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    columns: usize,
    /// Row by row, each with its constant first.
    values: Vec<f64>,
}

impl Design {
    /// Puts columns side by side. Each should be on a scale on which a step of 1 means something;
    /// a ridge shrinks all of them alike.
    ///
    /// # Errors
    /// When columns differ in length, or hold what is not a finite number: a missing value is a
    /// column of its own, not a number.
    pub fn of(rows: usize, columns: &[&[f64]]) -> Result<Self, Error> {
        let width = columns.len() + 1;
        let mut values = vec![1.0; rows * width];
        for (j, column) in columns.iter().enumerate() {
            same_rows(rows, column.len())?;
            for (i, &value) in column.iter().enumerate() {
                values[i * width + j + 1] = finite(value, "a value of a column")?;
            }
        }
        Ok(Self {
            columns: width,
            values,
        })
    }

    /// Rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values.len() / self.columns
    }

    /// Columns with the constant, which is column 0.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Each row, its constant first.
    pub fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.columns)
    }
}

/// The columns of a line that may bend at each of the ascending knots: the value itself, then its
/// part beyond each knot. A coefficient is the change of slope there.
#[must_use]
pub fn linear_spline(values: &[f64], knots: &[f64]) -> Vec<Vec<f64>> {
    let beyond = |knot: f64| values.iter().map(|x| (x - knot).max(0.0)).collect();
    std::iter::once(values.to_vec())
        .chain(knots.iter().map(|&knot| beyond(knot)))
        .collect()
}
