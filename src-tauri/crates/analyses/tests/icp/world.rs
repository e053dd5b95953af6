//! Portals whose truth is known: made from a seed, each deal with its true chance to be won.

use std::collections::BTreeMap;

use analyses::competitors::Outcome;
use analyses::icp::{
    CompanyLink, ContactRow, DealRow, Dimension, IcpQuestion, IcpReport, IcpRows, Segment, Values,
    icp,
};
use crm::{Moment, OwnerId, RecordId};
use jiff::tz::TimeZone;
use stats::Stream;

const DAY: f64 = 86_400_000.0;

pub(crate) const INDUSTRIES: [&str; 6] =
    ["Banking", "Energy", "Media", "Retail", "Steel", "Travel"];
const COUNTRIES: [&str; 4] = ["AT", "DE", "FR", "PL"];
const SOURCES: [&str; 4] = ["ads", "event", "referral", "search"];
const SIZES: [f64; 4] = [5.0, 30.0, 120.0, 700.0];

/// What is true.
#[derive(Clone)]
pub(crate) struct Truth {
    pub(crate) deals: u32,
    pub(crate) contacts: u32,
    pub(crate) per_company: u32,
    /// Chance of a deal of no special kind to be won, ever.
    pub(crate) base: f64,
    /// How many deals are in "Target", and how many times as often they are won.
    pub(crate) target: (u32, f64),
    /// Chance by industry instead of the base.
    pub(crate) industries: Option<[f64; 6]>,
    /// How far companies' own luck spreads: chances from `base * (1 - luck)` to `base * (1 + luck)`.
    pub(crate) luck: f64,
    /// How far sources and quarters differ: the best have `1 + tilt` times the base.
    pub(crate) tilt: f64,
    /// Mean days to a win, and to a loss.
    pub(crate) days: (f64, f64),
    /// Days before `as_of` in which all was created.
    pub(crate) created_within: f64,
}

impl Truth {
    pub(crate) fn null() -> Self {
        Self {
            deals: 800,
            contacts: 800,
            per_company: 1,
            base: 0.25,
            target: (0, 1.0),
            industries: None,
            luck: 0.0,
            tilt: 0.4,
            days: (40.0, 25.0),
            created_within: 725.0,
        }
    }
}

pub(crate) struct World {
    pub(crate) rows: IcpRows,
    /// The chance of each deal to be won, ever.
    pub(crate) chances: BTreeMap<RecordId, f64>,
    pub(crate) truth: Truth,
}

pub(crate) fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

/// The middle of a quarter.
pub(crate) fn as_of() -> Moment {
    moment("2026-11-15T12:00:00Z")
}

pub(crate) fn question() -> IcpQuestion {
    IcpQuestion {
        draws: 0,
        more_horizons: vec![],
        ..IcpQuestion::at(as_of(), TimeZone::UTC)
    }
}

fn before(days: f64) -> Moment {
    Moment::from_millis(as_of().millis() - (days * DAY) as i64)
}

pub(crate) fn after(at: Moment, days: f64) -> Moment {
    Moment::from_millis(at.millis() + (days * DAY) as i64)
}

fn pick<'a, T>(stream: &mut Stream, from: &'a [T]) -> &'a T {
    &from[stream.index(from.len() as u32) as usize]
}

pub(crate) fn company(id: u64, values: Values, employees: f64) -> CompanyLink {
    CompanyLink {
        company: RecordId::new(id),
        primary: true,
        since: None,
        employees: Some(employees),
        values,
    }
}

pub(crate) fn deal(id: u64, created_at: Moment, outcome: Outcome) -> DealRow {
    DealRow {
        id: RecordId::new(id),
        created_at,
        watched_from: created_at,
        outcome,
        amount: Some(1000.0),
        gone_at: None,
        last_activity_at: Some(as_of()),
        owner: Some(OwnerId::new(1 + id % 5)),
        renewal: false,
        values: Values::new(),
        companies: vec![],
    }
}

