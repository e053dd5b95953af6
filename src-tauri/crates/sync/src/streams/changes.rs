//! A type's records that changed: which ones the search index says, and what they say now the
//! primary store does.

use std::collections::HashSet;

use crm::{Moment, ObjectType, RecordId};
use serde::{Deserialize, Serialize};

use crate::error::SyncError;
use crate::fetch;
use crate::lander::{Landed, Lander};
use crate::landing::{Milestone, Rows};
use crate::plan::Stream;
use crate::wanted::Wanted;
use crate::windows::{self, Asking, By, Due, Found, Pieces, Turn, Window};
use crate::work::Work;

/// How often a window is read until its count is right.
const ATTEMPTS: u32 = 3;

/// Where the reading of a type's changes stands: the cursor of its stream.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct At {
    /// The windows that are left; the first is being read.
    due: Vec<Due>,
    attempt: u32,
    by_pieces: bool,
    last: Option<RecordId>,
    /// Distinct ids that the index gave.
    seen: u64,
    /// How many of them lie outside of the window: they may or may not be counted.
    outside: u64,
    unproven: Option<String>,
}

impl At {
    fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    fn again(&mut self, by_pieces: bool) {
        self.by_pieces |= by_pieces;
        (self.last, self.seen, self.outside) = (None, 0, 0);
    }

    fn next_window(&mut self) {
        self.due.remove(0);
        (self.attempt, self.by_pieces) = (0, false);
        self.again(false);
    }

    /// The cursor's text; `None` when nothing is left.
    fn cursor(&self) -> Option<String> {
        if self.due.is_empty() {
            return None;
        }
        serde_json::to_string(self).ok()
    }
}

/// What a count of a window says about its reading.
enum Proof {
    Complete,
    Differs { seen: u64, total: u64 },
}

struct Reading<'r, 'w> {
    asking: Asking<'r, 'w>,
    wanted: Wanted,
    at: At,
    /// When the run before this one began to read.
    read_before: Moment,
}

pub(super) async fn read(
    work: &Work<'_>,
    stream: &Stream,
    object: &ObjectType,
    after: Option<String>,
    lander: &mut Lander<'_, '_>,
) -> Result<(), SyncError> {
    let (Some(plan), Some(mut cursor)) = (work.object(object), work.change_cursor(object).await?)
    else {
        return lander.unavailable("not_asked_for").await;
    };
    let begin = || At {
        due: windows::due(&cursor, work.began),
        ..At::default()
    };
    let mut reading = Reading {
        asking: Asking {
            work,
            stream,
            object,
            by: By::Modified,
        },
        wanted: Wanted::of(work, plan).await?,
        at: after.as_deref().and_then(At::read).unwrap_or_else(begin),
        read_before: cursor.fresh_until.min(work.began),
    };
    while let Some(due) = reading.at.due.first().copied() {
        let milestone = match reading.window(due.window, lander).await? {
            Proof::Complete => {
                cursor.fresh_until = due.fresh_until;
                cursor.settled_until = due.settled_until;
                Some(Milestone::Changes(cursor.clone()))
            }
            // The cursor stays: the next run reads this window again, and more.
            Proof::Differs { seen, total } => {
                tracing::warn!(%stream, seen, total, "a window's count is not right");
                reading.at.unproven = Some(format!("{seen} of {total}"));
                None
            }
        };
        reading.at.next_window();
        let landed = Landed {
            milestone,
            unproven: reading.at.unproven.clone(),
            ..Landed::of(Rows::Nothing, 0, reading.at.cursor())
        };
        lander.land_all(landed).await?;
    }
    lander.settle().await
}

impl Reading<'_, '_> {
    /// Reads a window, again where its count is not right.
    async fn window(
        &mut self,
        window: Window,
        lander: &mut Lander<'_, '_>,
    ) -> Result<Proof, SyncError> {
        loop {
            let told = if self.at.by_pieces {
                self.pieces(window, lander).await?;
                None
            } else {
                match self.by_ids(window, lander).await? {
                    Some(told) => told,
                    None => {
                        self.at.again(true);
                        continue;
                    }
                }
            };
            // A window that came in one answer was counted by that answer.
            let total = match told {
                Some(total) => total,
                None => self.asking.total(window).await?,
            };
            let (seen, outside) = (self.at.seen, self.at.outside);
            // What left the window while it was read may be counted no more.
            if (seen.saturating_sub(outside)..=seen).contains(&total) {
                return Ok(Proof::Complete);
            }
            self.at.attempt += 1;
            if self.at.attempt >= ATTEMPTS {
                return Ok(Proof::Differs { seen, total });
            }
            // More than we saw: this way of paging may have left some out.
            self.at.again(total > seen);
        }
    }

