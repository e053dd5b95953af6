//! The writing of a stream's pages, which goes on while the next ones are on their way.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use store::{Cursor, PortalStore, StoreError};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::error::SyncError;
use crate::landing::{Landing, Milestone, Page, Rows};
use crate::meter::Stored;
use crate::plan::Stream;
use crate::work::Work;

/// Pages of a stream that may wait for the disk, the ones being written included. A few let HubSpot
/// and the disk work at the same time, and share a transaction where the disk is the slower one.
const PAGES_AHEAD: usize = 4;

/// The same in values, so that pages of a thousand properties do not fill the memory.
const VALUES_AHEAD: usize = 20_000;

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

/// Stores the pages of one stream in their order while the next ones are fetched.
pub(crate) struct Lander<'l, 'w> {
    work: &'l Work<'w>,
    stream: &'l Stream,
    rows_seen: u64,
    waiting: Arc<Mutex<Waiting>>,
    /// Tells how many pages were stored, or why none is any more. Closed when the writer rests.
    stored: Option<UnboundedReceiver<Result<usize, StoreError>>>,
    /// What was handed over and is not known to be stored.
    ahead: VecDeque<Ahead>,
}

/// What the writer takes its work from.
#[derive(Default)]
struct Waiting {
    pages: Vec<Page>,
    /// Whether a thread is there that will take them.
    is_writing: bool,
}

struct Ahead {
    rows_in_stream: u64,
    rows_in_page: u64,
    values: usize,
    done: bool,
}

impl<'l, 'w> Lander<'l, 'w> {
    pub(crate) fn new(work: &'l Work<'w>, stream: &'l Stream, rows_seen: u64) -> Self {
        Self {
            work,
            stream,
            rows_seen,
            waiting: Arc::default(),
            stored: None,
            ahead: VecDeque::new(),
        }
    }

    /// Hands over a page of `count` rows. `after` asks for the next page; `None` says that this was
    /// the last one.
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
    ///
    /// The page is stored whatever becomes of this lander, after those before it and unless one of
    /// them cannot be.
    pub(crate) async fn land_all(&mut self, landed: Landed) -> Result<(), SyncError> {
        self.hear()?;
        while self.is_full() {
            self.one_more().await?;
        }
        let rows_in_page = u64::try_from(landed.count).unwrap_or(u64::MAX);
        self.rows_seen += rows_in_page;
        self.ahead.push_back(Ahead {
            rows_in_stream: self.rows_seen,
            rows_in_page,
            values: landed.rows.values(),
            done: landed.after.is_none(),
        });
        let done = landed.after.is_none();
        self.write(Page {
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
        })
    }

    /// Waits until everything handed over is stored.
    pub(crate) async fn settle(&mut self) -> Result<(), SyncError> {
        while !self.ahead.is_empty() {
            self.one_more().await?;
        }
        Ok(())
    }

    fn is_full(&self) -> bool {
        let values: usize = self.ahead.iter().map(|page| page.values).sum();
        self.ahead.len() >= PAGES_AHEAD || values >= VALUES_AHEAD
    }

    /// Gives a page to the thread that writes, or to a new one where there is none.
    fn write(&mut self, page: Page) -> Result<(), SyncError> {
        let mut waiting = lock(&self.waiting);
        waiting.pages.push(page);
        if std::mem::replace(&mut waiting.is_writing, true) {
            return Ok(());
        }
        drop(waiting);
        // The last thread rests, so all it had to tell is there.
        self.hear()?;
        let (tell, stored) = unbounded_channel();
        self.stored = Some(stored);
        let (waiting, store) = (Arc::clone(&self.waiting), self.work.store.clone());
        let landing = Arc::clone(&self.work.landing);
        self.work
            .writes
            .spawn_blocking(move || write_all(&waiting, &store, &*landing, &tell));
        Ok(())
    }

    /// Takes note of what was stored meanwhile.
    fn hear(&mut self) -> Result<(), SyncError> {
        while let Some(told) = self
            .stored
            .as_mut()
            .and_then(|stored| stored.try_recv().ok())
        {
            self.tell(told?);
        }
        Ok(())
    }

    /// Waits for the next transaction.
    async fn one_more(&mut self) -> Result<(), SyncError> {
        let told = match &mut self.stored {
            Some(stored) => stored.recv().await,
            None => None,
        };
        self.tell(told.ok_or(SyncError::WriterDied)??);
        Ok(())
    }

    /// Tells the progress of pages that were stored.
    fn tell(&mut self, pages: usize) {
        let stream = self.stream.to_string();
        for page in self.ahead.drain(..pages.min(self.ahead.len())) {
            let progress = self.work.meter.stored(&Stored {
                stream: &stream,
                rows_in_stream: page.rows_in_stream,
                rows_in_page: page.rows_in_page,
                done: page.done,
                calls: self.work.calls(),
                at: self.work.clock.now(),
            });
            (self.work.progress)(progress);
        }
    }
}

/// Stores what waits until nothing does. After a failure nothing of the stream is stored any more:
/// what follows a lost page must not be there without it.
fn write_all(
    waiting: &Mutex<Waiting>,
    store: &PortalStore,
    landing: &dyn Landing,
    tell: &UnboundedSender<Result<usize, StoreError>>,
) {
    loop {
        let pages = {
            let mut waiting = lock(waiting);
            if waiting.pages.is_empty() {
                waiting.is_writing = false;
                return;
            }
            std::mem::take(&mut waiting.pages)
        };
        let stored = landing.land_all(store, &pages);
        let failed = stored.is_err();
        // Nobody listens where the stream was given up; its pages are stored all the same.
        let _heard = tell.send(stored.map(|()| pages.len()));
        if failed {
            return;
        }
    }
}

fn lock(waiting: &Mutex<Waiting>) -> std::sync::MutexGuard<'_, Waiting> {
    // A list and a flag, sound after any panic.
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}
