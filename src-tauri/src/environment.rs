//! What the use cases are given from this machine: a folder, a clock, a browser, a person's name.

use std::path::PathBuf;
use std::sync::Arc;

use app::{Environment, ErrorCode, SystemBrowser, SystemClock, WireError};
use secrecy::SecretString;
use tempfile::TempDir;

/// The folder's name inside the user's data folder; the terminal uses the same.
const FOLDER: &str = "plumbline";

/// What a window is given, and what goes when it does.
pub(crate) struct Given {
    pub(crate) environment: Environment,
    /// The folder of a window that keeps nothing.
    pub(crate) throwaway: Option<TempDir>,
}

/// What a window that was started with `arguments` is given.
///
/// A window for the demo keeps nothing: its folder goes when the window closes, and the passphrase
/// of what is in it is known to nobody.
///
/// # Errors
/// When the operating system gives no random numbers or no temporary folder.
pub(crate) fn of_this_machine(arguments: &[String]) -> Result<Given, WireError> {
    let demo_wanted = arguments.iter().any(|argument| argument == "--demo");
    let throwaway = (demo_wanted && told_folder().is_none())
        .then(tempfile::tempdir)
        .transpose()
        .map_err(|_| no_temporary_folder())?;
    let (data_dir, passphrase) = match &throwaway {
        Some(folder) => (folder.path().join(FOLDER), Some(app::random_passphrase()?)),
        None => (data_dir(), told_passphrase()),
    };
    let environment = Environment {
        data_dir,
        passphrase,
        clock: Arc::new(SystemClock),
        opener: Arc::new(SystemBrowser),
        approver: user_name(),
        demo_wanted,
        demo_limits: hubspot_sim::Limits::Real,
    };
    Ok(Given {
        environment,
        throwaway,
    })
}

fn no_temporary_folder() -> WireError {
    WireError::new(
        ErrorCode::DiskFull,
        "There is no room for temporary files, so the demo has no place.",
        "Free some space and start it again.",
    )
}

fn told_passphrase() -> Option<SecretString> {
    std::env::var("PLUMBLINE_PASSPHRASE")
        .ok()
        .map(SecretString::from)
}

/// Where everything is kept. Only a build for developers lets the environment say otherwise: users'
/// secrets are not moved by whoever can set a variable.
fn data_dir() -> PathBuf {
    told_folder().unwrap_or_else(|| dirs::data_local_dir().unwrap_or_default().join(FOLDER))
}

fn told_folder() -> Option<PathBuf> {
    std::env::var_os("PLUMBLINE_DATA_DIR")
        .filter(|_| cfg!(debug_assertions))
        .map(PathBuf::from)
}

/// Who approves, as the history of plans shows it.
fn user_name() -> String {
    ["USER", "USERNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_else(|| "someone on this machine".to_owned())
}
