//! Making, changing and removing object types of the portal's own (Enterprise).

use crm::ObjectType;
use serde::Serialize;

use super::properties::NewProperty;
use crate::call::Call;
use crate::{Client, Error, Kind, ObjectSchema, SchemaLabels, answer};

/// A type to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewSchema {
    /// The internal name; it can never be changed.
    pub name: String,
    /// The names people see.
    pub labels: SchemaLabels,
    /// The property that a record is known by: one of `properties`.
    pub primary_display_property: String,
    /// The properties that a new record must have.
    pub required_properties: Vec<String>,
    /// The properties that free words are looked for in.
    pub searchable_properties: Vec<String>,
    /// Its properties, at least one.
    pub properties: Vec<NewProperty>,
    /// Ids of the types it may be associated with, such as `0-1`.
    pub associated_objects: Vec<String>,
}

/// What to change about a type. What is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemaChange {
    /// The names people see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<SchemaLabels>,
    /// The property that a record is known by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_display_property: Option<String>,
    /// The properties that a new record must have: all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_properties: Option<Vec<String>>,
    /// The properties that free words are looked for in: all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub searchable_properties: Option<Vec<String>>,
}

/// Creates a type: `POST /crm-object-schemas/{v}/schemas`.
///
/// # Errors
/// [`Kind::Conflict`] when there is one of that name, [`Kind::Forbidden`] on plans without any,
/// [`Kind::InvalidRequest`] when the property it is known by is none of its own.
pub async fn create_schema(client: &Client, schema: &NewSchema) -> Result<ObjectSchema, Error> {
    let own = |name: &String| schema.properties.iter().any(|own| own.name == *name);
    if !own(&schema.primary_display_property) {
        return Err(Kind::InvalidRequest("a type is known by a property of its own").into());
    }
    let call = Call::post("/crm-object-schemas/{v}/schemas", &[], schema)?.writing();
    client.send(&call, answer::one).await
}

/// Changes a type: `PATCH /crm-object-schemas/{v}/schemas/{type}`.
///
/// # Errors
/// [`Kind::NotFound`] when there is no such type.
pub async fn update_schema(
    client: &Client,
    object: &ObjectType,
    change: &SchemaChange,
) -> Result<(), Error> {
    let call = Call::patch(SCHEMA, &[object.as_str()], change)?;
    client.send_for(&call, answer::nothing).await
}

/// Deletes a type, whose records must be gone before:
/// `DELETE /crm-object-schemas/{v}/schemas/{type}`.
///
/// # Errors
/// [`Kind::Validation`] while it has records.
pub async fn archive_schema(client: &Client, object: &ObjectType) -> Result<(), Error> {
    let call = Call::delete(SCHEMA, &[object.as_str()]);
    client.send_for(&call, answer::nothing).await
}

const SCHEMA: &str = "/crm-object-schemas/{v}/schemas/{type}";
