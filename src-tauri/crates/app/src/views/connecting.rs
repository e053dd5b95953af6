//! Asking for a connection.

use crm::PortalId;
use secrecy::SecretString;
use serde::Deserialize;

use super::JobId;

/// How a portal is reached.
#[derive(Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ConnectionWay {
    /// OAuth through the user's own HubSpot app; opens the system browser.
    OwnApp {
        /// The app's client id.
        client_id: String,
        /// The app's client secret. It stays in the portal's encrypted file.
        #[cfg_attr(test, ts(type = "string"))]
        client_secret: SecretString,
    },
    /// A private-app token or a service key.
    Token {
        /// The token as HubSpot showed it.
        #[cfg_attr(test, ts(type = "string"))]
        token: SecretString,
    },
}

/// A connection to be made.
#[derive(Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ConnectArgs {
    /// The caller's name for this work.
    pub job: JobId,
    /// How.
    pub way: ConnectionWay,
    /// The name to give the portal here; without one, `Portal` and its id.
    pub name: Option<String>,
    /// Another address than HubSpot's: loopback only, for the simulator.
    pub api_base: Option<String>,
}

/// A portal of this machine, to be connected again.
#[derive(Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReconnectArgs {
    /// The caller's name for this work.
    pub job: JobId,
    /// The portal. Another one that answers is refused, and nothing is changed.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// How, where it is not as before. A portal that was connected by a token needs the new one.
    pub way: Option<ConnectionWay>,
    /// Whether consent to writing is asked for as well. A portal that had it keeps it.
    pub writeback: bool,
}

/// The demo portal, to be started and connected.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DemoArgs {
    /// The caller's name for this work.
    pub job: JobId,
}
