//! Custom object types.

use crm::ObjectType;
use serde::Deserialize;

use crate::wire;

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
