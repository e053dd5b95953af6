//! Associations between records.

mod limits;
mod standard;

pub use limits::{AssociationCap, LabelUse, LimitedType, NearLimit, RecordsAtLimit};
pub use standard::{Relation, StandardAssociation};

use crm::RecordId;
use serde::{Deserialize, Serialize};

use crate::{InputError, wire};

/// One record whose associations are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssociationInput {
    /// The record.
    pub id: RecordId,
    /// The cursor from this record's last page, when there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl From<RecordId> for AssociationInput {
    fn from(id: RecordId) -> Self {
        Self { id, after: None }
    }
}

/// The answer to one batch read of associations.
///
/// A record without associations appears in neither list, or with an empty `to`: HubSpot reports it
/// as an error of the input, which is no failure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssociationBatch {
    /// One entry for each record that has associations.
    pub results: Vec<RecordAssociations>,
    /// Inputs that were refused for another reason than having no associations.
    pub failures: Vec<InputError>,
}

/// One page of one record's associations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordAssociations {
    /// The record that was asked about.
    pub from: RecordId,
    /// What it is associated with.
    pub to: Vec<Association>,
    /// The cursor of this record's next page, to be sent with this record in the next batch.
    pub after: Option<String>,
}

/// One associated record, and by which kinds of association.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Association {
    /// The record at the other end.
    pub to: RecordId,
    /// The kinds; a pair may have several labels at once.
    pub types: Vec<AssociationType>,
}

/// A kind of association.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssociationType {
    /// `HUBSPOT_DEFINED`, `INTEGRATOR_DEFINED`, `USER_DEFINED`, `WORK`; an open set.
    #[serde(default, deserialize_with = "wire::text_or_empty")]
    pub category: String,
    /// The kind's number, unique within its category and direction.
    #[serde(deserialize_with = "wire::integer")]
    pub type_id: i64,
    /// The label, where the kind has one.
    #[serde(default, deserialize_with = "wire::text")]
    pub label: Option<String>,
}

/// A kind of association, as one names it to make or remove one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssociationSpec {
    /// `HUBSPOT_DEFINED`, `INTEGRATOR_DEFINED` or `USER_DEFINED`.
    #[serde(rename = "associationCategory")]
    pub category: String,
    /// The kind's number, unique within its category and direction.
    #[serde(rename = "associationTypeId")]
    pub type_id: i64,
}

/// A kind of association that a portal knows between two types.
pub type AssociationLabel = AssociationType;
