//! Lists, which HubSpot's own pages call segments, and who is on them.

use crm::{Moment, ObjectType, RecordId};
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
    /// What a record must be like to be on it, as HubSpot tells it: branches of branches, whose leaves
    /// are filters. Nothing where it was not asked for, or the list was made by hand.
    #[serde(rename = "filterBranch", default)]
    pub filters: serde_json::Value,
}

/// Which lists are wanted. What is empty asks for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListSearch {
    /// Words of the name.
    pub words: String,
    /// The type of its records.
    pub object: Option<ObjectType>,
    /// `MANUAL`, `DYNAMIC`, `SNAPSHOT`.
    pub processing_types: Vec<String>,
}

/// A list that a record is on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordList {
    /// The list's id.
    #[serde(rename = "listId", deserialize_with = "wire::required_text")]
    pub list: String,
    /// When the record first came onto it.
    #[serde(
        rename = "firstAddedTimestamp",
        default,
        deserialize_with = "wire::moment"
    )]
    pub first_added: Option<Moment>,
    /// When it last did.
    #[serde(
        rename = "lastAddedTimestamp",
        default,
        deserialize_with = "wire::moment"
    )]
    pub last_added: Option<Moment>,
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
