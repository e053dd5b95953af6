//! A window read by ids alone: each page is asked for by the last id of the page before. There is
//! no offset that a change could shift, and no end at 10,000.

use std::collections::HashSet;

use crm::RecordId;
use hubspot::{Filter, Operator};

use super::Window;
use super::asking::{Asking, EMPTY_PAGES, Found, ID};
use crate::error::SyncError;

/// What came back for a page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The next rows, how many there were when they were asked for, and whether more follow.
    Page {
        found: Vec<Found>,
        total: u64,
        more: bool,
    },
    /// The ids do not ascend as numbers: this index has another order, and paging by the last id
    /// would leave records out.
    OutOfOrder,
}

impl Asking<'_, '_> {
    /// The rows of a window after an id.
    pub(crate) async fn after(
        &self,
        window: Window,
        last: Option<RecordId>,
    ) -> Result<Turn, SyncError> {
        let filters = || {
            let mut filters = self.within(window);
            filters.extend(last.map(|id| Filter::new(ID, Operator::Gt, id.to_string())));
            filters
        };
        let mut offset: Option<String> = None;
        let mut seen = HashSet::new();
        for _ in 0..=EMPTY_PAGES {
            let page = self
                .page(filters(), offset.as_deref(), self.page_size())
                .await?;
            let found: Vec<Found> = page.results.iter().map(|r| self.found(r)).collect();
            if let (true, Some(next)) = (found.is_empty(), &page.after) {
                // An empty page with a cursor: what follows it is asked for by the cursor.
                if !seen.insert(next.clone()) {
                    return Err(SyncError::CursorRepeated {
                        stream: self.stream.to_string(),
                    });
                }
                offset = page.after;
                continue;
            }
            let mut before = last;
            for row in &found {
                if before.is_some_and(|before| row.id <= before) {
                    return Ok(Turn::OutOfOrder);
                }
                before = Some(row.id);
            }
            return Ok(Turn::Page {
                found,
                total: page.total,
                more: page.after.is_some(),
            });
        }
        Err(SyncError::EmptyPages {
            stream: self.stream.to_string(),
            pages: EMPTY_PAGES + 1,
        })
    }
}
