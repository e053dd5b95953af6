//! Many questions at once: how many of those that stand out do so by chance.

use crate::error::{Error, same_rows};

/// Benjamini and Hochberg's adjusted p-values (1995), in the order given: who takes all up to 0.10
/// expects at most a tenth of them to be false. Holds for independent and positively dependent
/// questions; the family is all that were asked, not those that look well.
///
/// # Errors
/// When a p-value is not between 0 and 1.
pub fn benjamini_hochberg(p: &[f64]) -> Result<Vec<f64>, Error> {
    adjusted(p, 1.0)
}

/// Benjamini and Hochberg's with weights (Genovese, Roeder and Wasserman 2006): a question of twice the
/// weight may have twice the p-value. The weights are scaled to a mean of 1, so that as much is spent
/// in all. They must not come from the answers.
///
/// # Errors
/// When a p-value is not between 0 and 1, a weight is not positive, or there are not as many.
pub fn weighted_benjamini_hochberg(p: &[f64], weights: &[f64]) -> Result<Vec<f64>, Error> {
    same_rows(p.len(), weights.len())?;
    if !weights.iter().all(|w| w.is_finite() && *w > 0.0) {
        return Err(Error::Range("a weight"));
    }
    if !p.iter().all(|p| (0.0..=1.0).contains(p)) {
        return Err(Error::Range("a p-value"));
    }
    let mean = weights.iter().sum::<f64>() / weights.len() as f64;
    let share = |(p, weight): (&f64, &f64)| (p * mean / weight).min(1.0);
    benjamini_hochberg(&p.iter().zip(weights).map(share).collect::<Vec<_>>())
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
    fn weights_move_what_is_spent_and_spend_no_more() {
        let p = [0.001, 0.008, 0.039, 0.041, 0.06];
        let plain = benjamini_hochberg(&p).unwrap();
        assert_eq!(weighted_benjamini_hochberg(&p, &[3.0; 5]), Ok(plain));
        // Scaled to 2.5, 0.625 four times: p / w is 0.0004, 0.0128, 0.0624, 0.0656, 0.096.
        let q = weighted_benjamini_hochberg(&p, &[4.0, 1.0, 1.0, 1.0, 1.0]).unwrap();
        for (q, expected) in q.iter().zip([0.002, 0.032, 0.082, 0.082, 0.096]) {
            assert!((q - expected).abs() < 1e-12, "{q} is not {expected}");
        }
        assert!(weighted_benjamini_hochberg(&p, &[1.0; 4]).is_err());
        let none = weighted_benjamini_hochberg(&p, &[1.0, 1.0, 0.0, 1.0, 1.0]);
        assert_eq!(none, Err(Error::Range("a weight")));
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
