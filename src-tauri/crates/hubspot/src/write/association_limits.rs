//! Limiting how many associations a record may have.

use crm::{ObjectType, UserId};
use serde_json::{Value, json};

use super::{BatchOutcome, each_once, fits};
use crate::answer::{self, definitions};
use crate::call::{Call, Lane, pair};
use crate::{AssociationSpec, Client, Error};

/// What a batch about limits did, by the number of the kind of association.
pub type CapsOutcome = BatchOutcome<i64, ()>;

/// Sets limits where there are none, for kinds of association from one type to another:
/// `POST /crm/associations/{v}/definitions/configurations/{from}/{to}/batch/create`.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when there is no such kind;
/// [`Kind::InvalidRequest`](crate::Kind::InvalidRequest) for more than
/// [`limits::BATCH`](crate::limits::BATCH), or for one of them twice.
pub async fn create_caps(
    client: &Client,
    from: &ObjectType,
    to: &ObjectType,
    caps: &[(AssociationSpec, u64)],
) -> Result<CapsOutcome, Error> {
    let route = "/crm/associations/{v}/definitions/configurations/{from}/{to}/batch/create";
    let kinds = caps.iter().map(|(kind, _)| kind);
    let inputs = caps.iter().map(capped).collect();
    batch(client, route, [from, to], kinds, inputs).await
}

/// Changes limits: `POST /crm/associations/{v}/definitions/configurations/{from}/{to}/batch/update`.
///
/// # Errors
/// As [`create_caps`].
pub async fn update_caps(
    client: &Client,
    from: &ObjectType,
    to: &ObjectType,
    caps: &[(AssociationSpec, u64)],
) -> Result<CapsOutcome, Error> {
    let route = "/crm/associations/{v}/definitions/configurations/{from}/{to}/batch/update";
    let kinds = caps.iter().map(|(kind, _)| kind);
    let inputs = caps.iter().map(capped).collect();
    batch(client, route, [from, to], kinds, inputs).await
}

/// Lifts limits: `POST /crm/associations/{v}/definitions/configurations/{from}/{to}/batch/purge`.
///
/// # Errors
/// As [`create_caps`].
pub async fn lift_caps(
    client: &Client,
    from: &ObjectType,
    to: &ObjectType,
    kinds: &[AssociationSpec],
) -> Result<CapsOutcome, Error> {
    let route = "/crm/associations/{v}/definitions/configurations/{from}/{to}/batch/purge";
    let inputs = kinds.iter().map(named).collect();
    batch(client, route, [from, to], kinds.iter(), inputs).await
}

/// A kind as these calls name it, which is not how associations do.
fn named(kind: &AssociationSpec) -> Value {
    json!({ "category": kind.category, "typeId": kind.type_id })
}

fn capped((kind, most): &(AssociationSpec, u64)) -> Value {
    let mut input = named(kind);
    input["maxToObjectIds"] = json!(most);
    input
}

async fn batch(
    client: &Client,
    route: &'static str,
    [from, to]: [&ObjectType; 2],
    kinds: impl Iterator<Item = &AssociationSpec>,
    inputs: Vec<Value>,
) -> Result<CapsOutcome, Error> {
    let sent: Vec<i64> = kinds.map(|kind| kind.type_id).collect();
    fits(sent.len())?;
    each_once(sent.iter())?;
    if sent.is_empty() {
        return Ok(CapsOutcome::default());
    }
    let body = json!({ "inputs": inputs });
    let call = Call::post(route, &pair(from, to), &body)?.writing();
    let call = call.in_lane(Lane::Associations);
    let read = |status, body: &[u8]| definitions::capped(status, body, &sent);
    client.send_for(&call, read).await
}

/// Has HubSpot write a mail to a user of the portal about records near a limit:
/// `POST /crm/associations/{v}/usage/high-usage-report/{userId}`.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when there is no such user.
pub async fn mail_usage_report(client: &Client, user: UserId) -> Result<(), Error> {
    let route = "/crm/associations/{v}/usage/high-usage-report/{userId}";
    let call = Call::post(route, &[&user.to_string()], &json!({}))?.writing();
    let call = call.in_lane(Lane::Associations);
    client.send_for(&call, answer::nothing).await
}
