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
mod labels;
mod limits;
mod link_limits;
mod linking;
mod lists;
mod oauth;
mod objects;
mod pacing;
mod pipelines;
mod records;
mod refusal;
mod route;
mod scenario;
mod schemas;
mod search;
mod serve;
mod simulation;
mod unique;
mod unmake;
mod validations;
mod values;
mod write;

pub use changes::{Change, ChangeError};
pub use scenario::{Scenario, Settings};
pub use serve::{Sim, serve};
