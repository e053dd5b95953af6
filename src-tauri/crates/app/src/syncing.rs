//! Reading a portal into its copy.

use std::time::Duration;

use crm::{Moment, PortalId};
use hubspot::Client;
use store::{Cursor, PortalStore, PortalWork, RunKind, RunOutcome, StoreError, SyncRun};
use sync::{SyncError, SyncOptions, SyncReport};

use crate::app::App;
use crate::faults::cancelled;
use crate::forecasting::zone;
use crate::hint;
use crate::open_portal::OpenPortal;
use crate::verifying::reconciliation;
use crate::views::{
    CopyArgs, Event, JobId, Phase, Progress, StreamView, SyncArgs, SyncKind, SyncOutcome,
    SyncReportView, SyncRunView, SyncStatus,
};
use crate::wire::{ErrorCode, WireError, internal};

/// How many past runs are told.
const RUNS_TOLD: u32 = 20;

/// How often progress is told at most. Ten times a second is as fast as an eye follows.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

impl App {
    /// Reads a portal into its copy; goes on where an earlier run stopped.
    ///
    /// # Errors
    /// When HubSpot cannot be read, the disk is full, or it was cancelled. What was read stays, and
    /// the next run goes on from there.
    pub async fn sync(&self, args: SyncArgs) -> Result<SyncReportView, WireError> {
        let job = self.inner.jobs.begin(&args.job)?;
        let portal = self.portal(args.portal).await?;
        let _turn = turn(&portal)?;
        let _run = self.begin_run(&portal).await?;
        let client = self.reach(&portal, &job.cancel).await?;
        let tell = self.tell_reading(&args.job, args.portal, &client);
        let clock = &*self.inner.environment.clock;
        let options = SyncOptions {
            verify: true,
            full: args.full,
            reconcile: args.reconcile,
            ..portal.sync_options().await?
        };
        let before = client.usage().calls;
        let result = sync::run(&client, &portal.store, &options, clock, &tell, &job.cancel).await;
        portal.forget_loaded().await;
        self.tell(Event::PortalsChanged);
        let report = self.settle(&portal, &client, result).await?;
        self.keep_scores(&portal).await;
        let calls = client.usage().calls - before;
        Ok(view(args.portal, report, calls))
    }

    /// Tells the progress of work that reads a portal, not more often than anybody looks.
    pub(crate) fn tell_reading<'a>(
        &'a self,
        job: &'a JobId,
        portal: PortalId,
        client: &'a Client,
    ) -> impl Fn(sync::Progress) + Send + Sync + 'a {
        let last_told = std::sync::Mutex::new(None::<tokio::time::Instant>);
        move |progress| {
            let mut last = last_told
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            if last.is_some_and(|told| told.elapsed() < PROGRESS_EVERY) {
                return;
            }
            *last = Some(tokio::time::Instant::now());
            let calls_left = client.usage().left_today();
            self.tell(reading(job, portal, &progress, calls_left));
        }
    }

    /// The state of a portal's copy and its last runs.
    ///
    /// # Errors
    /// When the portal is unknown or its file cannot be read.
    pub async fn sync_status(&self, args: CopyArgs) -> Result<SyncStatus, WireError> {
        let portal = self.copy(args.portal).await?;
        let running_here = portal.syncing.try_lock().is_err();
        let snapshot = portal.snapshot();
        let now = self.now_in(&portal);
        portal
            .with_store(move |store| {
                // Another process may be at it, and this one see its rows.
                let running = running_here || store.is_locked(PortalWork::Run)?;
                let (last, cursors, runs, found, full_calls) = store.read(|connection| {
                    let runs = store::recent_runs(connection, RUNS_TOLD)?;
                    let generation = runs.first().map_or(0, |run| run.generation);
                    let cursors = store::cursors(connection, generation)?;
                    let found = store::last_reconciliation(connection)?;
                    let last = store::last_finished_run(connection)?;
                    let full_calls = store::calls_of_full_pass(connection)?;
                    Ok((last, cursors, runs, found, full_calls))
                })?;
                Ok(SyncStatus {
                    portal: args.portal,
                    snapshot,
                    synced_at: last.map(|run| run.started_at),
                    running,
                    full_calls,
                    calls_left: calls_left(store, now)?,
                    streams: cursors.into_iter().map(stream).collect(),
                    reconciliation: found.map(reconciliation),
                    runs: runs.into_iter().map(|run| run_view(run, running)).collect(),
                })
            })
            .await
    }
}

