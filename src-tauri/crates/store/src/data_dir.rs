//! The folder that holds everything, and the lock that lets one process write to it.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crm::PortalId;

use crate::error::StoreError;
use crate::snapshot::SnapshotId;
use crate::{network, private_file};

/// The folder of one person's Plumbline. Cheap to clone; clones share the write lock, so a process
/// opens its folder once and hands out clones.
#[derive(Debug, Clone)]
pub struct DataDir {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    /// Held from the first write until the last clone is dropped. The operating system gives it
    /// back when the process dies, however it dies.
    lock: Mutex<Option<File>>,
    making: Mutex<()>,
}

impl DataDir {
    /// Opens the folder, creating it with mode 0700. Takes no lock: reading needs none.
    ///
    /// # Errors
    /// [`StoreError::ForeignDirectory`] for a folder that others may read and that holds files
    /// which are not ours: closing it to others could break what somebody else built on it.
    /// [`StoreError::NetworkFileSystem`] where another machine serves the folder.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        private_file::create_dir(path).map_err(StoreError::file("created"))?;
        let path = path.canonicalize().map_err(StoreError::file("read"))?;
        network::refuse(&path)?;
        close_to_others(&path)?;
        private_file::create_dir(&path.join("portals")).map_err(StoreError::file("created"))?;
        Ok(Self {
            inner: Arc::new(Inner {
                path,
                lock: Mutex::new(None),
                making: Mutex::new(()),
            }),
        })
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Makes this process the one that writes. Doing it again is free.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process writes.
    pub fn lock_for_writing(&self) -> Result<(), StoreError> {
        let mut held = self
            .inner
            .lock
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if held.is_some() {
            return Ok(());
        }
        let path = self.inner.path.join("writer.lock");
        let file = match private_file::create_new(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => File::open(&path),
            created => created,
        };
        let file = file.map_err(StoreError::file("locked"))?;
        match file.try_lock() {
            Ok(()) => *held = Some(file),
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => return Err(StoreError::file("locked")(error)),
        }
        Ok(())
    }

    /// Held while a file that exists once, or its key, is looked for and made: the folder's lock
    /// keeps other processes out, but not this one's other threads.
    pub(crate) fn making(&self) -> MutexGuard<'_, ()> {
        self.inner
            .making
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn vault_file(&self) -> PathBuf {
        self.inner.path.join("vault.json")
    }

    pub(crate) fn registry_file(&self) -> PathBuf {
        self.inner.path.join("registry.db")
    }

    /// Where snapshots are saved unless somebody names another place.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn snapshots(&self) -> Result<PathBuf, StoreError> {
        self.folder("snapshots")
    }

    /// Where a snapshot of an older schema is brought up to date while it is open.
    pub(crate) fn working_copy(
        &self,
        portal: PortalId,
        snapshot: SnapshotId,
    ) -> Result<PathBuf, StoreError> {
        Ok(self
            .folder("opened")?
            .join(format!("{portal}.{snapshot}.db")))
    }

    /// A folder inside, for its owner alone.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf, StoreError> {
        let folder = self.inner.path.join(name);
        private_file::create_dir(&folder).map_err(StoreError::file("created"))?;
        Ok(folder)
    }

    pub(crate) fn portal_file(&self, id: PortalId) -> PathBuf {
        self.inner.path.join("portals").join(format!("{id}.db"))
    }
}

/// Takes the rights of group and others away from a folder that is ours or empty.
#[cfg(unix)]
fn close_to_others(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;

    let mut permissions = fs::metadata(path)
        .map_err(StoreError::file("read"))?
        .permissions();
    if permissions.mode() & 0o077 == 0 {
        return Ok(());
    }
    let ours = ["vault.json", "writer.lock", "portals", "registry.db"]
        .iter()
        .any(|name| path.join(name).exists());
    let empty = || fs::read_dir(path).map(|mut entries| entries.next().is_none());
    if !ours && !empty().map_err(StoreError::file("read"))? {
        return Err(StoreError::ForeignDirectory);
    }
    permissions.set_mode(0o700);
    fs::set_permissions(path, permissions).map_err(StoreError::file("written"))
}

/// Elsewhere the folder lies in the user's profile, which the system closes to others by itself.
#[cfg(not(unix))]
fn close_to_others(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}
