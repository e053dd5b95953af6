//! The likelihood of coefficients, its slope and its curvature.

use super::design::Design;

/// A problem: rows with an outcome each, 0 for none of the endings and else the ending's number.
pub(super) struct Problem<'a> {
    pub(super) design: &'a Design,
    pub(super) outcome: &'a [u8],
    pub(super) weights: Option<&'a [f64]>,
    pub(super) endings: usize,
    pub(super) ridge: f64,
    /// One row in so many counts: 1 for all.
    pub(super) every: usize,
}

/// The penalised log likelihood at some coefficients, with slope and curvature.
pub(super) struct Surface {
    pub(super) log_likelihood: f64,
    pub(super) slope: Vec<f64>,
    /// The curvature, sign turned, without the ridge: Fisher's information, row by row.
    pub(super) information: Vec<f64>,
}

/// The chances of each ending for one row: softmax with 0 for no ending. Gives the logarithm of the
/// sum too, so that the likelihood of a chance near 0 keeps its digits.
pub(super) fn chances(row: &[f64], coefficients: &[f64], into: &mut [f64]) -> f64 {
    let mut most = 0.0_f64;
    for (eta, beta) in into.iter_mut().zip(coefficients.chunks_exact(row.len())) {
        *eta = row.iter().zip(beta).map(|(x, b)| x * b).sum();
        most = most.max(*eta);
    }
    let mut sum = (-most).exp();
    for eta in into.iter_mut() {
        *eta = (*eta - most).exp();
        sum += *eta;
    }
    for chance in into.iter_mut() {
        *chance /= sum;
    }
    most + sum.ln()
}

impl Problem<'_> {
    pub(super) fn size(&self) -> usize {
        self.endings * self.design.columns()
    }

    pub(super) fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    /// Rows with their outcome and weight, without those of no weight.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&[f64], usize, f64)> {
        let rows = self.design.iter().zip(self.outcome).enumerate();
        rows.step_by(self.every)
            .map(|(i, (row, &outcome))| (row, usize::from(outcome), self.weight(i)))
            .filter(|row| row.2 > 0.0)
    }

    /// The surface at these coefficients.
    pub(super) fn at(&self, coefficients: &[f64]) -> Surface {
        let (width, size) = (self.design.columns(), self.size());
        let mut surface = Surface {
            log_likelihood: 0.0,
            slope: vec![0.0; size],
            information: vec![0.0; size * size],
        };
        let mut chance = vec![0.0; self.endings];
        for (row, outcome, weight) in self.rows() {
            let log_sum = chances(row, coefficients, &mut chance);
            let eta = outcome.checked_sub(1).map_or(0.0, |ending| {
                let beta = &coefficients[ending * width..(ending + 1) * width];
                row.iter().zip(beta).map(|(x, b)| x * b).sum()
            });
            surface.log_likelihood += weight * (eta - log_sum);
            for k in 0..self.endings {
                let rest = weight * (f64::from(u8::from(outcome == k + 1)) - chance[k]);
                for (slope, x) in surface.slope[k * width..].iter_mut().zip(row) {
                    *slope += rest * x;
                }
                for l in 0..=k {
                    let same = f64::from(u8::from(k == l));
                    let curve = weight * chance[k] * (same - chance[l]);
                    add_square(
                        &mut surface.information,
                        size,
                        (k * width, l * width),
                        row,
                        curve,
                    );
                }
            }
        }
        mirror(&mut surface.information, size, width, self.endings);
        for (j, (slope, beta)) in surface.slope.iter_mut().zip(coefficients).enumerate() {
            if j % width != 0 {
                *slope -= self.ridge * beta;
                surface.log_likelihood -= 0.5 * self.ridge * beta * beta;
            }
        }
        surface
    }
}

/// Adds `factor * row row'` to the block that starts at `at`, its lower triangle alone.
fn add_square(matrix: &mut [f64], size: usize, at: (usize, usize), row: &[f64], factor: f64) {
    for (i, &x) in row.iter().enumerate() {
        // Most columns are flags, and most flags are 0.
        if x == 0.0 {
            continue;
        }
        let start = (at.0 + i) * size + at.1;
        for (entry, y) in matrix[start..=start + i].iter_mut().zip(row) {
            *entry += factor * x * y;
        }
    }
}

/// Fills what follows by symmetry: each block is symmetric, and so is the whole.
fn mirror(matrix: &mut [f64], size: usize, width: usize, blocks: usize) {
    for k in 0..blocks {
        for l in 0..=k {
            for i in 0..width {
                for j in 0..i {
                    let entry = matrix[(k * width + i) * size + l * width + j];
                    matrix[(k * width + j) * size + l * width + i] = entry;
                }
            }
        }
    }
    for i in 0..size {
        for j in 0..i {
            matrix[j * size + i] = matrix[i * size + j];
        }
    }
}
