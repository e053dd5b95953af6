//! The server: HubSpot's protocol over a [`crate::world::World`].

mod associations;
mod auth;
mod batch;
mod changes;
mod control;
mod definitions;
mod directory;
mod exchange;
mod faults;
mod filter;
mod groups;
mod oauth;
mod objects;
mod pacing;
mod records;
mod refusal;
mod route;
mod search;
mod serve;
mod simulation;
mod values;
mod write;

pub use changes::{Change, ChangeError};
pub use serve::{Sim, serve};