    /// Reads a window page by page after the last id; tells its count where one answer was all of
    /// it. `None` where the ids do not ascend.
    #[allow(clippy::option_option, reason = "out of order, many pages, or one")]
    async fn by_ids(
        &mut self,
        window: Window,
        lander: &mut Lander<'_, '_>,
    ) -> Result<Option<Option<u64>>, SyncError> {
        loop {
            let is_first = self.at.last.is_none();
            match self.asking.after(window, self.at.last).await? {
                Turn::OutOfOrder => return Ok(None),
                Turn::Page { found, total, more } => {
                    self.at.last = found.last().map(|row| row.id).or(self.at.last);
                    self.at.seen += count(found.len());
                    self.land(window, &found, lander).await?;
                    if !more {
                        return Ok(Some(is_first.then_some(total)));
                    }
                }
            }
        }
    }

    /// Reads a window in pieces; after a death from the window's beginning.
    async fn pieces(
        &mut self,
        window: Window,
        lander: &mut Lander<'_, '_>,
    ) -> Result<(), SyncError> {
        self.at.again(true);
        let mut pieces = Pieces::of(window);
        let mut ids = HashSet::new();
        while let Some(mut found) = pieces.next(&self.asking).await? {
            found.retain(|row| ids.insert(row.id));
            self.at.seen += count(found.len());
            self.land(window, &found, lander).await?;
        }
        Ok(())
    }

    /// Fetches those of a page that changed, and stores them with the cursor.
    async fn land(
        &mut self,
        window: Window,
        found: &[Found],
        lander: &mut Lander<'_, '_>,
    ) -> Result<(), SyncError> {
        let Asking {
            work,
            stream,
            object,
            ..
        } = self.asking;
        // What changed while it was being read may have changed again within the millisecond, which
        // no date tells: it is read once more.
        let read_last = match self.at.attempt {
            0 => self.read_before,
            _ => work.began,
        };
        let still = read_last.plus(-windows::CLOCKS_AGREE);
        let changed = unlike_known(work, object, found, Some(still)).await?;
        let read = fetch::records(work, stream, object, &self.wanted, &changed).await?;
        let left: HashSet<RecordId> = read
            .found
            .iter()
            .filter(|row| row.updated_at.is_some_and(|at| at > window.until))
            .map(|row| row.id)
            .chain(read.fates.iter().map(|(id, _)| *id))
            .collect();
        let outside = found.iter().filter(|row| {
            let elsewhere = row.modified.is_some_and(|at| !window.holds(at));
            elsewhere || left.contains(&row.id)
        });
        self.at.outside += count(outside.count());
        let rows = read.found.len() + read.fates.len();
        let landed = Landed {
            unproven: self.at.unproven.clone(),
            ..Landed::of(Rows::Changes(object.clone(), read), rows, self.at.cursor())
        };
        lander.land_all(landed).await
    }
}

/// The ids of which the copy says something else than the index: unknown, archived here, or changed
/// at another moment; and those that changed from `still` on, whatever the copy says.
pub(super) async fn unlike_known(
    work: &Work<'_>,
    object: &ObjectType,
    found: &[Found],
    still: Option<Moment>,
) -> Result<Vec<RecordId>, SyncError> {
    let known = work.known(object, found.iter().map(|row| row.id)).await?;
    let is_unlike = |row: &&Found| match known.get(&row.id) {
        None => true,
        Some(stored) => {
            let is_young = still.is_some_and(|still| row.modified >= Some(still));
            stored.archived || is_young || row.modified.is_none() || stored.modified != row.modified
        }
    };
    Ok(found.iter().filter(is_unlike).map(|row| row.id).collect())
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let at = Moment::from_millis(7);
        let due = Due {
            window: Window {
                from: at,
                until: at,
            },
            fresh_until: at,
            settled_until: at,
        };
        let mut here = At {
            due: vec![due, due],
            last: Some(RecordId::new(9)),
            seen: 3,
            ..At::default()
        };
        let read = At::read(&here.cursor().unwrap()).unwrap();
        assert_eq!(read.due, here.due);
        assert_eq!((read.last, read.seen), (here.last, here.seen));
        here.next_window();
        assert_eq!((here.last, here.seen), (None, 0));
        here.next_window();
        assert_eq!(here.cursor(), None);
    }
}
