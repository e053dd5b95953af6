//! Snapshots, and how a copy is named where either a portal's own or a snapshot will do.

use std::fmt;
use std::str::FromStr;

use crm::{Moment, PortalId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use store::SnapshotId;

use super::JobId;

/// A copy that reports are made from: a portal's own, or an opened snapshot. As text it is the
/// portal's number, or the snapshot's name (`snap-` and sixteen digits): the two cannot be mistaken
/// for each other, and a call that takes a portal alone cannot be given a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CopyId {
    /// The copy of a portal on this machine, which a sync brings up to date.
    Portal(PortalId),
    /// A snapshot that is open in this program.
    Snapshot(SnapshotId),
}

impl From<PortalId> for CopyId {
    fn from(id: PortalId) -> Self {
        Self::Portal(id)
    }
}

impl fmt::Display for CopyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Portal(id) => id.fmt(f),
            Self::Snapshot(id) => id.fmt(f),
        }
    }
}

impl FromStr for CopyId {
    type Err = crm::InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(snapshot) => Ok(Self::Snapshot(snapshot)),
            Err(_) => text.parse().map(Self::Portal),
        }
    }
}

impl Serialize for CopyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CopyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// Portals come as numbers too.
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Snapshot(SnapshotId),
            Portal(PortalId),
        }
        match Either::deserialize(deserializer) {
            Ok(Either::Snapshot(id)) => Ok(Self::Snapshot(id)),
            Ok(Either::Portal(id)) => Ok(Self::Portal(id)),
            Err(_) => Err(de::Error::custom("neither a portal nor a snapshot")),
        }
    }
}

/// Which copy.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CopyArgs {
    /// A portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
}

/// Said by everything that is made from a snapshot: what is seen is frozen, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SnapshotMark {
    /// The snapshot's own name, by which it is asked for.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: SnapshotId,
    /// The portal that was frozen.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// What the person called it.
    pub name: String,
    /// When it was frozen.
    #[cfg_attr(test, ts(type = "string"))]
    pub taken_at: Moment,
    /// Up to when the copy was complete then: nothing later is known.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub complete_to: Option<Moment>,
}

/// A portal to be frozen.
#[derive(Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SnapshotSaveArgs {
    /// The caller's name for this work.
    pub job: JobId,
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// The whole path of the file to be made; absent means a new one in the data folder.
    pub to: Option<String>,
    /// What to call it; absent means the portal's name.
    pub name: Option<String>,
    /// What opens it again. It is kept nowhere.
    #[cfg_attr(test, ts(type = "string"))]
    pub passphrase: secrecy::SecretString,
}

/// A snapshot's file to be opened.
#[derive(Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SnapshotOpenArgs {
    /// The caller's name for this work.
    pub job: JobId,
    /// The file's whole path.
    pub path: String,
    /// What it was saved under.
    #[cfg_attr(test, ts(type = "string"))]
    pub passphrase: secrecy::SecretString,
}

/// Which open snapshot.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SnapshotRefArgs {
    /// The snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub snapshot: SnapshotId,
}

/// Which snapshot's file to delete.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SnapshotDeleteArgs {
    /// The file's whole path.
    pub path: String,
}

/// A snapshot that was saved from this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SavedSnapshotView {
    /// What it is of.
    pub snapshot: SnapshotMark,
    /// Where it was saved.
    pub path: String,
    /// Its size; absent where the file is no longer there, or out of reach.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub bytes: Option<u64>,
}

/// A snapshot that is open in this program, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OpenSnapshotView {
    /// What it is of.
    pub snapshot: SnapshotMark,
    /// The portal's time zone then: its days and quarters are meant in it.
    pub time_zone: String,
    /// The portal's own currency then.
    pub home_currency: String,
}

/// The snapshots that this machine knows of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SnapshotList {
    /// Those that were saved from here, oldest first.
    pub saved: Vec<SavedSnapshotView>,
    /// Those that are open in this program.
    pub open: Vec<OpenSnapshotView>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_named_by_one_text_and_no_other() {
        for text in ["123456", "snap-00000000000000ff"] {
            let id: CopyId = text.parse().unwrap();
            assert_eq!(id.to_string(), text);
            let json = serde_json::json!(text);
            assert_eq!(serde_json::to_value(id).unwrap(), json);
            assert_eq!(serde_json::from_value::<CopyId>(json).unwrap(), id);
        }
        assert_eq!(
            serde_json::from_value::<CopyId>(serde_json::json!(7)).unwrap(),
            CopyId::Portal(PortalId::new(7))
        );
        for text in ["", "snap-", "snap-1", "-1", "acme"] {
            assert!(text.parse::<CopyId>().is_err(), "{text}");
            assert!(serde_json::from_value::<PortalId>(serde_json::json!(text)).is_err());
        }
        let snapshot = serde_json::json!("snap-00000000000000ff");
        assert!(serde_json::from_value::<PortalId>(snapshot).is_err());
    }
}
