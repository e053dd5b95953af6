//! What is sent to make and change records.

use std::collections::BTreeMap;

use crm::RecordId;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::AssociationSpec;

/// Property names and values. An empty text clears: HubSpot answers `null` with success and does
/// nothing, so there is no way to say it.
pub type Values = BTreeMap<String, String>;

/// A record to create.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewRecord {
    /// Its values.
    pub properties: Values,
    /// What it is associated with from the start.
    pub associations: Vec<NewAssociation>,
}

/// What a new record is associated with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAssociation {
    /// The record at the other end. Its type follows from the kinds of association.
    pub to: RecordId,
    /// The kinds, in the direction from the new record: see [`crate::StandardAssociation`].
    pub types: Vec<AssociationSpec>,
}

impl Serialize for NewAssociation {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut body = to.serialize_struct("NewAssociation", 2)?;
        body.serialize_field("to", &BTreeMap::from([("id", self.to)]))?;
        body.serialize_field("types", &self.types)?;
        body.end()
    }
}

/// New values for one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateInput {
    /// The record. In a batch, HubSpot does not follow the id of a record that was merged away.
    pub id: RecordId,
    /// Names this input in errors, where HubSpot honours it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_write_trace_id: Option<String>,
    /// The values to write.
    pub properties: Values,
}

/// Values for the record that has a value of a unique property, which is created if there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpsertInput {
    /// The unique property: `email` of contacts, or one of the portal's own with unique values.
    pub id_property: String,
    /// Its value. May be an e-mail address: it travels in the body alone.
    #[serde(rename = "id")]
    pub value: String,
    /// The values to write.
    pub properties: Values,
}
