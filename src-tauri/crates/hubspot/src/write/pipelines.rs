//! Making, changing and removing pipelines and their stages.
//!
//! Nothing is removed here that records are in: HubSpot is always asked to look first.

use std::collections::BTreeMap;

use crm::{ObjectType, PipelineId, StageId};
use serde::Serialize;

use crate::call::Call;
use crate::{Client, Error, Kind, Pipeline, Stage, answer, limits};

/// A pipeline to make, or to put in another's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewPipeline {
    /// The name people see; no other pipeline of the type may have it.
    pub label: String,
    /// Its place among the pipelines.
    pub display_order: i64,
    /// Its stages, at least one and [`limits::STAGES`] at most.
    pub stages: Vec<NewStage>,
    /// Its id, where HubSpot is not to choose one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline_id: Option<PipelineId>,
}

/// A stage to make, or to put in another's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewStage {
    /// The name people see; no other stage of the pipeline may have it.
    pub label: String,
    /// Its place in the pipeline.
    pub display_order: i64,
    /// What the type's pipelines need: `probability` for deals, in tenths from `0.0` to `1.0`;
    /// `ticketState` for tickets, `OPEN` or `CLOSED`.
    pub metadata: BTreeMap<String, String>,
    /// Its id, where HubSpot is not to choose one. To replace a pipeline, that of each stage that
    /// stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage_id: Option<StageId>,
}

/// What to change about a pipeline. What is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PipelineChange {
    /// The name people see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Its place among the pipelines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_order: Option<i64>,
}

/// What to change about a stage. What is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StageChange {
    /// The name people see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Its place in the pipeline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_order: Option<i64>,
    /// As [`NewStage::metadata`].
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

const PIPELINES: &str = "/crm/pipelines/{v}/{type}";
const PIPELINE: &str = "/crm/pipelines/{v}/{type}/{id}";
const STAGES: &str = "/crm/pipelines/{v}/{type}/{id}/stages";
const STAGE: &str = "/crm/pipelines/{v}/{type}/{id}/stages/{stageId}";

/// Refuses a pipeline that HubSpot would refuse for its stages.
fn fits(pipeline: &NewPipeline) -> Result<(), Error> {
    if pipeline.stages.is_empty() {
        return Err(Kind::InvalidRequest("a pipeline without a stage").into());
    }
    if pipeline.stages.len() > limits::STAGES {
        return Err(Kind::InvalidRequest("more stages than a pipeline may have").into());
    }
    Ok(())
}

/// Makes a pipeline: `POST /crm/pipelines/{v}/{type}`.
///
/// # Errors
/// [`Kind::Conflict`] when there is one of that name, [`Kind::Validation`] when the plan allows no
/// more.
pub async fn create_pipeline(
    client: &Client,
    object: &ObjectType,
    pipeline: &NewPipeline,
) -> Result<Pipeline, Error> {
    fits(pipeline)?;
    let call = Call::post(PIPELINES, &[object.as_str()], pipeline)?.writing();
    client.send(&call, answer::one).await
}

/// Renames or moves a pipeline: `PATCH /crm/pipelines/{v}/{type}/{id}`.
///
/// # Errors
/// [`Kind::NotFound`] when there is none, [`Kind::Conflict`] when another has that name.
pub async fn update_pipeline(
    client: &Client,
    object: &ObjectType,
    pipeline: &PipelineId,
    change: &PipelineChange,
) -> Result<Pipeline, Error> {
    let names = [object.as_str(), pipeline.as_str()];
    client
        .send(&Call::patch(PIPELINE, &names, change)?, answer::one)
        .await
}

/// Puts another pipeline in the place of one, stages included:
/// `PUT /crm/pipelines/{v}/{type}/{id}`. A stage that the new one lacks is removed, unless records
/// are in it.
///
/// # Errors
/// As [`update_pipeline`]; [`Kind::Validation`] while records are in a stage that would go.
pub async fn replace_pipeline(
    client: &Client,
    object: &ObjectType,
    pipeline: &PipelineId,
    by: &NewPipeline,
) -> Result<Pipeline, Error> {
    fits(by)?;
    let names = [object.as_str(), pipeline.as_str()];
    let call = looking_first(Call::put(PIPELINE, &names, by)?);
    client.send(&call, answer::one).await
}

/// Removes a pipeline that no records are in: `DELETE /crm/pipelines/{v}/{type}/{id}`.
///
/// # Errors
/// [`Kind::NotFound`] when there is none, [`Kind::Validation`] while records are in it.
pub async fn archive_pipeline(
    client: &Client,
    object: &ObjectType,
    pipeline: &PipelineId,
) -> Result<(), Error> {
    let names = [object.as_str(), pipeline.as_str()];
    let call = looking_first(Call::delete(PIPELINE, &names));
    client.send_for(&call, answer::nothing).await
}

/// Makes a stage: `POST /crm/pipelines/{v}/{type}/{id}/stages`.
///
/// # Errors
/// [`Kind::Conflict`] when there is one of that name, [`Kind::Validation`] when there are
/// [`limits::STAGES`].
pub async fn create_stage(
    client: &Client,
    object: &ObjectType,
    pipeline: &PipelineId,
    stage: &NewStage,
) -> Result<Stage, Error> {
    let names = [object.as_str(), pipeline.as_str()];
    let call = Call::post(STAGES, &names, stage)?.writing();
    client.send(&call, answer::one).await
}

/// Changes a stage: `PATCH /crm/pipelines/{v}/{type}/{id}/stages/{stageId}`.
///
/// # Errors
/// [`Kind::NotFound`] when there is none, [`Kind::Conflict`] when another has that name.
pub async fn update_stage(
    client: &Client,
    object: &ObjectType,
    pipeline: &PipelineId,
    stage: &StageId,
    change: &StageChange,
) -> Result<Stage, Error> {
    let names = [object.as_str(), pipeline.as_str(), stage.as_str()];
    client
        .send(&Call::patch(STAGE, &names, change)?, answer::one)
        .await
}

/// Puts another stage in the place of one, under the same id:
/// `PUT /crm/pipelines/{v}/{type}/{id}/stages/{stageId}`.
///
/// # Errors
/// As [`update_stage`].
pub async fn replace_stage(
    client: &Client,
    object: &ObjectType,
    pipeline: &PipelineId,
    stage: &StageId,
    by: &NewStage,
) -> Result<Stage, Error> {
    let names = [object.as_str(), pipeline.as_str(), stage.as_str()];
    client
        .send(&Call::put(STAGE, &names, by)?, answer::one)
        .await
}

/// Removes a stage that no records are in:
/// `DELETE /crm/pipelines/{v}/{type}/{id}/stages/{stageId}`.
///
/// # Errors
/// [`Kind::NotFound`] when there is none, [`Kind::Validation`] while records are in it.
pub async fn archive_stage(
    client: &Client,
    object: &ObjectType,
    pipeline: &PipelineId,
    stage: &StageId,
) -> Result<(), Error> {
    let names = [object.as_str(), pipeline.as_str(), stage.as_str()];
    let call = looking_first(Call::delete(STAGE, &names));
    client.send_for(&call, answer::nothing).await
}

/// Has HubSpot refuse the call while records are in what would go. There are two spellings of it,
/// one for all types and one for deals.
fn looking_first(call: Call) -> Call {
    let yes = || Some("true".to_owned());
    call.with("validateReferencesBeforeDelete", yes())
        .with("validateDealStageUsagesBeforeDelete", yes())
}
