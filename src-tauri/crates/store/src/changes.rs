//! How far the copy follows a portal's changes, and what is left to be asked again.

use std::collections::{BTreeMap, BTreeSet};

use crm::{Moment, ObjectType, PropertyValue, RecordId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;

/// How far the copy follows the changes of a type's records. There is one for every type that was
/// read whole once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeCursor {
    /// The type.
    pub object: ObjectType,
    /// Everything that changed up to here was read once.
    pub fresh_until: Moment,
    /// Everything that changed up to here was read once more after the search index had settled.
    pub settled_until: Moment,
    /// When every id was last compared.
    pub reconciled_at: Moment,
    /// HubSpot's count less ours that the last comparison could not explain.
    pub gap: i64,
    /// Which properties were read.
    pub properties_read: PropertiesRead,
}

/// Which properties of a type were read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertiesRead {
    /// Names with their data types; the data type is empty where the definition is not known.
    pub values: BTreeMap<String, String>,
    /// Names of which all versions were read.
    pub histories: BTreeSet<String>,
}

/// What is stored of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRecord {
    /// When HubSpot last changed it, as far as is known here.
    pub updated_at: Option<Moment>,
    /// Whether it is archived here.
    pub archived: bool,
    /// The raw text of its properties.
    pub properties: BTreeMap<String, PropertyValue>,
}

/// Which records of a type a page of ids is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdsOf {
    /// All live records.
    Live,
    /// Live records whose associations have to be read again: those that changed, and open deals.
    Due,
    /// Records in the recycle bin.
    Buried,
    /// Live records that a whole pass of this generation did not meet.
    Unseen(u64),
    /// Live records that a comparison of all ids did not meet, nor this generation read.
    Unmet(u64),
}

const LOAD: &str = include_str!("../../../../sql/store/load_change_cursors.sql");
const SAVE: &str = include_str!("../../../../sql/store/save_change_cursor.sql");
const LOAD_PAIRS: &str = include_str!("../../../../sql/store/load_association_cursors.sql");
const LOAD_KNOWN: &str = include_str!("../../../../sql/store/load_known_record.sql");
const LOAD_LIVE: &str = include_str!("../../../../sql/store/load_record_ids.sql");
const LOAD_DUE: &str = include_str!("../../../../sql/store/load_due_ids.sql");
const LOAD_BURIED: &str = include_str!("../../../../sql/store/load_buried_ids.sql");
const LOAD_UNSEEN: &str = include_str!("../../../../sql/store/load_unseen_ids.sql");
const LOAD_UNMET: &str = include_str!("../../../../sql/store/load_unmet_ids.sql");

/// How far the copy follows each type, of those that were read whole once.
///
/// # Errors
/// Failures of the database.
pub fn change_cursors(connection: &Connection) -> Result<Vec<ChangeCursor>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD)?;
    let rows = statement.query_map([], |row| {
        let object: String = row.get(0)?;
        let moment = |column| row.get(column).map(Moment::from_millis);
        let read: String = row.get(5)?;
        Ok((
            object,
            moment(1)?,
            moment(2)?,
            moment(3)?,
            row.get::<_, i64>(4)?,
            read,
        ))
    })?;
    rows.map(|row| {
        let (object, fresh_until, settled_until, reconciled_at, gap, read) = row?;
        Ok(ChangeCursor {
            object: object
                .parse()
                .map_err(|_| StoreError::BadValue("object type"))?,
            fresh_until,
            settled_until,
            reconciled_at,
            gap,
            properties_read: serde_json::from_str(&read)
                .map_err(|_| StoreError::BadValue("properties read"))?,
        })
    })
    .collect()
}

/// Keeps how far the copy follows a type. Belongs into the transaction of the rows it speaks of.
///
/// # Errors
/// Failures of the database.
pub fn save_change_cursor(tx: &Transaction<'_>, cursor: &ChangeCursor) -> Result<(), StoreError> {
    let read = serde_json::to_string(&cursor.properties_read)
        .map_err(|_| StoreError::BadValue("properties read"))?;
    tx.prepare_cached(SAVE)?.execute(params![
        cursor.object.as_str(),
        cursor.fresh_until.millis(),
        cursor.settled_until.millis(),
        cursor.reconciled_at.millis(),
        cursor.gap,
        read,
    ])?;
    Ok(())
}

