//! From a portal's copy to the rows that the report on customers is made of.

use std::collections::BTreeMap;

use analyses::competitors::Outcome;
use analyses::icp::{CompanyLink, ContactRow, DealRow, Dimension, IcpRows, Values};
use crm::{Moment, ObjectType, PipelineId, RecordId};
use jiff::SignedDuration;
use rusqlite::{Connection, named_params};
use rust_decimal::prelude::ToPrimitive as _;
use timeline::{DealIx, StageKind, Timeline};

use super::kept::{Kept, Links, links};
use super::place::{Place, place};

const LAST_ACTIVITIES: &str = include_str!("../../../../../sql/read/last_activities.sql");

/// What HubSpot calls a deal with somebody who is a customer already.
const EXISTING: &str = "existingbusiness";

/// A first stage that HubSpot noted so soon after a deal's creation hides nothing of its life.
const NOTED_AT_ONCE: SignedDuration = SignedDuration::from_hours(24);

/// Which rows are asked for.
pub(super) struct Wanted<'a> {
    pub(super) as_of: Moment,
    pub(super) pipeline: Option<&'a PipelineId>,
    pub(super) dimensions: &'a [Dimension],
}

/// The rows, as knowable at the moment.
pub(super) fn rows(
    connection: &Connection,
    timeline: &Timeline,
    wanted: &Wanted<'_>,
) -> rusqlite::Result<IcpRows> {
    let places: Vec<(Dimension, Place)> = wanted
        .dimensions
        .iter()
        .filter_map(|dimension| Some((dimension.clone(), place(dimension)?)))
        .collect();
    let names = |object: &ObjectType| -> Vec<String> {
        let of = places.iter().filter(|(_, place)| place.object == *object);
        of.map(|(_, place)| place.property.clone()).collect()
    };
    let own = |more: &[&str]| {
        more.iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    let [deals, contacts, companies] = [
        ObjectType::DEALS,
        ObjectType::CONTACTS,
        ObjectType::COMPANIES,
    ];
    let load = |object: &ObjectType, more: &[&str]| {
        Kept::load(connection, object, [names(object), own(more)].concat())
    };
    let feed = Feed {
        timeline,
        wanted,
        deals: load(&deals, &["dealtype", "pipeline"])?,
        contacts: load(&contacts, &["country", "state", "hs_analytics_source"])?,
        companies: load(&companies, &[])?,
        contacts_of_deals: links(connection, &deals, &contacts)?,
        companies_of_deals: links(connection, &deals, &companies)?,
        companies_of_contacts: links(connection, &contacts, &companies)?,
        places,
    };
    let mut rows = IcpRows::default();
    feed.add_deals(&mut rows);
    feed.add_contacts(&mut rows);
    add_activities(connection, wanted.as_of, &mut rows)?;
    Ok(rows)
}

struct Feed<'a> {
    timeline: &'a Timeline,
    wanted: &'a Wanted<'a>,
    places: Vec<(Dimension, Place)>,
    deals: Kept,
    contacts: Kept,
    companies: Kept,
    contacts_of_deals: Links,
    companies_of_deals: Links,
    companies_of_contacts: Links,
}

