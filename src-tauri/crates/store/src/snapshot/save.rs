//! Freezing a portal into a file: row by row into a new database, so that nothing can come along
//! that was not meant to.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crm::Moment;
use rusqlite::Connection;
use rusqlite::types::ToSqlOutput;
use secrecy::{ExposeSecret, SecretString};

use super::frozen::digest_of;
use super::{OnProgress, SnapshotError, SnapshotHead, SnapshotId, SnapshotProgress, seal, tables};
use crate::error::StoreError;
use crate::key::SecretKey;
use crate::portal_store::PortalStore;
use crate::{connection, private_file, runs};

/// Rows between two words about progress: a few thousandths of a second.
const ROWS_BETWEEN_WORDS: u64 = 2_000;

/// What is to be frozen, and how it is called.
#[derive(Debug, Clone)]
pub struct SnapshotRequest {
    /// The snapshot's own name, drawn by the caller, who may want to note it before the file grows.
    pub id: SnapshotId,
    /// Where the file is to be. There must be none of this name.
    pub to: PathBuf,
    /// What the person calls it. At most a few hundred bytes.
    pub name: String,
    /// Now.
    pub taken_at: Moment,
}

/// Freezes a portal as it is at this moment into one file that only `passphrase` opens. Readers and
/// the writer go on meanwhile; what they write is not in it. The file appears whole or not at all.
///
/// # Errors
/// [`SnapshotError::AlreadyThere`], [`SnapshotError::EmptyPassphrase`],
/// [`SnapshotError::Cancelled`]; [`StoreError::DiskFull`] and other failures of files and database.
/// None leaves a part of a file behind.
pub fn save_snapshot(
    store: &PortalStore,
    request: &SnapshotRequest,
    passphrase: &SecretString,
    on_progress: &mut OnProgress<'_>,
) -> Result<SnapshotHead, StoreError> {
    if passphrase.expose_secret().is_empty() {
        return Err(SnapshotError::EmptyPassphrase.into());
    }
    refuse_existing(&request.to)?;
    let unfinished = Unfinished::create(&request.to)?;
    let key = SecretKey::random()?;
    let head = copy(store, request, unfinished.path(), &key, on_progress)?;
    unfinished.seal(passphrase, &key, &head, on_progress)?;
    unfinished.finish(&request.to)?;
    Ok(head)
}

/// Seals a database that `fill` makes, for tests of what other versions wrote.
#[cfg(feature = "testing")]
pub(crate) fn write_snapshot_of(
    to: &Path,
    passphrase: &SecretString,
    info: &crate::PortalInfo,
    fill: impl FnOnce(&mut Connection) -> Result<(), StoreError>,
) -> Result<SnapshotHead, StoreError> {
    let unfinished = Unfinished::create(to)?;
    let key = SecretKey::random()?;
    let mut target = connection::create_frozen(unfinished.path(), &key, &seal::front())?;
    fill(&mut target)?;
    let tx = target.transaction()?;
    crate::portal_info::save_portal_info(&tx, info)?;
    tx.commit()?;
    let head = SnapshotHead {
        id: SnapshotId::random()?,
        portal: info.id,
        name: info.name.clone(),
        taken_at: info.read_at,
        complete_to: None,
        schema: target.pragma_query_value(None, "user_version", |row| row.get(0))?,
    };
    drop(target);
    unfinished.seal(passphrase, &key, &head, &mut |_| ControlFlow::Continue(()))?;
    unfinished.finish(to)?;
    Ok(head)
}

/// Where the file grows before it gets its name.
pub(crate) fn unfinished_name(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".unfinished");
    PathBuf::from(name)
}

