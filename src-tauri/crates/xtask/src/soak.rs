//! The long campaigns: the crash tests of CI with more kills, and its simulations with more worlds.

use crate::command::{cargo, run};
use crate::flags::Flags;

/// Kills of a first load, and as many of each other campaign as its test says, that are made
/// unless another number is given. None lost in 2,000 means fewer than 0.15 % at 95 % confidence.
const KILLS: u64 = 2_000;

/// The tests that kill: the crate that has them, and the test's name.
const CAMPAIGNS: &[&str] = &["sync", "writeback"];

/// Worlds that a simulation makes unless another number is given: enough to tell a band that holds 80 %
/// from one that holds 70.
const WORLDS: u64 = 200;

/// The tests that simulate: the crate that has them, and the test's name.
const SIMULATIONS: &[(&str, &str)] = &[
    ("analyses", "activity"),
    ("analyses", "backtest"),
    ("analyses", "competitors"),
    ("analyses", "icp"),
    ("analyses", "recovery"),
    ("analyses", "scoring"),
    ("app", "scores"),
];

/// Runs all campaigns, one after the other. Each prints its own summary.
///
/// # Errors
/// When a flag cannot be read, or a campaign found something.
pub(crate) fn campaign(flags: &[&str]) -> Result<(), String> {
    let mut flags = Flags::new(flags);
    let kills = flags.number("--kills")?.unwrap_or(KILLS);
    let worlds = flags.number("--worlds")?.unwrap_or(WORLDS);
    let seed = flags.number("--seed")?;
    flags.nothing_else()?;
    let mut failed = Vec::new();
    for crate_name in CAMPAIGNS {
        let arguments = [
            "test",
            "--locked",
            "-p",
            crate_name,
            "--test",
            "kill",
            "--",
            "--nocapture",
        ];
        let mut test = cargo(&arguments);
        test.env("PLUMBLINE_KILLS", kills.to_string());
        if let Some(seed) = seed {
            test.env("PLUMBLINE_KILL_SEED", seed.to_string());
        }
        if let Err(why) = run(&mut test) {
            failed.push(format!("{crate_name}: {why}"));
        }
    }
    for (crate_name, test) in SIMULATIONS {
        let arguments = [
            "test",
            "--locked",
            "-p",
            crate_name,
            "--test",
            test,
            "--",
            "--nocapture",
        ];
        let mut test = cargo(&arguments);
        test.env("PLUMBLINE_WORLDS", worlds.to_string());
        if let Err(why) = run(&mut test) {
            failed.push(format!("{crate_name}: {why}"));
        }
    }
    if failed.is_empty() {
        println!(
            "soak: {kills} kills a campaign, nothing lost, nothing doubled; {worlds} worlds a \
             simulation, every claim held"
        );
        Ok(())
    } else {
        Err(failed.join("; "))
    }
}
