//! What the streams of a run share: the client, the store, the way to stop, and the writing that
//! goes on while the next page is on its way.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use crm::ObjectType;
use hubspot::{Client, Clock, Kind};
use store::{Cursor, PortalStore, StoreError};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::SyncError;
use crate::landing::{Landing, Page, Rows};
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

    /// Whether a stream of this generation was found to be unreadable.
    pub(crate) async fn is_unavailable(&self, stream: &Stream) -> Result<bool, SyncError> {
        let (generation, name) = (self.generation, stream.to_string());
        self.in_store(move |store| {
            let cursors = store.read(|connection| store::cursors(connection, generation))?;
            let found = cursors.iter().find(|cursor| cursor.stream == name);
            Ok(found.is_some_and(|cursor| cursor.unavailable.is_some()))
        })
        .await
    }

    pub(crate) fn calls(&self) -> u64 {
        self.client.usage().calls.saturating_sub(self.calls_before)
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
        let done = after.is_none();
        self.write(rows, count, after, done, None).await
    }

    /// Writes down that the stream cannot be read, and why; after what was handed over before.
    pub(crate) async fn unavailable(&mut self, reason: &str) -> Result<(), SyncError> {
        let reason = Some(reason.to_owned());
        self.write(Rows::Nothing, 0, None, true, reason).await?;
        self.settle().await
    }

    async fn write(
        &mut self,
        rows: Rows,
        count: usize,
        after: Option<String>,
        done: bool,
        unavailable: Option<String>,
    ) -> Result<(), SyncError> {
        self.settle().await?;
        let rows_in_page = u64::try_from(count).unwrap_or(u64::MAX);
        self.rows_seen += rows_in_page;
        let page = Page {
            rows,
            cursor: Cursor {
                stream: self.stream.to_string(),
                generation: self.work.generation,
                after,
                done,
                unavailable,
                rows_seen: self.rows_seen,
            },
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
