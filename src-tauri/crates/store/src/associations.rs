//! How records belong together.

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
    let mut delete = tx.prepare_cached(
        "DELETE FROM association WHERE from_type = ?1 AND from_id = ?2 AND to_type = ?3",
    )?;
    for id in from {
        delete.execute(params![from_type.as_str(), id.get(), to_type.as_str()])?;
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
