//! A window read in pieces that each can be paged through by offset: right for an index that
//! compares ids as numbers, for one that compares them as text, and for one that sorts one way and
//! compares the other.
//!
//! A piece that is too large is cut in two, first by time and, within a millisecond, by an id from
//! its middle: the records below that id and those that are not. In whichever order the index
//! compares, the two parts together are the whole.

use std::collections::HashSet;

use crm::RecordId;
use hubspot::{Filter, Operator, limits};
use jiff::SignedDuration;

use super::Window;
use super::asking::{Asking, EMPTY_PAGES, Found, ID};
use crate::error::SyncError;

/// Cuts by id after which the pieces are taken not to become smaller. Each halves; 2^40 records of
/// one millisecond do not exist.
const MOST_CUTS: u32 = 40;

/// Pieces of one window after which an index is taken not to heed the conditions: even a million
/// records that changed are a few hundred pieces, and a day is cut into milliseconds 27 times.
const MOST_PIECES: usize = 10_000;

/// What is left of a window.
pub(crate) struct Pieces {
    made: usize,
    open: Vec<Piece>,
    /// The piece that is being paged through, and the offset of its next page.
    paging: Option<(Piece, String)>,
    seen_offsets: HashSet<String>,
    empty_pages: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    window: Window,
    at_least: Bounds,
    below: Bounds,
    cuts: u32,
}

/// The tightest bound on one side, for either way in which ids may be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Bounds {
    as_number: Option<RecordId>,
    as_text: Option<RecordId>,
}

impl Bounds {
    /// With one more bound; `tighter` says whether an order of it and the old one makes it so.
    fn and(self, id: RecordId, tighter: std::cmp::Ordering) -> Self {
        let text = |id: RecordId| id.to_string();
        Self {
            as_number: match self.as_number {
                Some(old) if id.cmp(&old) != tighter => Some(old),
                _ => Some(id),
            },
            as_text: match self.as_text {
                Some(old) if text(id).cmp(&text(old)) != tighter => Some(old),
                _ => Some(id),
            },
        }
    }

    /// Each bound once.
    fn each(self) -> impl Iterator<Item = RecordId> {
        let text = self.as_text.filter(|id| self.as_number != Some(*id));
        self.as_number.into_iter().chain(text)
    }
}

impl Piece {
    /// Two of time and at most four of ids: as many conditions as a group may have.
    fn filters(&self, asking: &Asking<'_, '_>) -> Vec<Filter> {
        let id = |operator| move |id: RecordId| Filter::new(ID, operator, id.to_string());
        let mut filters = asking.within(self.window);
        filters.extend(self.at_least.each().map(id(Operator::Gte)));
        filters.extend(self.below.each().map(id(Operator::Lt)));
        filters
    }

    fn cut_by_time(&self) -> Option<[Self; 2]> {
        let Window { from, until } = self.window;
        let half = until.since(from) / 2;
        let middle = from.plus(half);
        (from < until).then(|| {
            let next = middle.plus(SignedDuration::from_millis(1));
            [(from, middle), (next, until)].map(|(from, until)| Self {
                window: Window { from, until },
                ..self.clone()
            })
        })
    }

    fn cut_by_id(&self, id: RecordId) -> [Self; 2] {
        let cuts = self.cuts + 1;
        [
            Self {
                below: self.below.and(id, std::cmp::Ordering::Less),
                cuts,
                ..self.clone()
            },
            Self {
                at_least: self.at_least.and(id, std::cmp::Ordering::Greater),
                cuts,
                ..self.clone()
            },
        ]
    }
}

impl Pieces {
    pub(crate) fn of(window: Window) -> Self {
        let whole = Piece {
            window,
            at_least: Bounds::default(),
            below: Bounds::default(),
            cuts: 0,
        };
        Self {
            made: 1,
            open: vec![whole],
            paging: None,
            seen_offsets: HashSet::new(),
            empty_pages: 0,
        }
    }

