//! Making properties and the groups they stand in.

use crm::ObjectType;
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::{Client, Error, PropertyDefinition, PropertyGroup, answer};

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

/// Creates a group of properties: `POST /crm/properties/{v}/{type}/groups`.
///
/// # Errors
/// [`Kind::Conflict`](crate::Kind::Conflict) when a group of that name exists.
pub async fn create_group(
    client: &Client,
    object: &ObjectType,
    group: &NewGroup,
) -> Result<PropertyGroup, Error> {
    let route = "/crm/properties/{v}/{type}/groups";
    let call = Call::post(route, &[object.as_str()], group)?.writing();
    client.send(&call, answer::one).await
}

/// Creates a property: `POST /crm/properties/{v}/{type}`.
///
/// # Errors
/// [`Kind::Conflict`](crate::Kind::Conflict) when a property of that name exists.
pub async fn create_property(
    client: &Client,
    object: &ObjectType,
    property: &NewProperty,
) -> Result<PropertyDefinition, Error> {
    let call = Call::post("/crm/properties/{v}/{type}", &[object.as_str()], property)?.writing();
    client.send(&call, answer::one).await
}

/// What to change about a property. What is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertyChange {
    /// The name people see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The group's internal name.
    #[serde(rename = "groupName", skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it is hidden in the portal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// Whether it may stand on forms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form_field: Option<bool>,
    /// Its place in the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_order: Option<i64>,
    /// The values of an enumeration: all of them, since the list is replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<NewOption>>,
}

/// Changes a property's definition: `PATCH /crm/properties/{v}/{type}/{name}`. The internal name can
/// never be changed.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when there is none of that name.
pub async fn update_property(
    client: &Client,
    object: &ObjectType,
    name: &str,
    change: &PropertyChange,
) -> Result<PropertyDefinition, Error> {
    let call = Call::patch(PROPERTY, &[object.as_str(), name], change)?;
    client.send(&call, answer::one).await
}

/// Deletes a property, and its values with it: `DELETE /crm/properties/{v}/{type}/{name}`. HubSpot
/// keeps it archived.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when there is none of that name,
/// [`Kind::Validation`](crate::Kind::Validation) when something in the portal still uses it.
pub async fn archive_property(
    client: &Client,
    object: &ObjectType,
    name: &str,
) -> Result<(), Error> {
    let call = Call::delete(PROPERTY, &[object.as_str(), name]);
    client.send_for(&call, answer::nothing).await
}

const PROPERTY: &str = "/crm/properties/{v}/{type}/{name}";

/// Renames a group: `PATCH /crm/properties/{v}/{type}/groups/{name}`.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when there is none of that name.
pub async fn update_group(
    client: &Client,
    object: &ObjectType,
    name: &str,
    label: &str,
) -> Result<PropertyGroup, Error> {
    let body = serde_json::json!({ "label": label });
    let call = Call::patch(GROUP, &[object.as_str(), name], &body)?;
    client.send(&call, answer::one).await
}

/// Deletes a group, whose properties must be gone before: `DELETE
/// /crm/properties/{v}/{type}/groups/{name}`.
///
/// # Errors
/// [`Kind::Validation`](crate::Kind::Validation) while properties stand in it.
pub async fn archive_group(client: &Client, object: &ObjectType, name: &str) -> Result<(), Error> {
    let call = Call::delete(GROUP, &[object.as_str(), name]);
    client.send_for(&call, answer::nothing).await
}

const GROUP: &str = "/crm/properties/{v}/{type}/groups/{name}";
