//! Pipelines and their stages.

use std::collections::BTreeMap;

use crm::{Moment, PipelineId, StageId, UserId};
use serde::Deserialize;

use crate::wire;

/// A pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pipeline {
    /// Its id; `default` for a portal's first one.
    #[serde(deserialize_with = "wire::pipeline_id")]
    pub id: PipelineId,
    /// The name people see.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub label: String,
    /// Its place among the pipelines.
    #[serde(default, deserialize_with = "wire::integer")]
    pub display_order: i64,
    /// Whether it was deleted.
    #[serde(default, deserialize_with = "wire::flag")]
    pub archived: bool,
    /// When it was made. HubSpot says 1970 for the ones it made itself.
    #[serde(default, deserialize_with = "wire::moment")]
    pub created_at: Option<Moment>,
    /// When it last changed.
    #[serde(default, deserialize_with = "wire::moment")]
    pub updated_at: Option<Moment>,
    /// Its stages, as sent; `display_order` says which comes first.
    #[serde(default, deserialize_with = "wire::list")]
    pub stages: Vec<Stage>,
}

/// A stage of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stage {
    /// Its id: opaque, it says nothing reliable about won or lost.
    #[serde(deserialize_with = "wire::stage_id")]
    pub id: StageId,
    /// The name people see.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub label: String,
    /// Its place in the pipeline.
    #[serde(default, deserialize_with = "wire::integer")]
    pub display_order: i64,
    /// Whether it was deleted.
    #[serde(default, deserialize_with = "wire::flag")]
    pub archived: bool,
    /// More, as text: `isClosed`, `probability` for deals, `ticketState` for tickets.
    #[serde(default, deserialize_with = "wire::text_map")]
    pub metadata: BTreeMap<String, String>,
    /// When it was made.
    #[serde(default, deserialize_with = "wire::moment")]
    pub created_at: Option<Moment>,
    /// When it last changed.
    #[serde(default, deserialize_with = "wire::moment")]
    pub updated_at: Option<Moment>,
}

impl Stage {
    /// HubSpot's own win probability of the stage, from 0 to 1, where it is set and sensible.
    #[must_use]
    pub fn probability(&self) -> Option<f64> {
        let probability: f64 = self.metadata.get("probability")?.trim().parse().ok()?;
        (0.0..=1.0).contains(&probability).then_some(probability)
    }

    /// Whether deals in this stage are closed, where the metadata says so.
    #[must_use]
    pub fn is_closed(&self) -> Option<bool> {
        match self
            .metadata
            .get("isClosed")?
            .trim()
            .to_ascii_lowercase()
            .as_str()
        {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }
}

/// One entry of the log of changes to a pipeline or to one of its stages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PipelineAudit {
    /// The pipeline or stage that changed.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub identifier: String,
    /// `CREATE`, `UPDATE`, `DELETE`; an open set.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub action: String,
    /// When.
    #[serde(rename = "timestamp", default, deserialize_with = "wire::moment")]
    pub at: Option<Moment>,
    /// The user who changed it, where it was one.
    #[serde(rename = "fromUserId", default, deserialize_with = "wire::id")]
    pub user: Option<UserId>,
    /// How it was afterwards, as HubSpot tells it: the label, among others.
    #[serde(rename = "rawObject", default)]
    pub state: serde_json::Value,
}
