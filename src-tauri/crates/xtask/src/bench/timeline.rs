//! The timeline: how long it takes to load a portal and to ask it, and DuckDB on the same versions and
//! the same question in the same run.

use super::Bench;
use super::figures::{Figures, measure, shown};
use crate::command::{cargo, run};
use crate::python;

pub(super) fn section(bench: &Bench) -> Result<(), String> {
    let python = python::environment("tests/bench/requirements.txt")?;
    let deals = bench.sized(500_000).to_string();
    let mut criterion = cargo(&[
        "bench",
        "--locked",
        "-p",
        "timeline",
        "--bench",
        "time_travel",
    ]);
    criterion
        .env("PLUMBLINE_BENCH_DEALS", &deals)
        .env("PLUMBLINE_BENCH_EXPORT", &bench.folder);
    run(&mut criterion)?;
    let script = crate::root().join("tests/bench/as_of.py");
    let arguments: [&str; 2] = [&script.to_string_lossy(), &bench.folder.to_string_lossy()];
    let theirs = Figures::of(&mut measure(&python, &arguments), "")?;
    println!("DuckDB in memory, the versions from a table of text; ours from the encrypted file.");
    shown("deals", deals.parse().unwrap_or_default());
    shown("DuckDB, seconds to load", theirs.number("load_seconds")?);
    shown("DuckDB, seconds of as_of", theirs.number("as_of_seconds")?);
    if theirs.number("same_answer")? < 1.0 {
        return Err("DuckDB answers otherwise".to_owned());
    }
    Ok(())
}
