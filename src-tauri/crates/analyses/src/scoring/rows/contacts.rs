//! Contacts: which of them may still be won, when a deal with one was, and what is known of one at a
//! moment.

use std::collections::BTreeSet;

use crm::{Moment, OwnerId};
use rust_decimal::prelude::ToPrimitive as _;
use timeline::{Activity, Closing, DealIx, Gone, StageKind, Timeline};

use super::beside::{Beside, Contact, Property, is_senior};
use super::columns::Measured;
use super::deals::days;
use super::lives::{Ending, Found, Life, SHORTEST, Watched};
use super::owners::OwnerRecords;
use crate::forecast::scope::Scope;

/// What a column of the contact's deals has to say of associations.
const UNTIMED: &str =
    "The copy keeps no time of an association: a deal counts from its own creation.";

/// The contacts of a copy, with the deals of a scope.
pub(super) struct Contacts<'a> {
    scope: Scope<'a>,
    beside: &'a Beside,
    owners: OwnerRecords,
    /// Of each contact, its deals: those that were merged are the deal that they went on as.
    deals: Vec<Vec<DealIx>>,
}

/// The deals of a contact that were open at a moment, and what came of the others.
#[derive(Default)]
struct DealsThen {
    open: u32,
    lost: u32,
    /// Of the open ones, in the portal's currency.
    amount: f64,
    /// The highest that HubSpot has for the stage of an open one.
    probability: Option<f64>,
}

impl<'a> Contacts<'a> {
    pub(super) fn of(scope: Scope<'a>, beside: &'a Beside) -> Self {
        let timeline = scope.timeline;
        let deals = |contact: &Contact| {
            let found = contact.deals.iter().filter_map(|id| timeline.find(*id));
            let is_merged = |deal: &DealIx| {
                let buried = timeline.tombstone(*deal);
                buried.is_some_and(|buried| matches!(buried.why, Gone::Merged(_)))
            };
            let found: BTreeSet<DealIx> = found.filter(|deal| !is_merged(deal)).collect();
            found.into_iter().collect()
        };
        Self {
            owners: OwnerRecords::of(timeline),
            deals: beside.people.iter().map(deals).collect(),
            scope,
            beside,
        }
    }

    fn timeline(&self) -> &'a Timeline {
        self.scope.timeline
    }

    /// The first of a contact's deals that are won at a moment. One that arrived in HubSpot already won
    /// counts from its close date.
    fn won_at(&self, place: usize, at: Moment) -> Option<Moment> {
        let won = |closing: &Closing| {
            closing.kind == StageKind::Won && self.scope.holds_stage(closing.stage)
        };
        let deals = self.deals[place].iter();
        let closings = deals.filter_map(|deal| self.timeline().closing(*deal, at));
        closings.filter(won).map(|closing| closing.at).min()
    }

    fn life(&self, place: usize, found: &mut Found) -> Option<Life> {
        let (contact, as_of) = (&self.beside.people[place], self.scope.as_of);
        // What was merged goes on under another id, and must not count twice.
        if contact.is_merged || contact.created_at > as_of {
            return None;
        }
        let born = contact.created_at;
        let gone = contact.gone_at.filter(|gone| *gone <= as_of);
        let won = self.won_at(place, as_of);
        let won = won.filter(|won| gone.is_none_or(|gone| *won <= gone));
        match won {
            Some(won) if won <= born => {
                found.arrived_closed += 1;
                return None;
            }
            Some(won) if won.since(born) < SHORTEST => {
                found.short += 1;
                return None;
            }
            _ => {}
        }
        let (until, ending) = match (won, gone) {
            (Some(won), _) => (won, Ending::Won),
            (None, Some(gone)) => (gone, Ending::Gone),
            (None, None) => (as_of, Ending::Open),
        };
        Some(Life {
            place,
            id: contact.id,
            group: 0,
            born,
            from: born,
            until,
            ending,
        })
    }

    fn deals_then(&self, life: &Life, at: Moment) -> DealsThen {
        let timeline = self.timeline();
        let snapshot = timeline.as_of(at);
        let mut then = DealsThen::default();
        for &deal in &self.deals[life.place] {
            if let Some((_, stage, state)) = snapshot.open_deal(deal) {
                then.open += 1;
                let currency = timeline.currency_at(deal, at);
                let amount = state.amount.value();
                let home = amount.and_then(|amount| timeline.rates().to_home(amount, currency));
                then.amount += home.and_then(|home| home.to_f64()).unwrap_or(0.0);
                let probability = timeline.stage(stage).probability;
                then.probability = match (then.probability, probability) {
                    (Some(one), Some(other)) => Some(one.max(other)),
                    (one, other) => one.or(other),
                };
            } else if let Some(closing) = timeline.closing(deal, at) {
                then.lost += u32::from(closing.kind == StageKind::Lost);
            }
        }
        then
    }

    fn owner(&self, life: &Life, at: Moment) -> Option<OwnerId> {
        self.beside.owner.as_ref()?.value(life.id, at)?.parse().ok()
    }
}

