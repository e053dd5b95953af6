//! Custom object types: what a portal has defined beside HubSpot's own types.

use crm::Moment;

use super::Portal;
use super::definition::Schema;
use super::kind::Kind;

/// A custom object type, without its properties and associations.
#[derive(Debug, Clone)]
pub(crate) struct CustomType {
    /// Internal name; with the portal's number it is the fully qualified one.
    pub name: String,
    /// What people call one.
    pub singular: String,
    /// What people call several.
    pub plural: String,
    /// What it is for.
    pub description: String,
    /// The property that a record goes by.
    pub primary: String,
    /// Properties shown below it.
    pub secondary: Vec<String>,
    /// Properties that a new record must have.
    pub required: Vec<String>,
    /// Properties that free-text search looks at.
    pub searchable: Vec<String>,
    /// When it was defined; `None` for the demo portal's.
    pub created: Option<Moment>,
    /// When it was last changed.
    pub updated: Option<Moment>,
    /// When it was archived, if it is.
    pub archived: Option<Moment>,
}

impl CustomType {
    /// The demo portal's machines.
    pub(crate) fn machines() -> Self {
        Self {
            name: "machine".to_owned(),
            singular: "Machine".to_owned(),
            plural: "Machines".to_owned(),
            description: String::new(),
            primary: "serial_number".to_owned(),
            secondary: vec!["model".to_owned()],
            required: vec!["serial_number".to_owned()],
            searchable: vec!["serial_number".to_owned(), "model".to_owned()],
            created: None,
            updated: None,
            archived: None,
        }
    }
}

impl Portal {
    /// The object type that a path or a body names, if this portal has it.
    pub(crate) fn kind(&self, text: &str) -> Option<Kind> {
        let known = Kind::parse(text, self.id).or_else(|| {
            let prefix = format!("p{}_", self.id);
            let name = text.strip_prefix(&prefix)?;
            let mut all = self.custom.iter();
            all.find(|(_, custom)| custom.name == name)
                .map(|(kind, _)| *kind)
        })?;
        let there = !known.is_custom() || self.live_custom(known).is_some();
        there.then_some(known)
    }

    /// A custom type that is not archived.
    pub(crate) fn live_custom(&self, kind: Kind) -> Option<&CustomType> {
        self.custom
            .get(&kind)
            .filter(|custom| custom.archived.is_none())
    }

    /// A custom type's fully qualified name.
    pub(crate) fn qualified(&self, kind: Kind) -> String {
        let name = self.custom.get(&kind).map_or("", |custom| &custom.name);
        format!("p{}_{name}", self.id)
    }

    /// Adds a custom type with an empty table and HubSpot's own few properties. `None` when the
    /// portal has ten already.
    pub(crate) fn define(&mut self, custom: CustomType) -> Option<Kind> {
        if self.custom.len() > Kind::OWN {
            return None;
        }
        let free = (0..Kind::OWN)
            .filter_map(|number| u8::try_from(number).ok())
            .map(Kind::Own)
            .find(|kind| !self.custom.contains_key(kind))?;
        let group = format!("{}_information", custom.name);
        let label = format!("{} information", custom.singular);
        let schema = Schema::with_group(free, &mut self.names, &group, &label);
        *self.schema_mut(free) = schema;
        self.custom.insert(free, custom);
        Some(free)
    }
}
