//! Which competitors a portal's people look for, and whether the texts of activities are read for it.

use crm::{Moment, ObjectType};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::error::StoreError;

const LOAD: &str = include_str!("../../../../sql/store/load_competitor_dictionary.sql");
const SAVE: &str = include_str!("../../../../sql/store/save_competitor_dictionary.sql");
const PURGE_TEXT: &str = include_str!("../../../../sql/store/purge_activity_text.sql");
const FORGET_READ: &str = include_str!("../../../../sql/store/forget_property_read.sql");
const FORGET_STREAMS: &str = include_str!("../../../../sql/store/forget_unfinished_streams.sql");

/// The texts of activities that are read where a person has switched them on, by the property that
/// holds each. Bodies of e-mails are not among them.
pub const ACTIVITY_TEXTS: [(ObjectType, &str); 2] = [
    (ObjectType::NOTES, "hs_note_body"),
    (ObjectType::EMAILS, "hs_email_subject"),
];

/// A version of the dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompetitorDictionary {
    /// Its number, from 1.
    pub version: u64,
    /// When it was made.
    pub made_at: Moment,
    /// What made it, in a word such as `add`.
    pub what: String,
    /// The dictionary as JSON: what it holds is known above.
    pub json: String,
}

/// The dictionary in force; `None` where nobody has made one.
///
/// # Errors
/// Failures of the database.
pub fn competitor_dictionary(
    connection: &Connection,
) -> Result<Option<CompetitorDictionary>, StoreError> {
    let found = connection
        .prepare_cached(LOAD)?
        .query_row([], |row| {
            Ok(CompetitorDictionary {
                version: row.get(0)?,
                made_at: Moment::from_millis(row.get(1)?),
                what: row.get(2)?,
                json: row.get(3)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// Keeps a dictionary as the next version, whose number it tells.
///
/// # Errors
/// Failures of the database.
pub fn save_competitor_dictionary(
    tx: &Transaction<'_>,
    at: Moment,
    what: &str,
    json: &str,
) -> Result<u64, StoreError> {
    let version = tx
        .prepare_cached(SAVE)?
        .query_row(params![at.millis(), what, json], |row| row.get(0))?;
    Ok(version)
}

/// Since when the texts of activities are read; `None` where they are not.
///
/// # Errors
/// Failures of the database.
pub fn activity_texts_since(connection: &Connection) -> Result<Option<Moment>, StoreError> {
    let since = connection
        .prepare_cached("SELECT since FROM activity_texts")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(since.map(Moment::from_millis))
}

/// Switches the reading of the texts on. Those of records that are stored come with the next run. No
/// run may be at work.
///
/// # Errors
/// Failures of the database.
pub fn read_activity_texts(tx: &Transaction<'_>, at: Moment) -> Result<(), StoreError> {
    tx.execute(
        "INSERT OR IGNORE INTO activity_texts (only_row, since) VALUES (1, ?1)",
        [at.millis()],
    )?;
    for (object, _) in &ACTIVITY_TEXTS {
        tx.execute(FORGET_STREAMS, [object.as_str()])?;
    }
    Ok(())
}

/// Switches the reading of the texts off and removes every one that was read; tells how many. No run
/// may be at work. The log still holds them until [`crate::PortalStore::checkpoint`].
///
/// # Errors
/// Failures of the database.
pub fn purge_activity_texts(tx: &Transaction<'_>) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM activity_texts", [])?;
    let mut removed = 0;
    for (object, property) in &ACTIVITY_TEXTS {
        let of = object.as_str();
        removed += tx.execute(PURGE_TEXT, [of, property])?;
        tx.execute(FORGET_READ, [of, property])?;
        tx.execute(FORGET_STREAMS, [of])?;
    }
    Ok(removed as u64)
}
