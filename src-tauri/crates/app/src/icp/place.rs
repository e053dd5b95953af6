//! Where the values of a dimension are kept, and how HubSpot calls them.

use std::collections::BTreeMap;

use analyses::icp::Dimension;
use crm::ObjectType;
use rusqlite::{Connection, named_params};

const OPTIONS: &str = include_str!("../../../../../sql/read/property_options.sql");

/// The types whose properties can be asked about.
pub(crate) const TYPES: [ObjectType; 3] = [
    ObjectType::COMPANIES,
    ObjectType::DEALS,
    ObjectType::CONTACTS,
];

/// A property of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) object: ObjectType,
    pub(crate) property: String,
}

/// Where a deal's value of a dimension is. None for a property that names no type.
pub(crate) fn place(dimension: &Dimension) -> Option<Place> {
    let of = |object, property: &str| Place {
        object,
        property: property.to_owned(),
    };
    Some(match dimension {
        Dimension::Industry => of(ObjectType::COMPANIES, "industry"),
        Dimension::Size => of(ObjectType::COMPANIES, "numberofemployees"),
        Dimension::Country => of(ObjectType::COMPANIES, "country"),
        Dimension::Region => of(ObjectType::COMPANIES, "state"),
        Dimension::Source => of(ObjectType::DEALS, "hs_analytics_source"),
        Dimension::Property(name) => {
            let (object, property) = name.split_once('.')?;
            let object = TYPES.into_iter().find(|known| known.as_str() == object)?;
            of(object, property)
        }
    })
}

/// How HubSpot calls a dimension and its values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Called {
    /// None where the portal has no such property.
    pub(crate) label: Option<String>,
    pub(crate) values: BTreeMap<String, String>,
}

pub(crate) fn called(connection: &Connection, place: &Place) -> rusqlite::Result<Called> {
    let mut statement = connection.prepare_cached(OPTIONS)?;
    let mut rows = statement.query(named_params! {
        ":object_type": place.object.as_str(),
        ":property": place.property,
    })?;
    let mut called = Called::default();
    while let Some(row) = rows.next()? {
        called.label = Some(row.get(0)?);
        let option: (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
        if let (Some(value), Some(label)) = option {
            called.values.insert(value, label);
        }
    }
    Ok(called)
}

/// The dimension that a person means by a property's name, with or without its type: `tier`,
/// `companies.tier`. None where the portal has no such property.
pub(crate) fn property(connection: &Connection, name: &str) -> rusqlite::Result<Option<Dimension>> {
    let asked = match name.split_once('.') {
        Some(_) => vec![name.to_owned()],
        None => TYPES.map(|of| format!("{of}.{name}")).to_vec(),
    };
    for name in asked {
        let dimension = Dimension::Property(name);
        if let Some(place) = place(&dimension)
            && called(connection, &place)?.label.is_some()
        {
            return Ok(Some(dimension));
        }
    }
    Ok(None)
}
