//! The object types of the simulated portals: HubSpot's own, and the portal's custom ones.

/// An object type. [`Kind::index`] numbers the tables of [`super::Portal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// Messages by other channels.
    Communications,
    /// Requests for help.
    Tickets,
    /// Prospects that sales has taken up.
    Leads,
    /// What can be sold.
    Products,
    /// What is sold with a deal.
    LineItems,
    /// Offers.
    Quotes,
    /// A custom object that was defined through the API.
    Own(u8),
}

/// The demo portal's custom object's type id.
pub(crate) const MACHINES_TYPE_ID: &str = "2-38201477";

/// Type ids of custom objects that are defined later. With the demo portal's own they make ten,
/// the number that circulates as HubSpot's limit.
const OWN_TYPE_IDS: [&str; Kind::OWN] = [
    "2-38201478",
    "2-38201483",
    "2-38201490",
    "2-38201502",
    "2-38201517",
    "2-38201533",
    "2-38201541",
    "2-38201550",
    "2-38201566",
];

/// A type's names: plural, singular, type id.
type Names = (&'static str, &'static str, &'static str);

impl Kind {
    /// How many custom objects can be defined besides the demo portal's.
    pub(crate) const OWN: usize = 9;

    /// How many types there are.
    pub(crate) const COUNT: usize = 15 + Self::OWN;

    /// Every type, custom objects that nobody has defined included.
    pub(crate) const ALL: [Self; Self::COUNT] = [
        Self::Contacts,
        Self::Companies,
        Self::Deals,
        Self::Calls,
        Self::Emails,
        Self::Meetings,
        Self::Notes,
        Self::Tasks,
        Self::Machines,
        Self::Communications,
        Self::Tickets,
        Self::Leads,
        Self::Products,
        Self::LineItems,
        Self::Quotes,
        Self::Own(0),
        Self::Own(1),
        Self::Own(2),
        Self::Own(3),
        Self::Own(4),
        Self::Own(5),
        Self::Own(6),
        Self::Own(7),
        Self::Own(8),
    ];

    /// The activity types.
    pub(crate) const ACTIVITIES: [Self; 6] = [
        Self::Calls,
        Self::Emails,
        Self::Meetings,
        Self::Notes,
        Self::Tasks,
        Self::Communications,
    ];

    /// The position in [`Kind::ALL`].
    pub(crate) fn index(self) -> usize {
        match self {
            Self::Contacts => 0,
            Self::Companies => 1,
            Self::Deals => 2,
            Self::Calls => 3,
            Self::Emails => 4,
            Self::Meetings => 5,
            Self::Notes => 6,
            Self::Tasks => 7,
            Self::Machines => 8,
            Self::Communications => 9,
            Self::Tickets => 10,
            Self::Leads => 11,
            Self::Products => 12,
            Self::LineItems => 13,
            Self::Quotes => 14,
            Self::Own(number) => 15 + usize::from(number) % Self::OWN,
        }
    }

    fn names(self) -> Names {
        match self {
            Self::Contacts => ("contacts", "contact", "0-1"),
            Self::Companies => ("companies", "company", "0-2"),
            Self::Deals => ("deals", "deal", "0-3"),
            Self::Calls => ("calls", "call", "0-48"),
            Self::Emails => ("emails", "email", "0-49"),
            Self::Meetings => ("meetings", "meeting", "0-47"),
            Self::Notes => ("notes", "note", "0-46"),
            Self::Tasks => ("tasks", "task", "0-27"),
            Self::Machines => ("machines", "machine", MACHINES_TYPE_ID),
            Self::Communications => ("communications", "communication", "0-18"),
            Self::Tickets => ("tickets", "ticket", "0-5"),
            Self::Leads => ("leads", "lead", "0-136"),
            Self::Products => ("products", "product", "0-7"),
            Self::LineItems => ("line_items", "line_item", "0-8"),
            Self::Quotes => ("quotes", "quote", "0-14"),
            Self::Own(number) => {
                let id = OWN_TYPE_IDS[usize::from(number) % Self::OWN];
                (id, id, id)
            }
        }
    }

    /// The plural name, as in paths. Custom objects that came later go by their type id.
    pub(crate) fn plural(self) -> &'static str {
        self.names().0
    }

    /// The singular name, as in association type names.
    pub(crate) fn singular(self) -> &'static str {
        self.names().1
    }

    /// HubSpot's type id.
    pub(crate) fn type_id(self) -> &'static str {
        self.names().2
    }

    /// Reads any spelling that HubSpot's paths accept: plural, singular, type id and, for the demo
    /// portal's custom object, its fully qualified name `p{portal}_machine`. The names of other
    /// custom objects are [`super::Portal::kind`]'s to know.
    pub(crate) fn parse(text: &str, portal: u64) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        Self::ALL.into_iter().find(|kind| {
            kind.type_id() == lower
                || (*kind == Self::Machines && lower == format!("p{portal}_machine"))
                || (!kind.is_custom() && (kind.plural() == lower || kind.singular() == lower))
        })
    }

    /// Whether this is an activity type.
    pub(crate) fn is_activity(self) -> bool {
        Self::ACTIVITIES.contains(&self)
    }

    /// Whether this is a custom object.
    pub(crate) fn is_custom(self) -> bool {
        matches!(self, Self::Machines | Self::Own(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_names_agree() {
        for (position, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind.index(), position);
            assert_eq!(Kind::parse(kind.type_id(), 1), Some(kind));
        }
        assert_eq!(Kind::parse("Line_Items", 1), Some(Kind::LineItems));
        assert_eq!(Kind::parse("p1_machine", 1), Some(Kind::Machines));
        assert_eq!(Kind::parse("machines", 1), None);
    }
}
