//! What one process at a time may do to a portal, told to the others by the operating system.
//!
//! Unlike the folder's write lock these are held for a piece of work, not for a process's life; like
//! it, they are given back when the process dies, however it dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::StoreError;
use crate::portal_store::PortalStore;
use crate::private_file;
use crate::snapshot::SnapshotError;

/// How long somebody who only looks may hold a lock.
const GLANCE: Duration = Duration::from_millis(10);

/// How many of them are waited for.
const GLANCES: u32 = 5;

/// The pieces of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortalWork {
    /// Deciding whether the tokens are to be renewed, renewing and storing them.
    Tokens,
    /// A run of the sync.
    Run,
}

impl PortalWork {
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Tokens => "tokens.lock",
            Self::Run => "run.lock",
        }
    }
}

/// A piece of work that is ours until this is dropped.
#[derive(Debug)]
pub struct PortalLock(#[allow(dead_code, reason = "held, not read")] File);

impl PortalStore {
    /// Makes a piece of work ours; waits for whoever is at it. Blocks.
    ///
    /// # Errors
    /// Failures of files.
    pub fn lock(&self, work: PortalWork) -> Result<PortalLock, StoreError> {
        if self.snapshot().is_some() {
            return Err(SnapshotError::ReadOnly.into());
        }
        let file = self.lock_file(work).map_err(StoreError::file("locked"))?;
        file.lock().map_err(StoreError::file("locked"))?;
        Ok(PortalLock(file))
    }

    /// Makes a piece of work ours, unless somebody is at it. Blocks for a moment at most.
    ///
    /// # Errors
    /// Failures of files.
    pub fn try_lock(&self, work: PortalWork) -> Result<Option<PortalLock>, StoreError> {
        if self.snapshot().is_some() {
            return Err(SnapshotError::ReadOnly.into());
        }
        let file = self.lock_file(work).map_err(StoreError::file("locked"))?;
        for _ in 0..GLANCES {
            match file.try_lock() {
                Ok(()) => return Ok(Some(PortalLock(file))),
                // Whoever only looks holds it for an instant.
                Err(TryLockError::WouldBlock) => std::thread::sleep(GLANCE),
                Err(TryLockError::Error(error)) => return Err(StoreError::file("locked")(error)),
            }
        }
        Ok(None)
    }

    /// Whether anybody, in this process or another, is at a piece of work right now.
    ///
    /// # Errors
    /// Failures of files.
    pub fn is_locked(&self, work: PortalWork) -> Result<bool, StoreError> {
        let file = match File::open(self.lock_path(work)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            opened => opened.map_err(StoreError::file("read"))?,
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(StoreError::file("read")(error)),
        }
    }

    fn lock_path(&self, work: PortalWork) -> PathBuf {
        self.path().with_extension(work.suffix())
    }

    fn lock_file(&self, work: PortalWork) -> io::Result<File> {
        let path = self.lock_path(work);
        match private_file::create_new(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                OpenOptions::new().write(true).open(&path)
            }
            created => created,
        }
    }
}
