//! The calls that read, a room for each part of the API.

mod account;
mod association_limits;
mod associations;
mod definitions;
mod directory;
mod lists;
mod records;
