//! What can go wrong, by what a person can do about it. No variant carries a secret, a name or a
//! text from the database: ids, counts and the words of SQLite alone.

use std::io;

use crm::PortalId;
use rusqlite::ErrorCode;

use crate::snapshot::SnapshotError;

/// Why the vault did not open. A failure to read never deletes or replaces anything.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// A keychain exists and is locked, or its owner refused: ask the person to unlock it.
    #[error("the system's keychain is locked or refused access")]
    KeychainLocked,
    /// No keychain answers on this machine: a passphrase is the way.
    #[error("no keychain answers on this machine")]
    KeychainAbsent,
    /// Not even the bus answers that a keychain would be reached by.
    #[error("no D-Bus session answers on this machine, so no keychain can")]
    NoSessionBus,
    /// Another keychain answers than the one that holds the key.
    #[error("the key is in the keychain \"{sealed_by}\", and here answers \"{here}\"")]
    OtherKeychain {
        /// What the keychain called itself that took the key.
        sealed_by: String,
        /// What the one that answers calls itself.
        here: String,
    },
    /// The keychain answered with something that is not the key that was put in.
    #[error("the keychain holds something else where the master key should be")]
    KeychainGarbled,
    /// Several entries of the keychain answer to the vault's name.
    #[error("the keychain holds more than one entry for this vault")]
    KeychainAmbiguous,
    /// The keychain works, but the key that opens this data folder is not in it.
    #[error("the keychain has no key for this data folder")]
    KeyMissing,
    /// The keychain holds a key, but not the one this data folder was made with.
    #[error("the keychain's key does not belong to this data folder")]
    KeyMismatch,
    /// This vault is under a passphrase and none was given.
    #[error("this data folder is locked with a passphrase")]
    PassphraseNeeded,
    /// The passphrase given does not open the vault.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// An empty passphrase protects nothing.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// A passphrase was given, but the key is in the keychain.
    #[error("the key of this data folder is in the system's keychain, not under a passphrase")]
    SealedByKeychain,
    /// The vault's description is damaged or asks for parameters that are not accepted.
    #[error("the vault file is damaged: {0}")]
    Damaged(&'static str),
    /// The vault was made by a newer version of Plumbline.
    #[error("the vault was made by a newer version of Plumbline (format {0})")]
    Newer(u32),
    /// The operating system gave no random numbers.
    #[error("the operating system gave no random numbers")]
    NoRandomness,
    /// Another process has the data folder.
    #[error("another Plumbline is using this data folder")]
    InUse,
    /// A file of the vault could not be read or written.
    #[error("the vault file could not be {action}: {kind}")]
    File {
        /// What was tried: `read` or `written`.
        action: &'static str,
        /// The system's reason.
        kind: io::ErrorKind,
    },
}

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process writes to this data folder.
    #[error("another Plumbline is using this data folder")]
    InUse,
    /// The folder holds somebody else's files and other users may read it.
    #[error("the folder is open to other users and holds files that are not Plumbline's")]
    ForeignDirectory,
    /// The folder lies on a file system that another machine serves, where databases break.
    #[error("the data folder lies on a network file system ({0})")]
    NetworkFileSystem(String),
    /// This machine holds no copy of the portal.
    #[error("portal {0} is not on this machine")]
    NoSuchPortal(PortalId),
    /// This machine already holds a copy of the portal.
    #[error("portal {0} is already on this machine")]
    AlreadyExists(PortalId),
    /// The file names another portal than the one asked for.
    #[error("the file of portal {expected} belongs to portal {found}")]
    WrongPortal {
        /// The portal that was asked for.
        expected: PortalId,
        /// The portal that the file says it belongs to.
        found: u64,
    },
    /// The vault's key is not the one this file was made with. The file is untouched and whole.
    #[error("the key does not fit this file")]
    WrongKey,
    /// The key is right and the file does not read: it is damaged.
    #[error("the database file is damaged")]
    Corrupt,
    /// Made by a newer version of Plumbline; nothing was opened or changed.
    #[error(
        "this data was made by a newer version of Plumbline (schema {found}; this one knows {known}): update Plumbline to open it"
    )]
    NewerSchema {
        /// The schema's number in the file.
        found: i64,
        /// The newest number that this program knows.
        known: i64,
    },
    /// No room left on the disk; the transaction was undone whole.
    #[error("the disk is full")]
    DiskFull,
    /// The disk failed below SQLite; the transaction was undone whole.
    #[error("the disk could not be read or written (SQLite code {0})")]
    Io(i32),
    /// Another connection held the database for longer than the time limit.
    #[error("the database is busy")]
    Busy,
    /// No credential is stored for this portal.
    #[error("this portal has no credential")]
    NoCredential,
    /// Somebody else renewed the credential meanwhile: read it again.
    #[error("the credential was renewed meanwhile")]
    StaleCredential,
    /// The statement given to the read-only query was refused.
    #[error("refused: {0}")]
    QueryRefused(String),
    /// A stored value is not what its column promises.
    #[error("a stored value cannot be read: {0}")]
    BadValue(&'static str),
    /// A constraint of the schema refused the write: a programming error.
    #[error("the database refused the write: {0}")]
    Constraint(String),
    /// Anything else from SQLite, in its own words.
    #[error("the database failed: {0}")]
    Sqlite(String),
    /// A file could not be read or written.
    #[error("a file of the data folder could not be {action}: {kind}")]
    File {
        /// What was tried: `created`, `read`, `written`, `locked` or `removed`.
        action: &'static str,
        /// The system's reason.
        kind: io::ErrorKind,
    },
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A snapshot was not made, does not open, or is not written to.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

impl StoreError {
    /// A file's failure, told apart from a full disk.
    pub(crate) fn file(action: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            kind => Self::File { action, kind },
        }
    }

    /// Whether trying again, with nothing changed, may succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Busy | Self::DiskFull | Self::InUse | Self::StaleCredential
        )
    }
}

