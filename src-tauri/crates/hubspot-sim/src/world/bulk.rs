//! The bulk world: as many records as a bench wants, made in seconds. It has no effects and no
//! life of its own; what it has is the size and the shape of a large portal.
//!
//! A tenth as many companies as contacts; every contact belongs to one, with a history of its
//! lifecycle stage and lead status; every deal belongs to one company and to one to three of its
//! contacts, with a history of stage, amount, close date and forecast category. The same
//! millisecond never stamps two changes of a type.

use crm::Moment;
use serde_json::{Value as Json, json};

use super::activities::{ActivityPlan, perform};
use super::calendar::{days, midnight, shift};
use super::cast::{self, Company, INTEGRATION, Rep, person};
use super::dice::Dice;
use super::generate::furnish;
use super::names;
use crate::options::Bulk;
use crate::portal::Portal;
use crate::portal::kind::Kind;
use crate::portal::property::{self as p, Prop};
use crate::portal::record::{Record, Stamp};
use crate::portal::standard::{INDUSTRIES, SOURCES};
use crate::portal::strings::{Strings, Sym};
use crate::portal::value::{DAY, Value};

/// The past that is made up, in days: two years.
const SPAN: i64 = 730;
/// Contacts for each company.
const STAFF: usize = 10;
/// How a contact goes on.
const LIFECYCLE: [&str; 5] = [
    "subscriber",
    "lead",
    "marketingqualifiedlead",
    "opportunity",
    "customer",
];
const LEAD_STATUS: [&str; 4] = ["NEW", "OPEN", "IN_PROGRESS", "CONNECTED"];
const STAGES: [&str; 7] = [
    "appointmentscheduled",
    "qualifiedtobuy",
    "presentationscheduled",
    "decisionmakerboughtin",
    "contractsent",
    "closedwon",
    "closedlost",
];
const LOGGED: [Kind; 5] = [
    Kind::Calls,
    Kind::Emails,
    Kind::Meetings,
    Kind::Notes,
    Kind::Tasks,
];
const FORECAST: [&str; 3] = ["PIPELINE", "BEST_CASE", "COMMIT"];

/// Makes the portal as it is at `now`, and says how large it is.
pub(crate) fn generate(seed: u64, now: Moment, size: &Bulk) -> (Portal, Json) {
    let start = midnight(shift(now, -SPAN * DAY));
    let mut portal = furnish(seed, now);
    let reps = cast::reps(&mut portal, seed, 12, start, now);
    let mut maker = Maker {
        words: Words::new(&mut portal.strings, &reps),
        dice: Dice::new(seed, "bulk", 0),
        portal,
        seed,
        reps,
        start,
        now,
        companies: Vec::new(),
        contacts: Vec::new(),
    };
    maker.make_companies(size.contacts.div_ceil(STAFF).max(1));
    maker.make_contacts(size.contacts);
    maker.make_deals(size.deals);
    maker.make_activities(size.activities);
    let told = json!({
        "world": "bulk",
        "seed": seed,
        "contacts": size.contacts,
        "deals": size.deals,
        "activities": size.activities,
        "known": "Nothing: values are drawn without regard to each other.",
    });
    (maker.portal, told)
}

/// Texts that many records share, kept once.
struct Words {
    first: Vec<Sym>,
    last: Vec<Sym>,
    jobs: Vec<Sym>,
    lifecycle: Vec<Sym>,
    lead_status: Vec<Sym>,
    sources: Vec<Sym>,
    countries: Vec<Sym>,
    industries: Vec<Sym>,
    stages: Vec<Sym>,
    forecast: Vec<Sym>,
    products: Vec<Sym>,
    owners: Vec<Sym>,
    pipeline: Sym,
    euro: Sym,
    kind: Sym,
}

