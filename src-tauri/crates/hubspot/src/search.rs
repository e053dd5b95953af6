//! Searching: an index with a short lag, at most 10,000 results a query.

use serde::Serialize;

use crate::{Error, Kind, Record, limits};

/// A search. Groups are joined by OR, the filters of a group by AND.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SearchQuery {
    /// The filters; none means every record of the type.
    #[serde(rename = "filterGroups", skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<FilterGroup>,
    /// The order of the results; HubSpot takes one criterion at most.
    #[serde(rename = "sorts", serialize_with = "at_most_one")]
    pub sort: Option<Sort>,
    /// The properties to read.
    pub properties: Vec<String>,
    /// Words to look for in the type's default search fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Results a page; the largest allowed when `None`.
    pub limit: Option<usize>,
    /// How many results to skip, as the page before said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl SearchQuery {
    /// Checks the rules whose breach HubSpot answers with 400.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let filters: usize = self.groups.iter().map(|group| group.filters.len()).sum();
        let broken = if self.groups.len() > limits::SEARCH_GROUPS {
            "more filter groups than a search may have"
        } else if self
            .groups
            .iter()
            .any(|g| g.filters.len() > limits::SEARCH_FILTERS_PER_GROUP)
        {
            "more filters than a group may have"
        } else if filters > limits::SEARCH_FILTERS {
            "more filters than a search may have"
        } else if self.offset() >= limits::SEARCH_TOTAL {
            "a search pages through 10,000 results at most"
        } else {
            return Ok(());
        };
        Err(Kind::InvalidRequest(broken).into())
    }

    /// The same query with a page as long as is allowed here: never beyond the last result that can
    /// be paged to.
    pub(crate) fn with_page(&self) -> Self {
        let most = limits::SEARCH_PAGE.min(limits::SEARCH_TOTAL.saturating_sub(self.offset()));
        let limit = self.limit.unwrap_or(most).min(most).max(1);
        Self {
            limit: Some(limit),
            ..self.clone()
        }
    }

    fn offset(&self) -> usize {
        self.after
            .as_deref()
            .and_then(|after| after.parse().ok())
            .unwrap_or_default()
    }
}

fn at_most_one<S: serde::Serializer>(sort: &Option<Sort>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(sort)
}

/// Filters that must all hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FilterGroup {
    /// The conditions.
    pub filters: Vec<Filter>,
}

/// One condition on one property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Filter {
    /// The property's internal name, or the pseudo-property `associations.{type}`.
    #[serde(rename = "propertyName")]
    pub property: String,
    /// The comparison.
    pub operator: Operator,
    /// What to compare with; the lower end for [`Operator::Between`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The upper end for [`Operator::Between`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high_value: Option<String>,
    /// What to compare with for [`Operator::In`] and [`Operator::NotIn`]. Text must be lower-case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

impl Filter {
    /// A condition with one value.
    pub fn new(property: impl Into<String>, operator: Operator, value: impl Into<String>) -> Self {
        Self {
            value: Some(value.into()),
            ..Self::bare(property, operator)
        }
    }

    /// A condition on presence alone.
    pub fn bare(property: impl Into<String>, operator: Operator) -> Self {
        Self {
            property: property.into(),
            operator,
            value: None,
            high_value: None,
            values: Vec::new(),
        }
    }

    /// A condition with a set of values.
    pub fn any_of(property: impl Into<String>, values: Vec<String>) -> Self {
        Self {
            values,
            ..Self::bare(property, Operator::In)
        }
    }
}

/// The comparisons that search knows (HubSpot, "Search the CRM").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the names are HubSpot's and say what they do")]
pub enum Operator {
    Eq,
    Neq,
    Lt,
    Lte,
    Gt,
    Gte,
    Between,
    In,
    NotIn,
    HasProperty,
    NotHasProperty,
    ContainsToken,
    NotContainsToken,
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
    /// The records of this page.
    pub results: Vec<Record>,
    /// The offset of the next page, if there is one.
    pub after: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(after: Option<&str>, asked: Option<usize>, page: usize) {
        let query = SearchQuery {
            after: after.map(str::to_owned),
            limit: asked,
            ..SearchQuery::default()
        };
        assert_eq!(query.with_page().limit, Some(page), "{after:?} {asked:?}");
    }

    #[test]
    fn pages_are_as_long_as_allowed_and_end_where_paging_ends() {
        check(None, None, 200);
        check(None, Some(7), 7);
        check(None, Some(0), 1);
        check(None, Some(999), 200);
        check(Some("9800"), None, 200);
        check(Some("9950"), None, 50);
        check(Some("9950"), Some(20), 20);
        check(Some("a riddle"), None, 200);
    }

    #[test]
    fn a_query_is_spelled_as_hubspot_documents_it() {
        let between = Filter {
            high_value: Some("9".into()),
            ..Filter::new("amount", Operator::Between, "1")
        };
        let query = SearchQuery {
            groups: vec![FilterGroup {
                filters: vec![
                    between,
                    Filter::any_of("dealstage", vec!["a".into(), "b".into()]),
                    Filter::bare("closedate", Operator::NotHasProperty),
                ],
            }],
            sort: Some(Sort {
                property: "hs_object_id".into(),
                direction: Direction::Ascending,
            }),
            properties: vec!["amount".into()],
            limit: Some(200),
            ..SearchQuery::default()
        };
        assert_eq!(
            serde_json::to_value(&query).unwrap(),
            json!({
                "filterGroups": [{ "filters": [
                    { "propertyName": "amount", "operator": "BETWEEN", "value": "1", "highValue": "9" },
                    { "propertyName": "dealstage", "operator": "IN", "values": ["a", "b"] },
                    { "propertyName": "closedate", "operator": "NOT_HAS_PROPERTY" },
                ] }],
                "sorts": [{ "propertyName": "hs_object_id", "direction": "ASCENDING" }],
                "properties": ["amount"],
                "limit": 200,
            })
        );
    }
}
