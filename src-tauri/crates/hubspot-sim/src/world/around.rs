//! What lies around the deals: what they sell, leads before them, messages beside them, tickets after
//! them. Each draws from chances of its own, so the deals are the same with it and without.

use crm::Moment;

use super::activities::{ActivityPlan, perform};
use super::calendar::{at_work, days, shift};
use super::cast::{Cast, Company, INTEGRATION, Rep, person};
use super::dice::Dice;
use super::names;
use crate::portal::Portal;
use crate::portal::kind::Kind;
use crate::portal::people::Outcome;
use crate::portal::phrases::{Phrase, PhraseKind};
use crate::portal::property as p;
use crate::portal::property::Prop;
use crate::portal::record::{Record, Source, Stamp};
use crate::portal::strings::Strings;
use crate::portal::value::{DAY, Value};

/// What customers write to the service desk about.
const TROUBLES: [&str; 8] = [
    "Pump loses pressure",
    "Seal leaks after two weeks",
    "Manual for the new controller",
    "Spare part arrived damaged",
    "Noise at full load",
    "Invoice shows the wrong site",
    "Remote monitoring lost the station",
    "Training for the night shift",
];

/// Tickets' stages, in the order of the pipeline that every portal has.
const TICKET_STAGES: [&str; 4] = ["1", "2", "3", "4"];

/// Leads' stages on the way to a deal.
const LEAD_STAGES: [&str; 4] = [
    "new-stage-id",
    "attempting-stage-id",
    "connected-stage-id",
    "qualified-stage-id",
];
const LEAD_LOST: &str = "unqualified-stage-id";

/// Numbers from here on are of what comes with time; the first ones stay far below.
const LATER: u64 = 1 << 40;

fn word(strings: &mut Strings, text: &str) -> Value {
    Value::Text(strings.keep(text))
}

/// Leads, tickets and messages in the demo's proportions: for every 25 deals 8 leads, 6 tickets and 4
/// messages.
pub(super) fn begin(portal: &mut Portal, seed: u64, cast: &Cast, deals: usize, now: Moment) {
    let within = |from: Moment, dice: &mut Dice| {
        let age = (now.millis() - from.millis()) / DAY;
        shift(from, days(dice.unit()) * age.max(0))
    };
    let mut dice = Dice::new(seed, "around", 0);
    let mut leads: Vec<(Moment, usize)> = Vec::new();
    let mut tickets: Vec<(Moment, usize)> = Vec::new();
    for index in 0..deals * 14 / 25 {
        let company = dice.below(cast.companies.len());
        let at = within(cast.companies[company].created, &mut dice);
        let these = if index < deals * 8 / 25 {
            &mut leads
        } else {
            &mut tickets
        };
        these.push((at, company));
    }
    leads.sort_unstable();
    tickets.sort_unstable();
    for (number, (at, company)) in (0_u64..).zip(leads) {
        lead(portal, seed, number, cast, company, at, now);
    }
    for (number, (at, company)) in (0_u64..).zip(tickets) {
        ticket(portal, seed, number, cast, company, at, now);
    }
    let all = portal.table(Kind::Deals).all();
    let mut messages: Vec<(Moment, u64)> = Vec::new();
    for _ in 0..deals * 4 / 25 {
        if let Some(deal) = all.get(dice.below(all.len())) {
            messages.push((within(deal.created, &mut dice), deal.id));
        }
    }
    messages.sort_unstable();
    for (number, (at, deal)) in (0_u64..).zip(messages) {
        message(portal, seed, number, cast, deal, at, now);
    }
}

/// A day's share of it.
pub(super) fn live(portal: &mut Portal, seed: u64, cast: &Cast, day: u64, at: Moment) {
    let mut dice = Dice::new(seed, "day around", day);
    let number = LATER | day;
    if dice.chance(0.6) {
        let company = dice.below(cast.companies.len());
        lead(portal, seed, number, cast, company, at, at);
    }
    if dice.chance(0.5) {
        let company = dice.below(cast.companies.len());
        ticket(portal, seed, number, cast, company, at, at);
    }
    let all = portal.table(Kind::Deals).all();
    let deal = all.get(dice.below(all.len()));
    let open = deal.filter(|deal| {
        deal.archived.is_none() && portal.outcome(deal) == Outcome::Open && deal.created < at
    });
    if let Some(deal) = open.map(|deal| deal.id) {
        message(portal, seed, number, cast, deal, at, at);
    }
    for kind in [Kind::Tickets, Kind::Leads] {
        move_one(portal, kind, at, &mut dice);
    }
}

