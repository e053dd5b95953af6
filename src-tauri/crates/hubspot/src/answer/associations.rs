//! Answers about associations.

use crm::RecordId;
use serde::Deserialize;

use super::batches::{NOT_FOUND, RawBatch, batch};
use super::{Malformed, Paging, after};
use crate::error_body::ErrorBody;
use crate::{Association, AssociationBatch, AssociationType, InputError, RecordAssociations, wire};

#[derive(Deserialize)]
struct RawAssociations {
    from: Side,
    #[serde(default, deserialize_with = "wire::list")]
    to: Vec<To>,
    #[serde(default)]
    paging: Option<Paging>,
}

#[derive(Deserialize)]
struct Side {
    id: RecordId,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct To {
    to_object_id: RecordId,
    #[serde(default, deserialize_with = "wire::list")]
    association_types: Vec<AssociationType>,
}

/// What a batch read of associations found.
pub(crate) fn batch_read(body: &[u8]) -> Result<AssociationBatch, Malformed> {
    let raw: RawBatch<RawAssociations> = batch(body)?;
    let results = raw.results.into_iter().map(|raw| RecordAssociations {
        from: raw.from.id,
        to: raw
            .to
            .into_iter()
            .map(|to| Association {
                to: to.to_object_id,
                types: to.association_types,
            })
            .collect(),
        after: after(raw.paging),
    });
    let failures: Vec<InputError> = raw
        .errors
        .iter()
        .map(ErrorBody::as_input_error)
        // A record without associations is reported as an error of the input.
        .filter(|error| error.category.as_deref() != Some(NOT_FOUND))
        .collect();
    Ok(AssociationBatch {
        results: results.collect(),
        failures,
    })
}
