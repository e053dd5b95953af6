//! Association types: which number stands for "this deal's contact", seen from either side.
//! Numbers after HubSpot's guide to associations and the list in its Node client.

use std::borrow::Cow;

use super::kind::Kind;

/// One association type, seen from one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkType {
    /// This side.
    pub from: Kind,
    /// The other side.
    pub to: Kind,
    /// The number.
    pub id: u16,
    /// The number of the same association seen from the other side.
    pub reverse: u16,
    /// What people read on this side; unlabelled types have none.
    pub label: Option<Cow<'static, str>>,
    /// What people read on the other side.
    pub reverse_label: Option<Cow<'static, str>>,
    /// The internal name of a portal's own type.
    pub name: Option<Cow<'static, str>>,
    /// Whether HubSpot defined it; otherwise the portal did.
    pub standard: bool,
}

impl LinkType {
    /// The same association seen from the other side.
    pub(crate) fn backward(&self) -> Self {
        Self {
            from: self.to,
            to: self.from,
            id: self.reverse,
            reverse: self.id,
            label: self.reverse_label.clone(),
            reverse_label: self.label.clone(),
            name: self.name.clone(),
            standard: self.standard,
        }
    }

    /// HubSpot's word for who defined it.
    pub(crate) fn category(&self) -> &'static str {
        if self.standard {
            "HUBSPOT_DEFINED"
        } else {
            "USER_DEFINED"
        }
    }
}

const fn standard(from: Kind, to: Kind, id: u16, reverse: u16) -> LinkType {
    LinkType {
        from,
        to,
        id,
        reverse,
        label: None,
        reverse_label: None,
        name: None,
        standard: true,
    }
}

const fn own(from: Kind, to: Kind, id: u16, reverse: u16) -> LinkType {
    let mut link = standard(from, to, id, reverse);
    link.standard = false;
    link
}

/// A type with a name that both sides read.
const fn named(from: Kind, to: Kind, id: u16, reverse: u16, label: &'static str) -> LinkType {
    LinkType {
        from,
        to,
        id,
        reverse,
        label: Some(Cow::Borrowed(label)),
        reverse_label: Some(Cow::Borrowed(label)),
        name: None,
        standard: true,
    }
}

/// "This deal's contact decides": a label of the demo portal's own.
pub(crate) const DECISION_MAKER: u16 = 36;

/// The primary company of a deal.
pub(crate) const DEAL_PRIMARY_COMPANY: u16 = 5;

/// One direction of every type that the portals have from the start; the first of a pair of kinds
/// is the unlabelled default.
fn first_types() -> Vec<LinkType> {
    use Kind::{
        Calls, Communications, Companies, Contacts, Deals, Emails, Leads, LineItems, Machines,
        Meetings, Notes, Quotes, Tasks, Tickets,
    };
    let label = |from, to, id, reverse, label: &'static str| LinkType {
        standard: false,
        name: Some(Cow::Owned(label.to_lowercase().replace(' ', "_"))),
        ..named(from, to, id, reverse, label)
    };
    let parent = LinkType {
        label: Some(Cow::Borrowed("Child Company")),
        reverse_label: Some(Cow::Borrowed("Parent Company")),
        ..standard(Companies, Companies, 13, 14)
    };
    vec![
        standard(Contacts, Companies, 279, 280),
        named(Contacts, Companies, 1, 2, "Primary"),
        standard(Deals, Contacts, 3, 4),
        label(Deals, Contacts, DECISION_MAKER, 37, "Decision maker"),
        label(Deals, Contacts, 38, 39, "Champion"),
        standard(Deals, Companies, 341, 342),
        named(Deals, Companies, 5, 6, "Primary"),
        standard(Contacts, Calls, 193, 194),
        standard(Contacts, Emails, 197, 198),
        standard(Contacts, Meetings, 199, 200),
        standard(Contacts, Notes, 201, 202),
        standard(Contacts, Tasks, 203, 204),
        standard(Contacts, Communications, 82, 81),
        standard(Companies, Calls, 181, 182),
        standard(Companies, Emails, 185, 186),
        standard(Companies, Meetings, 187, 188),
        standard(Companies, Notes, 189, 190),
        standard(Companies, Tasks, 191, 192),
        standard(Companies, Communications, 88, 87),
        standard(Deals, Calls, 205, 206),
        standard(Deals, Emails, 209, 210),
        standard(Deals, Meetings, 211, 212),
        standard(Deals, Notes, 213, 214),
        standard(Deals, Tasks, 215, 216),
        standard(Deals, Communications, 86, 85),
        standard(Deals, LineItems, 19, 20),
        standard(Deals, Deals, 451, 451),
        standard(Contacts, Contacts, 449, 449),
        standard(Companies, Companies, 450, 450),
        parent,
        standard(Contacts, Tickets, 15, 16),
        standard(Companies, Tickets, 340, 339),
        named(Companies, Tickets, 25, 26, "Primary"),
        standard(Deals, Tickets, 27, 28),
        standard(Tickets, Calls, 220, 219),
        standard(Tickets, Emails, 224, 223),
        standard(Tickets, Meetings, 226, 225),
        standard(Tickets, Notes, 228, 227),
        standard(Tickets, Tasks, 230, 229),
        standard(Tickets, Communications, 84, 83),
        standard(Deals, Quotes, 63, 64),
        standard(Quotes, LineItems, 67, 68),
        standard(Contacts, Leads, 609, 608),
        standard(Companies, Leads, 611, 610),
        standard(Deals, Leads, 1038, 1037),
        own(Companies, Machines, 71, 72),
        own(Deals, Machines, 73, 74),
        own(Contacts, Machines, 75, 76),
        own(Tickets, Machines, 77, 78),
    ]
}

