//! Property definitions and their groups.

use std::collections::BTreeMap;

use crm::Moment;
use serde::Deserialize;

use crate::{InputError, wire};

/// What a property is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertyDefinition {
    /// The internal name; it never changes.
    pub name: String,
    /// The name people see.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub label: String,
    /// `bool`, `date`, `datetime`, `enumeration`, `number`, `phone_number`, `string`; an open set.
    #[serde(rename = "type", default, deserialize_with = "wire::text_or_empty")]
    pub kind: String,
    /// How the property is edited: `text`, `select`, `number`, …; an open set.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub field_type: String,
    /// The group it is listed under.
    #[serde(rename = "groupName", default, deserialize_with = "wire::text")]
    pub group: Option<String>,
    /// What the property is for, in the words of whoever made it.
    #[serde(default, deserialize_with = "wire::text")]
    pub description: Option<String>,
    /// The values an enumeration may take.
    #[serde(default, deserialize_with = "wire::list")]
    pub options: Vec<PropertyOption>,
    /// `currency`, `percentage`, `probability`, …: how a number is shown.
    #[serde(default, deserialize_with = "wire::text")]
    pub number_display_hint: Option<String>,
    /// The type of record that the values are ids of, such as `OWNER`.
    #[serde(default, deserialize_with = "wire::text")]
    pub referenced_object_type: Option<String>,
    /// Whether HubSpot computes the value.
    #[serde(default, deserialize_with = "wire::flag")]
    pub calculated: bool,
    /// Whether two records may not share a value.
    #[serde(default, deserialize_with = "wire::flag")]
    pub has_unique_value: bool,
    /// Whether the property is hidden in the portal.
    #[serde(default, deserialize_with = "wire::flag")]
    pub hidden: bool,
    /// Whether HubSpot made it, rather than the portal.
    #[serde(default, deserialize_with = "wire::flag")]
    pub hubspot_defined: bool,
    /// Whether it was deleted.
    #[serde(default, deserialize_with = "wire::flag")]
    pub archived: bool,
    /// When it was deleted.
    #[serde(default, deserialize_with = "wire::moment")]
    pub archived_at: Option<Moment>,
    /// `non_sensitive`, `sensitive` or `highly_sensitive`, where HubSpot says; an open set.
    #[serde(default, deserialize_with = "wire::text")]
    pub data_sensitivity: Option<String>,
    /// What may be changed about it.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub modification_metadata: ModificationMetadata,
    /// When the definition was made.
    #[serde(default, deserialize_with = "wire::moment")]
    pub created_at: Option<Moment>,
    /// When the definition last changed.
    #[serde(default, deserialize_with = "wire::moment")]
    pub updated_at: Option<Moment>,
}

/// What a batch read of definitions found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PropertyBatch {
    /// The definitions, by name.
    pub found: BTreeMap<String, PropertyDefinition>,
    /// The names that the answer gives no definition of: there is none, or it was deleted, or HubSpot
    /// says in [`PropertyBatch::failures`] why.
    pub unmentioned: Vec<String>,
    /// What was refused.
    pub failures: Vec<InputError>,
}

impl PropertyDefinition {
    /// Whether values can be written at all.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        !self.calculated && !self.archived && !self.modification_metadata.read_only_value
    }
}

impl PropertyDefinition {
    /// Whether values are marked as sensitive: not to be read unless the user asked for them.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        let level = self.data_sensitivity.as_deref().unwrap_or_default();
        !level.is_empty() && !level.eq_ignore_ascii_case("non_sensitive")
    }
}

/// Which properties a list of definitions holds. HubSpot shows each kind by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sensitivity {
    /// The ordinary ones: HubSpot's default.
    #[default]
    Ordinary,
    /// Those marked as sensitive (Enterprise, with scopes of their own).
    Sensitive,
    /// Those marked as highly sensitive (the same).
    HighlySensitive,
}

impl Sensitivity {
    /// HubSpot's word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Ordinary => "non_sensitive",
            Self::Sensitive => "sensitive",
            Self::HighlySensitive => "highly_sensitive",
        }
    }
}

/// The rules that a portal's administrators set for one property's values.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertyRules {
    /// The property.
    #[serde(
        rename = "propertyName",
        default,
        deserialize_with = "wire::text_or_empty"
    )]
    pub property: String,
    /// Its rules.
    #[serde(
        rename = "propertyValidationRules",
        default,
        deserialize_with = "wire::list"
    )]
    pub rules: Vec<PropertyRule>,
}

/// One rule for values.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertyRule {
    /// `MIN_NUMBER`, `MAX_NUMBER`, `DECIMAL`, `REGEX`, …; an open set.
    #[serde(rename = "ruleType", default, deserialize_with = "wire::text_or_empty")]
    pub kind: String,
    /// What the rule compares with.
    #[serde(rename = "ruleArguments", default, deserialize_with = "wire::texts")]
    pub arguments: Vec<String>,
}

/// What may be changed about a property.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModificationMetadata {
    /// Whether values can never be written.
    #[serde(default, deserialize_with = "wire::flag")]
    pub read_only_value: bool,
    /// Whether the definition can never be changed.
    #[serde(default, deserialize_with = "wire::flag")]
    pub read_only_definition: bool,
}

/// One value that an enumeration may take.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertyOption {
    /// The value as records carry it.
    pub value: String,
    /// The value as people see it.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub label: String,
    /// Its place in the list.
    #[serde(default, deserialize_with = "wire::integer")]
    pub display_order: i64,
    /// Whether it is no longer offered.
    #[serde(default, deserialize_with = "wire::flag")]
    pub hidden: bool,
}

/// A heading under which properties are listed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertyGroup {
    /// The internal name.
    pub name: String,
    /// The name people see.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub label: String,
    /// Its place among the groups; -1 means last.
    #[serde(default, deserialize_with = "wire::integer")]
    pub display_order: i64,
    /// Whether it was deleted.
    #[serde(default, deserialize_with = "wire::flag")]
    pub archived: bool,
}