/// When the associations of each pair of types were last read whole: from, to, when.
///
/// # Errors
/// Failures of the database.
pub fn association_cursors(
    connection: &Connection,
) -> Result<BTreeMap<(String, String), Moment>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD_PAIRS)?;
    let rows = statement.query_map([], |row| {
        let at = Moment::from_millis(row.get(2)?);
        Ok(((row.get(0)?, row.get(1)?), at))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps that a pair's associations were read whole, or that they have to be (`None`).
///
/// # Errors
/// Failures of the database.
pub fn save_association_cursor(
    tx: &Transaction<'_>,
    from: &ObjectType,
    to: &ObjectType,
    read_at: Option<Moment>,
) -> Result<(), StoreError> {
    match read_at {
        Some(at) => tx.execute(
            "INSERT OR REPLACE INTO association_cursor (from_type, to_type, read_at) VALUES (?1, ?2, ?3)",
            params![from.as_str(), to.as_str(), at.millis()],
        )?,
        None => tx.execute(
            "DELETE FROM association_cursor WHERE from_type = ?1 AND to_type = ?2",
            params![from.as_str(), to.as_str()],
        )?,
    };
    Ok(())
}

/// Remembers that the associations of these records have to be read again.
///
/// # Errors
/// Failures of the database.
pub fn associations_are_due(
    tx: &Transaction<'_>,
    object: &ObjectType,
    ids: impl IntoIterator<Item = RecordId>,
) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached(
        "INSERT OR IGNORE INTO association_due (object_type, record_id) VALUES (?1, ?2)",
    )?;
    for id in ids {
        insert.execute(params![object.as_str(), id.get()])?;
    }
    Ok(())
}

/// Forgets which associations were due: a run has read them all.
///
/// # Errors
/// Failures of the database.
pub fn no_association_is_due(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM association_due", [])?;
    Ok(())
}

/// Remembers ids that a comparison of all ids has met.
///
/// # Errors
/// Failures of the database.
pub fn met(
    tx: &Transaction<'_>,
    object: &ObjectType,
    ids: impl IntoIterator<Item = RecordId>,
) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached(
        "INSERT OR IGNORE INTO met_record (object_type, record_id) VALUES (?1, ?2)",
    )?;
    for id in ids {
        insert.execute(params![object.as_str(), id.get()])?;
    }
    Ok(())
}

/// Forgets which ids of a type were met.
///
/// # Errors
/// Failures of the database.
pub fn forget_met(tx: &Transaction<'_>, object: &ObjectType) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM met_record WHERE object_type = ?1",
        [object.as_str()],
    )?;
    Ok(())
}

/// What is stored of these records; those that are not stored are left out.
///
/// # Errors
/// Failures of the database.
pub fn known_records(
    connection: &Connection,
    object: &ObjectType,
    ids: &[RecordId],
) -> Result<BTreeMap<RecordId, KnownRecord>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD_KNOWN)?;
    let mut known = BTreeMap::new();
    for id in ids {
        let found = statement
            .query_row(params![object.as_str(), id.get()], |row| {
                let updated_at: Option<i64> = row.get(0)?;
                let properties: String = row.get(2)?;
                Ok((updated_at.map(Moment::from_millis), row.get(1)?, properties))
            })
            .optional()?;
        let Some((updated_at, archived, properties)) = found else {
            continue;
        };
        let record = KnownRecord {
            updated_at,
            archived,
            properties: serde_json::from_str(&properties)
                .map_err(|_| StoreError::BadValue("properties"))?,
        };
        known.insert(*id, record);
    }
    Ok(known)
}

/// One page of a work list: ids of a type's records after `after`, in order. Ids are compared as
/// numbers.
///
/// # Errors
/// Failures of the database.
pub fn ids_of(
    connection: &Connection,
    object: &ObjectType,
    which: IdsOf,
    after: Option<RecordId>,
    limit: u32,
) -> Result<Vec<RecordId>, StoreError> {
    let after = after.map_or(-1, |id| i64::try_from(id.get()).unwrap_or(i64::MAX));
    let of = object.as_str();
    let id = |row: &rusqlite::Row<'_>| row.get(0).map(RecordId::new);
    let ids = match which {
        IdsOf::Live => connection
            .prepare_cached(LOAD_LIVE)?
            .query_map(params![of, after, limit], id)?
            .collect::<Result<_, _>>()?,
        IdsOf::Due => connection
            .prepare_cached(LOAD_DUE)?
            .query_map(params![of, after, limit], id)?
            .collect::<Result<_, _>>()?,
        IdsOf::Buried => connection
            .prepare_cached(LOAD_BURIED)?
            .query_map(params![of, after, limit], id)?
            .collect::<Result<_, _>>()?,
        IdsOf::Unseen(generation) => connection
            .prepare_cached(LOAD_UNSEEN)?
            .query_map(params![of, after, limit, generation], id)?
            .collect::<Result<_, _>>()?,
        IdsOf::Unmet(generation) => connection
            .prepare_cached(LOAD_UNMET)?
            .query_map(params![of, after, limit, generation], id)?
            .collect::<Result<_, _>>()?,
    };
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    /// Records are large, and reading one costs a decryption of its page.
    #[test]
    fn ids_are_listed_without_reading_a_record() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection, schema::PORTAL).unwrap();
        for sql in [LOAD_LIVE, LOAD_DUE, LOAD_UNSEEN, LOAD_UNMET] {
            let mut explain = connection
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                .unwrap();
            let nothing = vec![None::<i64>; explain.parameter_count()];
            let steps = explain
                .query_map(rusqlite::params_from_iter(nothing), |row| row.get(3))
                .unwrap();
            let steps: Vec<String> = steps.collect::<Result<_, _>>().unwrap();
            let first = steps.first().unwrap();
            assert!(
                first.contains("COVERING INDEX record_by_id"),
                "{sql}{first}"
            );
            assert!(!steps.join(" ").contains("TEMP B-TREE"), "{sql}");
        }
    }
}
