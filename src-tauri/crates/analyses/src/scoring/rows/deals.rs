//! What is known of a deal at a moment, column by column.

use crm::{Moment, RecordId};
use rust_decimal::prelude::ToPrimitive as _;
use timeline::{DealIx, StageKind, Timeline};

use super::beside::{Beside, PropertyKind};
use super::engagement;
use super::lives::Lives;
use super::owners::OwnerRecords;
use crate::scoring::{Column, Definition, Values};

/// The place of the stage among the columns.
pub const STAGE: usize = 0;

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// What it is called on a screen; the column's name.
    pub name: String,
    /// What exactly it says.
    pub definition: String,
    /// How many of its values are those of today, because no history of them is kept: what was written
    /// after the closing may be among them.
    pub of_today: u32,
    /// How HubSpot defines the property that it holds; none for what is computed here.
    pub defined: Option<Definition>,
    pub(super) source: Source,
}

/// Where a column's values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// It is computed from what is watched anyway.
    Computed,
    /// The deal's amount.
    Amount,
    /// A property beside the timelines.
    Property(usize),
}

impl Measured {
    pub(super) fn computed(name: &str, definition: &str) -> Self {
        Self {
            name: name.to_owned(),
            definition: definition.to_owned(),
            of_today: 0,
            defined: None,
            source: Source::Computed,
        }
    }
}

/// Numbers of the deal itself, in the order in which [`View::own`] gives them.
const OWN: [(&str, &str, Source); 14] = [
    (
        "HubSpot's stage probability",
        "The win probability that HubSpot has for the deal's stage.",
        Source::Computed,
    ),
    (
        "Days since creation",
        "Days from the deal's creation to the moment it is seen.",
        Source::Computed,
    ),
    (
        "Days in stage",
        "Days since the deal entered its stage.",
        Source::Computed,
    ),
    (
        "Stage changes",
        "How often the deal's stage has changed so far.",
        Source::Computed,
    ),
    (
        "Close date pushed",
        "How often the close date was moved to a later month so far.",
        Source::Computed,
    ),
    (
        "Days to close date",
        "Days to the close date as it was known then; below 0 when it had passed.",
        Source::Computed,
    ),
    (
        "Amount",
        "The amount as it was known then, in the portal's currency.",
        Source::Amount,
    ),
    (
        "Amount changes",
        "How often the amount has changed so far.",
        Source::Amount,
    ),
    (
        "Amount against the first",
        "The amount then over the first one; 1 is no change.",
        Source::Amount,
    ),
    (
        "Owner's record",
        "The share of the owner's closed deals that were won by then, drawn to the portal's share as by 20 deals.",
        Source::Computed,
    ),
    (
        "Contacts",
        "Contacts of the deal that existed then. HubSpot's copy keeps no time of an association: one that was added later counts from its own creation.",
        Source::Computed,
    ),
    (
        "Contacts who lead",
        "Those of them whose job title says that they lead something.",
        Source::Computed,
    ),
    (
        "Next activity planned",
        "1 where a meeting or a task lies ahead, as planned by then.",
        Source::Computed,
    ),
    (
        "Days to the next planned activity",
        "Days to the first of them; nothing is known where none is planned.",
        Source::Computed,
    ),
];

/// All columns of some deals, each at a moment.
pub(super) fn columns(
    timeline: &Timeline,
    beside: &Beside,
    lives: &Lives<'_>,
    sightings: &[(usize, Moment)],
) -> (Vec<Column>, Vec<Measured>) {
    let owners = OwnerRecords::of(timeline);
    let view = View {
        timeline,
        beside,
        owners,
    };
    let count = OWN.len() + engagement::COLUMNS.len();
    let mut numbers = vec![Vec::with_capacity(sightings.len()); count];
    let mut stages = Vec::with_capacity(sightings.len());
    for &(life, at) in sightings {
        let life = &lives.lives[life];
        let (stage, own) = view.own(life.deal, life.id, life.born, at);
        stages.push(stage);
        let around = engagement::of(timeline, life.deal, at);
        for (column, number) in numbers.iter_mut().zip(own.into_iter().chain(around)) {
            column.push(number);
        }
    }
    let mut measured = vec![Measured::computed("Stage", "The stage of the deal then.")];
    measured.extend(OWN.into_iter().map(|(name, definition, source)| Measured {
        source,
        ..Measured::computed(name, definition)
    }));
    // Associations have no times, so all counts of contacts are of today.
    for column in &mut measured {
        if column.name.starts_with("Contacts") {
            column.of_today = beside.contacts.len() as u32;
        }
    }
    measured.extend(engagement::measured());
    let mut values = vec![Values::Categories {
        codes: stages,
        names: stage_names(timeline),
    }];
    values.extend(numbers.into_iter().map(Values::Numbers));
    for (place, property) in beside.properties.iter().enumerate() {
        measured.push(Measured {
            name: unlike(&measured, &property.label, &property.name),
            definition: format!("What {} said then.", property.name),
            of_today: property.of_today,
            defined: Some(property.definition.clone()),
            source: Source::Property(place),
        });
        let of = sightings
            .iter()
            .map(|&(life, at)| (lives.lives[life].id, at));
        values.push(match property.kind {
            PropertyKind::Number => {
                Values::Numbers(of.map(|(id, at)| property.number_at(id, at)).collect())
            }
            PropertyKind::Category => Values::Categories {
                codes: of.map(|(id, at)| property.at(id, at)).collect(),
                names: property.values.clone(),
            },
        });
    }
    let columns = measured
        .iter()
        .zip(values)
        .map(|(measured, values)| Column {
            name: measured.name.clone(),
            values,
        });
    (columns.collect(), measured)
}

