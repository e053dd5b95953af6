//! Opening a snapshot: checked whole, then read where it lies.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use sha2::{Digest, Sha256};

use super::save::{tell, unfinished_name};
use super::{OnProgress, PAGE, SnapshotError, SnapshotHead, SnapshotProgress, seal};
use crate::connection::{self, Access};
use crate::data_dir::DataDir;
use crate::error::StoreError;
use crate::key::SecretKey;
use crate::portal_store::PortalStore;
use crate::{private_file, schema};

/// Bytes that are read at a time while a file is checked.
const CHUNK: usize = 256 * 1024;

/// What makes an open store a frozen one.
pub(crate) struct Frozen {
    pub(crate) head: SnapshotHead,
    /// Where the snapshot is older than this program's schema: a copy that was brought up to date.
    _working: Option<WorkingCopy>,
}

/// A copy that lives as long as the snapshot is open. Its key is in memory alone.
struct WorkingCopy(PathBuf);

impl Drop for WorkingCopy {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next opening, and nobody has its key.
        let _ = fs::remove_file(&self.0);
    }
}

/// Whether the file begins as a snapshot does.
///
/// # Errors
/// When the file cannot be read.
pub fn is_snapshot(path: &Path) -> Result<bool, StoreError> {
    let mut front = [0; 16];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut front));
    match read {
        Ok(()) => Ok(front == seal::front()),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(StoreError::file("read")(error)),
    }
}

/// Deletes a snapshot's file, and what a killed program left of one; nothing that is no snapshot.
/// False where there is none.
///
/// # Errors
/// [`SnapshotError::NotASnapshot`], and failures of files.
pub fn delete_snapshot(path: &Path) -> Result<bool, StoreError> {
    let there = fs::symlink_metadata(path).is_ok();
    if there && !is_snapshot(path)? {
        return Err(SnapshotError::NotASnapshot.into());
    }
    for file in [path.to_owned(), unfinished_name(path)] {
        private_file::remove_if_present(&file).map_err(StoreError::file("removed"))?;
    }
    Ok(there)
}

/// Opens a snapshot, read-only and without any of this machine's keys. Every byte of the file is
/// checked first. A snapshot of an older schema is brought up to date in a copy in the data folder,
/// which goes when the snapshot is closed; the file itself is never written to.
///
/// # Errors
/// A [`SnapshotError`] for each thing that can be wrong with the file or the passphrase;
/// [`StoreError::NewerSchema`]; failures of files and database.
pub fn open_snapshot(
    dir: &DataDir,
    path: &Path,
    passphrase: &SecretString,
    on_progress: &mut OnProgress<'_>,
) -> Result<PortalStore, StoreError> {
    let mut file = File::open(path).map_err(StoreError::file("read"))?;
    let (length, page) = ends_of(&mut file)?;
    let opened = seal::open(&page, passphrase)?;
    if digest_of(path, length, on_progress)? != opened.digest {
        return Err(SnapshotError::Damaged("its content").into());
    }
    let reader = connection::open(path, &opened.key, Access::Frozen)?;
    let head = opened.head;
    let age = schema::age(&reader, schema::PORTAL)?;
    drop(reader);
    let (at, working) = match age {
        schema::Age::Current => (path.to_owned(), None),
        schema::Age::Older => {
            let copy = bring_up_to_date(dir, path, length, &opened.key, &head)?;
            (copy.0.clone(), Some(copy))
        }
    };
    let frozen = Frozen {
        head,
        _working: working,
    };
    let store = PortalStore::frozen(at, opened.key, frozen);
    match store.info() {
        Ok(info) if info.id == store.id() => Ok(store),
        Ok(info) => Err(StoreError::WrongPortal {
            expected: store.id(),
            found: info.id.get(),
        }),
        Err(error) => Err(error),
    }
}

/// The length of the database and the seal behind it.
fn ends_of(file: &mut File) -> Result<(u64, Vec<u8>), StoreError> {
    let length = file.metadata().map_err(StoreError::file("read"))?.len();
    let mut front = [0; 16];
    let mut page = vec![0; PAGE];
    // A file that is shorter than a seal is looked at all the same: its beginning tells what it is.
    let begins = file.read_exact(&mut front);
    if length >= PAGE as u64 {
        file.seek(SeekFrom::End(-(PAGE as i64)))
            .and_then(|_| file.read_exact(&mut page))
            .map_err(StoreError::file("read"))?;
    } else if begins.is_err() {
        return Err(SnapshotError::NotASnapshot.into());
    }
    Ok((seal::look(&front, &page, length)?, page))
}

/// The SHA-256 of the first `length` bytes of a file.
pub(super) fn digest_of(
    path: &Path,
    length: u64,
    on_progress: &mut OnProgress<'_>,
) -> Result<[u8; 32], StoreError> {
    let mut file = File::open(path)
        .map_err(StoreError::file("read"))?
        .take(length);
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    let mut done = 0;
    loop {
        let read = file.read(&mut chunk).map_err(StoreError::file("read"))?;
        let Some(bytes) = chunk.get(..read).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        hash.update(bytes);
        done += read as u64;
        let total = length;
        tell(on_progress, SnapshotProgress { done, total })?;
    }
    Ok(hash.finalize().into())
}

fn bring_up_to_date(
    dir: &DataDir,
    path: &Path,
    length: u64,
    key: &SecretKey,
    head: &SnapshotHead,
) -> Result<WorkingCopy, StoreError> {
    let to = dir.working_copy(head.portal, head.id)?;
    private_file::remove_if_present(&to).map_err(StoreError::file("removed"))?;
    let mut target = private_file::create_new(&to).map_err(StoreError::file("created"))?;
    let copy = WorkingCopy(to);
    let mut source = File::open(path)
        .map_err(StoreError::file("read"))?
        .take(length);
    io::copy(&mut source, &mut target).map_err(StoreError::file("written"))?;
    drop(target);
    let mut writer = connection::open(&copy.0, key, Access::Rebuild)?;
    schema::migrate(&mut writer, schema::PORTAL)?;
    Ok(copy)
}
