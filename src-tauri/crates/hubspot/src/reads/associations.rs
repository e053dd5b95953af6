//! What belongs to what.

use crm::{ObjectType, RecordId};
use serde_json::json;

use crate::call::{Call, Lane, pair};
use crate::{
    Association, AssociationBatch, AssociationInput, AssociationLabel, Client, Error, Kind, Page,
    answer, limits,
};

impl Client {
    /// The associations of up to [`limits::ASSOCIATION_INPUTS`] records to records of another type:
    /// one call, `POST /crm/associations/{v}/{from}/{to}/batch/read`. Records with more associations than a page holds come back with a cursor, to be
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
        self.send(&call, answer::associations::batch_read).await
    }

    /// One page of one record's associations to records of another type:
    /// `GET /crm/objects/{v}/{type}/{id}/associations/{to}`. For more than a few records,
    /// [`Client::associations`] needs fewer calls.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such record.
    pub async fn associations_of(
        &self,
        from: &ObjectType,
        id: RecordId,
        to: &ObjectType,
        after: Option<&str>,
    ) -> Result<Page<Association>, Error> {
        let route = "/crm/objects/{v}/{type}/{id}/associations/{to}";
        let names = [from.as_str(), &id.to_string(), to.as_str()];
        let call = Call::get(route, &names)
            .with("limit", Some(limits::ASSOCIATIONS_PAGE.to_string()))
            .with("after", after.map(str::to_owned))
            .in_lane(Lane::Associations);
        self.send(&call, answer::associations::of_one).await
    }

    /// The kinds of association that the portal knows between two types, its own labels among them:
    /// `GET /crm/associations/{v}/{from}/{to}/labels`.
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
}
