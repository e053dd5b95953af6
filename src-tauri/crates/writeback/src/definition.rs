//! The property that is written to, and whether HubSpot's definition of it is ours.

use std::fmt;

use crm::ObjectType;
use hubspot::PropertyDefinition;
pub use hubspot::write::{NewGroup, NewProperty};

/// The property that a plan writes, with the definition it must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The type of the records.
    pub object_type: ObjectType,
    /// The group the property stands in.
    pub group: NewGroup,
    /// The property.
    pub property: NewProperty,
}

/// What stands in the way of writing to a property of our name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// It stands in another group: somebody else made it, for something else.
    OtherGroup {
        /// The group it stands in.
        found: String,
        /// The group ours stands in.
        wanted: String,
    },
    /// It holds another type of value.
    OtherType {
        /// The type and field type it has.
        found: String,
        /// The type and field type ours has.
        wanted: String,
    },
    /// HubSpot computes it or lets nobody write it.
    ReadOnly,
    /// It was archived: the name is taken, but records carry no such value.
    Archived,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherGroup { found, wanted } => {
                write!(
                    f,
                    "it stands in the group {found}, ours would stand in {wanted}"
                )
            }
            Self::OtherType { found, wanted } => write!(f, "it is {found}, ours would be {wanted}"),
            Self::ReadOnly => f.write_str("HubSpot lets nobody write it"),
            Self::Archived => f.write_str("it was archived in HubSpot"),
        }
    }
}

/// Compares HubSpot's definition with the one wanted. `Ok` when it is ours to write to.
///
/// # Errors
/// The first thing that is different in a way that matters: label and description may have been
/// edited by an admin and still be ours.
pub(crate) fn is_ours(found: &PropertyDefinition, wanted: &NewProperty) -> Result<(), Obstacle> {
    if found.archived {
        return Err(Obstacle::Archived);
    }
    if found.kind != wanted.kind || found.field_type != wanted.field_type {
        return Err(Obstacle::OtherType {
            found: format!("{}/{}", found.kind, found.field_type),
            wanted: format!("{}/{}", wanted.kind, wanted.field_type),
        });
    }
    if !found.is_writable() {
        return Err(Obstacle::ReadOnly);
    }
    match &found.group {
        Some(group) if *group == wanted.group => Ok(()),
        group => Err(Obstacle::OtherGroup {
            found: group.clone().unwrap_or_default(),
            wanted: wanted.group.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(json: &str) -> PropertyDefinition {
        serde_json::from_str(json).unwrap()
    }

    fn wanted() -> NewProperty {
        NewProperty {
            name: "plumbline_win_probability".into(),
            label: "Win probability".into(),
            group: "plumbline".into(),
            kind: "number".into(),
            field_type: "number".into(),
            description: String::new(),
            number_display_hint: None,
            form_field: false,
            hidden: false,
            has_unique_value: false,
            display_order: -1,
            options: Vec::new(),
        }
    }

    #[track_caller]
    fn check(json: &str, expected: Result<(), &str>) {
        let verdict = is_ours(&found(json), &wanted()).map_err(|obstacle| obstacle.to_string());
        assert_eq!(verdict, expected.map_err(str::to_owned), "{json}");
    }

    #[test]
    fn only_our_own_definition_is_written_to() {
        let name = "\"name\":\"plumbline_win_probability\"";
        check(
            &format!(
                r#"{{{name},"label":"Renamed","type":"number","fieldType":"number","groupName":"plumbline"}}"#
            ),
            Ok(()),
        );
        check(
            &format!(
                r#"{{{name},"type":"number","fieldType":"number","groupName":"dealinformation"}}"#
            ),
            Err("it stands in the group dealinformation, ours would stand in plumbline"),
        );
        check(
            &format!(r#"{{{name},"type":"string","fieldType":"text","groupName":"plumbline"}}"#),
            Err("it is string/text, ours would be number/number"),
        );
        check(
            &format!(
                r#"{{{name},"type":"number","fieldType":"number","groupName":"plumbline","calculated":true}}"#
            ),
            Err("HubSpot lets nobody write it"),
        );
        check(
            &format!(
                r#"{{{name},"type":"number","fieldType":"number","groupName":"plumbline",
                    "modificationMetadata":{{"readOnlyValue":true}}}}"#
            ),
            Err("HubSpot lets nobody write it"),
        );
        check(
            &format!(
                r#"{{{name},"type":"number","fieldType":"number","groupName":"plumbline","archived":true}}"#
            ),
            Err("it was archived in HubSpot"),
        );
    }
}
