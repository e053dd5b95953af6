//! Forgetting a portal: everything of it on this machine goes, in an order in which being killed at
//! any point loses nothing but time. That it began is written down first and struck off last.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crm::{Moment, PortalId};
use rusqlite::params;

use crate::data_dir::DataDir;
use crate::error::StoreError;
use crate::exports::SavedSnapshot;
use crate::portal_lock::PortalWork;
use crate::private_file;
use crate::registry::Registry;
use crate::{key_file, snapshot};

/// What forgetting a portal removed, and what it could not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Forgotten {
    /// Names of the files that are gone, without their folder.
    pub files: Vec<String>,
    /// Their sizes together, in bytes.
    pub bytes: u64,
    /// Lines that were taken out of the data folder's logs.
    pub log_lines: u64,
    /// Snapshots that were saved to places of the person's own: these are theirs to delete.
    pub left_elsewhere: Vec<PathBuf>,
    /// Whether HubSpot confirmed that the token is void; `None` where that was not known.
    pub token_revoked: Option<bool>,
}

/// Told after every step that changed something, with a word for it.
pub type OnStep<'a> = dyn FnMut(&str) + 'a;

/// Forgets a portal: key, database, log and index, backups, copies of opened snapshots, snapshots in
/// the data folder, its lines in the logs, its entry in the list. Needs no network and not the
/// portal's key. `token_revoked` is kept until the end, for whoever goes on after a kill.
///
/// # Errors
/// [`StoreError::InUse`], and failures of files and the registry. Then the portal is listed no
/// more, and forgetting it again goes on.
pub fn forget(
    dir: &DataDir,
    registry: &Registry,
    id: PortalId,
    began_at: Moment,
    token_revoked: Option<bool>,
    on_step: &mut OnStep<'_>,
) -> Result<Forgotten, StoreError> {
    registry.write(|connection| {
        connection.execute(
            "INSERT OR IGNORE INTO forgetting (portal_id, began_at, token_revoked) VALUES (?1, ?2, ?3)",
            params![id.get(), began_at.millis(), token_revoked],
        )?;
        Ok(())
    })?;
    on_step("noted");
    finish(dir, registry, id, on_step)
}

/// Goes on with whatever forgetting did not come to its end, and tells what that removed.
///
/// # Errors
/// Those of [`forget`].
pub fn resume_forgetting(
    dir: &DataDir,
    registry: &Registry,
) -> Result<Vec<(PortalId, Forgotten)>, StoreError> {
    let pending: Vec<PortalId> = {
        let connection = registry.connection();
        let mut statement = connection.prepare("SELECT portal_id FROM forgetting")?;
        let ids = statement.query_map([], |row| Ok(PortalId::new(row.get(0)?)))?;
        ids.collect::<Result<_, _>>()?
    };
    let mut done = Vec::new();
    for id in pending {
        done.push((id, finish(dir, registry, id, &mut |_| {})?));
    }
    Ok(done)
}

fn finish(
    dir: &DataDir,
    registry: &Registry,
    id: PortalId,
    on_step: &mut OnStep<'_>,
) -> Result<Forgotten, StoreError> {
    let mut forgotten = Forgotten {
        token_revoked: registry.write(|connection| {
            Ok(connection.query_row(
                "SELECT token_revoked FROM forgetting WHERE portal_id = ?1",
                [id.get()],
                |row| row.get(0),
            )?)
        })?,
        ..Forgotten::default()
    };
    remove_files(dir, id, &mut forgotten, on_step)?;
    // Also those in our own folder that the list has lost.
    for file in beginning_with(&dir.path().join("snapshots"), &format!("{id}-"))? {
        remove(&file, &mut forgotten, on_step)?;
    }
    let saved = registry.snapshots()?;
    for saved in saved.into_iter().filter(|saved| saved.portal == id) {
        remove_snapshot(dir, saved, &mut forgotten, on_step)?;
    }
    forgotten.log_lines = forget_in_logs(dir, id, on_step)?;
    registry.write(|connection| {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for table in ["portal", "snapshot", "forgetting"] {
            let sql = format!("DELETE FROM {table} WHERE portal_id = ?1");
            if let Err(error) = connection.execute(&sql, [id.get()]) {
                connection.execute_batch("ROLLBACK")?;
                return Err(error.into());
            }
        }
        connection.execute_batch("COMMIT")?;
        // The names must not stay readable in the log of the database.
        Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    })?;
    on_step("struck off the list");
    Ok(forgotten)
}

