//! How good forecasts were, from pairs of (forecast, actual).

use crate::evidence::Rate;
use crate::proportion::wilson;

/// Sum of absolute errors over the sum of actuals. None where the actuals sum to nothing, or a
/// number is not finite.
#[must_use]
pub fn wape(pairs: &[(f64, f64)]) -> Option<f64> {
    over_actuals(pairs, pairs.iter().map(|(f, a)| (a - f).abs()).sum())
}

/// Sum of errors over the sum of actuals; positive when the forecasts were too high. None as above.
#[must_use]
pub fn bias(pairs: &[(f64, f64)]) -> Option<f64> {
    over_actuals(pairs, pairs.iter().map(|(f, a)| f - a).sum())
}

/// The mean loss of a quantile forecast, for the quantile `tau` (Koenker and Bassett 1978). None of
/// nothing, or where a number is not finite.
#[must_use]
pub fn pinball(pairs: &[(f64, f64)], tau: f64) -> Option<f64> {
    let loss = |(f, a): &(f64, f64)| {
        if a >= f {
            tau * (a - f)
        } else {
            (1.0 - tau) * (f - a)
        }
    };
    let losses: Vec<f64> = pairs.iter().map(loss).collect();
    mean(&losses).filter(|loss| loss.is_finite())
}

/// How often bands, given as (low, high, actual), held what came, with Wilson's interval. It takes
/// bands as independent: where several share an outcome, pass their deals or quarters through
/// [`crate::ClusterRatio`] instead. None of nothing; a band that is not a number holds nothing.
#[must_use]
pub fn coverage(bands: &[(f64, f64, f64)], level: f64) -> Option<Rate> {
    let n = u32::try_from(bands.len()).ok().filter(|&n| n > 0)?;
    let holds = |&&(low, high, actual): &&(f64, f64, f64)| low <= actual && actual <= high;
    let held = bands.iter().filter(holds).count() as f64;
    let cases = f64::from(n);
    let interval = wilson(held, cases, level);
    Some(Rate {
        value: held / cases,
        low: interval.low,
        high: interval.high,
        level: interval.level,
        n,
        n_effective: cases,
    })
}

/// What share of a baseline's loss a forecast saves: 1 is perfect, 0 no better, negative worse. None
/// where the baseline loses nothing.
#[must_use]
pub fn skill(loss: f64, baseline: f64) -> Option<f64> {
    Some(1.0 - loss / baseline).filter(|skill| baseline > 0.0 && skill.is_finite())
}

/// HubSpot's forecast accuracy, for comparison alone: it punishes too high a forecast without bound
/// and too low a one by at most 100 %. None where nothing was achieved.
#[must_use]
pub fn hubspot_accuracy(forecast: f64, actual: f64) -> Option<f64> {
    let accuracy = 1.0 - (actual - forecast).abs() / actual.abs();
    (actual != 0.0 && !accuracy.is_nan()).then(|| accuracy.max(0.0))
}

/// The mean. None of nothing.
pub(crate) fn mean(numbers: &[f64]) -> Option<f64> {
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64)
}

fn over_actuals(pairs: &[(f64, f64)], sum: f64) -> Option<f64> {
    let actual: f64 = pairs.iter().map(|pair| pair.1).sum();
    Some(sum / actual).filter(|share| actual != 0.0 && share.is_finite())
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
        assert_eq!(coverage(&[], 0.95), None);
        assert_eq!(skill(1.0, 0.0), None);
        let unknown = [(1.0, 2.0), (f64::NAN, 2.0)];
        assert_eq!(wape(&unknown), None);
        assert_eq!(bias(&unknown), None);
        assert_eq!(pinball(&unknown, 0.5), None);
        assert_eq!(hubspot_accuracy(f64::NAN, 2.0), None);
    }

    #[test]
    fn bands_hold_what_lies_on_their_ends() {
        let bands = [
            (1.0, 3.0, 3.0),
            (1.0, 3.0, 3.1),
            (1.0, 3.0, 1.0),
            (f64::NAN, 3.0, 2.0),
        ];
        let rate = coverage(&bands, 0.95).unwrap();
        assert_eq!((rate.value, rate.n), (0.5, 4));
        check(Some(rate.low), wilson(2.0, 4.0, 0.95).low);
        check(skill(60.0, 80.0), 0.25);
        check(skill(100.0, 80.0), -0.25);
    }
}
