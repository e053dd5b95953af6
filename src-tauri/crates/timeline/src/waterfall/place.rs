//! Whether a deal counts at a moment, and if not, why.

use crm::Moment;

use super::{Line, Scope};
use crate::column::Known;
use crate::histories::{DealIx, Timeline};
use crate::stage::StageKind;

/// Where a deal is, seen from a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Open, and in the scope.
    Inside,
    /// Not created yet.
    NotYet,
    /// Deleted or merged.
    Gone,
    /// Won or lost.
    Closed(StageKind),
    OtherPipeline,
    OtherOwner,
    ClosesLater,
    ClosesEarlier,
    NoCloseDate,
    /// The moment lies before the oldest known version of what decides.
    NotKnown,
}

impl Place {
    /// The line of a deal that was here and now counts.
    pub(super) fn way_in(self) -> Line {
        match self {
            Self::NotYet => Line::Created,
            Self::Closed(_) => Line::Reopened,
            Self::OtherPipeline => Line::PipelineIn,
            Self::OtherOwner => Line::OwnerIn,
            Self::ClosesLater => Line::PulledIn,
            Self::ClosesEarlier => Line::SlippedIn,
            Self::NoCloseDate => Line::DateSet,
            // Who is gone does not come back, and who is inside does not come in: what cannot be
            // told is at least not told wrongly.
            Self::NotKnown | Self::Gone | Self::Inside => Line::NotKnownThen,
        }
    }

    /// The line of a deal that counted and is here now.
    pub(super) fn way_out(self) -> Line {
        match self {
            Self::Gone => Line::Gone,
            Self::Closed(StageKind::Won) => Line::Won,
            Self::Closed(_) => Line::Lost,
            Self::OtherPipeline => Line::PipelineOut,
            Self::OtherOwner => Line::OwnerOut,
            Self::ClosesLater => Line::PushedOut,
            Self::ClosesEarlier => Line::MovedBefore,
            Self::NoCloseDate => Line::DateCleared,
            // A stage that was cleared: HubSpot never does that to a deal.
            Self::NotKnown | Self::NotYet | Self::Inside => Line::NotKnownThen,
        }
    }
}

/// Where a deal is at a moment.
pub(super) fn place(timeline: &Timeline, scope: &Scope, deal: DealIx, at: Moment) -> Place {
    if !timeline.as_of(at).exists(deal) {
        let gone = timeline.gone_at(deal).is_some_and(|gone| gone <= at);
        return if gone { Place::Gone } else { Place::NotYet };
    }
    match timeline.kind_at(deal, at) {
        None => Place::NotKnown,
        Some(StageKind::Open) => within(timeline, scope, deal, at),
        Some(closed) => Place::Closed(closed),
    }
}

/// Where a deal is at a moment, whatever its stage means.
pub(super) fn within(timeline: &Timeline, scope: &Scope, deal: DealIx, at: Moment) -> Place {
    let row = deal.index();
    if let Some(wanted) = scope.pipeline {
        match timeline.stage.as_of(row, at).value() {
            None => return Place::NotKnown,
            Some(stage) if timeline.stage(stage).pipeline != wanted => return Place::OtherPipeline,
            Some(_) => {}
        }
    }
    if let Some(owners) = &scope.owners {
        match timeline.owner.as_of(row, at) {
            Known::Unknown => return Place::NotKnown,
            Known::Value(owner) if owners.contains(&owner) => {}
            Known::Value(_) | Known::Empty => return Place::OtherOwner,
        }
    }
    if let Some((from, until)) = scope.closing {
        match timeline.close_at.as_of(row, at) {
            Known::Unknown => return Place::NotKnown,
            Known::Empty => return Place::NoCloseDate,
            Known::Value(close) if close < from => return Place::ClosesEarlier,
            Known::Value(close) if close >= until => return Place::ClosesLater,
            Known::Value(_) => {}
        }
    }
    Place::Inside
}
