//! The proof that nothing was lost: HubSpot's own counts beside ours, and every difference explained.
//!
//! A type's records are counted as a whole and by the month of their creation, up to the start of the
//! sync that the copy comes from. Where a count differs the ids are read and compared, and each
//! record that is on one side alone is looked at: it was archived, merged or erased, HubSpot refuses
//! to show it, it is newer than the sync, or it was missed and is read now. What is left is said to
//! be unexplained.

mod counts;
mod span;

use std::collections::BTreeMap;
use std::sync::Arc;

use crm::{Moment, ObjectType};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use hubspot::{Client, Clock};
use store::{MonthLine, ObjectReconciliation, PortalStore, Reconciliation};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::counts::{Counted, Counter, Month};
use crate::error::SyncError;
use crate::landing::OneTransaction;
use crate::meter::{Meter, Progress, Stored};
use crate::options::SyncOptions;
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
        writes: TaskTracker::new(),
    };
    let verified = of_copy(&mut work).await;
    work.writes.close();
    work.writes.wait().await;
    verified
}

async fn of_copy(work: &mut Work<'_>) -> Result<Reconciliation, SyncError> {
    crate::streams::account(work).await?;
    let custom = crate::run::custom_types(work).await?;
    work.options.objects.extend(custom);
    let last = work
        .in_store(|store| store.read(store::last_finished_run))
        .await?;
    // A copy that was never complete is compared as of now: what it lacks is read.
    let since = match last {
        Some(run) => {
            work.generation = run.generation;
            run.started_at
        }
        None => work.clock.now(),
    };
    check(work, since, true).await
}

/// Compares after a run, and never fails: a check that could not be made is told as such, and the
/// run is none the worse.
#[allow(dead_code, reason = "the end of a run will call it")]
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
    // Findings as of another copy say nothing about this one.
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
    let objects: Vec<ObjectReconciliation> = stream::iter(open)
        .buffered(work.options.concurrency.max(1))
        .try_collect()
        .await?;
    let reconciliation = Reconciliation {
        checked_at: work.clock.now(),
        since,
        whole,
        not_checked: None,
        objects,
        samples: Vec::new(),
        differences: Vec::new(),
    };
    let kept = reconciliation.clone();
    work.in_store(move |store| store.write(|tx| store::save_reconciliation(tx, &kept)))
        .await?;
    tracing::info!(
        portal = %work.store.id(), unexplained = reconciliation.unexplained(), whole,
        "the copy was verified"
    );
    Ok(reconciliation)
}

async fn of_type(
    work: &Work<'_>,
    object: &ObjectType,
    since: Moment,
    known: Option<&ObjectReconciliation>,
) -> Result<ObjectReconciliation, SyncError> {
    let counter = Counter {
        work,
        object,
        since,
    };
    let found = match counter.compare(known).await {
        Ok(counted) => explain(work, object, counted, known),
        Err(error) => {
            let why = unavailable_because(&error).ok_or(error)?;
            let of = object.clone();
            ObjectReconciliation {
                object: object.clone(),
                theirs: None,
                ours: work
                    .in_store(move |store| store.read(|c| store::record_count(c, &of)))
                    .await?,
                months: Vec::new(),
                unplaced: 0,
                unavailable: Some(why.to_owned()),
                checked_at: work.clock.now(),
            }
        }
    };
    let progress = work.meter.stored(&Stored {
        stream: &counts::stream(object),
        rows_in_stream: found.ours,
        rows_in_page: 0,
        done: true,
        calls: work.calls(),
        at: work.clock.now(),
    });
    (work.progress)(progress);
    Ok(found)
}

fn explain(
    work: &Work<'_>,
    object: &ObjectType,
    counted: Counted,
    known: Option<&ObjectReconciliation>,
) -> ObjectReconciliation {
    let checked_at = work.clock.now();
    let mut lines: BTreeMap<_, MonthLine> = known
        .into_iter()
        .flat_map(|known| &known.months)
        .map(|line| (line.month, line.clone()))
        .collect();
    for Month {
        month,
        theirs,
        ours,
    } in counted.asked
    {
        let line = MonthLine {
            month,
            theirs,
            ours,
            explained: store::Explained::default(),
            unexplained: theirs.abs_diff(ours),
            checked_at,
        };
        lines.insert(month, line);
    }
    ObjectReconciliation {
        object: object.clone(),
        theirs: Some(counted.theirs),
        ours: counted.ours,
        months: lines.into_values().collect(),
        unplaced: counted.unplaced,
        unavailable: None,
        checked_at,
    }
}