fn written(property: Option<&Property>) -> u32 {
    property.map_or(0, |property| property.of_today)
}

impl Watched for Contacts<'_> {
    fn lives(&self) -> Found {
        let mut found = Found::default();
        for place in 0..self.beside.people.len() {
            let life = self.life(place, &mut found);
            found.lives.extend(life);
        }
        found
    }

    fn is_open_at(&self, life: &Life, at: Moment) -> bool {
        let contact = &self.beside.people[life.place];
        contact.created_at <= at
            && contact.gone_at.is_none_or(|gone| at < gone)
            && self.won_at(life.place, at).is_none()
    }

    fn activities<'a>(
        &'a self,
        life: &Life,
        at: Moment,
    ) -> Box<dyn Iterator<Item = Activity> + 'a> {
        Box::new(self.beside.around.until(life.id, at))
    }

    fn baseline(&self) -> (Measured, Vec<String>) {
        let stage = self.beside.lifecycle.as_ref();
        let name = stage.map_or("Lifecycle stage", |stage| stage.label.as_str());
        let names = stage.map_or(&[][..], |stage| &stage.values);
        let measured = Measured::computed(name, "The lifecycle stage of the contact then.");
        (measured.of_today(written(stage)), names.to_vec())
    }

    fn measured(&self) -> Vec<Measured> {
        let (stages, titles) = (&self.beside.lifecycle, &self.beside.title);
        let with_deals = self.deals.iter().filter(|deals| !deals.is_empty()).count() as u32;
        let of_deals = |name: &str, definition: &str| {
            Measured::computed(name, &format!("{definition} {UNTIMED}")).of_today(with_deals)
        };
        vec![
            Measured::computed(
                "Days since creation",
                "Days from the contact's creation to the moment it is seen.",
            ),
            Measured::computed(
                "Days in lifecycle stage",
                "Days since the contact came into its lifecycle stage.",
            )
            .of_today(written(stages.as_ref())),
            Measured::computed(
                "Lifecycle stage changes",
                "How often the lifecycle stage has changed so far.",
            )
            .of_today(written(stages.as_ref())),
            Measured::computed(
                "Leads something",
                "1 where the job title says that the contact leads something, 0 where it says something else.",
            )
            .of_today(written(titles.as_ref())),
            Measured::computed(
                "Owner's record",
                "The share of closed deals of the contact's owner that were won by then, drawn to the portal's share as by 20 deals.",
            )
            .of_today(written(self.beside.owner.as_ref())),
            of_deals("Open deals", "Deals with the contact that were open then."),
            of_deals("Lost deals", "Deals with the contact that were lost by then."),
            of_deals(
                "Amount of open deals",
                "What they were worth together as known then, in the portal's currency.",
            ),
            of_deals(
                "HubSpot's stage probability",
                "The highest win probability that HubSpot has for the stage of one of them; nothing is known where none was open.",
            ),
            Measured::computed(
                "Next activity planned",
                "1 where a meeting or a task lies ahead, as planned by then.",
            ),
            Measured::computed(
                "Days to the next planned activity",
                "Days to the first of them; nothing is known where none is planned.",
            ),
        ]
    }

    fn known(&self, life: &Life, at: Moment) -> (Option<u32>, Vec<f64>) {
        let known = |number: Option<f64>| number.unwrap_or(f64::NAN);
        let stage = self.beside.lifecycle.as_ref();
        let entries = stage.map_or(&[][..], |stage| stage.until(life.id, at));
        let changes: Vec<_> = entries.chunk_by(|one, other| one.1 == other.1).collect();
        // A value of today has no time of its own: it counts from the contact's creation.
        let since = changes.last().and_then(|same| same.first());
        let since = since.map(|(from, _)| (*from).max(life.born));
        let title = self.beside.title.as_ref();
        let title = title.and_then(|title| title.value(life.id, at));
        let deals = self.deals_then(life, at);
        let next = self.beside.next_planned(life.id, at);
        let numbers = [
            days(at, life.born),
            known(since.map(|since| days(at, since))),
            changes.len().saturating_sub(1) as f64,
            known(title.map(|title| f64::from(u8::from(is_senior(title))))),
            known(self.owners.share(self.owner(life, at), at)),
            f64::from(deals.open),
            f64::from(deals.lost),
            deals.amount,
            known(deals.probability),
            f64::from(u8::from(next.is_some())),
            known(next.map(|due| days(due, at))),
        ];
        let code = stage.and_then(|stage| stage.at(life.id, at));
        (code, numbers.to_vec())
    }

    fn is_lost(&self, ending: Ending) -> bool {
        ending != Ending::Won
    }
}
