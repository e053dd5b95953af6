//! The project's own errands, so that neither a newcomer nor CI has to know a second command.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program's whole purpose is to tell a developer what it does"
)]

mod bench;
mod beside;
mod command;
mod demo;
mod flags;
mod fuzz;
mod invariants;
mod machine;
mod oracles;
mod pages;
mod python;
mod simulator;
mod soak;
mod steps;
mod test;
mod tools;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask demo [--headless]   build everything and open the window on the demo portal;
                                without a display, or with --headless, walk the same road in the terminal
cargo xtask test [STEP...]      everything that CI runs, or the steps whose names contain a STEP
cargo xtask steps               the names of those steps
cargo xtask step NAME           one of them, by its whole name
cargo xtask soak [--kills N] [--worlds N] [--seed N]
                                kill syncs and writebacks at random points, 2,000 times unless told otherwise
cargo xtask fuzz [TARGET...] [--seconds N]
                                fuzz all that reads bytes from outside, a minute a target unless told otherwise
cargo xtask bench [SECTION...] [--quick] [--peer DIR]
                                what the sync, the timeline and the trees cost, in release builds;
                                sections are limits, speed, memory, changes, peer, timeline and ml
cargo xtask oracles             the answers of SciPy and others that `stats` is tested against, made anew
cargo xtask invariants          only the rules of docs/ARCHITECTURE.md that a search can check";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["demo"] => demo::run(demo::Where::WindowIfPossible),
        ["demo", "--headless"] => demo::run(demo::Where::Terminal),
        ["test", wanted @ ..] if wanted.iter().all(|word| !word.starts_with('-')) => {
            test::run(wanted)
        }
        ["step", name] => test::run_one(name),
        ["steps"] => {
            steps::ALL.iter().for_each(|step| println!("{}", step.name));
            Ok(())
        }
        ["soak", flags @ ..] => soak::campaign(flags),
        ["fuzz", words @ ..] => fuzz::campaign(words),
        ["bench", words @ ..] => bench::run_sections(words),
        ["oracles"] => oracles::run_all(),
        ["invariants"] => invariants::run(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the checkout that this program was built from.
fn root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    // src-tauri/crates/xtask
    for _ in 0..3 {
        root.pop();
    }
    root
}
