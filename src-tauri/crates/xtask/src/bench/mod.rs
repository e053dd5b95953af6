//! `cargo xtask bench`: what the sync, the timeline, the reports, the trees and the scores cost, taken in one run on
//! one machine.
//!
//! Everything is built in release. The simulator, each sync and the peer are processes of their
//! own. Nothing is asserted and nothing is kept: the figures are printed.

mod figures;
mod ml;
mod peer;
mod reports;
mod scores;
mod sections;
mod timeline;

use std::path::PathBuf;

use crate::command::{cargo, run};
use crate::flags::Flags;

/// What a bench runs with.
pub(crate) struct Bench {
    /// The terminal's program, which serves the simulator.
    plumbline: PathBuf,
    /// The program that makes one sync and prints its figures.
    measure: PathBuf,
    /// The program that grows trees and prints its figures.
    trees: PathBuf,
    /// The program that fits scores and prints how good they are.
    scores: PathBuf,
    /// The program that trains a score and prints what its parts cost.
    scoring: PathBuf,
    /// A tenth of the records.
    quick: bool,
    /// A checkout of the peer's sources, where there is one.
    peer: Option<PathBuf>,
    /// Holds the copies until the end.
    folder: PathBuf,
}

/// What a section starts, as cargo builds it.
type Program = &'static [&'static str];

const PLUMBLINE: Program = &["-p", "cli", "--bin", "plumbline"];
const MEASURE: Program = &["-p", "sync", "--example", "measure"];
const TREES: Program = &["-p", "boosting", "--example", "trees"];
const SCORES: Program = &["-p", "analyses", "--example", "scores"];
const SCORING: Program = &["-p", "analyses", "--example", "scoring"];

/// A part of the bench, by the name on the command line, with what it starts.
type Section = (
    &'static str,
    &'static [Program],
    fn(&Bench) -> Result<(), String>,
);

const SECTIONS: &[Section] = &[
    ("limits", &[PLUMBLINE, MEASURE], sections::limits),
    ("speed", &[PLUMBLINE, MEASURE], sections::speed),
    ("memory", &[PLUMBLINE, MEASURE], sections::memory),
    ("changes", &[PLUMBLINE, MEASURE], sections::changes),
    ("peer", &[PLUMBLINE, MEASURE], peer::section),
    ("timeline", &[], timeline::section),
    ("ml", &[TREES, SCORES, SCORING], ml::section),
    ("reports", &[], reports::section),
];

/// Runs the sections that are named, or all of them. A section that fails does not end the bench.
///
/// # Errors
/// When a flag cannot be read, the programs cannot be built, or a section failed.
pub(crate) fn run_sections(words: &[&str]) -> Result<(), String> {
    let mut flags = Flags::new(words);
    let quick = flags.is_set("--quick");
    let peer = flags.value("--peer")?.map(PathBuf::from);
    let wanted = flags.words();
    flags.nothing_else()?;
    let known = |word: &&&str| SECTIONS.iter().any(|(name, ..)| *name == **word);
    if let Some(unknown) = wanted.iter().find(|word| !known(word)) {
        let names: Vec<&str> = SECTIONS.iter().map(|(name, ..)| *name).collect();
        return Err(format!("{unknown} is none of {}", names.join(", ")));
    }
    let chosen: Vec<&Section> = SECTIONS
        .iter()
        .filter(|(name, ..)| wanted.is_empty() || wanted.contains(name))
        .collect();
    let mut programs: Vec<Program> = chosen.iter().flat_map(|(_, of, _)| of.to_vec()).collect();
    programs.sort_unstable();
    programs.dedup();
    for program in programs {
        run(&mut cargo(
            &[&["build", "--release", "--locked"], program].concat(),
        ))?;
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let release = crate::root().join(target).join("release");
    let folder = crate::root().join("target/bench");
    let bench = Bench {
        plumbline: release.join("plumbline"),
        measure: release.join("examples/measure"),
        trees: release.join("examples/trees"),
        scores: release.join("examples/scores"),
        scoring: release.join("examples/scoring"),
        quick,
        peer: peer.or_else(|| std::env::var_os("PLUMBLINE_BENCH_PEER").map(PathBuf::from)),
        folder,
    };
    let mut failed = Vec::new();
    for (name, _, section) in chosen {
        println!("\n=== {name} (load {})", load());
        bench.empty_folder()?;
        if let Err(why) = section(&bench) {
            println!("{name} failed: {why}");
            failed.push(*name);
        }
    }
    bench.empty_folder()?;
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("failed: {}", failed.join(", ")))
    }
}

impl Bench {
    /// A number of records, or a tenth of it.
    fn sized(&self, records: u64) -> u64 {
        if self.quick { records / 10 } else { records }
    }

    fn empty_folder(&self) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("{}: {error}", self.folder.display());
        if self.folder.exists() {
            std::fs::remove_dir_all(&self.folder).map_err(failed)?;
        }
        std::fs::create_dir_all(&self.folder).map_err(failed)
    }
}

/// How busy the machine is: a ratio taken on a busy one says little.
fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace()
        .next()
        .unwrap_or("unknown")
        .to_owned()
}
