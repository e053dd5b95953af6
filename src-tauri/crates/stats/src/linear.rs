//! Small dense systems of linear equations.

use crate::error::Error;

/// Solves `matrix x = right` for `columns` right sides at once, by elimination with the largest
/// pivot of the column. Both are stored row by row; the matrix is used up.
///
/// # Errors
/// [`Error::Collinear`] with the column that has no pivot, when the matrix is singular to the
/// precision of a double.
pub(crate) fn solve(
    matrix: &mut [f64],
    mut right: Vec<f64>,
    columns: usize,
) -> Result<Vec<f64>, Error> {
    let size = right.len() / columns.max(1);
    let scale = matrix
        .iter()
        .fold(0.0_f64, |most, entry| most.max(entry.abs()));
    for column in 0..size {
        let largest = |&a: &usize, &b: &usize| {
            let (a, b) = (matrix[a * size + column], matrix[b * size + column]);
            a.abs().total_cmp(&b.abs())
        };
        let pivot_row = (column..size).max_by(largest).unwrap_or(column);
        let pivot = matrix[pivot_row * size + column];
        if pivot.is_nan() || pivot.abs() <= scale * 1e-14 {
            return Err(Error::Collinear(column));
        }
        for k in 0..size {
            matrix.swap(column * size + k, pivot_row * size + k);
        }
        for k in 0..columns {
            right.swap(column * columns + k, pivot_row * columns + k);
        }
        for row in column + 1..size {
            let factor = matrix[row * size + column] / pivot;
            if factor == 0.0 {
                continue;
            }
            for k in column..size {
                matrix[row * size + k] -= factor * matrix[column * size + k];
            }
            for k in 0..columns {
                right[row * columns + k] -= factor * right[column * columns + k];
            }
        }
    }
    for row in (0..size).rev() {
        for k in 0..columns {
            let later: f64 = (row + 1..size)
                .map(|j| matrix[row * size + j] * right[j * columns + k])
                .sum();
            right[row * columns + k] =
                (right[row * columns + k] - later) / matrix[row * size + row];
        }
    }
    Ok(right)
}

/// A symmetric positive definite matrix, factored so that equations with it are quick.
pub(crate) struct Factor {
    size: usize,
    /// Row by row, the lower triangle of Cholesky's factor of the matrix with a diagonal of ones.
    lower: Vec<f64>,
    /// What each row and column was divided by for that diagonal: amounts in millions beside flags
    /// would otherwise cost all digits.
    scale: Vec<f64>,
}

impl Factor {
    /// Factors a matrix given row by row, of which the lower triangle is read.
    ///
    /// # Errors
    /// [`Error::Collinear`] with the first column that the ones before it determine.
    pub(crate) fn of(matrix: &[f64], size: usize) -> Result<Self, Error> {
        const LEAST_PIVOT: f64 = 1e-11;
        let scale: Vec<f64> = (0..size).map(|i| matrix[i * size + i].sqrt()).collect();
        let mut lower = vec![0.0; size * size];
        for i in 0..size {
            if !(scale[i] > 0.0 && scale[i].is_finite()) {
                return Err(Error::Collinear(i));
            }
            for j in 0..=i {
                let known: f64 = (0..j)
                    .map(|k| lower[i * size + k] * lower[j * size + k])
                    .sum();
                let rest = matrix[i * size + j] / (scale[i] * scale[j]) - known;
                if i == j {
                    if rest.is_nan() || rest <= LEAST_PIVOT {
                        return Err(Error::Collinear(i));
                    }
                    lower[i * size + i] = rest.sqrt();
                } else {
                    lower[i * size + j] = rest / lower[j * size + j];
                }
            }
        }
        Ok(Self { size, lower, scale })
    }

    /// The solution of `matrix x = right`.
    pub(crate) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let size = self.size;
        let mut x: Vec<f64> = right.iter().zip(&self.scale).map(|(b, s)| b / s).collect();
        for i in 0..size {
            let known: f64 = (0..i).map(|k| self.lower[i * size + k] * x[k]).sum();
            x[i] = (x[i] - known) / self.lower[i * size + i];
        }
        for i in (0..size).rev() {
            let known: f64 = (i + 1..size).map(|k| self.lower[k * size + i] * x[k]).sum();
            x[i] = (x[i] - known) / self.lower[i * size + i];
        }
        x.iter().zip(&self.scale).map(|(x, s)| x / s).collect()
    }

    /// `matrix^-1 middle matrix^-1` for a symmetric `middle`, row by row.
    pub(crate) fn sandwich(&self, middle: &[f64]) -> Vec<f64> {
        let size = self.size;
        let mut half = vec![0.0; size * size];
        for (i, row) in middle.chunks_exact(size).enumerate() {
            for (j, x) in self.solve(row).into_iter().enumerate() {
                half[j * size + i] = x;
            }
        }
        // `half` is matrix^-1 middle; its rows, solved again, are the columns of the whole.
        let mut whole = vec![0.0; size * size];
        for (i, row) in half.chunks_exact(size).enumerate() {
            for (j, x) in self.solve(row).into_iter().enumerate() {
                whole[i * size + j] = x;
            }
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// x = (1, 2, 3) and (5, -2, 4), the first row with a 0 where the first pivot would be.
    #[test]
    fn three_equations_that_need_another_pivot() {
        let mut matrix = vec![0.0, 2.0, 1.0, 1.0, 1.0, 1.0, 2.0, 1.0, -1.0];
        let right = vec![7.0, 0.0, 6.0, 7.0, 1.0, 4.0];
        let solved = solve(&mut matrix, right, 2).unwrap();
        for (x, expected) in solved.iter().zip([1.0, 5.0, 2.0, -2.0, 3.0, 4.0]) {
            assert!((x - expected).abs() < 1e-12, "{solved:?}");
        }
    }

    /// By Cramer's rule; the determinant is 16e12.
    #[test]
    fn scales_far_apart_cost_no_digits() {
        let factor = Factor::of(&[4e12, 2e6, 2e6, 5.0], 2).unwrap();
        let x = factor.solve(&[10e6, 12.0]);
        assert!((x[0] * 1e6 - 1.625).abs() < 1e-12 && (x[1] - 1.75).abs() < 1e-12);
        // The inverse, as the sandwich around the matrix itself.
        let inverse = factor.sandwich(&[4e12, 2e6, 2e6, 5.0]);
        let expected = [5.0 / 16e12, -2e6 / 16e12, -2e6 / 16e12, 0.25];
        for (ours, theirs) in inverse.iter().zip(expected) {
            assert!((ours / theirs - 1.0).abs() < 1e-12, "{inverse:?}");
        }
        let twice = Factor::of(&[1.0, 2.0, 2.0, 4.0], 2);
        assert_eq!(twice.err(), Some(Error::Collinear(1)));
    }

    #[test]
    fn a_repeated_column_is_found() {
        let mut matrix = vec![1.0, 2.0, 2.0, 4.0];
        assert_eq!(
            solve(&mut matrix, vec![1.0, 1.0], 1),
            Err(Error::Collinear(1))
        );
    }
}