pub(crate) fn world(seed: u64, truth: Truth) -> World {
    let mut stream = Stream::new(seed, 900, 0);
    let mut rows = IcpRows::default();
    let mut chances = BTreeMap::new();
    let (mut link, mut luck) = (company(1, Values::new(), 5.0), 1.0);
    for number in 0..u64::from(truth.deals) {
        if number % u64::from(truth.per_company) == 0 {
            let is_target = number < u64::from(truth.target.0);
            let industry = match is_target {
                true => "Target",
                false => pick(&mut stream, &INDUSTRIES),
            };
            let country = *pick(&mut stream, &COUNTRIES);
            let values = [
                (Dimension::Industry, industry),
                (Dimension::Country, country),
            ];
            let values = values.map(|(d, v)| (d, v.to_owned())).into();
            link = company(10_000 + number, values, *pick(&mut stream, &SIZES));
            luck = 1.0 + truth.luck * (2.0 * stream.uniform() - 1.0);
        }
        let ago = truth.created_within * stream.uniform();
        let created_at = before(ago);
        let source = stream.index(4);
        let industry = link.values.get(&Dimension::Industry).unwrap();
        let mut chance = truth.base * luck;
        if let Some(rates) = truth.industries {
            let place = INDUSTRIES.iter().position(|name| name == industry);
            chance = place.map_or(chance, |place| rates[place]);
        }
        if industry == "Target" {
            chance *= truth.target.1;
        }
        chance *= 1.0 + truth.tilt * (f64::from(source) / 3.0 - 0.5);
        chance *= 1.0 + truth.tilt * (ago / truth.created_within - 0.5);
        let won = stream.bernoulli(chance);
        let mean = if won { truth.days.0 } else { truth.days.1 };
        let closed = after(created_at, mean * stream.exponential());
        let outcome = match won {
            _ if closed > as_of() => Outcome::Open,
            true => Outcome::Won(closed),
            false => Outcome::Lost(closed),
        };
        let mut deal = deal(number + 1, created_at, outcome);
        let source = SOURCES[source as usize].to_owned();
        deal.values = [(Dimension::Source, source)].into();
        deal.companies = vec![link.clone()];
        deal.amount = Some((7.0 + stream.normal()).exp());
        chances.insert(deal.id, chance);
        rows.deals.push(deal);
    }
    for number in 0..u64::from(truth.contacts) {
        let created_at = before(truth.created_within * stream.uniform());
        let values = [
            (Dimension::Industry, *pick(&mut stream, &INDUSTRIES)),
            (Dimension::Country, *pick(&mut stream, &COUNTRIES)),
            (Dimension::Source, *pick(&mut stream, &SOURCES)),
        ];
        let at = after(created_at, 30.0 * stream.exponential());
        let has_deal = stream.bernoulli(0.3) && at <= as_of();
        rows.contacts.push(ContactRow {
            id: RecordId::new(100_000 + number),
            created_at,
            watched_from: created_at,
            first_deal_at: has_deal.then_some(at),
            gone_at: None,
            values: values.map(|(d, v)| (d, v.to_owned())).into(),
            companies: vec![],
        });
    }
    World {
        rows,
        chances,
        truth,
    }
}

impl World {
    pub(crate) fn report(&self, question: &IcpQuestion) -> IcpReport {
        icp(&self.rows, question).unwrap()
    }

    /// The true share won by so many days among the segment's deals.
    pub(crate) fn share_won(&self, segment: &Segment, days: f64) -> f64 {
        let chance = |id: &RecordId| self.chances[id];
        let sum: f64 = segment.deals.iter().map(chance).sum();
        sum / f64::from(segment.n) * (1.0 - (-days / self.truth.days.0).exp())
    }
}

pub(crate) fn segment<'a>(
    report: &'a IcpReport,
    parts: &[(Dimension, Option<&str>)],
) -> &'a Segment {
    let is = |segment: &&Segment| {
        segment.parts.len() == parts.len()
            && segment
                .parts
                .iter()
                .zip(parts)
                .all(|(part, (dimension, value))| {
                    part.dimension == *dimension && part.value.as_deref() == *value
                })
    };
    report.segments.iter().find(is).unwrap()
}
