//! Where the user's quarters begin.

use crm::FiscalYear;
use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::error::StoreError;

const LOAD: &str = include_str!("../../../../sql/store/load_fiscal_year.sql");
const SET: &str = include_str!("../../../../sql/store/set_fiscal_year.sql");

/// The fiscal year that was set, else the calendar's.
///
/// # Errors
/// Failures of the database, and a month that is none.
pub fn fiscal_year(connection: &Connection) -> Result<FiscalYear, StoreError> {
    let first_month: Option<i8> = connection
        .prepare_cached(LOAD)?
        .query_row([], |row| row.get(0))
        .optional()?;
    first_month.map_or(Ok(FiscalYear::CALENDAR), |month| {
        FiscalYear::try_from(month).map_err(|_| StoreError::BadValue("the fiscal year"))
    })
}

/// Sets it, in place of the one before.
///
/// # Errors
/// Failures of the database.
pub fn set_fiscal_year(tx: &Transaction<'_>, year: FiscalYear) -> Result<(), StoreError> {
    tx.prepare_cached(SET)?.execute([year.first_month()])?;
    Ok(())
}
