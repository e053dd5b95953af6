//! What was known when: columns of histories, and the state of every deal at any moment.
//!
//! A portal's deals are loaded once into flat columns, one a property, holding every version with
//! its time. [`Timeline::as_of`] then answers in nanoseconds what a deal looked like at a moment,
//! from nothing later than that moment. Before the oldest version that HubSpot still had, the
//! answer is "unknown", never a guess.
//!
//! Three things have no history here and are taken as they are now, at any moment asked for: names
//! and labels, exchange rates, and what a stage means (open, won or lost).

mod activities;
mod around;
mod build;
mod closing;
mod column;
mod currency;
mod histories;
mod journey;
mod load;
mod parts;
pub mod queries;
mod snapshot;
mod stage;
mod tables;
mod tombstone;
pub mod waterfall;

pub use activities::{Activity, ActivityKind, Direction};
pub use around::ActivitiesAround;
pub use build::{Builder, DealFacts, Tracked};
pub use closing::{Closing, Spell};
pub use column::{Column, Known};
pub use currency::{ExchangeRates, LearnedRate};
pub use histories::{CategoryIx, DealIx, Owner, PortalClock, Team, Timeline};
pub use journey::{Journey, Slips, StageTime, Stay, Step};
pub use load::TimelineError;
pub use parts::{DealPart, Parts, StagePart, VersionPart};
pub use snapshot::{DealState, Snapshot};
pub use stage::{Pipeline, PipelineIx, Stage, StageIx, StageKind};
pub use tombstone::{Gone, Tombstone};
