//! What explains that a month's counts differ: its ids there and here, and what HubSpot says about
//! each that is on one side alone.

use std::collections::{BTreeMap, BTreeSet};

use crm::{Moment, ObjectType, RecordId};
use store::{Explained, Why};

use super::counts::Month;
use super::repair;
use super::span::{Span, month_of};
use crate::error::SyncError;
use crate::fetch::{self, Vanished};
use crate::landing::{Changed, Fate};
use crate::plan::Stream;
use crate::wanted::Wanted;
use crate::windows::{Asking, By, Pieces, Window};
use crate::work::Work;

/// How often a month's ids are read whose number is not the number that HubSpot counts: the index
/// may have moved on between the two.
const LISTINGS: u32 = 2;

/// Looks at the differences of one type.
pub(super) struct Explaining<'e, 'w> {
    pub(super) work: &'e Work<'w>,
    pub(super) object: &'e ObjectType,
    pub(super) since: Moment,
    stream: Stream,
    wanted: Wanted,
    vanished: Vanished,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Explanation {
    /// How many HubSpot counts, as of the ids that were read.
    pub(super) theirs: u64,
    /// The records on one side alone, and why.
    pub(super) each: BTreeMap<RecordId, Why>,
    /// How many HubSpot counts and does not list, or the other way round.
    pub(super) unlisted: u64,
}

impl Explanation {
    pub(super) fn explained(&self) -> Explained {
        let count = |why| count(self.each.values().filter(|each| **each == why).count());
        Explained {
            archived: count(Why::Archived),
            merged: count(Why::Merged),
            purged: count(Why::Purged),
            no_access: count(Why::NoAccess),
            newer: count(Why::Newer),
            repaired: count(Why::Repaired),
        }
    }

    pub(super) fn unexplained(&self) -> u64 {
        let each = self.each.values().filter(|why| **why == Why::Unexplained);
        count(each.count()) + self.unlisted
    }
}

impl<'e, 'w> Explaining<'e, 'w> {
    /// Gets ready to look at a type, of which HubSpot has so many and the copy so many.
    pub(super) async fn of(
        work: &'e Work<'w>,
        object: &'e ObjectType,
        since: Moment,
        (theirs, ours): (u64, u64),
    ) -> Result<Self, SyncError> {
        let wanted = match work.object(object) {
            Some(plan) => Wanted::of(work, plan).await?,
            None => Wanted::default(),
        };
        let (of, granted) = (object.clone(), work.granted.clone());
        let unseen = work.in_store(move |store| granted.unseen_before(store, &of));
        let ours = ours.saturating_sub(unseen.await?);
        Ok(Self {
            work,
            object,
            since,
            stream: Stream::Records(object.clone()),
            wanted,
            vanished: Vanished::by_counts(object, ours, theirs),
        })
    }

    /// Explains a month's difference, and repairs what can be repaired.
    pub(super) async fn month(&self, month: &Month) -> Result<Explanation, SyncError> {
        let span = month.span(self.since);
        let (theirs, unlisted) = self.listed(span, month.theirs).await?;
        let ours = self.held(span).await?;
        let missing: Vec<RecordId> = theirs.difference(&ours).copied().collect();
        let surplus: Vec<RecordId> = ours.difference(&theirs).copied().collect();
        let mut each = self.missing(&missing).await?;
        each.extend(self.surplus(&surplus, month).await?);
        Ok(Explanation {
            theirs: count(theirs.len()) + unlisted,
            each,
            unlisted,
        })
    }

    /// The ids that HubSpot's index has in a stretch, and how many more it counts than it lists.
    async fn listed(
        &self,
        span: Span,
        counted: u64,
    ) -> Result<(BTreeSet<RecordId>, u64), SyncError> {
        let mut counted = counted;
        let mut ids = BTreeSet::new();
        for _ in 0..LISTINGS {
            ids = self.ids(span).await?;
            if count(ids.len()) == counted {
                break;
            }
            let (asking, window) = self.asking(span);
            counted = asking.total(window).await?;
        }
        let unlisted = counted.abs_diff(count(ids.len()));
        Ok((ids, unlisted))
    }

