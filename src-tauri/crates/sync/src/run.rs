//! One run: what is left of a generation, phase after phase.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use hubspot::{Client, Clock};
use store::{Cursor, PortalStore, RunOutcome, SyncRun};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::SyncError;
use crate::landing::{Landing, OneTransaction};
use crate::meter::{Meter, Progress};
use crate::options::{ObjectPlan, SyncOptions};
use crate::plan::{Stream, plan};
use crate::report::{StreamReport, SyncReport};
use crate::streams;
use crate::work::{Work, unavailable_because};

/// Reads a portal into its store: goes on with an unfinished generation, or begins a new one.
///
/// One run a portal at a time; the caller sees to that. `progress` is called after every page, from
/// this task. `cancel` stops the run within the time of one write of a page; its report then says
/// [`RunOutcome::Cancelled`], and the next run goes on where this one stopped.
///
/// # Errors
/// [`SyncError`]; whatever was stored until then stays.
pub async fn run(
    client: &Client,
    store: &PortalStore,
    options: &SyncOptions,
    clock: &dyn Clock,
    progress: &(dyn Fn(Progress) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<SyncReport, SyncError> {
    let landing = Arc::new(OneTransaction);
    run_landing(client, store, options, clock, progress, cancel, landing).await
}

/// Like [`run`], with another way of storing pages: for the harness that shows what the one right
/// way is worth.
///
/// # Errors
/// Those of [`run`].
pub async fn run_landing(
    client: &Client,
    store: &PortalStore,
    options: &SyncOptions,
    clock: &dyn Clock,
    progress: &(dyn Fn(Progress) + Send + Sync),
    cancel: &CancellationToken,
    landing: Arc<dyn Landing>,
) -> Result<SyncReport, SyncError> {
    let started_at = clock.now();
    let writes = TaskTracker::new();
    let begun = {
        let (store, options) = (store.clone(), options.clone());
        writes.spawn_blocking(move || begin(&store, &options, started_at))
    };
    let (mut run, cursors) = begun.await.map_err(|_| SyncError::WriterDied)??;
    let steps = plan(&options.objects, &cursors);
    let mut work = Work {
        client,
        store,
        options: options.clone(),
        clock,
        progress,
        cancel,
        landing,
        generation: run.generation,
        calls_before: client.usage().calls,
        meter: Meter::new(started_at, steps.standings()),
        writes,
    };
    tracing::info!(portal = %store.id(), run = run.id, generation = run.generation, "sync began");
    let worked = read_all(&mut work, &cursors).await;

    // Streams that were dropped on the way may still be writing.
    work.writes.close();
    work.writes.wait().await;
    let ended_at = clock.now();
    run.finished_at = Some(ended_at);
    run.records = work.meter.total_rows();
    run.calls = work.calls();
    let (outcome, error_code) = match &worked {
        Ok(()) => (RunOutcome::Done, None),
        Err(SyncError::Cancelled) => (RunOutcome::Cancelled, None),
        Err(error) => (RunOutcome::Failed, Some(error.code().to_owned())),
    };
    tracing::info!(
        portal = %store.id(), run = run.id, ?outcome, rows = run.records, calls = run.calls,
        "sync ended"
    );
    run.outcome = Some(outcome);
    run.error_code = error_code;
    let ended = run.clone();
    let written = work
        .in_store(move |store| {
            store.write(|tx| store::finish_run(tx, &ended))?;
            store.read(|connection| store::cursors(connection, ended.generation))
        })
        .await;
    if let Err(error) = worked
        && !matches!(error, SyncError::Cancelled)
    {
        // What ended the run says more than a failure to write that down.
        return Err(error);
    }
    Ok(report(&run, outcome, &work.options, &written?, started_at))
}

/// A plan for each custom type that the portal has. A portal whose plan or token has none of them
/// is read without.
pub(crate) async fn custom_types(work: &Work<'_>) -> Result<Vec<ObjectPlan>, SyncError> {
    if !work.options.custom_types {
        return Ok(Vec::new());
    }
    match work.ask("schemas", work.client.schemas()).await {
        Ok(schemas) => Ok(schemas
            .iter()
            .filter(|schema| !schema.archived)
            .map(|schema| ObjectPlan::of_custom_type(schema, &work.options.objects))
            .collect()),
        Err(error) if unavailable_because(&error).is_some() => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Writes down that a run begins, and tells where the streams of its generation stand.
fn begin(
    store: &PortalStore,
    options: &SyncOptions,
    at: crm::Moment,
) -> Result<(SyncRun, Vec<Cursor>), store::StoreError> {
    store.write(|tx| {
        let (generation, kind) = store::open_generation(tx, at, options.restart)?;
        let run = SyncRun {
            id: store::start_run(tx, kind, generation, at)?,
            kind,
            generation,
            started_at: at,
            finished_at: None,
            outcome: None,
            error_code: None,
            records: 0,
            calls: 0,
        };
        Ok((run, store::cursors(tx, generation)?))
    })
}

async fn read_all(work: &mut Work<'_>, cursors: &[Cursor]) -> Result<(), SyncError> {
    // Who answers is asked before anything else is.
    streams::account(work).await?;
    let custom = custom_types(work).await?;
    work.options.objects.extend(custom);
    let work = &*work;
    let plan = plan(&work.options.objects, cursors);
    work.meter.add(plan.standings());
    streams::estimate(work, &plan).await;
    for phase in &plan.phases {
        let open = phase
            .iter()
            .filter(|step| step.is_open() && step.stream != Stream::Account);
        stream::iter(open)
            .map(Ok)
            .try_for_each_concurrent(work.options.concurrency.max(1), |step| {
                streams::read(work, step)
            })
            .await?;
    }
    Ok(())
}

fn report(
    run: &SyncRun,
    outcome: RunOutcome,
    options: &SyncOptions,
    cursors: &[Cursor],
    started_at: crm::Moment,
) -> SyncReport {
    let standing = plan(&options.objects, cursors);
    let streams = standing.steps().map(StreamReport::from);
    SyncReport {
        run_id: run.id,
        generation: run.generation,
        kind: run.kind,
        outcome,
        streams: streams.collect(),
        rows: run.records,
        calls: run.calls,
        seconds: run
            .finished_at
            .unwrap_or(started_at)
            .since(started_at)
            .as_secs_f64(),
    }
}
