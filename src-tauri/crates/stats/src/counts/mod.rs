//! Counts of rare things: has their rate changed, at once or by and by.

mod cusum;
mod rate_ratio;

pub use cusum::Cusum;
pub use rate_ratio::{RateRatio, rate_ratio};
