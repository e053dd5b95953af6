//! Deals: which of them are watched, and what is known of one at a moment.

use crm::Moment;
use rust_decimal::prelude::ToPrimitive as _;
use timeline::{Activity, DealIx, Gone, StageKind, Timeline};

use super::beside::Beside;
use super::columns::{Measured, Source};
use super::lives::{Ending, Found, Life, SHORTEST, Watched};
use super::owners::OwnerRecords;
use crate::forecast::scope::Scope;

/// Numbers of the deal itself, in the order in which [`Deals`] gives them.
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

/// The deals of a scope.
pub(super) struct Deals<'a> {
    scope: Scope<'a>,
    beside: &'a Beside,
    owners: OwnerRecords,
    all: Vec<DealIx>,
}

impl<'a> Deals<'a> {
    pub(super) fn of(scope: Scope<'a>, beside: &'a Beside) -> Self {
        Self {
            owners: OwnerRecords::of(scope.timeline),
            all: scope.timeline.deals().collect(),
            scope,
            beside,
        }
    }

    fn deal(&self, life: &Life) -> DealIx {
        self.all[life.place]
    }

    fn life(&self, place: usize, found: &mut Found) -> Option<Life> {
        let Scope {
            timeline, as_of, ..
        } = self.scope;
        let deal = self.all[place];
        let buried = timeline.tombstone(deal).filter(|buried| buried.at <= as_of);
        // What was merged goes on under another id, and must not count twice.
        if buried.is_some_and(|buried| matches!(buried.why, Gone::Merged(_))) {
            return None;
        }
        let first = timeline.spells(deal).next().filter(|s| s.from <= as_of)?;
        let last = timeline
            .spells(deal)
            .take_while(|s| s.from <= as_of)
            .last()?;
        if !self.scope.holds_stage(last.stage) {
            return None;
        }
        let closing = timeline.closing(deal, as_of);
        if closing.is_some_and(|closing| closing.on_arrival) {
            found.arrived_closed += 1;
            return None;
        }
        let gone = buried.map(|buried| buried.at);
        let closing = closing.filter(|closing| gone.is_none_or(|at| closing.entered_at <= at));
        let (until, ending) = match (closing, gone) {
            (Some(closing), _) if closing.kind == StageKind::Won => {
                (closing.entered_at, Ending::Won)
            }
            (Some(closing), _) => (closing.entered_at, Ending::Lost),
            (None, Some(gone)) => (gone, Ending::Gone),
            (None, None) => (as_of, Ending::Open),
        };
        if closing.is_some() && until.since(first.from) < SHORTEST {
            found.short += 1;
            return None;
        }
        let created = timeline.created_at(deal).unwrap_or(first.from);
        Some(Life {
            place,
            id: timeline.id(deal),
            group: 0,
            born: created.min(first.from),
            from: first.from,
            until,
            ending,
        })
    }
}

impl Watched for Deals<'_> {
    fn lives(&self) -> Found {
        let mut found = Found::default();
        for place in 0..self.all.len() {
            let life = self.life(place, &mut found);
            found.lives.extend(life);
        }
        found
    }

    fn is_open_at(&self, life: &Life, at: Moment) -> bool {
        let state = self.scope.timeline.as_of(at).deal(self.deal(life));
        state.is_some_and(|state| {
            state.kind == Some(StageKind::Open) && state.stage.value().is_some()
        })
    }

    fn activities<'a>(
        &'a self,
        life: &Life,
        at: Moment,
    ) -> Box<dyn Iterator<Item = Activity> + 'a> {
        Box::new(self.scope.timeline.activities_until(self.deal(life), at))
    }

    fn baseline(&self) -> (Measured, Vec<String>) {
        let stage = Measured::computed("Stage", "The stage of the deal then.");
        (stage, stage_names(self.scope.timeline))
    }

    fn measured(&self) -> Vec<Measured> {
        let own = OWN.into_iter().map(|(name, definition, source)| Measured {
            source,
            // Associations have no times, so all counts of contacts are of today.
            of_today: if name.starts_with("Contacts") {
                self.beside.contacts.len() as u32
            } else {
                0
            },
            ..Measured::computed(name, definition)
        });
        own.collect()
    }

    fn known(&self, life: &Life, at: Moment) -> (Option<u32>, Vec<f64>) {
        let timeline = self.scope.timeline;
        let deal = self.deal(life);
        let snapshot = timeline.as_of(at);
        let Some(state) = snapshot.deal(deal) else {
            return (None, vec![f64::NAN; OWN.len()]);
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
        let contacts = self.beside.contacts.get(&life.id);
        let contacts = contacts.map_or(&[][..], Vec::as_slice);
        let there = contacts.iter().filter(|contact| contact.since <= at);
        let next = self.beside.next_planned(life.id, at);
        let numbers = [
            known(stage.and_then(|stage| timeline.stage(stage).probability)),
            days(at, life.born),
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
        (stage.map(|stage| stage.index() as u32), numbers.to_vec())
    }

    fn amounts_written(&self, life: &Life) -> Vec<Moment> {
        let amounts = self.scope.timeline.amounts(self.deal(life));
        amounts.map(|(at, _)| at).collect()
    }

    fn is_lost(&self, ending: Ending) -> bool {
        ending == Ending::Lost
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

pub(super) fn days(later: Moment, earlier: Moment) -> f64 {
    later.since(earlier).as_secs_f64() / 86_400.0
}
