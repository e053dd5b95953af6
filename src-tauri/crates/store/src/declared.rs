//! The customers that the user believes to be the best, version by version.

use std::collections::BTreeMap;

use crm::Moment;
use rusqlite::{Connection, Transaction, params};

use crate::error::StoreError;

const LOAD: &str = include_str!("../../../../sql/store/load_declared_icps.sql");
const ADD: &str = include_str!("../../../../sql/store/declare_icp.sql");

/// What was declared at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredRow {
    /// Counts up from 1.
    pub version: u32,
    /// When it was declared.
    pub declared_at: Moment,
    /// The newest data that the user had seen then, where the user says so.
    pub seen_until: Option<Moment>,
    /// What the user calls it; empty where it has no name.
    pub name: String,
    /// Values by dimension. Empty: the version before was taken back.
    pub values: BTreeMap<String, Vec<String>>,
}

/// All versions, newest first.
///
/// # Errors
/// Failures of the database.
pub fn declared_icps(connection: &Connection) -> Result<Vec<DeclaredRow>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD)?;
    let rows = statement.query_map([], |row| {
        let row_of = DeclaredRow {
            version: row.get(0)?,
            declared_at: Moment::from_millis(row.get(1)?),
            seen_until: row.get::<_, Option<i64>>(2)?.map(Moment::from_millis),
            name: row.get(4)?,
            values: BTreeMap::new(),
        };
        Ok((row_of, row.get::<_, String>(3)?))
    })?;
    rows.map(|row| {
        let (row, values) = row?;
        let values =
            serde_json::from_str(&values).map_err(|_| StoreError::BadValue("declared values"))?;
        Ok(DeclaredRow { values, ..row })
    })
    .collect()
}

/// Adds a version.
///
/// # Errors
/// Failures of the database.
pub fn declare_icp(
    tx: &Transaction<'_>,
    at: Moment,
    seen_until: Option<Moment>,
    name: &str,
    values: &BTreeMap<String, Vec<String>>,
) -> Result<(), StoreError> {
    let values =
        serde_json::to_string(values).map_err(|_| StoreError::BadValue("declared values"))?;
    tx.prepare_cached(ADD)?.execute(params![
        at.millis(),
        seen_until.map(Moment::millis),
        values,
        name
    ])?;
    Ok(())
}
