//! Where the period may end: drawn many times, each time with other rates, another market, and
//! every deal won or not.

use crm::RecordId;
use stats::{BetaPrior, Stream, in_market, quantile, quantile_error};

/// The correlation that all deals share through the market. Even so small a one keeps the spread of
/// 1,000 deals from shrinking below what any forecaster has been seen to reach.
pub(crate) const COMMON_SHOCK: f64 = 0.01;

/// What the streams of random numbers are for. A purpose never changes its number.
const MARKET: u32 = 1;
const STAGE_RATE: u32 = 2;
const DEAL: u32 = 3;

/// The deals of one stage that have a probability and an amount.
pub(crate) struct Group {
    /// Names the group's own random numbers: the stage's ids.
    pub(crate) name: String,
    /// What is believed of its rate.
    pub(crate) belief: BetaPrior,
    /// Deals with their amounts in the home currency.
    pub(crate) deals: Vec<(RecordId, f64)>,
}

/// The drawn sums of what open deals bring, in ascending order.
pub(crate) struct Drawn(Vec<f64>);

impl Drawn {
    /// The quantile and its standard error.
    pub(crate) fn at(&self, q: f64) -> (f64, f64) {
        (
            quantile(&self.0, q).unwrap_or(0.0),
            quantile_error(&self.0, q).unwrap_or(0.0),
        )
    }
}

/// Draws the sum of the groups' deals.
pub(crate) fn draw(groups: &[Group], seed: u64, draws: u32) -> Drawn {
    let draws = draws.max(1) as usize;
    let mut market = Stream::new(seed, MARKET, 0);
    let markets: Vec<f64> = (0..draws).map(|_| market.normal()).collect();
    let mut sums = vec![0.0; draws];
    for group in groups {
        let mut rates = Stream::new(seed, STAGE_RATE, number_of(&group.name));
        let chances: Vec<f64> = markets
            .iter()
            .map(|&market| {
                let rate = rates.beta(group.belief.alpha, group.belief.beta);
                in_market(rate, market, COMMON_SHOCK)
            })
            .collect();
        for &(deal, amount) in &group.deals {
            let mut luck = Stream::new(seed, DEAL, deal.get());
            for (sum, &chance) in sums.iter_mut().zip(&chances) {
                if luck.bernoulli(chance) {
                    *sum += amount;
                }
            }
        }
    }
    sums.sort_by(f64::total_cmp);
    Drawn(sums)
}

/// A number for a text, the same on every machine and in every version (FNV-1a, 64 bits).
fn number_of(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use stats::mean_and_variance;

    fn group(name: &str, belief: BetaPrior, amounts: &[f64]) -> Group {
        let deals = amounts
            .iter()
            .zip(1..)
            .map(|(&a, id)| (RecordId::new(id), a))
            .collect();
        Group {
            name: name.to_owned(),
            belief,
            deals,
        }
    }

    /// With a rate that is as good as known, the drawn sums have the mean of independent deals
    /// exactly, and their variance plus the little that the market adds.
    #[test]
    fn drawn_sums_have_the_exact_mean_and_variance() {
        let amounts: Vec<f64> = (1..=40).map(|i| f64::from(i) * 100.0).collect();
        let known = BetaPrior::new(0.3, 1e7);
        let Drawn(sums) = draw(&[group("s", known, &amounts)], 7, 40_000);
        let pairs: Vec<_> = amounts.iter().map(|&a| (0.3, a)).collect();
        let (mean, independent) = mean_and_variance(&pairs);
        let n = sums.len() as f64;
        let drawn_mean = sums.iter().sum::<f64>() / n;
        let drawn_variance = sums.iter().map(|s| (s - drawn_mean).powi(2)).sum::<f64>() / (n - 1.0);
        // The market moves every probability by phi(z) * sqrt(rho) at first order.
        let density = 0.347_693; // of the normal distribution at its 30 % point
        let total: f64 = amounts.iter().sum();
        let shared = COMMON_SHOCK * (density * total).powi(2);
        let error = (drawn_variance / n).sqrt();
        assert!(
            (drawn_mean - mean).abs() < 4.0 * error,
            "{drawn_mean} is not {mean}"
        );
        let expected = independent + shared;
        assert!(
            (drawn_variance / expected - 1.0).abs() < 0.04,
            "{drawn_variance} is not {expected}"
        );
    }

    /// A rate known from ten deals only is itself uncertain, and moves all deals of its stage
    /// together: that adds the variance of the rate times the square of their sum.
    #[test]
    fn an_uncertain_rate_widens_the_sum() {
        let belief = BetaPrior::new(0.3, 10.0);
        let Drawn(sums) = draw(&[group("s", belief, &[100.0; 40])], 7, 40_000);
        let n = sums.len() as f64;
        let mean = sums.iter().sum::<f64>() / n;
        let variance = sums.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / (n - 1.0);
        // Of a beta-binomial number of wins: 40 p q (1 + 39 / 11), plus a little from the market.
        let without_market = 40.0 * 0.3 * 0.7 * (1.0 + 39.0 / 11.0) * 100.0 * 100.0;
        assert!(
            (1.0..1.1).contains(&(variance / without_market)),
            "{variance} {without_market}"
        );
    }

    #[test]
    fn one_more_deal_leaves_the_luck_of_the_others_alone() {
        let belief = BetaPrior::new(0.3, 100.0);
        let two = group("s", belief, &[100.0, 50.0]);
        let mut three = group("s", belief, &[100.0, 50.0]);
        three.deals.insert(0, (RecordId::new(3), 0.0));
        let Drawn(few) = draw(&[two], 7, 500);
        let Drawn(more) = draw(&[three], 7, 500);
        assert_eq!(few, more);
        let Drawn(other_seed) = draw(&[group("s", belief, &[100.0, 50.0])], 8, 500);
        assert_ne!(few, other_seed);
    }

    #[test]
    fn without_deals_the_sum_is_nothing() {
        assert_eq!(draw(&[], 1, 100).at(0.9), (0.0, 0.0));
    }
}