/// What a new deal sells: one to four lines that make up its first amount and follow it from there.
pub(super) fn sell(portal: &mut Portal, seed: u64, number: u64, deal: u64) {
    let Some(record) = portal.table(Kind::Deals).get(deal) else {
        return;
    };
    let amounts = record.history(p::AMOUNT);
    let (created, origin) = (record.created, record.origin);
    let Some(Value::Cents(total)) = amounts.last().map(|stamp| stamp.cell.value()) else {
        return;
    };
    let mut dice = Dice::new(seed, "line items", number);
    let lines = 1 + dice.weighted(&[0.45, 0.30, 0.15, 0.10]);
    let share = total / i64::try_from(lines).unwrap_or(1);
    let mut left = total;
    for line in 0..lines {
        let quantity = i64::from(dice.word() % 4) + 1;
        let price = if line + 1 == lines {
            left
        } else {
            share / quantity
        };
        let quantity = if line + 1 == lines { 1 } else { quantity };
        left -= price * quantity;
        let product = dice.below(names::PRODUCTS.len());
        let id = portal.table_mut(Kind::LineItems).take_id();
        let mut record = Record::new(id, created, origin);
        let name = word(&mut portal.strings, names::PRODUCTS[product]);
        record.place(p::NAME, name);
        let sku = word(&mut portal.strings, &format!("PL-{}", 100 + product));
        record.place(p::HS_SKU, sku);
        record.place(p::QUANTITY, Value::Whole(quantity));
        record.place(p::PRICE, Value::Cents(price));
        record.place(p::AMOUNT, Value::Cents(price * quantity));
        portal.table_mut(Kind::LineItems).push(record);
        if let Some(link) = portal.links.default_type(Kind::Deals, Kind::LineItems) {
            portal.connect(&link, deal, id);
        }
    }
    for stamp in amounts.iter().rev().skip(1) {
        reprice(portal, deal, stamp);
    }
}

/// A deal's amount was changed: its last line follows.
pub(super) fn reprice(portal: &mut Portal, deal: u64, amount: &Stamp) {
    let Value::Cents(total) = amount.cell.value() else {
        return;
    };
    let lines = portal.table(Kind::Deals).get(deal);
    let lines = lines.map(|deal| deal.linked(Kind::LineItems));
    let lines = lines.unwrap_or_default();
    let Some((last, others)) = lines.split_last() else {
        return;
    };
    let table = portal.table_mut(Kind::LineItems);
    let fixed: i64 = others
        .iter()
        .filter_map(|id| table.get(*id)?.value(p::AMOUNT))
        .map(|value| match value {
            Value::Cents(cents) => cents,
            _ => 0,
        })
        .sum();
    if let Some(line) = table.get_mut(*last) {
        for prop in [p::PRICE, p::AMOUNT] {
            let rest = Value::Cents(total - fixed);
            line.change(Stamp::new(amount.at, prop, rest, amount.source));
        }
    }
}

