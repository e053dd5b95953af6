//! The portals on this machine, in an encrypted file of their own.

use crm::{Moment, PortalId};
use rusqlite::{Connection, OptionalExtension, params};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::connection::{self, Access};
use crate::data_dir::DataDir;
use crate::error::StoreError;
use crate::vault::Vault;
use crate::{key_file, private_file, schema};

const PURPOSE: &str = "registry";

/// One portal, as the list of portals shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalEntry {
    /// The HubSpot account.
    pub id: PortalId,
    /// What the user calls it.
    pub name: String,
    /// Which of the interface's colours marks it, so that two clients are not mistaken.
    pub colour: u8,
    /// Whether it lives in the simulator on this machine.
    pub demo: bool,
    /// When it was connected first.
    pub added_at: Moment,
}

/// The list of portals. Opening it locks nothing; changing it takes the folder's write lock.
pub struct Registry {
    dir: DataDir,
    connection: Mutex<Connection>,
}

impl Registry {
    /// Opens the list, making an empty one on first use.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`], [`StoreError::Corrupt`], [`StoreError::NewerSchema`] and failures
    /// of files; [`StoreError::InUse`] only where the list has to be made or migrated.
    pub fn open(dir: &DataDir, vault: &Vault) -> Result<Self, StoreError> {
        let _making = dir.making();
        let path = dir.registry_file();
        let key = match key_file::read(&path, vault, PURPOSE)? {
            Some(key) => key,
            None => {
                dir.lock_for_writing()?;
                key_file::create(&path, vault, PURPOSE)?
            }
        };
        if !path.exists() {
            dir.lock_for_writing()?;
            private_file::create_new(&path).map_err(StoreError::file("created"))?;
        }
        let mut connection = connection::open(&path, &key, Access::Write)?;
        if schema::age(&connection, schema::REGISTRY)? == schema::Age::Older {
            dir.lock_for_writing()?;
            schema::migrate(&mut connection, schema::REGISTRY)?;
        }
        connection::set_durable(&connection, true)?;
        Ok(Self {
            dir: dir.clone(),
            connection: Mutex::new(connection),
        })
    }

    /// All portals, oldest first, without those whose forgetting has begun.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn portals(&self) -> Result<Vec<PortalEntry>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT portal_id, name, colour, demo, added_at FROM portal \
             WHERE portal_id NOT IN (SELECT portal_id FROM forgetting) \
             ORDER BY added_at, portal_id",
        )?;
        let entries = statement.query_map([], |row| {
            Ok(PortalEntry {
                id: PortalId::new(row.get(0)?),
                name: row.get(1)?,
                colour: row.get(2)?,
                demo: row.get(3)?,
                added_at: Moment::from_millis(row.get(4)?),
            })
        })?;
        Ok(entries.collect::<Result<_, _>>()?)
    }

    /// Adds a portal; one that is listed already is [`StoreError::AlreadyExists`].
    ///
    /// # Errors
    /// [`StoreError::InUse`], and failures of the database.
    pub fn add(&self, entry: &PortalEntry) -> Result<(), StoreError> {
        self.dir.lock_for_writing()?;
        let connection = self.connection();
        let id = entry.id.get();
        let listed: Option<u64> = connection
            .query_row(
                "SELECT portal_id FROM portal WHERE portal_id = ?1",
                [id],
                |row| row.get(0),
            )
            .optional()?;
        if listed.is_some() {
            return Err(StoreError::AlreadyExists(entry.id));
        }
        connection.execute(
            "INSERT INTO portal (portal_id, name, colour, demo, added_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id, entry.name, entry.colour, entry.demo, entry.added_at.millis()],
        )?;
        Ok(())
    }

    /// Gives a portal another name and colour.
    ///
    /// # Errors
    /// [`StoreError::NoSuchPortal`], [`StoreError::InUse`], and failures of the database.
    pub fn rename(&self, id: PortalId, name: &str, colour: u8) -> Result<(), StoreError> {
        self.change(
            id,
            "UPDATE portal SET name = ?2, colour = ?3 WHERE portal_id = ?1",
            params![id.get(), name, colour],
        )
    }

    /// Takes a portal off the list and leaves all else of it: [`crate::forget`] removes everything.
    ///
    /// # Errors
    /// [`StoreError::NoSuchPortal`], [`StoreError::InUse`], and failures of the database.
    pub fn remove(&self, id: PortalId) -> Result<(), StoreError> {
        self.change(
            id,
            "DELETE FROM portal WHERE portal_id = ?1",
            params![id.get()],
        )?;
        // The name must not stay readable in the log of the database.
        self.connection()
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// One change of the list, on the disk itself when it returns.
    pub(crate) fn write<T>(
        &self,
        change: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.dir.lock_for_writing()?;
        change(&self.connection())
    }

    fn change(
        &self,
        id: PortalId,
        sql: &str,
        params: &[&dyn rusqlite::ToSql],
    ) -> Result<(), StoreError> {
        self.write(|connection| match connection.execute(sql, params)? {
            0 => Err(StoreError::NoSuchPortal(id)),
            _ => Ok(()),
        })
    }

    pub(crate) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
