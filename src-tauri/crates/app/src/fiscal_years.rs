//! Where a portal's quarters begin: HubSpot's API does not tell, so the user does.

use crm::FiscalYear;

use crate::app::App;
use crate::views::{CopyArgs, FiscalYearArgs, FiscalYearView};
use crate::wire::WireError;

impl App {
    /// The fiscal year of a portal: the calendar's until another is set.
    ///
    /// # Errors
    /// When the portal is unknown.
    pub async fn fiscal_year(&self, args: CopyArgs) -> Result<FiscalYearView, WireError> {
        let portal = self.copy(args.portal).await?;
        let first_month = portal
            .with_store(|store| Ok(store.read(store::fiscal_year)?))
            .await?;
        Ok(FiscalYearView { first_month })
    }

    /// Sets a portal's fiscal year. Every report made after it uses it, those as of past days too;
    /// quotas keep the days that they were entered for.
    ///
    /// # Errors
    /// When the portal is unknown, or the month is none.
    pub async fn fiscal_year_set(&self, args: FiscalYearArgs) -> Result<FiscalYearView, WireError> {
        let first_month = FiscalYear::try_from(args.first_month).map_err(|_| {
            WireError::bad_input(
                "A year begins in one of twelve months.",
                "Choose a month from 1, January, to 12, December.",
            )
        })?;
        let portal = self.portal(args.portal).await?;
        portal
            .with_store(move |store| {
                Ok(store.write_durable(|tx| store::set_fiscal_year(tx, first_month))?)
            })
            .await?;
        portal.forget_loaded().await;
        Ok(FiscalYearView { first_month })
    }
}
