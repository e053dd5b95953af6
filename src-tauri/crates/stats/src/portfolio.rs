//! Sums of deals that are won or not, each on its own: exact answers to check drawn ones against.

/// The mean and variance of the sum of `amount` over deals won independently, each with its own
/// probability: `sum(p a)` and `sum(p (1 - p) a^2)`. Deals without a finite amount add nothing, and
/// neither do those whose probability is no number.
#[must_use]
pub fn mean_and_variance(deals: &[(f64, f64)]) -> (f64, f64) {
    let counted = || {
        let finite = deals.iter().filter(|deal| deal.1.is_finite());
        finite.map(|&(p, amount)| (chance(p), amount))
    };
    // From 0: the sum of nothing is otherwise -0.
    let mean = counted().fold(0.0, |sum, (p, a)| sum + p * a);
    let variance = counted().fold(0.0, |sum, (p, a)| sum + p * (1.0 - p) * a * a);
    (mean, variance)
}

/// A probability within its range; 0 for what is no number.
fn chance(p: f64) -> f64 {
    if p.is_nan() { 0.0 } else { p.clamp(0.0, 1.0) }
}

/// How likely each number of wins is, 0 to all: the Poisson binomial distribution, by adding one
/// deal after the other.
#[must_use]
pub fn number_of_wins(probabilities: &[f64]) -> Vec<f64> {
    let mut likely = vec![1.0];
    for p in probabilities.iter().map(|&p| chance(p)) {
        likely.push(0.0);
        for wins in (0..likely.len()).rev() {
            let stays = likely[wins] * (1.0 - p);
            let joins = wins.checked_sub(1).map_or(0.0, |fewer| likely[fewer] * p);
            likely[wins] = stays + joins;
        }
    }
    likely
}

/// The probability of a deal when the whole market does `market` standard deviations worse than
/// usual (better when negative), with a correlation of `shared` between all deals on the probit
/// scale. On average over markets it is `p` again.
#[must_use]
pub fn in_market(p: f64, market: f64, shared: f64) -> f64 {
    let p = chance(p);
    // A correlation of 1 leaves nothing of the deal's own: the market decides for all.
    let shared = shared.min(1.0 - 1e-12);
    if p <= 0.0 || p >= 1.0 || shared.is_nan() || shared <= 0.0 || market.is_nan() {
        return p;
    }
    let usual = crate::special::normal_quantile(p);
    crate::special::normal_cdf((usual - shared.sqrt() * market) / (1.0 - shared).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wins_of_three_deals_by_hand() {
        let likely = number_of_wins(&[0.5, 0.2, 0.1]);
        let expected = [0.36, 0.49, 0.14, 0.01];
        for (a, b) in likely.iter().zip(expected) {
            assert!((a - b).abs() < 1e-12);
        }
        let (mean, variance) = mean_and_variance(&[(0.5, 1.0), (0.2, 1.0), (0.1, 1.0)]);
        assert!((mean - 0.8).abs() < 1e-12 && (variance - 0.5).abs() < 1e-12);
    }

    #[test]
    fn the_market_is_fair_on_average() {
        // Integrates over the market with steps of a hundredth of a standard deviation.
        for p in [0.02, 0.31, 0.9] {
            let mean: f64 = (-800..=800)
                .map(|i| {
                    let z = f64::from(i) / 100.0;
                    in_market(p, z, 0.1) * (-0.5 * z * z).exp()
                        / (100.0 * (std::f64::consts::TAU).sqrt())
                })
                .sum();
            assert!((mean - p).abs() < 1e-9, "{mean} is not {p}");
        }
        assert_eq!(in_market(f64::NAN, 1.0, 0.1), 0.0);
        assert_eq!(in_market(0.3, f64::NAN, 0.1), 0.3);
        assert_eq!(number_of_wins(&[f64::NAN, 1.0]), [0.0, 1.0, 0.0]);
        assert!(in_market(0.3, 1.0, 0.01) < 0.3 && in_market(0.3, -1.0, 0.01) > 0.3);
    }
}
