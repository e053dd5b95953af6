//! Lists, which HubSpot's pages call segments, and the records on them.

use crm::{ObjectType, RecordId};
use serde_json::json;

use crate::call::Call;
use crate::{Client, Error, Kind, List, ListSearch, Membership, Page, RecordList, answer, limits};

impl Client {
    /// One page of all of the portal's lists: [`Client::find_lists`] without a wish.
    ///
    /// # Errors
    /// As [`Client::find_lists`].
    pub async fn lists(&self, after: Option<&str>) -> Result<Page<List>, Error> {
        self.find_lists(&ListSearch::default(), after).await
    }

    /// One page of the lists that a search finds: `POST /crm/lists/{v}/search`.
    ///
    /// # Errors
    /// [`Kind::MissingScopes`] without `crm.lists.read`; [`Kind::InvalidRequest`] for a cursor that
    /// is no number.
    pub async fn find_lists(
        &self,
        search: &ListSearch,
        after: Option<&str>,
    ) -> Result<Page<List>, Error> {
        let offset: u64 = match after {
            None => 0,
            Some(after) => after
                .parse()
                .map_err(|_| Error::from(Kind::InvalidRequest("a cursor of lists is a number")))?,
        };
        let mut body = json!({
            "query": search.words,
            "offset": offset,
            "count": limits::LISTS_PAGE,
        });
        if let Some(object) = &search.object {
            body["objectTypeId"] = object.type_id().into();
        }
        if !search.processing_types.is_empty() {
            body["processingTypes"] = json!(search.processing_types);
        }
        let call = Call::post("/crm/lists/{v}/search", &[], &body)?;
        self.send(&call, answer::lists).await
    }

    /// One list, with its filters where it has some: `GET /crm/lists/{v}/{listId}?includeFilters=true`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such list.
    pub async fn one_list(&self, list: &str) -> Result<List, Error> {
        let call = Call::get("/crm/lists/{v}/{listId}", &[list])
            .with("includeFilters", Some("true".to_owned()));
        self.send(&call, answer::list).await
    }

    /// One list by its name, with its filters:
    /// `GET /crm/lists/{v}/object-type-id/{typeId}/name/{name}?includeFilters=true`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when no list of this type has that name.
    pub async fn list_named(&self, object: &ObjectType, name: &str) -> Result<List, Error> {
        let route = "/crm/lists/{v}/object-type-id/{typeId}/name/{name}";
        let call = Call::get(route, &[object.type_id(), name])
            .with("includeFilters", Some("true".to_owned()));
        self.send(&call, answer::list).await
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

    /// The lists that a record is on: `GET /crm/lists/{v}/records/{typeId}/{recordId}/memberships`.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn lists_of(
        &self,
        object: &ObjectType,
        record: RecordId,
    ) -> Result<Vec<RecordList>, Error> {
        let route = "/crm/lists/{v}/records/{typeId}/{recordId}/memberships";
        let call = Call::get(route, &[object.type_id(), &record.to_string()]);
        self.send(&call, answer::all).await
    }
}
