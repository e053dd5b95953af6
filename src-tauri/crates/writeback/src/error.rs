//! What can go wrong between a plan and HubSpot.

use crate::{Obstacle, PlanId, PlanState};

/// Why a step of a writeback did not happen.
#[derive(Debug, thiserror::Error)]
pub enum WritebackError {
    /// No plan has this number.
    #[error("there is no plan {0}")]
    UnknownPlan(PlanId),
    /// The plan is not in the state that the step needs.
    #[error("plan {plan} is {state}, so it cannot be {step}")]
    WrongState {
        /// The plan.
        plan: PlanId,
        /// Where it stands.
        state: PlanState,
        /// What was wanted, as a participle: `approved`, `applied`.
        step: &'static str,
    },
    /// A definition in HubSpot stands where ours would go.
    #[error("the property {name} cannot be used: {obstacle}")]
    InTheWay {
        /// The property's internal name.
        name: String,
        /// What is different.
        obstacle: Obstacle,
    },
    /// The user stopped it. A batch under way stays marked as sent; applying again asks about it first.
    #[error("stopped")]
    Cancelled,
    /// HubSpot refused or could not be reached.
    #[error(transparent)]
    HubSpot(#[from] hubspot::Error),
    /// The journal could not be read or written.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// A definition could not be written down, or one from the journal could not be understood.
    #[error("a property definition in the journal cannot be read")]
    Definition,
}
