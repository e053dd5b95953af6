//! Deals drawn by lot, where there are more than a fit can use: which ones depends on nothing but the
//! deal and the use, so that the same portal gives the same figures.

use timeline::DealIx;

/// Which deals are looked at on past Mondays.
pub(crate) const LOOKS: u64 = 0x6c6f_6f6b;
/// Which of them a hazard is fitted to.
pub(crate) const FIT: u64 = 0;

/// Whether a deal is in the lot that holds one of so many.
pub(crate) fn holds(deal: DealIx, use_of_it: u64, one_of: u64) -> bool {
    mixed(deal.index() as u64, use_of_it).is_multiple_of(one_of)
}

/// Splitmix64 of two numbers.
pub(crate) fn mixed(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ b.wrapping_mul(0xd134_2543_de82_ef95);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
