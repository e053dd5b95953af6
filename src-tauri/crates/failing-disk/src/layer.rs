//! The layer as SQLite sees it: a `sqlite3_vfs` whose functions ask [`crate::disk`] first and then call
//! those of the system's own. The only unsafe code, and in no program that is shipped.
#![allow(
    unsafe_code,
    reason = "SQLite takes a file system as C functions alone"
)]

use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr::null_mut;
use std::sync::OnceLock;

use rusqlite::ffi::{
    self, SQLITE_OK, sqlite3_file, sqlite3_filename, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs,
};

use crate::disk::{self, Call};

/// A file of ours. The system's own follows it in the same memory, which SQLite gives.
#[repr(C)]
struct File {
    base: sqlite3_file,
    /// From `Box::into_raw`; null for a file without a name.
    path: *mut PathBuf,
}

/// The system's own file system. SQLite keeps it for as long as the process lives.
struct Below(*mut sqlite3_vfs);

// SAFETY: SQLite's file systems are called from any thread, and this pointer never changes.
unsafe impl Send for Below {}
// SAFETY: as above.
unsafe impl Sync for Below {}

static BELOW: OnceLock<Below> = OnceLock::new();

/// Puts the layer between SQLite and its file system, in this process and for good. Doing it twice
/// changes nothing.
pub fn install() {
    BELOW.get_or_init(|| {
        // SAFETY: initialising and finding have no preconditions; a null name finds the default.
        let below = unsafe {
            ffi::sqlite3_initialize();
            ffi::sqlite3_vfs_find(std::ptr::null())
        };
        assert!(!below.is_null(), "SQLite has a file system");
        // SAFETY: what was found stays valid, and is plain data to be copied.
        let mut ours = unsafe { *below };
        // Functions that are not replaced find the system's own data in the copy.
        ours.pNext = null_mut();
        ours.zName = c"failing-disk".as_ptr();
        ours.szOsFile += c_int::try_from(size_of::<File>()).unwrap_or(c_int::MAX);
        ours.xOpen = Some(open);
        ours.xDelete = Some(delete);
        let ours = Box::into_raw(Box::new(ours));
        // SAFETY: `ours` is never freed, as registering asks for.
        let registered = unsafe { ffi::sqlite3_vfs_register(ours, 1) };
        assert_eq!(registered, SQLITE_OK, "SQLite takes the layer");
        Below(below)
    });
}

fn below() -> *mut sqlite3_vfs {
    BELOW.get().map_or(null_mut(), |below| below.0)
}

/// The system's file behind one of ours.
///
/// # Safety
/// `file` was opened by [`open`].
unsafe fn real(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: SQLite gave room for both, one behind the other.
    unsafe { file.cast::<File>().add(1).cast() }
}

/// # Safety
/// As for [`real`].
unsafe fn methods<'a>(file: *mut sqlite3_file) -> &'a sqlite3_io_methods {
    // SAFETY: an open file has its methods, which are static in SQLite.
    unsafe { &*(*real(file)).pMethods }
}

/// # Safety
/// As for [`real`].
unsafe fn path<'a>(file: *mut sqlite3_file) -> &'a Path {
    // SAFETY: the path lives until the file is closed.
    unsafe { (*file.cast::<File>()).path.as_ref() }.map_or(Path::new(""), PathBuf::as_path)
}

fn named(name: *const c_char) -> Option<PathBuf> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite's names end with a zero.
    let name = unsafe { CStr::from_ptr(name) };
    Some(PathBuf::from(OsStr::from_bytes(name.to_bytes())))
}

fn offset(at: sqlite3_int64) -> u64 {
    u64::try_from(at).unwrap_or(0)
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives `szOsFile` bytes; without methods it does not close what did not open.
    unsafe { (*file).pMethods = std::ptr::null() };
    if let Some(code) = disk::count(Call::Open) {
        return code;
    }
    let system = below();
    // SAFETY: the system's own function, with its own data and the room behind ours.
    let opened = unsafe {
        match (*system).xOpen {
            Some(open) => open(system, name, real(file), flags, out),
            None => ffi::SQLITE_CANTOPEN,
        }
    };
    // SAFETY: the system's file is there, with methods where it is to be closed.
    unsafe {
        if !(*real(file)).pMethods.is_null() {
            let path = named(name).map_or(null_mut(), |path| Box::into_raw(Box::new(path)));
            (*file.cast::<File>()).path = path;
            (*file).pMethods = &raw const METHODS;
        }
    }
    opened
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    if let Some(code) = disk::count(Call::Delete) {
        return code;
    }
    let system = below();
    let path = named(name).unwrap_or_default();
    // SAFETY: the system's own function, with its own data.
    disk::delete(&path, || unsafe {
        (*system)
            .xDelete
            .map_or(SQLITE_OK, |delete| delete(system, name, sync))
    })
}

