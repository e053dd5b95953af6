//! Running the fuzz targets, with what of the needed tools is on this machine.

use std::path::PathBuf;
use std::process::Command;

use crate::command::{cargo, command, is_installed, run, succeeds};
use crate::flags::Flags;
use crate::tools;

/// How long each target runs unless told otherwise.
const SECONDS: u64 = 60;

/// The longest input, in bytes: more than any corner of a parser needs, and quick to mutate.
const LONGEST: &str = "-max_len=16384";

/// An input that takes longer than this many seconds is a finding.
const SLOWEST: &str = "-timeout=1";

/// Runs the targets that are named, or all of them, one after the other.
///
/// New inputs go to `target/fuzz/`, not into the committed corpus; findings to `fuzz/artifacts/`.
///
/// # Errors
/// When a flag cannot be read, the targets cannot be built, or one of them found something.
pub(crate) fn campaign(words: &[&str]) -> Result<(), String> {
    let mut flags = Flags::new(words);
    let seconds = flags.number("--seconds")?.unwrap_or(SECONDS);
    let wanted = flags.words();
    flags.nothing_else()?;
    let all = targets()?;
    if let Some(unknown) = wanted
        .iter()
        .find(|name| !all.iter().any(|known| known == *name))
    {
        return Err(format!(
            "there is no target {unknown}; there are {}",
            all.join(", ")
        ));
    }
    run(&mut cargo_fuzz("build", &[])?)?;
    let mut findings = Vec::new();
    for target in all
        .iter()
        .filter(|name| wanted.is_empty() || wanted.contains(&name.as_str()))
    {
        println!("\n=== {target}, {seconds} s");
        let found = crate::root().join("target/fuzz").join(target);
        std::fs::create_dir_all(&found).map_err(|error| error.to_string())?;
        let found = found.to_string_lossy();
        let corpus = format!("corpus/{target}");
        let limit = format!("-max_total_time={seconds}");
        let arguments = [
            target.as_str(),
            found.as_ref(),
            &corpus,
            "--",
            &limit,
            LONGEST,
            SLOWEST,
            "-print_final_stats=1",
            "-verbosity=0",
        ];
        if run(&mut cargo_fuzz("run", &arguments)?).is_err() {
            findings.push(target.as_str());
        }
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "findings in {}: see fuzz/artifacts",
            findings.join(", ")
        ))
    }
}

/// The names of all targets, which are those of their files.
fn targets() -> Result<Vec<String>, String> {
    let folder = crate::root().join("fuzz/fuzz_targets");
    let files = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
    let mut names: Vec<String> = files
        .filter_map(|file| {
            Some(
                file.ok()?
                    .path()
                    .file_stem()?
                    .to_string_lossy()
                    .into_owned(),
            )
        })
        .collect();
    names.sort();
    Ok(names)
}

/// cargo-fuzz on the nightly toolchain, with AddressSanitizer. Without a nightly the pinned
/// toolchain is told to take unstable flags, and the sanitizer is left out: it would need a
/// standard library that was built for it.
fn cargo_fuzz(verb: &str, arguments: &[&str]) -> Result<Command, String> {
    let tool = tool()?;
    let mut path = std::ffi::OsString::from(tool.parent().unwrap_or(&tool));
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut fuzz = if succeeds(&mut command("cargo", &["+nightly", "--version"], "fuzz")) {
        let mut fuzz = command("cargo", &["+nightly", "fuzz", verb], "fuzz");
        // What the pinned toolchain told this program is not for the other one.
        for name in ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTC"] {
            fuzz.env_remove(name);
        }
        fuzz
    } else {
        println!("There is no nightly toolchain: fuzzing without a sanitizer.");
        let mut fuzz = cargo(&["fuzz", verb, "--sanitizer", "none"]);
        fuzz.current_dir(crate::root().join("fuzz"));
        fuzz.env("RUSTC_BOOTSTRAP", "1");
        fuzz
    };
    fuzz.args(arguments).env("PATH", path);
    Ok(fuzz)
}

/// The one that is installed, or the one that the project builds for itself.
fn tool() -> Result<PathBuf, String> {
    if is_installed("cargo-fuzz") {
        return Ok(PathBuf::from("cargo-fuzz"));
    }
    tools::CARGO_FUZZ.path()
}
