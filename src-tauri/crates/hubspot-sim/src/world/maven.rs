//! The Maven portal: 8,800 opportunities of a fictitious hardware seller, from the four public CSV
//! files of the "CRM sales opportunities" set.
//!
//! What the files do not say is not made up, with two exceptions that a portal cannot do without:
//! - An engaged deal is created at its engage date, in stage Engaging. Its time as a prospect is
//!   unknown, so it has none.
//! - A prospecting deal has no date at all. All of them are created the day before the first
//!   engagement, so that they are there throughout.
//!
//! The files' own slips (`technolgy`, `Philipines`, `GTXPro` beside `GTX Pro`) are kept as they are;
//! only the price is looked up without regard to the space.

use std::collections::HashMap;
use std::path::Path;

use crm::Moment;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::cast::{IMPORT, Rep, person};
use super::dice::Dice;
use super::names::slug;
use crate::options::SimError;
use crate::portal::Portal;
use crate::portal::definition::Definition;
use crate::portal::kind::Kind;
use crate::portal::people::{Outcome, Owner, Pipeline, Stage, Team};
use crate::portal::property::{self as p, Prop};
use crate::portal::record::{Record, Stamp};
use crate::portal::value::{DAY, Value};

const ACCOUNTS: &str = "accounts.csv";
const PRODUCTS: &str = "products.csv";
const PIPELINE: &str = "sales_pipeline.csv";
const TEAMS: &str = "sales_teams.csv";

#[derive(Debug, Deserialize)]
struct Account {
    account: String,
    sector: String,
    year_established: i64,
    /// In millions of dollars.
    revenue: f64,
    employees: i64,
    office_location: String,
    subsidiary_of: String,
}

#[derive(Debug, Deserialize)]
struct Product {
    product: String,
    series: String,
    sales_price: i64,
}

#[derive(Debug, Deserialize)]
struct Agent {
    sales_agent: String,
    manager: String,
    regional_office: String,
}

#[derive(Debug, Deserialize)]
struct Opportunity {
    opportunity_id: String,
    sales_agent: String,
    product: String,
    account: String,
    deal_stage: String,
    engage_date: Option<Date>,
    close_date: Option<Date>,
    close_value: Option<i64>,
}

fn read<T: for<'a> Deserialize<'a>>(folder: &Path, file: &'static str) -> Result<Vec<T>, SimError> {
    let failed = |source| SimError::File { file, source };
    let mut reader = csv::Reader::from_path(folder.join(file)).map_err(failed)?;
    reader
        .deserialize()
        .collect::<Result<Vec<T>, csv::Error>>()
        .map_err(failed)
}

/// Nine o'clock in New York, or a little later: the same calendar day in every American zone.
fn at(date: Date, hour: i64) -> Moment {
    Moment::from_millis(Moment::start_of(date, &TimeZone::UTC).millis() + hour * 3_600_000)
}

/// When people engage, and when they close, in hours UTC.
const ENGAGED: i64 = 14;
const CLOSED: i64 = 19;

/// Product names without the space that one of the files leaves out.
fn product_key(name: &str) -> String {
    name.replace(' ', "")
}

/// Reads the files. What happened after `now` has not happened yet.
pub(crate) fn load(seed: u64, now: Moment, folder: &Path) -> Result<(Portal, Json), SimError> {
    let accounts: Vec<Account> = read(folder, ACCOUNTS)?;
    let products: Vec<Product> = read(folder, PRODUCTS)?;
    let agents: Vec<Agent> = read(folder, TEAMS)?;
    let opportunities: Vec<Opportunity> = read(folder, PIPELINE)?;
    let first = opportunities
        .iter()
        .filter_map(|opportunity| opportunity.engage_date)
        .min();
    let first = first.ok_or(SimError::Content {
        file: PIPELINE,
        line: 1,
        what: "no opportunity has an engage date",
    })?;
    let start = Moment::from_millis(at(first, ENGAGED).millis() - DAY);
    let mut loader = Loader {
        portal: furnish(seed, start),
        now,
        start,
        companies: HashMap::new(),
        reps: HashMap::new(),
        products: products
            .iter()
            .map(|product| (product_key(&product.product), product))
            .collect(),
    };
    loader.owners(&agents);
    loader.companies(&accounts);
    loader.deals(&opportunities)?;
    let truth = json!({
        "world": "maven",
        "seed": seed,
        "source": "Maven Analytics, CRM sales opportunities (fictitious)",
        "known": "Win rates are higher in the last month of a quarter; nothing else predicts. \
                  close_value is 0 for every lost deal.",
        "files": {
            "accounts": accounts.len(),
            "products": products.len(),
            "sales_teams": agents.len(),
            "sales_pipeline": opportunities.len(),
        },
    });
    Ok((loader.portal, truth))
}

