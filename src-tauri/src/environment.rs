//! What the use cases are given from this machine: a folder, a clock, a browser, a person's name.

use std::path::PathBuf;
use std::sync::Arc;

use app::{Environment, SystemClock};
use hubspot::BoxFuture;
use hubspot::oauth::{OpenError, Opener};
use secrecy::SecretString;
use url::Url;

/// The folder's name inside the user's data folder; the terminal uses the same.
const FOLDER: &str = "plumbline";

/// The environment of a window that was started with `arguments`.
pub(crate) fn of_this_machine(arguments: &[String]) -> Environment {
    Environment {
        data_dir: data_dir(),
        passphrase: std::env::var("PLUMBLINE_PASSPHRASE")
            .ok()
            .map(SecretString::from),
        clock: Arc::new(SystemClock),
        opener: Arc::new(SystemBrowser),
        approver: user_name(),
        demo_wanted: arguments.iter().any(|argument| argument == "--demo"),
        demo_limits: hubspot_sim::Limits::Real,
    }
}

/// Where everything is kept. Only a build for developers lets the environment say otherwise: users'
/// secrets are not moved by whoever can set a variable.
fn data_dir() -> PathBuf {
    let told = std::env::var_os("PLUMBLINE_DATA_DIR").filter(|_| cfg!(debug_assertions));
    match told {
        Some(told) => PathBuf::from(told),
        None => dirs::data_local_dir().unwrap_or_default().join(FOLDER),
    }
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
