//! Quotas, as the user enters them.

use analyses::forecast::report::MoneyValue;
use crm::{Moment, OwnerId, PipelineId, PortalId, TeamId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{CopyId, PeriodChoice};

/// A quota to enter. What was entered before stays, with its time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QuotaSetArgs {
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// The period, seen from now.
    pub period: PeriodChoice,
    /// One pipeline, or all.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub pipeline: Option<PipelineId>,
    /// A team's quota; together with `owner` it is refused.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub team: Option<TeamId>,
    /// One owner's quota.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub owner: Option<OwnerId>,
    /// The amount in the portal's currency, as plain digits: `120000.00`. None takes the quota back.
    pub amount: Option<String>,
}

/// Whose quotas to list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QuotaListArgs {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// As known at the end of this day (`2026-08-03`); absent means now.
    pub as_of: Option<String>,
}

/// One version of a quota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QuotaEntry {
    /// The period in words.
    pub label: String,
    /// Its first day.
    #[cfg_attr(test, ts(type = "string"))]
    pub first_day: Date,
    /// Its last day.
    #[cfg_attr(test, ts(type = "string"))]
    pub last_day: Date,
    /// One pipeline, or all.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub pipeline: Option<PipelineId>,
    /// The team.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub team: Option<TeamId>,
    /// The owner.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub owner: Option<OwnerId>,
    /// The amount; none where the quota was taken back.
    pub amount: Option<MoneyValue>,
    /// When it was entered.
    #[cfg_attr(test, ts(type = "string"))]
    pub set_at: Moment,
    /// Whether no later version of the same quota was known.
    pub current: bool,
}
