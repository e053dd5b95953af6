//! Owners: the people and queues that records belong to.

use crm::{Moment, OwnerId, TeamId, UserId};
use serde::Deserialize;

use crate::wire;

/// An owner.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Owner {
    /// What records carry in `hubspot_owner_id`.
    pub id: OwnerId,
    /// `PERSON` or `QUEUE`; an open set.
    #[serde(rename = "type", default, deserialize_with = "wire::text")]
    pub kind: Option<String>,
    /// The person's address. Never to be logged.
    #[serde(default, deserialize_with = "wire::text")]
    pub email: Option<String>,
    /// The person's first name. Never to be logged.
    #[serde(default, deserialize_with = "wire::text")]
    pub first_name: Option<String>,
    /// The person's last name. Never to be logged.
    #[serde(default, deserialize_with = "wire::text")]
    pub last_name: Option<String>,
    /// The user behind the owner; `None` once deactivated.
    #[serde(rename = "userId", default, deserialize_with = "wire::id")]
    pub user: Option<UserId>,
    /// The user behind the owner, kept after deactivation.
    #[serde(
        rename = "userIdIncludingInactive",
        default,
        deserialize_with = "wire::id"
    )]
    pub user_including_inactive: Option<UserId>,
    /// Whether the owner was deactivated.
    #[serde(default, deserialize_with = "wire::flag")]
    pub archived: bool,
    /// The teams the owner belongs to.
    #[serde(default, deserialize_with = "wire::list")]
    pub teams: Vec<OwnerTeam>,
    /// When the owner was made.
    #[serde(default, deserialize_with = "wire::moment")]
    pub created_at: Option<Moment>,
    /// When the owner last changed.
    #[serde(default, deserialize_with = "wire::moment")]
    pub updated_at: Option<Moment>,
}

/// An owner's place in a team.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnerTeam {
    /// The team.
    #[serde(deserialize_with = "wire::team_id")]
    pub id: TeamId,
    /// Its name.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub name: String,
    /// Whether it is the owner's main team.
    #[serde(default, deserialize_with = "wire::flag")]
    pub primary: bool,
}
