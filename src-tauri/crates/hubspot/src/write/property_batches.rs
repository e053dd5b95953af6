//! Making and removing several properties at once.

use crm::ObjectType;
use serde_json::json;

use super::properties::NewProperty;
use super::{BatchOutcome, each_once, fits};
use crate::answer::definitions;
use crate::call::Call;
use crate::{Client, Error, PropertyDefinition};

/// Creates up to [`limits::BATCH`](crate::limits::BATCH) properties of a type:
/// `POST /crm/properties/{v}/{type}/batch/create`. By name: some may be refused, and those that the
/// answer does not mention may exist or not.
///
/// # Errors
/// When the batch as a whole was refused or no answer came;
/// [`Kind::InvalidRequest`](crate::Kind::InvalidRequest) for more, or for a name twice.
pub async fn batch_create_properties(
    client: &Client,
    object: &ObjectType,
    properties: &[NewProperty],
) -> Result<BatchOutcome<String, PropertyDefinition>, Error> {
    let names: Vec<String> = properties.iter().map(|one| one.name.clone()).collect();
    fits(names.len())?;
    each_once(names.iter())?;
    if names.is_empty() {
        return Ok(BatchOutcome::default());
    }
    let route = "/crm/properties/{v}/{type}/batch/create";
    let body = json!({ "inputs": properties });
    let call = Call::post(route, &[object.as_str()], &body)?.writing();
    client
        .send(&call, |body| definitions::created(body, &names))
        .await
}

/// Deletes up to [`limits::BATCH`](crate::limits::BATCH) properties of a type, and their values with
/// them: `POST /crm/properties/{v}/{type}/batch/archive`. HubSpot keeps them archived.
///
/// # Errors
/// As [`batch_create_properties`].
pub async fn batch_archive_properties(
    client: &Client,
    object: &ObjectType,
    names: &[String],
) -> Result<BatchOutcome<String, ()>, Error> {
    fits(names.len())?;
    each_once(names.iter())?;
    if names.is_empty() {
        return Ok(BatchOutcome::default());
    }
    let route = "/crm/properties/{v}/{type}/batch/archive";
    let inputs: Vec<_> = names.iter().map(|name| json!({ "name": name })).collect();
    let body = json!({ "inputs": inputs });
    let call = Call::post(route, &[object.as_str()], &body)?.writing();
    let read = |status, body: &[u8]| definitions::archived(status, body, names);
    client.send_for(&call, read).await
}
