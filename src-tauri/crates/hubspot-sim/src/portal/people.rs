//! Owners, their teams, and the pipelines they work in.

use crm::Moment;

/// A team of owners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Team {
    /// A small number.
    pub id: u32,
    /// What people call it.
    pub name: String,
}

/// A person who owns records.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    /// What records carry in `hubspot_owner_id`.
    pub id: u32,
    /// The user behind the owner; HubSpot refuses it as an owner id.
    pub user_id: u32,
    /// First name.
    pub first: String,
    /// Last name.
    pub last: String,
    /// Address.
    pub email: String,
    /// The teams; the first is the primary one.
    pub teams: Vec<Team>,
    /// Since when.
    pub created: Moment,
    /// Whether the person has left.
    pub archived: bool,
}

/// How a stage ends a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It does not.
    Open,
    /// The deal is won.
    Won,
    /// The deal is lost.
    Lost,
}

/// A stage of a pipeline.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    /// Opaque.
    pub id: String,
    /// What people read.
    pub label: String,
    /// The portal's own idea of the chance to win, in hundredths; HubSpot allows tenths.
    pub probability: i64,
    /// What it means for the deal.
    pub outcome: Outcome,
}

/// A pipeline of deals.
#[derive(Debug, Clone)]
pub(crate) struct Pipeline {
    /// `default` for the first one.
    pub id: String,
    /// What people read.
    pub label: String,
    /// In order.
    pub stages: Vec<Stage>,
    /// Zero, that is 1970, for the default pipeline.
    pub created: Moment,
    /// Last change.
    pub updated: Moment,
}