/// A prospect that sales takes up: a contact's name, and stages until now.
fn lead(
    portal: &mut Portal,
    seed: u64,
    number: u64,
    cast: &Cast,
    company: usize,
    created: Moment,
    now: Moment,
) {
    let mut dice = Dice::new(seed, "lead", number);
    let company = &cast.companies[company];
    let created = at_work(created, &mut dice).min(now).max(company.created);
    let Some(contact) = known_contact(portal, company, created, &mut dice) else {
        return;
    };
    let rep = cast.reps[dice.below(cast.reps.len())];
    let id = portal.table_mut(Kind::Leads).take_id();
    let mut record = Record::new(id, created, person(rep));
    let mut put = |prop: Prop, text: &str| {
        let value = word(&mut portal.strings, text);
        record.place(prop, value);
    };
    put(p::HS_LEAD_NAME, &format!("Lead at {}", company.short));
    put(p::HS_LEAD_TYPE, dice.pick(&["NEW_BUSINESS", "UPSELL"]));
    put(p::HS_LEAD_LABEL, dice.pick(&["HOT", "WARM", "COLD"]));
    put(p::HUBSPOT_OWNER_ID, &rep.owner.to_string());
    put(p::HS_PIPELINE, "lead-pipeline-id");
    put(p::HS_PIPELINE_STAGE, LEAD_STAGES[0]);
    let mut path = LEAD_STAGES[1..].to_vec();
    if dice.chance(0.4) {
        path.truncate(dice.below(3));
        path.push(LEAD_LOST);
    }
    let path = Path {
        kind: Kind::Leads,
        stages: path,
        mean_days: 6.0,
    };
    path.walk(portal, &mut record, rep, now, &mut dice);
    portal.table_mut(Kind::Leads).push(record);
    let mut ends = vec![(Kind::Contacts, contact), (Kind::Companies, company.id)];
    ends.extend(a_deal(portal, company, &mut dice));
    tie(portal, Kind::Leads, id, &ends);
}

/// A customer's request for help.
fn ticket(
    portal: &mut Portal,
    seed: u64,
    number: u64,
    cast: &Cast,
    company: usize,
    created: Moment,
    now: Moment,
) {
    let mut dice = Dice::new(seed, "ticket", number);
    let company = &cast.companies[company];
    // Machines fail at night too.
    let created = created.max(company.created);
    let rep = cast.reps[dice.below(cast.reps.len())];
    let id = portal.table_mut(Kind::Tickets).take_id();
    let mut record = Record::new(id, created, INTEGRATION);
    let mut put = |prop: Prop, text: &str| {
        let value = word(&mut portal.strings, text);
        record.place(prop, value);
    };
    put(p::SUBJECT, dice.pick(&TROUBLES));
    put(p::HS_TICKET_PRIORITY, dice.pick(&["LOW", "MEDIUM", "HIGH"]));
    put(p::SOURCE_TYPE, dice.pick(&["EMAIL", "PHONE", "FORM"]));
    put(p::HUBSPOT_OWNER_ID, &rep.owner.to_string());
    put(p::HS_PIPELINE, "0");
    put(p::HS_PIPELINE_STAGE, TICKET_STAGES[0]);
    record.place(p::CONTENT, text(&mut dice, PhraseKind::EmailText));
    let mut path = TICKET_STAGES[1..].to_vec();
    if dice.chance(0.15) {
        path.truncate(dice.below(3));
    }
    let path = Path {
        kind: Kind::Tickets,
        stages: path,
        mean_days: 1.5,
    };
    path.walk(portal, &mut record, rep, now, &mut dice);
    portal.table_mut(Kind::Tickets).push(record);
    let mut ends = vec![(Kind::Companies, company.id)];
    let contact = known_contact(portal, company, created, &mut dice);
    ends.extend(contact.map(|contact| (Kind::Contacts, contact)));
    ends.extend(a_deal(portal, company, &mut dice));
    tie(portal, Kind::Tickets, id, &ends);
}

/// A message by WhatsApp, LinkedIn or SMS, with one of the deal's contacts.
fn message(
    portal: &mut Portal,
    seed: u64,
    number: u64,
    cast: &Cast,
    deal: u64,
    at: Moment,
    now: Moment,
) {
    let mut dice = Dice::new(seed, "message", number);
    let Some(record) = portal.table(Kind::Deals).get(deal) else {
        return;
    };
    let contacts = record.linked(Kind::Contacts);
    let contact = contacts.get(dice.below(contacts.len())).copied();
    let rep = dice.below(cast.reps.len());
    let plan = ActivityPlan {
        created: at,
        at,
        kind: Kind::Communications,
        competitor: 0,
        contact: contact.unwrap_or(0),
        rep: u16::try_from(rep).unwrap_or(0),
        // No deal's and no loose activity's stream of chance.
        number: 1 << 61 | number,
        certain: false,
        answers: 0.0,
    };
    let id = perform(portal, seed, &plan, Some(deal), None, cast.reps[rep], now);
    let channel = dice.pick(&["WHATS_APP", "LINKEDIN_MESSAGE", "SMS"]);
    let words = [channel, "CRM"].map(|text| word(&mut portal.strings, text));
    let body = text(&mut dice, PhraseKind::EmailText);
    if let Some(record) = portal.table_mut(Kind::Communications).get_mut(id) {
        record.place(p::HS_COMMUNICATION_CHANNEL_TYPE, words[0]);
        record.place(p::HS_COMMUNICATION_LOGGED_FROM, words[1]);
        record.place(p::HS_COMMUNICATION_BODY, body);
    }
}

