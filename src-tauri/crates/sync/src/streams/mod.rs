//! Reading each kind of stream.

mod around_deals;
mod associations;
mod backfill;
mod changes;
mod definitions;
mod gone;
mod records;

pub(crate) use associations::of_records as associations_of;

use std::collections::BTreeMap;

use crm::ObjectType;
use futures_util::stream::{self, StreamExt};
use hubspot::AccountInfo;

use crate::error::SyncError;
use crate::lander::Lander;
use crate::plan::{Plan, Standing, Step, Stream};
use crate::refusals;
use crate::work::{Work, unavailable_because};

/// Keeps what the account says of itself, which is asked in every run: the token may be another one
/// by now, and nothing of another portal may get into this one's file.
pub(crate) async fn account(work: &Work<'_>, account: AccountInfo) -> Result<(), SyncError> {
    let stream = Stream::Account;
    definitions::account(work, account, &mut Lander::new(work, &stream, 0)).await
}

/// Reads what is left of a stream. One that the portal refuses is written down as unavailable and
/// remembered; the rest goes on.
pub(crate) async fn read(work: &Work<'_>, step: &Step) -> Result<(), SyncError> {
    let Standing::Open { after, rows } = &step.standing else {
        return Ok(());
    };
    let stream = &step.stream;
    let mut lander = Lander::new(work, stream, *rows);
    if let Some(reason) = work.refusals.of(stream) {
        return lander.unavailable(&reason).await;
    }
    let pages = &mut lander;
    let after = after.clone();
    let read = match stream {
        // Kept before anything else is read.
        Stream::Account => return Ok(()),
        Stream::Owners => definitions::owners(work, stream, pages).await,
        Stream::Pipelines(object) => definitions::pipelines(work, stream, object, pages).await,
        Stream::Properties(object) => definitions::properties(work, stream, object, pages).await,
        Stream::Labels { from, to } => definitions::labels(work, stream, from, to, pages).await,
        Stream::AroundDeals(object) => around_deals::read(work, stream, object, after, pages).await,
        Stream::Backfill(object) => backfill::read(work, stream, object, after, pages).await,
        Stream::Records(object) => records::read(work, stream, object, after, pages).await,
        Stream::Changes(object) => changes::read(work, stream, object, after, pages).await,
        Stream::Gone(object) => gone::read(work, stream, object, after, pages).await,
        Stream::Associations { from, to } => {
            associations::read(work, stream, from, to, after, pages).await
        }
    };
    match read {
        Err(error) => match unavailable_because(&error) {
            Some(reason) => {
                lander.unavailable(reason).await?;
                refusals::note(work, stream, reason).await
            }
            None => Err(error),
        },
        Ok(()) => Ok(()),
    }
}

/// How many records a stream has, where that is known or HubSpot tells.
async fn total<'a>(
    work: &Work<'_>,
    object: &'a ObjectType,
    step: &'a Step,
) -> Option<(&'a ObjectType, u64)> {
    let total = match &step.standing {
        Standing::Open { .. } if work.refusals.of(&step.stream).is_some() => return None,
        Standing::Open { .. } => records::count(work, &step.stream, object).await?,
        Standing::Done { rows } => *rows,
        Standing::Unavailable { .. } => return None,
    };
    Some((object, total))
}

/// Tells the meter how much there is, as far as HubSpot says so: what is left of the records, and
/// the batches that their associations will take.
pub(crate) async fn estimate(work: &Work<'_>, plan: &Plan) {
    // A list of futures made by a named function, and no closures over references: with those the
    // compiler cannot prove that the whole run may move between threads.
    let mut counts = Vec::new();
    for step in plan.steps() {
        if let Stream::Records(object) = &step.stream {
            counts.push(total(work, object, step));
        }
    }
    // A pass over the changes does not ask how much there is of what did not change.
    if counts.is_empty() {
        return;
    }
    let totals: Vec<Option<(&ObjectType, u64)>> = stream::iter(counts)
        .buffer_unordered(work.options.concurrency.max(1))
        .collect()
        .await;
    let totals: BTreeMap<&ObjectType, u64> = totals.into_iter().flatten().collect();
    for step in plan.steps() {
        let Standing::Open { rows, .. } = step.standing else {
            continue;
        };
        let name = step.stream.to_string();
        match &step.stream {
            Stream::Records(object) => {
                let total = totals.get(object).copied();
                let left = total.unwrap_or_default().saturating_sub(rows);
                let pages = left.div_ceil(records::page_size(work, object)).max(1);
                work.meter.expect(&name, total, pages);
            }
            Stream::Associations { from, .. } => {
                let records = totals.get(from).copied().unwrap_or_default();
                work.meter
                    .expect(&name, None, associations::batches(records));
            }
            // Small, or as large as what happened; nobody knows beforehand.
            _ => {}
        }
    }
}
