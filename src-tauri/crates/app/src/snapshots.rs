//! Snapshots: freezing a portal into a file, and reading such a file here or anywhere else.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crm::{Moment, PortalId};
use store::{
    SavedSnapshot, SnapshotError, SnapshotHead, SnapshotId, SnapshotProgress, SnapshotRequest,
};
use tokio_util::sync::CancellationToken;

use crate::app::{App, blocking};
use crate::faults::cancelled;
use crate::hint;
use crate::open_portal::OpenPortal;
use crate::portals::valid_name;
use crate::views::{
    CopyId, Event, JobId, NoArgs, OpenSnapshotView, Phase, Progress, SavedSnapshotView,
    SnapshotDeleteArgs, SnapshotList, SnapshotMark, SnapshotOpenArgs, SnapshotRefArgs,
    SnapshotSaveArgs,
};
use crate::wire::{ErrorCode, WireError};

/// How often progress is told at most.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// What a snapshot's file is called where nobody says otherwise.
const ENDING: &str = "plumbline";

/// The most snapshots that are open at once; each keeps its histories in memory.
const MOST_OPEN: usize = 16;

impl App {
    /// Freezes a portal as it is now into one encrypted file under a passphrase of its own: without
    /// tokens and without the journal. Needs no network.
    ///
    /// # Errors
    /// When the portal was never read completely, the file exists, the disk is full, or it was
    /// cancelled. No part of a file is left then.
    pub async fn snapshot_save(
        &self,
        args: SnapshotSaveArgs,
    ) -> Result<SavedSnapshotView, WireError> {
        let job = self.inner.jobs.begin(&args.job)?;
        let entry = self.entry(args.portal).await?;
        let portal = self.portal(args.portal).await?;
        let name = match args.name.as_deref() {
            Some(name) => valid_name(name)?,
            None => entry.name,
        };
        let now = self.now();
        let to = match args.to.as_deref() {
            Some(path) => whole_path(path)?,
            None => self
                .inner
                .dir
                .snapshots()?
                .join(file_name(args.portal, now)),
        };
        let registry = self.unlocked()?.registry;
        let mut on_progress = self.teller(&args.job, Some(args.portal), job.cancel.clone());
        let saved = portal
            .with_store(move |store| {
                let synced = store.read(store::last_finished_run)?;
                let Some(synced) = synced else {
                    return Err(WireError::bad_input(
                        "This portal has not been read completely yet, so there is nothing to freeze.",
                        hint::SYNC_FIRST,
                    ));
                };
                let saved = SavedSnapshot {
                    id: SnapshotId::random().map_err(store::StoreError::from)?,
                    portal: store.id(),
                    name: name.clone(),
                    path: to.clone(),
                    taken_at: now,
                    complete_to: Some(synced.started_at),
                };
                let request = SnapshotRequest {
                    id: saved.id,
                    to,
                    name,
                    taken_at: now,
                };
                registry.note_snapshot(&saved)?;
                match store::save_snapshot(store, &request, &args.passphrase, &mut on_progress) {
                    Ok(_) => Ok(saved),
                    Err(error) => {
                        // What was not saved is nothing to remember.
                        registry.strike_snapshot(saved.id)?;
                        Err(error.into())
                    }
                }
            })
            .await?;
        Ok(saved_view(saved))
    }

    /// The snapshots that were saved from this machine, and those that are open in this program.
    ///
    /// # Errors
    /// When the vault is shut.
    pub async fn snapshots(&self, _: NoArgs) -> Result<SnapshotList, WireError> {
        let registry = self.unlocked()?.registry;
        let saved = blocking(move || {
            let saved = registry.snapshots()?;
            Ok(saved.into_iter().map(saved_view).collect())
        })
        .await?;
        let copies: Vec<OpenPortal> = self
            .inner
            .snapshots
            .lock()
            .await
            .values()
            .cloned()
            .collect();
        let mut open = Vec::new();
        for copy in copies {
            let info = copy.with_store(|store| Ok(store.info()?)).await?;
            open.extend(copy.snapshot().map(|snapshot| OpenSnapshotView {
                snapshot,
                time_zone: info.time_zone,
                home_currency: info.home_currency,
            }));
        }
        open.sort_by_key(|copy| (copy.snapshot.taken_at, copy.snapshot.id));
        Ok(SnapshotList { saved, open })
    }

