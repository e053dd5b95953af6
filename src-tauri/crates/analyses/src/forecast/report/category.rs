//! HubSpot's forecast categories beside our own figures.

use serde::Serialize;
use stats::{Evidence, Rate};

use super::figure::{MoneyValue, QueryRef};

/// The open deals of one forecast category, as people chose it in HubSpot. Read, never written.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CategoryRow {
    /// HubSpot's value at `as_of`, such as `COMMIT`; none where the deal had none.
    pub category: Option<String>,
    /// The same in words.
    pub label: String,
    /// Deals that are open in it.
    pub open_deals: u32,
    /// Their amounts.
    pub amount: MoneyValue,
    /// Of these deals, those whose close date lies in the period.
    pub closing_deals: u32,
    /// Their amounts: what HubSpot's category adds to its forecast.
    pub closing_amount: MoneyValue,
    /// The same weighted with HubSpot's probability of the deals' stages.
    pub hubspot: MoneyValue,
    /// What all its deals are expected to bring within the period; none below the evidence for it.
    pub expected: Option<MoneyValue>,
    /// Share of earlier deals in this category that were won in as much time as is left now.
    pub won: Option<Rate>,
    /// What `won` rests on.
    pub evidence: Evidence,
    /// Lists the deals behind `won`.
    pub won_query: QueryRef,
    /// Lists the open deals.
    pub query: QueryRef,
}