fn refuse_existing(to: &Path) -> Result<(), StoreError> {
    match fs::symlink_metadata(to) {
        Ok(_) => Err(SnapshotError::AlreadyThere.into()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(StoreError::file("read")(error)),
    }
}

/// The growing file; it goes when this is dropped before its end.
struct Unfinished {
    path: PathBuf,
    done: bool,
}

impl Unfinished {
    fn create(to: &Path) -> Result<Self, StoreError> {
        let path = unfinished_name(to);
        private_file::remove_if_present(&path).map_err(StoreError::file("removed"))?;
        private_file::create_new(&path).map_err(StoreError::file("created"))?;
        Ok(Self { path, done: false })
    }

    fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the seal behind the finished database.
    fn seal(
        &self,
        passphrase: &SecretString,
        key: &SecretKey,
        head: &SnapshotHead,
        on_progress: &mut OnProgress<'_>,
    ) -> Result<(), StoreError> {
        let metadata = self.path.metadata().map_err(StoreError::file("read"))?;
        let length = metadata.len();
        let digest = digest_of(&self.path, length, on_progress)?;
        let page = seal::close(passphrase, key, digest, head, length)?;
        let mut file = OpenOptions::new()
            .append(true)
            .open(&self.path)
            .map_err(StoreError::file("written"))?;
        file.write_all(&page)
            .and_then(|()| file.sync_all())
            .map_err(StoreError::file("written"))
    }

    fn finish(mut self, to: &Path) -> Result<(), StoreError> {
        refuse_existing(to)?;
        fs::rename(&self.path, to).map_err(StoreError::file("written"))?;
        self.done = true;
        private_file::sync_parent(to).map_err(StoreError::file("written"))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.done {
            // Nothing more can be done about a disk that does not even let go of a file.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Copies schema and rows into a new database, and tells what it is a snapshot of.
fn copy(
    store: &PortalStore,
    request: &SnapshotRequest,
    path: &Path,
    key: &SecretKey,
    on_progress: &mut OnProgress<'_>,
) -> Result<SnapshotHead, StoreError> {
    let target = connection::create_frozen(path, key, &seal::front())?;
    let head = store.read(|source| {
        let schema: i64 = source.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let head = SnapshotHead {
            id: request.id,
            portal: store.id(),
            name: request.name.clone(),
            taken_at: request.taken_at,
            complete_to: runs::last_finished_run(source)?.map(|run| run.started_at),
            schema,
        };
        target.execute_batch("BEGIN")?;
        copy_all(source, &target, on_progress)?;
        target.pragma_update(None, "user_version", schema)?;
        target.execute_batch("COMMIT")?;
        Ok(head)
    })?;
    target
        .close()
        .map_err(|(_, error)| StoreError::from(error))?;
    Ok(head)
}

fn copy_all(
    source: &Connection,
    target: &Connection,
    on_progress: &mut OnProgress<'_>,
) -> Result<(), StoreError> {
    let mut tables = Vec::new();
    let mut total = 0_u64;
    for name in names(source)? {
        if tables::FROZEN.contains(&name.as_str()) {
            let count: u64 =
                source.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |row| {
                    row.get(0)
                })?;
            total += count;
            tables.push(name);
        }
    }
    // Tables before rows; indexes and triggers after them, so that rows come in the fastest way.
    create(source, target, "type = 'table'")?;
    let mut progress = SnapshotProgress { done: 0, total };
    tell(on_progress, progress)?;
    for table in tables {
        copy_table(source, target, &table, &mut progress, on_progress)?;
    }
    create(source, target, "type <> 'table'")?;
    tell(on_progress, progress)
}

fn names(source: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = source.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Repeats what made the schema. What SQLite makes by itself has no text.
fn create(source: &Connection, target: &Connection, which: &str) -> Result<(), StoreError> {
    let ask = format!(
        "SELECT sql FROM sqlite_schema WHERE {which} AND sql IS NOT NULL \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
    );
    let mut statement = source.prepare(&ask)?;
    let texts = statement.query_map([], |row| row.get::<_, String>(0))?;
    for text in texts {
        target.execute_batch(&text?)?;
    }
    Ok(())
}

fn copy_table(
    source: &Connection,
    target: &Connection,
    table: &str,
    progress: &mut SnapshotProgress,
    on_progress: &mut OnProgress<'_>,
) -> Result<(), StoreError> {
    let mut read = source.prepare(&format!("SELECT * FROM \"{table}\""))?;
    let columns = read.column_count();
    let places = vec!["?"; columns].join(",");
    let mut write = target.prepare(&format!("INSERT INTO \"{table}\" VALUES ({places})"))?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            let value = ToSqlOutput::Borrowed(row.get_ref(column)?);
            write.raw_bind_parameter(column + 1, value)?;
        }
        write.raw_execute()?;
        progress.done += 1;
        if progress.done.is_multiple_of(ROWS_BETWEEN_WORDS) {
            tell(on_progress, *progress)?;
        }
    }
    Ok(())
}

pub(super) fn tell(
    on_progress: &mut OnProgress<'_>,
    progress: SnapshotProgress,
) -> Result<(), StoreError> {
    match on_progress(progress) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(SnapshotError::Cancelled.into()),
    }
}
