//! Which properties are asked for of a type in this portal.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crm::ObjectType;
use hubspot::{ReadQuery, limits};
use store::{DefinedProperty, PropertiesRead};

use crate::error::SyncError;
use crate::options::ObjectPlan;
use crate::work::Work;

/// Bytes of names that are put into the address of a list. More of them travel in the body of a
/// batch read, at the price of a second call a page. Leaves room in [`limits::URL_LENGTH`] for the
/// rest of the address.
const NAMES_IN_ADDRESS: usize = limits::URL_LENGTH - 1_000;

/// What is asked for of a type in this portal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// The properties.
    pub(crate) names: Vec<String>,
    /// The properties whose versions are asked for.
    pub(crate) history: Vec<String>,
    /// Those that HubSpot computes: they change without moving the modified date.
    pub(crate) calculated: Vec<String>,
    kinds: BTreeMap<String, String>,
}

/// What a record is recognised by, whatever else is asked for: when it changed, and which ids were
/// merged into it.
fn always(object: &ObjectType) -> impl Iterator<Item = &'static str> {
    let contacts = (*object == ObjectType::CONTACTS).then_some("hs_calculated_merged_vids");
    [object.modified_property(), "hs_merged_object_ids"]
        .into_iter()
        .chain(contacts)
}

impl Wanted {
    /// What the stored definitions allow to ask for.
    pub(crate) async fn of(work: &Work<'_>, plan: &ObjectPlan) -> Result<Self, SyncError> {
        let of = plan.object.clone();
        let defined = work.in_store(move |store| {
            store.read(|connection| store::defined_properties(connection, &of))
        });
        Ok(Self::new(plan, &defined.await?))
    }

    /// Names that the portal does not define are left out. Where its definitions cannot be read,
    /// all wanted names are asked for: HubSpot leaves unknown ones out of its answer.
    pub(crate) fn new(plan: &ObjectPlan, defined: &[DefinedProperty]) -> Self {
        let known: BTreeMap<&str, &DefinedProperty> = defined
            .iter()
            .map(|property| (property.name.as_str(), property))
            .collect();
        let is_known = |name: &String| known.is_empty() || known.contains_key(name.as_str());
        let wanted = plan.properties.iter().filter(|name| is_known(name));
        let own = defined
            .iter()
            .filter(|property| plan.portal_defined && !property.hubspot_defined)
            .map(|property| &property.name);
        let mut seen = HashSet::new();
        let names: Vec<String> = wanted
            .chain(own)
            .cloned()
            .chain(always(&plan.object).map(str::to_owned))
            .filter(|name| seen.insert(name.clone()))
            .collect();
        let history = plan.history.iter().filter(|name| is_known(name));
        let calculated = names.iter().filter(|name| {
            let definition = known.get(name.as_str());
            definition.is_some_and(|property| property.calculated)
        });
        let kind = |name: &String| {
            let kind = known.get(name.as_str()).map(|property| &property.kind);
            (name.clone(), kind.cloned().unwrap_or_default())
        };
        Self {
            history: history.cloned().collect(),
            calculated: calculated.cloned().collect(),
            kinds: names.iter().map(kind).collect(),
            names,
        }
    }

    /// What is read once all of this was, for the next run to compare with.
    pub(crate) fn as_read(&self) -> PropertiesRead {
        PropertiesRead {
            values: self.kinds.clone(),
            histories: self.history.iter().cloned().collect(),
        }
    }

    /// The part of this that was not read yet, or that was of another type when it was.
    pub(crate) fn beyond(&self, read: &PropertiesRead) -> Self {
        // Where a definition is not known, nothing is known of its type.
        let is_new = |name: &&String| match (read.values.get(*name), self.kinds.get(*name)) {
            (Some(old), Some(new)) => !old.is_empty() && !new.is_empty() && old != new,
            _ => true,
        };
        let history: BTreeSet<_> = self.history.iter().collect();
        Self {
            names: self.names.iter().filter(is_new).cloned().collect(),
            history: history
                .into_iter()
                .filter(|name| !read.histories.contains(*name))
                .cloned()
                .collect(),
            ..Self::default()
        }
    }

