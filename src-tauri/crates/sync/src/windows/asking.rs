//! One question to the search index about a window.

use crm::{Moment, ObjectType, RecordId};
use hubspot::{Filter, FilterGroup, Operator, Record, SearchPage, SearchQuery, Sort, limits};

use super::Window;
use crate::error::SyncError;
use crate::plan::Stream;
use crate::work::Work;

/// Pages without a row in a row, with a cursor each, that are tolerated: short and even empty pages
/// do occur; without an end they are a loop.
pub(crate) const EMPTY_PAGES: u32 = 3;

/// The property that every type has its id in.
pub(super) const ID: &str = "hs_object_id";

/// A record as the index tells it: which one, and when it changed last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) id: RecordId,
    pub(crate) modified: Option<Moment>,
}

/// Who asks, and about what.
pub(crate) struct Asking<'a, 'w> {
    pub(crate) work: &'a Work<'w>,
    pub(crate) stream: &'a Stream,
    pub(crate) object: &'a ObjectType,
    pub(crate) by: By,
}

/// What a window is a window of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Dates of the last change.
    Modified,
    /// Dates of creation.
    Created,
    /// Nothing: the records without a date of creation, whatever the window says.
    Uncreated,
}

impl Asking<'_, '_> {
    /// The conditions of a window: both its ends belong to it.
    pub(super) fn within(&self, window: Window) -> Vec<Filter> {
        let property = match self.by {
            By::Modified => self.object.modified_property(),
            By::Created => self.object.created_property(),
            By::Uncreated => return vec![Filter::lacks(self.object.created_property())],
        };
        let end = |operator, at: Moment| Filter::new(property, operator, at.millis().to_string());
        vec![
            end(Operator::Gte, window.from),
            end(Operator::Lte, window.until),
        ]
    }

    /// A page of what these conditions hold for, in the order of ids.
    pub(super) async fn page(
        &self,
        filters: Vec<Filter>,
        offset: Option<&str>,
        limit: usize,
    ) -> Result<SearchPage, SyncError> {
        let query = || -> Result<SearchQuery, hubspot::Error> {
            let query = SearchQuery::matching(FilterGroup::of(filters)?)
                .sorted(Sort::ascending(ID))
                .with_properties([ID, self.object.modified_property()])
                .limited(limit);
            match offset {
                Some(offset) => query.from_offset(offset),
                None => Ok(query),
            }
        };
        let query = query().map_err(|error| SyncError::HubSpot {
            stream: self.stream.to_string(),
            error,
        })?;
        let page = self.work.client.search(self.object, &query);
        self.work.ask(self.stream, page).await
    }

    /// How many records a window has now.
    pub(crate) async fn total(&self, window: Window) -> Result<u64, SyncError> {
        Ok(self.page(self.within(window), None, 1).await?.total)
    }

    /// Rows a page.
    pub(super) fn page_size(&self) -> usize {
        self.work.options.page_size.unwrap_or(limits::SEARCH_PAGE)
    }

    pub(super) fn found(&self, record: &Record) -> Found {
        Found {
            id: record.id,
            modified: modified(self.object, record),
        }
    }
}

/// When a record changed last: what its own property says, else what HubSpot says beside it.
pub(crate) fn modified(object: &ObjectType, record: &Record) -> Option<Moment> {
    let told = record.properties.get(object.modified_property());
    told.and_then(|value| value.text()?.parse().ok())
        .or(record.updated_at)
}
