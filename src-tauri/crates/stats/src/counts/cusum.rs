//! A rate that has moved for good, seen early: the cumulative sum chart of Poisson counts.

use crate::error::{Error, at_least_zero};
use crate::special::ln_gamma;

/// A one-sided chart for a rise from one rate to another (Lucas 1985, doi:10.1080/00401706.1985.10488030).
///
/// `S_t = max(0, S_(t-1) + x_t - k e_t)` with `k = (r1 - r0) / ln(r1 / r0)` a unit of exposure: the
/// sum of the log likelihood ratio, in units of a count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cusum {
    usual: f64,
    reference: f64,
}

/// Into how many steps a count is cut for the average run length; it is then right to about half a
/// percent.
const STEPS: f64 = 100.0;

/// The highest threshold, mean and reference that a chart of counts is made for.
const MOST: f64 = 10_000.0;

/// After so many looks a chart has long settled, or never will to the last digit.
const MOST_LOOKS: usize = 20_000;

/// Where a look moves no more of what is left than this, it has settled, whatever rounding still does to
/// the little that is lost.
const STILL: f64 = 1e-13;
/// A loss that is not told from none.
const NOTHING: f64 = 1e-13;

impl Cusum {
    /// The chart that finds a rise from `usual` to `raised` counts a unit of exposure soonest.
    ///
    /// # Errors
    /// When the rates are not positive and finite, or the second is not the higher.
    pub fn new(usual: f64, raised: f64) -> Result<Self, Error> {
        let usual = at_least_zero(usual, "a rate")?;
        let raised = at_least_zero(raised, "a rate")?;
        let reference = (raised - usual) / (raised / usual).ln();
        if usual > 0.0 && raised > usual && reference.is_finite() {
            Ok(Self { usual, reference })
        } else {
            Err(Error::Range("a rate"))
        }
    }

    /// What is taken off a count for each unit of exposure.
    #[must_use]
    pub fn reference(&self) -> f64 {
        self.reference
    }

    /// The chart over counts with their exposures, in order of time.
    ///
    /// # Errors
    /// When an exposure is negative or not finite.
    pub fn path(&self, counts: &[(u32, f64)]) -> Result<Vec<f64>, Error> {
        let mut sum = 0.0_f64;
        counts
            .iter()
            .map(|&(count, exposure)| {
                let exposure = at_least_zero(exposure, "an exposure")?;
                sum = (sum + f64::from(count) - self.reference * exposure).max(0.0);
                Ok(sum)
            })
            .collect()
    }

    /// The first place at which the chart reaches the threshold.
    ///
    /// # Errors
    /// When an exposure is negative or not finite.
    pub fn alarm(&self, counts: &[(u32, f64)], threshold: f64) -> Result<Option<usize>, Error> {
        Ok(self.path(counts)?.iter().position(|&sum| sum >= threshold))
    }

    /// After how many looks the chart reaches `threshold` on average, from 0, where each look has the
    /// exposure `exposure` and the rate is `times` the usual one. Infinite where a look's chance of an
    /// alarm is below what can be told from none: so it is where very many counts are usual.
    ///
    /// The distribution of the sum is carried from look to look on a grid (a Markov chain, as Brook
    /// and Evans 1972), until each look loses the same share to the alarm; the rest is geometric.
    ///
    /// # Errors
    /// When a number is not positive and finite, or the chart is beyond 10,000 counts.
    pub fn run_length(&self, threshold: f64, exposure: f64, times: f64) -> Result<f64, Error> {
        let mean = self.usual * exposure * times;
        let off = self.reference * exposure;
        let is_possible = |number: f64| number > 0.0 && number <= MOST;
        if ![threshold, exposure, times, mean, off]
            .into_iter()
            .all(is_possible)
        {
            return Err(Error::Range("a chart"));
        }
        let chances = poisson(mean, threshold + off);
        // A reference between two points of the grid is each of them, as often as keeps its mean.
        let below = (off * STEPS).floor();
        let upper = off * STEPS - below;
        let size = (threshold * STEPS).ceil() as usize;
        let mut now = vec![0.0; size];
        now[0] = 1.0;
        let (mut alive, mut lost_before, mut looks) = (1.0, 0.0, 0.0);
        for _ in 0..MOST_LOOKS {
            looks += alive;
            let mut next = vec![0.0; size];
            for (from, mass) in now.iter().enumerate().filter(|(_, mass)| **mass > 0.0) {
                for (count, chance) in chances.iter().enumerate() {
                    let to = from as f64 + count as f64 * STEPS - below;
                    if to > size as f64 {
                        break;
                    }
                    for (to, share) in [(to, 1.0 - upper), (to - 1.0, upper)] {
                        if let Some(there) = next.get_mut(to.max(0.0) as usize) {
                            *there += mass * chance * share;
                        }
                    }
                }
            }
            let left: f64 = next.iter().sum();
            let lost = 1.0 - left / alive;
            let shares = now.iter().zip(&next);
            let moved: f64 = shares.map(|(a, b)| (a / alive - b / left).abs()).sum();
            if lost <= NOTHING && moved <= STILL {
                return Ok(f64::INFINITY);
            }
            now = next;
            alive = left;
            let settled = moved <= STILL || (lost - lost_before).abs() <= 1e-7 * lost;
            if settled && lost > 0.0 {
                return Ok(looks + alive / lost);
            }
            if alive < 1e-12 {
                return Ok(looks);
            }
            lost_before = lost;
        }
        Err(Error::NotConverged)
    }

