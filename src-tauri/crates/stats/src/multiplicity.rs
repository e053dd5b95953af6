//! Many questions at once: how many of those that stand out do so by chance.

use crate::error::Error;

/// Benjamini and Hochberg's adjusted p-values (1995), in the order given: who takes all up to 0.10
/// expects at most a tenth of them to be false. Holds for independent and positively dependent
/// questions; the family is all that were asked, not those that look well.
///
/// # Errors
/// When a p-value is not between 0 and 1.
pub fn benjamini_hochberg(p: &[f64]) -> Result<Vec<f64>, Error> {
    adjusted(p, 1.0)
}

/// Benjamini and Yekutieli's (2001), which hold under any dependence and find less.
///
/// # Errors
/// When a p-value is not between 0 and 1.
pub fn benjamini_yekutieli(p: &[f64]) -> Result<Vec<f64>, Error> {
    let penalty = (1..=p.len()).map(|i| 1.0 / i as f64).sum();
    adjusted(p, penalty)
}

/// `q_(i) = min over j >= i of m p_(j) / j`, at most 1.
fn adjusted(p: &[f64], penalty: f64) -> Result<Vec<f64>, Error> {
    if !p.iter().all(|p| (0.0..=1.0).contains(p)) {
        return Err(Error::Range("a p-value"));
    }
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut q = vec![1.0; p.len()];
    let mut least: f64 = 1.0;
    for (rank, &i) in order.iter().enumerate().rev() {
        least = least.min(penalty * p[i] * p.len() as f64 / (rank + 1) as f64);
        q[i] = least;
    }
    Ok(q)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_questions_are_adjusted_as_published() {
        let p = [
            0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216,
        ];
        let expected = [
            0.01,
            0.04,
            0.084,
            0.084,
            0.084,
            0.1,
            0.74 / 7.0,
            0.216,
            0.216,
            0.216,
        ];
        let q = benjamini_hochberg(&p).unwrap();
        for (q, expected) in q.iter().zip(expected) {
            assert!((q - expected).abs() < 1e-10, "{q} is not {expected}");
        }
    }

    #[test]
    fn no_question_has_no_answer_and_no_number_is_none() {
        assert_eq!(benjamini_hochberg(&[]), Ok(vec![]));
        for wrong in [f64::NAN, -0.1, 1.1] {
            assert_eq!(
                benjamini_hochberg(&[0.2, wrong]),
                Err(Error::Range("a p-value"))
            );
        }
    }
}
