//! Who the portal is.

use crate::call::Call;
use crate::{AccountInfo, Client, Error, answer};

impl Client {
    /// Who the portal is. Also teaches the client the portal's time zone, by which days end.
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
}
