//! The copy is compared with HubSpot's own counts, and what was lost is found, named and read.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod access;
mod belonging;
mod both;
mod clocks;
mod counting;
mod explaining;
mod losing;
mod refused;
