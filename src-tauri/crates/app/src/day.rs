//! Where the count of a portal's day rests: in its own encrypted file.

use hubspot::{DayCount, DayStore};
use store::{ApiDay, PortalStore};

/// One portal's count.
pub(crate) struct PortalDay(pub(crate) PortalStore);

impl DayStore for PortalDay {
    fn load(&self) -> Option<DayCount> {
        let day = self.0.api_day().unwrap_or_else(|error| {
            tracing::warn!(%error, "the count of the day's calls could not be read");
            None
        })?;
        Some(DayCount {
            day: day.day,
            calls: day.calls,
            errors: day.errors,
            limit: day.limit,
            remaining: day.remaining,
            spent_until: day.spent_until,
            paused_until: day.paused_until,
        })
    }

    fn save(&self, count: &DayCount) {
        let day = ApiDay {
            day: count.day,
            calls: count.calls,
            errors: count.errors,
            limit: count.limit,
            remaining: count.remaining,
            spent_until: count.spent_until,
            paused_until: count.paused_until,
        };
        // A count that is not kept makes the next one smaller, and nothing worse.
        if let Err(error) = self.0.save_api_day(&day) {
            tracing::warn!(%error, "the count of the day's calls was not kept");
        }
    }
}
