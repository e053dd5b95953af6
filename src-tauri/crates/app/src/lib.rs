//! The use cases: everything a user can ask for. The window and the command line call only this.
//!
//! [`App`] holds what is open; its methods are the calls that [`calls`] declares, each of a few
//! lines over the crates below. What crosses to the window is in [`views`], and every error leaves
//! as a [`WireError`].
//!
//! Architecture invariant: no query and no call here spans two portals.

mod access;
mod activity;
mod app;
#[cfg(test)]
mod bindings;
mod browser;
pub mod calls;
mod competing;
mod connecting;
mod day;
mod demo;
mod environment;
mod faults;
mod features;
mod fiscal_years;
mod forecasting;
mod hint;
mod icp;
mod jobs;
mod loaded;
mod open_portal;
mod period;
mod portals;
mod query;
mod quotas;
mod scored_file;
mod scoring;
mod snapshots;
mod syncing;
mod tokens;
mod vault;
mod verifying;
pub mod views;
mod waterfall;
mod whose;
mod wire;
mod writebacks;

pub use app::App;
pub use browser::SystemBrowser;
pub use connecting::scopes;
pub use environment::{Environment, SystemClock, random_passphrase};
pub use hint::Hint;
pub use query::QueryAnswer;
pub use scored_file::{FileScoring, RowScore, ScoredFile, score_file};
pub use wire::{ErrorCode, WireError};
