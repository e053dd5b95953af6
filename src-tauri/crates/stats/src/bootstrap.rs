//! Intervals of whatever can be computed, from drawing the clusters again: deals of one company are
//! not independent, so companies are drawn, not deals.

use std::num::NonZeroUsize;

use crate::accuracy::mean;
use crate::error::{Error, finite};
use crate::proportion::{Interval, level_within};
use crate::quantile::quantile;
use crate::random::Stream;
use crate::special::{normal_cdf, normal_quantile};

/// How to draw. The same seed and purpose give the same draws, on any number of threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resampling {
    /// The run's seed.
    pub seed: u64,
    /// What the draws are for; uses of one run differ in it.
    pub purpose: u32,
    /// How many times; 1,000 by default of the reports.
    pub draws: u32,
    /// How many threads share the work.
    pub threads: NonZeroUsize,
}

/// Draws `clusters` clusters with replacement, as often as asked, and computes something of each
/// draw. The statistic gets how often each cluster was drawn; what it gives is returned in the order
/// of the draws.
pub fn resample<T: Send>(
    clusters: u32,
    how: &Resampling,
    statistic: impl Fn(&[f64]) -> T + Sync,
) -> Vec<T> {
    let one = |draw: u32, weights: &mut Vec<f64>| {
        weights.clear();
        weights.resize(clusters as usize, 0.0);
        let mut stream = Stream::new(how.seed, how.purpose, u64::from(draw));
        for _ in 0..clusters {
            if let Some(weight) = weights.get_mut(stream.index(clusters) as usize) {
                *weight += 1.0;
            }
        }
        statistic(weights)
    };
    let mut drawn: Vec<Option<T>> = (0..how.draws).map(|_| None).collect();
    let share = drawn.len().div_ceil(how.threads.get()).max(1);
    std::thread::scope(|scope| {
        for (part, places) in drawn.chunks_mut(share).enumerate() {
            let one = &one;
            scope.spawn(move || {
                let mut weights = Vec::new();
                for (draw, place) in ((part * share) as u32..).zip(places) {
                    *place = Some(one(draw, &mut weights));
                }
            });
        }
    });
    drawn.into_iter().flatten().collect()
}

/// A number with what it was in the draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    /// The number on the data as they are.
    pub estimate: f64,
    /// Its values in the draws, ascending.
    drawn: Vec<f64>,
    /// Draws in which it could not be computed. Above a few in a hundred, the interval is of a
    /// different question than the estimate.
    pub failed: u32,
}

/// The bootstrap of a number over clusters. The statistic gets how often each cluster counts, and is
/// first asked with 1 for each; None where it cannot be computed.
///
/// # Errors
/// With fewer than two clusters, where the number cannot be computed on the data, or in no draw.
pub fn cluster_bootstrap(
    clusters: u32,
    how: &Resampling,
    statistic: impl Fn(&[f64]) -> Option<f64> + Sync,
) -> Result<Bootstrap, Error> {
    if clusters < 2 {
        return Err(Error::TooFew);
    }
    let estimate = statistic(&vec![1.0; clusters as usize]).ok_or(Error::TooFew)?;
    Bootstrap::of(estimate, resample(clusters, how, statistic))
}

/// The number without each of the clusters in turn: what [`Bootstrap::bca`] corrects its interval
/// by. Left out where it cannot be computed.
#[must_use]
pub fn jackknife(clusters: u32, statistic: impl Fn(&[f64]) -> Option<f64>) -> Vec<f64> {
    let mut weights = vec![1.0; clusters as usize];
    let mut values = Vec::with_capacity(weights.len());
    for left_out in 0..weights.len() {
        weights[left_out] = 0.0;
        values.extend(statistic(&weights).filter(|value| value.is_finite()));
        weights[left_out] = 1.0;
    }
    values
}

impl Bootstrap {
    /// The bootstrap of a number with the values that draws gave.
    ///
    /// # Errors
    /// When the estimate is not finite, or no draw is.
    pub fn of(estimate: f64, draws: Vec<Option<f64>>) -> Result<Self, Error> {
        let estimate = finite(estimate, "an estimate")?;
        let all = draws.len();
        let mut drawn: Vec<f64> = draws
            .into_iter()
            .flatten()
            .filter(|value| value.is_finite())
            .collect();
        if drawn.is_empty() {
            return Err(Error::TooFew);
        }
        drawn.sort_by(f64::total_cmp);
        Ok(Self {
            estimate,
            failed: (all - drawn.len()) as u32,
            drawn,
        })
    }

    /// The values in the draws, ascending.
    #[must_use]
    pub fn drawn(&self) -> &[f64] {
        &self.drawn
    }

    /// The standard error: the standard deviation of the draws. 0 of a single one.
    #[must_use]
    pub fn error(&self) -> f64 {
        let centre = mean(&self.drawn).unwrap_or(self.estimate);
        let squares: f64 = self.drawn.iter().map(|x| (x - centre).powi(2)).sum();
        (squares / (self.drawn.len() as f64 - 1.0).max(1.0)).sqrt()
    }

    /// The share of draws at or above a value.
    #[must_use]
    pub fn share_from(&self, value: f64) -> f64 {
        let below = self.drawn.partition_point(|&x| x < value);
        (self.drawn.len() - below) as f64 / self.drawn.len() as f64
    }

