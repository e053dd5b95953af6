//! A HubSpot that runs on this machine: the demo portal, and what every test talks to.

mod options;
mod portal;
mod world;

pub use options::{Address, Limits, SimError, SimOptions, WorldKind};
