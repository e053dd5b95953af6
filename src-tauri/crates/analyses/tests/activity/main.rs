//! The activity analysis: known truths, awkward portals, its words and its shape.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may stop where its fixture is damaged, and says what it measured"
)]

#[path = "../schema/mod.rs"]
mod schema;

mod awkward;
mod loans;
mod report;
mod truth;
mod world;
