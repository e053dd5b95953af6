//! Why ours is not HubSpot's number, deal by deal.

use crm::RecordId;
use serde::Serialize;

use super::figure::MoneyValue;

/// What one open deal adds to the difference. All rows together, with the parts of the difference that
/// no open deal has, lead from HubSpot's number to ours, to the cent.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct DifferenceRow {
    /// The deal.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub id: RecordId,
    /// Its name now.
    pub name: Option<String>,
    /// What it adds to ours.
    pub ours: MoneyValue,
    /// What it adds to HubSpot's.
    pub hubspot: MoneyValue,
    /// `ours` less `hubspot`.
    pub difference: MoneyValue,
    /// Why they differ.
    pub reason: DifferenceReason,
    /// The same in a sentence.
    pub why: String,
}

/// Why a deal counts differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum DifferenceReason {
    /// It closes in the period by its close date: a learned chance in place of HubSpot's.
    Rate,
    /// Its close date lies outside the period: HubSpot leaves it out.
    CloseDate,
    /// It has no close date: HubSpot leaves it out.
    NoCloseDate,
    /// HubSpot has no probability for its stage.
    NoStageProbability,
}
