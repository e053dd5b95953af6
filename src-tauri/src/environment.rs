//! What the use cases are given from this machine: a folder, a clock, a browser, a person's name.

use std::path::PathBuf;
use std::sync::Arc;

use app::{Environment, SystemClock, WireError};
use hubspot::BoxFuture;
use hubspot::oauth::{OpenError, Opener};
use secrecy::SecretString;
use url::Url;

/// The folder's name inside the user's data folder; the terminal uses the same.
const FOLDER: &str = "plumbline";

/// The environment of a window that was started with `arguments`.
///
/// A window for the demo keeps nothing: its folder goes with the machine's temporary files, and the
/// passphrase of what is in it is known to nobody.
///
/// # Errors
/// When the operating system gives no random numbers.
pub(crate) fn of_this_machine(arguments: &[String]) -> Result<Environment, WireError> {
    let told = std::env::var("PLUMBLINE_PASSPHRASE")
        .ok()
        .map(SecretString::from);
    let demo_wanted = arguments.iter().any(|argument| argument == "--demo");
    let (data_dir, passphrase) = if demo_wanted && told_folder().is_none() {
        let folder = format!("plumbline-demo-{}", std::process::id());
        (
            std::env::temp_dir().join(folder),
            Some(app::random_passphrase()?),
        )
    } else {
        (data_dir(), told)
    };
    Ok(Environment {
        data_dir,
        passphrase,
        clock: Arc::new(SystemClock),
        opener: Arc::new(SystemBrowser),
        approver: user_name(),
        demo_wanted,
        demo_limits: hubspot_sim::Limits::Real,
    })
}

/// The folder of a window that keeps nothing, to be removed when the window closes.
pub(crate) fn throwaway_folder(arguments: &[String]) -> Option<PathBuf> {
    let demo_wanted = arguments.iter().any(|argument| argument == "--demo");
    let folder = format!("plumbline-demo-{}", std::process::id());
    (demo_wanted && told_folder().is_none()).then(|| std::env::temp_dir().join(folder))
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

/// The browser that the user has chosen in the system's settings.
#[derive(Debug)]
struct SystemBrowser;

impl Opener for SystemBrowser {
    fn open<'a>(&'a self, url: &'a Url) -> BoxFuture<'a, Result<(), OpenError>> {
        Box::pin(async move { open::that_detached(url.as_str()).map_err(|_| OpenError::NoBrowser) })
    }
}
