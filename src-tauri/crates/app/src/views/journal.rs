//! Writebacks: plans, their changes, what became of them.

use crm::{Moment, ObjectType, PipelineId, PortalId, RecordId};
use serde::{Deserialize, Serialize};

use super::JobId;

/// A plan to be made: the win probability of every open deal.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlanArgs {
    /// The caller's name for this work.
    pub job: JobId,
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// One pipeline, or all.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub pipeline: Option<PipelineId>,
}

/// Which plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlanRefArgs {
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// The plan's number within its portal.
    #[cfg_attr(test, ts(type = "number"))]
    pub plan: u64,
}

/// A plan to be applied.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ApplyArgs {
    /// The caller's name for this work.
    pub job: JobId,
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// The plan's number within its portal.
    #[cfg_attr(test, ts(type = "number"))]
    pub plan: u64,
}

/// Where a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PlanState {
    /// Computed; nobody has approved it.
    Planned,
    /// Approved; nothing has been sent.
    Approved,
    /// Being sent, or stopped on the way: applying again goes on.
    Applying,
    /// Every change has its answer.
    Applied,
    /// Put aside; it can no longer be approved.
    Discarded,
}

/// How many changes of a plan are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlanCounts {
    /// All of them.
    pub total: u32,
    /// Not sent yet.
    pub planned: u32,
    /// Sent, and not known what became of it: applying again asks HubSpot first.
    pub sending: u32,
    /// HubSpot holds the new value.
    pub confirmed: u32,
    /// HubSpot refused it.
    pub failed: u32,
    /// The live value was no longer the one we compared with; nothing was written.
    pub conflict: u32,
}

/// A plan in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlanSummary {
    /// The plan's number within its portal.
    #[cfg_attr(test, ts(type = "number"))]
    pub plan: u64,
    /// Where it stands.
    pub state: PlanState,
    /// What it is for, in words.
    pub purpose: String,
    /// The type of the records it changes.
    #[cfg_attr(test, ts(type = "string"))]
    pub object_type: ObjectType,
    /// The property it writes.
    pub property: String,
    /// The moment whose knowledge the values rest on.
    #[cfg_attr(test, ts(type = "string"))]
    pub as_of: Moment,
    /// When it was computed.
    #[cfg_attr(test, ts(type = "string"))]
    pub created_at: Moment,
    /// When it was approved.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub approved_at: Option<Moment>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When the last answer came.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub applied_at: Option<Moment>,
    /// The plan that this one takes back.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub undoes: Option<u64>,
    /// Its changes by state.
    pub counts: PlanCounts,
}

/// One change of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangeView {
    /// The record.
    #[cfg_attr(test, ts(type = "string"))]
    pub record: RecordId,
    /// The record's name in the copy.
    pub name: Option<String>,
    /// The value compared with; absent when empty.
    pub old: Option<String>,
    /// The value to be written; absent when the value is to be cleared.
    pub new: Option<String>,
    /// `planned`, `sending`, `confirmed`, `failed` or `conflict`.
    pub state: String,
    /// Why it failed or was held back.
    pub reason: Option<String>,
}

/// A plan with everything a person approves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlanView {
    /// The plan.
    pub summary: PlanSummary,
    /// Definitions in HubSpot that applying would create first, such as `group plumbline`.
    pub creates: Vec<String>,
    /// Records left out because HubSpot already holds the value.
    pub unchanged: u32,
    /// Calls that applying will spend.
    pub calls: u32,
    /// The changes.
    pub changes: Vec<ChangeView>,
}