    /// The percentile interval. It contains the estimate but for strong bias.
    #[must_use]
    pub fn percentile(&self, level: f64) -> Interval {
        let level = level_within(level);
        self.between(0.5 - level / 2.0, 0.5 + level / 2.0, level)
    }

    /// The interval corrected for bias and acceleration (Efron 1987), with the values of
    /// [`jackknife`]. The percentile interval where the draws or the values do not vary.
    #[must_use]
    pub fn bca(&self, left_out: &[f64], level: f64) -> Interval {
        let level = level_within(level);
        let below = self.drawn.partition_point(|&x| x < self.estimate);
        let up_to = self.drawn.partition_point(|&x| x <= self.estimate);
        let bias = normal_quantile((below + up_to) as f64 / (2.0 * self.drawn.len() as f64));
        let centre = mean(left_out).unwrap_or(0.0);
        let power = |exponent: i32| -> f64 {
            left_out
                .iter()
                .map(|value| (centre - value).powi(exponent))
                .sum()
        };
        let acceleration = power(3) / (6.0 * power(2).powf(1.5));
        if !bias.is_finite() || !acceleration.is_finite() {
            return self.percentile(level);
        }
        let moved = |tail: f64| {
            let z = bias + normal_quantile(tail);
            normal_cdf(bias + z / (1.0 - acceleration * z))
        };
        self.between(moved(0.5 - level / 2.0), moved(0.5 + level / 2.0), level)
    }

    fn between(&self, low: f64, high: f64, level: f64) -> Interval {
        let at = |q: f64| quantile(&self.drawn, q).unwrap_or(self.estimate);
        Interval {
            low: at(low),
            high: at(high),
            level,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ClusterRatio;

    fn how(seed: u64, threads: usize) -> Resampling {
        Resampling {
            seed,
            purpose: 1,
            draws: 2_000,
            threads: NonZeroUsize::new(threads).unwrap(),
        }
    }

    /// Companies with a few deals each, some of them won.
    fn companies() -> Vec<(f64, f64)> {
        let mut stream = Stream::new(5, 1, 0);
        (0..120)
            .map(|_| {
                let deals = 1 + stream.index(6);
                let chance = stream.beta(1.5, 3.0);
                let won = stream.binomial(u64::from(deals), chance);
                (won as f64, f64::from(deals))
            })
            .collect()
    }

    fn win_rate(companies: &[(f64, f64)]) -> impl Fn(&[f64]) -> Option<f64> + Sync {
        move |weights| {
            let weighed = || weights.iter().zip(companies);
            let deals: f64 = weighed().map(|(weight, company)| weight * company.1).sum();
            let won: f64 = weighed().map(|(weight, company)| weight * company.0).sum();
            (deals > 0.0).then(|| won / deals)
        }
    }

    #[test]
    fn a_seed_gives_the_same_draws_on_any_number_of_threads() {
        let companies = companies();
        let of = |seed, threads| {
            cluster_bootstrap(120, &how(seed, threads), win_rate(&companies)).unwrap()
        };
        for threads in [2, 3, 7, 5_000] {
            assert_eq!(of(3, 1), of(3, threads));
        }
        assert_ne!(of(3, 1), of(4, 1));
    }

    /// The error of a standard error from 2,000 draws is about 1 / sqrt(4,000) of it.
    #[test]
    fn the_error_of_a_clustered_share_is_the_linearised_one() {
        let companies = companies();
        let ours = cluster_bootstrap(120, &how(1, 2), win_rate(&companies)).unwrap();
        let theirs = ClusterRatio::of(companies.iter().copied()).unwrap();
        assert!((ours.estimate - theirs.ratio).abs() < 1e-12);
        let relative = ours.error() / theirs.variance.sqrt();
        assert!(
            (relative - 1.0).abs() < 3.0 / 4_000.0_f64.sqrt(),
            "{relative}"
        );
        let interval = ours.percentile(0.95);
        assert!(interval.low < ours.estimate && ours.estimate < interval.high);
    }

    #[test]
    fn draws_that_fail_are_counted() {
        let first_is_drawn = |weights: &[f64]| (weights[0] > 0.0).then_some(1.0);
        let bootstrap = cluster_bootstrap(10, &how(1, 2), first_is_drawn).unwrap();
        let share = f64::from(bootstrap.failed) / 2_000.0;
        assert!((share - 0.9_f64.powi(10)).abs() < 0.04, "{share}");
    }

    #[test]
    fn nothing_that_varies_has_an_interval_of_no_width() {
        let bootstrap = cluster_bootstrap(4, &how(1, 1), |_| Some(2.0)).unwrap();
        for interval in [bootstrap.percentile(0.9), bootstrap.bca(&[2.0; 4], 0.9)] {
            assert_eq!((interval.low, interval.high), (2.0, 2.0));
        }
        assert_eq!(bootstrap.share_from(2.0), 1.0);
        assert_eq!(bootstrap.share_from(2.1), 0.0);
    }

    #[test]
    fn too_few_clusters_are_refused() {
        assert_eq!(
            cluster_bootstrap(1, &how(1, 1), |_| Some(2.0)),
            Err(Error::TooFew)
        );
        assert_eq!(
            cluster_bootstrap(9, &how(1, 1), |_| None),
            Err(Error::TooFew)
        );
        assert_eq!(
            Bootstrap::of(f64::NAN, vec![Some(1.0)]),
            Err(Error::Range("an estimate"))
        );
        assert_eq!(Bootstrap::of(1.0, vec![Some(f64::NAN)]), Err(Error::TooFew));
    }
}
