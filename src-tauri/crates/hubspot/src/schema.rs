//! Custom object types.

use crm::ObjectType;
use serde::{Deserialize, Serialize};

use crate::{PropertyDefinition, wire};

/// What `GET /crm-object-schemas/{v}/schemas` says about a custom type.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectSchema {
    /// The type, as paths name it: `2-…`.
    #[serde(rename = "objectTypeId")]
    pub object_type: ObjectType,
    /// The internal name, unique in the portal.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub name: String,
    /// The name with the portal in front, as people who build on the API know it.
    #[serde(default, deserialize_with = "wire::text")]
    pub fully_qualified_name: Option<String>,
    /// The names people see.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub labels: SchemaLabels,
    /// The property that a record is known by.
    #[serde(default, deserialize_with = "wire::text")]
    pub primary_display_property: Option<String>,
    /// The properties shown beside it.
    #[serde(default, deserialize_with = "wire::texts")]
    pub secondary_display_properties: Vec<String>,
    /// The properties that a new record must have.
    #[serde(default, deserialize_with = "wire::texts")]
    pub required_properties: Vec<String>,
    /// The properties that free words are looked for in.
    #[serde(default, deserialize_with = "wire::texts")]
    pub searchable_properties: Vec<String>,
    /// The type's properties. One that cannot be read is left out.
    #[serde(default, deserialize_with = "wire::lenient_list")]
    pub properties: Vec<PropertyDefinition>,
    /// Whether the type was deleted.
    #[serde(default, deserialize_with = "wire::flag")]
    pub archived: bool,
    /// The pairs of types that may be associated, of which one is this type.
    #[serde(default, deserialize_with = "wire::list")]
    pub associations: Vec<SchemaAssociation>,
}

impl ObjectSchema {
    /// The standard and custom types whose records may belong to records of this one, each once.
    #[must_use]
    pub fn neighbours(&self) -> Vec<ObjectType> {
        let own = self.object_type.type_id();
        let mut found: Vec<ObjectType> = self
            .associations
            .iter()
            .filter_map(|pair| match (pair.from.as_str(), pair.to.as_str()) {
                (from, to) if from == own && to != own => to.parse().ok(),
                (from, to) if to == own && from != own => from.parse().ok(),
                _ => None,
            })
            .collect();
        found.sort();
        found.dedup();
        found
    }
}

/// What a type is called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaLabels {
    /// Of one record.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub singular: String,
    /// Of several.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub plural: String,
}

/// Two types that may be associated.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SchemaAssociation {
    /// Type id of the one side, such as `0-2`.
    #[serde(
        rename = "fromObjectTypeId",
        default,
        deserialize_with = "wire::text_or_empty"
    )]
    pub from: String,
    /// Type id of the other side.
    #[serde(
        rename = "toObjectTypeId",
        default,
        deserialize_with = "wire::text_or_empty"
    )]
    pub to: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_the_other_sides() {
        let schema: ObjectSchema = serde_json::from_str(
            r#"{ "objectTypeId": "2-345", "name": "machine", "associations": [
                { "fromObjectTypeId": "0-2", "toObjectTypeId": "2-345" },
                { "fromObjectTypeId": "2-345", "toObjectTypeId": "0-2" },
                { "fromObjectTypeId": "2-345", "toObjectTypeId": "2-345" },
                { "fromObjectTypeId": "2-345", "toObjectTypeId": "0-48" },
                { "fromObjectTypeId": "2-345", "toObjectTypeId": "0-9999" },
                { "toObjectTypeId": null } ] }"#,
        )
        .unwrap();
        assert_eq!(
            schema.neighbours(),
            [ObjectType::CALLS, ObjectType::COMPANIES]
        );
        assert!(!schema.archived);
    }
}
