//! The registry's list of snapshots that were saved from this machine.

use std::path::{Path, PathBuf};

use crm::{Moment, PortalId};
use rusqlite::{Row, params};

use crate::error::StoreError;
use crate::registry::Registry;
use crate::snapshot::SnapshotId;

const ADD: &str = include_str!("../../../../sql/store/add_saved_snapshot.sql");
const LOAD: &str = include_str!("../../../../sql/store/load_saved_snapshots.sql");

/// A snapshot that was saved from this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedSnapshot {
    /// Its own name.
    pub id: SnapshotId,
    /// The portal that was frozen.
    pub portal: PortalId,
    /// What the person called it.
    pub name: String,
    /// Where it was saved.
    pub path: PathBuf,
    /// When it was frozen.
    pub taken_at: Moment,
    /// Up to when the copy was complete then.
    pub complete_to: Option<Moment>,
}

impl Registry {
    /// Notes a snapshot. Belongs before the saving, so that what a killed program left is known.
    ///
    /// # Errors
    /// [`StoreError::InUse`], and failures of the database.
    pub fn note_snapshot(&self, saved: &SavedSnapshot) -> Result<(), StoreError> {
        let path = text_of(&saved.path)?;
        self.write(|connection| {
            connection.execute(
                ADD,
                params![
                    saved.id.to_string(),
                    saved.portal.get(),
                    saved.name,
                    path,
                    saved.taken_at.millis(),
                    saved.complete_to.map(Moment::millis),
                ],
            )?;
            Ok(())
        })
    }

    /// The snapshots that were saved from this machine, oldest first; whether their files are still
    /// where they were saved is for the caller to see.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn snapshots(&self) -> Result<Vec<SavedSnapshot>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(LOAD)?;
        let rows = statement.query_map([], |row| Ok(saved_of(row)))?;
        let mut snapshots = Vec::new();
        for row in rows {
            snapshots.push(row??);
        }
        Ok(snapshots)
    }

    /// Strikes a snapshot off the list. One that is not listed is no error.
    ///
    /// # Errors
    /// [`StoreError::InUse`], and failures of the database.
    pub fn strike_snapshot(&self, id: SnapshotId) -> Result<(), StoreError> {
        self.write(|connection| {
            connection.execute(
                "DELETE FROM snapshot WHERE snapshot_id = ?1",
                [id.to_string()],
            )?;
            Ok(())
        })
    }
}

fn text_of(path: &Path) -> Result<&str, StoreError> {
    path.to_str()
        .ok_or(StoreError::BadValue("a path that is not UTF-8"))
}

fn saved_of(row: &Row<'_>) -> Result<SavedSnapshot, StoreError> {
    let id: String = row.get(0)?;
    Ok(SavedSnapshot {
        id: id.parse().map_err(|_| StoreError::BadValue("snapshot"))?,
        portal: PortalId::new(row.get(1)?),
        name: row.get(2)?,
        path: PathBuf::from(row.get::<_, String>(3)?),
        taken_at: Moment::from_millis(row.get(4)?),
        complete_to: row.get::<_, Option<i64>>(5)?.map(Moment::from_millis),
    })
}
