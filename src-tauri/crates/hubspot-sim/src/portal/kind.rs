//! The object types of the simulated portals.

/// An object type. The numbers index [`super::Portal::tables`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(crate) enum Kind {
    /// People.
    Contacts,
    /// Organisations.
    Companies,
    /// Opportunities.
    Deals,
    /// Calls.
    Calls,
    /// One-to-one e-mails.
    Emails,
    /// Meetings.
    Meetings,
    /// Notes.
    Notes,
    /// Tasks.
    Tasks,
    /// The demo portal's custom object.
    Machines,
}

/// The custom object's type id.
pub(crate) const MACHINES_TYPE_ID: &str = "2-38201477";

impl Kind {
    /// Every type.
    pub(crate) const ALL: [Self; 9] = [
        Self::Contacts,
        Self::Companies,
        Self::Deals,
        Self::Calls,
        Self::Emails,
        Self::Meetings,
        Self::Notes,
        Self::Tasks,
        Self::Machines,
    ];

    /// The activity types.
    pub(crate) const ACTIVITIES: [Self; 5] = [
        Self::Calls,
        Self::Emails,
        Self::Meetings,
        Self::Notes,
        Self::Tasks,
    ];

    /// The plural name, as in paths.
    pub(crate) fn plural(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Companies => "companies",
            Self::Deals => "deals",
            Self::Calls => "calls",
            Self::Emails => "emails",
            Self::Meetings => "meetings",
            Self::Notes => "notes",
            Self::Tasks => "tasks",
            Self::Machines => "machines",
        }
    }

    /// The singular name, as in association type names.
    pub(crate) fn singular(self) -> &'static str {
        match self {
            Self::Contacts => "contact",
            Self::Companies => "company",
            Self::Deals => "deal",
            Self::Calls => "call",
            Self::Emails => "email",
            Self::Meetings => "meeting",
            Self::Notes => "note",
            Self::Tasks => "task",
            Self::Machines => "machine",
        }
    }

    /// HubSpot's type id.
    pub(crate) fn type_id(self) -> &'static str {
        match self {
            Self::Contacts => "0-1",
            Self::Companies => "0-2",
            Self::Deals => "0-3",
            Self::Calls => "0-48",
            Self::Emails => "0-49",
            Self::Meetings => "0-47",
            Self::Notes => "0-46",
            Self::Tasks => "0-27",
            Self::Machines => MACHINES_TYPE_ID,
        }
    }

    /// Reads any spelling that HubSpot's paths accept: plural, singular, type id and, for the
    /// custom object, its fully qualified name `p{portal}_machine`.
    pub(crate) fn parse(text: &str, portal: u64) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        Self::ALL.into_iter().find(|kind| {
            kind.type_id() == lower
                || (*kind == Self::Machines && lower == format!("p{portal}_machine"))
                || (*kind != Self::Machines && (kind.plural() == lower || kind.singular() == lower))
        })
    }

    /// Whether this is an activity type.
    pub(crate) fn is_activity(self) -> bool {
        Self::ACTIVITIES.contains(&self)
    }
}
