//! One file a verb: what it asks of the app, and how the answer is printed.

pub(crate) mod activity;
pub(crate) mod competitors;
pub(crate) mod connect;
pub(crate) mod demo;
pub(crate) mod fiscal_year;
pub(crate) mod forecast;
pub(crate) mod forecast_around;
pub(crate) mod icp;
pub(crate) mod portals;
pub(crate) mod quota;
pub(crate) mod score;
pub(crate) mod scoring;
pub(crate) mod sim;
pub(crate) mod snapshot;
pub(crate) mod sql;
pub(crate) mod sync;
pub(crate) mod vault;
pub(crate) mod verify;
pub(crate) mod waterfall;
pub(crate) mod writeback;
