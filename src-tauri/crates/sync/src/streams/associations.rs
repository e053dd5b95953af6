//! How records belong together, asked from one side in batches of many records.

use std::collections::HashSet;

use crm::{ObjectType, RecordId};
use hubspot::{AssociationInput, limits};
use store::IdsOf;

use crate::convert;
use crate::error::SyncError;
use crate::lander::{Landed, Lander};
use crate::landing::{Milestone, Rows};
use crate::plan::Stream;
use crate::work::Work;

pub(super) async fn read(
    work: &Work<'_>,
    stream: &Stream,
    from: &ObjectType,
    to: &ObjectType,
    after: Option<String>,
    lander: &mut Lander<'_, '_>,
) -> Result<(), SyncError> {
    if work.change_cursor(from).await?.is_none() || work.is_unavailable(from).await? {
        return lander.unavailable("records_unavailable").await;
    }
    let whole = is_whole(work, from, to).await?;
    let which = if whole { IdsOf::Live } else { IdsOf::Due };
    let milestone = Milestone::Pair(from.clone(), to.clone(), Some(work.began));
    // The cursor is the last record asked about: ids are numbers in order.
    let mut last: Option<RecordId> = after.and_then(|after| after.parse().ok());
    loop {
        let size = limits::ASSOCIATION_INPUTS;
        let (ids, more) = work.next_ids(from, which, last, size).await?;
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
        let landed = Landed {
            milestone: Some(milestone.clone()).filter(|_| whole && !more),
            ..Landed::of(rows, count, after)
        };
        lander.land_all(landed).await?;
        if !more {
            return lander.settle().await;
        }
    }
}

/// Whether a pair is read whole in this pass: where it never was, where its labels are others than
/// before, and whenever all ids were compared. An association that changes moves the modified date
/// of neither record.
pub(super) async fn is_whole(
    work: &Work<'_>,
    from: &ObjectType,
    to: &ObjectType,
) -> Result<bool, SyncError> {
    let pair = (from.as_str().to_owned(), to.as_str().to_owned());
    let pairs = work.in_store(|store| store.read(store::association_cursors));
    if !pairs.await?.contains_key(&pair) {
        return Ok(true);
    }
    let cursor = work.change_cursor(from).await?;
    Ok(cursor.is_none_or(|cursor| cursor.reconciled_at == work.began))
}

/// Batches that are needed for a number of records.
pub(super) fn batches(records: u64) -> u64 {
    let size = u64::try_from(limits::ASSOCIATION_INPUTS).unwrap_or(1);
    records.div_ceil(size).max(1)
}

/// All associations of some records. Records with more of them than a page holds are asked about
/// again with their cursors. Records about which HubSpot reports a failure are left out of the
/// first list, so that what is known of them stays.
pub(crate) async fn of_records(
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
