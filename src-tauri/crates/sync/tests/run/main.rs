//! Runs against a HubSpot that says what the test wants it to say.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

#[path = "../scripted/mod.rs"]
mod scripted;

mod reading;
mod refusals;
mod setting;
mod stopping;
