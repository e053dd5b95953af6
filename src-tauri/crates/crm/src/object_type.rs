//! Object types: the standard ones by name, custom ones by their `2-…` id.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A kind of record. Standard types carry their plural name (`deals`), custom types their id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectType(Cow<'static, str>);

/// The text names no object type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an object type: expected a name such as deals, or an id such as 0-3 or 2-345")]
pub struct InvalidObjectType;

macro_rules! standard_types {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, $id:literal;)*) => {
        impl ObjectType {
            $($(#[$doc])* pub const $constant: Self = Self(Cow::Borrowed($name));)*

            /// The standard types with their ids, from HubSpot's guide to the object APIs
            /// (`crm/using-object-apis`).
            const STANDARD: &'static [(&'static str, &'static str)] = &[$(($name, $id)),*];
        }
    };
}

standard_types! {
    /// People.
    CONTACTS = "contacts", "0-1";
    /// Organisations.
    COMPANIES = "companies", "0-2";
    /// Opportunities: the records that the reports are about.
    DEALS = "deals", "0-3";
    /// Support tickets.
    TICKETS = "tickets", "0-5";
    /// What a deal sells, one line each.
    LINE_ITEMS = "line_items", "0-8";
    /// Messages by WhatsApp, LinkedIn or SMS, an activity.
    COMMUNICATIONS = "communications", "0-18";
    /// Tasks, an activity.
    TASKS = "tasks", "0-27";
    /// Notes, an activity.
    NOTES = "notes", "0-46";
    /// Meetings, an activity.
    MEETINGS = "meetings", "0-47";
    /// Calls, an activity.
    CALLS = "calls", "0-48";
    /// One-to-one e-mails, an activity.
    EMAILS = "emails", "0-49";
    /// Leads, where the plan has them.
    LEADS = "leads", "0-136";
}

impl ObjectType {
    /// The activity types, in the order in which they are synced.
    pub const ACTIVITIES: [Self; 6] = [
        Self::CALLS,
        Self::COMMUNICATIONS,
        Self::EMAILS,
        Self::MEETINGS,
        Self::NOTES,
        Self::TASKS,
    ];

    /// The spelling used in paths and in storage: the plural name, or the id of a custom type.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// HubSpot's type id, such as `0-3`.
    #[must_use]
    pub fn type_id(&self) -> &str {
        Self::STANDARD
            .iter()
            .find(|(name, _)| *name == self.0)
            .map_or(&*self.0, |(_, id)| id)
    }

    /// Whether records of this type are activities (calls, messages, e-mails, meetings, notes,
    /// tasks).
    #[must_use]
    pub fn is_activity(&self) -> bool {
        Self::ACTIVITIES.contains(self)
    }

    /// The property that moves when a record of this type changes. Contacts are the exception.
    #[must_use]
    pub fn modified_property(&self) -> &'static str {
        if *self == Self::CONTACTS {
            "lastmodifieddate"
        } else {
            "hs_lastmodifieddate"
        }
    }

    /// The property that says when a record of this type was created. The oldest types have one
    /// that people may set; on the others HubSpot alone does.
    #[must_use]
    pub fn created_property(&self) -> &'static str {
        let oldest = [
            Self::CONTACTS,
            Self::COMPANIES,
            Self::DEALS,
            Self::TICKETS,
            Self::LINE_ITEMS,
        ];
        if oldest.contains(self) {
            "createdate"
        } else {
            "hs_createdate"
        }
    }
}

impl FromStr for ObjectType {
    type Err = InvalidObjectType;

    fn from_str(text: &str) -> Result<Self, InvalidObjectType> {
        let standard = Self::STANDARD
            .iter()
            .find(|(name, id)| *name == text || *id == text);
        if let Some((name, _)) = standard {
            return Ok(Self(Cow::Borrowed(name)));
        }
        match text.strip_prefix("2-") {
            Some(number) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => {
                Ok(Self(Cow::Owned(text.to_owned())))
            }
            _ => Err(InvalidObjectType),
        }
    }
}

impl TryFrom<String> for ObjectType {
    type Error = InvalidObjectType;

    fn try_from(text: String) -> Result<Self, InvalidObjectType> {
        text.parse()
    }
}

impl From<ObjectType> for String {
    fn from(object_type: ObjectType) -> Self {
        object_type.0.into_owned()
    }
}

impl fmt::Display for ObjectType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ids_meet() {
        assert_eq!("0-3".parse::<ObjectType>().unwrap(), ObjectType::DEALS);
        assert_eq!("deals".parse::<ObjectType>().unwrap().type_id(), "0-3");
        assert_eq!("2-345".parse::<ObjectType>().unwrap().type_id(), "2-345");
        for text in ["", "deal", "2-", "2-x", "../deals", "0-999"] {
            assert!(text.parse::<ObjectType>().is_err(), "{text:?}");
        }
    }
}
