//! Plan, approve, apply, undo: every change to HubSpot, journalled.
//!
//! A *plan* is a list of (record, old value, new value) for one property. It is computed against
//! HubSpot's live values, read by a person, approved, and then sent in batches. Each change is
//! committed to the journal as *sending* before its request leaves, so that a program killed at any
//! instant knows which changes it must ask HubSpot about before it sends anything again.
//!
//! Architecture invariant: this is the only crate that names `hubspot::write`, and it writes only
//! what an approved plan holds.

mod applying;
mod compare;
mod definition;
mod error;
mod journal;
mod planning;

pub use applying::{ApplyProgress, apply};
pub use compare::{Differences, differences, same_value};
pub use definition::{NewGroup, NewProperty, Obstacle, Target};
pub use error::WritebackError;
pub use journal::{
    Change, ChangeState, Counts, Definition, DefinitionState, Plan, PlanHead, PlanId, PlanState,
    approve, discard, list, read,
};
pub use planning::{PlanRequest, plan, plan_undo};
