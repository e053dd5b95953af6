//! Storing what a check read, as the sync stores it.

use crm::{ObjectType, RecordId};
use store::{AssociationRow, Cursor};

use super::counts;
use crate::error::SyncError;
use crate::fetch;
use crate::landing::{Changed, Page, Rows};
use crate::plan::Stream;
use crate::streams;
use crate::wanted::Wanted;
use crate::work::Work;

/// All associations of some records to one type.
struct Belonging {
    to: ObjectType,
    asked: Vec<RecordId>,
    found: Vec<AssociationRow>,
}

/// Stores records, what became of others, and how the records belong to those of other types: one
/// transaction, or nothing.
pub(super) async fn land(
    work: &Work<'_>,
    object: &ObjectType,
    changed: Changed,
) -> Result<(), SyncError> {
    if changed.found.is_empty() && changed.fates.is_empty() && changed.unseen.is_empty() {
        return Ok(());
    }
    let ids: Vec<RecordId> = changed.found.iter().map(|row| row.id).collect();
    let mut pages = vec![page(work, object, Rows::Changes(object.clone(), changed))];
    if !ids.is_empty() {
        for of in belonging(work, object, &ids).await? {
            let rows = Rows::Associations {
                from: object.clone(),
                to: of.to,
                asked: of.asked,
                found: of.found,
            };
            pages.push(page(work, object, rows));
        }
    }
    write(work, pages).await
}

/// Stores all associations of some records to one type.
pub(super) async fn associations(
    work: &Work<'_>,
    from: &ObjectType,
    to: &ObjectType,
    asked: Vec<RecordId>,
    found: Vec<AssociationRow>,
) -> Result<(), SyncError> {
    let rows = Rows::Associations {
        from: from.clone(),
        to: to.clone(),
        asked,
        found,
    };
    write(work, vec![page(work, from, rows)]).await
}

/// Reads records whole and stores them.
pub(super) async fn reread(
    work: &Work<'_>,
    object: &ObjectType,
    ids: &[RecordId],
) -> Result<(), SyncError> {
    let Some(plan) = work.object(object) else {
        return Ok(());
    };
    let wanted = Wanted::of(work, plan).await?;
    let stream = Stream::Records(object.clone());
    let changed = fetch::records(work, &stream, object, &wanted, ids).await?;
    land(work, object, changed).await
}

async fn belonging(
    work: &Work<'_>,
    from: &ObjectType,
    ids: &[RecordId],
) -> Result<Vec<Belonging>, SyncError> {
    let mut all = Vec::new();
    let types = work.object(from).map(|plan| plan.associations.clone());
    for to in types.unwrap_or_default() {
        let stream = Stream::Associations {
            from: from.clone(),
            to: to.clone(),
        };
        let mut of = Belonging {
            to,
            asked: Vec::new(),
            found: Vec::new(),
        };
        for ids in ids.chunks(hubspot::limits::ASSOCIATION_INPUTS) {
            let read = streams::associations_of(work, &stream, from, &of.to, ids.to_vec()).await;
            let (asked, found) = match read {
                Ok(read) => read,
                // A pair that is refused was never read.
                Err(error) if crate::work::unavailable_because(&error).is_some() => continue,
                Err(error) => return Err(error),
            };
            of.asked.extend(asked);
            of.found.extend(found);
        }
        all.push(of);
    }
    Ok(all)
}

fn page(work: &Work<'_>, object: &ObjectType, rows: Rows) -> Page {
    Page {
        rows,
        cursor: Cursor {
            stream: counts::stream(object),
            generation: work.generation,
            after: None,
            done: true,
            unavailable: None,
            unproven: None,
            rows_seen: 0,
        },
        milestone: None,
        at: work.clock.now(),
    }
}

/// There is no cursor to keep: a check begins anew each time.
async fn write(work: &Work<'_>, pages: Vec<Page>) -> Result<(), SyncError> {
    work.in_store(move |store| {
        store.write(|tx| pages.iter().try_for_each(|page| page.write_rows(tx)))
    })
    .await
}
