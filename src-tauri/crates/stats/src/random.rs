//! Random numbers that depend on nothing but the seed and what they are for.
//!
//! ChaCha is counter-based: the n-th number of a stream is a function of (seed, purpose, stream, n).
//! Drawing for one deal therefore never shifts the draws of another, whatever the order of work, and
//! two forecasts with the same seed differ only where their deals do.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use crate::special::normal_quantile;

/// A sequence of random numbers.
#[derive(Debug, Clone)]
pub struct Stream {
    source: ChaCha8Rng,
}

impl Stream {
    /// The sequence of a run (`seed`) for a use (`purpose`) and one thing among many (`number`).
    #[must_use]
    pub fn new(seed: u64, purpose: u32, number: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..12].copy_from_slice(&purpose.to_le_bytes());
        let mut source = ChaCha8Rng::from_seed(key);
        source.set_stream(number);
        Self { source }
    }

    /// A number between 0 and 1, never either of them, from 32 random bits.
    pub fn uniform(&mut self) -> f64 {
        (f64::from(self.source.next_u32()) + 0.5) / 4_294_967_296.0
    }

    /// True with probability `p`, to the 32nd binary place.
    pub fn bernoulli(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// A standard normal number, by inversion of 52 random bits.
    pub fn normal(&mut self) -> f64 {
        let bits = self.source.next_u64() >> 12;
        // 52 bits are exact in a double, and half a step keeps clear of both ends.
        #[allow(clippy::cast_precision_loss, reason = "52 bits fit a double's 53")]
        normal_quantile((bits as f64 + 0.5) / 4_503_599_627_370_496.0)
    }

    /// One of `0..n`, each as likely as the others: Lemire's multiplication with rejection (2019),
    /// doi:10.1145/3230636. 0 of nothing.
    pub fn index(&mut self, n: u32) -> u32 {
        let wide = |bits: u32| u64::from(bits) * u64::from(n);
        let mut product = wide(self.source.next_u32());
        if (product as u32) < n {
            let least = n.wrapping_neg().checked_rem(n).unwrap_or(0);
            while (product as u32) < least {
                product = wide(self.source.next_u32());
            }
        }
        (product >> 32) as u32
    }

    /// A waiting time with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -self.uniform().ln()
    }

    /// A Poisson count. A large mean is halved by the order statistic of waiting times until
    /// multiplication serves: Ahrens and Dieter (1974). 0 for a mean that is none; means above 1e15 are
    /// taken as that.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        let mut mean = if mean.is_finite() {
            mean.min(1e15)
        } else {
            0.0
        };
        let mut count = 0;
        while mean > 30.0 {
            // The m-th arrival comes after a gamma(m) time.
            let m = (0.875 * mean).floor();
            let arrival = self.gamma(m);
            if arrival > mean {
                return count + self.binomial(m as u64 - 1, mean / arrival);
            }
            count += m as u64;
            mean -= arrival;
        }
        let mut time = self.exponential();
        while time < mean {
            count += 1;
            time += self.exponential();
        }
        count
    }

    /// How many of `n` happen, each with probability `p`: by the middle order statistic, which is a
    /// beta number, halving `n` until counting serves (Devroye 1986, section X.4.3).
    pub fn binomial(&mut self, mut n: u64, mut p: f64) -> u64 {
        let mut count = 0;
        while n > 16 {
            let middle = n / 2 + 1;
            let at = self.beta(middle as f64, (n + 1 - middle) as f64);
            if at <= p {
                count += middle;
                n -= middle;
                p = (p - at) / (1.0 - at);
            } else {
                n = middle - 1;
                p /= at;
            }
        }
        for _ in 0..n {
            count += u64::from(self.bernoulli(p));
        }
        count
    }

    /// A gamma number of this shape and scale 1: Marsaglia and Tsang (2000), doi:10.1145/358407.358414.
    /// 0 for a shape that is none.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if !(shape > 0.0 && shape.is_finite()) {
            return 0.0;
        }
        if shape < 1.0 {
            let power = self.uniform().powf(1.0 / shape);
            return self.gamma(shape + 1.0) * power;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.uniform().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// A beta number: a share, as likely as `alpha` cases that count and `beta` that do not make it.
    pub fn beta(&mut self, alpha: f64, beta: f64) -> f64 {
        let a = self.gamma(alpha);
        let b = self.gamma(beta);
        if a + b > 0.0 { a / (a + b) } else { 0.5 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::beta_cdf;

    #[test]
    fn a_stream_is_a_function_of_its_three_numbers() {
        let first = |seed, purpose, number| Stream::new(seed, purpose, number).uniform().to_bits();
        assert_eq!(first(7, 1, 42), first(7, 1, 42));
        let different = [(8, 1, 42), (7, 2, 42), (7, 1, 43)];
        for (seed, purpose, number) in different {
            assert_ne!(first(7, 1, 42), first(seed, purpose, number));
        }
    }

    /// Saved forecasts name their seed: the numbers behind a seed must never change.
    #[test]
    fn the_numbers_of_a_seed_are_for_ever() {
        let mut stream = Stream::new(2026, 3, 1);
        let drawn: Vec<f64> = (0..3).map(|_| stream.uniform()).collect();
        assert_eq!(drawn, FOR_EVER);
    }

    const FOR_EVER: [f64; 3] = [
        0.159_569_007_693_789_9,
        0.758_464_538_841_508_3,
        0.209_213_894_209_824_5,
    ];

    /// The largest gap between drawn and true distribution: Kolmogorov and Smirnov, whose 0.1 %
    /// point is 1.95 / sqrt(n).
    #[track_caller]
    fn check_distribution(mut drawn: Vec<f64>, cdf: impl Fn(f64) -> f64) {
        drawn.sort_by(f64::total_cmp);
        let n = drawn.len() as f64;
        let gap = drawn
            .iter()
            .enumerate()
            .map(|(i, &x)| {
                (cdf(x) - i as f64 / n)
                    .abs()
                    .max((cdf(x) - (i + 1) as f64 / n).abs())
            })
            .fold(0.0, f64::max);
        assert!(gap < 1.95 / n.sqrt(), "{gap}");
    }

    #[test]
    fn draws_follow_their_distributions() {
        let draws = 20_000;
        for (i, (a, b)) in [
            (0.5, 20.5),
            (3.0, 8.5),
            (1.0, 1.0),
            (0.2, 0.3),
            (300.0, 700.0),
        ]
        .into_iter()
        .enumerate()
        {
            let mut stream = Stream::new(1, 1, i as u64);
            let drawn = (0..draws).map(|_| stream.beta(a, b)).collect();
            check_distribution(drawn, |x| beta_cdf(a, b, x));
        }
        let mut stream = Stream::new(1, 2, 0);
        let normal = (0..draws).map(|_| stream.normal()).collect();
        check_distribution(normal, crate::special::normal_cdf);
        let uniform = (0..draws).map(|_| stream.uniform()).collect();
        check_distribution(uniform, |x| x);
    }

    /// The largest distance in standard errors between drawn and expected counts of values.
    #[track_caller]
    fn check_counts(drawn: &[u64], chance: impl Fn(u64) -> f64) {
        let n = drawn.len() as f64;
        let most = drawn.iter().copied().max().unwrap_or(0);
        for value in 0..=most {
            let p = chance(value);
            let share = drawn.iter().filter(|&&x| x == value).count() as f64 / n;
            let error = (p * (1.0 - p) / n).sqrt() + 1.0 / n;
            assert!(
                (share - p).abs() < 4.5 * error,
                "{value}: {share} is not {p}"
            );
        }
    }

    #[test]
    fn counts_follow_their_distributions() {
        use crate::special::ln_gamma;
        let draws = 20_000;
        for (i, mean) in [0.1, 3.0, 45.0, 120.0].into_iter().enumerate() {
            let mut stream = Stream::new(2, 1, i as u64);
            let drawn: Vec<u64> = (0..draws).map(|_| stream.poisson(mean)).collect();
            check_counts(&drawn, |x| {
                (x as f64 * mean.ln() - mean - ln_gamma(x as f64 + 1.0)).exp()
            });
        }
        for (i, (n, p)) in [(9_u64, 0.3), (60, 0.05), (200, 0.6)]
            .into_iter()
            .enumerate()
        {
            let mut stream = Stream::new(2, 2, i as u64);
            let drawn: Vec<u64> = (0..draws).map(|_| stream.binomial(n, p)).collect();
            let choose = |x: u64| {
                ln_gamma(n as f64 + 1.0) - ln_gamma(x as f64 + 1.0) - ln_gamma((n - x) as f64 + 1.0)
            };
            check_counts(&drawn, |x| {
                (choose(x) + x as f64 * p.ln() + (n - x) as f64 * (1.0 - p).ln()).exp()
            });
        }
        let mut stream = Stream::new(2, 3, 0);
        let drawn: Vec<u64> = (0..draws).map(|_| u64::from(stream.index(7))).collect();
        check_counts(&drawn, |x| if x < 7 { 1.0 / 7.0 } else { 0.0 });
        // Of 3 * 2^30 places every third would be twice as likely without rejection.
        let drawn: Vec<u64> = (0..draws)
            .map(|_| u64::from(stream.index(3 << 30) % 3))
            .collect();
        check_counts(&drawn, |_| 1.0 / 3.0);
    }

    #[test]
    fn what_cannot_be_counted_is_nothing() {
        let mut stream = Stream::new(2, 4, 0);
        assert_eq!(stream.index(0), 0);
        assert_eq!(stream.index(1), 0);
        for mean in [0.0, -3.0, f64::NAN, f64::INFINITY] {
            assert_eq!(stream.poisson(mean), 0);
        }
        for shape in [0.0, -3.0, f64::NAN, f64::INFINITY] {
            assert_eq!(stream.gamma(shape), 0.0);
            assert_eq!(stream.beta(shape, shape), 0.5);
        }
        assert!(stream.poisson(f64::MAX) > 999_000_000_000_000);
        assert_eq!(stream.binomial(1_000, f64::NAN), 0);
        assert_eq!(stream.binomial(1_000, 1.0), 1_000);
        assert_eq!(stream.binomial(1_000, 0.0), 0);
    }

    #[test]
    fn bernoulli_has_no_luck_at_the_ends() {
        let mut stream = Stream::new(1, 3, 0);
        assert!((0..1_000).all(|_| !stream.bernoulli(0.0) && stream.bernoulli(1.0)));
    }
}
