//! Connecting a portal over OAuth: the consent page in a browser, a listener on this machine, and
//! the calls that give, renew and revoke tokens.

mod app;
mod authorize;
mod callback;
mod connect;
mod consent_follower;
mod endpoint;
mod listener;
mod opener;

pub use app::{OwnApp, Scopes};
pub use connect::{ConnectError, Connection, connect, revoke};
pub use consent_follower::ConsentFollower;
pub(crate) use endpoint::TokenEndpoint;
pub use opener::{OpenError, Opener};

/// Reads bytes as each answer of the token calls; for the fuzzer.
#[cfg(feature = "fuzzing")]
pub(crate) use endpoint::read_token_answers;

/// Reads bytes as a request to the listener; for the fuzzer.
#[cfg(feature = "fuzzing")]
pub(crate) fn read_callback(head: &[u8]) {
    let awaited = callback::Awaited {
        port: REDIRECT_PORTS[0],
        state: "state".into(),
        page: crate::Addresses::hubspot().authorize,
    };
    let _ = callback::judge(head, &awaited);
}

/// The ports that the redirect addresses name, tried in turn. HubSpot compares the whole address
/// and promises no freedom of port, so all of them must be registered with the app.
pub const REDIRECT_PORTS: [u16; 3] = [17431, 17432, 17433];

/// The path of the redirect addresses.
pub const REDIRECT_PATH: &str = "/oauth/callback";

/// The redirect address on a port, exactly as it must be registered. `localhost` by name: HubSpot
/// takes http for no other host.
#[must_use]
pub fn redirect_uri(port: u16) -> String {
    format!("http://localhost:{port}{REDIRECT_PATH}")
}
