//! Filling a timeline: first what is known of each deal now, then the versions, property by
//! property.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crm::{Currency, Moment, OwnerId, RecordId, parse_amount};
use rust_decimal::Decimal;

use crate::activities::{ActivitiesBuilder, Activity};
use crate::column::{ColumnBuilder, Presence, Present};
use crate::currency::{ExchangeRates, believable};
use crate::histories::{CategoryIx, Owner, PortalClock, Timeline, narrow};
use crate::parts::StagePart;
use crate::stage::{Pipeline, StageKind};
use crate::tables::Tables;
use crate::tombstone::{Gone, Tombstone};

/// A property of deals whose history is kept in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tracked {
    /// `pipeline`
    Pipeline,
    /// `dealstage`
    Stage,
    /// `amount`
    Amount,
    /// `closedate`
    CloseDate,
    /// `hubspot_owner_id`
    Owner,
    /// `hs_manual_forecast_category`
    ForecastCategory,
    /// `deal_currency_code`
    Currency,
}

impl Tracked {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Pipeline,
        Self::Stage,
        Self::Amount,
        Self::CloseDate,
        Self::Owner,
        Self::ForecastCategory,
        Self::Currency,
    ];

    /// HubSpot's name of the property.
    #[must_use]
    pub fn property(self) -> &'static str {
        match self {
            Self::Pipeline => "pipeline",
            Self::Stage => "dealstage",
            Self::Amount => "amount",
            Self::CloseDate => "closedate",
            Self::Owner => "hubspot_owner_id",
            Self::ForecastCategory => "hs_manual_forecast_category",
            Self::Currency => "deal_currency_code",
        }
    }
}

/// What is known of a deal now.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(
    missing_docs,
    reason = "each field is what the record says of itself under the same name"
)]
pub struct DealFacts<'a> {
    pub id: RecordId,
    pub name: Option<&'a str>,
    pub created_at: Option<Moment>,
    pub updated_at: Option<Moment>,
    pub archived: bool,
    pub archived_at: Option<Moment>,
    pub merged_into: Option<RecordId>,
    pub of_merge: bool,
    pub pipeline: Option<&'a str>,
    pub stage: Option<&'a str>,
    pub amount: Option<Decimal>,
    pub currency: Option<Currency>,
    pub home_amount: Option<Decimal>,
    pub close_at: Option<Moment>,
    pub owner: Option<OwnerId>,
    pub category: Option<&'a str>,
    pub is_closed: Option<bool>,
    pub is_won: Option<bool>,
}

/// Texts that occur often, each kept once.
#[derive(Default)]
struct Texts {
    numbers: HashMap<String, u32>,
    texts: Vec<String>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = narrow(self.texts.len());
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }
}

/// The present values of all deals, beside which the versions are read.
#[derive(Default)]
struct Now {
    updated_at: Vec<Option<Moment>>,
    pipeline: Vec<Option<u32>>,
    stage: Vec<Option<u32>>,
    amount: Vec<Option<Decimal>>,
    home_amount: Vec<Option<Decimal>>,
    close_at: Vec<Option<Moment>>,
    owner: Vec<Option<OwnerId>>,
    category: Vec<Option<u32>>,
    currency: Vec<Option<Currency>>,
    kind: Vec<Option<StageKind>>,
}

/// Fills a timeline. Deals come in the order of their ids; then the versions of each property in
/// the order of ids and moments. What comes out of order is left out.
pub struct Builder {
    clock: PortalClock,
    pipelines: Vec<Pipeline>,
    stages: Vec<StagePart>,
    owners: Vec<Owner>,
    texts: Texts,
    continued: BTreeMap<RecordId, RecordId>,
    ids: Vec<RecordId>,
    names: String,
    name_ends: Vec<usize>,
    created_at: Vec<Option<Moment>>,
    tombstones: Vec<Option<Tombstone>>,
    of_merge: BTreeSet<u32>,
    currency: Vec<Currency>,
    from_import: Vec<bool>,
    now: Now,
    pipeline: ColumnBuilder<u32>,
    stage: ColumnBuilder<u32>,
    amount: ColumnBuilder<Decimal>,
    close_at: ColumnBuilder<Moment>,
    owner: ColumnBuilder<OwnerId>,
    category: ColumnBuilder<u32>,
    currencies: ColumnBuilder<Currency>,
    activities: ActivitiesBuilder,
}