fn furnish(seed: u64, start: Moment) -> Portal {
    let mut portal = Portal::empty(49_000_000 + Dice::new(seed, "portal", 1).bits() % 900_000);
    portal.home_currency = "USD";
    portal.time_zone = "America/New_York";
    portal.custom.clear();
    let stage = |id: &str, label: &str, probability: i64, outcome: Outcome| Stage {
        id: id.to_owned(),
        label: label.to_owned(),
        probability,
        outcome,
    };
    portal.pipelines.push(Pipeline {
        id: "default".to_owned(),
        label: "Sales pipeline".to_owned(),
        stages: vec![
            stage("prospecting", "Prospecting", 20, Outcome::Open),
            stage("engaging", "Engaging", 50, Outcome::Open),
            stage("won", "Won", 100, Outcome::Won),
            stage("lost", "Lost", 0, Outcome::Lost),
        ],
        created: Moment::from_millis(0),
        updated: start,
    });
    let own = [
        (
            Kind::Deals,
            p::OPPORTUNITY_ID,
            "opportunity_id",
            "Opportunity ID",
            "string",
            "text",
        ),
        (
            Kind::Deals,
            p::PRODUCT,
            "product",
            "Product",
            "string",
            "text",
        ),
        (
            Kind::Deals,
            p::PRODUCT_SERIES,
            "product_series",
            "Product series",
            "string",
            "text",
        ),
        (
            Kind::Deals,
            p::SALES_PRICE,
            "sales_price",
            "List price",
            "number",
            "number",
        ),
        (
            Kind::Companies,
            p::SECTOR,
            "sector",
            "Sector",
            "string",
            "text",
        ),
        (
            Kind::Companies,
            p::OFFICE_LOCATION,
            "office_location",
            "Office",
            "string",
            "text",
        ),
        (
            Kind::Companies,
            p::SUBSIDIARY_OF,
            "subsidiary_of",
            "Subsidiary of",
            "string",
            "text",
        ),
        (
            Kind::Companies,
            p::YEAR_ESTABLISHED,
            "year_established",
            "Founded",
            "number",
            "number",
        ),
    ];
    for (kind, prop, name, label, value_type, field_type) in own {
        let group = format!("{}information", kind.singular());
        let mut definition = Definition::plain(name, label, value_type, field_type, &group);
        definition.created = Some(start);
        definition.updated = Some(start);
        portal.schema_mut(kind).add(prop, definition);
    }
    portal
}

struct Loader<'a> {
    portal: Portal,
    now: Moment,
    start: Moment,
    companies: HashMap<&'a str, u64>,
    reps: HashMap<&'a str, Rep>,
    products: HashMap<String, &'a Product>,
}

impl<'a> Loader<'a> {
    fn put(&mut self, record: &mut Record, prop: Prop, text: &str) {
        if !text.is_empty() {
            record.place(prop, Value::Text(self.portal.strings.keep(text)));
        }
    }

