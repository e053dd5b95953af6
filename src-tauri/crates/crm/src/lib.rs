//! The words of the product as types: ids, moments, money, object types.
//!
//! Everything above this crate speaks of a portal's records with these types, so that a deal's id
//! can never stand where an owner's is wanted and a number of euros never meets a number of dollars.
//! The crate knows no storage, no network and no clock.

mod fiscal_year;
mod id;
mod moment;
mod money;
mod object_type;
mod property;

pub use fiscal_year::{FiscalYear, InvalidMonth};
pub use id::{
    InvalidId, OwnerId, PipelineId, PortalId, PropertyName, RecordId, StageId, TeamId, UserId,
};
pub use moment::{InvalidMoment, Moment};
pub use money::{Currency, InvalidCurrency, Money, parse_amount};
pub use object_type::{InvalidObjectType, ObjectType};
pub use property::{PropertyValue, Version};
