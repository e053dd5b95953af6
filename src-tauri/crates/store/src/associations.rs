//! How records belong together.

use std::collections::BTreeSet;

use crm::{ObjectType, RecordId};
use rusqlite::{Connection, Transaction, params};

use crate::error::StoreError;

/// One way in which one record belongs to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssociationRow {
    /// The record the association starts from.
    pub from: RecordId,
    /// The record it leads to.
    pub to: RecordId,
    /// HubSpot's number of the association's type, such as 3 for deal to contact.
    pub type_id: i64,
    /// `HUBSPOT_DEFINED`, `USER_DEFINED` and others; an open set.
    pub category: String,
    /// The portal's own label, such as "Decision maker".
    pub label: Option<String>,
}

const LOAD_LABELS: &str = include_str!("../../../../sql/store/load_association_labels.sql");
const LOAD_FROM: &str = include_str!("../../../../sql/store/load_associated_from.sql");
const INSERT: &str = include_str!("../../../../sql/store/insert_association.sql");

/// Replaces all associations between the records `from` and records of `to_type` by `rows`: what
/// HubSpot no longer tells is gone. Rows that start elsewhere than in `from` are refused.
///
/// # Errors
/// Failures of the database.
pub fn replace_associations(
    tx: &Transaction<'_>,
    from_type: &ObjectType,
    to_type: &ObjectType,
    from: &[RecordId],
    rows: &[AssociationRow],
    generation: u64,
) -> Result<(), StoreError> {
    let asked: std::collections::HashSet<RecordId> = from.iter().copied().collect();
    if rows.iter().any(|row| !asked.contains(&row.from)) {
        return Err(StoreError::BadValue(
            "an association of a record that was not asked for",
        ));
    }
    if any_between(tx, from_type, from)? {
        let mut delete = tx.prepare_cached(
            "DELETE FROM association WHERE from_type = ?1 AND from_id = ?2 AND to_type = ?3",
        )?;
        for id in from {
            delete.execute(params![from_type.as_str(), id.get(), to_type.as_str()])?;
        }
    }
    let mut insert = tx.prepare_cached(INSERT)?;
    for row in rows {
        insert.execute(params![
            from_type.as_str(),
            row.from.get(),
            to_type.as_str(),
            row.to.get(),
            row.type_id,
            row.category,
            row.label,
            generation,
        ])?;
    }
    Ok(())
}

/// Whether anything is stored that starts from a record between the first and the last of these: on a
/// first load nothing does, and nothing has to be looked for record by record.
fn any_between(
    tx: &Transaction<'_>,
    from_type: &ObjectType,
    from: &[RecordId],
) -> Result<bool, StoreError> {
    let (Some(first), Some(last)) = (from.iter().min(), from.iter().max()) else {
        return Ok(false);
    };
    let mut statement = tx.prepare_cached(
        "SELECT 1 FROM association WHERE from_type = ?1 AND from_id BETWEEN ?2 AND ?3 LIMIT 1",
    )?;
    Ok(statement.exists(params![from_type.as_str(), first.get(), last.get()])?)
}

/// How many associations of a pair of types are stored.
///
/// # Errors
/// Failures of the database.
pub fn association_count(
    connection: &Connection,
    from_type: &ObjectType,
    to_type: &ObjectType,
) -> Result<u64, StoreError> {
    let count = connection.query_row(
        "SELECT count(*) FROM association WHERE from_type = ?1 AND to_type = ?2",
        [from_type.as_str(), to_type.as_str()],
        |row| row.get(0),
    )?;
    Ok(count)
}

/// A kind of association that the portal knows between two types.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssociationLabelRow {
    /// Its number.
    pub type_id: i64,
    /// Who defined it, such as `USER_DEFINED`.
    pub category: String,
    /// What people read; HubSpot's plain kinds have none.
    pub label: Option<String>,
}

/// The kinds of association that are known between two types, in order.
///
/// # Errors
/// Failures of the database.
pub fn association_labels(
    connection: &Connection,
    from: &ObjectType,
    to: &ObjectType,
) -> Result<Vec<AssociationLabelRow>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD_LABELS)?;
    let rows = statement.query_map([from.as_str(), to.as_str()], |row| {
        Ok(AssociationLabelRow {
            type_id: row.get(0)?,
            category: row.get(1)?,
            label: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes the kinds of association between two types over those that were known.
///
/// # Errors
/// Failures of the database.
pub fn replace_association_labels(
    tx: &Transaction<'_>,
    from: &ObjectType,
    to: &ObjectType,
    rows: &[AssociationLabelRow],
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM association_label WHERE from_type = ?1 AND to_type = ?2",
        [from.as_str(), to.as_str()],
    )?;
    let mut insert = tx.prepare_cached(
        "INSERT OR REPLACE INTO association_label (from_type, to_type, type_id, category, label) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for row in rows {
        insert.execute(params![
            from.as_str(),
            to.as_str(),
            row.type_id,
            row.category,
            row.label
        ])?;
    }
    Ok(())
}

/// The records of `from` that belong to a record of another type, as stored from their side.
///
/// # Errors
/// Failures of the database.
pub fn associated_from(
    connection: &Connection,
    from: &ObjectType,
    to: &ObjectType,
    id: RecordId,
) -> Result<BTreeSet<RecordId>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD_FROM)?;
    let ids = statement.query_map(params![to.as_str(), id.get(), from.as_str()], |row| {
        row.get(0).map(RecordId::new)
    })?;
    Ok(ids.collect::<Result<_, _>>()?)
}
