//! Making, changing and archiving records, one or up to [`crate::limits::BATCH`] at a time.

use crm::{ObjectType, RecordId};
use serde_json::json;

use super::inputs::{NewRecord, UpdateInput, UpsertInput, Values};
use super::outcome::{BatchOutcome, BatchUpdate, Upserted};
use super::{each_once, fits};
use crate::answer::batches::{self, Sent};
use crate::call::Call;
use crate::{Client, Error, Kind, Record, Resolved, answer};

/// Creates a record: `POST /crm/objects/{v}/{type}`.
///
/// # Errors
/// [`Kind::Conflict`] for a contact whose e-mail address another one has; companies and deals are
/// never told apart. [`Kind::Validation`] for values that are none.
pub async fn create(
    client: &Client,
    object: &ObjectType,
    record: &NewRecord,
) -> Result<Record, Error> {
    let body = json!({ "properties": record.properties, "associations": record.associations });
    let call = Call::post("/crm/objects/{v}/{type}", &[object.as_str()], &body)?.writing();
    client.send(&call, answer::record).await
}

/// Writes values to a record: `PATCH /crm/objects/{v}/{type}/{id}`.
///
/// Unlike the batch, this follows the id of a record that was merged away.
///
/// # Errors
/// [`Kind::NotFound`], and [`Kind::Validation`] for values that are none.
pub async fn update(
    client: &Client,
    object: &ObjectType,
    id: RecordId,
    values: &Values,
) -> Result<Resolved, Error> {
    let route = "/crm/objects/{v}/{type}/{id}";
    let names = [object.as_str(), &id.to_string()];
    let call = Call::patch(route, &names, &json!({ "properties": values }))?;
    let record = client.send(&call, answer::record).await?;
    Ok(Resolved { asked: id, record })
}

/// Changes the record that has a value of a unique property, or creates it. HubSpot has this call
/// for batches alone, so it is a batch of one: `POST /crm/objects/{v}/{type}/batch/upsert`.
///
/// # Errors
/// [`Kind::Refused`] when HubSpot refused the one input, [`Kind::Malformed`] when it said nothing
/// of it; and whatever a batch may fail with.
pub async fn upsert(
    client: &Client,
    object: &ObjectType,
    input: &UpsertInput,
) -> Result<Upserted, Error> {
    let mut outcome = batch_upsert(client, object, std::slice::from_ref(input)).await?;
    let kind = if outcome.failed.is_empty() && outcome.unattributed.is_empty() {
        Kind::Malformed
    } else {
        Kind::Refused
    };
    let done = outcome.done.remove(&0);
    done.ok_or_else(|| Error::from(kind).on_route(UPSERT))
}

/// Moves a record to the recycle bin, where it stays for 90 days; an e-mail is deleted for good:
/// `DELETE /crm/objects/{v}/{type}/{id}`.
///
/// # Errors
/// See [`Error`]. One that is there no more is no error to HubSpot.
pub async fn archive(client: &Client, object: &ObjectType, id: RecordId) -> Result<(), Error> {
    let names = [object.as_str(), &id.to_string()];
    let call = Call::delete("/crm/objects/{v}/{type}/{id}", &names);
    client.send_for(&call, answer::nothing).await
}

/// Creates records: `POST /crm/objects/{v}/{type}/batch/create`. The outcome names an input by its
/// place in the list.
///
/// Each input carries a trace id, without which one bad input would cost the whole batch.
///
/// # Errors
/// As [`batch_update`].
pub async fn batch_create(
    client: &Client,
    object: &ObjectType,
    records: &[NewRecord],
) -> Result<BatchOutcome<usize, Record>, Error> {
    fits(records.len())?;
    if records.is_empty() {
        return Ok(BatchOutcome::default());
    }
    let (inputs, sent): (Vec<_>, Vec<_>) = records
        .iter()
        .enumerate()
        .map(|(place, record)| {
            let sent = Sent::new(place, record.properties.iter());
            let input = json!({
                "properties": record.properties,
                "associations": record.associations,
                "objectWriteTraceId": sent.trace,
            });
            (input, sent)
        })
        .unzip();
    let route = "/crm/objects/{v}/{type}/batch/create";
    let call = Call::post(route, &[object.as_str()], &json!({ "inputs": inputs }))?.writing();
    client
        .send(&call, |body| batches::created(body, &sent))
        .await
}

/// Writes values to at most [`limits::BATCH`](crate::limits::BATCH) records of one type:
/// `POST /crm/objects/{v}/{type}/batch/update`.
///
/// # Errors
/// When the batch as a whole was refused or no answer came ([`Error::outcome_is_unknown`] tells
/// which); [`Kind::InvalidRequest`] for too many inputs or for one record twice, which HubSpot would
/// refuse.
pub async fn batch_update(
    client: &Client,
    object: &ObjectType,
    inputs: &[UpdateInput],
) -> Result<BatchUpdate, Error> {
    fits(inputs.len())?;
    each_once(inputs.iter().map(|input| input.id))?;
    if inputs.is_empty() {
        return Ok(BatchUpdate::default());
    }
    let ids: Vec<RecordId> = inputs.iter().map(|input| input.id).collect();
    let route = "/crm/objects/{v}/{type}/batch/update";
    let call = Call::post(route, &[object.as_str()], &json!({ "inputs": inputs }))?.writing();
    client
        .send(&call, |body| batches::updated(body, &ids))
        .await
}

const UPSERT: &str = "/crm/objects/{v}/{type}/batch/upsert";

/// Changes or creates records by a unique property: `POST /crm/objects/{v}/{type}/batch/upsert`. The
/// outcome names an input by its place in the list.
///
/// # Errors
/// As [`batch_update`]; the same value of the same property twice, in whatever case, is refused.
pub async fn batch_upsert(
    client: &Client,
    object: &ObjectType,
    inputs: &[UpsertInput],
) -> Result<BatchOutcome<usize, Upserted>, Error> {
    fits(inputs.len())?;
    each_once(
        inputs
            .iter()
            .map(|input| (input.id_property.as_str(), input.value.to_lowercase())),
    )?;
    if inputs.is_empty() {
        return Ok(BatchOutcome::default());
    }
    let (bodies, sent): (Vec<_>, Vec<_>) = inputs
        .iter()
        .enumerate()
        .map(|(place, input)| {
            let key = (&input.id_property, &input.value);
            let sent = Sent::new(place, input.properties.iter().chain([key]));
            let body = json!({
                "idProperty": input.id_property,
                "id": input.value,
                "properties": input.properties,
                "objectWriteTraceId": sent.trace,
            });
            (body, sent)
        })
        .unzip();
    let call = Call::post(UPSERT, &[object.as_str()], &json!({ "inputs": bodies }))?.writing();
    client
        .send(&call, |body| batches::upserted(body, &sent))
        .await
}

/// Moves records to the recycle bin: `POST /crm/objects/{v}/{type}/batch/archive`, which answers 204
/// and nothing else. HubSpot says so of ids it does not have, too.
///
/// # Errors
/// As [`batch_update`].
pub async fn batch_archive(
    client: &Client,
    object: &ObjectType,
    ids: &[RecordId],
) -> Result<BatchOutcome<RecordId, ()>, Error> {
    fits(ids.len())?;
    each_once(ids.iter())?;
    if ids.is_empty() {
        return Ok(BatchOutcome::default());
    }
    let inputs: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
    let route = "/crm/objects/{v}/{type}/batch/archive";
    let call = Call::post(route, &[object.as_str()], &json!({ "inputs": inputs }))?.writing();
    client
        .send_for(&call, |status, body| batches::archived(status, body, ids))
        .await
}
