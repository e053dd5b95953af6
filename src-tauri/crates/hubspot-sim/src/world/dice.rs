//! Chance, in streams: each entity draws from its own, so that changing how companies are named
//! does not reshuffle which deals are won.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// One stream of chance.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of one entity: `stream` names the concern, `number` the entity.
    pub(crate) fn new(seed: u64, stream: &str, number: u64) -> Self {
        // FNV-1a over the name; the three numbers side by side make the key.
        let name = stream
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        let mut key = [0_u8; 32];
        for (slot, part) in key.chunks_exact_mut(8).zip([seed, name, number]) {
            slot.copy_from_slice(&part.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Any number.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Any 32-bit number.
    pub(crate) fn word(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// Uniform in `[0, 1)`.
    #[allow(
        clippy::cast_precision_loss,
        reason = "53 bits are what a double holds"
    )]
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform between two bounds.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Uniform in `0..count`; 0 when there is nothing to choose from.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the result is below `count`"
    )]
    pub(crate) fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.bits()) * count as u128) >> 64) as usize
    }

    /// True with this probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of the choices.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    /// An index, drawn by weight.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// Exponential with this mean.
    pub(crate) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Standard normal (Box and Muller's method; the second number is thrown away).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// A count with this mean (Knuth's method; means here stay below a hundred).
    pub(crate) fn poisson(&mut self, mean: f64) -> usize {
        let limit = (-mean).exp();
        let mut product = self.unit();
        let mut count = 0;
        while product > limit {
            product *= self.unit();
            count += 1;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let first = |seed, stream, number| Dice::new(seed, stream, number).bits();
        assert_eq!(first(7, "deal", 1), first(7, "deal", 1));
        assert_ne!(first(7, "deal", 1), first(8, "deal", 1));
        assert_ne!(first(7, "deal", 1), first(7, "contact", 1));
        assert_ne!(first(7, "deal", 1), first(7, "deal", 2));
    }

    #[test]
    fn draws_have_the_means_they_promise() {
        let mut dice = Dice::new(1, "means", 0);
        let mut mean_of = |draw: &mut dyn FnMut(&mut Dice) -> f64| {
            (0..20_000).map(|_| draw(&mut dice)).sum::<f64>() / 20_000.0
        };
        // Bounds are at least five standard errors wide, and the stream is fixed.
        assert!((mean_of(&mut |d| d.exponential(30.0)) - 30.0).abs() < 1.1);
        assert!(mean_of(&mut Dice::normal).abs() < 0.04);
        assert!((mean_of(&mut |d| d.poisson(4.0) as f64) - 4.0).abs() < 0.08);
        assert!((mean_of(&mut |d| d.weighted(&[1.0, 3.0]) as f64) - 0.75).abs() < 0.02);
    }
}
