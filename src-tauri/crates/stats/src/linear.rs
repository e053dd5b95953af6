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

    #[test]
    fn a_repeated_column_is_found() {
        let mut matrix = vec![1.0, 2.0, 2.0, 4.0];
        assert_eq!(
            solve(&mut matrix, vec![1.0, 1.0], 1),
            Err(Error::Collinear(1))
        );
    }
}
