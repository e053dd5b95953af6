//! Snapshots: a portal frozen at a moment into one file, under a passphrase of its own.
//!
//! The file is an encrypted database, opened where it lies and never written to, followed by one
//! page, the seal:
//!
//! | bytes | what |
//! |---|---|
//! | first 16 | magic and format; also the salt that the cipher of the database works with |
//! | pages of 4,096 | the database, under a random key of its own |
//! | last 4,096 | the seal: magic, format, the passphrase's salt and work, and, encrypted under the passphrase, the database's key and SHA-256, and what it is a snapshot of |
//!
//! What the seal says in clear is authenticated with what it says encrypted, and that holds the
//! digest of all the rest: no bit of the file can change without being noticed. The passphrase alone
//! opens it, on any machine; nothing of this machine's vault is needed or inside.

mod error;
mod frozen;
mod save;
mod seal;
mod tables;

use std::fmt;
use std::str::FromStr;

use crm::{Moment, PortalId};
use serde::{Deserialize, Serialize};

pub use error::SnapshotError;
pub(crate) use frozen::Frozen;
pub use frozen::{delete_snapshot, is_snapshot, open_snapshot};
pub(crate) use save::unfinished_name;
#[cfg(feature = "testing")]
pub(crate) use save::write_snapshot_of;
pub use save::{SnapshotRequest, save_snapshot};

/// Bytes of a page of the database, and of the seal behind it. SQLCipher's own default.
const PAGE: usize = 4_096;

/// The name of one snapshot: `snap-` and sixteen hexadecimal digits. Drawn when it is saved, so that
/// two snapshots of one portal, or a snapshot and the portal itself, are never taken for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SnapshotId(u64);

/// The text is no snapshot's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a snapshot's name")]
pub struct NotASnapshotId;

impl SnapshotId {
    /// Draws a new name.
    ///
    /// # Errors
    /// When the operating system gives no random numbers.
    pub fn random() -> Result<Self, crate::VaultError> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).map_err(|_| crate::VaultError::NoRandomness)?;
        Ok(Self(u64::from_le_bytes(bytes)))
    }
}

impl fmt::Display for SnapshotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "snap-{:016x}", self.0)
    }
}

impl FromStr for SnapshotId {
    type Err = NotASnapshotId;

    fn from_str(text: &str) -> Result<Self, NotASnapshotId> {
        let digits = text.strip_prefix("snap-").ok_or(NotASnapshotId)?;
        if digits.len() != 16 || digits.starts_with('+') {
            return Err(NotASnapshotId);
        }
        u64::from_str_radix(digits, 16)
            .map(Self)
            .map_err(|_| NotASnapshotId)
    }
}

impl Serialize for SnapshotId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SnapshotId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What a snapshot is of. It lies encrypted inside the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotHead {
    /// The snapshot's own name.
    pub id: SnapshotId,
    /// The portal that was frozen.
    pub portal: PortalId,
    /// What the person called it.
    pub name: String,
    /// The moment at which it was frozen.
    pub taken_at: Moment,
    /// The moment up to which the copy was complete when it was frozen.
    pub complete_to: Option<Moment>,
    /// The number of the schema inside.
    pub schema: i64,
}

/// How far long work on a snapshot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotProgress {
    /// Rows written, or bytes checked.
    pub done: u64,
    /// How many there are.
    pub total: u64,
}

/// Told now and then how far the work is; breaking off ends it without a trace.
pub type OnProgress<'a> = dyn FnMut(SnapshotProgress) -> std::ops::ControlFlow<()> + 'a;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshots_name_reads_as_it_was_written() {
        for id in [0, 7, u64::MAX] {
            let id = SnapshotId(id);
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        for text in [
            "",
            "7",
            "snap-",
            "snap-7",
            "snap-+00000000000007",
            "SNAP-0000000000000007",
        ] {
            assert_eq!(text.parse::<SnapshotId>(), Err(NotASnapshotId), "{text}");
        }
    }
}
