//! Programs that the tests need and that come from crates.io: built once, into target/tools.

use crate::command::{cargo, run};
use std::path::PathBuf;

/// A program of crates.io, at the one version that the tests were written for.
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
}

/// Checks licences, banned crates and where crates come from.
pub(crate) const CARGO_DENY: Tool = Tool {
    name: "cargo-deny",
    version: "0.20.2",
};
/// Speaks WebDriver with the window.
pub(crate) const TAURI_DRIVER: Tool = Tool {
    name: "tauri-driver",
    version: "2.1.0",
};
/// Builds and runs the fuzz targets.
pub(crate) const CARGO_FUZZ: Tool = Tool {
    name: "cargo-fuzz",
    version: "0.13.2",
};

impl Tool {
    /// The program's path, after building it if it is not there.
    ///
    /// # Errors
    /// When cargo fails.
    pub(crate) fn path(&self) -> Result<PathBuf, String> {
        // The version is in the path: a new one does not find the old one's binary.
        let home = crate::root().join(format!("target/tools/{}-{}", self.name, self.version));
        let program = home.join("bin").join(self.name);
        if !program.is_file() {
            let home = home.to_string_lossy();
            let version = format!("={}", self.version);
            // Unoptimised: they run for a second, and would take minutes to optimise.
            run(&mut cargo(&[
                "install",
                "--locked",
                "--debug",
                "--root",
                &home,
                "--version",
                &version,
                self.name,
            ]))?;
        }
        Ok(program)
    }
}