    async fn ids(&self, span: Span) -> Result<BTreeSet<RecordId>, SyncError> {
        let (asking, window) = self.asking(span);
        let mut pieces = Pieces::of(window);
        let mut ids = BTreeSet::new();
        while let Some(found) = pieces.next(&asking).await? {
            ids.extend(found.iter().map(|row| row.id));
        }
        Ok(ids)
    }

    async fn held(&self, span: Span) -> Result<BTreeSet<RecordId>, SyncError> {
        let object = self.object.clone();
        let held = self.work.in_store(move |store| {
            store.read(|connection| store::live_records(connection, &object, span.ends()))
        });
        held.await
    }

    /// Records that are there and, in this month, not here.
    async fn missing(&self, ids: &[RecordId]) -> Result<BTreeMap<RecordId, Why>, SyncError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let read = fetch::records(self.work, &self.stream, self.object, &self.wanted, ids).await?;
        let mut each: BTreeMap<RecordId, Why> = fates(&read, ids).collect();
        let mut repaired = Changed::default();
        for row in read.found {
            // What changed after the sync began is the next sync's to read.
            let newer = row.updated_at.is_some_and(|at| at > self.since);
            each.insert(row.id, if newer { Why::Newer } else { Why::Repaired });
            repaired.found.push(row);
        }
        // HubSpot counts a record that it has neither live nor in the recycle bin.
        for why in each.values_mut().filter(|why| **why == Why::Purged) {
            *why = Why::Unexplained;
        }
        for id in ids {
            each.entry(*id).or_insert(Why::NoAccess);
        }
        repaired.fates = read.fates;
        repaired.unseen = read.unseen;
        repaired.last_run = read.last_run;
        repair::land(self.work, self.object, repaired).await?;
        Ok(each)
    }

    /// Records that are here and, in this month, not there.
    async fn surplus(
        &self,
        ids: &[RecordId],
        month: &Month,
    ) -> Result<BTreeMap<RecordId, Why>, SyncError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let (work, of, wanted) = (self.work, self.object, &self.wanted);
        let read =
            fetch::records_or_vanished(work, &self.stream, of, wanted, ids, self.vanished).await?;
        let mut each: BTreeMap<RecordId, Why> = fates(&read, ids).collect();
        each.extend(read.unseen.iter().map(|id| (*id, Why::NoAccess)));
        for row in &read.found {
            // Live, and the index does not have it yet; or its date was moved since it was read.
            let moved = store::created_at(self.object, row).map(month_of) != month.month;
            each.insert(row.id, if moved { Why::Repaired } else { Why::Newer });
        }
        let otherwise = match self.vanished {
            Vanished::OutOfSight => Why::NoAccess,
            Vanished::Erased => Why::Unexplained,
        };
        for id in ids {
            each.entry(*id).or_insert(otherwise);
        }
        repair::land(self.work, self.object, read).await?;
        Ok(each)
    }

    /// The question that reads a stretch as a window of the sync is read.
    fn asking(&self, span: Span) -> (Asking<'_, 'w>, Window) {
        let (by, (from, until)) = match span.ends() {
            Some(ends) => (By::Created, ends),
            None => (By::Uncreated, (self.since, self.since)),
        };
        let asking = Asking {
            work: self.work,
            stream: &self.stream,
            object: self.object,
            by,
        };
        (asking, Window { from, until })
    }
}

/// What became of the ids that were asked for; those that others were merged into have fates too.
fn fates(read: &Changed, asked: &[RecordId]) -> impl Iterator<Item = (RecordId, Why)> {
    let asked: BTreeSet<RecordId> = asked.iter().copied().collect();
    let of_asked = read.fates.iter().filter(move |(id, _)| asked.contains(id));
    of_asked.map(|(id, fate)| {
        let why = match fate {
            Fate::Archived(_) => Why::Archived,
            Fate::Merged(_) => Why::Merged,
            Fate::Nowhere => Why::Purged,
        };
        (*id, why)
    })
}

pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
