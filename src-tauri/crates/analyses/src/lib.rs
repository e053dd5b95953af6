//! Timelines in, reports out: no I/O, no clock, no randomness of its own.

pub mod activity;
pub mod competitors;
pub mod forecast;
pub mod icp;
mod memo;
pub mod scoring;
mod threads;
pub mod waterfall;
