//! Who plays in the demo portal: owners in teams, companies, contacts, machines.

use crm::Moment;

use super::calendar::{at_work, days, shift};
use super::dice::Dice;
use super::model::SIZE_BANDS;
use super::names::{self, COUNTRIES, UNITED_STATES};
use crate::portal::Portal;
use crate::portal::kind::Kind;
use crate::portal::people::{Owner, Team};
use crate::portal::phrases::{HOSTILE, Phrase, PhraseKind};
use crate::portal::property as p;
use crate::portal::record::{Record, Source, SourceKind};
use crate::portal::standard::{INDUSTRIES, SOURCES};
use crate::portal::value::{DAY, Value};

/// What a deal needs to know about its company.
#[derive(Debug, Clone)]
pub(crate) struct Company {
    /// Record id.
    pub id: u64,
    /// When it was created.
    pub created: Moment,
    /// Index into `INDUSTRIES`.
    pub industry: usize,
    /// Index into `SIZE_BANDS`.
    pub size: usize,
    /// Whether it pays in dollars.
    pub dollars: bool,
    /// First word of the name, for deal names.
    pub short: String,
    /// What its people's addresses end in.
    pub domain: String,
    /// Its people, in order of creation.
    pub contacts: Vec<Contact>,
}

/// What a deal needs to know about a contact.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contact {
    /// Record id.
    pub id: u64,
    /// When it was created.
    pub created: Moment,
    /// Index into `SOURCES`.
    pub source: usize,
}

/// An owner, as the story knows them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rep {
    /// Owner id.
    pub owner: u32,
    /// User id.
    pub user: u32,
    /// First working day.
    pub joined: Moment,
    /// Last working day, for the one who left.
    pub left: Option<Moment>,
}

/// Everybody.
#[derive(Debug, Default)]
pub(crate) struct Cast {
    /// In order of creation.
    pub companies: Vec<Company>,
    /// Twelve at the demo portal's size.
    pub reps: Vec<Rep>,
}

impl Cast {
    /// How many companies existed at a moment.
    pub(crate) fn companies_at(&self, at: Moment) -> usize {
        self.companies
            .partition_point(|company| company.created <= at)
            .max(1)
    }
}

const TEAMS: [&str; 3] = ["Hunters", "Key accounts", "Alpine region"];

/// The app's id in `sourceId` of what integrations wrote.
pub(crate) const INTEGRATION: Source = Source {
    kind: SourceKind::Integration,
    number: 900,
};
/// An import of a file.
pub(crate) const IMPORT: Source = Source {
    kind: SourceKind::Import,
    number: 0,
};

/// Makes the owners: three teams, one who joined late, one who left at 60 % of the time.
pub(crate) fn reps(
    portal: &mut Portal,
    seed: u64,
    count: usize,
    start: Moment,
    now: Moment,
) -> Vec<Rep> {
    let span = now.millis() - start.millis();
    let mut reps = Vec::with_capacity(count);
    for number in 0..count {
        let mut dice = Dice::new(seed, "rep", number as u64);
        let small = u32::try_from(number).unwrap_or(0);
        let (owner, user) = (410_000 + small * 37, 7_700 + small * 3);
        let left = (number == 4).then(|| shift(start, span * 6 / 10));
        let joined = if number == 9 {
            shift(start, span / 2)
        } else {
            start
        };
        // Names repeat after 40 on the first, after 48 on the last: no two owners share both.
        let first = names::FIRST[(number * 7 + dice.below(3)) % names::FIRST.len()];
        let last = names::LAST[(number * 11 + 5) % names::LAST.len()];
        let team = number % TEAMS.len();
        portal.owners.push(Owner {
            id: owner,
            user_id: user,
            first: first.to_owned(),
            last: last.to_owned(),
            email: format!(
                "{}.{}{owner}@plumb-demo.test",
                names::slug(first),
                names::slug(last)
            ),
            teams: vec![Team {
                id: 300 + u32::try_from(team).unwrap_or(0),
                name: TEAMS[team].to_owned(),
            }],
            created: shift(joined, -20 * DAY),
            archived: left.is_some(),
        });
        reps.push(Rep {
            owner,
            user,
            joined,
            left,
        });
    }
    reps
}

