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

/// Creates a group of properties.
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

/// Creates a property.
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
