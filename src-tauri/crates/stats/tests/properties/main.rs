//! What must hold whatever the numbers: no panic, nothing that is not a number, and the rules that
//! each statistic is known by.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what its own strategy made"
)]

mod amounts;
mod counts;
mod incidence;
mod proportion;
mod regressions;
mod shrinkage;
mod tables;
