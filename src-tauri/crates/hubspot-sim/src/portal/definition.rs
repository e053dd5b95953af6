//! Property definitions and their groups.

use std::collections::BTreeMap;

use crm::Moment;

use super::kind::Kind;
use super::property::{Prop, PropertyNames};
use super::standard;

/// One choice of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What records carry.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Whether new records may not choose it.
    pub hidden: bool,
}

/// The sensitivity of nearly everything.
pub(crate) const NON_SENSITIVE: &str = "non_sensitive";

/// What a property is.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    /// Internal name.
    pub name: String,
    /// What people read.
    pub label: String,
    /// `string`, `number`, `date`, `datetime`, `enumeration` or `bool`.
    pub value_type: String,
    /// How the form shows it.
    pub field_type: String,
    /// The group it belongs to.
    pub group: String,
    /// What it means.
    pub description: String,
    /// The choices of an enumeration.
    pub choices: Vec<Choice>,
    /// HubSpot computes it.
    pub calculated: bool,
    /// Writes are refused.
    pub read_only: bool,
    /// HubSpot defined it, not this portal.
    pub standard: bool,
    /// Not shown to people.
    pub hidden: bool,
    /// Whether no two records may have the same value.
    pub unique: bool,
    /// Whether forms may ask for it.
    pub form_field: bool,
    /// `non_sensitive`, `sensitive` or `highly_sensitive`.
    pub sensitivity: String,
    /// Rules for its values, by HubSpot's name of the rule, with their arguments.
    pub rules: BTreeMap<String, Vec<String>>,
    /// Position in its group.
    pub display_order: i64,
    /// How numbers are shown.
    pub number_hint: Option<String>,
    /// When it was made; `None` for HubSpot's own.
    pub created: Option<Moment>,
    /// When it was last changed.
    pub updated: Option<Moment>,
    /// When it was archived, if it is.
    pub archived: Option<Moment>,
}

impl Definition {
    /// A definition with everything unusual switched off.
    pub(crate) fn plain(
        name: &str,
        label: &str,
        value_type: &str,
        field: &str,
        group: &str,
    ) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            value_type: value_type.to_owned(),
            field_type: field.to_owned(),
            group: group.to_owned(),
            description: String::new(),
            choices: Vec::new(),
            calculated: false,
            read_only: false,
            standard: false,
            hidden: false,
            unique: false,
            form_field: false,
            sensitivity: NON_SENSITIVE.to_owned(),
            rules: BTreeMap::new(),
            display_order: -1,
            number_hint: None,
            created: None,
            updated: None,
            archived: None,
        }
    }
}

/// A named set of properties.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// Internal name.
    pub name: String,
    /// What people read.
    pub label: String,
    /// Position.
    pub display_order: i64,
    /// When it was archived, if it is.
    pub archived: Option<Moment>,
}

/// The definitions of one object type.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    definitions: BTreeMap<Prop, Definition>,
    /// The groups, in order of creation.
    pub groups: Vec<Group>,
}

impl Schema {
    /// HubSpot's own definitions of a type.
    pub(crate) fn standard(kind: Kind, names: &mut PropertyNames) -> Self {
        let group = format!("{}information", kind.singular());
        let label = format!("{} information", kind.singular());
        Self::with_group(kind, names, &group, &label)
    }

    /// HubSpot's own definitions of a type, in a group of this name.
    pub(crate) fn with_group(
        kind: Kind,
        names: &mut PropertyNames,
        group: &str,
        label: &str,
    ) -> Self {
        let mut schema = Self::default();
        schema.add_group(group, label);
        for row in standard::rows(kind) {
            let mut definition =
                Definition::plain(row.name, row.label, row.value_type, row.field_type, group);
            definition.standard = true;
            definition.calculated = row.calculated;
            definition.read_only = row.calculated;
            definition.choices = standard::choices(row.name);
            schema.add(names.keep(row.name), definition);
        }
        schema
    }

    /// Adds a group.
    pub(crate) fn add_group(&mut self, name: &str, label: &str) {
        self.groups.push(Group {
            name: name.to_owned(),
            label: label.to_owned(),
            display_order: -1,
            archived: None,
        });
    }

    /// Adds or replaces a definition.
    pub(crate) fn add(&mut self, prop: Prop, definition: Definition) {
        self.definitions.insert(prop, definition);
    }

    /// The definition of a property that is not archived.
    pub(crate) fn live(&self, prop: Prop) -> Option<&Definition> {
        self.definitions
            .get(&prop)
            .filter(|definition| definition.archived.is_none())
    }

    /// The definition, archived or not, to change it.
    pub(crate) fn get_mut(&mut self, prop: Prop) -> Option<&mut Definition> {
        self.definitions.get_mut(&prop)
    }

    /// All definitions, archived ones too.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Prop, &Definition)> {
        self.definitions
            .iter()
            .map(|(prop, definition)| (*prop, definition))
    }
}
