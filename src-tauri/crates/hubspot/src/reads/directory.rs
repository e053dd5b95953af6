//! Owners, the people and queues that records belong to.

use crm::{OwnerId, UserId};

use crate::call::Call;
use crate::{Client, Error, Owner, Page, answer, limits};

impl Client {
    /// One page of the owners; the deactivated ones instead when `archived`: `GET /crm/owners/{v}`. An
    /// entry that cannot be read costs no other, and is counted in [`Page::unreadable`].
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn owners(&self, archived: bool, after: Option<&str>) -> Result<Page<Owner>, Error> {
        let call = Call::get("/crm/owners/{v}", &[])
            .with("limit", Some(limits::OWNERS_PAGE.to_string()))
            .with("after", after.map(str::to_owned))
            .with("archived", Some(archived.to_string()));
        self.send(&call, answer::lenient_page).await
    }

    /// One owner, by the id that records carry: `GET /crm/owners/{v}/{id}`.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) when there is none; the deactivated ones are only found when `archived`,
    /// and the others only when not.
    pub async fn owner(&self, id: OwnerId, archived: bool) -> Result<Owner, Error> {
        self.owner_by(&id.to_string(), "id", archived).await
    }

    /// One owner, by the user behind it: `GET /crm/owners/{v}/{id}?idProperty=userId`.
    ///
    /// # Errors
    /// As [`Client::owner`].
    pub async fn owner_of_user(&self, user: UserId, archived: bool) -> Result<Owner, Error> {
        self.owner_by(&user.to_string(), "userId", archived).await
    }

    async fn owner_by(&self, id: &str, by: &str, archived: bool) -> Result<Owner, Error> {
        let call = Call::get("/crm/owners/{v}/{id}", &[id])
            .with("idProperty", Some(by.to_owned()))
            .with("archived", Some(archived.to_string()));
        self.send(&call, answer::one).await
    }
}
