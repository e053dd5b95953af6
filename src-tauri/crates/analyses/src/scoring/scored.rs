//! What is scored: open deals, or contacts.

use serde::{Deserialize, Serialize};

/// What is scored. Models, cards and scores of one are never those of the other.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Scored {
    /// Open deals: how likely each is won.
    #[default]
    Deals,
    /// Contacts with whom no deal is won yet: how likely one is.
    Contacts,
}

impl Scored {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Deals, Self::Contacts];

    /// The event of the scores, as they are kept.
    #[must_use]
    pub fn event(self) -> &'static str {
        match self {
            Self::Deals => "deal_won",
            Self::Contacts => "contact_won",
        }
    }

    /// What an event's scores are of. None for one that a later version may keep.
    #[must_use]
    pub fn of_event(event: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scored| scored.event() == event)
    }

    /// One of them: `deal`.
    #[must_use]
    pub fn one(self) -> &'static str {
        match self {
            Self::Deals => "deal",
            Self::Contacts => "contact",
        }
    }

    /// Many of them: `deals`.
    #[must_use]
    pub fn many(self) -> &'static str {
        match self {
            Self::Deals => "deals",
            Self::Contacts => "contacts",
        }
    }

    /// Those that are scored: `open deals`.
    #[must_use]
    pub fn open(self) -> &'static str {
        match self {
            Self::Deals => "open deals",
            Self::Contacts => "contacts without a won deal",
        }
    }

    /// What happens to them: `won`.
    #[must_use]
    pub fn happened(self) -> &'static str {
        match self {
            Self::Deals => "won",
            Self::Contacts => "converted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_told_apart_and_found_again() {
        for scored in Scored::ALL {
            assert_eq!(Scored::of_event(scored.event()), Some(scored));
        }
        assert_eq!(Scored::of_event("ticket_closed"), None);
    }
}
