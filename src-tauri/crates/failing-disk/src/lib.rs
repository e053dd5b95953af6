//! A disk that fails when a test says so: a layer between SQLite and its file system, after SQLite's
//! own `test_vfs.c` and `test_journal.c` (<https://sqlite.org/vfs.html>, section 2.3).
//!
//! [`install`] makes it the default of the process, so that the product's own way of opening files goes
//! through it. Then calls of one kind can be made to fail, and the files can be kept as they would be
//! found after the power went: with what was synced, and a part of what was not.
//!
//! The state is the process's: one test at a time.
#![cfg(unix)]

mod disk;
mod layer;

pub use disk::{Call, Fault, calls, cut, cut_every, fail, stop_cutting, struck};
pub use layer::install;