    /// Opens a snapshot's file, read-only, until it is closed or the program ends. Needs no network,
    /// no vault and no portal: its passphrase is enough. Opening it again finds it open.
    ///
    /// # Errors
    /// When the passphrase is wrong, the file is no snapshot, is damaged or newer than this program,
    /// or it was cancelled.
    pub async fn snapshot_open(&self, args: SnapshotOpenArgs) -> Result<SnapshotMark, WireError> {
        let job = self.inner.jobs.begin(&args.job)?;
        let path = whole_path(&args.path)?;
        let dir = self.inner.dir.clone();
        let mut on_progress = self.teller(&args.job, None, job.cancel.clone());
        let store = blocking(move || {
            Ok(store::open_snapshot(
                &dir,
                &path,
                &args.passphrase,
                &mut on_progress,
            )?)
        })
        .await?;
        let Some(head) = store.snapshot().cloned() else {
            return Err(SnapshotError::NotASnapshot.into());
        };
        let mut open = self.inner.snapshots.lock().await;
        if !open.contains_key(&head.id) {
            if open.len() >= MOST_OPEN {
                return Err(WireError::bad_input(
                    "Too many snapshots are open.",
                    "Close one, and open this one then.",
                ));
            }
            open.insert(head.id, OpenPortal::new(store));
        }
        drop(open);
        self.tell(Event::PortalsChanged);
        Ok(mark(&head))
    }

    /// Closes an open snapshot. True when it was open.
    ///
    /// # Errors
    /// None today.
    pub async fn snapshot_close(&self, args: SnapshotRefArgs) -> Result<bool, WireError> {
        let closed = self.inner.snapshots.lock().await.remove(&args.snapshot);
        self.tell(Event::PortalsChanged);
        Ok(closed.is_some())
    }

    /// Deletes a snapshot's file, and nothing but a snapshot's. The portal is not touched.
    ///
    /// # Errors
    /// When the file is no snapshot or cannot be removed.
    pub async fn snapshot_delete(&self, args: SnapshotDeleteArgs) -> Result<bool, WireError> {
        let path = whole_path(&args.path)?;
        let registry = self.unlocked()?.registry;
        let listed = blocking(move || {
            let mut listed = registry.snapshots()?;
            listed.retain(|saved| saved.path == path);
            let removed = store::delete_snapshot(&path)?;
            for saved in &listed {
                registry.strike_snapshot(saved.id)?;
            }
            Ok((removed || !listed.is_empty()).then_some(listed))
        })
        .await?;
        let Some(listed) = listed else {
            return Err(WireError::bad_input(
                "There is no such snapshot.",
                hint::FIND_SNAPSHOT,
            ));
        };
        let mut open = self.inner.snapshots.lock().await;
        open.retain(|id, _| listed.iter().all(|saved| saved.id != *id));
        drop(open);
        self.tell(Event::PortalsChanged);
        Ok(true)
    }

    /// The copy of this name: a portal's own, or an open snapshot.
    pub(crate) async fn copy(&self, id: CopyId) -> Result<OpenPortal, WireError> {
        match id {
            CopyId::Portal(id) => self.portal(id).await,
            CopyId::Snapshot(id) => {
                let open = self.inner.snapshots.lock().await;
                open.get(&id).cloned().ok_or_else(|| {
                    WireError::new(
                        ErrorCode::UnknownPortal,
                        "This snapshot is not open.",
                        hint::OPEN_SNAPSHOT,
                    )
                })
            }
        }
    }

    /// The present, as a copy knows it: a snapshot's present is the moment it was taken at.
    pub(crate) fn now_in(&self, copy: &OpenPortal) -> Moment {
        let now = self.now();
        copy.snapshot().map_or(now, |mark| now.min(mark.taken_at))
    }

    /// Hands progress on, not too often, and breaks off where the job was cancelled.
    fn teller(
        &self,
        job: &JobId,
        portal: Option<PortalId>,
        cancel: CancellationToken,
    ) -> impl FnMut(SnapshotProgress) -> ControlFlow<()> + Send + 'static {
        let (app, job) = (self.clone(), job.clone());
        let mut told = None::<tokio::time::Instant>;
        move |progress| {
            if cancel.is_cancelled() {
                return ControlFlow::Break(());
            }
            if told.is_none_or(|told| told.elapsed() >= PROGRESS_EVERY) {
                told = Some(tokio::time::Instant::now());
                app.tell(Event::Progress {
                    job: job.clone(),
                    portal,
                    progress: in_hundredths(progress),
                });
            }
            ControlFlow::Continue(())
        }
    }
}

