//! What happens while the world's clock moves: deals appear, move, are edited, deleted, merged.
//! What happens on a day depends on the seed and the day alone, so that seven steps of a day lead
//! to the same portal as one step of a week.

use std::collections::{BTreeMap, HashMap};

use crm::Moment;

use super::activities::{ActivityPlan, perform};
use super::around;
use super::calendar::{days, midnight, shift};
use super::cast::{self, Cast};
use super::deals::{self, DealFacts, DealPlan, Scene};
use super::dice::Dice;
use super::model::Model;
use crate::portal::Portal;
use crate::portal::kind::Kind;
use crate::portal::links::{DEAL_PRIMARY_COMPANY, DECISION_MAKER};
use crate::portal::people::Outcome;
use crate::portal::property as p;
use crate::portal::record::{Record, Source, SourceKind, Stamp};
use crate::portal::value::{DAY, Value};

/// Something that will happen.
#[derive(Debug)]
pub(crate) enum Happening {
    /// A deal is thought of; its plan is made then.
    Idea(u64),
    /// A deal appears.
    Born(Box<DealPlan>),
    /// A deal changes.
    Change {
        /// The deal.
        deal: u64,
        /// What changes.
        stamp: Stamp,
    },
    /// An activity is logged.
    Activity {
        /// What, when, with whom.
        plan: ActivityPlan,
        /// The deal.
        deal: u64,
        /// Index of the company.
        company: usize,
    },
    /// The chores of a day: new contacts, edits, deletions, merges.
    Chores(u64),
}

/// The life of a demo portal.
#[derive(Debug)]
pub(crate) struct Life {
    /// The world's seed.
    pub seed: u64,
    /// The true effects.
    pub model: Model,
    /// Everybody.
    pub cast: Cast,
    /// When the first competitor changed its ways.
    pub shift: Moment,
    /// Deals before this were imported.
    pub imported_until: Moment,
    /// New deals a day.
    pub daily_deals: f64,
    /// How many deals the world was generated with.
    pub first_deals: u64,
    /// What waits for its time.
    pub queue: BTreeMap<(Moment, u64), Happening>,
    /// Orders what happens at the same millisecond.
    pub sequence: u64,
    /// What decides about each deal, by record id.
    pub facts: HashMap<u64, DealFacts>,
    /// Facts of all deals with their moment of creation, for the true win chances by segment.
    pub cohort: Vec<(Moment, DealFacts)>,
}

