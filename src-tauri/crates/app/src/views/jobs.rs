//! Long work: who it belongs to, how far it is, how to stop it.

use crm::PortalId;
use serde::{Deserialize, Serialize};

/// The name that a caller gives to long work when starting it, to follow and to cancel it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct JobId(pub String);

/// No arguments.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NoArgs {}

/// Which work to stop.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CancelArgs {
    /// The job as it was named when it began.
    pub job: JobId,
}

/// The part of long work that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Starting the demo portal.
    StartingDemo,
    /// Waiting for consent in the browser.
    WaitingForConsent,
    /// Exchanging the code and asking which portal it is.
    Connecting,
    /// Reading records into the copy.
    Reading,
    /// Comparing the copy with HubSpot's own counts.
    Checking,
    /// Computing and comparing what a plan would change.
    Planning,
    /// Sending approved changes.
    Writing,
    /// Writing or checking a snapshot.
    Freezing,
}

/// How far long work is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Progress {
    /// What is going on.
    pub phase: Phase,
    /// The thing being worked on, such as `records/deals`.
    pub what: String,
    /// How many of the steps are finished.
    pub steps_done: u32,
    /// How many steps there are, as far as known.
    pub steps_total: u32,
    /// Rows read or changes sent so far, over all steps.
    #[cfg_attr(test, ts(type = "number"))]
    pub done: u64,
    /// Rows per second since the work began.
    pub per_second: f64,
    /// Estimated seconds left; absent while nothing is known.
    pub seconds_left: Option<f64>,
    /// Calls made to HubSpot so far.
    #[cfg_attr(test, ts(type = "number"))]
    pub calls: u64,
    /// Calls that the portal's day has left, for all apps that share the budget; absent where
    /// HubSpot tells no budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub calls_left: Option<u64>,
}

/// Something that happened, told to every window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A job moved on.
    Progress {
        /// Whose progress.
        job: JobId,
        /// The portal it works on, once known.
        #[cfg_attr(test, ts(type = "string | null"))]
        portal: Option<PortalId>,
        /// How far it is.
        progress: Progress,
    },
    /// The list of portals, or what is known of one, is no longer what it was.
    PortalsChanged,
}
