//! What became of a type's records that are no longer there, and whether all that are there are
//! here: HubSpot's count against ours, then the recycle bin, then every id.
//!
//! No search and no change feed tells of a deletion, so counts are compared in every run, and all
//! ids at times.

use crm::{ObjectType, RecordId};
use hubspot::Record;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use store::{ChangeCursor, IdsOf, RecordValues};

use super::changes::unlike_known;
use super::records::{self, Pages};
use crate::error::SyncError;
use crate::fetch::{self, Vanished};
use crate::lander::{Landed, Lander};
use crate::landing::{Changed, Fate, Milestone, Rows};
use crate::plan::Stream;
use crate::wanted::Wanted;
use crate::windows::{Found, modified};
use crate::work::Work;

/// After this time all ids are compared, where that is cheap.
const COMPARED_EVERY: SignedDuration = SignedDuration::from_hours(24);

/// Records of a type whose ids are compared once a day: 2,000 calls at 100 a page, of the 250,000
/// that the smallest plan has. Larger types are compared less often in proportion.
const COMPARED_DAILY: u64 = 200_000;

/// But at least this often.
const COMPARED_AT_LEAST_EVERY: i32 = 7;

/// Where the stream stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
enum At {
    /// Reading the recycle bin until the counts agree.
    Archived { after: Option<String> },
    /// The whole recycle bin was read: the counts say whether that was all.
    Emptied,
    /// Reading every id.
    Ids { after: Option<String> },
    /// Asking about ids of ours that the list of all did not have.
    Unmet { last: Option<RecordId> },
    /// The same after a whole pass.
    Unseen { last: Option<RecordId> },
    /// Asking about contacts in the recycle bin: whom HubSpot has nowhere was deleted for privacy.
    Buried { last: Option<RecordId> },
}

struct Looking<'l, 'w> {
    work: &'l Work<'w>,
    stream: &'l Stream,
    object: &'l ObjectType,
    wanted: Wanted,
    cursor: ChangeCursor,
}

pub(super) async fn read(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
    after: Option<String>,
    lander: &mut Lander<'_, '_>,
) -> Result<(), SyncError> {
    if work.is_unavailable(object).await? {
        return lander.unavailable("records_unavailable").await;
    }
    let (Some(plan), Some(cursor)) = (work.object(object), work.change_cursor(object).await?)
    else {
        return lander.unavailable("records_unavailable").await;
    };
    let looking = Looking {
        work,
        stream,
        object,
        wanted: Wanted::of(work, plan).await?,
        cursor,
    };
    let mut at = match after.and_then(|text| serde_json::from_str(&text).ok()) {
        Some(at) => Some(at),
        None => looking.begin().await?,
    };
    while let Some(step) = at {
        at = match step {
            At::Archived { after } => looking.archived(after, lander).await?,
            At::Emptied if looking.theirs_are_ours().await? => None,
            At::Emptied => Some(At::Ids { after: None }),
            At::Ids { after } => looking.ids(after, lander).await?,
            At::Unmet { last } => {
                let which = IdsOf::Unmet(work.generation);
                let here = |last| At::Unmet { last };
                looking.ask_about(which, last, here, lander).await?;
                Some(At::Buried { last: None })
            }
            At::Unseen { last } => {
                let which = IdsOf::Unseen(work.generation);
                let here = |last| At::Unseen { last };
                looking.ask_about(which, last, here, lander).await?;
                Some(At::Buried { last: None })
            }
            At::Buried { last } => {
                // Other types have nobody to forget, and their past is worth keeping.
                if *object == ObjectType::CONTACTS {
                    let here = |last| At::Buried { last };
                    looking.ask_about(IdsOf::Buried, last, here, lander).await?;
                }
                // What was met is forgotten with the end of the stream and not before it: a run
                // that goes on from before here would take everything for unmet.
                let milestone = match work.reads_whole(object).await? {
                    true => None,
                    false => Some(looking.reconciled().await?),
                };
                return lander.nothing(milestone).await;
            }
        };
    }
    lander.nothing(None).await
}

/// How old a comparison of all ids may be, by the number of records.
fn compared_every(records: u64) -> SignedDuration {
    let times = i32::try_from(records / COMPARED_DAILY).unwrap_or(i32::MAX);
    COMPARED_EVERY * times.clamp(1, COMPARED_AT_LEAST_EVERY)
}

