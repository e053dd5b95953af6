//! Pipelines, their stages, and whether a stage means open, won or lost.

use crm::{PipelineId, StageId};

/// A pipeline's place in [`crate::Timeline::pipelines`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PipelineIx(pub(crate) u32);

/// A stage's place in [`crate::Timeline::stages`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StageIx(pub(crate) u32);

impl PipelineIx {
    /// The place as an index.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl StageIx {
    /// The place as an index.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A pipeline, as HubSpot describes it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// HubSpot's id.
    pub id: PipelineId,
    /// The label; two pipelines may share one.
    pub label: String,
    /// Its place among the pipelines.
    pub order: i64,
}

/// What being in a stage means for a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StageKind {
    /// The deal is still being worked on.
    Open,
    /// The deal is won.
    Won,
    /// The deal is closed and not won.
    Lost,
}

/// A stage. One that HubSpot no longer lists has its id for a label.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Its pipeline.
    pub pipeline: PipelineIx,
    /// HubSpot's id.
    pub id: StageId,
    /// The label; says nothing reliable about won or lost.
    pub label: String,
    /// Its place in the pipeline.
    pub order: i64,
    /// HubSpot's own probability, 0 to 1.
    pub probability: Option<f64>,
    /// What being in it means.
    pub kind: StageKind,
}

/// What the deals that are in a stage now say of themselves (`hs_is_closed`, `hs_is_closed_won`).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Say {
    pub(crate) deals: u32,
    pub(crate) closed: u32,
    pub(crate) won: u32,
}

/// What a stage means. The deals in it decide, by majority; a stage without such deals goes by its
/// metadata: closed with probability 1 is won, closed otherwise is lost. Neither the label nor a
/// probability alone ever decides: HubSpot's own audit sample has a "Closed lost" at 0.8 that is not
/// closed. A stage of which nothing at all is known is open: deals pass through it.
pub(crate) fn kind(say: Say, closed: Option<bool>, probability: Option<f64>) -> StageKind {
    if say.deals > 0 {
        return if 2 * say.won > say.deals {
            StageKind::Won
        } else if 2 * say.closed > say.deals {
            StageKind::Lost
        } else {
            StageKind::Open
        };
    }
    match (closed, probability) {
        (Some(true), Some(p)) if p >= 1.0 => StageKind::Won,
        (Some(true), _) => StageKind::Lost,
        (Some(false) | None, _) => StageKind::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deals_decide_then_metadata_never_probability_alone() {
        let silent = Say::default();
        let won = Say {
            deals: 3,
            closed: 3,
            won: 2,
        };
        let lost = Say {
            deals: 3,
            closed: 2,
            won: 0,
        };
        let open = Say {
            deals: 3,
            closed: 0,
            won: 0,
        };
        for (say, closed, probability, expected) in [
            (silent, Some(true), Some(1.0), StageKind::Won),
            (silent, Some(true), Some(0.0), StageKind::Lost),
            (silent, Some(true), None, StageKind::Lost),
            (silent, Some(false), Some(1.0), StageKind::Open),
            (silent, None, Some(1.0), StageKind::Open),
            (silent, None, None, StageKind::Open),
            (won, Some(false), Some(0.8), StageKind::Won),
            (lost, None, Some(1.0), StageKind::Lost),
            (open, Some(true), Some(1.0), StageKind::Open),
        ] {
            assert_eq!(
                kind(say, closed, probability),
                expected,
                "{say:?} {closed:?} {probability:?}"
            );
        }
    }
}
