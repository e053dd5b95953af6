//! The journal: plans and their changes in the portal's own file.

mod record;
mod rows;

pub(crate) use record::{
    NewPlan, Step, add, changes_in_state, mark_sending, move_plan, settle, settle_definition,
    take_back,
};
pub use record::{approve, discard, list, read};

use std::fmt;

use crm::{Moment, ObjectType, RecordId};

/// A plan's number within its portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlanId(pub u64);

impl fmt::Display for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! states {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// The state as the journal spells it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            pub(crate) fn from_text(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

states! {
    /// Where a plan stands.
    PlanState {
        /// Computed; nobody has approved it.
        Planned = "planned",
        /// Approved; nothing has been sent.
        Approved = "approved",
        /// Being sent, or stopped on the way.
        Applying = "applying",
        /// Every change has its answer.
        Applied = "applied",
        /// Put aside for good.
        Discarded = "discarded",
    }
}

states! {
    /// Where one change stands.
    ChangeState {
        /// Not sent.
        Planned = "planned",
        /// Sent, and not known what became of it: HubSpot is asked before it is sent again.
        Sending = "sending",
        /// HubSpot holds the new value.
        Confirmed = "confirmed",
        /// HubSpot refused it, in the words of the reason.
        Failed = "failed",
        /// The live value was no longer the one compared with; it was left alone.
        Conflict = "conflict",
    }
}

states! {
    /// Where a definition stands.
    DefinitionState {
        /// Not created yet.
        Planned = "planned",
        /// Asked for, and not known what became of it.
        Sending = "sending",
        /// HubSpot has it, as wanted.
        Confirmed = "confirmed",
    }
}

/// How many changes of a plan are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Not sent.
    pub planned: u32,
    /// Sent, answer not known.
    pub sending: u32,
    /// Written.
    pub confirmed: u32,
    /// Refused.
    pub failed: u32,
    /// Left alone.
    pub conflict: u32,
}

impl Counts {
    /// All changes of the plan.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.planned + self.sending + self.confirmed + self.failed + self.conflict
    }
}

/// A plan without its changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanHead {
    /// Its number.
    pub id: PlanId,
    /// The type of the records it changes.
    pub object_type: ObjectType,
    /// The property it writes.
    pub property: String,
    /// Where it stands.
    pub state: PlanState,
    /// What it is for, in words.
    pub purpose: String,
    /// The moment whose knowledge its values rest on.
    pub as_of: Moment,
    /// Records that held the value already when it was computed.
    pub unchanged: u32,
    /// When it was computed.
    pub created_at: Moment,
    /// When it was approved.
    pub approved_at: Option<Moment>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When its last answer came.
    pub applied_at: Option<Moment>,
    /// The plan it takes back.
    pub undoes: Option<PlanId>,
    /// Its changes by state.
    pub counts: Counts,
}

/// A definition that a plan creates first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its place in the order of creation.
    pub step: u32,
    /// `group` or `property`.
    pub kind: String,
    /// Its internal name.
    pub name: String,
    /// The definition as it is sent, in JSON.
    pub wanted: String,
    /// Where it stands.
    pub state: DefinitionState,
}

/// One value on one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The record.
    pub record: RecordId,
    /// The value compared with; `None` when there was none.
    pub old: Option<String>,
    /// The value to write; empty text clears.
    pub new: String,
    /// Where it stands.
    pub state: ChangeState,
    /// How often it was sent.
    pub attempts: u32,
    /// Why it failed or was left alone.
    pub reason: Option<String>,
}

/// A plan, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What it is and where it stands.
    pub head: PlanHead,
    /// What it creates first.
    pub definitions: Vec<Definition>,
    /// What it changes, in the order of the records.
    pub changes: Vec<Change>,
}
