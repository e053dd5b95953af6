//! The timeline itself: all deals of a portal, their histories in columns.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use crm::{Currency, FiscalYear, Moment, OwnerId, RecordId, TeamId};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use crate::activities::Activities;
use crate::column::{Column, Known};
use crate::currency::ExchangeRates;
use crate::snapshot::Snapshot;
use crate::stage::{Pipeline, PipelineIx, Stage, StageIx, StageKind};
use crate::tombstone::Tombstone;

/// In which calendar and which money a portal thinks.
#[derive(Debug, Clone, PartialEq)]
pub struct PortalClock {
    /// The portal's time zone: what "today", "this month" and "Monday" mean.
    pub zone: TimeZone,
    /// The currency in which totals are given, and that of a deal which names none.
    pub home_currency: Currency,
    /// Where quarters begin.
    pub fiscal_year: FiscalYear,
}

/// A deal's place in a timeline. Places follow the order of the ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DealIx(pub(crate) u32);

impl DealIx {
    /// The place as an index.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A forecast category's place in [`Timeline::categories`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CategoryIx(pub(crate) u32);

impl CategoryIx {
    /// The place as an index.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Somebody who may own deals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The id that deals carry.
    pub id: OwnerId,
    /// The name, else what identifies the owner to a person.
    pub name: Option<String>,
    /// The teams, main and additional ones, as they are now: HubSpot tells no history of them.
    pub teams: Vec<Team>,
}

/// A team of owners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// HubSpot's id.
    pub id: TeamId,
    /// The name.
    pub name: String,
}

/// Every deal of a portal with its histories.
#[derive(Debug, Clone)]
pub struct Timeline {
    pub(crate) clock: PortalClock,
    pub(crate) pipelines: Vec<Pipeline>,
    pub(crate) stages: Vec<Stage>,
    pub(crate) owners: Vec<Owner>,
    pub(crate) categories: Vec<String>,
    pub(crate) rates: ExchangeRates,

    /// Ids under which deals were known before a merge, each with the next one.
    pub(crate) continued: BTreeMap<RecordId, RecordId>,
    pub(crate) ids: Vec<RecordId>,
    /// All names, one after the other; `name_ends` tells where each ends.
    pub(crate) names: String,
    pub(crate) name_ends: Vec<usize>,
    pub(crate) created_at: Vec<Option<Moment>>,
    /// None while the deal is there.
    pub(crate) tombstones: Vec<Option<Tombstone>>,
    /// Deals that others were merged into: their date of creation may be another one's.
    pub(crate) of_merge: BTreeSet<u32>,
    pub(crate) currency: Vec<Currency>,
    pub(crate) from_import: Vec<bool>,
    /// Deals whose own flags contradict what the stage means that they are in now.
    pub(crate) own_kind: HashMap<u32, StageKind>,

    pub(crate) pipeline: Column<PipelineIx>,
    pub(crate) stage: Column<StageIx>,
    pub(crate) amount: Column<Decimal>,
    pub(crate) close_at: Column<Moment>,
    pub(crate) owner: Column<OwnerId>,
    pub(crate) category: Column<CategoryIx>,
    pub(crate) currencies: Column<Currency>,
    pub(crate) activities: Activities,
}

impl Timeline {
    /// In which calendar and which money this portal thinks.
    #[must_use]
    pub fn clock(&self) -> &PortalClock {
        &self.clock
    }

    /// The pipelines, in their order in HubSpot.
    #[must_use]
    pub fn pipelines(&self) -> &[Pipeline] {
        &self.pipelines
    }

    /// The stages of all pipelines, in no order that means anything.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// The places of all stages, those of one pipeline together and in their order.
    #[must_use]
    pub fn stages_in_order(&self) -> Vec<StageIx> {
        let mut order: Vec<_> = (0..self.stages.len()).map(|i| StageIx(narrow(i))).collect();
        order.sort_by_key(|&ix| {
            let stage = self.stage(ix);
            (
                self.pipeline(stage.pipeline).order,
                stage.pipeline,
                stage.order,
                ix,
            )
        });
        order
    }

    /// A stage by its place.
    #[must_use]
    pub fn stage(&self, ix: StageIx) -> &Stage {
        &self.stages[ix.index()]
    }

    /// A pipeline by its place.
    #[must_use]
    pub fn pipeline(&self, ix: PipelineIx) -> &Pipeline {
        &self.pipelines[ix.index()]
    }