    /// Only what is recognised and what HubSpot computes: enough to see what a list of ids is
    /// compared for.
    pub(crate) fn for_comparing(&self, object: &ObjectType) -> Self {
        let mut seen = HashSet::new();
        let names = always(object)
            .map(str::to_owned)
            .chain(self.calculated.iter().cloned());
        Self {
            names: names.filter(|name| seen.insert(name.clone())).collect(),
            ..Self::default()
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.history.is_empty()
    }

    /// Whether all names have room in the address of a list.
    pub(crate) fn fits_an_address(&self) -> bool {
        let names = self.names.iter().chain(&self.history);
        names.map(|name| name.len() + 1).sum::<usize>() <= NAMES_IN_ADDRESS
    }

    /// Records a page, or ids a batch.
    pub(crate) fn page_size(&self, wished: Option<usize>) -> usize {
        let most = if self.history.is_empty() {
            limits::PAGE
        } else {
            limits::PAGE_WITH_HISTORY
        };
        wished.unwrap_or(most).clamp(1, most)
    }

    /// A batch read of all of it.
    pub(crate) fn in_a_batch(&self) -> ReadQuery {
        ReadQuery {
            properties: self.names.clone(),
            history: self.history.clone(),
            archived: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defined(names: &[(&str, bool)]) -> Vec<DefinedProperty> {
        names
            .iter()
            .map(|(name, hubspot_defined)| DefinedProperty {
                name: (*name).to_owned(),
                hubspot_defined: *hubspot_defined,
                kind: "string".to_owned(),
                calculated: name.starts_with("days_"),
                read_only: false,
            })
            .collect()
    }

    fn plan(portal_defined: bool) -> ObjectPlan {
        ObjectPlan {
            object: ObjectType::DEALS,
            properties: ["amount", "dealname", "gone", "days_to_close"]
                .map(str::to_owned)
                .to_vec(),
            portal_defined,
            history: ["amount", "gone"].map(str::to_owned).to_vec(),
            associations: Vec::new(),
            pipelines: false,
        }
    }

    const ALWAYS: [&str; 2] = ["hs_lastmodifieddate", "hs_merged_object_ids"];

    #[test]
    fn only_defined_properties_are_asked_for_and_what_a_record_is_recognised_by() {
        let portal = defined(&[
            ("amount", true),
            ("dealname", true),
            ("hs_other", true),
            ("my_own", false),
        ]);
        let wanted = Wanted::new(&plan(false), &portal);
        assert_eq!(
            wanted.names,
            [&["amount", "dealname"], &ALWAYS[..]].concat()
        );
        assert_eq!(wanted.history, ["amount"]);
        let wanted = Wanted::new(&plan(true), &portal);
        assert_eq!(
            wanted.names,
            [&["amount", "dealname", "my_own"], &ALWAYS[..]].concat()
        );
    }

    #[test]
    fn without_definitions_everything_wanted_is_asked_for() {
        let wanted = Wanted::new(&plan(true), &[]);
        assert_eq!(
            wanted.names,
            [
                &["amount", "dealname", "gone", "days_to_close"],
                &ALWAYS[..]
            ]
            .concat()
        );
    }

    #[test]
    fn names_that_no_address_holds_are_known() {
        let many: Vec<DefinedProperty> = (0..900)
            .map(|n| DefinedProperty {
                name: format!("a_property_of_the_portal_{n}"),
                hubspot_defined: false,
                kind: "string".to_owned(),
                calculated: false,
                read_only: false,
            })
            .chain(defined(&[("amount", true)]))
            .collect();
        assert!(!Wanted::new(&plan(true), &many).fits_an_address());
        assert!(Wanted::new(&plan(false), &many).fits_an_address());
    }

    #[test]
    fn what_is_new_or_of_another_type_is_beyond_what_was_read() {
        let portal = defined(&[
            ("amount", true),
            ("dealname", true),
            ("days_to_close", true),
        ]);
        let mut before = plan(false);
        before.properties.retain(|name| name != "dealname");
        before.history.clear();
        let mut read = Wanted::new(&before, &portal).as_read();
        read.values.insert("amount".to_owned(), "number".to_owned());
        let now = Wanted::new(&plan(false), &portal);
        let beyond = now.beyond(&read);
        assert_eq!(beyond.names, ["amount", "dealname"]);
        assert_eq!(beyond.history, ["amount"]);
        assert!(now.beyond(&now.as_read()).is_empty());
        assert_eq!(now.calculated, ["days_to_close"]);
    }
}
