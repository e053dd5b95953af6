//! Starting other programs, and saying which one failed.

use std::path::Path;
use std::process::{Command, Stdio};

/// A command that runs in the checkout's folder `dir` (`""` for the root).
pub(crate) fn command(program: &str, arguments: &[&str], dir: &str) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(crate::root().join(dir));
    command
}

/// Cargo, and the very one that built this program, with the lock file as it is committed.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut cargo = command(&program, arguments, "");
    // What cargo told this program about this program would only confuse the next one.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_")
            || name.to_string_lossy().starts_with("CARGO_MANIFEST")
        {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// Runs `command` to its end, with its output on this terminal.
///
/// # Errors
/// When it cannot be started, or ends with anything but success.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    println!("$ {}", shown(command));
    let status = command
        .status()
        .map_err(|error| not_started(command, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{}` ended with {status}", shown(command)))
    }
}

/// Runs `command` and gives what it wrote to its standard output.
///
/// # Errors
/// When it cannot be started, or ends with anything but success; then with what it said.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| not_started(command, &error))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!(
            "`{}` ended with {}: {}",
            shown(command),
            output.status,
            said.trim()
        ))
    }
}

/// Whether `command` can be started and ends well; what it writes is thrown away.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Whether a program of this name lies in one of the folders of `PATH`.
pub(crate) fn is_installed(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|dir| {
            let file: &Path = &dir.join(program);
            file.is_file()
        })
    })
}

fn shown(command: &Command) -> String {
    let mut shown = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        shown.push(' ');
        shown.push_str(&argument.to_string_lossy());
    }
    shown
}

fn not_started(command: &Command, error: &std::io::Error) -> String {
    format!(
        "`{}` could not be started: {error}",
        command.get_program().to_string_lossy()
    )
}
