//! How records belong together, asked from one side in batches of many records.

use std::collections::HashSet;

use crm::{ObjectType, RecordId};
use hubspot::{AssociationInput, limits};

use crate::convert;
use crate::error::SyncError;
use crate::landing::Rows;
use crate::plan::Stream;
use crate::work::{Lander, Work};

pub(super) async fn read(
    work: &Work<'_>,
    stream: &Stream,
    from: &ObjectType,
    to: &ObjectType,
    after: Option<String>,
    lander: &mut Lander<'_, '_>,
) -> Result<(), SyncError> {
    if work.is_unavailable(&Stream::Records(from.clone())).await? {
        return lander.unavailable("records_unavailable").await;
    }
    // The cursor is the last record asked about: ids are numbers in order.
    let mut last: Option<RecordId> = after.and_then(|after| after.parse().ok());
    loop {
        let (ids, more) = next_ids(work, from, last).await?;
        last = ids.last().copied();
        let (asked, found) = of_records(work, stream, from, to, ids).await?;
        let count = found.len();
        let rows = Rows::Associations {
            from: from.clone(),
            to: to.clone(),
            asked,
            found,
        };
        let after = last.filter(|_| more).map(|id| id.to_string());
        lander.land(rows, count, after).await?;
        if !more {
            return lander.settle().await;
        }
    }
}

/// Batches that are needed for a number of records.
pub(super) fn batches(records: u64) -> u64 {
    let size = u64::try_from(limits::ASSOCIATION_INPUTS).unwrap_or(1);
    records.div_ceil(size).max(1)
}

/// The next batch of records to ask about, and whether more follow.
async fn next_ids(
    work: &Work<'_>,
    from: &ObjectType,
    last: Option<RecordId>,
) -> Result<(Vec<RecordId>, bool), SyncError> {
    let from = from.clone();
    let size = limits::ASSOCIATION_INPUTS;
    let one_more = u32::try_from(size + 1).unwrap_or(u32::MAX);
    let ids = work.in_store(move |store| {
        store.read(|connection| store::record_ids(connection, &from, last, one_more))
    });
    let mut ids = ids.await?;
    let more = ids.len() > size;
    ids.truncate(size);
    Ok((ids, more))
}

/// All associations of some records. Records with more of them than a page holds are asked about
/// again with their cursors. Records about which HubSpot reports a failure are left out of the
/// first list, so that what is known of them stays.
async fn of_records(
    work: &Work<'_>,
    stream: &Stream,
    from: &ObjectType,
    to: &ObjectType,
    ids: Vec<RecordId>,
) -> Result<(Vec<RecordId>, Vec<store::AssociationRow>), SyncError> {
    let mut found = Vec::new();
    let mut failed: HashSet<RecordId> = HashSet::new();
    let mut seen: HashSet<(RecordId, String)> = HashSet::new();
    let asked: HashSet<RecordId> = ids.iter().copied().collect();
    let mut inputs: Vec<AssociationInput> = ids.iter().copied().map(Into::into).collect();
    while !inputs.is_empty() {
        let batch = work.client.associations(from, to, &inputs);
        let batch = work.ask(stream, batch).await?;
        failed.extend(batch.failures.into_iter().flat_map(|failure| failure.ids));
        inputs.clear();
        for record in batch.results {
            // An answer about a record that nobody asked about is nobody's.
            if !asked.contains(&record.from) {
                continue;
            }
            if let Some(after) = record.after.clone() {
                if !seen.insert((record.from, after.clone())) {
                    let stream = stream.to_string();
                    return Err(SyncError::CursorRepeated { stream });
                }
                inputs.push(AssociationInput {
                    id: record.from,
                    after: Some(after),
                });
            }
            found.extend(convert::associations(record));
        }
    }
    found.retain(|row| !failed.contains(&row.from));
    let asked = ids.into_iter().filter(|id| !failed.contains(id)).collect();
    Ok((asked, found))
}