/// A function that passes its arguments on to the system's file.
macro_rules! pass {
    ($name:ident, $method:ident $(, $arg:ident: $kind:ty)*) => {
        unsafe extern "C" fn $name(file: *mut sqlite3_file $(, $arg: $kind)*) -> c_int {
            // SAFETY: the system's own function, with its own file and SQLite's arguments.
            unsafe { methods(file).$method.map_or(SQLITE_OK, |call| call(real(file) $(, $arg)*)) }
        }
    };
}

pass!(size, xFileSize, size: *mut sqlite3_int64);
pass!(lock, xLock, level: c_int);
pass!(unlock, xUnlock, level: c_int);
pass!(is_reserved, xCheckReservedLock, out: *mut c_int);
pass!(control, xFileControl, verb: c_int, arg: *mut c_void);
pass!(sector_size, xSectorSize);
pass!(characteristics, xDeviceCharacteristics);
pass!(share_lock, xShmLock, offset: c_int, n: c_int, flags: c_int);
pass!(unshare, xShmUnmap, delete: c_int);

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes an open file once; the path came from a box.
    unsafe {
        let path = (*file.cast::<File>()).path;
        if !path.is_null() {
            drop(Box::from_raw(path));
        }
        methods(file)
            .xClose
            .map_or(SQLITE_OK, |close| close(real(file)))
    }
}

unsafe extern "C" fn read(
    file: *mut sqlite3_file,
    into: *mut c_void,
    length: c_int,
    at: sqlite3_int64,
) -> c_int {
    if let Some(code) = disk::count(Call::Read) {
        return code;
    }
    // SAFETY: the system's own function, with its own file and SQLite's arguments.
    unsafe {
        methods(file)
            .xRead
            .map_or(SQLITE_OK, |read| read(real(file), into, length, at))
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    length: c_int,
    at: sqlite3_int64,
) -> c_int {
    if let Some(code) = disk::count(Call::Write) {
        return code;
    }
    let size = usize::try_from(length).unwrap_or(0);
    // SAFETY: SQLite gives as many bytes as it says.
    let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), size) };
    // SAFETY: the system's own function, with its own file and SQLite's arguments.
    disk::write(unsafe { path(file) }, offset(at), bytes, || unsafe {
        methods(file)
            .xWrite
            .map_or(SQLITE_OK, |write| write(real(file), from, length, at))
    })
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    if let Some(code) = disk::count(Call::Truncate) {
        return code;
    }
    // SAFETY: the system's own function, with its own file.
    disk::truncate(unsafe { path(file) }, offset(size), || unsafe {
        methods(file)
            .xTruncate
            .map_or(SQLITE_OK, |truncate| truncate(real(file), size))
    })
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    if let Some(code) = disk::count(Call::Sync) {
        return code;
    }
    // SAFETY: the system's own function, with its own file.
    disk::sync(unsafe { path(file) }, || unsafe {
        methods(file)
            .xSync
            .map_or(SQLITE_OK, |sync| sync(real(file), flags))
    })
}

unsafe extern "C" fn share(
    file: *mut sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    if let Some(code) = disk::count(Call::Share) {
        return code;
    }
    // SAFETY: the system's own function, with its own file and SQLite's arguments.
    unsafe {
        methods(file)
            .xShmMap
            .map_or(SQLITE_OK, |map| map(real(file), page, size, extend, out))
    }
}

unsafe extern "C" fn barrier(file: *mut sqlite3_file) {
    // SAFETY: the system's own function, with its own file.
    unsafe {
        if let Some(barrier) = methods(file).xShmBarrier {
            barrier(real(file));
        }
    }
}

/// The second version: with shared memory, and without mapping files into memory.
static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(is_reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(share),
    xShmLock: Some(share_lock),
    xShmBarrier: Some(barrier),
    xShmUnmap: Some(unshare),
    xFetch: None,
    xUnfetch: None,
};
