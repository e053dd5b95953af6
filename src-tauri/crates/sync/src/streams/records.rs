//! A type's records, page after page, with the histories of some properties.

use std::collections::{BTreeMap, HashSet};

use crm::{ObjectType, RecordId};
use hubspot::{ListQuery, Page, ReadQuery, Record, SearchQuery};
use store::ChangeCursor;

use crate::convert;
use crate::error::SyncError;
use crate::lander::{Landed, Lander};
use crate::landing::{Milestone, Rows};
use crate::plan::Stream;
use crate::refusals;
use crate::wanted::Wanted;
use crate::windows::EMPTY_PAGES;
use crate::work::{Work, unavailable_because};

pub(super) async fn read(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
    after: Option<String>,
    lander: &mut Lander<'_, '_>,
) -> Result<(), SyncError> {
    let Some(plan) = work.object(object) else {
        return lander.unavailable("not_asked_for").await;
    };
    let wanted = Wanted::of(work, plan).await?;
    let mut pages = Pages::after(after);
    loop {
        let records = pages.next(work, stream, object, &wanted).await?;
        let rows: Vec<_> = records.into_iter().map(convert::record).collect();
        let count = rows.len();
        let after = pages.after.clone();
        let is_last = after.is_none();
        // From now on only what changes has to be read.
        let milestone = Milestone::Changes(ChangeCursor {
            object: object.clone(),
            fresh_until: work.began,
            settled_until: work.began,
            reconciled_at: work.began,
            gap: 0,
            properties_read: wanted.as_read(),
        });
        let landed = Landed {
            milestone: Some(milestone).filter(|_| is_last),
            ..Landed::of(Rows::Records(object.clone(), rows), count, after)
        };
        lander.land_all(landed).await?;
        if is_last {
            return lander.settle().await;
        }
    }
}

/// The pages of a type's list, and the guards against a list without an end.
pub(super) struct Pages {
    /// What asks for the next page; `None` once the last one was read.
    pub(super) after: Option<String>,
    seen: HashSet<String>,
    empty: u32,
    archived: bool,
}

impl Pages {
    pub(super) fn after(after: Option<String>) -> Self {
        Self {
            seen: after.iter().cloned().collect(),
            after,
            empty: 0,
            archived: false,
        }
    }

    /// Of what lies in the recycle bin instead.
    pub(super) fn archived_after(after: Option<String>) -> Self {
        Self {
            archived: true,
            ..Self::after(after)
        }
    }

    /// The next page.
    pub(super) async fn next(
        &mut self,
        work: &Work<'_>,
        stream: &Stream,
        object: &ObjectType,
        wanted: &Wanted,
    ) -> Result<Vec<Record>, SyncError> {
        let fits = wanted.fits_an_address();
        let query = ListQuery {
            properties: if fits {
                wanted.names.clone()
            } else {
                Vec::new()
            },
            history: wanted.history.clone(),
            archived: self.archived,
            limit: Some(wanted.page_size(work.options.page_size)),
            after: self.after.take(),
        };
        let page = work.ask(stream, work.client.list(object, &query)).await?;
        self.follow(stream, &page)?;
        if fits {
            Ok(page.results)
        } else {
            complete(work, stream, object, wanted, page.results).await
        }
    }

    fn follow(&mut self, stream: &Stream, page: &Page<Record>) -> Result<(), SyncError> {
        self.after.clone_from(&page.after);
        let Some(next) = &page.after else {
            return Ok(());
        };
        if !self.seen.insert(next.clone()) {
            let stream = stream.to_string();
            return Err(SyncError::CursorRepeated { stream });
        }
        let is_empty = page.results.is_empty();
        self.empty = if is_empty { self.empty + 1 } else { 0 };
        if self.empty > EMPTY_PAGES {
            return Err(SyncError::EmptyPages {
                stream: stream.to_string(),
                pages: self.empty,
            });
        }
        Ok(())
    }
}

/// Asks how many records a type has: the search index says so in one call.
pub(super) async fn total(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
) -> Result<u64, SyncError> {
    let query = SearchQuery::all().limited(1);
    let found = work.ask(stream, work.client.search(object, &query)).await;
    found.map(|page| page.total)
}

/// The same for the progress alone. A portal that does not tell is none the worse; whether it tells
/// nothing of the type at all is found out, before more is asked.
pub(super) async fn count(work: &Work<'_>, stream: &Stream, object: &ObjectType) -> Option<u64> {
    match total(work, stream, object).await {
        Ok(total) => Some(total),
        Err(error) => {
            // A failure here shows again where the records are read.
            if let Some(reason) = unavailable_because(&error) {
                refusals::note(work, stream, reason).await.ok();
            }
            None
        }
    }
}

/// Records a page of this type has.
pub(super) fn page_size(work: &Work<'_>, object: &ObjectType) -> u64 {
    let mut wanted = Wanted::default();
    if let Some(plan) = work.object(object) {
        wanted.history.clone_from(&plan.history);
    }
    u64::try_from(wanted.page_size(work.options.page_size)).unwrap_or(1)
}

/// Adds the properties that had no room in the address of the list. A record that the second answer
/// leaves out is asked for once more, and if it stays out, kept with what is known of it: it was
/// listed, so it is there. It then has no modified date, so the next run reads it again.
async fn complete(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
    wanted: &Wanted,
    listed: Vec<Record>,
) -> Result<Vec<Record>, SyncError> {
    let query = ReadQuery {
        properties: wanted.names.clone(),
        ..ReadQuery::default()
    };
    let mut properties = BTreeMap::new();
    for _ in 0..2 {
        let open: Vec<RecordId> = listed
            .iter()
            .map(|record| record.id)
            .filter(|id| !properties.contains_key(id))
            .collect();
        if open.is_empty() {
            break;
        }
        let read = work.client.batch_read(object, &open, &query);
        let read = work.ask(stream, read).await?;
        properties.extend(read.found.into_iter().map(|r| (r.id, r.properties)));
    }
    let left_out = listed.iter().map(|record| record.id);
    let left_out = left_out.filter(|id| !properties.contains_key(id));
    let known = work.known(object, left_out).await?;
    let complete = listed.into_iter().map(|mut record| {
        match properties.remove(&record.id) {
            Some(values) => record.properties.extend(values),
            None => {
                if let Some(known) = known.get(&record.id) {
                    record.properties = known.properties.clone();
                }
                record.properties.remove(object.modified_property());
                record.updated_at = None;
            }
        }
        record
    });
    Ok(complete.collect())
}
