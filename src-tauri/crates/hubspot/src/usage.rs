//! What a client has spent.

use std::time::Duration;

use crate::DayCount;

/// Counts since the client was made, and the budgets that HubSpot's headers last told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// Requests that left, including repeats.
    pub calls: u64,
    /// Requests that were repeats.
    pub repeats: u64,
    /// Answers that were errors, and requests that got none. HubSpot wants them under 5 % of the
    /// day's calls (usage guidelines).
    pub errors: u64,
    /// How many of the errors were 429.
    pub rate_limited: u64,
    /// The short-term budget (`X-HubSpot-RateLimit-*`), once seen.
    pub burst: Option<Budget>,
    /// The daily budget, once seen. OAuth apps are not told.
    pub daily: Option<Budget>,
    /// The portal's day, calls of earlier clients included where their count was kept.
    pub today: Option<DayCount>,
}

impl Usage {
    /// How many calls the portal's day has left, for all apps that share the budget. Nothing where
    /// HubSpot tells no budget, as it does to OAuth apps.
    #[must_use]
    pub fn left_today(&self) -> Option<u64> {
        let today = self.today.as_ref()?;
        today.remaining.or(today.limit)
    }
}

/// A budget as HubSpot's headers tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Calls allowed in the interval.
    pub limit: u64,
    /// Calls left.
    pub remaining: u64,
    /// The interval.
    pub interval: Duration,
}
