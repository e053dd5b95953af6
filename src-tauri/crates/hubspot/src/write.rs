//! The calls that change a portal. Only the crate that plans, journals and confirms changes may
//! name this module.

use std::collections::{BTreeMap, BTreeSet};

use crm::{ObjectType, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::call::Call;
use crate::{
    Client, Error, InputError, Kind, PropertyDefinition, PropertyGroup, Record, answer, limits,
};

/// A group of properties to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewGroup {
    /// The internal name: lower case, digits and underscores, beginning with a letter.
    pub name: String,
    /// The name people see.
    pub label: String,
    /// Its place; -1 puts it last.
    pub display_order: i64,
}

/// A property to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewProperty {
    /// The internal name; it can never be changed.
    pub name: String,
    /// The name people see.
    pub label: String,
    /// The group's internal name.
    #[serde(rename = "groupName")]
    pub group: String,
    /// `number`, `string`, `enumeration`, `bool`, `date` or `datetime`.
    #[serde(rename = "type")]
    pub kind: String,
    /// How it is edited, such as `number`.
    pub field_type: String,
    /// What it is for.
    pub description: String,
    /// How a number is shown, such as `unformatted`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_display_hint: Option<String>,
    /// Whether it may stand on forms.
    pub form_field: bool,
    /// Whether it is hidden in the portal.
    pub hidden: bool,
    /// Whether two records may not share a value.
    pub has_unique_value: bool,
    /// Its place in the group; -1 puts it last.
    pub display_order: i64,
    /// The values of an enumeration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<NewOption>,
}

/// A value of an enumeration to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewOption {
    /// The value as people see it.
    pub label: String,
    /// The value as records carry it.
    pub value: String,
    /// Its place in the list.
    pub display_order: i64,
    /// Whether it is not offered.
    pub hidden: bool,
}

/// New values for one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateInput {
    /// The record.
    pub id: RecordId,
    /// Names this input in errors, where HubSpot honours it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_write_trace_id: Option<String>,
    /// Property names and values. An empty text clears; HubSpot ignores `null`, so there is none.
    pub properties: BTreeMap<String, String>,
}

/// What a batch update did: every id that was sent is in exactly one of the first three.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BatchUpdate {
    /// The records as they are now.
    pub updated: Vec<Record>,
    /// The refused ones, each with its reason.
    pub failed: BTreeMap<RecordId, InputError>,
    /// The ones about which the answer says nothing: only reading back can tell.
    pub unmentioned: Vec<RecordId>,
    /// Refusals that name no record of the batch.
    pub unattributed: Vec<InputError>,
}

/// Creates a group of properties.
///
/// # Errors
/// [`Kind::Conflict`] when a group of that name exists.
pub async fn create_group(
    client: &Client,
    object: &ObjectType,
    group: &NewGroup,
) -> Result<PropertyGroup, Error> {
    let route = "/crm/properties/{v}/{type}/groups";
    let call = Call::post(route, &[object.as_str()], group)?.writing();
    client.send(&call, answer::one).await
}

/// Creates a property.
///
/// # Errors
/// [`Kind::Conflict`] when a property of that name exists.
pub async fn create_property(
    client: &Client,
    object: &ObjectType,
    property: &NewProperty,
) -> Result<PropertyDefinition, Error> {
    let call = Call::post("/crm/properties/{v}/{type}", &[object.as_str()], property)?.writing();
    client.send(&call, answer::one).await
}

/// Writes values to at most [`limits::BATCH`] records of one type.
///
/// The call is repeated only where HubSpot said that it did nothing (429, 423, 401) or was never
/// reached; after any other failure the outcome is the caller's to find out.
///
/// # Errors
/// When the batch as a whole was refused or no answer came ([`Error::outcome_is_unknown`] tells
/// which); [`Kind::InvalidRequest`] for too many inputs or for one record twice, which HubSpot would
/// refuse.
pub async fn batch_update(
    client: &Client,
    object: &ObjectType,
    inputs: &[UpdateInput],
) -> Result<BatchUpdate, Error> {
    if inputs.is_empty() {
        return Ok(BatchUpdate::default());
    }
    if inputs.len() > limits::BATCH {
        return Err(Kind::InvalidRequest("more records than a batch update may have").into());
    }
    let ids: Vec<RecordId> = inputs.iter().map(|input| input.id).collect();
    if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() {
        return Err(Kind::InvalidRequest("a record stands twice in a batch update").into());
    }
    let route = "/crm/objects/{v}/{type}/batch/update";
    let call = Call::post(route, &[object.as_str()], &json!({ "inputs": inputs }))?.writing();
    client
        .send(&call, |body| answer::batch_update(body, &ids))
        .await
}
