//! For tests alone: a vault without a keychain and without the work of a passphrase.

use std::path::Path;

use rusqlite_migration::{M, Migrations};

use crate::{PortalInfo, SnapshotHead, StoreError, Vault, schema, snapshot};

/// A vault whose master key is this byte repeated. It writes no vault file.
#[must_use]
pub fn vault(seed: u8) -> Vault {
    Vault::of_known_key([seed; 32])
}

/// How many migrations a portal's database has by now.
#[must_use]
pub fn newest_schema() -> usize {
    schema::PORTAL.len()
}

/// Writes the snapshot that a Plumbline of an earlier schema would have written: its tables with
/// nothing in them but the portal's name.
///
/// # Errors
/// Those of [`crate::save_snapshot`].
pub fn old_snapshot(
    path: &Path,
    info: &PortalInfo,
    schema: usize,
    passphrase: &secrecy::SecretString,
) -> Result<SnapshotHead, StoreError> {
    snapshot::write_snapshot_of(path, passphrase, info, |connection| {
        let known = schema::PORTAL.iter().take(schema);
        Migrations::new(known.map(|sql| M::up(sql)).collect())
            .to_latest(connection)
            .map_err(|_| StoreError::BadValue("migration"))
    })
}

/// Makes a portal's database as a Plumbline of an earlier schema would have made it, with what
/// `fill` puts into it.
///
/// # Errors
/// Those of [`crate::PortalStore::create`].
pub fn old_portal(
    dir: &crate::DataDir,
    vault: &Vault,
    info: &PortalInfo,
    schema: usize,
    fill: impl FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<()>,
) -> Result<(), StoreError> {
    dir.lock_for_writing()?;
    let path = dir.portal_file(info.id);
    let key = crate::key_file::create(&path, vault, &format!("portal:{}", info.id))?;
    crate::private_file::create_new(&path).map_err(StoreError::file("created"))?;
    let mut connection = crate::connection::open(&path, &key, crate::connection::Access::Write)?;
    let known = schema::PORTAL.iter().take(schema);
    Migrations::new(known.map(|sql| M::up(sql)).collect())
        .to_latest(&mut connection)
        .map_err(|_| StoreError::BadValue("migration"))?;
    let tx = connection.transaction()?;
    crate::portal_info::save_portal_info(&tx, info)?;
    fill(&tx)?;
    Ok(tx.commit()?)
}
