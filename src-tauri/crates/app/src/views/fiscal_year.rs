//! Where a portal's quarters begin.

use crm::{FiscalYear, PortalId};
use serde::{Deserialize, Serialize};

/// A fiscal year to be set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FiscalYearArgs {
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// The month in which it begins, 1 to 12.
    pub first_month: i8,
}

/// The fiscal year of a portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FiscalYearView {
    /// The month in which it begins, 1 to 12.
    #[cfg_attr(test, ts(type = "number"))]
    pub first_month: FiscalYear,
}
