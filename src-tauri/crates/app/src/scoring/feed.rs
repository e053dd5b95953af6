//! From a portal's copy to what its deals, or its contacts, are beside the deals' timelines.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use analyses::scoring::rows::{
    Beside, Contact, ContactOn, Planned, Property, PropertyKind, is_senior,
};
use analyses::scoring::{Definition, Scored};
use crm::{Moment, ObjectType, RecordId};
use rusqlite::Connection;
use store::{PortalStore, StoreError};
use timeline::ActivitiesAround;

use crate::forecasting::deal_names;
use crate::icp::kept::{Kept, KeptRecord, Links, links};
use crate::icp::place::{Place, called, place, property};

const CONTACT_NAMES: &str = include_str!("../../../../../sql/read/contact_names.sql");
const PLANS: &str = include_str!("../../../../../sql/read/load_plans.sql");

/// The properties that every score of deals is offered, where the portal has them.
const OF_DEALS: &[(ObjectType, &str)] = &[
    (ObjectType::COMPANIES, "industry"),
    (ObjectType::COMPANIES, "numberofemployees"),
    (ObjectType::COMPANIES, "country"),
    (ObjectType::DEALS, "hs_analytics_source"),
    (ObjectType::DEALS, "dealtype"),
];

/// Those that every score of contacts is offered. Counters of visits and of conversions are not among
/// them: no history of them is kept, and today's were not known then.
const OF_CONTACTS: &[(ObjectType, &str)] = &[
    (ObjectType::CONTACTS, "hs_analytics_source"),
    (ObjectType::CONTACTS, "hs_lead_status"),
    (ObjectType::CONTACTS, "hs_buying_role"),
    (ObjectType::CONTACTS, "country"),
    (ObjectType::COMPANIES, "industry"),
    (ObjectType::COMPANIES, "numberofemployees"),
    (ObjectType::COMPANIES, "country"),
];

const JOB_TITLE: &str = "jobtitle";
const LIFECYCLE: &str = "lifecyclestage";
const OWNER: &str = "hubspot_owner_id";

/// Numbers that HubSpot keeps as such.
const NUMBER: &str = "number";
/// What HubSpot counts or notes by itself where nobody can write it.
const COUNTED: [&str; 3] = [NUMBER, "date", "datetime"];

/// The properties that every score is offered.
pub(super) fn usual(of: Scored) -> &'static [(ObjectType, &'static str)] {
    match of {
        Scored::Deals => OF_DEALS,
        Scored::Contacts => OF_CONTACTS,
    }
}

/// HubSpot's type of the records that are scored.
pub(super) fn object(of: Scored) -> ObjectType {
    match of {
        Scored::Deals => ObjectType::DEALS,
        Scored::Contacts => ObjectType::CONTACTS,
    }
}

