//! What the streams of a run share: the client, the store, and the way to stop.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use std::collections::BTreeMap;

use crm::{Moment, ObjectType, PropertyValue, RecordId};
use hubspot::{Client, Clock, Kind};
use store::{ChangeCursor, Cursor, IdsOf, PortalStore, StoreError};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::SyncError;
use crate::granted::Granted;
use crate::landing::Landing;
use crate::meter::{Meter, Progress};
use crate::options::{ObjectPlan, SyncOptions};
use crate::plan::Stream;
use crate::refusals::Refusals;

pub(crate) struct Work<'w> {
    pub(crate) client: &'w Client,
    pub(crate) store: &'w PortalStore,
    /// What was asked for, and the custom types once they are known.
    pub(crate) options: SyncOptions,
    pub(crate) clock: &'w dyn Clock,
    pub(crate) progress: &'w (dyn Fn(Progress) + Send + Sync),
    pub(crate) cancel: &'w CancellationToken,
    pub(crate) landing: Arc<dyn Landing>,
    pub(crate) generation: u64,
    /// When the pass began, by HubSpot's own time: what it reads is complete as of then.
    pub(crate) began: Moment,
    pub(crate) calls_before: u64,
    pub(crate) meter: Meter,
    /// What HubSpot refuses, and is not asked for again.
    pub(crate) refusals: Refusals,
    /// What the token may do.
    pub(crate) granted: Granted,
    /// The writes that run on threads of their own, so that a run ends after its last write.
    pub(crate) writes: TaskTracker,
}

impl Work<'_> {
    /// Waits for an answer of HubSpot, or for the user to stop: whatever comes first.
    pub(crate) async fn ask<T>(
        &self,
        stream: impl fmt::Display,
        answer: impl Future<Output = Result<T, hubspot::Error>>,
    ) -> Result<T, SyncError> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(SyncError::Cancelled),
            answer = answer => answer.map_err(|error| SyncError::HubSpot {
                stream: stream.to_string(),
                error,
            }),
        }
    }

    /// Runs something that blocks on the store.
    pub(crate) async fn in_store<T: Send + 'static>(
        &self,
        f: impl FnOnce(&PortalStore) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, SyncError> {
        let store = self.store.clone();
        let done = self.writes.spawn_blocking(move || f(&store)).await;
        Ok(done.map_err(|_| SyncError::WriterDied)??)
    }

    /// What was asked to be read of a type.
    pub(crate) fn object(&self, object: &ObjectType) -> Option<&ObjectPlan> {
        self.options
            .objects
            .iter()
            .find(|plan| plan.object == *object)
    }

    /// Where a stream of this generation stands, if it was begun.
    pub(crate) async fn cursor(&self, stream: &Stream) -> Result<Option<Cursor>, SyncError> {
        let (generation, name) = (self.generation, stream.to_string());
        self.in_store(move |store| {
            let cursors = store.read(|connection| store::cursors(connection, generation))?;
            Ok(cursors.into_iter().find(|cursor| cursor.stream == name))
        })
        .await
    }

    /// Whether this generation reads, or has read, all records of a type.
    pub(crate) async fn reads_whole(&self, object: &ObjectType) -> Result<bool, SyncError> {
        let records = Stream::Records(object.clone());
        Ok(self.cursor(&records).await?.is_some())
    }

    /// Whether a type's records were found to be unreadable in this generation.
    pub(crate) async fn is_unavailable(&self, object: &ObjectType) -> Result<bool, SyncError> {
        for stream in [
            Stream::Records(object.clone()),
            Stream::Changes(object.clone()),
        ] {
            let cursor = self.cursor(&stream).await?;
            if cursor.is_some_and(|cursor| cursor.unavailable.is_some()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How far the copy follows a type's changes; `None` for one that was never read whole.
    pub(crate) async fn change_cursor(
        &self,
        object: &ObjectType,
    ) -> Result<Option<ChangeCursor>, SyncError> {
        let cursors = self.in_store(|store| store.read(store::change_cursors));
        let mut cursors = cursors.await?.into_iter();
        Ok(cursors.find(|cursor| cursor.object == *object))
    }

    /// What the copy says of some records.
    pub(crate) async fn known(
        &self,
        object: &ObjectType,
        ids: impl Iterator<Item = RecordId>,
    ) -> Result<BTreeMap<RecordId, Known>, SyncError> {
        let (of, ids) = (object.clone(), ids.collect::<Vec<_>>());
        let property = object.modified_property();
        let known = self.in_store(move |store| {
            store.read(|connection| store::known_records(connection, &of, &ids))
        });
        let known = known.await?.into_iter().map(|(id, record)| {
            let told = record.properties.get(property);
            let known = Known {
                modified: told
                    .and_then(|value| value.text()?.parse().ok())
                    .or(record.updated_at),
                archived: record.archived,
                properties: record.properties,
            };
            (id, known)
        });
        Ok(known.collect())
    }

    /// The next page of a work list, and whether more follow.
    pub(crate) async fn next_ids(
        &self,
        object: &ObjectType,
        which: IdsOf,
        last: Option<RecordId>,
        size: usize,
    ) -> Result<(Vec<RecordId>, bool), SyncError> {
        let of = object.clone();
        let one_more = u32::try_from(size + 1).unwrap_or(u32::MAX);
        let ids = self.in_store(move |store| {
            store.read(|connection| store::ids_of(connection, &of, which, last, one_more))
        });
        let mut ids = ids.await?;
        let more = ids.len() > size;
        ids.truncate(size);
        Ok((ids, more))
    }

    pub(crate) fn calls(&self) -> u64 {
        self.client.usage().calls.saturating_sub(self.calls_before)
    }
}

/// What the copy says of a record.
pub(crate) struct Known {
    /// When it changed last.
    pub(crate) modified: Option<Moment>,
    /// Whether it is archived here.
    pub(crate) archived: bool,
    /// The raw text of its properties.
    pub(crate) properties: BTreeMap<String, PropertyValue>,
}

/// Why a stream cannot be read although the rest of the portal can: a stable word, or `None` for
/// failures that stop the run.
pub(crate) fn unavailable_because(error: &SyncError) -> Option<&'static str> {
    let SyncError::HubSpot { error, .. } = error else {
        return None;
    };
    match error.kind() {
        Kind::MissingScopes => Some("missing_scopes"),
        // Often the plan lacks the object type.
        Kind::Forbidden => Some("forbidden"),
        Kind::NotFound => Some("not_found"),
        _ => None,
    }
}
