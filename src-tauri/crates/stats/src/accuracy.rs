//! How good forecasts were. All functions take (forecast, actual) pairs.

/// Sum of absolute errors over the sum of actuals. None where the actuals sum to nothing.
#[must_use]
pub fn wape(pairs: &[(f64, f64)]) -> Option<f64> {
    over_actuals(pairs, pairs.iter().map(|(f, a)| (a - f).abs()).sum())
}

/// Sum of errors over the sum of actuals; positive when the forecasts were too high.
#[must_use]
pub fn bias(pairs: &[(f64, f64)]) -> Option<f64> {
    over_actuals(pairs, pairs.iter().map(|(f, a)| f - a).sum())
}

/// The mean loss of a quantile forecast, for the quantile `tau`.
#[must_use]
pub fn pinball(pairs: &[(f64, f64)], tau: f64) -> Option<f64> {
    let loss = |(f, a): &(f64, f64)| {
        if a >= f {
            tau * (a - f)
        } else {
            (1.0 - tau) * (f - a)
        }
    };
    (!pairs.is_empty()).then(|| pairs.iter().map(loss).sum::<f64>() / pairs.len() as f64)
}

/// HubSpot's forecast accuracy, for comparison alone: it punishes too high a forecast without bound
/// and too low a one by at most 100 %. None where nothing was achieved.
#[must_use]
pub fn hubspot_accuracy(forecast: f64, actual: f64) -> Option<f64> {
    (actual != 0.0).then(|| (1.0 - (actual - forecast).abs() / actual.abs()).max(0.0))
}

/// The mean. None of nothing.
pub(crate) fn mean(numbers: &[f64]) -> Option<f64> {
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64)
}

fn over_actuals(pairs: &[(f64, f64)], sum: f64) -> Option<f64> {
    let actual: f64 = pairs.iter().map(|pair| pair.1).sum();
    (actual != 0.0).then(|| sum / actual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: Option<f64>, expected: f64) {
        assert!(
            (value.unwrap() - expected).abs() < 1e-10,
            "{value:?} is not {expected}"
        );
    }

    /// Pinball losses confirmed with scikit-learn's `mean_pinball_loss`.
    #[test]
    fn four_periods_score_as_published() {
        let actual = [100.0, 120.0, 80.0, 150.0];
        let pairs: Vec<_> = [110.0, 100.0, 95.0, 140.0]
            .into_iter()
            .zip(actual)
            .collect();
        check(wape(&pairs), 0.122_222_222_2);
        check(bias(&pairs), -0.011_111_111_1);
        check(pinball(&actual.map(|a| (80.0, a)), 0.1), 3.25);
        check(pinball(&actual.map(|a| (140.0, a)), 0.9), 5.25);
        check(hubspot_accuracy(110.0, 100.0), 0.9);
        check(hubspot_accuracy(250.0, 100.0), 0.0);
    }

    #[test]
    fn nothing_achieved_has_no_accuracy() {
        assert_eq!(wape(&[(1.0, 0.0)]), None);
        assert_eq!(hubspot_accuracy(1.0, 0.0), None);
        assert_eq!(pinball(&[], 0.5), None);
    }
}