/// Makes one company created at `created`.
pub(crate) fn company(
    portal: &mut Portal,
    seed: u64,
    number: u64,
    created: Moment,
    owner: Rep,
) -> Company {
    let mut dice = Dice::new(seed, "company", number);
    let created = at_work(created, &mut dice);
    let industry = dice.weighted(&[0.20, 0.14, 0.17, 0.13, 0.08, 0.08, 0.10, 0.10]);
    let size = dice.weighted(&SIZE_BANDS.map(|band| band.3));
    let country = dice.weighted(&COUNTRIES.map(|country| country.2));
    let (country_name, cities, _) = COUNTRIES[country];
    let short = dice.pick(&names::COMPANY).to_owned();
    let trade = names::TRADES[industry][dice.below(3)];
    let mut name = format!("{short} {trade} {}", names::FORMS[country]);
    // Names are drawn from a small stock, so the number keeps domains apart; a few stay doubled.
    let domain = format!(
        "{}-{}{number}.test",
        names::slug(&short),
        names::slug(trade)
    );
    if number % 97 == 13 {
        name = format!(
            "{} {name}",
            HOSTILE[usize::try_from(number / 97).unwrap_or(0) % HOSTILE.len()]
        );
    }
    let band = SIZE_BANDS[size].1;
    let employees = i64::from(band) + days(dice.exponential(0.5 * f64::from(band.max(8)))) / DAY;
    let revenue = employees * (90 + i64::from(dice.word() % 160)) * 1000;
    let id = portal.table_mut(Kind::Companies).take_id();
    let origin = if dice.chance(0.5) {
        IMPORT
    } else {
        person(owner)
    };
    let mut record = Record::new(id, created, origin);
    let lifecycle = dice.pick(&["lead", "opportunity", "customer", "salesqualifiedlead"]);
    let mut put = |prop, text: &str| {
        let text = Value::Text(portal.strings.keep(text));
        record.place(prop, text);
    };
    put(p::NAME, &name);
    put(p::DOMAIN, &domain);
    put(p::COUNTRY, country_name);
    put(p::CITY, cities[dice.below(3)]);
    put(p::LIFECYCLESTAGE, lifecycle);
    put(p::HUBSPOT_OWNER_ID, &owner.owner.to_string());
    // A few gaps, as in every portal.
    if !dice.chance(0.04) {
        put(p::INDUSTRY, INDUSTRIES[industry].0);
    }
    if !dice.chance(0.06) {
        record.place(p::NUMBEROFEMPLOYEES, Value::Whole(employees));
    }
    record.place(p::ANNUALREVENUE, Value::Whole(revenue));
    portal.table_mut(Kind::Companies).push(record);
    let dollars = country == UNITED_STATES;
    Company {
        id,
        created,
        industry,
        size,
        dollars,
        short,
        domain,
        contacts: Vec::new(),
    }
}

/// The source of a value that a person set.
pub(crate) fn person(rep: Rep) -> Source {
    Source {
        kind: SourceKind::CrmUi,
        number: rep.user,
    }
}

