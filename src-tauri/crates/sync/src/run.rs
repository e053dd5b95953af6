//! One run: what is left of a generation, phase after phase.

use std::sync::Arc;

use crm::Moment;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use hubspot::{AccountInfo, Client, Clock};
use jiff::SignedDuration;
use store::{Cursor, PortalStore, RunOutcome, SyncRun};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::SyncError;
use crate::granted::Granted;
use crate::landing::{Landing, OneTransaction};
use crate::meter::{Meter, Progress};
use crate::options::{ObjectPlan, SyncOptions};
use crate::plan::{Reach, Stream, plan};
use crate::refusals::{self, Refusals};
use crate::report::{StreamReport, SyncReport};
use crate::streams;
use crate::verify;
use crate::work::{Work, unavailable_because};

/// Reads a portal into its store: goes on with an unfinished pass, or begins one. The first pass
/// reads everything; later ones read what changed, unless [`SyncOptions::full`] says otherwise.
///
/// One run a portal at a time; the caller sees to that. `progress` is called after every page, from
/// this task. `cancel` stops the run once the few pages are stored that were read; its report then says
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
    let calls_before = client.usage().calls;
    let store = &store.beside_writing();
    let writes = TaskTracker::new();
    // Who answers is asked before anything else is, and the answer tells HubSpot's time: this
    // machine's clock may be hours off, and what a pass reads is complete as of HubSpot's.
    let account = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(SyncError::Cancelled),
        account = client.account() => account.map_err(|error| SyncError::HubSpot {
            stream: Stream::Account.to_string(),
            error,
        }),
    };
    let at = Began {
        ours: started_at,
        theirs: account
            .is_ok()
            .then(|| within_a_second(started_at, client.hubspot_now())),
    };
    let begun = {
        let (store, options) = (store.clone(), options.clone());
        writes.spawn_blocking(move || begin(&store, &options, at))
    };
    let begun = begun.await.map_err(|_| SyncError::WriterDied)??;
    let (mut run, cursors, reach) = (begun.run, begun.cursors, begun.reach);
    let steps = plan(&options.objects, &reach, &cursors);
    let mut work = Work {
        client,
        store,
        options: options.clone(),
        clock,
        progress,
        cancel,
        landing,
        generation: run.generation,
        began: begun.began,
        calls_before,
        meter: Meter::new(started_at, steps.standings()),
        refusals: Refusals::default(),
        granted: Granted::default(),
        writes,
    };
    tracing::info!(portal = %store.id(), run = run.id, generation = run.generation, "sync began");
    let worked = match account {
        Ok(account) => read_all(&mut work, account, &reach, &cursors).await,
        Err(error) => Err(error),
    };

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
    let scopes = work.granted.scopes.clone();
    let written = work
        .in_store(move |store| {
            store.write(|tx| {
                if outcome == RunOutcome::Done {
                    store::no_association_is_due(tx)?;
                    store::note_scopes(tx, ended.id, &scopes)?;
                }
                store::finish_run(tx, &ended)
            })?;
            // What was purged must not stay readable in the log.
            store.checkpoint()?;
            store.read(|connection| store::cursors(connection, ended.generation))
        })
        .await;
    if let Err(error) = worked
        && !matches!(error, SyncError::Cancelled)
    {
        // What ended the run says more than a failure to write that down.
        return Err(error);
    }
    let cursors = written?;
    let standing = plan(&work.options.objects, &reach, &cursors);
    let streams = standing.steps().map(|step| {
        let name = step.stream.to_string();
        let cursor = cursors.iter().find(|cursor| cursor.stream == name);
        StreamReport::new(step, cursor.and_then(|cursor| cursor.unproven.clone()))
    });
    let streams = streams.collect();
    let mut report = report(&run, outcome, streams, started_at);
    if outcome == RunOutcome::Done && work.options.verify {
        let whole = matches!(reach, Reach::Everything);
        report.reconciliation = Some(verify::after_run(&work, work.began, whole).await);
    }
    Ok(report)
}