/// Closes every deal of a column before the one with this id; tells whether it is now at hand.
fn reach<T: Copy + PartialEq>(
    column: &mut ColumnBuilder<T>,
    (ids, created_at, updated_at): (&[RecordId], &[Option<Moment>], &[Option<Moment>]),
    now: &[Option<T>],
    id: Option<RecordId>,
) -> Option<usize> {
    while let Some(&at_hand) = ids.get(column.rows()) {
        let row = column.rows();
        match id {
            Some(id) if at_hand == id => return Some(row),
            Some(id) if at_hand > id => return None,
            _ => column.end_of_deal(Present {
                created_at: created_at[row],
                updated_at: updated_at[row],
                value: now[row],
            }),
        }
    }
    None
}

impl Builder {
    /// An empty timeline of a portal.
    #[must_use]
    pub fn new(clock: PortalClock) -> Self {
        Self {
            clock,
            pipelines: Vec::new(),
            stages: Vec::new(),
            owners: Vec::new(),
            texts: Texts::default(),
            continued: BTreeMap::new(),
            ids: Vec::new(),
            names: String::new(),
            name_ends: Vec::new(),
            created_at: Vec::new(),
            tombstones: Vec::new(),
            of_merge: BTreeSet::new(),
            currency: Vec::new(),
            from_import: Vec::new(),
            now: Now::default(),
            pipeline: ColumnBuilder::new(Presence::Always),
            stage: ColumnBuilder::new(Presence::Always),
            amount: ColumnBuilder::new(Presence::Sometimes),
            close_at: ColumnBuilder::new(Presence::Sometimes),
            owner: ColumnBuilder::new(Presence::Sometimes),
            category: ColumnBuilder::new(Presence::Sometimes),
            currencies: ColumnBuilder::new(Presence::Sometimes),
            activities: ActivitiesBuilder::default(),
        }
    }

    /// A pipeline.
    pub fn pipeline(&mut self, pipeline: Pipeline) {
        self.pipelines.push(pipeline);
    }

    /// A stage.
    pub fn stage(&mut self, stage: StagePart) {
        self.stages.push(stage);
    }

    /// An owner.
    pub fn owner(&mut self, owner: Owner) {
        self.owners.push(owner);
    }

    /// A deal that lives on under another id, told before any deal: its own history is left out.
    pub fn continued(&mut self, old: RecordId, now: RecordId) {
        self.continued.insert(old, now);
    }

    /// The next deal, with a higher id than the one before.
    pub fn deal(&mut self, deal: &DealFacts<'_>) {
        let out_of_order = self.ids.last().is_some_and(|&last| last >= deal.id);
        if out_of_order || self.continued.contains_key(&deal.id) {
            return;
        }
        self.ids.push(deal.id);
        self.names.push_str(deal.name.unwrap_or_default());
        self.name_ends.push(self.names.len());
        self.created_at.push(deal.created_at);
        // A deal that is gone, nobody knows when, is taken as gone since the last thing known of it.
        let since = deal.archived_at.or(deal.updated_at).or(deal.created_at);
        let why = deal.merged_into.map_or(Gone::Deleted, Gone::Merged);
        let tombstone = since.map(|at| Tombstone { at, why });
        self.tombstones.push(tombstone.filter(|_| deal.archived));
        if deal.of_merge {
            self.of_merge.insert(narrow(self.ids.len() - 1));
        }
        self.currency
            .push(deal.currency.unwrap_or(self.clock.home_currency));
        self.from_import.push(false);
        let now = &mut self.now;
        now.updated_at.push(deal.updated_at);
        now.pipeline
            .push(deal.pipeline.map(|text| self.texts.number(text)));
        now.stage
            .push(deal.stage.map(|text| self.texts.number(text)));
        now.amount.push(deal.amount.and_then(believable));
        now.home_amount.push(deal.home_amount.and_then(believable));
        now.close_at.push(deal.close_at);
        now.owner.push(deal.owner);
        now.category
            .push(deal.category.map(|text| self.texts.number(text)));
        now.currency.push(deal.currency);
        now.kind.push(match (deal.is_won, deal.is_closed) {
            (Some(true), _) => Some(StageKind::Won),
            (_, Some(true)) => Some(StageKind::Lost),
            (_, Some(false)) => Some(StageKind::Open),
            (_, None) => None,
        });
    }