impl StoreError {
    /// Whether the connection that said so may be of no more use: after a failed read SQLCipher
    /// refuses everything for as long as the connection is open.
    pub(crate) fn spoils_a_connection(&self) -> bool {
        matches!(self, Self::Io(_) | Self::Corrupt | Self::Sqlite(_))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, ref message) = error else {
            return Self::Sqlite(wording(&error));
        };
        let message = || message.clone().unwrap_or_else(|| failure.to_string());
        match failure.code {
            ErrorCode::DiskFull => Self::DiskFull,
            // SQLite's words for a file that does not open name its path.
            ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => Self::Io(failure.extended_code),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => Self::Corrupt,
            ErrorCode::ConstraintViolation => Self::Constraint(message()),
            _ => Self::Sqlite(message()),
        }
    }
}

/// The words for an error of the driver. Those that would quote a value or a statement are cut.
fn wording(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::QueryReturnedNoRows => "no row".to_owned(),
        rusqlite::Error::InvalidColumnType(column, name, kind) => {
            format!("column {column} ({name}) is {kind}")
        }
        rusqlite::Error::FromSqlConversionFailure(column, kind, _) => {
            format!("column {column} is {kind} and does not convert")
        }
        rusqlite::Error::IntegralValueOutOfRange(column, _) => {
            format!("column {column} is out of range")
        }
        rusqlite::Error::SqlInputError { error, msg, .. } => format!("{msg} ({error})"),
        rusqlite::Error::InvalidParameterName(name) => format!("no parameter {name}"),
        rusqlite::Error::InvalidParameterCount(given, wanted) => {
            format!("{given} parameters given, {wanted} wanted")
        }
        rusqlite::Error::MultipleStatement => "more than one statement".to_owned(),
        _ => "unexpected use of the database".to_owned(),
    }
}
