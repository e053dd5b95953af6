//! What records must be like to be found.

use serde::{Serialize, Serializer};

use crate::{Error, Kind, limits};

/// Filters that must all hold: at least one, at most [`limits::SEARCH_FILTERS_PER_GROUP`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilterGroup {
    filters: Vec<Filter>,
}

impl FilterGroup {
    /// A group of filters.
    ///
    /// # Errors
    /// [`Kind::InvalidRequest`] for no filter, for more than a group may have, and for a filter that
    /// names no property or has an empty set of values: HubSpot refuses each of them.
    pub fn of(filters: impl IntoIterator<Item = Filter>) -> Result<Self, Error> {
        // One more than is allowed tells enough.
        let filters: Vec<Filter> = filters
            .into_iter()
            .take(limits::SEARCH_FILTERS_PER_GROUP + 1)
            .collect();
        let broken = if filters.is_empty() {
            "a filter group without filters"
        } else if filters.len() > limits::SEARCH_FILTERS_PER_GROUP {
            "more filters than a group may have"
        } else if filters.iter().any(|filter| filter.property.is_empty()) {
            "a filter that names no property"
        } else if filters.iter().any(|filter| filter.condition.is_hollow()) {
            "a filter with an empty set of values"
        } else {
            return Ok(Self { filters });
        };
        Err(Kind::InvalidRequest(broken).into())
    }

    /// How many filters there are.
    pub(super) fn len(&self) -> usize {
        self.filters.len()
    }
}

/// One condition on one property: its internal name, or the pseudo-property `associations.{type}`
/// (not for custom types).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    property: String,
    condition: Condition,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    Compares(Operator, String),
    Between(String, String),
    In(Vec<String>),
    NotIn(Vec<String>),
    Has,
    Lacks,
}

impl Condition {
    fn is_hollow(&self) -> bool {
        matches!(self, Self::In(values) | Self::NotIn(values) if values.is_empty())
    }
}

impl Filter {
    /// A comparison with one value. Times are milliseconds since 1970, in text.
    pub fn new(property: impl Into<String>, operator: Operator, value: impl Into<String>) -> Self {
        Self::on(property, Condition::Compares(operator, value.into()))
    }

    /// Values from `low` to `high`, both included.
    pub fn between(
        property: impl Into<String>,
        low: impl Into<String>,
        high: impl Into<String>,
    ) -> Self {
        Self::on(property, Condition::Between(low.into(), high.into()))
    }

    /// Any of some values. HubSpot compares text in lower case here, so it must be given so.
    pub fn any_of<T: Into<String>>(
        property: impl Into<String>,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        Self::on(property, Condition::In(values))
    }

    /// None of some values. HubSpot compares text in lower case here, so it must be given so.
    pub fn none_of<T: Into<String>>(
        property: impl Into<String>,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        Self::on(property, Condition::NotIn(values))
    }

    /// Some value.
    pub fn has(property: impl Into<String>) -> Self {
        Self::on(property, Condition::Has)
    }

    /// No value.
    pub fn lacks(property: impl Into<String>) -> Self {
        Self::on(property, Condition::Lacks)
    }

    fn on(property: impl Into<String>, condition: Condition) -> Self {
        Self {
            property: property.into(),
            condition,
        }
    }
}

impl Serialize for Filter {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(Default, Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            property_name: &'a str,
            operator: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            value: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            high_value: Option<&'a str>,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            values: &'a [String],
        }
        let mut body = Body {
            property_name: &self.property,
            ..Body::default()
        };
        match &self.condition {
            Condition::Compares(operator, value) => {
                body.operator = operator.as_str();
                body.value = Some(value);
            }
            Condition::Between(low, high) => {
                body.operator = "BETWEEN";
                body.value = Some(low);
                body.high_value = Some(high);
            }
            Condition::In(values) => {
                body.operator = "IN";
                body.values = values;
            }
            Condition::NotIn(values) => {
                body.operator = "NOT_IN";
                body.values = values;
            }
            Condition::Has => body.operator = "HAS_PROPERTY",
            Condition::Lacks => body.operator = "NOT_HAS_PROPERTY",
        }
        body.serialize(to)
    }
}

/// The comparisons with one value (HubSpot, "Search the CRM").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Neq,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
    /// Holds the word; `*` stands for any characters.
    ContainsToken,
    /// Does not hold the word.
    NotContainsToken,
}

impl Operator {
    fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "EQ",
            Self::Neq => "NEQ",
            Self::Lt => "LT",
            Self::Lte => "LTE",
            Self::Gt => "GT",
            Self::Gte => "GTE",
            Self::ContainsToken => "CONTAINS_TOKEN",
            Self::NotContainsToken => "NOT_CONTAINS_TOKEN",
        }
    }
}