impl Feed<'_> {
    fn add_deals(&self, rows: &mut IcpRows) {
        for ix in self.timeline.deals() {
            let id = self.timeline.id(ix);
            let created_at = self.timeline.created_at(ix);
            let Some(created_at) = created_at.filter(|at| *at <= self.wanted.as_of) else {
                continue;
            };
            let kept = self.deals.records.get(&id);
            if kept.is_some_and(|kept| kept.is_merged) {
                rows.merged += 1;
            } else if self.in_pipeline(id) {
                let deal = self.deal(ix, id, created_at, &mut rows.of_today);
                rows.deals.push(deal);
            }
        }
    }

    fn in_pipeline(&self, id: RecordId) -> bool {
        let asked = self.wanted.pipeline.map(PipelineId::as_str);
        asked.is_none_or(|asked| self.deals.first(id, "pipeline") == Some(asked))
    }

    fn deal(
        &self,
        ix: DealIx,
        id: RecordId,
        created_at: Moment,
        of_today: &mut BTreeMap<Dimension, u32>,
    ) -> DealRow {
        let (timeline, as_of) = (self.timeline, self.wanted.as_of);
        let closing = timeline.closing(ix, as_of);
        let outcome = closing.map_or(Outcome::Open, |closing| match closing.kind {
            StageKind::Won => Outcome::Won(closing.at),
            StageKind::Lost => Outcome::Lost(closing.at),
            StageKind::Open => Outcome::Open,
        });
        let amount = closing.and_then(|closing| {
            let amount = timeline.amount_won(ix, &closing, as_of).value()?;
            let currency = timeline.currency_at(ix, closing.entered_at);
            timeline.rates().to_home(amount, currency)?.to_f64()
        });
        let begins = timeline
            .journey(ix, as_of)
            .map(|journey| journey.entered_at);
        let late = |at: &Moment| at.since(created_at) > NOTED_AT_ONCE;
        let owned_at = created_at.plus(NOTED_AT_ONCE).min(as_of);
        let mut values = Values::new();
        for (dimension, place) in &self.places {
            let (of, whose) = if place.object == ObjectType::DEALS {
                (&self.deals, Some(id))
            } else if place.object == ObjectType::CONTACTS {
                (&self.contacts, self.first_contact(id))
            } else {
                continue;
            };
            let Some(whose) = whose else { continue };
            let said = of.said(whose, &place.property, created_at);
            if let Some(value) = said.value {
                *of_today.entry(dimension.clone()).or_default() += u32::from(said.of_today);
                values.insert(dimension.clone(), value.to_owned());
            }
        }
        DealRow {
            id,
            created_at,
            watched_from: begins.filter(late).unwrap_or(created_at),
            outcome,
            amount,
            gone_at: timeline.gone_at(ix),
            last_activity_at: None,
            owner: timeline
                .as_of(owned_at)
                .deal(ix)
                .and_then(|state| state.owner.value()),
            renewal: self.deals.first(id, "dealtype") == Some(EXISTING),
            values,
            companies: self.companies(self.companies_of_deals.get(&id), created_at, of_today),
        }
    }

    /// The contact of a deal that was created first.
    fn first_contact(&self, deal: RecordId) -> Option<RecordId> {
        let contacts = self.contacts_of_deals.get(&deal)?;
        let created = |id: &RecordId| {
            let record = self.contacts.records.get(id);
            let created_at = record.and_then(|record| record.created_at);
            (created_at.is_none(), created_at, *id)
        };
        contacts.iter().map(|(id, _)| *id).min_by_key(created)
    }

    fn companies(
        &self,
        links: Option<&Vec<(RecordId, bool)>>,
        created_at: Moment,
        of_today: &mut BTreeMap<Dimension, u32>,
    ) -> Vec<CompanyLink> {
        let link = |&(company, primary): &(RecordId, bool)| {
            let mut link = CompanyLink {
                company,
                primary,
                since: None,
                employees: None,
                values: Values::new(),
            };
            let of = self.places.iter();
            for (dimension, place) in of.filter(|(_, place)| place.object == ObjectType::COMPANIES)
            {
                let said = self.companies.said(company, &place.property, created_at);
                let Some(value) = said.value else { continue };
                *of_today.entry(dimension.clone()).or_default() += u32::from(said.of_today);
                if *dimension == Dimension::Size {
                    link.employees = employees(value);
                } else {
                    link.values.insert(dimension.clone(), value.to_owned());
                }
            }
            link
        };
        links.map_or_else(Vec::new, |links| links.iter().map(link).collect())
    }

    fn add_contacts(&self, rows: &mut IcpRows) {
        let mut first_deal: BTreeMap<RecordId, Moment> = BTreeMap::new();
        for deal in &rows.deals {
            for (contact, _) in self.contacts_of_deals.get(&deal.id).into_iter().flatten() {
                let first = first_deal.entry(*contact).or_insert(deal.created_at);
                *first = deal.created_at.min(*first);
            }
        }
        for (&id, record) in &self.contacts.records {
            let created_at = record.created_at.filter(|at| *at <= self.wanted.as_of);
            let Some(created_at) = created_at else {
                continue;
            };
            if record.is_merged {
                rows.merged += 1;
                continue;
            }
            let links = self.companies_of_contacts.get(&id);
            let companies = self.companies(links, created_at, &mut rows.of_today);
            let mut values = Values::new();
            for (dimension, place) in &self.places {
                // Without a company, a contact's own country and state are the next best.
                let property = match dimension {
                    Dimension::Source => "hs_analytics_source",
                    Dimension::Country if companies.is_empty() => "country",
                    Dimension::Region if companies.is_empty() => "state",
                    _ if place.object == ObjectType::CONTACTS => &place.property,
                    _ => continue,
                };
                let said = self.contacts.said(id, property, created_at);
                if let Some(value) = said.value {
                    *rows.of_today.entry(dimension.clone()).or_default() +=
                        u32::from(said.of_today);
                    values.insert(dimension.clone(), value.to_owned());
                }
            }
            rows.contacts.push(ContactRow {
                id,
                created_at,
                watched_from: created_at,
                first_deal_at: first_deal.get(&id).copied(),
                gone_at: record.gone_at,
                values,
                companies,
            });
        }
    }
}

/// A number of employees, as plain digits; anything else is none.
fn employees(value: &str) -> Option<f64> {
    let plain = value
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    value.parse().ok().filter(|_| plain)
}

/// When anything was last done about the open deals. Of the others nobody asks.
fn add_activities(
    connection: &Connection,
    as_of: Moment,
    rows: &mut IcpRows,
) -> rusqlite::Result<()> {
    let open = rows
        .deals
        .iter()
        .filter(|deal| deal.outcome == Outcome::Open);
    let open: Vec<u64> = open.map(|deal| deal.id.get()).collect();
    let deals = serde_json::to_string(&open).unwrap_or_default();
    let mut statement = connection.prepare_cached(LAST_ACTIVITIES)?;
    let mut found = statement.query(named_params! {
        ":deals": deals,
        ":as_of": as_of.millis(),
    })?;
    let mut last: BTreeMap<RecordId, Moment> = BTreeMap::new();
    while let Some(row) = found.next()? {
        last.insert(RecordId::new(row.get(0)?), Moment::from_millis(row.get(1)?));
    }
    for deal in &mut rows.deals {
        deal.last_activity_at = last.get(&deal.id).copied();
    }
    Ok(())
}
