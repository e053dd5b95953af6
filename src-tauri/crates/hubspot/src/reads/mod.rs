//! The calls that read, a room for each part of the API.

mod account;
mod associations;
mod definitions;
mod directory;
mod records;
