//! The window's pages: their dependencies and their build.

use crate::command::{command, run};
use std::time::SystemTime;

/// Brings the pages' dependencies as the lock file names them, unless they are here already.
///
/// # Errors
/// When npm fails.
pub(crate) fn bring_dependencies() -> Result<(), String> {
    let ui = crate::root().join("ui");
    let changed = |path: &str| -> Option<SystemTime> {
        std::fs::metadata(ui.join(path))
            .and_then(|file| file.modified())
            .ok()
    };
    let wanted = changed("package-lock.json")
        .ok_or("ui/package-lock.json is missing; it belongs to the checkout")?;
    // npm writes this file last, so it is as new as a finished installation.
    if changed("node_modules/.package-lock.json").is_some_and(|installed| installed >= wanted) {
        return Ok(());
    }
    // No package may run a program of its own while it is installed.
    npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
}

/// Builds the pages into ui/dist, where the window's build looks for them.
///
/// # Errors
/// When npm fails.
pub(crate) fn build() -> Result<(), String> {
    bring_dependencies()?;
    npm(&["run", "build"])
}

/// Runs npm in ui/.
///
/// # Errors
/// When npm fails.
pub(crate) fn npm(arguments: &[&str]) -> Result<(), String> {
    run(&mut command("npm", arguments, "ui"))
}