impl Words {
    fn new(strings: &mut Strings, reps: &[Rep]) -> Self {
        let mut all = |texts: &[&str]| texts.iter().map(|text| strings.keep(text)).collect();
        let owners: Vec<String> = reps.iter().map(|rep| rep.owner.to_string()).collect();
        let owners: Vec<&str> = owners.iter().map(String::as_str).collect();
        Self {
            first: all(&names::FIRST),
            last: all(&names::LAST),
            jobs: all(&names::JOBS),
            lifecycle: all(&LIFECYCLE),
            lead_status: all(&LEAD_STATUS),
            sources: all(&SOURCES.map(|source| source.0)),
            countries: all(&names::COUNTRIES.map(|country| country.0)),
            industries: all(&INDUSTRIES.map(|industry| industry.0)),
            stages: all(&STAGES),
            forecast: all(&FORECAST),
            products: all(&names::PRODUCTS),
            owners: all(&owners),
            pipeline: strings.keep("default"),
            euro: strings.keep("EUR"),
            kind: strings.keep("newbusiness"),
        }
    }
}

struct Maker {
    portal: Portal,
    words: Words,
    dice: Dice,
    seed: u64,
    reps: Vec<Rep>,
    start: Moment,
    now: Moment,
    companies: Vec<u64>,
    /// Each company's first contact among `contacts`, in order of companies; [`STAFF`] apart.
    contacts: Vec<u64>,
}

fn any(dice: &mut Dice, words: &[Sym]) -> Value {
    Value::Text(words[dice.below(words.len())])
}

impl Maker {
    /// The moment of the `index`th of `count` arrivals, spread evenly over the past.
    fn arrival(&self, index: usize, count: usize) -> Moment {
        let span = self.now.millis() - self.start.millis() - 60 * DAY;
        let index = i128::try_from(index).unwrap_or(0);
        let count = i128::try_from(count.max(1)).unwrap_or(1);
        let into = i64::try_from(i128::from(span) * index / count).unwrap_or(0);
        shift(self.start, into)
    }

    fn make_companies(&mut self, count: usize) {
        self.portal.table_mut(Kind::Companies).reserve(count);
        for number in 0..count {
            let created = self.arrival(number, count);
            let rep = self.dice.below(self.reps.len());
            let name = format!("{} {number}", self.dice.pick(&names::COMPANY));
            let domain = format!("company-{number}.test");
            let id = self.portal.table_mut(Kind::Companies).take_id();
            let mut record = Record::new(id, created, INTEGRATION);
            let text = |text: &str, strings: &mut Strings| Value::Text(strings.keep(text));
            let employees = i64::from(self.dice.word() % 5_000) + 1;
            record.cells.reserve_exact(8);
            record.place(p::NAME, text(&name, &mut self.portal.strings));
            record.place(p::DOMAIN, text(&domain, &mut self.portal.strings));
            record.place(p::COUNTRY, any(&mut self.dice, &self.words.countries));
            record.place(p::INDUSTRY, any(&mut self.dice, &self.words.industries));
            record.place(
                p::LIFECYCLESTAGE,
                any(&mut self.dice, &self.words.lifecycle),
            );
            record.place(p::NUMBEROFEMPLOYEES, Value::Whole(employees));
            record.place(p::ANNUALREVENUE, Value::Whole(employees * 120_000));
            record.place(p::HUBSPOT_OWNER_ID, Value::Text(self.words.owners[rep]));
            self.companies.push(id);
            self.portal.table_mut(Kind::Companies).push(record);
        }
    }

