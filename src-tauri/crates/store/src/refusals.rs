//! What HubSpot refuses to let a portal's token read, remembered from run to run.

use std::collections::BTreeSet;

use crm::Moment;
use rusqlite::{Connection, Transaction, params};

use crate::error::StoreError;

const LOAD: &str = include_str!("../../../../sql/store/load_refusals.sql");
const SAVE: &str = include_str!("../../../../sql/store/save_refusal.sql");

/// Something that HubSpot refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// An object type, `schemas`, or a stream such as `pipelines/tickets`.
    pub what: String,
    /// A stable word for why, such as `forbidden`.
    pub reason: String,
    /// When HubSpot last said so, by this machine's clock.
    pub at: Moment,
    /// What the token was granted then, as far as HubSpot tells.
    pub scopes: BTreeSet<String>,
}

/// All that is refused, as of the last asking.
///
/// # Errors
/// Failures of the database.
pub fn refusals(connection: &Connection) -> Result<Vec<Refusal>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD)?;
    let rows = statement.query_map([], |row| {
        let scopes: String = row.get(3)?;
        let refusal = Refusal {
            what: row.get(0)?,
            reason: row.get(1)?,
            at: Moment::from_millis(row.get(2)?),
            scopes: BTreeSet::new(),
        };
        Ok((refusal, scopes))
    })?;
    rows.map(|row| {
        let (refusal, scopes) = row?;
        let scopes = serde_json::from_str(&scopes).map_err(|_| StoreError::BadValue("scopes"))?;
        Ok(Refusal { scopes, ..refusal })
    })
    .collect()
}

/// Keeps a refusal in place of an earlier one of the same.
///
/// # Errors
/// Failures of the database.
pub fn save_refusal(tx: &Transaction<'_>, refusal: &Refusal) -> Result<(), StoreError> {
    let scopes =
        serde_json::to_string(&refusal.scopes).map_err(|_| StoreError::BadValue("scopes"))?;
    tx.prepare_cached(SAVE)?.execute(params![
        refusal.what,
        refusal.reason,
        refusal.at.millis(),
        scopes
    ])?;
    Ok(())
}

/// Forgets that something was refused.
///
/// # Errors
/// Failures of the database.
pub fn forget_refusal(tx: &Transaction<'_>, what: &str) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM refusal WHERE what = ?1")?
        .execute([what])?;
    Ok(())
}

/// Forgets all of it: another connection may be allowed what the last one was not.
///
/// # Errors
/// Failures of the database.
pub(crate) fn forget_refusals(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM refusal", [])?;
    Ok(())
}
