//! Portals whose truth is known, lived day by day.

use analyses::scoring::Definition;
use analyses::scoring::rows::{Beside, ContactOn, Planned, Property, PropertyKind};
use crm::{Moment, PipelineId, RecordId, StageId};
use jiff::tz::TimeZone;
use stats::Stream;
use timeline::{
    Activity, ActivityKind, DealPart, Direction, Parts, Pipeline, PortalClock, StagePart, Timeline,
    Tracked,
};

pub(crate) const DAYS: f64 = 720.0;
const INDUSTRIES: [(&str, f64); 4] = [
    ("Banking", 1.0),
    ("Energy", 0.0),
    ("Media", -1.0),
    ("Retail", 0.0),
];

/// The n-th day, eight in the morning UTC. Day 0 is 1 January 2024.
pub(crate) fn day(n: f64) -> Moment {
    Moment::from_millis(1_704_096_000_000 + (n * 86_400_000.0) as i64)
}

/// Deals with what is kept beside them.
#[derive(Clone)]
pub(crate) struct Portal {
    pub(crate) deals: Vec<DealPart>,
    pub(crate) beside: Beside,
}

impl Portal {
    pub(crate) fn timeline(&self) -> Timeline {
        Timeline::from_parts(parts(self.deals.clone()))
    }

    /// The same portal without anything that was written after `t`.
    pub(crate) fn cut(&self, t: Moment) -> Self {
        let was_there = |deal: &&DealPart| deal.created_at.is_some_and(|at| at <= t);
        let deals = self.deals.iter().filter(was_there).map(|deal| DealPart {
            versions: deal
                .versions
                .iter()
                .filter(|v| v.at <= t)
                .cloned()
                .collect(),
            activities: deal
                .activities
                .iter()
                .filter(|a| a.known_at <= t)
                .copied()
                .collect(),
            ..deal.clone()
        });
        let mut beside = self.beside.clone();
        for contacts in beside.contacts.values_mut() {
            contacts.retain(|contact| contact.since <= t);
        }
        for planned in beside.planned.values_mut() {
            planned.retain(|plan| plan.made_at <= t);
        }
        for property in &mut beside.properties {
            for said in property.said.values_mut() {
                said.retain(|(at, _)| *at <= t);
            }
        }
        Self {
            deals: deals.collect(),
            beside,
        }
    }
}

fn parts(deals: Vec<DealPart>) -> Parts {
    let stage = |id: &str, order, probability, closed| StagePart {
        pipeline: PipelineId::new("default"),
        id: StageId::new(id),
        label: id.to_owned(),
        order,
        probability: Some(probability),
        closed: Some(closed),
    };
    Parts {
        clock: PortalClock {
            zone: TimeZone::UTC,
            home_currency: "EUR".parse().unwrap(),
            fiscal_year: crm::FiscalYear::CALENDAR,
        },
        pipelines: vec![Pipeline {
            id: PipelineId::new("default"),
            label: "Sales".to_owned(),
            order: 0,
        }],
        stages: vec![
            stage("new", 0, 0.2, false),
            stage("offer", 1, 0.6, false),
            stage("won", 2, 1.0, true),
            stage("lost", 3, 0.0, true),
        ],
        owners: Vec::new(),
        deals,
    }
}

pub(crate) fn deal(id: u64, created: f64) -> DealPart {
    DealPart::new(id, day(created))
        .with(Tracked::Pipeline, day(created), "default")
        .with(Tracked::Stage, day(created), "new")
}

pub(crate) fn activity(kind: ActivityKind, direction: Option<Direction>, at: f64) -> Activity {
    Activity {
        kind,
        direction,
        happened_at: day(at),
        known_at: day(at),
        gone_at: None,
        opened: false,
        replied: false,
        automatic: None,
    }
}

/// Deals whose chances depend on their stage, their industry and, with `strength` 1, on nothing else:
/// activities, amounts, owners and contacts come as they come. With `strength` 0 nothing matters, the
/// stage neither.
pub(crate) fn lived(seed: u64, deals: u64, strength: f64) -> Portal {
    let mut portal = Portal {
        deals: Vec::new(),
        beside: Beside::default(),
    };
    let mut industry = Property {
        definition: Definition::default(),
        name: "companies.industry".to_owned(),
        label: "Industry".to_owned(),
        kind: PropertyKind::Category,
        values: INDUSTRIES.map(|(name, _)| name.to_owned()).to_vec(),
        said: [].into(),
        of_today: 0,
    };
    for id in 1..=deals {
        let dice = &mut Stream::new(seed, 78, id);
        let created = dice.uniform() * (DAYS - 20.0);
        let place = dice.index(4);
        let record = RecordId::new(id);
        industry
            .said
            .insert(record, vec![(day(created), Some(place))]);
        // Every fifth deal shares its company with the one before.
        let company = if id % 5 == 0 { id - 1 } else { id };
        portal
            .beside
            .companies
            .insert(record, RecordId::new(company));
        let contacts = (0..1 + dice.index(3)).map(|_| ContactOn {
            since: day(created + 20.0 * dice.uniform()),
            senior: dice.bernoulli(0.3),
        });
        portal.beside.contacts.insert(record, contacts.collect());
        let effect = strength * INDUSTRIES[place as usize].1;
        portal.deals.push(life(
            dice,
            id,
            created,
            effect,
            strength,
            &mut portal.beside,
        ));
    }
    portal.beside.properties.push(industry);
    portal
}

fn life(
    dice: &mut Stream,
    id: u64,
    created: f64,
    effect: f64,
    strength: f64,
    beside: &mut Beside,
) -> DealPart {
    let owner = (1 + dice.index(4)).to_string();
    let amount = format!("{:.2}", (8.0 + dice.normal()).exp());
    let mut deal = deal(id, created)
        .with(Tracked::Owner, day(created), &owner)
        .with(Tracked::Amount, day(created), &amount);
    let mut offer = false;
    let mut at = created + 2.5;
    let mut planned = Vec::new();
    while at < DAYS {
        for (kind, direction, weekly) in [
            (ActivityKind::Meeting, None, 0.2),
            (ActivityKind::Email, Some(Direction::Out), 0.5),
            (ActivityKind::Email, Some(Direction::In), 0.3),
            (ActivityKind::Call, Some(Direction::Out), 0.4),
        ] {
            if dice.bernoulli(weekly / 7.0) {
                deal.activities
                    .push(activity(kind, direction, at + 0.5 * dice.uniform()));
            }
        }
        if dice.bernoulli(0.03) {
            planned.push(Planned {
                made_at: day(at),
                due_at: day(at + 5.0),
            });
        }
        if dice.bernoulli(0.01) {
            let amount = format!("{:.2}", (8.0 + dice.normal()).exp());
            deal = deal.with(Tracked::Amount, day(at), &amount);
        }
        let ready = if offer {
            0.6 * strength
        } else {
            -0.9 * strength
        };
        let win = 0.009 * (effect + ready).exp();
        let lose = 0.011 * (-0.3 * effect).exp();
        let u = dice.uniform();
        if u < win + lose {
            let end = if u < win { "won" } else { "lost" };
            deal = deal.with(Tracked::Stage, day(at), end);
            break;
        }
        if !offer && dice.bernoulli(0.03) {
            offer = true;
            deal = deal.with(Tracked::Stage, day(at), "offer");
        }
        at += 1.0;
    }
    beside.planned.insert(RecordId::new(id), planned);
    deal
}
