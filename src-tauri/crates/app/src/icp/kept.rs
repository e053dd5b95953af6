//! Values of records as they were known at a moment.

use std::collections::{BTreeMap, HashMap};

use crm::{Moment, ObjectType, RecordId};
use jiff::SignedDuration;
use rusqlite::{Connection, named_params};

const VALUES: &str = include_str!("../../../../../sql/read/values_of_records.sql");
const VERSIONS: &str = include_str!("../../../../../sql/read/versions_of_property.sql");
const LINKS: &str = include_str!("../../../../../sql/read/links_of_records.sql");

/// Properties that one question of the database reads of a type.
const MOST_NAMES: usize = 8;

/// What is filled in on the day of a record's creation counts as known then: forms, people and HubSpot
/// itself add to a record minutes after they made it.
const GRACE: SignedDuration = SignedDuration::from_hours(24);

/// A record of a type with what it says now.
pub(crate) struct KeptRecord {
    pub(crate) created_at: Option<Moment>,
    pub(crate) is_merged: bool,
    pub(crate) gone_at: Option<Moment>,
    now: Vec<Option<String>>,
}

/// The records of a type with some of their properties, and what those have said.
pub(crate) struct Kept {
    names: Vec<String>,
    pub(crate) records: BTreeMap<RecordId, KeptRecord>,
    versions: Vec<HashMap<RecordId, Vec<(Moment, String)>>>,
}

/// What a record said when another one was created.
pub(crate) struct Said<'a> {
    pub(crate) value: Option<&'a str>,
    /// No history of it is kept: it is what the record says today.
    pub(crate) of_today: bool,
}

/// All that a record has said of a property.
pub(crate) struct History {
    /// From when on which value held; none where it was cleared.
    pub(crate) versions: Vec<(Moment, Option<String>)>,
    /// No history of it is kept: it is what the record says today.
    pub(crate) of_today: bool,
}

impl Kept {
    /// Reads these properties of all records of a type.
    pub(crate) fn load(
        connection: &Connection,
        object: &ObjectType,
        mut names: Vec<String>,
    ) -> rusqlite::Result<Self> {
        names.sort_unstable();
        names.dedup();
        let mut records = BTreeMap::new();
        for part in names
            .chunks(MOST_NAMES)
            .chain(names.is_empty().then_some(&[][..]))
        {
            load_part(connection, object, part, &mut records)?;
        }
        let versions = names.iter().map(|name| versions(connection, object, name));
        Ok(Self {
            versions: versions.collect::<rusqlite::Result<_>>()?,
            names,
            records,
        })
    }

    /// What a record said of a property when something was created at `created_at`. Where a history is
    /// kept and begins later, it said nothing.
    pub(crate) fn said(&self, id: RecordId, name: &str, created_at: Moment) -> Said<'_> {
        let silent = Said {
            value: None,
            of_today: false,
        };
        let Some(place) = self.names.iter().position(|known| known == name) else {
            return silent;
        };
        if let Some(versions) = self.versions.get(place).and_then(|of| of.get(&id)) {
            let known = versions.partition_point(|(at, _)| *at <= created_at.plus(GRACE));
            let last = known.checked_sub(1).and_then(|last| versions.get(last));
            let value = last.map(|(_, value)| value.as_str()).and_then(filled);
            return Said { value, ..silent };
        }
        let value = self.now(id, name);
        Said {
            value,
            of_today: value.is_some(),
        }
    }

    /// All that a record has said of a property, oldest first. Where no history is kept, what it says now
    /// holds from the first moment on. None where it never said anything.
    pub(crate) fn history(&self, id: RecordId, name: &str) -> Option<History> {
        let place = self.names.iter().position(|known| known == name)?;
        if let Some(versions) = self.versions.get(place).and_then(|of| of.get(&id)) {
            let said = |(at, value): &(Moment, String)| (*at, filled(value).map(str::to_owned));
            return Some(History {
                versions: versions.iter().map(said).collect(),
                of_today: false,
            });
        }
        let value = self.now(id, name)?.to_owned();
        Some(History {
            versions: vec![(Moment::from_millis(i64::MIN), Some(value))],
            of_today: true,
        })
    }

    /// What a record says now of a property.
    pub(crate) fn now(&self, id: RecordId, name: &str) -> Option<&str> {
        let place = self.names.iter().position(|known| known == name)?;
        self.records
            .get(&id)?
            .now
            .get(place)?
            .as_deref()
            .and_then(filled)
    }

    /// What a record said first of a property, else what it says now.
    pub(crate) fn first(&self, id: RecordId, name: &str) -> Option<&str> {
        let place = self.names.iter().position(|known| known == name)?;
        let versions = self.versions.get(place)?.get(&id);
        let first = versions.and_then(|of| of.iter().find_map(|(_, value)| filled(value)));
        let now = || self.records.get(&id)?.now.get(place)?.as_deref();
        first.or_else(now)
    }
}