/// One that is under way goes a stage further.
fn move_one(portal: &mut Portal, kind: Kind, at: Moment, dice: &mut Dice) {
    let stages = if kind == Kind::Tickets {
        &TICKET_STAGES
    } else {
        &LEAD_STAGES
    };
    let all = portal.table(kind).all();
    // A handful of tries instead of a pass over all of them.
    let open = (0..20).find_map(|_| {
        let record = all.get(dice.below(all.len()))?;
        let stage = record.value(p::HS_PIPELINE_STAGE)?;
        let stage = stage.spell(&portal.strings);
        let place = stages.iter().position(|known| *known == stage)?;
        let next = stages.get(place + 1)?;
        (record.archived.is_none() && record.modified < at).then_some((record.id, *next))
    });
    let Some((id, next)) = open else { return };
    let value = word(&mut portal.strings, next);
    if let Some(record) = portal.table_mut(kind).get_mut(id) {
        enter(record, kind, at, value, next, INTEGRATION);
    }
}

/// The stages that a lead or a ticket goes through after its first.
struct Path {
    kind: Kind,
    stages: Vec<&'static str>,
    mean_days: f64,
}

impl Path {
    /// Goes from stage to stage, as far as `now`.
    fn walk(
        &self,
        portal: &mut Portal,
        record: &mut Record,
        rep: Rep,
        now: Moment,
        dice: &mut Dice,
    ) {
        let mut at = record.created;
        for stage in &self.stages {
            at = shift(at, days(0.05 + dice.exponential(self.mean_days)));
            if at > now {
                return;
            }
            let value = word(&mut portal.strings, stage);
            enter(record, self.kind, at, value, stage, person(rep));
        }
    }
}

fn enter(record: &mut Record, kind: Kind, at: Moment, value: Value, stage: &str, source: Source) {
    record.change(Stamp::new(at, p::HS_PIPELINE_STAGE, value, source));
    if kind == Kind::Tickets && Some(&stage) == TICKET_STAGES.last() {
        record.place(p::CLOSED_DATE, Value::At(at));
    }
}

/// One of the company's people who was there by then, and still is.
fn known_contact(portal: &Portal, company: &Company, at: Moment, dice: &mut Dice) -> Option<u64> {
    let known = company
        .contacts
        .partition_point(|contact| contact.created <= at);
    let contact = company.contacts.get(dice.below(known))?;
    (known > 0)
        .then(|| portal.resolve(Kind::Contacts, contact.id))
        .flatten()
        .filter(|record| record.archived.is_none())
        .map(|record| record.id)
}

/// Three in ten are about one of the company's deals.
fn a_deal(portal: &Portal, company: &Company, dice: &mut Dice) -> Option<(Kind, u64)> {
    let about = dice.chance(0.3);
    let deals = portal.table(Kind::Companies).get(company.id)?;
    let deals = deals.linked(Kind::Deals);
    let deal = deals.get(dice.below(deals.len()))?;
    about.then_some((Kind::Deals, *deal))
}

fn tie(portal: &mut Portal, kind: Kind, id: u64, ends: &[(Kind, u64)]) {
    for (end, other) in ends {
        if let Some(link) = portal.links.default_type(kind, *end) {
            portal.connect(&link, id, *other);
        }
    }
}

fn text(dice: &mut Dice, kind: PhraseKind) -> Value {
    Value::Phrase(Phrase {
        kind,
        competitor: 0,
        seed: dice.word(),
    })
}
