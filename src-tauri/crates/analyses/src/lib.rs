//! Timelines in, reports out: no I/O, no clock, no randomness of its own.

pub mod activity;
pub mod competitors;
pub mod forecast;
pub mod icp;
pub mod scoring;
pub mod waterfall;
