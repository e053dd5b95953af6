//! Association types: which number stands for "this deal's contact", seen from either side.
//! Numbers after HubSpot's guide to associations.

use super::kind::Kind;

/// One association type, seen from one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LinkType {
    /// This side.
    pub from: Kind,
    /// The other side.
    pub to: Kind,
    /// The number.
    pub id: u16,
    /// The number of the same association seen from the other side.
    pub reverse: u16,
    /// What people read; HubSpot's own unlabelled types have none.
    pub label: Option<&'static str>,
    /// Whether HubSpot defined it; otherwise the portal did.
    pub standard: bool,
}

const fn standard(from: Kind, to: Kind, id: u16, reverse: u16) -> LinkType {
    LinkType {
        from,
        to,
        id,
        reverse,
        label: None,
        standard: true,
    }
}

const fn labelled(mut base: LinkType, label: &'static str, standard: bool) -> LinkType {
    base.label = Some(label);
    base.standard = standard;
    base
}

const fn own(from: Kind, to: Kind, id: u16, reverse: u16) -> LinkType {
    LinkType {
        from,
        to,
        id,
        reverse,
        label: None,
        standard: false,
    }
}

/// "This deal's contact decides": a label of the demo portal's own.
pub(crate) const DECISION_MAKER: u16 = 36;

/// The primary company of a deal.
pub(crate) const DEAL_PRIMARY_COMPANY: u16 = 5;

/// One direction of every type; the first of a pair of kinds is the unlabelled default.
const FORWARD: [LinkType; 24] = [
    standard(Kind::Contacts, Kind::Companies, 279, 280),
    labelled(
        standard(Kind::Contacts, Kind::Companies, 1, 2),
        "Primary",
        true,
    ),
    standard(Kind::Deals, Kind::Contacts, 3, 4),
    labelled(
        own(Kind::Deals, Kind::Contacts, DECISION_MAKER, 37),
        "Decision maker",
        false,
    ),
    labelled(own(Kind::Deals, Kind::Contacts, 38, 39), "Champion", false),
    standard(Kind::Deals, Kind::Companies, 341, 342),
    labelled(
        standard(Kind::Deals, Kind::Companies, 5, 6),
        "Primary",
        true,
    ),
    standard(Kind::Contacts, Kind::Calls, 193, 194),
    standard(Kind::Contacts, Kind::Emails, 197, 198),
    standard(Kind::Contacts, Kind::Meetings, 199, 200),
    standard(Kind::Contacts, Kind::Notes, 201, 202),
    standard(Kind::Contacts, Kind::Tasks, 203, 204),
    standard(Kind::Companies, Kind::Calls, 181, 182),
    standard(Kind::Companies, Kind::Emails, 185, 186),
    standard(Kind::Companies, Kind::Meetings, 187, 188),
    standard(Kind::Companies, Kind::Notes, 189, 190),
    standard(Kind::Companies, Kind::Tasks, 191, 192),
    standard(Kind::Deals, Kind::Calls, 205, 206),
    standard(Kind::Deals, Kind::Emails, 209, 210),
    standard(Kind::Deals, Kind::Meetings, 211, 212),
    standard(Kind::Deals, Kind::Notes, 213, 214),
    standard(Kind::Deals, Kind::Tasks, 215, 216),
    own(Kind::Companies, Kind::Machines, 71, 72),
    own(Kind::Deals, Kind::Machines, 73, 74),
];

/// The types from one kind to another, the unlabelled default first.
pub(crate) fn types(from: Kind, to: Kind) -> Vec<LinkType> {
    between(from, to).collect()
}

/// The unlabelled type from one kind to another.
pub(crate) fn default_type(from: Kind, to: Kind) -> Option<LinkType> {
    between(from, to).next()
}

fn between(from: Kind, to: Kind) -> impl Iterator<Item = LinkType> {
    let backward = |t: &LinkType| LinkType {
        from: t.to,
        to: t.from,
        id: t.reverse,
        reverse: t.id,
        ..*t
    };
    FORWARD
        .iter()
        .flat_map(move |t| [*t, backward(t)])
        .filter(move |t| t.from == from && t.to == to)
}

/// The type with this number between two kinds.
pub(crate) fn find(from: Kind, to: Kind, id: u16) -> Option<LinkType> {
    types(from, to).into_iter().find(|t| t.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_and_reversible() {
        let mut seen = std::collections::BTreeSet::new();
        for link in FORWARD {
            assert!(seen.insert(link.id), "{} occurs twice", link.id);
            assert!(seen.insert(link.reverse), "{} occurs twice", link.reverse);
            let back = find(link.to, link.from, link.reverse).unwrap();
            assert_eq!(back.reverse, link.id);
        }
        assert_eq!(types(Kind::Companies, Kind::Deals)[0].id, 342);
        assert!(types(Kind::Calls, Kind::Emails).is_empty());
    }
}
