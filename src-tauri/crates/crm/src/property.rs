//! Property values and their versions.

use serde::{Deserialize, Serialize, Serializer};

use crate::{Moment, UserId};

/// What a property said: the raw text HubSpot sent, or nothing.
///
/// HubSpot spells "empty" as `null`, as `""` and by leaving the key out. The first two are
/// `Empty` here; a key that was left out is no value at all and never reaches this type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(from = "Option<String>")]
pub enum PropertyValue {
    /// Never set, or cleared.
    Empty,
    /// The raw text, unparsed: only the property's definition says what it means.
    Text(String),
}

impl PropertyValue {
    /// The raw text, if there is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Empty => None,
            Self::Text(text) => Some(text),
        }
    }
}

impl Serialize for PropertyValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text().serialize(serializer)
    }
}

impl From<Option<String>> for PropertyValue {
    fn from(raw: Option<String>) -> Self {
        match raw {
            Some(text) if !text.is_empty() => Self::Text(text),
            _ => Self::Empty,
        }
    }
}

impl From<PropertyValue> for Option<String> {
    fn from(value: PropertyValue) -> Self {
        match value {
            PropertyValue::Empty => None,
            PropertyValue::Text(text) => Some(text),
        }
    }
}

/// One value of a property, with the time from which it held.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Version {
    /// The value from `at` on, until a later version.
    pub value: PropertyValue,
    /// When the value was set.
    pub at: Moment,
    /// What set it: `CRM_UI`, `API`, `IMPORT` and others; an open set.
    pub source_type: Option<String>,
    /// More about the source, as HubSpot spells it.
    pub source_id: Option<String>,
    /// The user who set it, where HubSpot knows.
    pub user: Option<UserId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_and_empty_text_are_one() {
        for json in ["null", "\"\""] {
            let value: PropertyValue = serde_json::from_str(json).unwrap();
            assert_eq!(value, PropertyValue::Empty, "{json}");
        }
        let value: PropertyValue = serde_json::from_str("\" \"").unwrap();
        assert_eq!(value.text(), Some(" "));
    }

    #[test]
    fn a_value_is_written_as_it_is_read() {
        for json in ["null", "\"a value\""] {
            let value: PropertyValue = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
        }
    }
}