/// How many labels a portal may add to a pair of object types.
pub(crate) const LABELS_A_PAIR: usize = 10;

/// The first number of types that a portal adds later.
const FIRST_OWN: u16 = 2_001;

/// The association types of one portal.
#[derive(Debug)]
pub(crate) struct Links {
    forward: Vec<LinkType>,
    next: u16,
}

/// Why a label is not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LabelRefused {
    /// The pair has ten already.
    TooMany,
    /// The name is taken.
    Taken,
}

impl Default for Links {
    fn default() -> Self {
        Self {
            forward: first_types(),
            next: FIRST_OWN,
        }
    }
}

impl Links {
    /// The types from one kind to another, the unlabelled default first.
    pub(crate) fn types(&self, from: Kind, to: Kind) -> Vec<LinkType> {
        self.between(from, to).collect()
    }

    /// The unlabelled type from one kind to another.
    pub(crate) fn default_type(&self, from: Kind, to: Kind) -> Option<LinkType> {
        self.between(from, to).next()
    }

    /// The type with this number between two kinds.
    pub(crate) fn find(&self, from: Kind, to: Kind, id: u16) -> Option<LinkType> {
        self.between(from, to).find(|link| link.id == id)
    }

    /// The type with this number from one kind to whichever other.
    pub(crate) fn from(&self, from: Kind, id: u16) -> Option<LinkType> {
        Kind::ALL
            .into_iter()
            .find_map(|other| self.find(from, other, id))
    }

    fn between(&self, from: Kind, to: Kind) -> impl Iterator<Item = LinkType> {
        self.forward.iter().flat_map(move |link| {
            let there = (link.from == from && link.to == to).then(|| link.clone());
            let one_way = link.id == link.reverse;
            let back = (link.from == to && link.to == from && !one_way).then(|| link.backward());
            there.into_iter().chain(back)
        })
    }

    /// Lets two kinds be associated: what a custom object's definition does.
    pub(crate) fn allow(&mut self, from: Kind, to: Kind) -> LinkType {
        if let Some(known) = self.default_type(from, to) {
            return known;
        }
        let (id, reverse) = self.two_numbers(false);
        let link = own(from, to, id, reverse);
        self.forward.push(link.clone());
        link
    }

    /// Takes a type back that a custom object's definition allowed; gives its two numbers.
    pub(crate) fn forbid(&mut self, kind: Kind, id: u16) -> Option<[u16; 2]> {
        let known = self.forward.iter().find(|link| {
            let own = !link.standard && (link.from == kind || link.to == kind);
            own && (link.id == id || link.reverse == id)
        })?;
        let numbers = [known.id, known.reverse];
        self.forward.retain(|link| link.id != numbers[0]);
        Some(numbers)
    }

