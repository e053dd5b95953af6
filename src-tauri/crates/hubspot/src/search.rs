//! Searching: an index with a short lag, at most 10,000 results a query.
//!
//! The types here cannot express a query that HubSpot refuses for its shape: fields are private, and
//! each step that could go beyond a limit answers with an error instead.

mod filter;

use serde::{Serialize, Serializer};

pub use filter::{Filter, FilterGroup, Operator};

use crate::{Error, Kind, Record, limits};

/// A search. Groups are joined by OR, the filters of a group by AND.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    groups: Vec<FilterGroup>,
    sort: Option<Sort>,
    properties: Vec<String>,
    words: Option<String>,
    limit: usize,
    offset: usize,
}

impl Default for SearchQuery {
    fn default() -> Self {
        Self::all()
    }
}

impl SearchQuery {
    /// Every record of the type, in pages as long as is allowed.
    #[must_use]
    pub fn all() -> Self {
        Self {
            groups: Vec::new(),
            sort: None,
            properties: Vec::new(),
            words: None,
            limit: limits::SEARCH_PAGE,
            offset: 0,
        }
    }

    /// The records for which every filter of the group holds.
    #[must_use]
    pub fn matching(group: FilterGroup) -> Self {
        Self {
            groups: vec![group],
            ..Self::all()
        }
    }

    /// The records of this query, and those for which every filter of the group holds. Added to
    /// [`SearchQuery::all`], the group narrows instead: it is then the only one.
    ///
    /// # Errors
    /// [`Kind::InvalidRequest`] beyond [`limits::SEARCH_GROUPS`] groups or
    /// [`limits::SEARCH_FILTERS`] filters in all.
    pub fn or(mut self, group: FilterGroup) -> Result<Self, Error> {
        self.groups.push(group);
        let filters: usize = self.groups.iter().map(FilterGroup::len).sum();
        if self.groups.len() > limits::SEARCH_GROUPS {
            return Err(Kind::InvalidRequest("more filter groups than a search may have").into());
        }
        if filters > limits::SEARCH_FILTERS {
            return Err(Kind::InvalidRequest("more filters than a search may have").into());
        }
        Ok(self)
    }

    /// The same query in an order. HubSpot takes one criterion: a second one replaces the first.
    #[must_use]
    pub fn sorted(self, sort: Sort) -> Self {
        Self {
            sort: Some(sort),
            ..self
        }
    }

    /// The same query, reading these properties instead of HubSpot's default ones.
    #[must_use]
    pub fn with_properties<T: Into<String>>(self, names: impl IntoIterator<Item = T>) -> Self {
        Self {
            properties: names.into_iter().map(Into::into).collect(),
            ..self
        }
    }

    /// The same query, for records that also hold these words in the type's default search fields.
    ///
    /// # Errors
    /// [`Kind::InvalidRequest`] for more than [`limits::SEARCH_WORDS`] characters.
    pub fn with_words(self, words: impl Into<String>) -> Result<Self, Error> {
        let words = words.into();
        if words.chars().count() > limits::SEARCH_WORDS {
            return Err(Kind::InvalidRequest("more words than a search may have").into());
        }
        Ok(Self {
            words: Some(words).filter(|words| !words.is_empty()),
            ..self
        })
    }

    /// The same query with pages of this many results, cut to between 1 and
    /// [`limits::SEARCH_PAGE`].
    #[must_use]
    pub fn limited(self, limit: usize) -> Self {
        Self {
            limit: limit.clamp(1, limits::SEARCH_PAGE),
            ..self
        }
    }

    /// The same query from where a page ended, as [`SearchPage::after`] says: the number of results
    /// to skip, in text.
    ///
    /// # Errors
    /// [`Kind::InvalidRequest`] for what is no number, and from [`limits::SEARCH_TOTAL`] on, where
    /// HubSpot ends a query: go on with a narrower one instead.
    pub fn from_offset(self, after: &str) -> Result<Self, Error> {
        let offset: usize = after
            .parse()
            .map_err(|_| Error::from(Kind::InvalidRequest("a search's cursor is a number")))?;
        if offset >= limits::SEARCH_TOTAL {
            return Err(
                Kind::InvalidRequest("a search pages through 10,000 results at most").into(),
            );
        }
        Ok(Self { offset, ..self })
    }

    /// How many results the page has at most: what was asked for, but never beyond the last result
    /// that can be paged to.
    #[must_use]
    pub fn page_size(&self) -> usize {
        self.limit
            .min(limits::SEARCH_TOTAL.saturating_sub(self.offset))
    }
}

impl Serialize for SearchQuery {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            filter_groups: &'a [FilterGroup],
            sorts: Vec<&'a Sort>,
            properties: &'a [String],
            #[serde(skip_serializing_if = "Option::is_none")]
            query: Option<&'a str>,
            limit: usize,
            #[serde(skip_serializing_if = "Option::is_none")]
            after: Option<String>,
        }
        let body = Body {
            filter_groups: &self.groups,
            sorts: self.sort.iter().collect(),
            properties: &self.properties,
            query: self.words.as_deref(),
            limit: self.page_size(),
            after: (self.offset > 0).then(|| self.offset.to_string()),
        };
        body.serialize(to)
    }
}

/// The order of results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sort {
    /// The property to order by.
    #[serde(rename = "propertyName")]
    pub property: String,
    /// Which end comes first.
    pub direction: Direction,
}

impl Sort {
    /// The smallest value first.
    pub fn ascending(property: impl Into<String>) -> Self {
        Self {
            property: property.into(),
            direction: Direction::Ascending,
        }
    }

    /// The largest value first.
    pub fn descending(property: impl Into<String>) -> Self {
        Self {
            property: property.into(),
            direction: Direction::Descending,
        }
    }
}

/// Which end of an order comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Direction {
    /// The smallest first.
    Ascending,
    /// The largest first.
    Descending,
}

/// One page of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchPage {
    /// How many records the whole query matches, as the index knows it now.
    pub total: u64,
    /// The records of this page. May be empty although more pages follow.
    pub results: Vec<Record>,
    /// The offset of the next page, if there is one.
    pub after: Option<String>,
}

#[cfg(test)]
mod tests;