impl Life {
    /// What deals are planned with.
    pub(crate) fn scene(&self) -> Scene<'_> {
        Scene {
            seed: self.seed,
            model: &self.model,
            cast: &self.cast,
            shift: self.shift,
            imported_until: self.imported_until,
        }
    }

    /// Puts something off until its time.
    pub(crate) fn wait(&mut self, at: Moment, happening: Happening) {
        self.sequence += 1;
        self.queue.insert((at, self.sequence), happening);
    }

    /// Lives through the time after `now`, up to and including `until`.
    pub(crate) fn advance(&mut self, portal: &mut Portal, now: Moment, until: Moment) {
        let mut day = midnight(now);
        while day <= until {
            self.schedule(day, now, until);
            day = shift(day, DAY);
        }
        while let Some(entry) = self.queue.first_entry() {
            let at = entry.key().0;
            if at > until {
                break;
            }
            let happening = entry.remove();
            self.happen(portal, at, happening);
        }
    }

    /// Puts a day's new deals and chores into the queue, as far as they lie in `(now, until]`.
    fn schedule(&mut self, day: Moment, now: Moment, until: Moment) {
        let number = u64::try_from(day.millis() / DAY).unwrap_or(0);
        let mut dice = Dice::new(self.seed, "day", number);
        // A thousand numbers a day are more than any day draws.
        for index in 0..dice.poisson(self.daily_deals.min(200.0)).min(999) as u64 {
            let at = shift(day, days(dice.unit()));
            if at > now && at <= until {
                self.wait(
                    at,
                    Happening::Idea(self.first_deals + number * 1_000 + index),
                );
            }
        }
        let chores = shift(day, DAY / 2);
        if chores > now && chores <= until {
            self.wait(chores, Happening::Chores(number));
        }
    }

    fn happen(&mut self, portal: &mut Portal, at: Moment, happening: Happening) {
        match happening {
            Happening::Idea(number) => {
                let plan = deals::plan(&self.scene(), portal, number, at);
                self.wait(plan.created, Happening::Born(Box::new(plan)));
            }
            Happening::Born(plan) => {
                let (created, company) = (plan.created, plan.company);
                let (deal, activities) = birth(portal, self, *plan, created);
                for plan in activities {
                    self.wait(
                        plan.created.max(at),
                        Happening::Activity {
                            plan,
                            deal,
                            company,
                        },
                    );
                }
            }
            Happening::Change { deal, stamp } => {
                if let Some(id) = living(portal, deal)
                    && let Some(record) = portal.table_mut(Kind::Deals).get_mut(id)
                {
                    record.change(stamp);
                    if stamp.cell.prop() == p::AMOUNT {
                        around::reprice(portal, id, &stamp);
                    }
                }
            }
            Happening::Activity {
                plan,
                deal,
                company,
            } => {
                let deal = living(portal, deal);
                let company = self.cast.companies.get(company);
                let mut plan = plan;
                plan.contact = portal
                    .resolve(Kind::Contacts, plan.contact)
                    .map_or(0, |r| r.id);
                let rep = self.cast.reps[usize::from(plan.rep)];
                perform(portal, self.seed, &plan, deal, company, rep, at);
            }
            Happening::Chores(day) => self.chores(portal, at, day),
        }
    }

    fn chores(&mut self, portal: &mut Portal, at: Moment, day: u64) {
        let mut dice = Dice::new(self.seed, "chores", day);
        for index in 0..1 + dice.below(3) as u64 {
            let company = dice.below(self.cast.companies.len());
            let owner = self.cast.reps[dice.below(self.cast.reps.len())];
            // Above every number of the first generation.
            let number = 1 << 40 | day << 4 | index;
            let employer = &self.cast.companies[company];
            let made = cast::contact(portal, self.seed, number, at, Some(employer), owner);
            self.cast.companies[company].contacts.push(made);
        }
        for _ in 0..3 {
            edit(portal, at, &mut dice);
        }
        for kind in [Kind::Notes, Kind::Tasks, Kind::Contacts] {
            if dice.chance(0.5)
                && let Some(id) = choose(portal, kind, &mut dice, |_| true)
            {
                archive(portal, kind, id, at);
            }
        }
        if dice.chance(0.15) {
            let over = choose_lost(portal, &mut dice);
            over.into_iter()
                .for_each(|id| archive(portal, Kind::Deals, id, at));
        }
        // E-mails do not go to the recycle bin.
        if dice.chance(0.4)
            && let Some(id) = choose(portal, Kind::Emails, &mut dice, |_| true)
        {
            portal.purge(Kind::Emails, id);
        }
        if dice.chance(0.3) {
            self.merge_contacts(portal, at, &mut dice);
        }
        if dice.chance(0.15) {
            self.merge_deals(portal, at, &mut dice);
        }
        around::live(portal, self.seed, &self.cast, day, at);
    }

    fn merge_contacts(&mut self, portal: &mut Portal, at: Moment, dice: &mut Dice) {
        let company = dice.below(self.cast.companies.len());
        let contacts = &mut self.cast.companies[company].contacts;
        if contacts.len() < 2 {
            return;
        }
        let second = contacts.remove(1).id;
        let first = contacts[0].id;
        if let Some(id) = portal.merge(Kind::Contacts, first, second, at, false) {
            contacts[0].id = id;
        }
    }

    /// Merges an open deal with another of the same company, if there is such a pair.
    fn merge_deals(&mut self, portal: &mut Portal, at: Moment, dice: &mut Dice) {
        let open = |portal: &Portal, record: &Record| portal.outcome(record) == Outcome::Open;
        let Some(first) = choose(portal, Kind::Deals, dice, |record| open(portal, record)) else {
            return;
        };
        let Some(deal) = portal.table(Kind::Deals).get(first) else {
            return;
        };
        let other = deal
            .linked(Kind::Companies)
            .into_iter()
            .filter_map(|company| portal.table(Kind::Companies).get(company))
            .flat_map(|company| company.linked(Kind::Deals))
            .find(|id| *id != first && living(portal, *id) == Some(*id));
        let Some(second) = other else { return };
        if let Some(id) = portal.merge(Kind::Deals, first, second, at, false) {
            let facts = self.facts.remove(&first);
            self.facts.remove(&second);
            if let Some(facts) = facts {
                self.facts.insert(id, facts);
            }
        }
    }
}