/// Makes one contact of a company, or of none.
pub(crate) fn contact(
    portal: &mut Portal,
    seed: u64,
    number: u64,
    created: Moment,
    employer: Option<&Company>,
    owner: Rep,
) -> Contact {
    let mut dice = Dice::new(seed, "contact", number);
    let created = at_work(created, &mut dice);
    let (first, last) = (dice.pick(&names::FIRST), dice.pick(&names::LAST));
    let domain = employer.map_or("freemail.test", |company| &company.domain);
    let mut last_name = last.to_owned();
    if number % 211 == 17 {
        last_name = HOSTILE[usize::try_from(number / 211).unwrap_or(0) % HOSTILE.len()].to_owned();
    }
    let email = format!(
        "{}.{}{number}@{domain}",
        names::slug(first),
        names::slug(last)
    );
    let source = dice.weighted(&SOURCE_WEIGHTS);
    let id = portal.table_mut(Kind::Contacts).take_id();
    let form = Source {
        kind: SourceKind::Form,
        number: 0,
    };
    let origin = *dice.pick(&[&form, &IMPORT, &person(owner)]);
    let mut record = Record::new(id, created, origin);
    let phone = format!("+49 30 {:07}", dice.below(9_999_999));
    let lifecycle = dice.pick(&[
        "subscriber",
        "lead",
        "marketingqualifiedlead",
        "opportunity",
        "customer",
    ]);
    let lead_status = dice.pick(&["NEW", "OPEN", "IN_PROGRESS", "CONNECTED", "UNQUALIFIED"]);
    let (job, has_phone, has_mail) = (
        dice.pick(&names::JOBS),
        dice.chance(0.7),
        !dice.chance(0.03),
    );
    let mut put = |prop, text: &str| {
        let text = Value::Text(portal.strings.keep(text));
        record.place(prop, text);
    };
    put(p::FIRSTNAME, first);
    put(p::LASTNAME, &last_name);
    if has_mail {
        put(p::EMAIL, &email);
    }
    put(p::JOBTITLE, job);
    if has_phone {
        put(p::PHONE, &phone);
    }
    put(p::LIFECYCLESTAGE, lifecycle);
    put(p::HS_LEAD_STATUS, lead_status);
    put(p::HS_ANALYTICS_SOURCE, SOURCES[source].0);
    put(p::HUBSPOT_OWNER_ID, &owner.owner.to_string());
    record.place(
        p::NUM_CONVERSION_EVENTS,
        Value::Whole(i64::from(dice.word() % 5)),
    );
    if let Some(company) = employer {
        let company = i64::try_from(company.id).unwrap_or(0);
        record.place(p::ASSOCIATEDCOMPANYID, Value::Whole(company));
    }
    portal.table_mut(Kind::Contacts).push(record);
    if let Some(company) = employer {
        for link in portal.links.types(Kind::Contacts, Kind::Companies) {
            portal.connect(&link, id, company.id);
        }
    }
    Contact {
        id,
        created,
        source,
    }
}

/// How contacts and deals come in, in the order of `SOURCES`.
pub(crate) const SOURCE_WEIGHTS: [f64; 8] = [0.22, 0.15, 0.12, 0.08, 0.12, 0.14, 0.14, 0.03];

/// Makes one machine at a company: the portal's custom object.
pub(crate) fn machine(portal: &mut Portal, seed: u64, number: u64, company: &Company, now: Moment) {
    let mut dice = Dice::new(seed, "machine", number);
    let age = now.millis() - company.created.millis();
    let created = at_work(
        shift(company.created, days(dice.unit() * 0.8) * (age / DAY)),
        &mut dice,
    );
    if created > now {
        return;
    }
    let id = portal.table_mut(Kind::Machines).take_id();
    let mut record = Record::new(id, created, INTEGRATION);
    let serial = portal
        .strings
        .keep(&format!("PL-{:06}", 120_000 + number * 7));
    let model = portal
        .strings
        .keep(dice.pick(&["PX-200", "PX-400", "HydraOne", "Aqua 3", "=PX+1"]));
    record.place(p::SERIAL_NUMBER, Value::Text(serial));
    record.place(p::MODEL, Value::Text(model));
    let day = created.millis().div_euclid(DAY) - i64::from(dice.word() % 900);
    record.place(p::INSTALLED_ON, Value::Day(i32::try_from(day).unwrap_or(0)));
    record.place(
        p::OPERATING_HOURS,
        Value::Whole(i64::from(dice.word() % 40_000)),
    );
    portal.table_mut(Kind::Machines).push(record);
    if let Some(link) = portal.links.default_type(Kind::Companies, Kind::Machines) {
        portal.connect(&link, company.id, id);
    }
}

/// A hostile text, told apart by its number.
pub(crate) fn hostile(number: u64) -> Phrase {
    let seed = u32::try_from(number % u64::from(u32::MAX)).unwrap_or(0);
    Phrase {
        kind: PhraseKind::Hostile,
        competitor: 0,
        seed,
    }
}
