//! A HubSpot that runs on this machine: the demo portal, and what every test talks to.
//!
//! [`serve`] starts one on 127.0.0.1. It speaks HubSpot's protocol in its date-versioned and its
//! older spellings, enforces scopes, token life and limits, and keeps a ledger of every write.

mod options;
mod portal;
mod server;
mod world;

pub use options::{Address, Bulk, Limits, SimError, SimOptions, WorldKind};
pub use server::{Change, ChangeError, Scenario, Settings, Sim, serve};
