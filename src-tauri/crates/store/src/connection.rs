//! Opening an encrypted database file. Everything a connection must be told is told here.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use crate::error::StoreError;
use crate::hex;
use crate::key::SecretKey;

/// How long a statement waits for another connection's lock.
const BUSY_LIMIT: Duration = Duration::from_secs(5);

/// Page cache of one connection, in KiB. With SQLCipher a page outside the cache costs a
/// decryption: random reads were four times slower at 16 MB than with the working set in memory.
const CACHE_KIB: i32 = 64 * 1024;

/// The same of a connection that reads while this process writes. Whatever it holds is out of date
/// after every write, so more would be filled and emptied again and again.
const SMALL_CACHE_KIB: i32 = 4 * 1024;

/// Pages of the log after which it is folded into the file: 16 MiB. At SQLite's own 1,000 the same
/// pages of an index were written many times over while a portal was loaded.
const LOG_PAGES: i32 = 4_000;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Write,
    Read,
    /// Reading beside a writer of this process.
    ReadBeside,
    /// Reading a file that nobody changes, wherever it lies: no locks, and no files beside it.
    Frozen,
    /// Changing a file that nobody else has, and that is made anew if anything goes wrong.
    Rebuild,
}

/// Opens a file with its key and proves that the key fits.
///
/// The caller has compared the key with the key file already, so a file that does not read here is
/// a damaged one. That is said only after a second look: where the disk fails while SQLCipher reads
/// the file's salt, it goes on with one of its own, and then no page decrypts.
pub(crate) fn open(path: &Path, key: &SecretKey, access: Access) -> Result<Connection, StoreError> {
    match attempt(path, key, access) {
        Err(StoreError::Corrupt) => attempt(path, key, access),
        other => other,
    }
}

fn attempt(path: &Path, key: &SecretKey, access: Access) -> Result<Connection, StoreError> {
    let mode = match access {
        Access::Write | Access::Rebuild => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::Read | Access::ReadBeside | Access::Frozen => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let connection = if access == Access::Frozen {
        let mode = mode | OpenFlags::SQLITE_OPEN_URI;
        Connection::open_with_flags(immutable(path)?, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?
    } else {
        // Without NO_MUTEX SQLite would lock around every call; a connection is never shared here.
        // Without URI a path is a path, whatever it contains.
        Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?
    };
    give_key(&connection, key, &[])?;
    connection.busy_timeout(BUSY_LIMIT)?;
    let _tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    configure(&connection, access)?;
    Ok(connection)
}

/// Makes the database of a snapshot in an empty file. `front` becomes the file's first bytes: they
/// are the cipher's salt, which protects nothing where the key is random.
pub(crate) fn create_frozen(
    path: &Path,
    key: &SecretKey,
    front: &[u8; 16],
) -> Result<Connection, StoreError> {
    let mode = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, mode)?;
    give_key(&connection, key, front)?;
    configure(&connection, Access::Rebuild)?;
    Ok(connection)
}

fn give_key(connection: &Connection, key: &SecretKey, salt: &[u8]) -> Result<(), StoreError> {
    let (key, salt) = (key.to_hex(), hex::encode(salt));
    let pragma = format!("PRAGMA key = \"x'{}{}'\"", key.as_str(), salt.as_str());
    connection.execute_batch(&Zeroizing::new(pragma))?;
    // SQLCipher would print its own words on standard error for every page that does not decrypt.
    Ok(connection.execute_batch("PRAGMA cipher_log_level = NONE")?)
}

/// A path as SQLite's address of a file that does not change (<https://sqlite.org/uri.html>).
fn immutable(path: &Path) -> Result<String, StoreError> {
    let path = std::path::absolute(path).map_err(StoreError::file("read"))?;
    // SQLite knows paths as UTF-8 alone; rusqlite asks for the same.
    let text = path
        .to_str()
        .ok_or(StoreError::BadValue("a path that is not UTF-8"))?;
    let text = if cfg!(windows) {
        format!("/{}", text.replace('\\', "/"))
    } else {
        text.to_owned()
    };
    let mut address = String::from("file://");
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b':' => {
                address.push(char::from(byte));
            }
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address.push_str("?immutable=1");
    Ok(address)
}

fn configure(connection: &Connection, access: Access) -> Result<(), StoreError> {
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    let cache = match access {
        Access::ReadBeside => SMALL_CACHE_KIB,
        Access::Write | Access::Read | Access::Frozen | Access::Rebuild => CACHE_KIB,
    };
    connection.pragma_update(None, "cache_size", -cache)?;
    connection.set_prepared_statement_cache_capacity(64);
    match access {
        Access::Read | Access::ReadBeside | Access::Frozen => {
            connection.pragma_update(None, "query_only", true)?;
        }
        Access::Rebuild => {
            connection.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))?;
            connection.pragma_update(None, "synchronous", "OFF")?;
            connection.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
        }
        Access::Write => {
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
            connection.pragma_update_and_check(
                None,
                "wal_autocheckpoint",
                LOG_PAGES,
                |_| Ok(()),
            )?;
            set_durable(connection, false)?;
            connection.pragma_update(None, "foreign_keys", true)?;
            // Deleted rows must not stay readable in the file: forgetting means forgetting.
            connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
        }
    }
    Ok(())
}

/// Chooses between "survives the process" (NORMAL: the copy, which can be read again) and
/// "survives the power" (FULL: credentials and the journal). Takes effect from the next
/// transaction on.
pub(crate) fn set_durable(connection: &Connection, durable: bool) -> Result<(), StoreError> {
    let level = if durable { "FULL" } else { "NORMAL" };
    Ok(connection.pragma_update(None, "synchronous", level)?)
}