    fn make_contacts(&mut self, count: usize) {
        self.portal.table_mut(Kind::Contacts).reserve(count);
        self.contacts.reserve_exact(count);
        let belonging = self.portal.links.types(Kind::Contacts, Kind::Companies);
        for number in 0..count {
            let company = self.companies[(number / STAFF).min(self.companies.len() - 1)];
            let created = self.arrival(number, count);
            let rep = self.dice.below(self.reps.len());
            let id = self.portal.table_mut(Kind::Contacts).take_id();
            let mut record = Record::new(id, created, person(self.reps[rep]));
            let (first, last) = (self.dice.below(40), self.dice.below(48));
            let email = format!(
                "{}.{}{number}@company-{}.test",
                names::slug(names::FIRST[first]),
                names::slug(names::LAST[last]),
                number / STAFF
            );
            let email = self.portal.strings.keep(&email);
            record.cells.reserve_exact(12);
            record.versions.reserve_exact(6);
            record.place(p::FIRSTNAME, Value::Text(self.words.first[first]));
            record.place(p::LASTNAME, Value::Text(self.words.last[last]));
            record.place(p::EMAIL, Value::Text(email));
            record.place(p::JOBTITLE, any(&mut self.dice, &self.words.jobs));
            record.place(p::COUNTRY, any(&mut self.dice, &self.words.countries));
            record.place(
                p::HS_ANALYTICS_SOURCE,
                any(&mut self.dice, &self.words.sources),
            );
            record.place(p::HUBSPOT_OWNER_ID, Value::Text(self.words.owners[rep]));
            let forms = i64::from(self.dice.word() % 5);
            record.place(p::NUM_CONVERSION_EVENTS, Value::Whole(forms));
            let employer = i64::try_from(company).unwrap_or(0);
            record.place(p::ASSOCIATEDCOMPANYID, Value::Whole(employer));
            record.place(p::LIFECYCLESTAGE, Value::Text(self.words.lifecycle[0]));
            record.place(p::HS_LEAD_STATUS, Value::Text(self.words.lead_status[0]));
            let stages = 1 + self.dice.below(3);
            let lifecycle: Vec<Sym> = self.words.lifecycle[1..=stages].to_vec();
            self.tell(&mut record, p::LIFECYCLESTAGE, &lifecycle, rep);
            let status = self.words.lead_status[1 + self.dice.below(3)];
            self.tell(&mut record, p::HS_LEAD_STATUS, &[status], rep);
            record.links.reserve_exact(4);
            self.portal.table_mut(Kind::Contacts).push(record);
            for link in &belonging {
                self.portal.connect(link, id, company);
            }
            self.contacts.push(id);
        }
    }

    /// One change after another, from the record's creation to the last sixty days.
    fn tell(&mut self, record: &mut Record, prop: Prop, values: &[Sym], rep: usize) {
        let mut at = record.created;
        for value in values {
            at = shift(at, days(0.1 + self.dice.unit() * 15.0));
            let source = person(self.reps[rep]);
            record.change(Stamp::new(at, prop, Value::Text(*value), source));
        }
    }

    fn make_deals(&mut self, count: usize) {
        self.portal.table_mut(Kind::Deals).reserve(count);
        let with_contact = self.portal.links.default_type(Kind::Deals, Kind::Contacts);
        let with_company = self.portal.links.types(Kind::Deals, Kind::Companies);
        for number in 0..count {
            let created = self.arrival(number, count);
            let rep = self.dice.below(self.reps.len());
            let id = self.portal.table_mut(Kind::Deals).take_id();
            let mut record = Record::new(id, created, person(self.reps[rep]));
            let amount = i64::from(self.dice.word() % 90_000 + 1_000) * 100;
            let close = shift(created, 45 * DAY);
            record.cells.reserve_exact(10);
            record.versions.reserve_exact(14);
            record.place(p::DEALNAME, any(&mut self.dice, &self.words.products));
            record.place(p::PIPELINE, Value::Text(self.words.pipeline));
            record.place(p::DEALSTAGE, Value::Text(self.words.stages[0]));
            record.place(p::AMOUNT, Value::Cents(amount));
            record.place(p::CLOSEDATE, Value::At(close));
            record.place(p::DEAL_CURRENCY_CODE, Value::Text(self.words.euro));
            record.place(p::DEALTYPE, Value::Text(self.words.kind));
            record.place(p::HUBSPOT_OWNER_ID, Value::Text(self.words.owners[rep]));
            record.place(
                p::HS_ANALYTICS_SOURCE,
                any(&mut self.dice, &self.words.sources),
            );
            record.place(
                p::HS_MANUAL_FORECAST_CATEGORY,
                Value::Text(self.words.forecast[0]),
            );
            self.tell_deal(&mut record, amount, close, rep);
            self.portal.table_mut(Kind::Deals).push(record);
            let place = self.dice.below(self.companies.len());
            for link in &with_company {
                self.portal.connect(link, id, self.companies[place]);
            }
            let staff = place * STAFF..((place + 1) * STAFF).min(self.contacts.len());
            let wanted = 1 + self.dice.below(3);
            let first = staff.start + self.dice.below(staff.len());
            for index in (first..staff.end).take(wanted) {
                if let (Some(link), Some(contact)) = (&with_contact, self.contacts.get(index)) {
                    self.portal.connect(link, id, *contact);
                }
            }
        }
    }

