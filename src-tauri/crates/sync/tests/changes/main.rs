//! Runs that read only what changed, against a HubSpot that says what the test wants it to say.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

#[path = "../scripted/mod.rs"]
mod scripted;

mod both;
mod gone;
mod reading;
mod texts;
mod windows;
