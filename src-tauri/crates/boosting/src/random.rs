//! Random numbers as a function of what they are for, so that threads need not take turns.

/// The n-th number of a stream: SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195)
/// at the place `number`, started from the seed and the stream.
pub(crate) fn bits(seed: u64, stream: u64, number: u64) -> u64 {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let start = finish(seed.wrapping_add(GOLDEN.wrapping_mul(stream.wrapping_add(1))));
    finish(start.wrapping_add(GOLDEN.wrapping_mul(number.wrapping_add(1))))
}

fn finish(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// True for about `share` of all numbers of a stream; for all of them where it is 1.
pub(crate) fn chosen(seed: u64, stream: u64, number: u64, share: f64) -> bool {
    // 53 bits are exact in a double.
    ((bits(seed, stream, number) >> 11) as f64) < share * 9_007_199_254_740_992.0
}

/// The numbers `0..n` in a random order: Fisher and Yates.
pub(crate) fn order(seed: u64, stream: u64, n: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..n as u32).collect();
    for last in (1..n).rev() {
        let wide = u128::from(bits(seed, stream, last as u64)) * (last as u128 + 1);
        order.swap(last, (wide >> 64) as usize);
    }
    order
}

/// `some` of the numbers `0..n`, ascending.
pub(crate) fn some_of(seed: u64, stream: u64, n: usize, some: usize) -> Vec<u32> {
    let mut chosen = order(seed, stream, n);
    chosen.truncate(some);
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers that SplitMix64 gives from the state 1234567, as the reference code prints
    /// them: what `finish` is worth.
    #[test]
    fn the_mixing_is_that_of_splitmix64() {
        let mut state = 1_234_567_u64;
        let mut next = || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            finish(state)
        };
        assert_eq!(next(), 6_457_827_717_110_365_317);
        assert_eq!(next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn an_order_holds_each_number_once() {
        for n in [0, 1, 2, 100] {
            let mut found = order(1, 2, n);
            found.sort_unstable();
            assert_eq!(found, (0..n as u32).collect::<Vec<u32>>());
        }
    }

    #[test]
    fn about_the_share_is_chosen() {
        let count = |share| (0..10_000).filter(|&n| chosen(7, 3, n, share)).count();
        assert_eq!(count(1.0), 10_000);
        assert!(count(0.8).abs_diff(8_000) < 200, "{}", count(0.8));
    }
}