    /// The next rows; `None` when there are no more. A record may come twice.
    pub(crate) async fn next(
        &mut self,
        asking: &Asking<'_, '_>,
    ) -> Result<Option<Vec<Found>>, SyncError> {
        loop {
            let (piece, offset) = match self.paging.take() {
                Some((piece, offset)) => (piece, Some(offset)),
                None => match self.open.pop() {
                    Some(piece) => (piece, None),
                    None => return Ok(None),
                },
            };
            let page = asking
                .page(piece.filters(asking), offset.as_deref(), asking.page_size())
                .await?;
            let most = u64::try_from(limits::SEARCH_TOTAL).unwrap_or(u64::MAX);
            if page.total > most {
                self.made += 2;
                if self.made > MOST_PIECES {
                    return Err(SyncError::NoProgress {
                        stream: asking.stream.to_string(),
                    });
                }
                self.open.extend(cut(asking, &piece).await?);
                self.seen_offsets.clear();
                continue;
            }
            let found = page.results.iter().map(|r| asking.found(r)).collect();
            self.go_on(asking, piece, page.after, page.results.is_empty())?;
            return Ok(Some(found));
        }
    }

    fn go_on(
        &mut self,
        asking: &Asking<'_, '_>,
        piece: Piece,
        after: Option<String>,
        empty: bool,
    ) -> Result<(), SyncError> {
        let stream = || asking.stream.to_string();
        let Some(after) = after else {
            self.seen_offsets.clear();
            self.empty_pages = 0;
            return Ok(());
        };
        self.empty_pages = if empty { self.empty_pages + 1 } else { 0 };
        if self.empty_pages > EMPTY_PAGES {
            return Err(SyncError::EmptyPages {
                stream: stream(),
                pages: self.empty_pages,
            });
        }
        if !self.seen_offsets.insert(after.clone()) {
            return Err(SyncError::CursorRepeated { stream: stream() });
        }
        self.paging = Some((piece, after));
        Ok(())
    }
}

/// Cuts a piece in two.
async fn cut(asking: &Asking<'_, '_>, piece: &Piece) -> Result<[Piece; 2], SyncError> {
    if let Some(halves) = piece.cut_by_time() {
        return Ok(halves);
    }
    let no_progress = || SyncError::NoProgress {
        stream: asking.stream.to_string(),
    };
    if piece.cuts >= MOST_CUTS {
        return Err(no_progress());
    }
    let middle = (limits::SEARCH_TOTAL / 2).to_string();
    let page = asking.page(piece.filters(asking), Some(&middle), 1).await?;
    let id = page.results.first().ok_or_else(no_progress)?.id;
    Ok(piece.cut_by_id(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crm::Moment;
    use proptest::prelude::*;

    fn whole() -> Piece {
        let at = Moment::from_millis(7);
        Piece {
            window: Window {
                from: at,
                until: at,
            },
            at_least: Bounds::default(),
            below: Bounds::default(),
            cuts: 0,
        }
    }

    /// Whether an index with this order finds a record in a piece.
    fn holds(piece: &Piece, id: u64, as_text: bool) -> bool {
        let less = |a: u64, b: u64| {
            if as_text {
                a.to_string() < b.to_string()
            } else {
                a < b
            }
        };
        piece.at_least.each().all(|bound| !less(id, bound.get()))
            && piece.below.each().all(|bound| less(id, bound.get()))
    }

    proptest! {
        /// However a window is cut, every id lies in exactly one piece, compared as numbers and
        /// compared as text.
        #[test]
        fn pieces_are_a_partition(
            cuts in proptest::collection::vec((any::<prop::sample::Index>(), 1_u64..200_000), 0..6),
            ids in proptest::collection::vec(1_u64..200_000, 1..50),
        ) {
            let mut pieces = vec![whole()];
            for (which, id) in cuts {
                let piece = pieces.swap_remove(which.index(pieces.len()));
                prop_assert!(piece.at_least.each().count() + piece.below.each().count() <= 4);
                pieces.extend(piece.cut_by_id(RecordId::new(id)));
            }
            for id in ids {
                for as_text in [false, true] {
                    let held = pieces.iter().filter(|piece| holds(piece, id, as_text)).count();
                    prop_assert_eq!(held, 1, "{} as text: {}", id, as_text);
                }
            }
        }

        #[test]
        fn time_is_cut_without_a_gap(from in 0_i64..1_000, length in 1_i64..1_000) {
            let mut piece = whole();
            piece.window = Window {
                from: Moment::from_millis(from),
                until: Moment::from_millis(from + length),
            };
            let [first, second] = piece.cut_by_time().unwrap();
            prop_assert_eq!(first.window.from, piece.window.from);
            prop_assert_eq!(first.window.until.millis() + 1, second.window.from.millis());
            prop_assert_eq!(second.window.until, piece.window.until);
            prop_assert!(second.window.from <= second.window.until);
        }
    }
}
