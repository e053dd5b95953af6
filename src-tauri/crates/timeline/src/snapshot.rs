//! The state of all deals at one moment.

use crm::{Moment, OwnerId};
use rust_decimal::Decimal;

use crate::column::Known;
use crate::histories::{CategoryIx, DealIx, Timeline};
use crate::stage::{PipelineIx, StageIx, StageKind};

/// All deals at one moment. Nothing in it comes from a later version.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'a> {
    timeline: &'a Timeline,
    at: Moment,
}

/// One deal at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DealState {
    /// The stage. Never empty; unknown before HubSpot's history begins.
    pub stage: Known<StageIx>,
    /// What the stage means for this deal.
    pub kind: Option<StageKind>,
    /// Since when the deal is in its stage.
    pub in_stage_since: Option<Moment>,
    /// The pipeline: the deal's own history of it, else that of its stage.
    pub pipeline: Option<PipelineIx>,
    /// The amount in the deal's own currency.
    pub amount: Known<Decimal>,
    /// The close date.
    pub close_at: Known<Moment>,
    /// The owner.
    pub owner: Known<OwnerId>,
    /// HubSpot's forecast category.
    pub category: Known<CategoryIx>,
}

impl<'a> Snapshot<'a> {
    pub(crate) fn new(timeline: &'a Timeline, at: Moment) -> Self {
        Self { timeline, at }
    }

    /// The moment.
    #[must_use]
    pub fn at(&self) -> Moment {
        self.at
    }

    /// Whether the deal was there: created, and not deleted. A deal whose history is older than its
    /// own creation date (people can change that one) was there from its first version on; so was one
    /// that others were merged into, because it took over the oldest date of all.
    #[must_use]
    pub fn exists(&self, deal: DealIx) -> bool {
        let (stage_at, _) = self.timeline.stage.versions(deal.index());
        let created_at = self.timeline.created_at(deal);
        let born = match (created_at, stage_at.first().copied()) {
            (Some(_), Some(staged)) if self.timeline.of_merge.contains(&deal.0) => Some(staged),
            (Some(created), Some(staged)) => Some(created.min(staged)),
            (created, staged) => created.or(staged),
        };
        born.is_some_and(|born| born <= self.at)
            && self
                .timeline
                .gone_at(deal)
                .is_none_or(|gone| self.at < gone)
    }

    /// The deal's state; none when it was not there.
    #[must_use]
    pub fn deal(&self, deal: DealIx) -> Option<DealState> {
        self.exists(deal).then(|| self.state(deal))
    }

    fn state(&self, deal: DealIx) -> DealState {
        let (timeline, row, at) = (self.timeline, deal.index(), self.at);
        let stage = timeline.stage.as_of(row, at);
        let (stage_at, _) = timeline.stage.versions(row);
        let pipeline = timeline.pipeline.as_of(row, at).value();
        DealState {
            stage,
            kind: timeline.kind_at(deal, at),
            in_stage_since: stage_at[..stage_at.partition_point(|&from| from <= at)]
                .last()
                .copied(),
            pipeline: pipeline.or_else(|| stage.value().map(|ix| timeline.stage(ix).pipeline)),
            amount: timeline.amount.as_of(row, at),
            close_at: timeline.close_at.as_of(row, at),
            owner: timeline.owner.as_of(row, at),
            category: timeline.category.as_of(row, at),
        }
    }

    /// The deals that were open: there, and in a stage that is neither won nor lost.
    pub fn open(&self) -> impl Iterator<Item = (DealIx, StageIx, DealState)> + use<'a> {
        let snapshot = *self;
        let deals = snapshot.timeline.deals();
        deals.filter_map(move |deal| snapshot.open_deal(deal))
    }

    /// A deal with its stage and state, if it was open.
    #[must_use]
    pub fn open_deal(&self, deal: DealIx) -> Option<(DealIx, StageIx, DealState)> {
        let open = self.timeline.kind_at(deal, self.at) == Some(StageKind::Open);
        if !open || !self.exists(deal) {
            return None;
        }
        let state = self.state(deal);
        Some((deal, state.stage.value()?, state))
    }

    /// How often the close date was moved from one calendar month of the portal to a later one.
    #[must_use]
    pub fn pushes(&self, deal: DealIx) -> u32 {
        let pushed = self.timeline.pushed_at(deal);
        let known = pushed.partition_point(|&at| at <= self.at);
        u32::try_from(known).unwrap_or(u32::MAX)
    }
}
