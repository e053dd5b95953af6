//! The migrations, in the order of their numbers, and who may open what they made.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::error::StoreError;

/// Migrations of a portal's database.
pub(crate) const PORTAL: &[&str] = &[
    include_str!("../../../../sql/portal/0001_copy.sql"),
    include_str!("../../../../sql/portal/0002_sync.sql"),
    include_str!("../../../../sql/portal/0003_journal.sql"),
    include_str!("../../../../sql/portal/0004_reconciliation.sql"),
    include_str!("../../../../sql/portal/0005_changes.sql"),
    include_str!("../../../../sql/portal/0006_api_day.sql"),
    include_str!("../../../../sql/portal/0007_hubspot_time.sql"),
    include_str!("../../../../sql/portal/0008_association_label.sql"),
    include_str!("../../../../sql/portal/0009_record_ids.sql"),
    include_str!("../../../../sql/portal/0010_refusal.sql"),
    include_str!("../../../../sql/portal/0011_unseen_record.sql"),
    include_str!("../../../../sql/portal/0012_deal_activity.sql"),
    include_str!("../../../../sql/portal/0013_competitors.sql"),
    include_str!("../../../../sql/portal/0014_declared_icp.sql"),
    include_str!("../../../../sql/portal/0015_quota.sql"),
    include_str!("../../../../sql/portal/0016_fiscal_year.sql"),
    include_str!("../../../../sql/portal/0017_icp_name.sql"),
    include_str!("../../../../sql/portal/0018_scoring.sql"),
    include_str!("../../../../sql/portal/0019_score_properties.sql"),
    include_str!("../../../../sql/portal/0020_activity_around.sql"),
];

/// Migrations of the registry.
pub(crate) const REGISTRY: &[&str] = &[
    include_str!("../../../../sql/registry/0001_portals.sql"),
    include_str!("../../../../sql/registry/0002_snapshots.sql"),
];

/// Whether a database has all the migrations that this program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Age {
    Current,
    Older,
}

/// Compares a database with the migrations. Reads only.
///
/// # Errors
/// [`StoreError::NewerSchema`] for a database that a newer program made.
pub(crate) fn age(connection: &Connection, migrations: &[&str]) -> Result<Age, StoreError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    match found.cmp(&known) {
        std::cmp::Ordering::Greater => Err(StoreError::NewerSchema { found, known }),
        std::cmp::Ordering::Equal => Ok(Age::Current),
        std::cmp::Ordering::Less => Ok(Age::Older),
    }
}

/// Whether no migration was ever run on a database.
pub(crate) fn is_empty(connection: &Connection) -> Result<bool, StoreError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(found == 0)
}

/// Brings a database up to date, each migration in its own transaction. A current database is
/// only read.
pub(crate) fn migrate(connection: &mut Connection, migrations: &[&str]) -> Result<(), StoreError> {
    if age(connection, migrations)? == Age::Current {
        return Ok(());
    }
    let steps = migrations.iter().map(|sql| M::up(sql).foreign_key_check());
    Migrations::new(steps.collect())
        .to_latest(connection)
        .map_err(|error| match error {
            rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
            _ => StoreError::Sqlite("a migration failed".to_owned()),
        })
}
