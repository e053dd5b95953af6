//! What a copy keeps of deals, or of contacts, beside the deals' timelines.

use std::collections::BTreeMap;

use crm::{Moment, RecordId};
use timeline::ActivitiesAround;

use crate::scoring::Definition;

/// Words of a job title that tell who decides, in the languages of most portals. Whole words, in lower
/// case.
const SENIOR: [&str; 26] = [
    "chief",
    "ceo",
    "cto",
    "cfo",
    "coo",
    "cio",
    "cmo",
    "cro",
    "president",
    "founder",
    "cofounder",
    "owner",
    "partner",
    "director",
    "head",
    "vp",
    "vorstand",
    "geschäftsführer",
    "geschäftsführerin",
    "inhaber",
    "leiter",
    "leiterin",
    "directeur",
    "directrice",
    "gérant",
    "presidente",
];

/// Whether a job title says that somebody leads something.
#[must_use]
pub fn is_senior(title: &str) -> bool {
    let lower = title.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.any(|word| SENIOR.contains(&word))
}

/// A contact that a deal is associated with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactOn {
    /// When the contact was created. The copy keeps no time of an association.
    pub since: Moment,
    /// Whether the job title says that the contact leads something.
    pub senior: bool,
}

/// A contact that may be part of a won deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its id.
    pub id: RecordId,
    /// When it was created.
    pub created_at: Moment,
    /// Since when it is gone, for one that was deleted.
    pub gone_at: Option<Moment>,
    /// Whether it goes on as another contact.
    pub is_merged: bool,
    /// The deals that it is associated with, as of today.
    pub deals: Vec<RecordId>,
}

/// A meeting or task in a record's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// When it was put there.
    pub made_at: Moment,
    /// When it is to be.
    pub due_at: Moment,
}

/// Whether a property's values are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PropertyKind {
    /// Numbers, as plain digits.
    Number,
    /// Names of choices.
    Category,
}

/// What a property says of each record that is scored.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// Its type and name, such as `companies.industry`.
    pub name: String,
    /// What HubSpot calls it.
    pub label: String,
    /// How HubSpot defines it.
    pub definition: Definition,
    /// What it holds.
    pub kind: PropertyKind,
    /// Its different values, in an order that does not depend on which records are asked about.
    pub values: Vec<String>,
    /// Of each record, from when on which value held, oldest first; none where it was cleared. A value
    /// of which no history is kept holds from the first moment on.
    pub said: BTreeMap<RecordId, Vec<(Moment, Option<u32>)>>,
    /// How many of the values are those of today, because no history of them is kept.
    pub of_today: u32,
}

impl Property {
    /// What a record has said up to a moment, oldest first.
    pub(super) fn until(&self, record: RecordId, at: Moment) -> &[(Moment, Option<u32>)] {
        let said = self.said.get(&record).map_or(&[][..], Vec::as_slice);
        &said[..said.partition_point(|(from, _)| *from <= at)]
    }

    /// The value of a record at a moment, as its place among the values.
    pub(super) fn at(&self, record: RecordId, at: Moment) -> Option<u32> {
        self.until(record, at).last()?.1
    }

    /// The same as it is written.
    pub(super) fn value(&self, record: RecordId, at: Moment) -> Option<&str> {
        let value = self.values.get(self.at(record, at)? as usize)?;
        Some(value.as_str())
    }

    /// The same as a number.
    pub(super) fn number_at(&self, record: RecordId, at: Moment) -> f64 {
        let value = self.value(record, at);
        let number = value.and_then(|value| value.trim().parse::<f64>().ok());
        number
            .filter(|number| number.is_finite())
            .unwrap_or(f64::NAN)
    }
}

/// Everything beside the timelines, by the records that are scored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Beside {
    /// The company of each record that has one: what is learnt of one is not judged on another of it.
    pub companies: BTreeMap<RecordId, RecordId>,
    /// The contacts of each deal, where deals are scored.
    pub contacts: BTreeMap<RecordId, Vec<ContactOn>>,
    /// Meetings and tasks of each record.
    pub planned: BTreeMap<RecordId, Vec<Planned>>,
    /// Properties that become columns.
    pub properties: Vec<Property>,
    /// The contacts, where they are scored; by id.
    pub people: Vec<Contact>,
    /// What happened around them.
    pub around: ActivitiesAround,
    /// Their lifecycle stages, by which alone their score has to be beaten.
    pub lifecycle: Option<Property>,
    /// Their job titles.
    pub title: Option<Property>,
    /// Their owners' ids.
    pub owner: Option<Property>,
}

impl Beside {
    /// When the next meeting or task of a record lies, as planned at a moment.
    pub(super) fn next_planned(&self, record: RecordId, at: Moment) -> Option<Moment> {
        let planned = self.planned.get(&record).into_iter().flatten();
        let ahead = planned.filter(|plan| plan.made_at <= at && plan.due_at > at);
        ahead.map(|plan| plan.due_at).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_that_decide_are_told_from_others() {
        for (title, expected) in [
            ("VP Sales", true),
            ("Head of Marketing", true),
            ("Chief-of-Staff", true),
            ("Geschäftsführerin", true),
            ("Leiter Einkauf", true),
            ("Headhunter", false),
            ("Sales assistant", false),
            ("Partnerships intern", false),
            ("", false),
        ] {
            assert_eq!(is_senior(title), expected, "{title}");
        }
    }

    #[test]
    fn a_value_holds_from_its_version_until_the_next() {
        let deal = RecordId::new(1);
        let at = Moment::from_millis;
        let property = Property {
            name: "deals.size".to_owned(),
            label: "Size".to_owned(),
            definition: Definition::default(),
            kind: PropertyKind::Number,
            values: vec!["12".to_owned(), "many".to_owned()],
            said: [(
                deal,
                vec![(at(10), Some(0)), (at(20), None), (at(30), Some(1))],
            )]
            .into(),
            of_today: 0,
        };
        assert!(property.number_at(deal, at(9)).is_nan());
        assert!((property.number_at(deal, at(10)) - 12.0).abs() < 1e-12);
        assert_eq!(property.at(deal, at(25)), None);
        assert!(property.number_at(deal, at(30)).is_nan(), "no number");
        assert_eq!(property.at(RecordId::new(2), at(30)), None);
    }
}
