//! What the account says about itself: the one row that ties a file to a portal.

use crm::{Moment, PortalId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::error::StoreError;

/// The account's own description, as HubSpot last told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalInfo {
    /// The HubSpot account.
    pub id: PortalId,
    /// The account's name, where HubSpot tells one, else the user's.
    pub name: String,
    /// The account's time zone, an IANA name.
    pub time_zone: String,
    /// The currency that amounts without one are in.
    pub home_currency: String,
    /// `STANDARD`, `SANDBOX`, `DEVELOPER_TEST` and others; an open set.
    pub account_type: Option<String>,
    /// The host of the account's pages.
    pub ui_domain: Option<String>,
    /// Where HubSpot keeps the account's data.
    pub data_hosting: Option<String>,
    /// When this was read.
    pub read_at: Moment,
}

const SAVE: &str = include_str!("../../../../sql/store/save_portal.sql");
const LOAD: &str = include_str!("../../../../sql/store/load_portal.sql");

/// Keeps what the account says about itself. A file never changes the portal it belongs to.
///
/// # Errors
/// Failures of the database.
pub fn save_portal_info(tx: &Transaction<'_>, info: &PortalInfo) -> Result<(), StoreError> {
    tx.prepare_cached(SAVE)?.execute(params![
        info.id.get(),
        info.name,
        info.time_zone,
        info.home_currency,
        info.account_type,
        info.ui_domain,
        info.data_hosting,
        info.read_at.millis(),
    ])?;
    Ok(())
}

pub(crate) fn load(connection: &Connection) -> Result<Option<PortalInfo>, StoreError> {
    let info = connection.query_row(LOAD, [], |row| {
        Ok(PortalInfo {
            id: PortalId::new(row.get(0)?),
            name: row.get(1)?,
            time_zone: row.get(2)?,
            home_currency: row.get(3)?,
            account_type: row.get(4)?,
            ui_domain: row.get(5)?,
            data_hosting: row.get(6)?,
            read_at: Moment::from_millis(row.get(7)?),
        })
    });
    Ok(info.optional()?)
}
