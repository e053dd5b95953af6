//! Owners, the people and queues that records belong to, and lists, which records are on.

use crm::{OwnerId, UserId};
use serde_json::json;

use crate::call::Call;
use crate::{Client, Error, Kind, List, Membership, Owner, Page, answer, limits};

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
    /// [`Kind::NotFound`] when there is none; the deactivated ones are only found when `archived`,
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

    /// One page of the portal's lists, which HubSpot's pages call segments:
    /// `POST /crm/lists/{v}/search`.
    ///
    /// # Errors
    /// [`Kind::MissingScopes`] without `crm.lists.read`; [`Kind::InvalidRequest`] for a cursor that
    /// is no number.
    pub async fn lists(&self, after: Option<&str>) -> Result<Page<List>, Error> {
        let offset: u64 = match after {
            None => 0,
            Some(after) => after
                .parse()
                .map_err(|_| Error::from(Kind::InvalidRequest("a cursor of lists is a number")))?,
        };
        let body = json!({ "query": "", "offset": offset, "count": limits::LISTS_PAGE });
        let call = Call::post("/crm/lists/{v}/search", &[], &body)?;
        self.send(&call, answer::lists).await
    }

    /// One page of the records on a list, in the order of their ids:
    /// `GET /crm/lists/{v}/{listId}/memberships`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such list.
    pub async fn memberships(
        &self,
        list: &str,
        after: Option<&str>,
    ) -> Result<Page<Membership>, Error> {
        let call = Call::get("/crm/lists/{v}/{listId}/memberships", &[list])
            .with("limit", Some(limits::MEMBERSHIPS_PAGE.to_string()))
            .with("after", after.map(str::to_owned));
        self.send(&call, answer::page).await
    }
}
