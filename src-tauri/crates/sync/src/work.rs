//! What the streams of a run share: the client, the store, the way to stop, and the writing that
//! goes on while the next page is on its way.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use std::collections::BTreeMap;

use crm::{Moment, ObjectType, PropertyValue, RecordId};
use hubspot::{Client, Clock, Kind};
use store::{ChangeCursor, Cursor, IdsOf, PortalStore, StoreError};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::SyncError;
use crate::landing::{Landing, Milestone, Page, Rows};
use crate::meter::{Meter, Progress, Stored};
use crate::options::{ObjectPlan, SyncOptions};
use crate::plan::Stream;

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

/// A page to be stored, and what it means.
pub(crate) struct Landed {
    pub(crate) rows: Rows,
    pub(crate) count: usize,
    /// What asks for the next page; `None` says that this was the last one.
    pub(crate) after: Option<String>,
    pub(crate) milestone: Option<Milestone>,
    pub(crate) unproven: Option<String>,
    pub(crate) unavailable: Option<String>,
}

impl Landed {
    pub(crate) fn of(rows: Rows, count: usize, after: Option<String>) -> Self {
        Self {
            rows,
            count,
            after,
            milestone: None,
            unproven: None,
            unavailable: None,
        }
    }
}

/// Stores the pages of one stream in their order, one at a time, while the next one is fetched.
pub(crate) struct Lander<'l, 'w> {
    work: &'l Work<'w>,
    stream: &'l Stream,
    rows_seen: u64,
    writing: Option<Writing>,
}

struct Writing {
    handle: JoinHandle<Result<(), StoreError>>,
    rows_in_stream: u64,
    rows_in_page: u64,
    done: bool,
}

impl<'l, 'w> Lander<'l, 'w> {
    pub(crate) fn new(work: &'l Work<'w>, stream: &'l Stream, rows_seen: u64) -> Self {
        Self {
            work,
            stream,
            rows_seen,
            writing: None,
        }
    }

    /// Begins to store a page of `count` rows, once the one before it is stored. `after` asks for
    /// the next page; `None` says that this was the last one.
    pub(crate) async fn land(
        &mut self,
        rows: Rows,
        count: usize,
        after: Option<String>,
    ) -> Result<(), SyncError> {
        self.land_all(Landed::of(rows, count, after)).await
    }

    /// Writes down that there is nothing in the stream, or nothing more.
    pub(crate) async fn nothing(&mut self, milestone: Option<Milestone>) -> Result<(), SyncError> {
        let landed = Landed {
            milestone,
            ..Landed::of(Rows::Nothing, 0, None)
        };
        self.land_all(landed).await?;
        self.settle().await
    }

    /// Writes down that the stream cannot be read, and why; after what was handed over before.
    pub(crate) async fn unavailable(&mut self, reason: &str) -> Result<(), SyncError> {
        // What could not be read this time has to be read whole once it can.
        let milestone = match self.stream {
            Stream::Associations { from, to } => {
                Some(Milestone::Pair(from.clone(), to.clone(), None))
            }
            _ => None,
        };
        let landed = Landed {
            milestone,
            unavailable: Some(reason.to_owned()),
            ..Landed::of(Rows::Nothing, 0, None)
        };
        self.land_all(landed).await?;
        self.settle().await
    }

    /// Like [`Lander::land`], with what the page means beyond its stream.
    pub(crate) async fn land_all(&mut self, landed: Landed) -> Result<(), SyncError> {
        self.settle().await?;
        let rows_in_page = u64::try_from(landed.count).unwrap_or(u64::MAX);
        self.rows_seen += rows_in_page;
        let done = landed.after.is_none();
        let page = Page {
            rows: landed.rows,
            cursor: Cursor {
                stream: self.stream.to_string(),
                generation: self.work.generation,
                after: landed.after,
                done,
                unavailable: landed.unavailable,
                rows_seen: self.rows_seen,
                unproven: landed.unproven,
            },
            milestone: landed.milestone,
            at: self.work.clock.now(),
        };
        let store = self.work.store.clone();
        let landing = Arc::clone(&self.work.landing);
        let handle = self
            .work
            .writes
            .spawn_blocking(move || landing.land(&store, &page));
        self.writing = Some(Writing {
            handle,
            rows_in_stream: self.rows_seen,
            rows_in_page,
            done,
        });
        Ok(())
    }

    /// Waits until everything handed over is stored.
    pub(crate) async fn settle(&mut self) -> Result<(), SyncError> {
        let Some(writing) = self.writing.take() else {
            return Ok(());
        };
        writing.handle.await.map_err(|_| SyncError::WriterDied)??;
        let stream = self.stream.to_string();
        let progress = self.work.meter.stored(&Stored {
            stream: &stream,
            rows_in_stream: writing.rows_in_stream,
            rows_in_page: writing.rows_in_page,
            done: writing.done,
            calls: self.work.calls(),
            at: self.work.clock.now(),
        });
        (self.work.progress)(progress);
        Ok(())
    }
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
