//! What the app is given from outside: where data rests, how time passes, who opens a browser.

use std::path::PathBuf;
use std::sync::Arc;

use crm::Moment;
use hubspot::Clock;
use hubspot::oauth::Opener;
use secrecy::SecretString;

use crate::wire::{WireError, internal};

/// The world around the app. The window, the command line and every test bring their own.
#[derive(Clone)]
pub struct Environment {
    /// The folder that holds every portal's file.
    pub data_dir: PathBuf,
    /// The passphrase, where one was given before the start; without one the keychain is asked.
    pub passphrase: Option<SecretString>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Opens a page in the system browser.
    pub opener: Arc<dyn Opener>,
    /// Who approves plans on this machine, as the history shows it.
    pub approver: String,
    /// Whether the window was started to show the demo.
    pub demo_wanted: bool,
    /// Whether the demo portal counts calls against HubSpot's limits, as HubSpot does.
    pub demo_limits: hubspot_sim::Limits,
}

/// A passphrase that nobody knows, for data that nobody keeps.
///
/// # Errors
/// When the operating system gives no random numbers.
pub fn random_passphrase() -> Result<SecretString, WireError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| internal("the system gave no random numbers"))?;
    Ok(SecretString::from(
        bytes.map(|byte| format!("{byte:02x}")).concat(),
    ))
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the clock"
    )]
    fn now(&self) -> Moment {
        jiff::Timestamp::now().into()
    }
}
