//! Lists, which HubSpot's own pages call segments, and who is on them.

use crm::{Moment, RecordId};
use serde::Deserialize;

use crate::wire;

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct List {
    /// Its id.
    #[serde(rename = "listId", deserialize_with = "wire::required_text")]
    pub id: String,
    /// The name people see.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub name: String,
    /// The type id of its records, such as `0-1`.
    #[serde(
        rename = "objectTypeId",
        default,
        deserialize_with = "wire::text_or_empty"
    )]
    pub type_id: String,
    /// `MANUAL`, `DYNAMIC` or `SNAPSHOT`; an open set.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub processing_type: String,
    /// How many records are on it, where HubSpot says.
    #[serde(default, deserialize_with = "wire::count")]
    pub size: Option<u64>,
    /// When it was made.
    #[serde(default, deserialize_with = "wire::moment")]
    pub created_at: Option<Moment>,
    /// When it last changed.
    #[serde(default, deserialize_with = "wire::moment")]
    pub updated_at: Option<Moment>,
    /// When it was deleted.
    #[serde(default, deserialize_with = "wire::moment")]
    pub deleted_at: Option<Moment>,
}

/// A record's place on a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Membership {
    /// The record.
    #[serde(rename = "recordId")]
    pub record: RecordId,
    /// Since when.
    #[serde(
        rename = "membershipTimestamp",
        default,
        deserialize_with = "wire::moment"
    )]
    pub since: Option<Moment>,
}
