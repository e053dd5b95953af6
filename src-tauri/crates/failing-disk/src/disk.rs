//! What the disk remembers: how often it was called, which call is to fail, and what was written since
//! the last sync. Safe; the layer below calls it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::ffi;

/// A kind of call to the file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// A file is opened.
    Open,
    /// Bytes are read.
    Read,
    /// Bytes are written.
    Write,
    /// A file is synced.
    Sync,
    /// A file is cut short.
    Truncate,
    /// A file is deleted.
    Delete,
    /// Memory is shared between connections: the index of the log.
    Share,
}

impl Call {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::Read,
        Self::Write,
        Self::Sync,
        Self::Truncate,
        Self::Delete,
        Self::Share,
    ];

    /// SQLite's code for its failure.
    fn failure(self) -> i32 {
        match self {
            Self::Open => ffi::SQLITE_CANTOPEN,
            Self::Read => ffi::SQLITE_IOERR_READ,
            Self::Write => ffi::SQLITE_IOERR_WRITE,
            Self::Sync => ffi::SQLITE_IOERR_FSYNC,
            Self::Truncate => ffi::SQLITE_IOERR_TRUNCATE,
            Self::Delete => ffi::SQLITE_IOERR_DELETE,
            Self::Share => ffi::SQLITE_IOERR_SHMMAP,
        }
    }
}

/// Which call is to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The kind of call.
    pub call: Call,
    /// The first that fails, counted from one among the calls of its kind.
    pub at: u64,
    /// Whether all of its kind fail from then on.
    pub lasting: bool,
}

/// A change of a file that was not synced yet.
enum Change {
    Written(u64, Vec<u8>),
    Cut(u64),
}

/// A file as it was at its last sync, and what happened to it since.
#[derive(Default)]
struct Unsynced {
    synced: Vec<u8>,
    changes: Vec<Change>,
}

struct Cutting {
    every: u64,
    folder: PathBuf,
    into: PathBuf,
    files: BTreeMap<PathBuf, Unsynced>,
    calls: u64,
    cuts: Vec<PathBuf>,
}

struct Disk {
    calls: BTreeMap<Call, u64>,
    fault: Option<Fault>,
    struck: bool,
    cutting: Option<Cutting>,
}

static DISK: Mutex<Disk> = Mutex::new(Disk {
    calls: BTreeMap::new(),
    fault: None,
    struck: false,
    cutting: None,
});

fn disk() -> MutexGuard<'static, Disk> {
    DISK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets a call fail, or none; the count of calls begins anew.
pub fn fail(fault: Option<Fault>) {
    let mut disk = disk();
    disk.calls.clear();
    (disk.fault, disk.struck) = (fault, false);
}

/// How many calls of a kind there were since [`fail`] was called last.
#[must_use]
pub fn calls(call: Call) -> u64 {
    disk().calls.get(&call).copied().unwrap_or(0)
}

/// Whether a call was made to fail since [`fail`] was called last.
#[must_use]
pub fn struck() -> bool {
    disk().struck
}

/// From now on keeps copies of `folder` in `into`, each as it would be found after the power went at a
/// change of a file, one at every so many changes. What is in the folder now counts as synced.
pub fn cut_every(every: u64, folder: &Path, into: &Path) {
    disk().cutting = Some(Cutting {
        every: every.max(1),
        folder: folder.to_owned(),
        into: into.to_owned(),
        files: BTreeMap::new(),
        calls: 0,
        cuts: Vec::new(),
    });
}

/// Keeps no more copies; tells which were kept.
#[must_use]
pub fn stop_cutting() -> Vec<PathBuf> {
    let cutting = disk().cutting.take();
    cutting.map_or_else(Vec::new, |cutting| cutting.cuts)
}

