//! The answers of other people's libraries, made anew: what `stats` is tested against.

use crate::command::{command, run};
use crate::python;
use std::path::PathBuf;

const FOLDER: &str = "tests/oracles";

/// Runs every script of the folder; each writes the JSON beside it.
///
/// # Errors
/// When Python or its packages are not to be had, or a script fails.
pub(crate) fn run_all() -> Result<(), String> {
    let python = python::environment("tests/oracles/requirements.txt")?;
    for script in scripts()? {
        run(&mut command(
            &python.to_string_lossy(),
            &[&script.to_string_lossy()],
            "",
        ))?;
    }
    Ok(())
}

/// The scripts by name, so that two runs print the same.
fn scripts() -> Result<Vec<PathBuf>, String> {
    let folder = crate::root().join(FOLDER);
    let entries =
        std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut scripts: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    scripts.sort();
    Ok(scripts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_has_its_answers_and_all_answers_their_script() {
        let scripts = scripts().unwrap();
        assert!(!scripts.is_empty());
        let folder = crate::root().join(FOLDER);
        let answers = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "json")
            });
        let mut answers: Vec<PathBuf> = answers.map(|path| path.with_extension("py")).collect();
        answers.sort();
        assert_eq!(scripts, answers);
    }
}
