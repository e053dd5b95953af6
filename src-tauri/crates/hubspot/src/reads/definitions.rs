//! What a portal's records are made of: properties, pipelines, types of its own.

use crm::{ObjectType, PipelineId, StageId};
use serde_json::json;

use crate::call::Call;
use crate::{
    Client, Error, Kind, ObjectSchema, Pipeline, PipelineAudit, PropertyBatch, PropertyDefinition,
    PropertyGroup, PropertyRule, PropertyRules, Sensitivity, Stage, answer, limits,
};

impl Client {
    /// A type's property definitions, without the deleted and the sensitive ones:
    /// `GET /crm/properties/{v}/{type}?archived=false`.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn properties(&self, object: &ObjectType) -> Result<Vec<PropertyDefinition>, Error> {
        let call = Call::get("/crm/properties/{v}/{type}", &[object.as_str()])
            .with("archived", Some("false".to_owned()));
        self.send(&call, answer::all).await
    }

    /// A type's property definitions of one sensitivity, or the deleted ones of it when `archived`:
    /// `GET /crm/properties/{v}/{type}?archived&dataSensitivity`.
    ///
    /// # Errors
    /// [`Kind::MissingScopes`] or
    /// [`Kind::Forbidden`] for sensitive ones on most plans.
    pub async fn properties_of(
        &self,
        object: &ObjectType,
        archived: bool,
        sensitivity: Sensitivity,
    ) -> Result<Vec<PropertyDefinition>, Error> {
        let call = Call::get("/crm/properties/{v}/{type}", &[object.as_str()])
            .with("archived", Some(archived.to_string()))
            .with("dataSensitivity", Some(sensitivity.as_str().to_owned()));
        self.send(&call, answer::all).await
    }

    /// One property's definition: `GET /crm/properties/{v}/{type}/{name}`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is none of that name, or it was deleted.
    pub async fn property(
        &self,
        object: &ObjectType,
        name: &str,
    ) -> Result<PropertyDefinition, Error> {
        let names = [object.as_str(), name];
        let call = Call::get("/crm/properties/{v}/{type}/{name}", &names);
        self.send(&call, answer::one).await
    }

    /// Up to [`limits::BATCH`] definitions by name, the deleted ones when `archived`:
    /// `POST /crm/properties/{v}/{type}/batch/read`.
    ///
    /// # Errors
    /// [`Kind::InvalidRequest`] for more names than that.
    pub async fn batch_properties(
        &self,
        object: &ObjectType,
        names: &[String],
        archived: bool,
    ) -> Result<PropertyBatch, Error> {
        if names.len() > limits::BATCH {
            return Err(Kind::InvalidRequest("more inputs than a batch may have").into());
        }
        if names.is_empty() {
            return Ok(PropertyBatch::default());
        }
        let inputs: Vec<_> = names.iter().map(|name| json!({ "name": name })).collect();
        let body = json!({
            "inputs": inputs,
            "archived": archived,
            "dataSensitivity": Sensitivity::Ordinary.as_str(),
        });
        let route = "/crm/properties/{v}/{type}/batch/read";
        let call = Call::post(route, &[object.as_str()], &body)?;
        self.send(&call, |body| answer::definitions::read(body, names))
            .await
    }

    /// The rules that administrators set for a type's values, of every property that has some:
    /// `GET /crm/property-validations/{v}/{typeId}`.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn property_rules(&self, object: &ObjectType) -> Result<Vec<PropertyRules>, Error> {
        let call = Call::get(
            "/crm/property-validations/{v}/{typeId}",
            &[object.type_id()],
        );
        self.send(&call, answer::all).await
    }

    /// The rules for one property's values:
    /// `GET /crm/property-validations/{v}/{typeId}/{name}`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such property.
    pub async fn rules_of(
        &self,
        object: &ObjectType,
        name: &str,
    ) -> Result<Vec<PropertyRule>, Error> {
        let names = [object.type_id(), name];
        let call = Call::get("/crm/property-validations/{v}/{typeId}/{name}", &names);
        self.send(&call, answer::all).await
    }

    /// A type's groups of properties: `GET /crm/properties/{v}/{type}/groups`.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn property_groups(&self, object: &ObjectType) -> Result<Vec<PropertyGroup>, Error> {
        let call = Call::get("/crm/properties/{v}/{type}/groups", &[object.as_str()]);
        self.send(&call, answer::all).await
    }

    /// One group of properties: `GET /crm/properties/{v}/{type}/groups/{name}`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is none of that name.
    pub async fn property_group(
        &self,
        object: &ObjectType,
        name: &str,
    ) -> Result<PropertyGroup, Error> {
        let names = [object.as_str(), name];
        let call = Call::get("/crm/properties/{v}/{type}/groups/{name}", &names);
        self.send(&call, answer::one).await
    }

    /// A type's pipelines with their stages: `GET /crm/pipelines/{v}/{type}`.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn pipelines(&self, object: &ObjectType) -> Result<Vec<Pipeline>, Error> {
        let call = Call::get("/crm/pipelines/{v}/{type}", &[object.as_str()]);
        self.send(&call, answer::all).await
    }

    /// One pipeline with its stages: `GET /crm/pipelines/{v}/{type}/{id}`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is none, or it was deleted.
    pub async fn pipeline(
        &self,
        object: &ObjectType,
        pipeline: &PipelineId,
    ) -> Result<Pipeline, Error> {
        let names = [object.as_str(), pipeline.as_str()];
        let call = Call::get("/crm/pipelines/{v}/{type}/{id}", &names);
        self.send(&call, answer::one).await
    }

    /// A pipeline's stages alone: `GET /crm/pipelines/{v}/{type}/{id}/stages`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such pipeline.
    pub async fn stages(
        &self,
        object: &ObjectType,
        pipeline: &PipelineId,
    ) -> Result<Vec<Stage>, Error> {
        let names = [object.as_str(), pipeline.as_str()];
        let call = Call::get("/crm/pipelines/{v}/{type}/{id}/stages", &names);
        self.send(&call, answer::all).await
    }

    /// One stage: `GET /crm/pipelines/{v}/{type}/{id}/stages/{stageId}`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is none, or it was deleted.
    pub async fn stage(
        &self,
        object: &ObjectType,
        pipeline: &PipelineId,
        stage: &StageId,
    ) -> Result<Stage, Error> {
        let names = [object.as_str(), pipeline.as_str(), stage.as_str()];
        let call = Call::get("/crm/pipelines/{v}/{type}/{id}/stages/{stageId}", &names);
        self.send(&call, answer::one).await
    }

    /// What was changed about a pipeline, and when: `GET /crm/pipelines/{v}/{type}/{id}/audit`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there never was such a pipeline.
    pub async fn pipeline_audit(
        &self,
        object: &ObjectType,
        pipeline: &PipelineId,
    ) -> Result<Vec<PipelineAudit>, Error> {
        let names = [object.as_str(), pipeline.as_str()];
        let call = Call::get("/crm/pipelines/{v}/{type}/{id}/audit", &names);
        self.send(&call, answer::all).await
    }

    /// The same of one stage: `GET /crm/pipelines/{v}/{type}/{id}/stages/{stageId}/audit`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there never was such a stage.
    pub async fn stage_audit(
        &self,
        object: &ObjectType,
        pipeline: &PipelineId,
        stage: &StageId,
    ) -> Result<Vec<PipelineAudit>, Error> {
        let route = "/crm/pipelines/{v}/{type}/{id}/stages/{stageId}/audit";
        let names = [object.as_str(), pipeline.as_str(), stage.as_str()];
        self.send(&Call::get(route, &names), answer::all).await
    }

    /// One custom type: `GET /crm-object-schemas/{v}/schemas/{type}`.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such type.
    pub async fn schema(&self, object: &ObjectType) -> Result<ObjectSchema, Error> {
        let call = Call::get("/crm-object-schemas/{v}/schemas/{type}", &[object.as_str()]);
        self.send(&call, answer::one).await
    }

    /// The portal's deleted custom object types: `GET /crm-object-schemas/{v}/schemas?archived=true`.
    ///
    /// # Errors
    /// As [`Client::schemas`].
    pub async fn archived_schemas(&self) -> Result<Vec<ObjectSchema>, Error> {
        let call = Call::get("/crm-object-schemas/{v}/schemas", &[])
            .with("archived", Some("true".to_owned()));
        self.send(&call, answer::all).await
    }

    /// The portal's custom object types, without the deleted ones:
    /// `GET /crm-object-schemas/{v}/schemas?archived=false`.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] or
    /// [`Kind::MissingScopes`] on plans that have none.
    pub async fn schemas(&self) -> Result<Vec<ObjectSchema>, Error> {
        let call = Call::get("/crm-object-schemas/{v}/schemas", &[])
            .with("archived", Some("false".to_owned()));
        self.send(&call, answer::all).await
    }
}