    /// Adds a label; with an inverse one it reads differently from the other side.
    pub(crate) fn add_label(
        &mut self,
        (from, to): (Kind, Kind),
        name: &str,
        label: &str,
        inverse: Option<&str>,
    ) -> Result<LinkType, LabelRefused> {
        let own_ones = |link: &&LinkType| {
            let pair = (link.from, link.to) == (from, to) || (link.from, link.to) == (to, from);
            pair && link.name.is_some()
        };
        if self.forward.iter().filter(own_ones).count() >= LABELS_A_PAIR {
            return Err(LabelRefused::TooMany);
        }
        let taken = |link: &LinkType| link.name.as_deref() == Some(name);
        if self.forward.iter().filter(own_ones).any(taken) {
            return Err(LabelRefused::Taken);
        }
        let same = from == to && inverse.is_none();
        let (id, reverse) = self.two_numbers(same);
        let link = LinkType {
            label: Some(Cow::Owned(label.to_owned())),
            reverse_label: Some(Cow::Owned(inverse.unwrap_or(label).to_owned())),
            name: Some(Cow::Owned(name.to_owned())),
            ..own(from, to, id, reverse)
        };
        self.forward.push(link.clone());
        Ok(link)
    }

    /// Renames a label of the portal's own. Says whether there is one with this number.
    pub(crate) fn rename_label(&mut self, id: u16, label: &str, inverse: Option<&str>) -> bool {
        let Some(link) = self.own_label(id) else {
            return false;
        };
        let (mine, other) = (Cow::Owned(label.to_owned()), inverse.unwrap_or(label));
        let other = Cow::Owned(other.to_owned());
        let forward = link.id == id;
        let (here, there) = if forward {
            (mine, other)
        } else {
            (other, mine)
        };
        (link.label, link.reverse_label) = (Some(here), Some(there));
        true
    }

    /// Takes a label of the portal's own away; gives its two numbers.
    pub(crate) fn remove_label(&mut self, id: u16) -> Option<[u16; 2]> {
        let numbers = self.own_label(id).map(|link| [link.id, link.reverse])?;
        self.forward.retain(|link| link.id != numbers[0]);
        Some(numbers)
    }

    fn own_label(&mut self, id: u16) -> Option<&mut LinkType> {
        self.forward
            .iter_mut()
            .find(|link| link.name.is_some() && (link.id == id || link.reverse == id))
    }

    fn two_numbers(&mut self, same: bool) -> (u16, u16) {
        let id = self.next;
        let reverse = if same { id } else { id + 1 };
        self.next = reverse.saturating_add(1);
        (id, reverse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_and_reversible() {
        let links = Links::default();
        let mut seen = std::collections::BTreeSet::new();
        for link in first_types() {
            assert!(seen.insert(link.id), "{} occurs twice", link.id);
            let both_ways = link.id == link.reverse;
            assert!(
                both_ways || seen.insert(link.reverse),
                "{} twice",
                link.reverse
            );
            let back = links.find(link.to, link.from, link.reverse).unwrap();
            assert_eq!(back.reverse, link.id);
        }
        assert_eq!(links.types(Kind::Companies, Kind::Deals)[0].id, 342);
        assert_eq!(links.types(Kind::Deals, Kind::Deals).len(), 1);
        assert_eq!(links.types(Kind::Companies, Kind::Companies).len(), 3);
        assert!(links.types(Kind::Calls, Kind::Emails).is_empty());
    }

    #[test]
    fn labels_come_and_go() {
        let mut links = Links::default();
        let pair = (Kind::Contacts, Kind::Companies);
        let made = links
            .add_label(pair, "boss", "Boss", Some("Workplace"))
            .unwrap();
        let back = links.find(pair.1, pair.0, made.reverse).unwrap();
        assert_eq!(back.label.as_deref(), Some("Workplace"));
        let again = links.add_label(pair, "boss", "Other", None);
        assert_eq!(again, Err(LabelRefused::Taken));
        for number in 1..LABELS_A_PAIR {
            links
                .add_label(pair, &number.to_string(), "One more", None)
                .unwrap();
        }
        let beyond = links.add_label(pair, "beyond", "Beyond", None);
        assert_eq!(beyond, Err(LabelRefused::TooMany));
        assert!(links.rename_label(made.reverse, "Employer", Some("Chief")));
        let found = links.find(pair.0, pair.1, made.id).unwrap();
        assert_eq!(found.label.as_deref(), Some("Chief"));
        assert_eq!(links.remove_label(made.id), Some([made.id, made.reverse]));
        assert_eq!(links.remove_label(made.id), None);
        assert_eq!(links.remove_label(279), None, "HubSpot's own stay");
    }
}
