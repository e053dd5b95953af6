//! Contacts whose truth is known, lived day by day until a deal with one is won.

use std::collections::BTreeMap;

use analyses::scoring::Definition;
use analyses::scoring::rows::{Beside, Contact, Planned, Property, PropertyKind};
use crm::{Moment, RecordId};
use stats::Stream;
use timeline::{ActivitiesAround, Activity, ActivityKind, DealPart, Direction, Tracked};

use crate::portal::{DAYS, Portal, activity, day, deal};

const SOURCES: [(&str, f64); 4] = [
    ("Direct traffic", 0.0),
    ("Events", 0.9),
    ("Organic search", 0.0),
    ("Paid search", -0.9),
];
/// Deals of contacts have ids from here on.
const DEALS_FROM: u64 = 100_000;

/// Contacts with their deals and what is kept beside both.
#[derive(Clone, Default)]
pub(crate) struct People {
    pub(crate) deals: Vec<DealPart>,
    pub(crate) beside: Beside,
    pub(crate) around: BTreeMap<RecordId, Vec<Activity>>,
}

impl People {
    /// As rows are asked of it.
    pub(crate) fn portal(&self) -> Portal {
        Portal {
            deals: self.deals.clone(),
            beside: Beside {
                around: ActivitiesAround::of(&self.around),
                ..self.beside.clone()
            },
        }
    }

    /// The same without anything that was written after `t`.
    pub(crate) fn cut(&self, t: Moment) -> Portal {
        let mut cut = self.clone();
        for activities in cut.around.values_mut() {
            activities.retain(|activity| activity.known_at <= t);
        }
        let mut portal = cut.portal().cut(t);
        let beside = &mut portal.beside;
        beside.people.retain(|contact| contact.created_at <= t);
        for contact in &mut beside.people {
            contact.gone_at = contact.gone_at.filter(|gone| *gone <= t);
            contact.is_merged &= contact.gone_at.is_some();
            contact
                .deals
                .retain(|id| portal.deals.iter().any(|deal| deal.id == *id));
        }
        let own = [&mut beside.lifecycle, &mut beside.title, &mut beside.owner];
        for property in own.into_iter().flatten() {
            for said in property.said.values_mut() {
                said.retain(|(at, _)| *at <= t);
            }
        }
        portal
    }

    /// A contact without anything.
    pub(crate) fn contact(&mut self, id: u64, created: f64) -> &mut Contact {
        let contact = Contact {
            id: RecordId::new(id),
            created_at: day(created),
            gone_at: None,
            is_merged: false,
            deals: Vec::new(),
        };
        self.beside.people.push(contact);
        self.beside.people.last_mut().unwrap()
    }
}

/// A property of contacts.
pub(crate) fn property(name: &str, label: &str, values: &[&str]) -> Property {
    Property {
        definition: Definition {
            name: name.to_owned(),
            ..Definition::default()
        },
        name: format!("contacts.{name}"),
        label: label.to_owned(),
        kind: PropertyKind::Category,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        said: BTreeMap::new(),
        of_today: 0,
    }
}

/// Contacts whose chances depend, with `strength` 1, on where they came from and on whether they became
/// qualified. With `strength` 0 nothing matters.
pub(crate) fn met(seed: u64, contacts: u64, strength: f64) -> People {
    let mut people = People::default();
    let stages = ["Customer", "Lead", "Qualified lead"];
    let mut lifecycle = property("lifecyclestage", "Lifecycle stage", &stages);
    let mut source = property(
        "hs_analytics_source",
        "Original source",
        &SOURCES.map(|(name, _)| name),
    );
    let mut owner = property("hubspot_owner_id", "Contact owner", &["1", "2", "3"]);
    let mut title = property("jobtitle", "Job title", &["Buyer", "Head of IT"]);
    for id in 1..=contacts {
        let dice = &mut Stream::new(seed, 79, id);
        let record = RecordId::new(id);
        let created = dice.uniform() * (DAYS - 20.0);
        let from = dice.index(4);
        source.said.insert(record, vec![(day(created), Some(from))]);
        owner
            .said
            .insert(record, vec![(day(created), Some(dice.index(3)))]);
        title
            .said
            .insert(record, vec![(day(created), Some(dice.index(2)))]);
        // Every fifth contact works where the one before does.
        let company = if id % 5 == 0 { id - 1 } else { id };
        people
            .beside
            .companies
            .insert(record, RecordId::new(company));
        people.contact(id, created);
        let said = life(
            dice,
            (id, created),
            strength * SOURCES[from as usize].1,
            strength,
            &mut people,
        );
        lifecycle.said.insert(record, said);
    }
    people.beside.properties.push(source);
    people.beside.lifecycle = Some(lifecycle);
    people.beside.owner = Some(owner);
    people.beside.title = Some(title);
    people
}

/// What the lifecycle stage says, and everything else put where it belongs.
fn life(
    dice: &mut Stream,
    (id, created): (u64, f64),
    effect: f64,
    strength: f64,
    people: &mut People,
) -> Vec<(Moment, Option<u32>)> {
    let record = RecordId::new(id);
    let mut said = vec![(day(created), Some(1))];
    let (mut qualified, mut at) = (false, created + 2.5);
    let mut open: Option<DealPart> = None;
    let mut number = 0;
    while at < DAYS {
        for (kind, direction, weekly) in [
            (ActivityKind::Meeting, None, 0.1),
            (ActivityKind::Email, Some(Direction::Out), 0.4),
            (ActivityKind::Email, Some(Direction::In), 0.2),
        ] {
            if dice.bernoulli(weekly / 7.0) {
                let done = activity(kind, direction, at + 0.5 * dice.uniform());
                people.around.entry(record).or_default().push(done);
            }
        }
        if dice.bernoulli(0.01) {
            let planned = Planned {
                made_at: day(at),
                due_at: day(at + 5.0),
            };
            people
                .beside
                .planned
                .entry(record)
                .or_default()
                .push(planned);
        }
        let ready = if qualified { 0.8 } else { -0.8 };
        let win = 0.004 * (effect + strength * ready).exp();
        if !qualified && dice.bernoulli(0.02) {
            qualified = true;
            said.push((day(at), Some(2)));
        }
        let comes = open.is_none() && dice.bernoulli(0.01);
        let wins = dice.bernoulli(win);
        if comes || (wins && open.is_none()) {
            let deal_id = DEALS_FROM + 10 * id + number;
            number += 1;
            open = Some(deal(deal_id, at));
            let contact = people.beside.people.last_mut().unwrap();
            contact.deals.push(RecordId::new(deal_id));
        }
        let end = match (wins, dice.bernoulli(0.01)) {
            (true, _) => Some("won"),
            (false, true) => Some("lost"),
            (false, false) => None,
        };
        if let (Some(end), Some(part)) = (end, open.take_if(|_| end.is_some())) {
            // A deal that came and went on the same day closes an hour later.
            let part = part.with(Tracked::Stage, day(at + 0.05), end);
            people.deals.push(part);
            if end == "won" {
                said.push((day(at + 0.05), Some(0)));
                break;
            }
        }
        at += 1.0;
    }
    people.deals.extend(open);
    said
}