    /// A threshold at which false alarms are at least `run_length` looks apart on average, for looks
    /// of this exposure.
    ///
    /// # Errors
    /// When a number is not positive and finite, or so long a run has no threshold.
    pub fn threshold(&self, run_length: f64, exposure: f64) -> Result<f64, Error> {
        at_least_zero(run_length, "a run length")?;
        let (mut low, mut high) = (0.0, 1.0);
        while self.run_length(high, exposure, 1.0)? < run_length {
            (low, high) = (high, 2.0 * high);
        }
        for _ in 0..20 {
            let middle = 0.5 * (low + high);
            if self.run_length(middle, exposure, 1.0)? < run_length {
                low = middle;
            } else {
                high = middle;
            }
        }
        // Sums are whole counts less multiples of the reference, so run lengths jump; the grid blurs
        // a jump by its steps, and beyond them the alarms are at least as far apart as asked.
        Ok(high + 3.0 / STEPS)
    }
}

/// The probabilities of 0, 1, 2 and so on counts, as far as the chart can use them.
fn poisson(mean: f64, most: f64) -> Vec<f64> {
    (0..=most.ceil() as u32)
        .map(|count| {
            let count = f64::from(count);
            (count * mean.ln() - mean - ln_gamma(count + 1.0)).exp()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stream;

    #[test]
    fn a_chart_by_hand() {
        let chart = Cusum::new(2.0, 4.0).unwrap();
        assert!((chart.reference() - 2.0 / 2.0_f64.ln()).abs() < 1e-12);
        let counts = [2, 1, 3, 2, 4, 5, 4, 6].map(|count| (count, 1.0));
        let expected = [0.0, 0.0, 0.1146, 0.0, 1.1146, 3.2292, 4.3438, 7.4584];
        let path = chart.path(&counts).unwrap();
        for (sum, expected) in path.iter().zip(expected) {
            assert!((sum - expected).abs() < 1e-4, "{path:?}");
        }
        assert_eq!(chart.alarm(&counts, 3.0), Ok(Some(5)));
        assert_eq!(chart.alarm(&counts, 9.0), Ok(None));
    }

    /// Of hundreds of counts a week, none comes near the reference: any threshold will do.
    #[test]
    fn where_many_are_usual_a_chart_has_a_threshold_too() {
        for (usual, least) in [(100.0, 0.0), (600.0, 0.0), (5_000.0, 0.0), (5.0, 5.0)] {
            let chart = Cusum::new(usual, 2.0 * usual).unwrap();
            let threshold = chart.threshold(10_000.0, 1.0).unwrap();
            assert!(threshold > least, "{usual}: {threshold}");
            let length = chart.run_length(threshold, 1.0, 1.0).unwrap();
            assert!(length >= 10_000.0, "{usual}: {length}");
        }
        let rare = Cusum::new(0.01, 0.02).unwrap();
        assert!(rare.run_length(3.0, 1.0, 1.0).unwrap() < 1e9);
    }

    #[test]
    fn twice_the_exposure_expects_twice_the_counts() {
        let chart = Cusum::new(1.0, 2.0).unwrap();
        let path = chart.path(&[(4, 2.0), (4, 1.0), (0, 0.0)]).unwrap();
        let expected = [4.0 - 2.0 / 2.0_f64.ln(), 8.0 - 3.0 / 2.0_f64.ln()];
        assert!((path[0] - expected[0]).abs() < 1e-12);
        assert!((path[1] - expected[1]).abs() < 1e-12);
        assert_eq!(path[1].to_bits(), path[2].to_bits());
    }

    /// Against 4,000 charts drawn look by look.
    #[test]
    fn run_lengths_are_those_of_drawn_charts() {
        for (usual, times) in [(0.5, 1.0), (2.0, 1.0), (2.0, 2.0)] {
            let chart = Cusum::new(usual, 2.0 * usual).unwrap();
            let threshold = chart.threshold(104.0, 1.0).unwrap();
            let expected = chart.run_length(threshold, 1.0, times).unwrap();
            assert!(times > 1.0 || expected >= 104.0);
            let lengths: Vec<f64> = (0..4_000)
                .map(|number| drawn_length(&chart, threshold, usual * times, number))
                .collect();
            let n = lengths.len() as f64;
            let mean = lengths.iter().sum::<f64>() / n;
            let variance = lengths.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
            let error = (variance / n).sqrt();
            assert!(
                (mean - expected).abs() < 3.0 * error + 0.005 * expected,
                "{mean} {expected}"
            );
        }
    }

    fn drawn_length(chart: &Cusum, threshold: f64, mean: f64, number: u64) -> f64 {
        let mut stream = Stream::new(11, 1, number);
        let (mut sum, mut looks) = (0.0, 0.0);
        while sum < threshold {
            sum = (sum + stream.poisson(mean) as f64 - chart.reference()).max(0.0);
            looks += 1.0;
        }
        looks
    }

    #[test]
    fn rates_that_do_not_rise_are_refused() {
        for (usual, raised) in [(2.0, 2.0), (2.0, 1.0), (0.0, 1.0), (1.0, f64::NAN)] {
            assert_eq!(Cusum::new(usual, raised), Err(Error::Range("a rate")));
        }
        let chart = Cusum::new(1.0, 2.0).unwrap();
        assert!(chart.path(&[(1, f64::NAN)]).is_err());
        assert!(chart.run_length(0.0, 1.0, 1.0).is_err());
        assert!(chart.threshold(f64::NAN, 1.0).is_err());
    }
}
