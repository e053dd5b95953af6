//! The proof that nothing was lost: HubSpot's own counts beside ours, and every difference explained.
//!
//! A type's records are counted as a whole and by the month of their creation, up to the start of the
//! sync that the copy comes from. Where a count differs the ids are read and compared, and each
//! record that is on one side alone is looked at: it was archived, merged or erased, HubSpot refuses
//! to show it, it is newer than the sync, or it was missed and is read now. What is left is said to
//! be unexplained.

mod counts;
mod difference;
mod repair;
mod samples;
mod span;

use std::collections::BTreeMap;
use std::sync::Arc;

use crm::{Moment, ObjectType};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use hubspot::{Client, Clock};
use store::{Difference, Explained, MonthLine, ObjectReconciliation, PortalStore, Reconciliation};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::counts::{Counted, Counter};
use self::difference::Explaining;
use crate::error::SyncError;
use crate::granted::Granted;
use crate::landing::OneTransaction;
use crate::meter::{Meter, Progress, Stored};
use crate::options::SyncOptions;
use crate::plan::Stream;
use crate::refusals::{self, Refusals};
use crate::work::{Work, unavailable_because};

/// Compares all of a copy with HubSpot's own counts, repairs what was missed, and keeps what was
/// found.
///
/// One run a portal at a time; the caller sees to that. `progress` is called after every type.
///
/// # Errors
/// [`SyncError`]; what was repaired until then stays, and the last check's findings too.
pub async fn verify(
    client: &Client,
    store: &PortalStore,
    options: &SyncOptions,
    clock: &dyn Clock,
    progress: &(dyn Fn(Progress) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<Reconciliation, SyncError> {
    let started_at = clock.now();
    let store = &store.beside_writing();
    let mut work = Work {
        client,
        store,
        options: options.clone(),
        clock,
        progress,
        cancel,
        landing: Arc::new(OneTransaction),
        generation: 0,
        began: started_at,
        calls_before: client.usage().calls,
        meter: Meter::new(started_at, std::iter::empty()),
        refusals: Refusals::default(),
        granted: Granted::default(),
        writes: TaskTracker::new(),
    };
    let verified = of_copy(&mut work).await;
    work.writes.close();
    work.writes.wait().await;
    verified
}

async fn of_copy(work: &mut Work<'_>) -> Result<Reconciliation, SyncError> {
    let account = work.client.account();
    let account = work.ask(Stream::Account, account).await?;
    crate::streams::account(work, account).await?;
    crate::run::types(work).await?;
    let last = work
        .in_store(|store| store.read(store::last_finished_run))
        .await?;
    // A copy that was never complete is compared as of now: what it lacks is read.
    let since = match last {
        Some(run) => {
            work.generation = run.generation;
            let generation = run.generation;
            let began =
                work.in_store(move |store| store.read(|c| store::pass_began(c, generation)));
            began.await?.unwrap_or(run.started_at)
        }
        None => work.client.hubspot_now(),
    };
    check(work, since, true).await
}

/// Compares after a run, and never fails: a check that could not be made is told as such, and the
/// run is none the worse.
pub(crate) async fn after_run(work: &Work<'_>, since: Moment, whole: bool) -> Reconciliation {
    let failed = match check(work, since, whole).await {
        Ok(reconciliation) => return reconciliation,
        Err(error) => error,
    };
    tracing::warn!(portal = %work.store.id(), error = failed.code(), "the copy was not verified");
    let not_made = Reconciliation::not_made(work.clock.now(), since, failed.code());
    let kept = not_made.clone();
    let written = work
        .in_store(move |store| store.write(|tx| store::save_reconciliation(tx, &kept)))
        .await;
    if let Err(error) = written {
        tracing::warn!(portal = %work.store.id(), error = error.code(), "that was not kept");
    }
    not_made
}

async fn check(work: &Work<'_>, since: Moment, whole: bool) -> Result<Reconciliation, SyncError> {
    let known = work
        .in_store(|store| store.read(store::last_reconciliation))
        .await?;
    // A whole check begins with nothing.
    let known: BTreeMap<ObjectType, ObjectReconciliation> = known
        .into_iter()
        .filter(|_| !whole)
        .flat_map(|known| known.objects)
        .map(|object| (object.object.clone(), object))
        .collect();
    let objects = work.options.objects.iter().map(|plan| &plan.object);
    work.meter
        .add(objects.map(|object| (counts::stream(object), false)));
    let mut open = Vec::new();
    for plan in &work.options.objects {
        open.push(of_type(work, &plan.object, since, known.get(&plan.object)));
    }
    let found: Vec<(ObjectReconciliation, Vec<Difference>)> = stream::iter(open)
        .buffered(work.options.concurrency.max(1))
        .try_collect()
        .await?;
    let (objects, differences): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    // The seed differs from check to check, so that in time every record is drawn.
    let seed = work.clock.now().millis().unsigned_abs();
    let samples = if whole {
        samples::all(work, seed).await?
    } else {
        Vec::new()
    };
    let reconciliation = Reconciliation {
        checked_at: work.clock.now(),
        since,
        whole,
        not_checked: None,
        objects,
        samples,
        differences: differences.into_iter().flatten().collect(),
    };
    let kept = reconciliation.clone();
    work.in_store(move |store| store.write(|tx| store::save_reconciliation(tx, &kept)))
        .await?;
    if reconciliation
        .objects
        .iter()
        .any(|of| of.explained().purged > 0)
    {
        // What was purged must not stay readable in the log.
        work.in_store(PortalStore::checkpoint).await?;
    }
    tracing::info!(
        portal = %work.store.id(), unexplained = reconciliation.unexplained(), whole,
        "the copy was verified"
    );
    Ok(reconciliation)
}

/// A type's counts, with what explains their differences and the records concerned.
async fn of_type(
    work: &Work<'_>,
    object: &ObjectType,
    since: Moment,
    known: Option<&ObjectReconciliation>,
) -> Result<(ObjectReconciliation, Vec<Difference>), SyncError> {
    let found = match work.refusals.reason(object.as_str()) {
        Some(reason) => (untold(work, object, reason).await?, Vec::new()),
        None => told(work, object, since, known).await?,
    };
    let progress = work.meter.stored(&Stored {
        stream: &counts::stream(object),
        rows_in_stream: found.0.ours,
        rows_in_page: found.0.explained().repaired,
        done: true,
        calls: work.calls(),
        at: work.clock.now(),
    });
    (work.progress)(progress);
    Ok(found)
}

/// What HubSpot tells of a type.
async fn told(
    work: &Work<'_>,
    object: &ObjectType,
    since: Moment,
    known: Option<&ObjectReconciliation>,
) -> Result<(ObjectReconciliation, Vec<Difference>), SyncError> {
    let counter = Counter {
        work,
        object,
        since,
    };
    let explained = match counter.compare(known).await {
        Ok(counted) => explain(&counter, counted, known).await,
        Err(error) => Err(error),
    };
    let error = match explained {
        Ok(found) => return Ok(found),
        Err(error) => error,
    };
    let Some(reason) = unavailable_because(&error) else {
        return Err(error);
    };
    refusals::note(work, &Stream::Records(object.clone()), reason).await?;
    Ok((untold(work, object, reason.to_owned()).await?, Vec::new()))
}

/// A type that HubSpot does not tell of.
async fn untold(
    work: &Work<'_>,
    object: &ObjectType,
    why: String,
) -> Result<ObjectReconciliation, SyncError> {
    let of = object.clone();
    let ours = work.in_store(move |store| store.read(|c| store::record_count(c, &of)));
    Ok(ObjectReconciliation {
        object: object.clone(),
        theirs: None,
        ours: ours.await?,
        months: Vec::new(),
        unplaced: 0,
        unavailable: Some(why),
        out_of_sight: None,
        checked_at: work.clock.now(),
    })
}

async fn explain(
    counter: &Counter<'_, '_>,
    counted: Counted,
    known: Option<&ObjectReconciliation>,
) -> Result<(ObjectReconciliation, Vec<Difference>), SyncError> {
    let Counter {
        work,
        object,
        since,
    } = *counter;
    let mut lines: BTreeMap<_, MonthLine> = known
        .into_iter()
        .flat_map(|known| &known.months)
        .map(|line| (line.month, line.clone()))
        .collect();
    let explaining = Explaining::of(work, object, since, (counted.theirs, counted.ours));
    let explaining = explaining.await?;
    let mut differences = Vec::new();
    for month in counted.asked {
        let mut line = MonthLine {
            month: month.month,
            theirs: month.theirs,
            ours: month.ours,
            explained: Explained::default(),
            unexplained: 0,
            checked_at: work.clock.now(),
        };
        if month.theirs != month.ours {
            let found = explaining.month(&month).await?;
            line.theirs = found.theirs;
            line.explained = found.explained();
            line.unexplained = found.unexplained();
            differences.extend(found.each.into_iter().map(|(id, why)| Difference {
                object: object.clone(),
                id,
                why,
            }));
        }
        lines.insert(month.month, line);
    }
    differences.truncate(store::DIFFERENCES_TOLD);
    let of = object.clone();
    let out_of_sight = work.in_store(move |store| store.read(|c| store::out_of_sight(c, &of)));
    let found = ObjectReconciliation {
        object: object.clone(),
        theirs: Some(counted.theirs),
        ours: counted.ours,
        months: lines.into_values().collect(),
        unplaced: counted.unplaced,
        unavailable: None,
        out_of_sight: out_of_sight.await?,
        checked_at: work.clock.now(),
    };
    Ok((found, differences))
}