    /// Agents belong to their manager's team first, to their regional office's second.
    fn owners(&mut self, agents: &'a [Agent]) {
        let mut teams: Vec<&str> = Vec::new();
        let mut team = |name: &'a str| {
            let position = teams
                .iter()
                .position(|known| *known == name)
                .unwrap_or_else(|| {
                    teams.push(name);
                    teams.len() - 1
                });
            Team {
                id: 500 + u32::try_from(position).unwrap_or(0),
                name: name.to_owned(),
            }
        };
        for (number, agent) in (0_u32..).zip(agents) {
            let (first, last) = agent
                .sales_agent
                .split_once(' ')
                .unwrap_or((&agent.sales_agent, ""));
            let (id, user_id) = (880_000 + number * 13, 5_100 + number);
            self.portal.owners.push(Owner {
                id,
                user_id,
                first: first.to_owned(),
                last: last.to_owned(),
                email: format!("{}.{}@maven-crm.test", slug(first), slug(last)),
                teams: vec![team(&agent.manager), team(&agent.regional_office)],
                created: self.start,
                archived: false,
            });
            let rep = Rep {
                owner: id,
                user: user_id,
                joined: self.start,
                left: None,
            };
            self.reps.insert(&agent.sales_agent, rep);
        }
    }

    #[allow(
        clippy::cast_possible_truncation,
        reason = "revenues are far below 2^53"
    )]
    fn companies(&mut self, accounts: &'a [Account]) {
        for account in accounts {
            let id = self.portal.table_mut(Kind::Companies).take_id();
            let mut record = Record::new(id, self.start, IMPORT);
            self.put(&mut record, p::NAME, &account.account);
            self.put(
                &mut record,
                p::DOMAIN,
                &format!("{}.test", slug(&account.account)),
            );
            self.put(&mut record, p::SECTOR, &account.sector);
            self.put(&mut record, p::OFFICE_LOCATION, &account.office_location);
            self.put(&mut record, p::COUNTRY, &account.office_location);
            self.put(&mut record, p::SUBSIDIARY_OF, &account.subsidiary_of);
            record.place(p::YEAR_ESTABLISHED, Value::Whole(account.year_established));
            record.place(p::NUMBEROFEMPLOYEES, Value::Whole(account.employees));
            let revenue = (account.revenue * 1_000_000.0).round() as i64;
            record.place(p::ANNUALREVENUE, Value::Whole(revenue));
            self.portal.table_mut(Kind::Companies).push(record);
            self.companies.insert(&account.account, id);
        }
    }

    fn deals(&mut self, opportunities: &'a [Opportunity]) -> Result<(), SimError> {
        // Records are numbered in the order in which they were created.
        let created = |o: &Opportunity| o.engage_date.map_or(self.start, |date| at(date, ENGAGED));
        let mut order: Vec<(Moment, u64, &Opportunity)> = (2..)
            .zip(opportunities)
            .map(|(line, o)| (created(o), line, o))
            .collect();
        order.sort_by_key(|(created, line, _)| (*created, *line));
        for (created, line, opportunity) in order {
            if created <= self.now {
                self.deal(created, line, opportunity)?;
            }
        }
        Ok(())
    }

    fn deal(&mut self, created: Moment, line: u64, o: &Opportunity) -> Result<(), SimError> {
        let wrong = |what: &'static str| SimError::Content {
            file: PIPELINE,
            line,
            what,
        };
        let product = *self
            .products
            .get(&product_key(&o.product))
            .ok_or_else(|| wrong("the product is not in products.csv"))?;
        let rep = *self
            .reps
            .get(o.sales_agent.as_str())
            .ok_or_else(|| wrong("the agent is not in sales_teams.csv"))?;
        let company = match o.account.as_str() {
            "" => None,
            name => Some(
                *self
                    .companies
                    .get(name)
                    .ok_or_else(|| wrong("the account is not in accounts.csv"))?,
            ),
        };
        let id = self.portal.table_mut(Kind::Deals).take_id();
        let mut record = Record::new(id, created, IMPORT);
        let name = if o.account.is_empty() {
            &o.opportunity_id
        } else {
            &o.account
        };
        self.put(&mut record, p::DEALNAME, &format!("{} - {name}", o.product));
        self.put(&mut record, p::OPPORTUNITY_ID, &o.opportunity_id);
        self.put(&mut record, p::PRODUCT, &o.product);
        self.put(&mut record, p::PRODUCT_SERIES, &product.series);
        self.put(&mut record, p::HUBSPOT_OWNER_ID, &rep.owner.to_string());
        self.put(&mut record, p::DEAL_CURRENCY_CODE, "USD");
        self.put(&mut record, p::PIPELINE, "default");
        let stage = if o.engage_date.is_some() {
            "engaging"
        } else {
            "prospecting"
        };
        self.put(&mut record, p::DEALSTAGE, stage);
        record.place(p::SALES_PRICE, Value::Whole(product.sales_price));
        // While a deal is open, what it may bring is the list price.
        record.place(p::AMOUNT, Value::Cents(product.sales_price * 100));
        let end = match o.deal_stage.as_str() {
            "Won" => Some("won"),
            "Lost" => Some("lost"),
            "Engaging" | "Prospecting" => None,
            _ => return Err(wrong("unknown deal stage")),
        };
        if let Some(end) = end {
            let date = o
                .close_date
                .ok_or_else(|| wrong("a closed deal has no close date"))?;
            let value = o
                .close_value
                .ok_or_else(|| wrong("a closed deal has no value"))?;
            let closed = at(date, CLOSED);
            if closed <= self.now {
                let stage = Value::Text(self.portal.strings.keep(end));
                let source = person(rep);
                record.change(Stamp::new(closed, p::DEALSTAGE, stage, source));
                record.change(Stamp::new(closed, p::CLOSEDATE, Value::At(closed), source));
                record.change(Stamp::new(
                    closed,
                    p::AMOUNT,
                    Value::Cents(value * 100),
                    source,
                ));
            }
        }
        self.portal.table_mut(Kind::Deals).push(record);
        if let Some(company) = company {
            for link in self.portal.links.types(Kind::Deals, Kind::Companies) {
                self.portal.connect(&link, id, company);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