impl OpenPortal {
    /// Which snapshot this is; none for a portal's own copy.
    pub(crate) fn snapshot(&self) -> Option<SnapshotMark> {
        self.store.snapshot().map(mark)
    }
}

fn in_hundredths(progress: SnapshotProgress) -> Progress {
    let hundredths = (progress.done * 100)
        .checked_div(progress.total)
        .unwrap_or(100);
    Progress {
        phase: Phase::Freezing,
        what: "snapshot".to_owned(),
        steps_done: u32::try_from(hundredths).unwrap_or(100),
        steps_total: 100,
        done: progress.done,
        per_second: 0.0,
        seconds_left: None,
        calls: 0,
        calls_left: None,
    }
}

fn mark(head: &SnapshotHead) -> SnapshotMark {
    SnapshotMark {
        id: head.id,
        portal: head.portal,
        name: head.name.clone(),
        taken_at: head.taken_at,
        complete_to: head.complete_to,
    }
}

fn saved_view(saved: SavedSnapshot) -> SavedSnapshotView {
    SavedSnapshotView {
        bytes: saved.path.metadata().ok().map(|metadata| metadata.len()),
        path: saved.path.display().to_string(),
        snapshot: SnapshotMark {
            id: saved.id,
            portal: saved.portal,
            name: saved.name,
            taken_at: saved.taken_at,
            complete_to: saved.complete_to,
        },
    }
}

/// Ids and times alone: a folder's listing must not tell who the clients are.
fn file_name(portal: PortalId, at: Moment) -> String {
    format!(
        "{portal}-{}.{ENDING}",
        at.timestamp().strftime("%Y%m%dT%H%M%S%3fZ")
    )
}

/// A path that means the same wherever the program was started.
fn whole_path(path: &str) -> Result<PathBuf, WireError> {
    let path = Path::new(path);
    if path.is_absolute() && path.file_name().is_some() {
        Ok(path.to_owned())
    } else {
        Err(WireError::bad_input(
            "A snapshot's file is named with its whole path.",
            "Begin at the root, such as /home/me/acme.plumbline.",
        ))
    }
}

/// Said where a snapshot was given to something that only a portal can do.
pub(crate) fn portal_wanted() -> WireError {
    WireError::bad_input(
        "This is a snapshot: it is frozen, is never read anew, and nothing is written from it.",
        hint::TURN_TO_PORTAL,
    )
}

impl From<SnapshotError> for WireError {
    fn from(error: SnapshotError) -> Self {
        match error {
            SnapshotError::WrongPassphrase => Self::new(
                ErrorCode::WrongPassphrase,
                "This passphrase does not open the snapshot. Nothing was changed.",
                "Try again. A snapshot has a passphrase of its own; a forgotten one cannot be recovered.",
            ),
            SnapshotError::EmptyPassphrase => Self::new(
                ErrorCode::WrongPassphrase,
                "An empty passphrase protects nothing. Nothing was saved.",
                hint::CHOOSE_SNAPSHOT_PASSPHRASE,
            ),
            SnapshotError::Newer => Self::new(
                ErrorCode::NewerData,
                "This snapshot was made by a newer version of Plumbline.",
                "Update Plumbline. Nothing was opened or changed.",
            ),
            SnapshotError::CutOff | SnapshotError::Damaged(_) => Self::new(
                ErrorCode::Damaged,
                format!("Nothing of it is shown: {error}."),
                "Copy the file again from where it came, or save a new snapshot.",
            ),
            SnapshotError::NotASnapshot => Self::bad_input(
                "This file is not a snapshot of Plumbline's.",
                hint::CHOOSE_SNAPSHOT,
            ),
            SnapshotError::AlreadyThere => Self::bad_input(
                "There is a file of this name already. It was not touched.",
                "Choose another name for the snapshot.",
            ),
            SnapshotError::NameTooLong => {
                Self::bad_input("The name is too long.", "Choose a shorter one.")
            }
            SnapshotError::Cancelled => cancelled("Stopped; nothing was left behind."),
            SnapshotError::ReadOnly => portal_wanted(),
        }
    }
}
