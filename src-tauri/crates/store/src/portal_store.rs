//! One portal's database: one writer, many readers, and nothing of any other portal.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crm::PortalId;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::connection::{self, Access};
use crate::data_dir::DataDir;
use crate::error::StoreError;
use crate::forgetting::{self, Forgotten};
use crate::key::SecretKey;
use crate::portal_info::{self, PortalInfo};
use crate::snapshot::{Frozen, SnapshotError, SnapshotHead};
use crate::vault::Vault;
use crate::{backup, key_file, private_file, schema};

/// Idle readers that are kept. More may read at once; they are opened and closed again.
const IDLE_READERS: usize = 3;

/// One portal's database. Cheap to clone; clones share the writer and the readers.
///
/// A process opens a portal once and clones, so that its writes queue here and not inside SQLite.
#[derive(Clone)]
pub struct PortalStore {
    inner: Arc<Inner>,
    readers: Arc<Readers>,
}

struct Inner {
    id: PortalId,
    origin: Origin,
    path: PathBuf,
    key: SecretKey,
    /// Opened by the first write: a second process may read while the first one writes.
    writer: Mutex<Option<Connection>>,
}

/// Idle connections that read.
struct Readers {
    access: Access,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    fn new(access: Access) -> Arc<Self> {
        Arc::new(Self {
            access,
            idle: Mutex::new(Vec::new()),
        })
    }
}

/// What an open store is: a portal of this data folder, or a snapshot from anywhere.
enum Origin {
    Live(DataDir),
    Frozen(Frozen),
}

impl PortalStore {
    /// Makes the database of a portal that is new on this machine.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`], [`StoreError::InUse`], and failures of files and database.
    pub fn create(dir: &DataDir, vault: &Vault, info: &PortalInfo) -> Result<Self, StoreError> {
        dir.lock_for_writing()?;
        let _making = dir.making();
        match Self::open(dir, vault, info.id) {
            Ok(_) => return Err(StoreError::AlreadyExists(info.id)),
            // Also what an earlier creation left behind that did not come to its end.
            Err(StoreError::NoSuchPortal(_)) => {}
            Err(error) => return Err(error),
        }
        forgetting::remove_files(dir, info.id, &mut Forgotten::default(), &mut |_| {})?;
        let path = dir.portal_file(info.id);
        let key = key_file::create(&path, vault, &purpose(info.id))?;
        private_file::create_new(&path).map_err(StoreError::file("created"))?;
        let store = Self::new(dir, info.id, path, key);
        store.write_durable(|tx| portal_info::save_portal_info(tx, info))?;
        Ok(store)
    }

    /// Opens the database of a portal. Migrates it when it is older than this program.
    ///
    /// # Errors
    /// [`StoreError::NoSuchPortal`], [`StoreError::WrongKey`], [`StoreError::Corrupt`],
    /// [`StoreError::NewerSchema`]; [`StoreError::InUse`] where a migration is due and another
    /// process writes.
    pub fn open(dir: &DataDir, vault: &Vault, id: PortalId) -> Result<Self, StoreError> {
        let path = dir.portal_file(id);
        let (true, Some(key)) = (path.exists(), key_file::read(&path, vault, &purpose(id))?) else {
            return Err(StoreError::NoSuchPortal(id));
        };
        // A file of no length is a creation that was interrupted before its first transaction.
        if path.metadata().map_err(StoreError::file("read"))?.len() == 0 {
            return Err(StoreError::NoSuchPortal(id));
        }
        let store = Self::new(dir, id, path, key);
        let reader = store.open_reader()?;
        if schema::age(&reader, schema::PORTAL)? == schema::Age::Older {
            drop(reader);
            drop(store.writer()?);
        } else {
            store.give_back(reader);
        }
        match store.info() {
            Ok(info) if info.id == id => Ok(store),
            Ok(info) => Err(StoreError::WrongPortal {
                expected: id,
                found: info.id.get(),
            }),
            Err(error) => Err(error),
        }
    }

    /// Which portal this is.
    #[must_use]
    pub fn id(&self) -> PortalId {
        self.inner.id
    }