/// What the records are called now, by id.
pub(super) fn names(
    store: &PortalStore,
    of: Scored,
) -> Result<BTreeMap<RecordId, String>, StoreError> {
    match of {
        Scored::Deals => deal_names(store),
        Scored::Contacts => store.read(|connection| {
            let mut statement = connection.prepare_cached(CONTACT_NAMES)?;
            let rows =
                statement.query_map([], |row| Ok((RecordId::new(row.get(0)?), row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        }),
    }
}

/// Everything beside the timelines, in one consistent picture of the database. `more` are properties that
/// the user adds, such as `companies.tier`; none of them is left out in silence.
pub(super) fn beside(
    connection: &Connection,
    of: Scored,
    more: &[String],
) -> Result<Result<Beside, NoSuchProperty>, StoreError> {
    let usual = usual(of).iter().map(|(object, property)| Place {
        object: object.clone(),
        property: (*property).to_owned(),
    });
    let mut places: Vec<Place> = usual.collect();
    for name in more {
        let Some(found) = added(connection, of, name)? else {
            return Ok(Err(NoSuchProperty(name.clone())));
        };
        if !places.contains(&found) {
            places.push(found);
        }
    }
    let load = |object: ObjectType, own: &[&str]| {
        let of = places.iter().filter(|place| place.object == object);
        let own = own.iter().map(|name| (*name).to_owned());
        let names = own.chain(of.map(|place| place.property.clone())).collect();
        Kept::load(connection, &object, names)
    };
    let feed = Feed {
        of,
        contacts: load(ObjectType::CONTACTS, &[JOB_TITLE, LIFECYCLE, OWNER])?,
        deals: load(ObjectType::DEALS, &[])?,
        of_companies: load(ObjectType::COMPANIES, &[])?,
        companies: companies(connection, &object(of))?,
        contacts_of: links(connection, &ObjectType::DEALS, &ObjectType::CONTACTS)?,
    };
    let mut properties = Vec::new();
    for place in &places {
        properties.extend(feed.property(connection, place)?);
    }
    let common = Beside {
        planned: planned(connection, &object(of))?,
        properties,
        ..Beside::default()
    };
    Ok(Ok(match of {
        Scored::Deals => Beside {
            contacts: feed.contacts_on(),
            companies: feed.companies,
            ..common
        },
        Scored::Contacts => {
            let own = |name: &str| {
                let place = Place {
                    object: ObjectType::CONTACTS,
                    property: name.to_owned(),
                };
                feed.property(connection, &place)
            };
            Beside {
                people: feed.people(),
                around: ActivitiesAround::load(connection, &ObjectType::CONTACTS)?,
                lifecycle: own(LIFECYCLE)?,
                title: own(JOB_TITLE)?,
                owner: own(OWNER)?,
                companies: feed.companies,
                ..common
            }
        }
    }))
}

/// Where a property is that the user adds, with or without its type. A contact has no one deal whose
/// properties could be its own.
pub(super) fn added(
    connection: &Connection,
    of: Scored,
    name: &str,
) -> rusqlite::Result<Option<Place>> {
    let asked = match (of, name.split_once('.')) {
        (Scored::Contacts, None) => [ObjectType::CONTACTS, ObjectType::COMPANIES]
            .map(|of| format!("{of}.{name}"))
            .to_vec(),
        _ => vec![name.to_owned()],
    };
    for name in asked {
        let found = property(connection, &name)?.and_then(|of| place(&of));
        let fits = |place: &Place| of == Scored::Deals || place.object != ObjectType::DEALS;
        if let Some(found) = found.filter(fits) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The company of each record of a type that has one: the primary one, else the one with the lowest id.
fn companies(
    connection: &Connection,
    of: &ObjectType,
) -> rusqlite::Result<BTreeMap<RecordId, RecordId>> {
    let all = links(connection, of, &ObjectType::COMPANIES)?;
    let one = |(record, companies): (RecordId, Vec<(RecordId, bool)>)| {
        let first = companies
            .into_iter()
            .max_by_key(|(id, is_primary)| (*is_primary, Reverse(*id)));
        first.map(|(company, _)| (record, company))
    };
    Ok(all.into_iter().filter_map(one).collect())
}

/// A property that was asked for and is not there.
pub(super) struct NoSuchProperty(pub(super) String);

struct Feed {
    of: Scored,
    contacts: Kept,
    deals: Kept,
    of_companies: Kept,
    companies: BTreeMap<RecordId, RecordId>,
    /// Of each deal.
    contacts_of: Links,
}

impl Feed {
    /// The records that are scored.
    fn scored(&self) -> &Kept {
        match self.of {
            Scored::Deals => &self.deals,
            Scored::Contacts => &self.contacts,
        }
    }

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
        for &record in self.scored().records.keys() {
            let whose = self.whose(record, &place.object);
            let Some(history) = whose.and_then(|(of, id)| of.history(id, &place.property)) else {
                continue;
            };
            of_today += u32::from(history.of_today);
            let versions = history.versions.into_iter();
            let versions = versions.map(|(at, value)| (at, value.map(|value| shown(&value))));
            said.insert(record, versions.collect());
        }
        let values: BTreeSet<&String> = said
            .values()
            .flatten()
            .filter_map(|v| v.1.as_ref())
            .collect();
        let values: Vec<String> = values.into_iter().cloned().collect();
        let number = |value: String| values.binary_search(&value).ok().map(|place| place as u32);
        let said = said.into_iter().map(|(record, versions)| {
            let numbered = versions
                .into_iter()
                .map(|(at, value)| (at, value.and_then(number)));
            (record, numbered.collect())
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

    /// The record whose property counts for one: its own, its company's, or a deal's that of the contact
    /// that was created first.
    fn whose(&self, record: RecordId, of: &ObjectType) -> Option<(&Kept, RecordId)> {
        if *of == object(self.of) {
            Some((self.scored(), record))
        } else if *of == ObjectType::COMPANIES {
            Some((&self.of_companies, *self.companies.get(&record)?))
        } else {
            let contacts = self.contacts_of.get(&record)?;
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
                senior: self.contacts.now(*id, JOB_TITLE).is_some_and(is_senior),
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

    fn people(&self) -> Vec<Contact> {
        let mut deals: BTreeMap<RecordId, Vec<RecordId>> = BTreeMap::new();
        for (deal, contacts) in &self.contacts_of {
            for (contact, _) in contacts {
                deals.entry(*contact).or_default().push(*deal);
            }
        }
        let contact = |(id, record): (&RecordId, &KeptRecord)| {
            Some(Contact {
                id: *id,
                created_at: record.created_at?,
                gone_at: record.gone_at,
                is_merged: record.is_merged,
                deals: deals.remove(id).unwrap_or_default(),
            })
        };
        self.contacts.records.iter().filter_map(contact).collect()
    }
}

fn planned(
    connection: &Connection,
    of: &ObjectType,
) -> Result<BTreeMap<RecordId, Vec<Planned>>, StoreError> {
    let mut planned: BTreeMap<RecordId, Vec<Planned>> = BTreeMap::new();
    let mut statement = connection.prepare_cached(PLANS)?;
    let mut rows = statement.query([of.as_str()])?;
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