impl From<SyncError> for WireError {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::HubSpot { error, .. } => error.into(),
            SyncError::Store(error) => error.into(),
            SyncError::Cancelled => cancelled("Stopped. What was read is kept."),
            SyncError::WrongPortal { .. } => WireError::new(
                ErrorCode::Refused,
                "The token belongs to another portal than this copy. Nothing was read.",
                hint::RECONNECT_TO_THE_RIGHT_ONE,
            ),
            SyncError::CursorRepeated { .. }
            | SyncError::EmptyPages { .. }
            | SyncError::NoProgress { .. } => WireError::new(
                ErrorCode::Refused,
                format!("HubSpot's pages do not fit together ({error}). What was read is kept."),
                hint::SYNC_GOES_ON,
            )
            .passing(),
            SyncError::WriterDied => internal("the writing of the copy ended early"),
        }
    }
}

/// The turn to read a portal: one at a time.
///
/// # Errors
/// [`ErrorCode::InUse`] while somebody else has it.
pub(crate) fn turn(portal: &OpenPortal) -> Result<tokio::sync::MutexGuard<'_, ()>, WireError> {
    portal.syncing.try_lock().map_err(|_| {
        WireError::new(
            ErrorCode::InUse,
            "This portal is being read already.",
            hint::WAIT_FOR_SYNC,
        )
        .passing()
    })
}

fn reading(
    job: &JobId,
    portal: PortalId,
    progress: &sync::Progress,
    calls_left: Option<u64>,
) -> Event {
    let (phase, what) = match progress.stream.strip_prefix("verify/") {
        Some(object) => (Phase::Checking, object),
        None => (Phase::Reading, progress.stream.as_str()),
    };
    Event::Progress {
        job: job.clone(),
        portal: Some(portal),
        progress: Progress {
            phase,
            what: what.to_owned(),
            steps_done: count(progress.streams_done),
            steps_total: count(progress.streams_total),
            done: progress.total_rows,
            per_second: progress.rows_per_second,
            seconds_left: progress.seconds_left,
            calls: progress.calls,
            calls_left,
        },
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What HubSpot said is left of the day's calls, where it said so today.
fn calls_left(store: &PortalStore, now: Moment) -> Result<Option<u64>, StoreError> {
    let zone = zone(&store.info()?);
    let today = now.date_in(&zone);
    let told = store.api_day()?.filter(|told| told.day == today);
    Ok(told.and_then(|told| told.remaining))
}

/// `calls` are all that the sync made, its comparison included.
fn view(portal: PortalId, report: SyncReport, calls: u64) -> SyncReportView {
    SyncReportView {
        portal,
        kind: kind(report.kind),
        outcome: match report.outcome {
            RunOutcome::Done => SyncOutcome::Done,
            RunOutcome::Cancelled => SyncOutcome::Cancelled,
            RunOutcome::Failed => SyncOutcome::Failed,
        },
        rows: report.rows,
        calls: report.calls,
        calls_to_check: calls.saturating_sub(report.calls),
        seconds: report.seconds,
        streams: report
            .streams
            .into_iter()
            .map(|stream| StreamView {
                stream: stream.stream,
                rows: stream.rows,
                unavailable: stream.unavailable,
                unproven: stream.unproven,
            })
            .collect(),
        reconciliation: report.reconciliation.map(reconciliation),
    }
}

fn kind(kind: RunKind) -> SyncKind {
    match kind {
        RunKind::Full => SyncKind::Full,
        RunKind::Resumed => SyncKind::Resumed,
        RunKind::Changes => SyncKind::Changes,
    }
}

fn stream(cursor: Cursor) -> StreamView {
    StreamView {
        stream: cursor.stream,
        rows: cursor.rows_seen,
        unavailable: cursor.unavailable,
        unproven: cursor.unproven,
    }
}

/// A run without an end is running if anything is, and was interrupted otherwise.
fn run_view(run: SyncRun, running: bool) -> SyncRunView {
    let interrupted = run.error_code.as_deref() == Some("interrupted");
    SyncRunView {
        started_at: run.started_at,
        finished_at: run.finished_at,
        outcome: match run.outcome {
            Some(RunOutcome::Done) => SyncOutcome::Done,
            Some(RunOutcome::Cancelled) => SyncOutcome::Cancelled,
            Some(RunOutcome::Failed) if interrupted => SyncOutcome::Interrupted,
            Some(RunOutcome::Failed) => SyncOutcome::Failed,
            None if running => SyncOutcome::Running,
            None => SyncOutcome::Interrupted,
        },
        kind: kind(run.kind),
        rows: run.records,
        calls: run.calls,
        error_code: run.error_code,
    }
}
