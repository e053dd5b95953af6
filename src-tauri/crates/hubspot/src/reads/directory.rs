//! The people and queues that records belong to.

use crate::call::Call;
use crate::{Client, Error, Owner, Page, answer, limits};

impl Client {
    /// One page of the owners; the deactivated ones instead when `archived`.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn owners(&self, archived: bool, after: Option<&str>) -> Result<Page<Owner>, Error> {
        let call = Call::get("/crm/owners/{v}", &[])
            .with("limit", Some(limits::OWNERS_PAGE.to_string()))
            .with("after", after.map(str::to_owned))
            .with("archived", Some(archived.to_string()));
        self.send(&call, answer::page).await
    }
}