    /// The place of a pipeline by its id.
    #[must_use]
    pub fn find_pipeline(&self, id: &crm::PipelineId) -> Option<PipelineIx> {
        let at = self
            .pipelines
            .iter()
            .position(|pipeline| pipeline.id == *id)?;
        Some(PipelineIx(narrow(at)))
    }

    /// HubSpot's forecast categories, as deals spell them.
    #[must_use]
    pub fn categories(&self) -> &[String] {
        &self.categories
    }

    /// The name of an owner, where HubSpot tells one.
    #[must_use]
    pub fn owner_name(&self, id: OwnerId) -> Option<&str> {
        let at = self
            .owners
            .binary_search_by_key(&id, |owner| owner.id)
            .ok()?;
        self.owners[at].name.as_deref()
    }

    /// Everybody who may own deals, those included who are gone, in the order of their ids.
    #[must_use]
    pub fn owners(&self) -> &[Owner] {
        &self.owners
    }

    /// The teams that owners belong to now, by name.
    #[must_use]
    pub fn teams(&self) -> Vec<&Team> {
        let all = self.owners.iter().flat_map(|owner| &owner.teams);
        let mut teams: Vec<_> = all.collect();
        teams.sort_by_key(|team| (&team.name, &team.id));
        teams.dedup_by_key(|team| &team.id);
        teams
    }

    /// Who belongs to a team now, in the order of the ids.
    #[must_use]
    pub fn members(&self, team: &TeamId) -> Vec<OwnerId> {
        let belongs = |owner: &&Owner| owner.teams.iter().any(|of| of.id == *team);
        let members = self.owners.iter().filter(belongs);
        members.map(|owner| owner.id).collect()
    }

    /// The rates with which amounts become amounts in the home currency.
    #[must_use]
    pub fn rates(&self) -> &ExchangeRates {
        &self.rates
    }

    /// All deals, in the order of their ids.
    pub fn deals(&self) -> impl ExactSizeIterator<Item = DealIx> + use<> {
        let all: Range<u32> = 0..narrow(self.ids.len());
        all.map(DealIx)
    }

    /// The place of a deal by its id, or by one that it had before a merge.
    #[must_use]
    pub fn find(&self, id: RecordId) -> Option<DealIx> {
        let mut id = id;
        // Each merge gives an id that was not there before, so this ends; bounded all the same.
        for _ in 0..self.continued.len() {
            let Some(&now) = self.continued.get(&id) else {
                break;
            };
            id = now;
        }
        self.ids
            .binary_search(&id)
            .ok()
            .map(|at| DealIx(narrow(at)))
    }

    /// A deal's id.
    #[must_use]
    pub fn id(&self, deal: DealIx) -> RecordId {
        self.ids[deal.index()]
    }

    /// A deal's name now.
    #[must_use]
    pub fn name(&self, deal: DealIx) -> Option<&str> {
        let from = deal
            .index()
            .checked_sub(1)
            .map_or(0, |before| self.name_ends[before]);
        let name = self.names.get(from..self.name_ends[deal.index()])?;
        (!name.is_empty()).then_some(name)
    }

    /// When a deal was created; some portals let people change it.
    #[must_use]
    pub fn created_at(&self, deal: DealIx) -> Option<Moment> {
        self.created_at[deal.index()]
    }

    /// The currency of a deal's amount, now.
    #[must_use]
    pub fn currency(&self, deal: DealIx) -> Currency {
        self.currency[deal.index()]
    }

    /// The currency of a deal's amount at a moment, where its history was read; else the one it has
    /// now.
    #[must_use]
    pub fn currency_at(&self, deal: DealIx, t: Moment) -> Currency {
        match self.currencies.as_of(deal.index(), t) {
            Known::Value(currency) => currency,
            Known::Empty if self.currencies.versions(deal.index()).0.is_empty() => {
                self.currency(deal)
            }
            Known::Empty => self.clock.home_currency,
            Known::Unknown => self.currency(deal),
        }
    }

    /// Whether the oldest version of a deal's stage came from an import: what the deal went through
    /// before is not known.
    #[must_use]
    pub fn from_import(&self, deal: DealIx) -> bool {
        self.from_import[deal.index()]
    }

    /// The state of every deal at a moment, from nothing later than it.
    #[must_use]
    pub fn as_of(&self, t: Moment) -> Snapshot<'_> {
        Snapshot::new(self, t)
    }
}

/// Places are 32 bits wide: no portal comes near 4 billion deals, and columns stay half the size.
pub(crate) fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
