//! A copy of a portal's database before its schema is changed. It holds what the database holds, so
//! it is encrypted with the same key and goes when the portal is forgotten.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crm::PortalId;
use rusqlite::Connection;

use crate::connection::{self, Access};
use crate::data_dir::DataDir;
use crate::error::StoreError;
use crate::key::SecretKey;
use crate::private_file;

/// How many copies are kept of a portal: that of the latest change of schema, and the one before.
const KEPT: usize = 2;

/// Room that has to be free, in sizes of the database: one for the copy, one for the change.
const ROOM: u64 = 2;

/// Copies the database that `connection` has open, and proves that the copy reads.
///
/// # Errors
/// [`StoreError::DiskFull`] where there is not room for twice the database; then nothing was begun.
/// Failures of files and database.
pub(crate) fn before_migration(
    dir: &DataDir,
    id: PortalId,
    database: &Path,
    key: &SecretKey,
    connection: &Connection,
) -> Result<(), StoreError> {
    let folder = dir.folder("backups")?;
    let size = length(database)? + length(&database.with_extension("db-wal"))?;
    let free = fs4::available_space(&folder).map_err(StoreError::file("read"))?;
    if !is_enough(free, size) {
        return Err(StoreError::DiskFull);
    }
    let schema: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let unfinished = folder.join(format!("{id}.unfinished"));
    private_file::remove_if_present(&unfinished).map_err(StoreError::file("removed"))?;
    private_file::create_new(&unfinished).map_err(StoreError::file("created"))?;
    let copied = copy(connection, &unfinished, key, schema);
    if let Err(error) = copied {
        // On a full disk the half copy is the first thing that has to go.
        let _ = fs::remove_file(&unfinished);
        return Err(error);
    }
    let kept = folder.join(format!("{id}.schema-{schema}.db"));
    fs::rename(&unfinished, &kept).map_err(StoreError::file("written"))?;
    private_file::sync_parent(&kept).map_err(StoreError::file("written"))?;
    remove_older(&folder, id)
}

fn copy(
    connection: &Connection,
    to: &Path,
    key: &SecretKey,
    schema: i64,
) -> Result<(), StoreError> {
    let name = to
        .to_str()
        .ok_or(StoreError::BadValue("a path that is not UTF-8"))?;
    connection.execute("VACUUM INTO ?1", [name])?;
    // SQLite leaves this to whoever asked for the copy.
    File::open(to)
        .and_then(|file| file.sync_all())
        .map_err(StoreError::file("written"))?;
    let copy = connection::open(to, key, Access::Frozen)?;
    let found: i64 = copy.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let pages = copy.prepare("PRAGMA cipher_integrity_check")?.exists([])?;
    let verdict: String = copy.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == schema && !pages && verdict == "ok" {
        Ok(())
    } else {
        Err(StoreError::Corrupt)
    }
}

fn is_enough(free: u64, size: u64) -> bool {
    free >= size.saturating_mul(ROOM)
}

fn length(file: &Path) -> Result<u64, StoreError> {
    match file.metadata() {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(StoreError::file("read")(error)),
    }
}

/// Removes all copies of a portal but the latest.
fn remove_older(folder: &Path, id: PortalId) -> Result<(), StoreError> {
    let (beginning, end) = (format!("{id}.schema-"), ".db");
    let mut found: Vec<(u64, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder).map_err(StoreError::file("read"))? {
        let path = entry.map_err(StoreError::file("read"))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let schema = name
            .strip_prefix(&beginning)
            .and_then(|rest| rest.strip_suffix(end))
            .and_then(|number| number.parse().ok());
        if let Some(schema) = schema {
            found.push((schema, path));
        }
    }
    found.sort();
    let old = found.len().saturating_sub(KEPT);
    for (_, path) in found.iter().take(old) {
        private_file::remove_if_present(path).map_err(StoreError::file("removed"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_the_database_has_to_be_free() {
        for (free, size, expected) in [
            (200, 100, true),
            (199, 100, false),
            (0, 0, true),
            (u64::MAX, u64::MAX, true),
            (u64::MAX - 1, u64::MAX, false),
        ] {
            assert_eq!(is_enough(free, size), expected, "{size} into {free}");
        }
    }

    #[test]
    fn the_latest_two_copies_are_kept_and_other_portals_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "7.schema-2.db",
            "7.schema-9.db",
            "7.schema-10.db",
            "77.schema-1.db",
            "7.x",
        ] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        remove_older(folder.path(), PortalId::new(7)).unwrap();
        let mut left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(
            left,
            ["7.schema-10.db", "7.schema-9.db", "7.x", "77.schema-1.db"]
        );
    }
}
