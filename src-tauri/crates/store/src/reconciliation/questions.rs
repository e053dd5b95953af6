//! The questions that a check asks of the copy.

use std::collections::{BTreeMap, BTreeSet};

use crm::{Moment, ObjectType, RecordId};
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::month_of;
use crate::associations::AssociationRow;
use crate::error::StoreError;

const COUNT_MONTHS: &str = include_str!("../../../../../sql/store/count_months.sql");
const LOAD_BETWEEN: &str = include_str!("../../../../../sql/store/load_created_between.sql");
const LOAD_UNDATED: &str = include_str!("../../../../../sql/store/load_undated.sql");
const LOAD_NEXT_LIVE: &str = include_str!("../../../../../sql/store/load_next_live.sql");
const LOAD_LAST_LIVE: &str = include_str!("../../../../../sql/store/load_last_live.sql");
const LOAD_MOST_ASSOCIATED: &str =
    include_str!("../../../../../sql/store/load_most_associated.sql");
const LOAD_ASSOCIATIONS_OF: &str =
    include_str!("../../../../../sql/store/load_associations_of.sql");
const LOAD_VERSION_KEYS: &str = include_str!("../../../../../sql/store/load_version_keys.sql");
const IS_LIVE: &str = include_str!("../../../../../sql/store/is_live.sql");

/// How many live records of a type were created in each month up to `since`, in UTC. `None` has
/// those without a date.
///
/// # Errors
/// Failures of the database.
pub fn months_of(
    connection: &Connection,
    object: &ObjectType,
    since: Moment,
) -> Result<BTreeMap<Option<Date>, u64>, StoreError> {
    let mut statement = connection.prepare_cached(COUNT_MONTHS)?;
    let rows = statement.query_map(params![object.as_str(), since.millis()], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, u64>(1)?))
    })?;
    rows.map(|row| {
        let (month, count) = row?;
        Ok((month_of(&month)?, count))
    })
    .collect()
}

/// The live records of a type that were created in a closed interval, or, without one, those that
/// have no date.
///
/// # Errors
/// Failures of the database.
pub fn live_records(
    connection: &Connection,
    object: &ObjectType,
    between: Option<(Moment, Moment)>,
) -> Result<BTreeSet<RecordId>, StoreError> {
    let id = |row: &Row<'_>| row.get(0).map(RecordId::new);
    let ids = match between {
        Some((first, last)) => connection
            .prepare_cached(LOAD_BETWEEN)?
            .query_map(params![object.as_str(), first.millis(), last.millis()], id)?
            .collect::<Result<_, _>>()?,
        None => connection
            .prepare_cached(LOAD_UNDATED)?
            .query_map([object.as_str()], id)?
            .collect::<Result<_, _>>()?,
    };
    Ok(ids)
}

/// Whether a record is held and live.
///
/// # Errors
/// Failures of the database.
pub fn is_live(
    connection: &Connection,
    object: &ObjectType,
    id: RecordId,
) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached(IS_LIVE)?;
    let count: u64 = statement.query_row(params![object.as_str(), id.get()], |row| row.get(0))?;
    Ok(count > 0)
}

/// The first live record of a type whose id is not below this number.
///
/// # Errors
/// Failures of the database.
pub fn next_live(
    connection: &Connection,
    object: &ObjectType,
    from: u64,
) -> Result<Option<RecordId>, StoreError> {
    let from = i64::try_from(from).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(LOAD_NEXT_LIVE)?;
    let id = statement.query_row(params![object.as_str(), from], |row| {
        row.get(0).map(RecordId::new)
    });
    Ok(id.optional()?)
}

/// The last live record of a type.
///
/// # Errors
/// Failures of the database.
pub fn last_live(
    connection: &Connection,
    object: &ObjectType,
) -> Result<Option<RecordId>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD_LAST_LIVE)?;
    let id = statement.query_row([object.as_str()], |row| row.get(0).map(RecordId::new));
    Ok(id.optional()?)
}

/// The live records of a type with the most associations to another type: those whose lists are
/// longest, and are cut first by whoever reads one page of them.
///
/// # Errors
/// Failures of the database.
pub fn most_associated(
    connection: &Connection,
    from: &ObjectType,
    to: &ObjectType,
    limit: usize,
) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD_MOST_ASSOCIATED)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let ids = statement.query_map(params![from.as_str(), to.as_str(), limit], |row| {
        row.get(0).map(RecordId::new)
    })?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// How a record belongs to records of another type.
///
/// # Errors
/// Failures of the database.
pub fn associations_of(
    connection: &Connection,
    from_type: &ObjectType,
    from: RecordId,
    to_type: &ObjectType,
) -> Result<Vec<AssociationRow>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD_ASSOCIATIONS_OF)?;
    let rows = statement.query_map(
        params![from_type.as_str(), from.get(), to_type.as_str()],
        |row| {
            Ok(AssociationRow {
                from,
                to: RecordId::new(row.get(0)?),
                type_id: row.get(1)?,
                category: row.get(2)?,
                label: row.get(3)?,
            })
        },
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The moments and values of a record's property, as far as they are here.
///
/// # Errors
/// Failures of the database.
pub fn version_keys(
    connection: &Connection,
    object: &ObjectType,
    property: &str,
    id: RecordId,
) -> Result<BTreeSet<(i64, String)>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD_VERSION_KEYS)?;
    let keys = statement.query_map(params![object.as_str(), property, id.get()], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(keys.collect::<Result<_, _>>()?)
}
