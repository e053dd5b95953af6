//! From a portal's copy to what its deals are beside their timelines.

use std::collections::{BTreeMap, BTreeSet};

use analyses::scoring::Definition;
use analyses::scoring::rows::{Beside, ContactOn, Planned, Property, PropertyKind, is_senior};
use crm::{Moment, ObjectType, RecordId};
use rusqlite::Connection;
use store::StoreError;

use crate::icp::kept::{Kept, Links, links};
use crate::icp::place::{Place, called, place, property};

const COMPANIES: &str = include_str!("../../../../../sql/read/load_deal_companies.sql");
const PLANS: &str = include_str!("../../../../../sql/read/load_deal_plans.sql");

/// The properties that every score is offered, where the portal has them.
pub(super) const USUAL: [(ObjectType, &str); 5] = [
    (ObjectType::COMPANIES, "industry"),
    (ObjectType::COMPANIES, "numberofemployees"),
    (ObjectType::COMPANIES, "country"),
    (ObjectType::DEALS, "hs_analytics_source"),
    (ObjectType::DEALS, "dealtype"),
];

/// Numbers that HubSpot keeps as such.
const NUMBER: &str = "number";
/// What HubSpot counts or notes by itself where nobody can write it.
const COUNTED: [&str; 3] = [NUMBER, "date", "datetime"];

/// Everything beside the timelines, in one consistent picture of the database. `more` are properties that
/// the user adds, such as `companies.tier`; none of them is left out in silence.
pub(super) fn beside(
    connection: &Connection,
    more: &[String],
) -> Result<Result<Beside, NoSuchProperty>, StoreError> {
    let mut places: Vec<Place> = USUAL
        .into_iter()
        .map(|(object, property)| Place {
            object,
            property: property.to_owned(),
        })
        .collect();
    for name in more {
        let Some(found) = property(connection, name)?.and_then(|of| place(&of)) else {
            return Ok(Err(NoSuchProperty(name.clone())));
        };
        if !places.contains(&found) {
            places.push(found);
        }
    }
    let mut companies = BTreeMap::new();
    let mut statement = connection.prepare_cached(COMPANIES)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        companies.insert(RecordId::new(row.get(0)?), RecordId::new(row.get(1)?));
    }
    let contacts_of = links(connection, &ObjectType::DEALS, &ObjectType::CONTACTS)?;
    let names = |object: &ObjectType, own: &[&str]| -> Vec<String> {
        let of = places.iter().filter(|place| place.object == *object);
        let own = own.iter().map(|name| (*name).to_owned());
        own.chain(of.map(|place| place.property.clone())).collect()
    };
    let load =
        |object: &ObjectType, own: &[&str]| Kept::load(connection, object, names(object, own));
    let feed = Feed {
        contacts: load(&ObjectType::CONTACTS, &["jobtitle"])?,
        deals: load(&ObjectType::DEALS, &[])?,
        of_companies: load(&ObjectType::COMPANIES, &[])?,
        companies: &companies,
        contacts_of,
    };
    let mut properties = Vec::new();
    for place in &places {
        properties.extend(feed.property(connection, place)?);
    }
    Ok(Ok(Beside {
        contacts: feed.contacts_on(),
        planned: planned(connection)?,
        properties,
        companies,
    }))
}

/// A property that was asked for and is not there.
pub(super) struct NoSuchProperty(pub(super) String);

struct Feed<'a> {
    contacts: Kept,
    deals: Kept,
    of_companies: Kept,
    companies: &'a BTreeMap<RecordId, RecordId>,
    contacts_of: Links,
}

impl Feed<'_> {
    /// None where the portal does not define it.
    fn property(
        &self,
        connection: &Connection,
        place: &Place,
    ) -> Result<Option<Property>, StoreError> {
        let Some(label) = called(connection, place)?.label else {
            return Ok(None);
        };
        let defined = store::defined_properties(connection, &place.object)?;
        let found = defined
            .iter()
            .find(|property| property.name == place.property);
        let is_number = found.is_some_and(|property| property.kind == NUMBER);
        let definition = found.map(|property| Definition {
            name: property.name.clone(),
            is_hubspots: property.hubspot_defined,
            is_computed: property.calculated
                || (property.read_only && COUNTED.contains(&property.kind.as_str())),
        });
        let called = called(connection, place)?;
        let shown = |value: &str| match called.values.get(value) {
            Some(label) => label.clone(),
            None => value.to_owned(),
        };
        let mut said: BTreeMap<RecordId, Vec<(Moment, Option<String>)>> = BTreeMap::new();
        let mut of_today = 0;
        for &deal in self.deals.records.keys() {
            let whose = self.whose(deal, &place.object);
            let Some(history) = whose.and_then(|(of, id)| of.history(id, &place.property)) else {
                continue;
            };
            of_today += u32::from(history.of_today);
            let versions = history.versions.into_iter();
            let versions = versions.map(|(at, value)| (at, value.map(|value| shown(&value))));
            said.insert(deal, versions.collect());
        }
        let values: BTreeSet<&String> = said
            .values()
            .flatten()
            .filter_map(|v| v.1.as_ref())
            .collect();
        let values: Vec<String> = values.into_iter().cloned().collect();
        let number = |value: String| values.binary_search(&value).ok().map(|place| place as u32);
        let said = said.into_iter().map(|(deal, versions)| {
            let numbered = versions
                .into_iter()
                .map(|(at, value)| (at, value.and_then(number)));
            (deal, numbered.collect())
        });
        Ok(Some(Property {
            name: format!("{}.{}", place.object, place.property),
            label,
            definition: definition.unwrap_or_default(),
            kind: if is_number {
                PropertyKind::Number
            } else {
                PropertyKind::Category
            },
            said: said.collect(),
            values,
            of_today,
        }))
    }

    /// The record whose property counts for a deal: its own, its company's, or that of the contact that
    /// was created first.
    fn whose(&self, deal: RecordId, object: &ObjectType) -> Option<(&Kept, RecordId)> {
        if *object == ObjectType::DEALS {
            Some((&self.deals, deal))
        } else if *object == ObjectType::COMPANIES {
            Some((&self.of_companies, *self.companies.get(&deal)?))
        } else {
            let contacts = self.contacts_of.get(&deal)?;
            let created = |id: &RecordId| {
                let created = self.contacts.records.get(id)?.created_at?;
                Some((created, *id))
            };
            let first = contacts.iter().filter_map(|(id, _)| created(id)).min()?;
            Some((&self.contacts, first.1))
        }
    }

    fn contacts_on(&self) -> BTreeMap<RecordId, Vec<ContactOn>> {
        let on = |id: &RecordId| {
            let record = self
                .contacts
                .records
                .get(id)
                .filter(|record| !record.is_merged)?;
            Some(ContactOn {
                since: record.created_at?,
                senior: self.contacts.now(*id, "jobtitle").is_some_and(is_senior),
            })
        };
        let of = self.contacts_of.iter();
        of.map(|(deal, contacts)| {
            (
                *deal,
                contacts.iter().filter_map(|(id, _)| on(id)).collect(),
            )
        })
        .collect()
    }
}

fn planned(connection: &Connection) -> Result<BTreeMap<RecordId, Vec<Planned>>, StoreError> {
    let mut planned: BTreeMap<RecordId, Vec<Planned>> = BTreeMap::new();
    let mut statement = connection.prepare_cached(PLANS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        planned
            .entry(RecordId::new(row.get(0)?))
            .or_default()
            .push(Planned {
                made_at: Moment::from_millis(row.get(1)?),
                due_at: Moment::from_millis(row.get(2)?),
            });
    }
    Ok(planned)
}