    fn tell_deal(&mut self, record: &mut Record, amount: i64, close: Moment, rep: usize) {
        let source = person(self.reps[rep]);
        // A third stays open, in one of the stages before the last two.
        let open = self.dice.chance(0.35);
        let steps = 1 + self.dice.below(4);
        let mut stages: Vec<Sym> = self.words.stages[1..=steps].to_vec();
        if !open {
            stages.push(self.words.stages[5 + usize::from(self.dice.chance(0.7))]);
        }
        self.tell(record, p::DEALSTAGE, &stages, rep);
        let forecast = self.words.forecast[1 + self.dice.below(2)];
        self.tell(record, p::HS_MANUAL_FORECAST_CATEGORY, &[forecast], rep);
        let mut at = record.created;
        for turn in 0..1 + self.dice.below(2) {
            at = shift(at, days(1.0 + self.dice.unit() * 20.0));
            let share = 80 + i64::from(self.dice.word() % 50);
            let amount = Value::Cents(amount * share / 10_000 * 100);
            record.change(Stamp::new(at, p::AMOUNT, amount, source));
            let later = shift(close, (i64::try_from(turn).unwrap_or(0) + 1) * 14 * DAY);
            record.change(Stamp::new(
                shift(at, 7),
                p::CLOSEDATE,
                Value::At(later),
                source,
            ));
        }
        record.versions.sort_by_key(|stamp| stamp.at);
    }

    fn make_activities(&mut self, count: usize) {
        if self.contacts.is_empty() {
            return;
        }
        let deals = self.portal.table(Kind::Deals).all();
        let deals: Vec<u64> = deals.iter().map(|deal| deal.id).collect();
        for number in 0..count {
            let created = self.arrival(number, count);
            let contact = self.contacts[self.dice.below(self.contacts.len())];
            let rep = self.dice.below(self.reps.len());
            let plan = ActivityPlan {
                created,
                at: created,
                kind: LOGGED[number % LOGGED.len()],
                competitor: 0,
                contact,
                rep: u16::try_from(rep).unwrap_or(0),
                number: number as u64,
                certain: false,
                answers: 0.0,
            };
            let deal = deals.get(self.dice.below(deals.len())).copied();
            let none: Option<&Company> = None;
            let rep = self.reps[rep];
            perform(
                &mut self.portal,
                self.seed,
                &plan,
                deal,
                none,
                rep,
                self.now,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const SIZE: Bulk = Bulk {
        contacts: 205,
        deals: 60,
        activities: 25,
    };

    fn made() -> Portal {
        generate(7, "2026-11-21T10:00:00Z".parse().unwrap(), &SIZE).0
    }

    #[test]
    fn there_are_as_many_records_as_were_asked_for() {
        let portal = made();
        let count = |kind: Kind| portal.table(kind).all().len();
        assert_eq!(count(Kind::Contacts), 205);
        assert_eq!(count(Kind::Companies), 21);
        assert_eq!(count(Kind::Deals), 60);
        let activities: usize = Kind::ACTIVITIES.into_iter().map(count).sum();
        assert_eq!(activities, 25);
    }

    #[test]
    fn every_record_is_whole() {
        let portal = made();
        let now: Moment = "2026-11-21T10:00:00Z".parse().unwrap();
        for contact in portal.table(Kind::Contacts).all() {
            assert_eq!(contact.linked(Kind::Companies).len(), 1);
            assert!(contact.history(p::LIFECYCLESTAGE).len() >= 2);
            assert!(contact.modified <= now && contact.created < contact.modified);
        }
        let mut stages = BTreeSet::new();
        for deal in portal.table(Kind::Deals).all() {
            assert_eq!(deal.linked(Kind::Companies).len(), 1);
            assert!((1..=3).contains(&deal.linked(Kind::Contacts).len()));
            let history = deal.history(p::DEALSTAGE);
            assert!(history.len() >= 2 && history.is_sorted_by(|a, b| a.at >= b.at));
            assert!(deal.history(p::AMOUNT).len() >= 2);
            assert!(deal.modified <= now);
            stages.extend(
                deal.value(p::DEALSTAGE)
                    .map(|v| v.spell(&portal.strings).into_owned()),
            );
        }
        assert!(stages.contains("closedwon") && stages.contains("closedlost"));
    }
}