/// Removes every file of a portal below the data folder. Doing it again removes what is left.
pub(crate) fn remove_files(
    dir: &DataDir,
    id: PortalId,
    forgotten: &mut Forgotten,
    on_step: &mut OnStep<'_>,
) -> Result<(), StoreError> {
    dir.lock_for_writing()?;
    let path = dir.portal_file(id);
    let with_suffix = |suffix| path.with_extension(suffix);
    // The salt goes first: whatever happens next, the rest is noise. It is also what the backups and
    // the log are encrypted with.
    let mut files = vec![
        key_file::path_of(&path),
        with_suffix("key.unfinished"),
        path.clone(),
        with_suffix("db-wal"),
        with_suffix("db-shm"),
        with_suffix(PortalWork::Tokens.suffix()),
        with_suffix(PortalWork::Run.suffix()),
    ];
    for folder in ["backups", "opened"] {
        files.extend(beginning_with(&dir.path().join(folder), &format!("{id}."))?);
    }
    for file in files {
        remove(&file, forgotten, on_step)?;
    }
    private_file::sync_parent(&path).map_err(StoreError::file("removed"))
}

fn remove_snapshot(
    dir: &DataDir,
    saved: SavedSnapshot,
    forgotten: &mut Forgotten,
    on_step: &mut OnStep<'_>,
) -> Result<(), StoreError> {
    // A half snapshot is nobody's, wherever it lies; a place out of reach cannot be mended.
    let _ = remove(&snapshot::unfinished_name(&saved.path), forgotten, on_step);
    if saved.path.starts_with(dir.path()) {
        remove(&saved.path, forgotten, on_step)
    } else {
        // Whether it is still there is not asked: a memory stick may be in a drawer.
        forgotten.left_elsewhere.push(saved.path);
        Ok(())
    }
}

fn remove(
    file: &Path,
    forgotten: &mut Forgotten,
    on_step: &mut OnStep<'_>,
) -> Result<(), StoreError> {
    let removed = private_file::remove_if_present(file).map_err(StoreError::file("removed"))?;
    if let Some(bytes) = removed {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        forgotten.bytes += bytes;
        forgotten.files.push(name.clone().into_owned());
        on_step(&name);
    }
    Ok(())
}

/// The files of a folder whose names begin so. A folder that was never made holds none.
fn beginning_with(folder: &Path, beginning: &str) -> Result<Vec<PathBuf>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::file("read")(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(StoreError::file("read"))?;
        if entry.file_name().to_string_lossy().starts_with(beginning) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn forget_in_logs(
    dir: &DataDir,
    id: PortalId,
    on_step: &mut OnStep<'_>,
) -> Result<u64, StoreError> {
    let mut lines = 0;
    for file in beginning_with(&dir.path().join("log"), "")? {
        let removed = forget_log_lines(&file, id)?;
        if removed > 0 {
            on_step("log");
        }
        lines += removed;
    }
    Ok(lines)
}

/// Takes the lines that name a portal out of a log, and tells how many. In place, so that a program
/// that appends to it goes on appending to the same file; what it appends meanwhile may be lost.
///
/// # Errors
/// When the log cannot be read or written.
pub fn forget_log_lines(log: &Path, id: PortalId) -> Result<u64, StoreError> {
    let text = fs::read(log).map_err(StoreError::file("read"))?;
    let id = id.to_string();
    let mut kept = Vec::with_capacity(text.len());
    let mut removed = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if names(line, id.as_bytes()) {
            removed += 1;
        } else {
            kept.extend_from_slice(line);
        }
    }
    if removed > 0 {
        let mut file = OpenOptions::new()
            .write(true)
            .open(log)
            .map_err(StoreError::file("written"))?;
        file.write_all(&kept)
            .and_then(|()| file.set_len(kept.len() as u64))
            .and_then(|()| file.sync_all())
            .map_err(StoreError::file("written"))?;
    }
    Ok(removed)
}

/// Whether a line holds this number as a number, not as a part of a longer one.
fn names(line: &[u8], id: &[u8]) -> bool {
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| line.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    line.windows(id.len()).enumerate().any(|(at, window)| {
        window == id && !is_digit(at.checked_sub(1)) && !is_digit(Some(at + id.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_a_portal_by_its_whole_number() {
        let check = |line: &str, expected| {
            assert_eq!(names(line.as_bytes(), b"4711"), expected, "{line}");
        };
        check(r#"{"portal":4711}"#, true);
        check(r#"{"portal":"4711"}"#, true);
        check("4711", true);
        check("portal 47110 and 14711", false);
        check("", false);
    }
}
