//! What is known of contacts and deals: the rows that every figure is counted from.

use std::collections::BTreeMap;

use crm::{FiscalYear, Moment, OwnerId, RecordId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::competitors::Outcome;

/// By what customers are told apart. On the wire its name: `industry`, `size`, `country`, `region`,
/// `source`, or a property as `companies.tier`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(type = "string"))]
pub enum Dimension {
    /// The company's industry.
    Industry,
    /// The company's number of employees, in fixed bands.
    Size,
    /// The company's country.
    Country,
    /// The company's region or state.
    Region,
    /// Where the contact or deal came from.
    Source,
    /// A property that the user chose, by its object type and name: `companies.tier`.
    Property(String),
}

/// Those that every portal has, by their names.
const NAMED: [(Dimension, &str); 5] = [
    (Dimension::Industry, "industry"),
    (Dimension::Size, "size"),
    (Dimension::Country, "country"),
    (Dimension::Region, "region"),
    (Dimension::Source, "source"),
];

impl From<Dimension> for String {
    fn from(dimension: Dimension) -> Self {
        let named = NAMED.into_iter().find(|(named, _)| *named == dimension);
        match (named, dimension) {
            (Some((_, name)), _) => name.to_owned(),
            (None, Dimension::Property(name)) => name,
            (None, other) => format!("{other:?}"),
        }
    }
}

impl From<String> for Dimension {
    fn from(name: String) -> Self {
        let named = NAMED.into_iter().find(|(_, named)| *named == name);
        named.map_or(Self::Property(name), |(dimension, _)| dimension)
    }
}

impl std::fmt::Display for Dimension {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from(self.clone()))
    }
}

impl Serialize for Dimension {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Dimension {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// Values of a record by dimension. A dimension that is absent is unknown.
pub type Values = BTreeMap<Dimension, String>;

/// A company that a contact or deal is associated with.
#[derive(Debug, Clone, PartialEq)]
pub struct CompanyLink {
    /// The company.
    pub company: RecordId,
    /// Whether HubSpot labels it the primary one.
    pub primary: bool,
    /// Since when they are associated, where that is known.
    pub since: Option<Moment>,
    /// Its number of employees as known when the contact or deal was created.
    pub employees: Option<f64>,
    /// Its other values as known then.
    pub values: Values,
}

/// A deal.
#[derive(Debug, Clone, PartialEq)]
pub struct DealRow {
    /// Its id.
    pub id: RecordId,
    /// When it was created.
    pub created_at: Moment,
    /// Since when its fate is on record: the import, for one that was imported. Before it, a lost
    /// companion would have left no trace.
    pub watched_from: Moment,
    /// Its last ending that was not undone.
    pub outcome: Outcome,
    /// Its amount as known a day after it was closed, in the home currency.
    pub amount: Option<f64>,
    /// When it was deleted, for one that was.
    pub gone_at: Option<Moment>,
    /// When anything was last done about it.
    pub last_activity_at: Option<Moment>,
    /// Who owned it at its creation.
    pub owner: Option<OwnerId>,
    /// Whether it renews an older contract. Renewals are left out.
    pub renewal: bool,
    /// Its own values as known at its creation; they go before those of a company.
    pub values: Values,
    /// The companies it is associated with.
    pub companies: Vec<CompanyLink>,
}

/// A contact.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactRow {
    /// Its id.
    pub id: RecordId,
    /// When it was created.
    pub created_at: Moment,
    /// Since when its deals are on record.
    pub watched_from: Moment,
    /// When its first deal was created: a contact on five deals counts once.
    pub first_deal_at: Option<Moment>,
    /// When it was deleted, for one that was.
    pub gone_at: Option<Moment>,
    /// Its own values as known at its creation.
    pub values: Values,
    /// The companies it is associated with.
    pub companies: Vec<CompanyLink>,
}

/// All that the report is made of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IcpRows {
    /// Contacts.
    pub contacts: Vec<ContactRow>,
    /// Deals.
    pub deals: Vec<DealRow>,
    /// How many values of a dimension are those of today, because no history of them is kept.
    pub of_today: BTreeMap<Dimension, u32>,
    /// Records left out because they were merged into others, which go on for them.
    pub merged: u32,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct IcpQuestion {
    /// Nothing later than this moment is used.
    pub as_of: Moment,
    /// The portal's time zone, in which quarters begin.
    pub zone: TimeZone,
    /// Where quarters begin.
    pub fiscal_year: FiscalYear,
    /// By what to tell customers apart; at most three properties.
    pub dimensions: Vec<Dimension>,
    /// Days after creation by which a deal counts as won, or a contact as having a deal.
    pub horizon_days: u32,
    /// Further horizons that are shown.
    pub more_horizons: Vec<u32>,
    /// Months before `as_of` in which a record must have been created.
    pub window_months: u32,
    /// The customers that the user believes to be the best.
    pub declared: Option<DeclaredIcp>,
    /// The seed of the draws.
    pub seed: u64,
    /// Draws of the bootstrap; 0 leaves out what needs it.
    pub draws: u32,
}

impl IcpQuestion {
    /// The usual question at a moment.
    #[must_use]
    pub fn at(as_of: Moment, zone: TimeZone) -> Self {
        Self {
            as_of,
            zone,
            fiscal_year: FiscalYear::CALENDAR,
            dimensions: vec![
                Dimension::Industry,
                Dimension::Size,
                Dimension::Country,
                Dimension::Source,
            ],
            horizon_days: 90,
            more_horizons: vec![30, 180, 365],
            window_months: 24,
            declared: None,
            seed: 1,
            draws: 1_000,
        }
    }

    /// Quarters since year 0, counted from the start of the fiscal year.
    pub(crate) fn quarter(&self, at: Moment) -> i32 {
        let day = at.date_in(&self.zone);
        let first = self.fiscal_year.first_month();
        let months = i32::from(day.year()) * 12 + i32::from(day.month() - first);
        months.div_euclid(3)
    }

    /// The first day of a quarter. None beyond the calendar.
    pub(crate) fn first_day(&self, quarter: i32) -> Option<Date> {
        let months = quarter * 3 + i32::from(self.fiscal_year.first_month()) - 1;
        let year = i16::try_from(months.div_euclid(12)).ok()?;
        let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
        Date::new(year, month, 1).ok()
    }
}

/// The customers that the user believes to be the best: any of the values in each dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct DeclaredIcp {
    /// Values by dimension, as the report spells them.
    #[cfg_attr(feature = "bindings", ts(type = "{ [dimension: string]: string[] }"))]
    pub values: BTreeMap<Dimension, Vec<String>>,
    /// The newest data that the user had seen when declaring it, where the user says so.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub seen_until: Option<Moment>,
}
