//! What is left of deals that are no longer there.

use crm::{Moment, RecordId};

use crate::histories::{DealIx, Timeline};

/// Why a deal is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// Somebody deleted it.
    Deleted,
    /// It was merged into this deal, which may have been merged or deleted since.
    Merged(RecordId),
}

/// That a deal is gone: it counts until then, and never again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tombstone {
    /// Since when. Where nobody knows, since the last thing that is known of the deal.
    pub at: Moment,
    /// Why.
    pub why: Gone,
}

impl Timeline {
    /// What is left of a deal that is gone; none for one that is there.
    #[must_use]
    pub fn tombstone(&self, deal: DealIx) -> Option<Tombstone> {
        self.tombstones[deal.index()]
    }

    /// When a deal was deleted or merged, for one that is gone.
    #[must_use]
    pub fn gone_at(&self, deal: DealIx) -> Option<Moment> {
        self.tombstone(deal).map(|tombstone| tombstone.at)
    }
}
