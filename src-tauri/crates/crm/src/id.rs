//! Newtypes for identifiers. Numbers that HubSpot spells as strings are numbers here and strings
//! on every wire, because a JavaScript number cannot carry all of them.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text given was not an identifier of the kind wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}")]
pub struct InvalidId {
    kind: &'static str,
}

/// Accepts `"512"` and `512` alike: HubSpot sends both for the same field.
struct NumberOrText(&'static str);

impl Visitor<'_> for NumberOrText {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {} as a number or as text", self.0)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<u64, E> {
        Ok(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<u64, E> {
        u64::try_from(value).map_err(|_| E::custom(InvalidId { kind: self.0 }))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<u64, E> {
        parse_number(value, self.0).map_err(E::custom)
    }
}

/// SQLite and many drivers hold signed 64-bit integers, so larger numbers are refused at the door.
fn parse_number(text: &str, kind: &'static str) -> Result<u64, InvalidId> {
    match text.parse::<u64>() {
        Ok(n) if i64::try_from(n).is_ok() => Ok(n),
        _ => Err(InvalidId { kind }),
    }
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// Wraps a number that is already known to be such an id.
            #[must_use]
            pub const fn new(id: u64) -> Self {
                Self(id)
            }

            /// The bare number.
            #[must_use]
            pub const fn get(self) -> u64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse_number(text, $kind).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(NumberOrText($kind)).map(Self)
            }
        }
    };
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps a text that is already known to be such an id.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The bare text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

number_id! {
    /// A HubSpot account ("hub id"). Every stored row, key and limiter belongs to exactly one.
    PortalId, "portal id"
}
number_id! {
    /// A record's id, unique within one portal and object type.
    RecordId, "record id"
}
number_id! {
    /// An owner, as records carry it in `hubspot_owner_id`. Not the same number as the user's id.
    OwnerId, "owner id"
}
number_id! {
    /// A HubSpot user, as property versions carry it.
    UserId, "user id"
}
text_id! {
    /// A team of owners.
    TeamId
}
text_id! {
    /// A pipeline; `default` for a portal's first one, a number in text for later ones.
    PipelineId
}
text_id! {
    /// A pipeline stage. Opaque: the text says nothing reliable about won or lost.
    StageId
}
text_id! {
    /// A property's internal name, such as `dealstage`.
    PropertyName
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_text_are_the_same_id() {
        let from_text: RecordId = serde_json::from_str("\"512\"").unwrap();
        let from_number: RecordId = serde_json::from_str("512").unwrap();
        assert_eq!(from_text, from_number);
        assert_eq!(serde_json::to_string(&from_text).unwrap(), "\"512\"");
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "abc",
            "-1",
            "1.5",
            " 7",
            "18446744073709551615",
            "9223372036854775808",
        ] {
            assert!(
                text.parse::<RecordId>().is_err(),
                "{text:?} must be refused"
            );
        }
        assert!(serde_json::from_str::<RecordId>("-3").is_err());
        assert!(serde_json::from_str::<RecordId>("null").is_err());
    }
}
