//! The quota, and how likely the period reaches it.

use crm::Moment;
use serde::Serialize;

use super::figure::MoneyValue;

/// What the user says the period is to bring.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct QuotaView {
    /// The quota, as known at the moment asked for.
    pub amount: MoneyValue,
    /// When it was entered.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub set_at: Moment,
    /// How many versions of it had been entered by then, this one included; 0 where it was asked with
    /// and not entered.
    pub versions: u32,
    /// Quota less closed so far; below zero where it is reached already.
    pub gap: MoneyValue,
    /// Quota less the forecast; none below the evidence for one.
    pub expected_gap: Option<MoneyValue>,
    /// Share of the drawn period ends that reach the quota.
    pub probability: Option<DrawnShare>,
    /// What is missing to the quota, on average over all drawn ends; those that reach it miss nothing.
    pub expected_shortfall: Option<MoneyValue>,
    /// The open pipeline that the gap asks for; none where there is no gap, or nothing to expect.
    pub coverage: Option<Coverage>,
}

/// A share of draws, with the error of drawing a limited number of times.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct DrawnShare {
    /// The share, 0 to 1.
    pub value: f64,
    /// Lower end of the interval that comes from drawing a limited number of times.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How often such an interval holds the share of endless draws.
    pub level: f64,
    /// How many draws.
    pub draws: u32,
}

/// How much open pipeline the gap asks for: what of the gap new deals are not expected to fill, over the
/// share of the open amount that is won within the period.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Coverage {
    /// Open amount over what of the gap new deals are not expected to fill.
    pub have: f64,
    /// One over the share of the open amount that is expected to be won within the period.
    pub needed: f64,
    /// The same at the 90th of 100 drawn ends: if the period goes well.
    pub needed_low: f64,
    /// The same at the 10th; none where nothing is won then.
    pub needed_high: Option<f64>,
    /// How many of 100 drawn ends lie between, such as 0.8.
    pub level: f64,
    /// The open amount that `needed` asks for.
    pub needed_amount: MoneyValue,
}