    /// The next version of a property, as the raw text HubSpot sent (empty when it was cleared). A
    /// text that does not parse says nothing.
    pub fn version(
        &mut self,
        property: Tracked,
        id: RecordId,
        at: Moment,
        value: &str,
        source: Option<&str>,
    ) {
        let deals = (&*self.ids, &*self.created_at, &*self.now.updated_at);
        let text = Some(value).filter(|value| !value.is_empty());
        let id = Some(id);
        match property {
            Tracked::Pipeline => {
                if reach(&mut self.pipeline, deals, &self.now.pipeline, id).is_some() {
                    self.pipeline
                        .version(at, text.map(|text| self.texts.number(text)));
                }
            }
            Tracked::Stage => {
                if let Some(row) = reach(&mut self.stage, deals, &self.now.stage, id) {
                    if !self.stage.has_version() {
                        self.from_import[row] = source == Some("IMPORT");
                    }
                    self.stage
                        .version(at, text.map(|text| self.texts.number(text)));
                }
            }
            Tracked::Amount => {
                if reach(&mut self.amount, deals, &self.now.amount, id).is_some() {
                    let amount = text.and_then(parse_amount).and_then(believable);
                    self.amount.version(at, amount);
                }
            }
            Tracked::CloseDate => {
                if reach(&mut self.close_at, deals, &self.now.close_at, id).is_some() {
                    self.close_at
                        .version(at, text.and_then(|text| text.parse().ok()));
                }
            }
            Tracked::Owner => {
                if reach(&mut self.owner, deals, &self.now.owner, id).is_some() {
                    self.owner
                        .version(at, text.and_then(|text| text.parse().ok()));
                }
            }
            Tracked::ForecastCategory => {
                if reach(&mut self.category, deals, &self.now.category, id).is_some() {
                    self.category
                        .version(at, text.map(|text| self.texts.number(text)));
                }
            }
            Tracked::Currency => {
                if reach(&mut self.currencies, deals, &self.now.currency, id).is_some() {
                    self.currencies
                        .version(at, text.and_then(|text| text.parse().ok()));
                }
            }
        }
    }

    /// An activity of a deal, in the order of the deals' ids; those of one deal in any order.
    pub fn activity(&mut self, id: RecordId, activity: &Activity) {
        self.activities.add(id, activity);
    }

    /// All activities, read elsewhere meanwhile.
    pub(crate) fn activities(&mut self, activities: ActivitiesBuilder) {
        self.activities = activities;
    }

    /// The timeline.
    #[must_use]
    pub fn finish(mut self) -> Timeline {
        let deals = (&*self.ids, &*self.created_at, &*self.now.updated_at);
        reach(&mut self.pipeline, deals, &self.now.pipeline, None);
        reach(&mut self.stage, deals, &self.now.stage, None);
        reach(&mut self.amount, deals, &self.now.amount, None);
        reach(&mut self.close_at, deals, &self.now.close_at, None);
        reach(&mut self.owner, deals, &self.now.owner, None);
        reach(&mut self.category, deals, &self.now.category, None);
        reach(&mut self.currencies, deals, &self.now.currency, None);

        let mut tables = Tables::new(self.pipelines, &self.stages);
        let texts = &self.texts.texts;
        let pipeline = self
            .pipeline
            .finish()
            .map(|_, _, text| tables.pipeline(&texts[text as usize]));
        let stage = self
            .stage
            .finish()
            .map(|row, at, text| tables.stage(&texts[text as usize], &pipeline, row, at));
        let mut categories = Texts::default();
        let category = self
            .category
            .finish()
            .map(|_, _, text| CategoryIx(categories.number(&texts[text as usize])));

        let own_kind = tables.decide_kinds(&stage, &self.tombstones, &self.now.kind, &self.stages);
        let amounts = self.now.amount.iter().zip(&self.now.home_amount);
        let rates = ExchangeRates::learn(
            self.clock.home_currency,
            self.currency
                .iter()
                .zip(amounts)
                .map(|(&c, (&own, &home))| (c, own, home)),
        );
        self.owners.sort_by_key(|owner| owner.id);
        Timeline {
            clock: self.clock,
            pipelines: tables.pipelines,
            stages: tables.stages,
            owners: self.owners,
            categories: categories.texts,
            rates,
            continued: self.continued,
            activities: self.activities.finish(&self.ids),
            ids: self.ids,
            names: self.names,
            name_ends: self.name_ends,
            created_at: self.created_at,
            tombstones: self.tombstones,
            of_merge: self.of_merge,
            currency: self.currency,
            from_import: self.from_import,
            own_kind,
            pipeline,
            stage,
            amount: self.amount.finish(),
            close_at: self.close_at.finish(),
            owner: self.owner.finish(),
            category,
            currencies: self.currencies.finish(),
        }
    }
}
