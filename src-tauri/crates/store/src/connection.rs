//! Opening an encrypted database file. Everything a connection must be told is told here.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use crate::error::StoreError;
use crate::key::SecretKey;

/// How long a statement waits for another connection's lock.
const BUSY_LIMIT: Duration = Duration::from_secs(5);

/// Page cache of one connection, in KiB. With SQLCipher a page outside the cache costs a
/// decryption: random reads were four times slower at 16 MB than with the working set in memory.
const CACHE_KIB: i32 = 64 * 1024;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Write,
    Read,
}

/// Opens a file with its key and proves that the key fits.
///
/// The caller has compared the key with the key file already, so a file that does not read here is
/// a damaged one.
pub(crate) fn open(path: &Path, key: &SecretKey, access: Access) -> Result<Connection, StoreError> {
    let mode = match access {
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    // Without NO_MUTEX SQLite would lock around every call; a connection is never shared here.
    // Without URI a path is a path, whatever it contains.
    let connection = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    let hex = key.to_hex();
    let pragma = Zeroizing::new(format!("PRAGMA key = \"x'{}'\"", hex.as_str()));
    connection.execute_batch(&pragma)?;
    // SQLCipher would print its own words on standard error for every page that does not decrypt.
    connection.execute_batch("PRAGMA cipher_log_level = NONE")?;
    connection.busy_timeout(BUSY_LIMIT)?;
    let _tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    configure(&connection, access)?;
    Ok(connection)
}

fn configure(connection: &Connection, access: Access) -> Result<(), StoreError> {
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(64);
    match access {
        Access::Read => connection.pragma_update(None, "query_only", true)?,
        Access::Write => {
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
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
