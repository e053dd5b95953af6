//! What a portal's records are made of: properties, pipelines, types of its own.

use crm::ObjectType;

use crate::call::Call;
use crate::{Client, Error, ObjectSchema, Pipeline, PropertyDefinition, PropertyGroup, answer};

impl Client {
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
}
