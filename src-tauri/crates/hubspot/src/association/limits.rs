//! How many associations there may be, and where they get near it.

use crm::RecordId;
use serde::Deserialize;

use crate::wire;

/// How many records of one type a record of another may be associated with by one kind, as the
/// portal limits it for itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssociationCap {
    /// `HUBSPOT_DEFINED`, `INTEGRATOR_DEFINED` or `USER_DEFINED`; an open set.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub category: String,
    /// The kind's number, unique within its category and direction.
    #[serde(deserialize_with = "wire::integer")]
    pub type_id: i64,
    /// The label, where the kind has one.
    #[serde(default, deserialize_with = "wire::text")]
    pub label: Option<String>,
    /// How many there may be at most; nothing where the portal sets no limit.
    #[serde(
        rename = "userEnforcedMaxToObjectIds",
        default,
        deserialize_with = "wire::count"
    )]
    pub most: Option<u64>,
}

/// How many labels there may be between two types, and how many there are.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabelUse {
    /// The type on the near side.
    #[serde(rename = "fromObjectType", deserialize_with = "wire::or_default")]
    pub from: LimitedType,
    /// The type on the far side.
    #[serde(rename = "toObjectType", deserialize_with = "wire::or_default")]
    pub to: LimitedType,
    /// The labels.
    #[serde(rename = "allLabels", default, deserialize_with = "wire::texts")]
    pub labels: Vec<String>,
    /// How many there may be.
    #[serde(default, deserialize_with = "wire::count")]
    pub limit: Option<u64>,
    /// How many there are.
    #[serde(default, deserialize_with = "wire::count")]
    pub usage: Option<u64>,
}

/// A type as the answers about limits name it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct LimitedType {
    /// The type's id, such as `0-3`.
    #[serde(
        rename = "objectTypeId",
        default,
        deserialize_with = "wire::text_or_empty"
    )]
    pub type_id: String,
}

/// A type of which some records have nearly as many associations as they may have.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NearLimit {
    /// The type's id, such as `0-3`.
    #[serde(
        rename = "objectTypeId",
        default,
        deserialize_with = "wire::text_or_empty"
    )]
    pub type_id: String,
    /// Whether some can have no more.
    #[serde(default, deserialize_with = "wire::flag")]
    pub has_records_at_limit: bool,
    /// Whether some are near that.
    #[serde(default, deserialize_with = "wire::flag")]
    pub has_records_near_limit: bool,
}

/// How many records of one type have as many associations to another as they may have, or nearly.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordsAtLimit {
    /// How many a record may have.
    #[serde(default, deserialize_with = "wire::count")]
    pub limit: Option<u64>,
    /// How many records can have no more.
    #[serde(
        rename = "totalRecordsAtLimit",
        default,
        deserialize_with = "wire::count"
    )]
    pub at: Option<u64>,
    /// How many are near that.
    #[serde(
        rename = "totalRecordsNearLimit",
        default,
        deserialize_with = "wire::count"
    )]
    pub near: Option<u64>,
    /// Some of those that can have no more.
    #[serde(
        rename = "atLimitFromRecordSamples",
        default,
        deserialize_with = "samples"
    )]
    pub samples_at: Vec<RecordId>,
    /// Some of those that are near that.
    #[serde(
        rename = "nearLimitFromRecordSamples",
        default,
        deserialize_with = "samples"
    )]
    pub samples_near: Vec<RecordId>,
}

/// The records alone: what they are called is not ours to keep.
fn samples<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<RecordId>, D::Error> {
    #[derive(Deserialize)]
    struct Sample {
        #[serde(rename = "objectId")]
        id: RecordId,
    }
    let samples: Vec<Sample> = wire::lenient_list(from)?;
    Ok(samples.into_iter().map(|sample| sample.id).collect())
}