/// A property's label; with its name where another column bears the label, as companies and contacts
/// both have a country: columns are asked for by their names.
fn unlike(measured: &[Measured], label: &str, name: &str) -> String {
    if measured.iter().any(|known| known.name == label) {
        format!("{label} ({name})")
    } else {
        label.to_owned()
    }
}

/// The names of stages by their places. Two pipelines may have stages of one name.
fn stage_names(timeline: &Timeline) -> Vec<String> {
    let several = timeline.pipelines().len() > 1;
    let name = |stage: &timeline::Stage| {
        if several {
            let pipeline = timeline.pipeline(stage.pipeline);
            format!("{}: {}", pipeline.label, stage.label)
        } else {
            stage.label.clone()
        }
    };
    timeline.stages().iter().map(name).collect()
}

struct View<'a> {
    timeline: &'a Timeline,
    beside: &'a Beside,
    owners: OwnerRecords,
}

fn days(later: Moment, earlier: Moment) -> f64 {
    later.since(earlier).as_secs_f64() / 86_400.0
}

impl View<'_> {
    /// The stage, and the numbers in the order of [`OWN`].
    fn own(
        &self,
        deal: DealIx,
        id: RecordId,
        born: Moment,
        at: Moment,
    ) -> (Option<u32>, [f64; 14]) {
        let timeline = self.timeline;
        let snapshot = timeline.as_of(at);
        let Some(state) = snapshot.deal(deal) else {
            return (None, [f64::NAN; 14]);
        };
        let stage = state.stage.value();
        let home = |amount| {
            let currency = timeline.currency_at(deal, at);
            timeline.rates().to_home(amount, currency)?.to_f64()
        };
        let known = |number: Option<f64>| number.unwrap_or(f64::NAN);
        let amounts: Vec<f64> = timeline
            .amounts(deal)
            .take_while(|(from, _)| *from <= at)
            .filter_map(|(_, amount)| home(amount?))
            .collect();
        let amount = known(state.amount.value().and_then(home));
        let first = amounts.first().copied().filter(|first| *first > 0.0);
        let moves = timeline
            .spells(deal)
            .take_while(|spell| spell.from <= at)
            .filter(|spell| spell.kind == StageKind::Open)
            .count();
        let contacts = self.beside.contacts.get(&id).map_or(&[][..], Vec::as_slice);
        let there = contacts.iter().filter(|contact| contact.since <= at);
        let planned = self.beside.planned.get(&id).into_iter().flatten();
        let ahead = planned.filter(|plan| plan.made_at <= at && plan.due_at > at);
        let next = ahead.map(|plan| plan.due_at).min();
        let numbers = [
            known(stage.and_then(|stage| timeline.stage(stage).probability)),
            days(at, born),
            known(state.in_stage_since.map(|since| days(at, since))),
            moves.saturating_sub(1) as f64,
            f64::from(snapshot.pushes(deal)),
            known(state.close_at.value().map(|close| days(close, at))),
            amount,
            amounts.len().saturating_sub(1) as f64,
            known(first.map(|first| amount / first)),
            known(self.owners.share(state.owner.value(), at)),
            there.clone().count() as f64,
            there.filter(|contact| contact.senior).count() as f64,
            f64::from(u8::from(next.is_some())),
            known(next.map(|due| days(due, at))),
        ];
        (stage.map(|stage| stage.index() as u32), numbers)
    }
}
