//! The calls that read.

use crm::{ObjectType, RecordId};
use serde_json::json;

use crate::call::{Call, Lane, pair};
use crate::{
    AccountInfo, AssociationBatch, AssociationInput, AssociationLabel, BatchRead, Client, Error,
    Kind, ListQuery, ObjectSchema, Owner, Page, Pipeline, PropertyDefinition, PropertyGroup,
    ReadQuery, Record, SearchPage, SearchQuery, answer, limits,
};

impl Client {
    /// Who the portal is. Also teaches the client the portal's time zone, by which days end.
    ///
    /// # Errors
    /// See [`Error`]; this is also the probe of a token.
    pub async fn account(&self) -> Result<AccountInfo, Error> {
        let call = Call::get("/account-info/{v}/details", &[]);
        let account: AccountInfo = self.send(&call, answer::one).await?;
        if let Some(zone) = &account.time_zone {
            self.pacer().learn_zone(zone);
        }
        Ok(account)
    }

    /// One page of a type's records, in id order.
    ///
    /// # Errors
    /// [`Kind::TooLong`] when so many properties were asked for that no URL holds them; read those
    /// with [`Client::batch_read`].
    pub async fn list(
        &self,
        object: &ObjectType,
        query: &ListQuery,
    ) -> Result<Page<Record>, Error> {
        let most = page_size(&query.history);
        let limit = query.limit.unwrap_or(most).clamp(1, most);
        let call = Call::get("/crm/objects/{v}/{type}", &[object.as_str()])
            .with("limit", Some(limit.to_string()))
            .with("after", query.after.clone())
            .with("properties", Some(query.properties.join(",")))
            .with("propertiesWithHistory", Some(query.history.join(",")))
            .with("archived", Some(query.archived.to_string()));
        self.send(&call, answer::records).await
    }

    /// Records by id: at most [`limits::BATCH`], or [`limits::PAGE_WITH_HISTORY`] with history. Ids
    /// given twice are asked for once.
    ///
    /// # Errors
    /// [`Kind::InvalidRequest`] for more ids than that.
    pub async fn batch_read(
        &self,
        object: &ObjectType,
        ids: &[RecordId],
        query: &ReadQuery,
    ) -> Result<BatchRead, Error> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(BatchRead::default());
        }
        if ids.len() > page_size(&query.history) {
            return Err(Kind::InvalidRequest("more ids than a batch read may have").into());
        }
        let inputs: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
        let body = json!({
            "inputs": inputs,
            "properties": query.properties,
            "propertiesWithHistory": query.history,
        });
        let call = Call::post(
            "/crm/objects/{v}/{type}/batch/read",
            &[object.as_str()],
            &body,
        )?
        .with("archived", query.archived.then(|| "true".to_owned()));
        self.send(&call, |body| answer::batch_read(body, &ids))
            .await
    }

    /// One page of a search.
    ///
    /// # Errors
    /// See [`Error`]. A query that HubSpot refuses for its shape cannot be built.
    pub async fn search(
        &self,
        object: &ObjectType,
        query: &SearchQuery,
    ) -> Result<SearchPage, Error> {
        let call = Call::post("/crm/objects/{v}/{type}/search", &[object.as_str()], query)?
            .in_lane(Lane::Search);
        self.send(&call, answer::search).await
    }

    /// The associations of up to [`limits::ASSOCIATION_INPUTS`] records to records of another type:
    /// one call. Records with more associations than a page holds come back with a cursor, to be
    /// sent with them in a further call.
    ///
    /// # Errors
    /// [`Kind::InvalidRequest`] for more inputs than that.
    pub async fn associations(
        &self,
        from: &ObjectType,
        to: &ObjectType,
        inputs: &[AssociationInput],
    ) -> Result<AssociationBatch, Error> {
        if inputs.is_empty() {
            return Ok(AssociationBatch::default());
        }
        if inputs.len() > limits::ASSOCIATION_INPUTS {
            return Err(Kind::InvalidRequest("more records than a batch read may have").into());
        }
        let route = "/crm/associations/{v}/{from}/{to}/batch/read";
        let call = Call::post(route, &pair(from, to), &json!({ "inputs": inputs }))?
            .in_lane(Lane::Associations);
        self.send(&call, answer::associations).await
    }

    /// The kinds of association that the portal knows between two types.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn association_labels(
        &self,
        from: &ObjectType,
        to: &ObjectType,
    ) -> Result<Vec<AssociationLabel>, Error> {
        let call = Call::get("/crm/associations/{v}/{from}/{to}/labels", &pair(from, to))
            .in_lane(Lane::Associations);
        self.send(&call, answer::all).await
    }

    /// A type's property definitions, without the deleted ones.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn properties(&self, object: &ObjectType) -> Result<Vec<PropertyDefinition>, Error> {
        let call = Call::get("/crm/properties/{v}/{type}", &[object.as_str()])
            .with("archived", Some("false".to_owned()));
        self.send(&call, answer::all).await
    }

    /// A type's groups of properties.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn property_groups(&self, object: &ObjectType) -> Result<Vec<PropertyGroup>, Error> {
        let call = Call::get("/crm/properties/{v}/{type}/groups", &[object.as_str()]);
        self.send(&call, answer::all).await
    }

    /// A type's pipelines with their stages.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn pipelines(&self, object: &ObjectType) -> Result<Vec<Pipeline>, Error> {
        let call = Call::get("/crm/pipelines/{v}/{type}", &[object.as_str()]);
        self.send(&call, answer::all).await
    }

    /// The portal's custom object types, without the deleted ones.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] or [`Kind::MissingScopes`] on plans that have none.
    pub async fn schemas(&self) -> Result<Vec<ObjectSchema>, Error> {
        let call = Call::get("/crm-object-schemas/{v}/schemas", &[])
            .with("archived", Some("false".to_owned()));
        self.send(&call, answer::all).await
    }

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

/// Pages and batches are shorter once history is asked for.
fn page_size(history: &[String]) -> usize {
    if history.is_empty() {
        limits::PAGE
    } else {
        limits::PAGE_WITH_HISTORY
    }
}
