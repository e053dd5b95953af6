//! Who the portal is, and what it may still do.

use crate::call::Call;
use crate::{AccountInfo, Allowance, Client, DailyUse, Error, Limited, answer};

impl Client {
    /// Who the portal is: `GET /account-info/{v}/details`. Also teaches the client the portal's time zone, by which days end.
    ///
    /// # Errors
    /// See [`Error`]; this is also the probe of a token.
    pub async fn account(&self) -> Result<AccountInfo, Error> {
        let call = Call::get("/account-info/{v}/details", &[]);
        let account: AccountInfo = self.send(&call, answer::one).await?;
        if let Some(zone) = &account.time_zone {
            self.learn_zone(zone);
        }
        Ok(account)
    }

    /// How many calls the account's private apps and service keys have made today, all together:
    /// `GET /account-info/{v}/api-usage/daily/private-apps`. HubSpot counts with a delay.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn private_app_usage(&self) -> Result<Vec<DailyUse>, Error> {
        let route = "/account-info/{v}/api-usage/daily/private-apps";
        self.send(&Call::get(route, &[]), answer::all).await
    }

    /// What the portal's plan allows and how much of it is used: `GET /crm/limits/{v}/{what}`.
    ///
    /// # Errors
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) for what the plan does not have at all.
    pub async fn allowance(&self, what: Limited) -> Result<Allowance, Error> {
        let call = Call::get("/crm/limits/{v}/{what}", &[what.as_str()]);
        self.send(&call, answer::one).await
    }
}