/// Keeps a copy as it would be found if the power went now. `number` says what is left of what was not
/// synced: nothing for 0, all for 1, a part for others.
///
/// # Errors
/// Where no cutting is under way, and failures of files.
pub fn cut(number: usize) -> io::Result<PathBuf> {
    let mut disk = disk();
    let cutting = disk.cutting.as_mut().ok_or(io::ErrorKind::NotFound)?;
    cutting.calls += 1;
    cutting.cut(&format!("now-{}", cutting.calls), number)
}

/// Counts a call. The code of its failure, where it is to fail.
pub(crate) fn count(call: Call) -> Option<i32> {
    let mut disk = disk();
    let number = disk.calls.entry(call).or_default();
    *number += 1;
    let number = *number;
    let fault = disk.fault.filter(|fault| fault.call == call)?;
    let strikes = number == fault.at || (fault.lasting && number > fault.at);
    disk.struck |= strikes;
    strikes.then(|| call.failure())
}

/// Makes a change of a file with nothing else going on, and remembers it.
pub(crate) fn write(path: &Path, at: u64, bytes: &[u8], make: impl FnOnce() -> i32) -> i32 {
    changing(path, Change::Written(at, bytes.to_vec()), make)
}

/// The same of a file that is cut short.
pub(crate) fn truncate(path: &Path, size: u64, make: impl FnOnce() -> i32) -> i32 {
    changing(path, Change::Cut(size), make)
}

fn changing(path: &Path, change: Change, make: impl FnOnce() -> i32) -> i32 {
    let mut disk = disk();
    let Some(cutting) = &mut disk.cutting else {
        drop(disk);
        return make();
    };
    if !cutting.files.contains_key(path) {
        let synced = fs::read(path).unwrap_or_default();
        let changes = Vec::new();
        cutting
            .files
            .insert(path.to_owned(), Unsynced { synced, changes });
    }
    let made = make();
    if made == ffi::SQLITE_OK {
        if let Some(file) = cutting.files.get_mut(path) {
            file.changes.push(change);
        }
        cutting.calls += 1;
        let number = cutting.cuts.len();
        if cutting.calls.is_multiple_of(cutting.every)
            && let Ok(cut) = cutting.cut(&number.to_string(), number)
        {
            cutting.cuts.push(cut);
        }
    }
    made
}

/// Makes a sync of a file, after which all of it is safe.
pub(crate) fn sync(path: &Path, make: impl FnOnce() -> i32) -> i32 {
    let mut disk = disk();
    let made = make();
    if made == ffi::SQLITE_OK
        && let Some(cutting) = &mut disk.cutting
    {
        cutting.files.remove(path);
    }
    made
}

/// Makes a deletion of a file. Taken for durable at once, as a journalled file system may do it.
pub(crate) fn delete(path: &Path, make: impl FnOnce() -> i32) -> i32 {
    sync(path, make)
}

impl Cutting {
    /// A copy of the folder in which each file has what was synced, and of the changes since then none,
    /// all, or a part, by the number: a disk may write them in any order.
    fn cut(&self, name: &str, number: usize) -> io::Result<PathBuf> {
        let into = self.into.join(name);
        copy(&self.folder, &into)?;
        for (path, file) in &self.files {
            let Ok(within) = path.strip_prefix(&self.folder) else {
                continue;
            };
            let to = into.join(within);
            if !path.exists() {
                continue;
            }
            fs::write(&to, &file.synced)?;
            let mut open = fs::OpenOptions::new().write(true).open(&to)?;
            for (index, change) in file.changes.iter().enumerate() {
                let survives = match number % 4 {
                    0 => false,
                    1 => true,
                    2 => index % 2 == 0,
                    _ => (index * 7 + number) % 5 < 3,
                };
                match change {
                    _ if !survives => {}
                    Change::Written(at, bytes) => {
                        open.seek(SeekFrom::Start(*at))?;
                        open.write_all(bytes)?;
                    }
                    Change::Cut(size) => open.set_len(*size)?,
                }
            }
        }
        Ok(into)
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else if !entry.file_name().to_string_lossy().ends_with("-shm") {
            // The log's index does not outlive the machine.
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
