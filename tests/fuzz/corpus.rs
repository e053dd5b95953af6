//! The committed corpus of the fuzz targets, run through the same functions as the fuzzer runs: what
//! was found once is not found again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

#[path = "../../fuzz/src/lib.rs"]
#[allow(
    unreachable_pub,
    dead_code,
    missing_docs,
    reason = "it is a crate of its own"
)]
mod fuzz;

use std::path::{Path, PathBuf};

/// The longest input that the fuzzer is told to make; a larger file got here by mistake.
const LONGEST: u64 = 64 * 1024;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../fuzz")
        .join(name)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let found = std::fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<PathBuf> = found.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

#[test]
fn no_input_of_the_corpus_panics() {
    let mut inputs = 0;
    for (target, run) in fuzz::TARGETS {
        let files = entries(&folder("corpus").join(target));
        assert!(files.len() >= 5, "{target} has no corpus worth the name");
        for file in files {
            let input = std::fs::read(&file).unwrap();
            let length = u64::try_from(input.len()).unwrap();
            assert!(length <= LONGEST, "{}", file.display());
            // The test's own output names the input where this panics.
            println!("{}", file.display());
            run(&input);
            inputs += 1;
        }
    }
    println!("{inputs} inputs");
}

/// Inputs that are cut anywhere are inputs too.
#[test]
fn no_beginning_of_an_input_panics() {
    for (target, run) in fuzz::TARGETS {
        for file in entries(&folder("corpus").join(target)) {
            let input = std::fs::read(&file).unwrap();
            println!("{}", file.display());
            let step = input.len().div_ceil(200).max(1);
            for end in (0..input.len()).step_by(step) {
                run(&input[..end]);
            }
        }
    }
}

#[test]
fn every_target_has_its_file_and_every_file_its_target() {
    let known: Vec<&str> = fuzz::TARGETS.iter().map(|(name, _)| *name).collect();
    for place in ["fuzz_targets", "corpus"] {
        let there: Vec<String> = entries(&folder(place))
            .iter()
            .map(|path| name(path))
            .collect();
        assert_eq!(there, known, "{place}");
    }
    let manifest = std::fs::read_to_string(folder("Cargo.toml")).unwrap();
    for target in known {
        let path = format!("path = \"fuzz_targets/{target}.rs\"");
        assert!(
            manifest.contains(&path),
            "{target} is not in fuzz/Cargo.toml"
        );
    }
}
