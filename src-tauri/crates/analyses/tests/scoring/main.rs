//! The score's machinery: on worlds whose truth is known, and on public data sets where they are at
//! hand.

#![allow(clippy::print_stdout, reason = "a skipped test says so")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop where its fixture is damaged"
)]

#[path = "../schema/mod.rs"]
mod schema;

mod apart;
mod bad_files;
mod bad_tables;
mod contact_scores;
mod contacts;
mod injected;
mod leaks;
mod models;
mod people;
mod portal;
mod public;
mod report;
mod rows;
mod sheets;
mod traps;
mod worlds;

use analyses::scoring::{Fitting, Fold, Table, grouped};

/// How many worlds a simulation makes: a few in every test run, more in the soak.
fn worlds(few: u64) -> u64 {
    let asked = std::env::var("PLUMBLINE_WORLDS").ok();
    asked.and_then(|number| number.parse().ok()).unwrap_or(few)
}

/// Five folds over all rows of a table.
fn five(table: &Table, seed: u64) -> Vec<Fold> {
    folds(table, &(0..table.rows()).collect::<Vec<usize>>(), seed)
}

fn folds(table: &Table, rows: &[usize], seed: u64) -> Vec<Fold> {
    grouped(rows, table.groups(), table.happened(), 5, |group| {
        stats::Stream::new(seed, 901, u64::from(group))
            .index(u32::MAX)
            .into()
    })
}

fn how(seed: u64, threads: usize) -> Fitting {
    Fitting {
        baseline: None,
        seed,
        threads,
    }
}
