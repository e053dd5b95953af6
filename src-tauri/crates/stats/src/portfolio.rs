//! Sums of deals that are won or not, each on its own: exact answers to check drawn ones against.

/// The mean and variance of the sum of `amount` over deals won independently, each with its own
/// probability: `sum(p a)` and `sum(p (1 - p) a^2)`.
#[must_use]
pub fn mean_and_variance(deals: &[(f64, f64)]) -> (f64, f64) {
    let mean = deals.iter().map(|(p, a)| p * a).sum();
    let variance = deals.iter().map(|(p, a)| p * (1.0 - p) * a * a).sum();
    (mean, variance)
}

/// How likely each number of wins is, 0 to all: the Poisson binomial distribution, by adding one
/// deal after the other.
#[must_use]
pub fn number_of_wins(probabilities: &[f64]) -> Vec<f64> {
    let mut likely = vec![1.0];
    for p in probabilities {
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
    if p <= 0.0 || p >= 1.0 || shared <= 0.0 {
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
        assert!(in_market(0.3, 1.0, 0.01) < 0.3 && in_market(0.3, -1.0, 0.01) > 0.3);
    }
}
