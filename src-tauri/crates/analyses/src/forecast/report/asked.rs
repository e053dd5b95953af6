//! Which deals a report is about.

use crm::{OwnerId, TeamId};
use serde::Serialize;

/// Whose deals: everybody's and nobody's, unless a team or an owner is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct WhoseView {
    /// A team; none where none is asked for.
    pub team: Option<TeamView>,
    /// The owners whose deals count, those of the team where one is asked for; none means everybody.
    pub owners: Option<Vec<OwnerView>>,
}

/// A team. Its owners are those who belong to it now: HubSpot tells no history of teams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct TeamView {
    /// HubSpot's id.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub id: TeamId,
    /// The name; the id where HubSpot tells none.
    pub name: String,
}

/// An owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct OwnerView {
    /// HubSpot's id.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub id: OwnerId,
    /// The name, where HubSpot tells one.
    pub name: Option<String>,
}