    /// What the account says about itself.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn info(&self) -> Result<PortalInfo, StoreError> {
        self.read(portal_info::load)?
            .ok_or(StoreError::NoSuchPortal(self.inner.id))
    }

    /// Keeps what the account says about itself now.
    ///
    /// # Errors
    /// [`StoreError::WrongPortal`] for another account's description; failures of the database.
    pub fn save_info(&self, info: &PortalInfo) -> Result<(), StoreError> {
        if info.id != self.inner.id {
            return Err(StoreError::WrongPortal {
                expected: self.inner.id,
                found: info.id.get(),
            });
        }
        self.write(|tx| portal_info::save_portal_info(tx, info))
    }

    /// Runs one write transaction: all of it happens, or nothing does. It survives the death of the
    /// process; after a loss of power the last ones may be missing, whole. Blocks.
    ///
    /// # Errors
    /// Those of `f`, [`StoreError::InUse`], and failures of the database.
    pub fn write<T>(
        &self,
        f: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = self.writer()?;
        let result = transact(open_writer(&mut writer)?, f);
        close_where_spoiled(&mut writer, &result);
        result
    }

    /// Like [`PortalStore::write`], and on the disk itself when it returns: for credentials, and
    /// for the journal of what is about to be sent.
    ///
    /// # Errors
    /// Those of [`PortalStore::write`].
    pub fn write_durable<T>(
        &self,
        f: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = self.writer()?;
        let connection = open_writer(&mut writer)?;
        connection::set_durable(connection, true)?;
        let result = transact(connection, f);
        let undone = connection::set_durable(connection, false);
        close_where_spoiled(&mut writer, &result);
        undone?;
        result
    }

    /// Runs questions against one moment of the database: however long they take, they see the same
    /// rows. Never waits for the writer. A long reader keeps the log from being folded in, so
    /// seconds at most. Blocks.
    ///
    /// # Errors
    /// Those of `f`, and failures of the database.
    pub fn read<T>(
        &self,
        f: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = self.readers().pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => self.open_reader()?,
        };
        let result = read_once(&mut reader, f);
        if !result.as_ref().is_err_and(StoreError::spoils_a_connection) {
            self.give_back(reader);
        }
        result
    }

    /// Like [`PortalStore::write_durable`], for the one row that every process may have to write:
    /// while another one is the folder's writer, this one's turn comes between two transactions of
    /// its.
    pub(crate) fn write_beside<T>(
        &self,
        f: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let is_writer = self
            .inner
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some();
        if is_writer || self.snapshot().is_some() {
            return self.write_durable(f);
        }
        let mut connection = connection::open(&self.inner.path, &self.inner.key, Access::Write)?;
        if schema::age(&connection, schema::PORTAL)? == schema::Age::Older {
            return self.write_durable(f);
        }
        connection::set_durable(&connection, true)?;
        transact(&mut connection, f)
    }

    /// Folds the log into the file and empties it, so that what was deleted is gone from both.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        let mut writer = self.writer()?;
        let fold = "PRAGMA wal_checkpoint(TRUNCATE)";
        let folded = open_writer(&mut writer)?.query_row(fold, [], |_| Ok(()));
        let result = folded.map_err(StoreError::from);
        close_where_spoiled(&mut writer, &result);
        result
    }

    /// Reads every page and checks its authentication tag and the structure of every tree: seconds
    /// for a large portal. Not part of opening. Reads the file alone: what the log holds is folded in
    /// by [`PortalStore::checkpoint`] first.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where anything is amiss.
    pub fn verify_file(&self) -> Result<(), StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare("PRAGMA cipher_integrity_check")?;
            if statement.exists([])? {
                return Err(StoreError::Corrupt);
            }
            let verdict: String =
                connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            match verdict.as_str() {
                "ok" => Ok(()),
                _ => Err(StoreError::Corrupt),
            }
        })
    }

    /// Which snapshot this is; `None` for a portal's own copy.
    #[must_use]
    pub fn snapshot(&self) -> Option<&SnapshotHead> {
        match &self.inner.origin {
            Origin::Live(_) => None,
            Origin::Frozen(frozen) => Some(&frozen.head),
        }
    }

    /// The same portal for somebody who writes as much as it reads: its readers share the writer's
    /// turn with everybody and have small caches of their own, because every write empties them.
    #[must_use]
    pub fn beside_writing(&self) -> Self {
        let access = match self.inner.origin {
            Origin::Live(_) => Access::ReadBeside,
            Origin::Frozen(_) => Access::Frozen,
        };
        Self {
            inner: Arc::clone(&self.inner),
            readers: Readers::new(access),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.inner.path
    }

    /// A snapshot that was found whole.
    pub(crate) fn frozen(path: PathBuf, key: SecretKey, frozen: Frozen) -> Self {
        Self::of(frozen.head.portal, Origin::Frozen(frozen), path, key)
    }

    fn new(dir: &DataDir, id: PortalId, path: PathBuf, key: SecretKey) -> Self {
        Self::of(id, Origin::Live(dir.clone()), path, key)
    }

    fn of(id: PortalId, origin: Origin, path: PathBuf, key: SecretKey) -> Self {
        let access = match origin {
            Origin::Live(_) => Access::Read,
            Origin::Frozen(_) => Access::Frozen,
        };
        Self {
            readers: Readers::new(access),
            inner: Arc::new(Inner {
                id,
                origin,
                path,
                key,
                writer: Mutex::new(None),
            }),
        }
    }

    /// The writer's turn. The first one takes the folder's lock and brings the schema up to date.
    fn writer(&self) -> Result<MutexGuard<'_, Option<Connection>>, StoreError> {
        let Origin::Live(dir) = &self.inner.origin else {
            return Err(SnapshotError::ReadOnly.into());
        };
        // A panic inside a transaction has rolled it back; the connection is fit for the next.
        let mut writer = self
            .inner
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if writer.is_none() {
            dir.lock_for_writing()?;
            let mut opened = connection::open(&self.inner.path, &self.inner.key, Access::Write)?;
            self.bring_up_to_date(dir, &mut opened)?;
            *writer = Some(opened);
        }
        Ok(writer)
    }

    /// Migrates a database that is older than this program, after a copy of it was made. One that
    /// was just created has nothing that could be lost.
    fn bring_up_to_date(
        &self,
        dir: &DataDir,
        connection: &mut Connection,
    ) -> Result<(), StoreError> {
        if schema::age(connection, schema::PORTAL)? == schema::Age::Current {
            return Ok(());
        }
        let inner = &self.inner;
        if !schema::is_empty(connection)? {
            backup::before_migration(dir, inner.id, &inner.path, &inner.key, connection)?;
        }
        schema::migrate(connection, schema::PORTAL)
    }

    fn readers(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.readers
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn open_reader(&self) -> Result<Connection, StoreError> {
        connection::open(&self.inner.path, &self.inner.key, self.readers.access)
    }

    fn give_back(&self, reader: Connection) {
        let mut readers = self.readers();
        if readers.len() < IDLE_READERS {
            readers.push(reader);
        }
    }
}

impl fmt::Debug for PortalStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PortalStore({})", self.inner.id)
    }
}

/// What the portal's key is derived for: one portal's key opens no other portal's file.
fn purpose(id: PortalId) -> String {
    format!("portal:{id}")
}

fn open_writer(writer: &mut Option<Connection>) -> Result<&mut Connection, StoreError> {
    writer.as_mut().ok_or(StoreError::Busy)
}

/// The next one to write opens the file again.
fn close_where_spoiled<T>(writer: &mut Option<Connection>, result: &Result<T, StoreError>) {
    if result.as_ref().is_err_and(StoreError::spoils_a_connection) {
        *writer = None;
    }
}

fn read_once<T>(
    reader: &mut Connection,
    f: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let tx = reader.transaction_with_behavior(TransactionBehavior::Deferred)?;
    f(&tx)
}

/// IMMEDIATE, so that a transaction which will write waits at its start and not in its middle.
/// Dropping the transaction rolls it back, unless SQLite has done so by itself.
fn transact<T>(
    connection: &mut Connection,
    f: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = f(&tx)?;
    tx.commit()?;
    Ok(value)
}
