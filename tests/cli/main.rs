//! The product in a terminal: the real `plumbline` program, started as a person or a script starts
//! it, against a simulator that is `plumbline sim serve` itself.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod bad_input;
mod bad_luck;
mod canaries;
mod contact_scores;
mod demo;
mod files;
mod http;
mod maven;
mod plumbline;
mod road;
#[path = "../../src-tauri/crates/analyses/tests/schema/mod.rs"]
mod schema;
mod scores;
mod simulator;
mod snapshots;
mod verifying;
mod wire;
