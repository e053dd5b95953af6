//! HubSpot's API, typed: tokens, pacing, objects, search, associations, definitions.
//!
//! The crate knows no storage, no window and no clock of its own: addresses, time, randomness and
//! the place where tokens rest are passed in. [`Client`] speaks for one portal and paces itself;
//! everything it can fail with is one [`Error`], classified once. The calls that change a portal
//! live in [`mod@write`] alone, so that a search for that name finds everyone who can write.

mod account;
mod address;
mod allowance;
mod answer;
mod association;
mod bucket;
mod call;
mod classify;
mod client;
mod clock;
mod day;
mod error;
mod error_body;
mod error_guard;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod inflate;
pub mod limits;
pub mod oauth;
mod object;
mod owner;
mod pacing;
mod pipeline;
mod property;
mod reads;
mod record;
mod repeats;
mod schema;
mod search;
mod segment;
mod streams;
mod tokens;
mod transport;
mod usage;
mod wall;
pub mod webhook;
mod wire;
pub mod write;

pub use account::AccountInfo;
pub use address::{Addresses, NotLoopback};
pub use allowance::{Allowance, DailyUse, Limited, TypeUse, Use};
pub use association::{
    Association, AssociationBatch, AssociationCap, AssociationInput, AssociationLabel,
    AssociationSpec, AssociationType, LabelUse, LimitedType, NearLimit, RecordAssociations,
    RecordsAtLimit, Relation, StandardAssociation,
};
pub use client::Client;
pub use clock::Clock;
pub use day::{DayCount, DayStore};
pub use error::{AppFault, Error, InputError, Kind, Origin, RemoteText};
pub use object::{BatchRead, BatchReadByValue, ListQuery, Page, ReadQuery};
pub use owner::{Owner, OwnerTeam};
pub use pacing::Pacing;
pub use pipeline::{Pipeline, PipelineAudit, Stage};
pub use property::{
    PropertyBatch, PropertyDefinition, PropertyGroup, PropertyOption, PropertyRule, PropertyRules,
    Sensitivity,
};
pub use record::{Record, Resolved};
pub use schema::{ObjectSchema, SchemaAssociation, SchemaLabels};
pub use search::{Direction, Filter, FilterGroup, Operator, SearchPage, SearchQuery, Sort};
pub use segment::{List, ListSearch, Membership, RecordList};
pub use tokens::{
    OAuthTokens, StaticToken, StoredTokens, TokenSet, TokenSource, TokenStore, TokenStoreError,
};
pub use usage::{Budget, Usage};

/// The version that every path names. `2026-09` is the current one and supported until about 2028-03
/// (HubSpot, "Versioning": a version every March and September, 18 months of life).
pub const API_VERSION: &str = "2026-09";

/// A boxed future, as the traits of this crate return it.
pub type BoxFuture<'a, T> = futures_util::future::BoxFuture<'a, T>;
