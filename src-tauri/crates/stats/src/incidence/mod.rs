//! How many will ever end one way, when some are still open and some ended another: cumulative
//! incidence with competing events, late entries and ties.

mod curve;
mod lifetimes;
mod walk;

#[cfg(test)]
mod tests;

pub use curve::{Incidence, RestrictedMean, Shares, Step};
pub use lifetimes::{Ending, Lifetimes, RiskSets};
