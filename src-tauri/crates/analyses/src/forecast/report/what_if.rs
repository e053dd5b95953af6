//! What the forecast would be if something were different.

use crm::{Moment, PipelineId, RecordId, StageId};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::figure::MoneyValue;
use super::quota::DrawnShare;

/// Something that is supposed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Change {
    /// The deal is lost, or never was.
    Drop {
        /// The deal.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        deal: RecordId,
    },
    /// The deal closes on this day and not before: after the period, it brings nothing in it. Within
    /// the period its chance stays; HubSpot counts it by the day.
    CloseOn {
        /// The deal.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        deal: RecordId,
        /// The day, in the portal's calendar.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        day: Date,
    },
    /// The deal has this amount.
    Amount {
        /// The deal.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        deal: RecordId,
        /// In the portal's currency, as plain digits.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        amount: Decimal,
    },
    /// The deal is won within the period with this chance.
    Chance {
        /// The deal.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        deal: RecordId,
        /// From 0 to 1.
        chance: f64,
    },
    /// All chances, or those of one stage, are multiplied; none passes 1.
    Rates {
        /// One stage, by its pipeline and its id; none means all.
        #[cfg_attr(feature = "bindings", ts(type = "[string, string] | null"))]
        stage: Option<(PipelineId, StageId)>,
        /// By what: 1.1 for a tenth more.
        factor: f64,
    },
}

/// The forecast before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct WhatIfReport {
    /// The name and version of this shape.
    pub schema: String,
    /// The moment of the forecast that this starts from.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub as_of: Moment,
    /// As it is.
    pub before: Outcome,
    /// As it would be.
    pub after: Outcome,
    /// The forecast after less before.
    pub change: MoneyValue,
    /// The deals that would count differently, the largest change first. They sum to `change`.
    pub deals: Vec<WhatIfRow>,
    /// Deals that were named and are not open in this forecast.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub unknown: Vec<RecordId>,
    /// The seed of the draws: each deal has the same luck before and after.
    pub seed: String,
    /// How many draws.
    pub draws: u32,
}

/// How the period would end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Outcome {
    /// Expected from the open deals.
    pub expected_from_open: MoneyValue,
    /// The forecast.
    pub total: MoneyValue,
    /// One period in ten ends below.
    pub p10: MoneyValue,
    /// As likely above as below.
    pub p50: MoneyValue,
    /// One period in ten ends above.
    pub p90: MoneyValue,
    /// HubSpot's weighting.
    pub hubspot: MoneyValue,
    /// The share of drawn ends that reach the quota; none without a quota.
    pub quota: Option<DrawnShare>,
}

/// A deal that would count differently.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct WhatIfRow {
    /// The deal.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub id: RecordId,
    /// Its name now.
    pub name: Option<String>,
    /// What it counts.
    pub before: MoneyValue,
    /// What it would count.
    pub after: MoneyValue,
    /// `after` less `before`.
    pub change: MoneyValue,
}