impl Looking<'_, '_> {
    /// What there is to do, if anything.
    async fn begin(&self) -> Result<Option<At>, SyncError> {
        if self.work.reads_whole(self.object).await? {
            return Ok(Some(At::Unseen { last: None }));
        }
        let (theirs, ours) = (self.theirs().await?, self.ours().await?);
        if self.is_due(ours) {
            return Ok(Some(At::Ids { after: None }));
        }
        let gap = signed(theirs) - signed(ours);
        Ok(match gap {
            0 => None,
            gap if gap == self.cursor.gap => None,
            gap if gap < 0 => Some(At::Archived { after: None }),
            _ => Some(At::Ids { after: None }),
        })
    }

    /// Whether all ids are to be compared whatever the counts say.
    fn is_due(&self, records: u64) -> bool {
        let age = self.work.began.since(self.cursor.reconciled_at);
        // A comparison in the future comes from a clock that was wrong.
        self.work.options.reconcile || age.is_negative() || age >= compared_every(records)
    }

    async fn theirs(&self) -> Result<u64, SyncError> {
        records::total(self.work, self.stream, self.object).await
    }

    async fn ours(&self) -> Result<u64, SyncError> {
        let of = self.object.clone();
        let ours = self
            .work
            .in_store(move |store| store.read(|connection| store::record_count(connection, &of)));
        ours.await
    }

    async fn unseen_before(&self) -> Result<u64, SyncError> {
        let (of, granted) = (self.object.clone(), self.work.granted.clone());
        let unseen = self
            .work
            .in_store(move |store| granted.unseen_before(store, &of));
        unseen.await
    }

    async fn land(
        &self,
        changed: Changed,
        next: Option<&At>,
        milestone: Option<Milestone>,
        lander: &mut Lander<'_, '_>,
    ) -> Result<(), SyncError> {
        let count = changed.found.len() + changed.fates.len() + changed.values.len();
        let landed = Landed {
            milestone,
            ..Landed::of(
                Rows::Changes(self.object.clone(), changed),
                count,
                next.and_then(|at| serde_json::to_string(at).ok()),
            )
        };
        lander.land_all(landed).await
    }

    /// A page of the recycle bin: what is live here and lies there is archived.
    async fn archived(
        &self,
        after: Option<String>,
        lander: &mut Lander<'_, '_>,
    ) -> Result<Option<At>, SyncError> {
        // Gone on with: the page before may have been all that was missing.
        if after.is_some() && self.theirs_are_ours().await? {
            return Ok(None);
        }
        let mut pages = Pages::archived_after(after);
        let nothing = Wanted::default();
        loop {
            let page = pages
                .next(self.work, self.stream, self.object, &nothing)
                .await?;
            let ids = page.iter().map(|record| record.id);
            let known = self.work.known(self.object, ids).await?;
            let is_live = |id: &RecordId| known.get(id).is_some_and(|known| !known.archived);
            let fates = page
                .iter()
                .filter(|record| is_live(&record.id))
                .map(|record| (record.id, Fate::Archived(record.archived_at)))
                .collect();
            let changed = Changed {
                fates,
                ..Changed::default()
            };
            let after = pages.after.clone();
            let is_last = after.is_none();
            let next = if is_last {
                At::Emptied
            } else {
                At::Archived { after }
            };
            self.land(changed, Some(&next), None, lander).await?;
            lander.settle().await?;
            if self.theirs_are_ours().await? {
                return Ok(None);
            }
            if is_last {
                return Ok(Some(At::Ids { after: None }));
            }
        }
    }

    async fn theirs_are_ours(&self) -> Result<bool, SyncError> {
        Ok(self.theirs().await? == self.ours().await?)
    }

    /// Every id, with what HubSpot computes: what is unknown, or changed at another moment, is
    /// fetched; computed values that moved silently are taken over.
    async fn ids(
        &self,
        after: Option<String>,
        lander: &mut Lander<'_, '_>,
    ) -> Result<Option<At>, SyncError> {
        let mut pages = Pages::after(after);
        let compared = self.wanted.for_comparing(self.object);
        loop {
            let page = pages
                .next(self.work, self.stream, self.object, &compared)
                .await?;
            let changed = self.compare(&page).await?;
            let after = pages.after.clone();
            let is_last = after.is_none();
            let next = if is_last {
                At::Unmet { last: None }
            } else {
                At::Ids { after }
            };
            self.land(changed, Some(&next), None, lander).await?;
            if is_last {
                lander.settle().await?;
                return Ok(Some(next));
            }
        }
    }

