//! Answers about associations.

use std::collections::BTreeSet;

use crm::RecordId;
use serde::Deserialize;

use super::batches::{NOT_FOUND, RawBatch, batch, settle};
use super::{Malformed, Paging, after};
use crate::error_body::ErrorBody;
use crate::write::{BatchOutcome, Pair};
use crate::{
    Association, AssociationBatch, AssociationType, InputError, Page, RecordAssociations, wire,
};

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

/// A page of one record's associations.
pub(crate) fn of_one(body: &[u8]) -> Result<Page<Association>, Malformed> {
    let page: Page<To> = super::page(body)?;
    let of = |to: To| Association {
        to: to.to_object_id,
        types: to.association_types,
    };
    Ok(Page {
        results: page.results.into_iter().map(of).collect(),
        after: page.after,
        unreadable: 0,
    })
}

/// A pair as the answers to changes name it: flat in the dated API, nested in older spellings.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPair {
    #[serde(default, deserialize_with = "wire::id")]
    from_object_id: Option<RecordId>,
    #[serde(default, deserialize_with = "wire::id")]
    to_object_id: Option<RecordId>,
    #[serde(default)]
    from: Option<Side>,
    #[serde(default)]
    to: Option<Side>,
}

impl RawPair {
    fn pair(&self) -> Option<Pair> {
        Some(Pair {
            from: self
                .from_object_id
                .or(self.from.as_ref().map(|side| side.id))?,
            to: self.to_object_id.or(self.to.as_ref().map(|side| side.id))?,
        })
    }
}

/// What a batch did to some pairs. A 204 says nothing and means all of them; so does a complete
/// batch that lists neither results nor errors.
pub(crate) fn changed(
    status: u16,
    body: &[u8],
    sent: &[Pair],
) -> Result<BatchOutcome<Pair, ()>, Malformed> {
    #[derive(Deserialize)]
    struct Shape {
        #[serde(default, deserialize_with = "wire::text_or_empty")]
        status: String,
        #[serde(default)]
        results: Option<Vec<RawPair>>,
        #[serde(default, deserialize_with = "crate::error_body::lenient_errors")]
        errors: Vec<ErrorBody>,
    }
    let mut outcome = BatchOutcome::default();
    let all = |mut outcome: BatchOutcome<Pair, ()>| {
        outcome.done = sent.iter().map(|pair| (*pair, ())).collect();
        Ok(outcome)
    };
    if status == 204 {
        return all(outcome);
    }
    let shape: Shape = super::read(body)?;
    let Some(results) = shape.results else {
        return match (shape.status.as_str(), shape.errors.as_slice()) {
            ("COMPLETE", []) => all(outcome),
            (_, []) => Err(Malformed),
            _ => Ok(settle_pairs(
                outcome,
                sent.iter().copied().collect(),
                &shape.errors,
            )),
        };
    };
    let mut open: BTreeSet<Pair> = sent.iter().copied().collect();
    for pair in results.iter().filter_map(RawPair::pair) {
        if open.remove(&pair) {
            outcome.done.insert(pair, ());
        }
    }
    Ok(settle_pairs(outcome, open, &shape.errors))
}

/// What a batch that ends associations did to some pairs. The dated API answers 200 without a body
/// where the older spellings answer 204: both mean all of them.
pub(crate) fn ended(
    status: u16,
    body: &[u8],
    sent: &[Pair],
) -> Result<BatchOutcome<Pair, ()>, Malformed> {
    let status = if body.is_empty() && status == 200 {
        204
    } else {
        status
    };
    changed(status, body, sent)
}

fn settle_pairs(
    outcome: BatchOutcome<Pair, ()>,
    open: BTreeSet<Pair>,
    errors: &[ErrorBody],
) -> BatchOutcome<Pair, ()> {
    let still_open = open.clone();
    settle(outcome, open, errors, |error, _| {
        let (from, to) = (error.named("fromObjectId"), error.named("toObjectId"));
        // An error that names no record names no pair; one that names a single side, all of that.
        let names = |ids: &[RecordId], id| ids.is_empty() || ids.contains(&id);
        let is_named = |pair: &Pair| {
            !(from.is_empty() && to.is_empty()) && names(&from, pair.from) && names(&to, pair.to)
        };
        still_open.iter().copied().filter(is_named).collect()
    })
}
