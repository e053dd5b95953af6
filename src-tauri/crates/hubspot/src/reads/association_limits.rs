//! How many associations there may be.

use crm::ObjectType;

use crate::call::{Call, Lane, pair};
use crate::{AssociationCap, Client, Error, LabelUse, NearLimit, RecordsAtLimit, answer};

impl Client {
    /// All limits that the portal sets for itself:
    /// `GET /crm/associations/{v}/definitions/configurations/all`.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn all_association_caps(&self) -> Result<Vec<AssociationCap>, Error> {
        let route = "/crm/associations/{v}/definitions/configurations/all";
        let call = Call::get(route, &[]).in_lane(Lane::Associations);
        self.send(&call, answer::all).await
    }

    /// The limits that the portal sets for itself from one type to another:
    /// `GET /crm/associations/{v}/definitions/configurations/{from}/{to}`.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn association_caps(
        &self,
        from: &ObjectType,
        to: &ObjectType,
    ) -> Result<Vec<AssociationCap>, Error> {
        let route = "/crm/associations/{v}/definitions/configurations/{from}/{to}";
        let call = Call::get(route, &pair(from, to)).in_lane(Lane::Associations);
        self.send(&call, answer::all).await
    }

    /// How many labels there may be between types, and are: between all, or from or to one.
    /// `GET /crm/limits/{v}/associations/labels`.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn label_uses(
        &self,
        from: Option<&ObjectType>,
        to: Option<&ObjectType>,
    ) -> Result<Vec<LabelUse>, Error> {
        let id = |object: Option<&ObjectType>| object.map(|object| object.type_id().to_owned());
        let call = Call::get("/crm/limits/{v}/associations/labels", &[])
            .with("fromObjectTypeId", id(from))
            .with("toObjectTypeId", id(to));
        self.send(&call, answer::all).await
    }

    /// The types of which some records have nearly as many associations as they may have:
    /// `GET /crm/limits/{v}/associations/records/from`.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn types_near_limit(&self) -> Result<Vec<NearLimit>, Error> {
        let route = "/crm/limits/{v}/associations/records/from";
        self.send(&Call::get(route, &[]), answer::all).await
    }

    /// The types to which some records of this type have nearly as many associations as they may
    /// have: `GET /crm/limits/{v}/associations/records/{from}/to`.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn types_near_limit_of(&self, from: &ObjectType) -> Result<Vec<NearLimit>, Error> {
        let route = "/crm/limits/{v}/associations/records/{from}/to";
        self.send(&Call::get(route, &[from.type_id()]), answer::all)
            .await
    }

    /// How many records of one type have nearly as many associations to another as they may have:
    /// `GET /crm/limits/{v}/associations/records/{from}/{to}`.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn records_at_limit(
        &self,
        from: &ObjectType,
        to: &ObjectType,
    ) -> Result<RecordsAtLimit, Error> {
        let route = "/crm/limits/{v}/associations/records/{from}/{to}";
        let call = Call::get(route, &[from.type_id(), to.type_id()]);
        self.send(&call, answer::one).await
    }
}