    async fn compare(&self, page: &[Record]) -> Result<Changed, SyncError> {
        let found: Vec<Found> = page
            .iter()
            .map(|record| Found {
                id: record.id,
                modified: modified(self.object, record),
            })
            .collect();
        let unlike = unlike_known(self.work, self.object, &found, None).await?;
        let fetched =
            fetch::records(self.work, self.stream, self.object, &self.wanted, &unlike).await?;
        let ids = found.iter().map(|row| row.id);
        let known = self.work.known(self.object, ids.clone()).await?;
        let values = page.iter().filter_map(|record| {
            let known = known.get(&record.id)?;
            let moved = self.wanted.calculated.iter().filter_map(|name| {
                let value = record.properties.get(name)?;
                (known.properties.get(name) != Some(value)).then(|| (name.clone(), value.clone()))
            });
            let properties: std::collections::BTreeMap<_, _> = moved.collect();
            let is_new = properties.is_empty() || unlike.contains(&record.id);
            (!is_new).then(|| RecordValues {
                id: record.id,
                properties,
                histories: std::collections::BTreeMap::new(),
            })
        });
        Ok(Changed {
            values: values.collect(),
            met: ids.collect(),
            ..fetched
        })
    }

    /// Asks about each id of ours of some kind, page by page.
    async fn ask_about(
        &self,
        which: IdsOf,
        mut last: Option<RecordId>,
        here: impl Fn(Option<RecordId>) -> At,
        lander: &mut Lander<'_, '_>,
    ) -> Result<(), SyncError> {
        let size = self.wanted.page_size(self.work.options.page_size);
        let mut vanished = None;
        loop {
            let (ids, more) = self.work.next_ids(self.object, which, last, size).await?;
            last = ids.last().copied().or(last);
            let vanished = match vanished {
                Some(vanished) => vanished,
                None if ids.is_empty() => Vanished::Erased,
                None => {
                    // Those that were out of sight before are no reason to take others for it. What
                    // is said of the recycle bin follows from what is seen at all.
                    let unseen = match which {
                        IdsOf::Buried => 0,
                        _ => self.unseen_before().await?,
                    };
                    let ours = self.ours().await?.saturating_sub(unseen);
                    let theirs = self.theirs().await?;
                    *vanished.insert(Vanished::by_counts(self.object, ours, theirs))
                }
            };
            let (work, of, wanted) = (self.work, self.object, &self.wanted);
            let changed =
                fetch::records_or_vanished(work, self.stream, of, wanted, &ids, vanished).await?;
            self.land(changed, Some(&here(last)), None, lander).await?;
            if !more {
                // Stored before it is counted.
                return lander.settle().await;
            }
        }
    }

    /// What a comparison that is at its end says: when it was, and what it could not explain.
    async fn reconciled(&self) -> Result<Milestone, SyncError> {
        let mut cursor = self.cursor.clone();
        cursor.reconciled_at = self.work.began;
        cursor.gap = signed(self.theirs().await?) - signed(self.ours().await?);
        Ok(Milestone::Reconciled(cursor))
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_types_are_compared_less_often_but_every_week() {
        let hours = |records| compared_every(records).as_hours();
        assert_eq!(hours(0), 24);
        assert_eq!(hours(399_999), 24);
        assert_eq!(hours(600_000), 72);
        assert_eq!(hours(90_000_000), 7 * 24);
    }

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        for at in [
            At::Archived { after: None },
            At::Emptied,
            At::Ids {
                after: Some("7".to_owned()),
            },
            At::Unmet {
                last: Some(RecordId::new(9)),
            },
            At::Unseen { last: None },
            At::Buried { last: None },
        ] {
            let text = serde_json::to_string(&at).unwrap();
            assert_eq!(serde_json::from_str::<At>(&text).unwrap(), at);
        }
    }
}