/// Puts a planned deal into the portal: what lies before `now` has happened, the rest waits. Gives
/// back the record's id and the deal's activities, which the caller places.
pub(crate) fn birth(
    portal: &mut Portal,
    life: &mut Life,
    plan: DealPlan,
    now: Moment,
) -> (u64, Vec<ActivityPlan>) {
    let mut id = portal.table_mut(Kind::Deals).take_id();
    let mut record = Record::new(id, plan.created, plan.origin);
    // Six deals in a thousand were entered twice and merged: two ids lead to the third.
    if plan.number % 167 == 3 {
        let twin = portal.table_mut(Kind::Deals).take_id();
        let survivor = portal.table_mut(Kind::Deals).take_id();
        for old in [id, twin] {
            portal.note_merged(Kind::Deals, old, survivor);
        }
        let trace = portal.strings.keep(&format!("{id};{twin}"));
        record.place(p::HS_MERGED_OBJECT_IDS, Value::Text(trace));
        (id, record.id) = (survivor, survivor);
    }
    record.cells.extend(plan.cells);
    for stamp in plan.stamps {
        if stamp.at <= now {
            record.change(stamp);
        } else {
            life.wait(stamp.at, Happening::Change { deal: id, stamp });
        }
    }
    record.cells.shrink_to_fit();
    record.versions.shrink_to_fit();
    portal.table_mut(Kind::Deals).push(record);
    let company = life.cast.companies[plan.company].id;
    for link in portal.links.types(Kind::Deals, Kind::Companies) {
        debug_assert!(link.id == 341 || link.id == DEAL_PRIMARY_COMPANY);
        portal.connect(&link, id, company);
    }
    for (index, contact) in plan.contacts.iter().enumerate() {
        for link in portal.links.types(Kind::Deals, Kind::Contacts) {
            if link.standard || (link.id == DECISION_MAKER && index == 0) {
                portal.connect(&link, id, *contact);
            }
        }
    }
    around::sell(portal, life.seed, plan.number, id);
    life.facts.insert(id, plan.facts);
    life.cohort.push((plan.created, plan.facts));
    (id, plan.activities)
}

/// The record a deal's id leads to, unless it is in the recycle bin.
fn living(portal: &Portal, deal: u64) -> Option<u64> {
    portal
        .resolve(Kind::Deals, deal)
        .filter(|record| record.archived.is_none())
        .map(|r| r.id)
}

fn choose(
    portal: &Portal,
    kind: Kind,
    dice: &mut Dice,
    fits: impl Fn(&Record) -> bool,
) -> Option<u64> {
    let all = portal.table(kind).all();
    // A handful of tries instead of a pass over a million records.
    (0..40)
        .filter_map(|_| all.get(dice.below(all.len())))
        .find(|record| record.archived.is_none() && fits(record))
        .map(|record| record.id)
}

fn choose_lost(portal: &Portal, dice: &mut Dice) -> Option<u64> {
    choose(portal, Kind::Deals, dice, |record| {
        portal.outcome(record) == Outcome::Lost
    })
}

fn archive(portal: &mut Portal, kind: Kind, id: u64, at: Moment) {
    if let Some(record) = portal.table_mut(kind).get_mut(id) {
        record.archived = Some(at);
    }
}

/// Somebody tidies up a contact or a company.
fn edit(portal: &mut Portal, at: Moment, dice: &mut Dice) {
    let (kind, prop, text) = if dice.chance(0.6) {
        (
            Kind::Contacts,
            p::HS_LEAD_STATUS,
            dice.pick(&["OPEN", "IN_PROGRESS", "CONNECTED"]),
        )
    } else {
        (
            Kind::Companies,
            p::LIFECYCLESTAGE,
            dice.pick(&["opportunity", "customer"]),
        )
    };
    let Some(id) = choose(portal, kind, dice, |_| true) else {
        return;
    };
    let value = Value::Text(portal.strings.keep(text));
    let source = Source {
        kind: SourceKind::Automation,
        number: 0,
    };
    if let Some(record) = portal.table_mut(kind).get_mut(id) {
        record.change(Stamp::new(at, prop, value, source));
    }
}
