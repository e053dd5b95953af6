//! The reports: how long each takes to answer in a large portal, asked for the first time and again.

use super::Bench;
use crate::command::{cargo, run};

pub(super) fn section(bench: &Bench) -> Result<(), String> {
    let deals = bench.sized(500_000).to_string();
    let mut reports = cargo(&["bench", "--locked", "-p", "app", "--bench", "reports"]);
    run(reports.env("PLUMBLINE_BENCH_DEALS", &deals))
}
