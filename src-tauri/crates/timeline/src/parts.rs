//! A timeline from values in memory: for tests, and for data that never was in a database.

use crm::{Currency, Moment, OwnerId, PipelineId, RecordId, StageId, parse_amount};
use rust_decimal::Decimal;

use crate::activities::Activity;
use crate::build::{Builder, DealFacts, Tracked};
use crate::histories::{Owner, PortalClock, Timeline};
use crate::stage::Pipeline;

/// A stage, as HubSpot describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct StagePart {
    /// Its pipeline.
    pub pipeline: PipelineId,
    /// HubSpot's id.
    pub id: StageId,
    /// The label.
    pub label: String,
    /// Its place in the pipeline.
    pub order: i64,
    /// HubSpot's own probability, 0 to 1.
    pub probability: Option<f64>,
    /// Whether the metadata calls it closed.
    pub closed: Option<bool>,
}

/// One version of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionPart {
    /// The property.
    pub property: Tracked,
    /// From when on the value held.
    pub at: Moment,
    /// The raw text; empty when it was cleared.
    pub value: String,
    /// What set it, such as `IMPORT`.
    pub source: Option<String>,
}

/// A deal. What it says now follows from its versions.
#[derive(Debug, Clone, PartialEq)]
pub struct DealPart {
    /// The id.
    pub id: RecordId,
    /// The name.
    pub name: Option<String>,
    /// When it was created.
    pub created_at: Option<Moment>,
    /// When it was last changed.
    pub updated_at: Option<Moment>,
    /// Whether it was deleted.
    pub archived: bool,
    /// When it was deleted.
    pub archived_at: Option<Moment>,
    /// The deal that it was merged into.
    pub merged_into: Option<RecordId>,
    /// The currency of its amount, where no version tells it; none means the home currency.
    pub currency: Option<Currency>,
    /// The amount in the home currency, as HubSpot computed it.
    pub home_amount: Option<Decimal>,
    /// `hs_is_closed`
    pub is_closed: Option<bool>,
    /// `hs_is_closed_won`
    pub is_won: Option<bool>,
    /// Its versions, in any order.
    pub versions: Vec<VersionPart>,
    /// What happened around it, in any order.
    pub activities: Vec<Activity>,
}

impl DealPart {
    /// A deal of which nothing else is known.
    #[must_use]
    pub fn new(id: u64, created_at: Moment) -> Self {
        Self {
            id: RecordId::new(id),
            name: None,
            created_at: Some(created_at),
            updated_at: None,
            archived: false,
            archived_at: None,
            merged_into: None,
            currency: None,
            home_amount: None,
            is_closed: None,
            is_won: None,
            versions: Vec::new(),
            activities: Vec::new(),
        }
    }

    /// The deal with one more version.
    #[must_use]
    pub fn with(mut self, property: Tracked, at: Moment, value: &str) -> Self {
        self.versions.push(VersionPart {
            property,
            at,
            value: value.to_owned(),
            source: None,
        });
        self
    }

    /// What a property says after all versions.
    fn now(&self, property: Tracked) -> Option<&str> {
        let versions = self
            .versions
            .iter()
            .filter(|version| version.property == property);
        let newest = versions.max_by_key(|version| version.at)?;
        Some(newest.value.as_str()).filter(|value| !value.is_empty())
    }

    fn facts(&self) -> DealFacts<'_> {
        DealFacts {
            id: self.id,
            name: self.name.as_deref(),
            created_at: self.created_at,
            updated_at: self.updated_at,
            archived: self.archived,
            archived_at: self.archived_at,
            merged_into: self.merged_into,
            of_merge: false,
            pipeline: self.now(Tracked::Pipeline),
            stage: self.now(Tracked::Stage),
            amount: self.now(Tracked::Amount).and_then(parse_amount),
            currency: self
                .now(Tracked::Currency)
                .and_then(|code| code.parse().ok())
                .or(self.currency),
            home_amount: self.home_amount,
            close_at: self
                .now(Tracked::CloseDate)
                .and_then(|text| text.parse().ok()),
            owner: self
                .now(Tracked::Owner)
                .and_then(|text| text.parse::<OwnerId>().ok()),
            category: self.now(Tracked::ForecastCategory),
            is_closed: self.is_closed,
            is_won: self.is_won,
        }
    }
}

/// All that a timeline is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// Calendar and money.
    pub clock: PortalClock,
    /// The pipelines.
    pub pipelines: Vec<Pipeline>,
    /// The stages.
    pub stages: Vec<StagePart>,
    /// The owners.
    pub owners: Vec<Owner>,
    /// The deals, in any order, each once.
    pub deals: Vec<DealPart>,
}

impl Timeline {
    /// A timeline from values in memory.
    #[must_use]
    pub fn from_parts(mut parts: Parts) -> Self {
        parts.deals.sort_by_key(|deal| deal.id);
        let mut builder = Builder::new(parts.clock);
        parts
            .pipelines
            .into_iter()
            .for_each(|pipeline| builder.pipeline(pipeline));
        parts
            .stages
            .into_iter()
            .for_each(|stage| builder.stage(stage));
        parts
            .owners
            .into_iter()
            .for_each(|owner| builder.owner(owner));
        for deal in &mut parts.deals {
            // Stable: versions of one moment keep the order in which they were given.
            deal.versions.sort_by_key(|version| version.at);
            builder.deal(&deal.facts());
        }
        for property in Tracked::ALL {
            for deal in &parts.deals {
                for version in deal.versions.iter().filter(|v| v.property == property) {
                    let source = version.source.as_deref();
                    builder.version(property, deal.id, version.at, &version.value, source);
                }
            }
        }
        for deal in &parts.deals {
            for activity in &deal.activities {
                builder.activity(deal.id, activity);
            }
        }
        builder.finish()
    }
}
