//! Quantiles of draws, and how uncertain a limited number of draws leaves them.

/// The quantile `q` of sorted numbers, interpolated between neighbours (the usual "type 7"). None
/// of nothing.
#[must_use]
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = q.clamp(0.0, 1.0) * last as f64;
    let below = place.floor();
    let low = *sorted.get(below as usize)?;
    let high = *sorted.get((below as usize + 1).min(last))?;
    Some(low + (place - below) * (high - low))
}

/// The standard error of that quantile, from the order statistics one binomial standard deviation
/// around it: no density has to be guessed.
#[must_use]
pub fn quantile_error(sorted: &[f64], q: f64) -> Option<f64> {
    let n = sorted.len() as f64;
    let step = (q * (1.0 - q) / n).sqrt();
    Some((quantile(sorted, q + step)? - quantile(sorted, q - step)?) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sorted: &[f64], q: f64, expected: Option<f64>) {
        assert_eq!(quantile(sorted, q), expected, "{q} of {sorted:?}");
    }

    #[test]
    fn quantiles_interpolate() {
        check(&[], 0.5, None);
        check(&[4.0], 0.1, Some(4.0));
        check(&[1.0, 2.0, 4.0], 0.5, Some(2.0));
        check(&[1.0, 2.0, 4.0], 0.75, Some(3.0));
        check(&[1.0, 2.0, 4.0], 1.0, Some(4.0));
        check(&[1.0, 2.0, 4.0], 0.0, Some(1.0));
    }

    /// For uniform numbers the standard error is known: sqrt(q (1 - q) / n).
    #[test]
    fn the_error_of_uniform_numbers_is_the_textbooks() {
        let sorted: Vec<f64> = (0..10_000)
            .map(|i| (f64::from(i) + 0.5) / 10_000.0)
            .collect();
        for q in [0.1, 0.5, 0.9] {
            let expected = (q * (1.0 - q) / 10_000.0_f64).sqrt();
            let error = quantile_error(&sorted, q).unwrap();
            assert!((error - expected).abs() < 1e-5, "{error} is not {expected}");
        }
    }
}
