//! Which customers are worth having: against worlds whose truth is known, and data as they are.

#![allow(
    clippy::print_stdout,
    reason = "the figures are what these tests are read for"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop where its fixture is damaged"
)]

#[path = "../schema/mod.rs"]
mod schema;

mod awkward;
mod maven;
mod portals;
mod quarters;
mod shape;
mod truth;
mod world;
