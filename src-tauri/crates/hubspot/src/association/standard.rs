//! The kinds of association that HubSpot defines itself, the same in every portal.
//!
//! Numbers from HubSpot's guide to associations (*crm/associate-records*) and its Node SDK
//! (`src/enums/AssociationTypes.ts`); those of leads are in the guide alone, which names no way
//! back. Labels and custom types differ from portal to portal: read them with
//! [`crate::Client::association_labels`].

use crm::ObjectType;

use super::AssociationSpec;

/// How the two records stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// One belongs to the other.
    Any,
    /// The company is the record's first one.
    Primary,
    /// From a parent company to its child.
    ParentToChild,
    /// From a child company to its parent.
    ChildToParent,
}

/// One kind, in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandardAssociation {
    /// Type id of the side it leads from, such as `0-3`.
    pub from: &'static str,
    /// Type id of the side it leads to.
    pub to: &'static str,
    /// Its number.
    pub type_id: i64,
    /// How the two stand to each other.
    pub relation: Relation,
}

const CONTACT: &str = "0-1";
const COMPANY: &str = "0-2";
const DEAL: &str = "0-3";
const LINE_ITEM: &str = "0-8";
const COMMUNICATION: &str = "0-18";
const TASK: &str = "0-27";
const NOTE: &str = "0-46";
const MEETING: &str = "0-47";
const CALL: &str = "0-48";
const EMAIL: &str = "0-49";
const LEAD: &str = "0-136";

/// From, to, number, number of the way back, relation. A kind between records of one type may be its
/// own way back.
const TABLE: &[(&str, &str, i64, Option<i64>, Relation)] = &[
    (CONTACT, COMPANY, 279, Some(280), Relation::Any),
    (CONTACT, COMPANY, 1, Some(2), Relation::Primary),
    (DEAL, CONTACT, 3, Some(4), Relation::Any),
    (DEAL, COMPANY, 341, Some(342), Relation::Any),
    (DEAL, COMPANY, 5, Some(6), Relation::Primary),
    (DEAL, LINE_ITEM, 19, Some(20), Relation::Any),
    (DEAL, DEAL, 451, Some(451), Relation::Any),
    (CONTACT, CONTACT, 449, Some(449), Relation::Any),
    (COMPANY, COMPANY, 450, Some(450), Relation::Any),
    (COMPANY, COMPANY, 13, Some(14), Relation::ParentToChild),
    (CONTACT, CALL, 193, Some(194), Relation::Any),
    (CONTACT, EMAIL, 197, Some(198), Relation::Any),
    (CONTACT, MEETING, 199, Some(200), Relation::Any),
    (CONTACT, NOTE, 201, Some(202), Relation::Any),
    (CONTACT, TASK, 203, Some(204), Relation::Any),
    (CONTACT, COMMUNICATION, 82, Some(81), Relation::Any),
    (COMPANY, CALL, 181, Some(182), Relation::Any),
    (COMPANY, EMAIL, 185, Some(186), Relation::Any),
    (COMPANY, MEETING, 187, Some(188), Relation::Any),
    (COMPANY, NOTE, 189, Some(190), Relation::Any),
    (COMPANY, TASK, 191, Some(192), Relation::Any),
    (COMPANY, COMMUNICATION, 88, Some(87), Relation::Any),
    (DEAL, CALL, 205, Some(206), Relation::Any),
    (DEAL, EMAIL, 209, Some(210), Relation::Any),
    (DEAL, MEETING, 211, Some(212), Relation::Any),
    (DEAL, NOTE, 213, Some(214), Relation::Any),
    (DEAL, TASK, 215, Some(216), Relation::Any),
    (DEAL, COMMUNICATION, 86, Some(85), Relation::Any),
    (CONTACT, LEAD, 609, None, Relation::Any),
    (DEAL, LEAD, 1038, None, Relation::Any),
];

impl StandardAssociation {
    /// Every kind, each in both directions where HubSpot tells both.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE
            .iter()
            .flat_map(|(from, to, type_id, back, relation)| {
                let there = Self {
                    from,
                    to,
                    type_id: *type_id,
                    relation: *relation,
                };
                let back = back.filter(|back| back != type_id).map(|back| Self {
                    from: to,
                    to: from,
                    type_id: back,
                    relation: turned(*relation),
                });
                [Some(there), back].into_iter().flatten()
            })
    }

    /// The kinds that lead from records of one type to records of another, the plain one first.
    pub fn between(from: &ObjectType, to: &ObjectType) -> impl Iterator<Item = Self> {
        let (from, to) = (from.type_id().to_owned(), to.type_id().to_owned());
        Self::all().filter(move |kind| kind.from == from && kind.to == to)
    }

    /// The same kind, seen from the other side.
    #[must_use]
    pub fn reverse(self) -> Option<Self> {
        let way_back = TABLE
            .iter()
            .find_map(|(_, _, there, back, _)| match *back {
                Some(back) if *there == self.type_id => Some(back),
                Some(back) if back == self.type_id => Some(*there),
                _ => None,
            })?;
        Some(Self {
            from: self.to,
            to: self.from,
            type_id: way_back,
            relation: turned(self.relation),
        })
    }

    /// How one names it to make or remove an association.
    #[must_use]
    pub fn spec(self) -> AssociationSpec {
        AssociationSpec {
            category: "HUBSPOT_DEFINED".to_owned(),
            type_id: self.type_id,
        }
    }
}

fn turned(relation: Relation) -> Relation {
    match relation {
        Relation::ParentToChild => Relation::ChildToParent,
        Relation::ChildToParent => Relation::ParentToChild,
        Relation::Any | Relation::Primary => relation,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_way_back_from_the_way_back_is_the_way_there() {
        let all: Vec<_> = StandardAssociation::all().collect();
        let mut without = 0;
        for kind in &all {
            match kind.reverse() {
                Some(back) => {
                    assert_eq!((back.from, back.to), (kind.to, kind.from));
                    assert_eq!(back.reverse(), Some(*kind));
                    assert!(all.contains(&back), "{back:?}");
                }
                None => without += 1,
            }
        }
        assert_eq!(without, 2, "the guide tells no way back from leads");
        let numbers: BTreeSet<_> = all.iter().map(|kind| kind.type_id).collect();
        assert_eq!(numbers.len(), all.len(), "no number twice");
    }

    #[test]
    fn pairs_of_types_are_found_in_both_directions() {
        #[track_caller]
        fn check(from: &ObjectType, to: &ObjectType, expected: &[(i64, Relation)]) {
            let found: Vec<_> = StandardAssociation::between(from, to)
                .map(|kind| (kind.type_id, kind.relation))
                .collect();
            assert_eq!(found, expected, "{from} {to}");
        }
        use Relation::{Any, ChildToParent, ParentToChild, Primary};
        let (contact, company, deal) = (
            &ObjectType::CONTACTS,
            &ObjectType::COMPANIES,
            &ObjectType::DEALS,
        );
        check(deal, contact, &[(3, Any)]);
        check(contact, deal, &[(4, Any)]);
        check(deal, company, &[(341, Any), (5, Primary)]);
        check(company, deal, &[(342, Any), (6, Primary)]);
        check(
            company,
            company,
            &[(450, Any), (13, ParentToChild), (14, ChildToParent)],
        );
        check(&ObjectType::TASKS, deal, &[(216, Any)]);
        check(deal, &ObjectType::LEADS, &[(1038, Any)]);
        check(&ObjectType::LEADS, deal, &[]);
        check(&"2-345".parse().unwrap(), deal, &[]);
    }
}