/// Adds what the records say now of up to [`MOST_NAMES`] properties.
fn load_part(
    connection: &Connection,
    object: &ObjectType,
    names: &[String],
    records: &mut BTreeMap<RecordId, KeptRecord>,
) -> rusqlite::Result<()> {
    let name = |place: usize| names.get(place).map(String::as_str);
    let mut statement = connection.prepare_cached(VALUES)?;
    let mut rows = statement.query(named_params! {
        ":object_type": object.as_str(),
        ":p1": name(0), ":p2": name(1), ":p3": name(2), ":p4": name(3),
        ":p5": name(4), ":p6": name(5), ":p7": name(6), ":p8": name(7),
    })?;
    while let Some(row) = rows.next()? {
        let moment = |column| -> rusqlite::Result<Option<Moment>> {
            Ok(row.get::<_, Option<i64>>(column)?.map(Moment::from_millis))
        };
        let id = RecordId::new(row.get(0)?);
        let (created_at, gone_at) = (moment(1)?, moment(3)?);
        let is_merged = row.get::<_, Option<bool>>(2)?.unwrap_or(false);
        let record = records.entry(id).or_insert_with(|| KeptRecord {
            created_at,
            is_merged,
            gone_at,
            now: Vec::new(),
        });
        for place in 0..names.len() {
            record.now.push(text(row.get_ref(4 + place)?));
        }
    }
    Ok(())
}

fn filled(value: &str) -> Option<&str> {
    let value = value.trim();
    (!value.is_empty()).then_some(value)
}

/// Property values are text; whatever else JSON may hold there is written as text.
fn text(value: rusqlite::types::ValueRef<'_>) -> Option<String> {
    use rusqlite::types::ValueRef;
    match value {
        ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}

fn versions(
    connection: &Connection,
    object: &ObjectType,
    name: &str,
) -> rusqlite::Result<HashMap<RecordId, Vec<(Moment, String)>>> {
    let mut statement = connection.prepare_cached(VERSIONS)?;
    let mut rows = statement.query(named_params! {
        ":object_type": object.as_str(),
        ":property": name,
    })?;
    let mut versions: HashMap<RecordId, Vec<(Moment, String)>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let version = (Moment::from_millis(row.get(1)?), row.get(2)?);
        let id = RecordId::new(row.get(0)?);
        versions.entry(id).or_default().push(version);
    }
    Ok(versions)
}

/// Records of the second type that each of the first belongs to, and whether it is the primary one.
pub(crate) type Links = BTreeMap<RecordId, Vec<(RecordId, bool)>>;

pub(crate) fn links(
    connection: &Connection,
    from: &ObjectType,
    to: &ObjectType,
) -> rusqlite::Result<Links> {
    let mut statement = connection.prepare_cached(LINKS)?;
    let mut rows = statement.query(named_params! {
        ":from_type": from.as_str(),
        ":to_type": to.as_str(),
    })?;
    let mut links = Links::new();
    while let Some(row) = rows.next()? {
        let link = (RecordId::new(row.get(1)?), row.get(2)?);
        links
            .entry(RecordId::new(row.get(0)?))
            .or_default()
            .push(link);
    }
    Ok(links)
}
