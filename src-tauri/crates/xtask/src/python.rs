//! Python for tests that run other people's programs; nothing of the product needs it.

use crate::command::{command, run};
use std::path::{Path, PathBuf};

/// A Python with exactly the packages that the file `requirements` names, below target/. Each
/// folder of tests has its own.
///
/// # Errors
/// When Python has no venv, or pip fails.
pub(crate) fn environment(requirements: &str) -> Result<PathBuf, String> {
    let of = Path::new(requirements)
        .parent()
        .and_then(Path::file_name)
        .unwrap_or_default();
    let home = crate::root().join("target/xtask/python").join(of);
    let wanted = std::fs::read_to_string(crate::root().join(requirements))
        .map_err(|error| format!("{requirements}: {error}"))?;
    let python = home.join("bin/python");
    // Written last, so that an interrupted installation is not taken for a finished one.
    let installed = home.join("requirements.txt");
    if std::fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    run(&mut command(
        "python3",
        &["-m", "venv", "--clear", &home.to_string_lossy()],
        "",
    ))?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        requirements,
    ];
    run(&mut command(&python.to_string_lossy(), &pip, ""))?;
    std::fs::write(&installed, wanted)
        .map_err(|error| format!("{}: {error}", installed.display()))?;
    Ok(python)
}