/// Finds out which custom types the portal has, and which of all types HubSpot lets this token read as
/// far as that was refused before. A portal whose plan or token has no custom types is read without.
pub(crate) async fn types(work: &mut Work<'_>) -> Result<(), SyncError> {
    let to_ask = refusals::recall(work).await?;
    let custom = custom_types(work).await?;
    work.options.objects.extend(custom);
    refusals::ask_again(work, to_ask).await
}

/// A plan for each custom type.
async fn custom_types(work: &Work<'_>) -> Result<Vec<ObjectPlan>, SyncError> {
    if !work.options.custom_types || work.refusals.reason(refusals::SCHEMAS).is_some() {
        return Ok(Vec::new());
    }
    match work.ask(refusals::SCHEMAS, work.client.schemas()).await {
        Ok(schemas) => Ok(schemas
            .iter()
            .filter(|schema| !schema.archived)
            .map(|schema| ObjectPlan::of_custom_type(schema, &work.options.objects))
            .collect()),
        Err(error) => match unavailable_because(&error) {
            Some(reason) => {
                refusals::remember(work, refusals::SCHEMAS, reason).await?;
                Ok(Vec::new())
            }
            None => Err(error),
        },
    }
}

/// A run that has begun.
struct Begun {
    run: SyncRun,
    /// Where the streams of its pass stand.
    cursors: Vec<Cursor>,
    reach: Reach,
    /// When the pass began, by HubSpot's own time.
    began: Moment,
}

/// HubSpot's time, which its answers tell in whole seconds, to the part of a second that our clock
/// shows where the two agree. Should that be too late by as much, the next window still begins well
/// before it.
fn within_a_second(ours: Moment, theirs: Moment) -> Moment {
    let apart = ours.since(theirs).abs();
    if apart <= SignedDuration::from_secs(1) {
        ours
    } else {
        theirs
    }
}

/// When a run begins.
#[derive(Clone, Copy)]
struct Began {
    /// By this machine's clock, which the history of runs is kept in.
    ours: Moment,
    /// By HubSpot's, where it answered.
    theirs: Option<Moment>,
}

/// Writes down that a run begins, and finds out what it is.
fn begin(
    store: &PortalStore,
    options: &SyncOptions,
    at: Began,
) -> Result<Begun, store::StoreError> {
    store.write(|tx| {
        let pass = store::open_pass(tx, at.ours, options.full)?;
        let id = store::start_run(tx, pass.kind, pass.generation, at.ours)?;
        if let Some(theirs) = at.theirs {
            store::note_hubspot_time(tx, id, theirs)?;
        }
        let run = SyncRun {
            id,
            kind: pass.kind,
            generation: pass.generation,
            started_at: at.ours,
            finished_at: None,
            outcome: None,
            error_code: None,
            records: 0,
            calls: 0,
        };
        let reach = if pass.whole {
            Reach::Everything
        } else {
            let known = store::change_cursors(tx)?;
            Reach::Changes(known.into_iter().map(|cursor| cursor.object).collect())
        };
        Ok(Begun {
            run,
            cursors: store::cursors(tx, pass.generation)?,
            reach,
            began: store::pass_began(tx, pass.generation)?.unwrap_or(pass.began),
        })
    })
}

async fn read_all(
    work: &mut Work<'_>,
    account: AccountInfo,
    reach: &Reach,
    cursors: &[Cursor],
) -> Result<(), SyncError> {
    streams::account(work, account).await?;
    types(work).await?;
    let work = &*work;
    let plan = plan(&work.options.objects, reach, cursors);
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
    streams: Vec<StreamReport>,
    started_at: Moment,
) -> SyncReport {
    SyncReport {
        run_id: run.id,
        generation: run.generation,
        kind: run.kind,
        outcome,
        streams,
        rows: run.records,
        calls: run.calls,
        seconds: run
            .finished_at
            .unwrap_or(started_at)
            .since(started_at)
            .as_secs_f64(),
        reconciliation: None,
    }
}
