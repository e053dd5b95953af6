//! Making and removing associations and the labels of a portal.

use crm::{ObjectType, RecordId};
use serde::{Serialize, Serializer};
use serde_json::json;

use super::each_once;
use super::outcome::BatchOutcome;
use crate::answer::{self, associations};
use crate::call::{Call, Lane, pair};
use crate::{AssociationLabel, AssociationSpec, Client, Error, Kind, limits};

/// Two records, in the direction in which their types are named beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    /// The record it leads from.
    pub from: RecordId,
    /// The record it leads to.
    pub to: RecordId,
}

impl Serialize for Pair {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        json!({ "from": { "id": self.from }, "to": { "id": self.to } }).serialize(to)
    }
}

/// What a batch of associations did, by pair.
pub type PairsOutcome = BatchOutcome<Pair, ()>;

/// Associates two records in the usual way:
/// `PUT /crm/objects/{v}/{from}/{id}/associations/default/{to}/{toId}`.
///
/// # Errors
/// [`Kind::NotFound`] when one of them is gone, [`Kind::Forbidden`] when the token stands for a user
/// who may not edit associations (from version `2026-09` on).
pub async fn associate(
    client: &Client,
    from: &ObjectType,
    to: &ObjectType,
    records: Pair,
) -> Result<(), Error> {
    let route = "/crm/objects/{v}/{from}/{id}/associations/default/{to}/{toId}";
    let (id, other) = (records.from.to_string(), records.to.to_string());
    let names = [from.as_str(), &id, to.as_str(), &other];
    let call = Call::put(route, &names, &json!({}))?.in_lane(Lane::Associations);
    client.send_for(&call, answer::nothing).await
}

/// Associates two records by these kinds, beside the ones they have:
/// `PUT /crm/objects/{v}/{from}/{id}/associations/{to}/{toId}`.
///
/// # Errors
/// As [`associate`]; [`Kind::InvalidRequest`] for no kind at all.
pub async fn associate_as(
    client: &Client,
    from: &ObjectType,
    to: &ObjectType,
    records: Pair,
    kinds: &[AssociationSpec],
) -> Result<(), Error> {
    some(kinds)?;
    let call = Call::put(ONE_PAIR, &ends(from, to, records).each(), &kinds)?;
    let call = call.in_lane(Lane::Associations);
    client.send_for(&call, answer::nothing).await
}

/// Removes every association of two records, with all labels:
/// `DELETE /crm/objects/{v}/{from}/{id}/associations/{to}/{toId}`. [`archive_label`] removes one.
///
/// # Errors
/// As [`associate`]. Two records that are not associated are no error to HubSpot.
pub async fn dissociate(
    client: &Client,
    from: &ObjectType,
    to: &ObjectType,
    records: Pair,
) -> Result<(), Error> {
    let call = Call::delete(ONE_PAIR, &ends(from, to, records).each());
    let call = call.in_lane(Lane::Associations);
    client.send_for(&call, answer::nothing).await
}

const ONE_PAIR: &str = "/crm/objects/{v}/{from}/{id}/associations/{to}/{toId}";

/// The names in the path of a pair.
struct Ends<'a>(&'a str, String, &'a str, String);

impl Ends<'_> {
    fn each(&self) -> [&str; 4] {
        [self.0, &self.1, self.2, &self.3]
    }
}

fn ends<'a>(from: &'a ObjectType, to: &'a ObjectType, records: Pair) -> Ends<'a> {
    let (id, other) = (records.from.to_string(), records.to.to_string());
    Ends(from.as_str(), id, to.as_str(), other)
}

/// Associates up to [`limits::ASSOCIATION_PAIRS`] pairs in the usual way:
/// `POST /crm/associations/{v}/{from}/{to}/batch/associate/default`.
///
/// # Errors
/// When the batch as a whole was refused or no answer came; [`Kind::InvalidRequest`] for more pairs
/// than that, or for one of them twice.
pub async fn batch_associate(
    client: &Client,
    from: &ObjectType,
    to: &ObjectType,
    pairs: &[Pair],
) -> Result<PairsOutcome, Error> {
    let route = "/crm/associations/{v}/{from}/{to}/batch/associate/default";
    let inputs = pairs.iter().map(|pair| json!(pair)).collect();
    batch(
        client,
        route,
        [from, to],
        pairs,
        inputs,
        associations::changed,
    )
    .await
}

/// Associates up to [`limits::ASSOCIATION_PAIRS`] pairs by these kinds, beside the ones they have:
/// `POST /crm/associations/{v}/{from}/{to}/batch/create`.
///
/// # Errors
/// As [`batch_associate`]; [`Kind::InvalidRequest`] for no kind at all, too.
pub async fn batch_associate_as(
    client: &Client,
    from: &ObjectType,
    to: &ObjectType,
    pairs: &[Pair],
    kinds: &[AssociationSpec],
) -> Result<PairsOutcome, Error> {
    some(kinds)?;
    let route = "/crm/associations/{v}/{from}/{to}/batch/create";
    batch(
        client,
        route,
        [from, to],
        pairs,
        with_kinds(pairs, kinds),
        associations::changed,
    )
    .await
}

/// Removes every association of some pairs, with all labels:
/// `POST /crm/associations/{v}/{from}/{to}/batch/archive`.
///
/// # Errors
/// As [`batch_associate`]; the pairs may lead from [`limits::ASSOCIATION_ARCHIVES`] records.
pub async fn batch_dissociate(
    client: &Client,
    from: &ObjectType,
    to: &ObjectType,
    pairs: &[Pair],
) -> Result<PairsOutcome, Error> {
    few_sources(pairs)?;
    let route = "/crm/associations/{v}/{from}/{to}/batch/archive";
    let input = |pair: &Pair| json!({ "from": { "id": pair.from }, "to": [{ "id": pair.to }] });
    batch(
        client,
        route,
        [from, to],
        pairs,
        pairs.iter().map(input).collect(),
        associations::ended,
    )
    .await
}

/// Removes these kinds of association of some pairs, and leaves the others:
/// `POST /crm/associations/{v}/{from}/{to}/batch/labels/archive`. HubSpot has no call for a single
/// pair.
///
/// # Errors
/// As [`batch_dissociate`]; [`Kind::InvalidRequest`] for no kind at all, too.
pub async fn archive_label(
    client: &Client,
    from: &ObjectType,
    to: &ObjectType,
    pairs: &[Pair],
    kinds: &[AssociationSpec],
) -> Result<PairsOutcome, Error> {
    some(kinds)?;
    few_sources(pairs)?;
    let route = "/crm/associations/{v}/{from}/{to}/batch/labels/archive";
    batch(
        client,
        route,
        [from, to],
        pairs,
        with_kinds(pairs, kinds),
        associations::ended,
    )
    .await
}

fn some(kinds: &[AssociationSpec]) -> Result<(), Error> {
    if kinds.is_empty() {
        return Err(Kind::InvalidRequest("an association of no kind").into());
    }
    Ok(())
}

fn few_sources(pairs: &[Pair]) -> Result<(), Error> {
    let mut sources: Vec<RecordId> = pairs.iter().map(|pair| pair.from).collect();
    sources.sort_unstable();
    sources.dedup();
    if sources.len() > limits::ASSOCIATION_ARCHIVES {
        return Err(Kind::InvalidRequest("pairs from more records than a batch may have").into());
    }
    Ok(())
}

fn with_kinds(pairs: &[Pair], kinds: &[AssociationSpec]) -> Vec<serde_json::Value> {
    let input = |pair: &Pair| json!({ "from": { "id": pair.from }, "to": { "id": pair.to }, "types": kinds });
    pairs.iter().map(input).collect()
}

/// How the answer to a batch is read.
type ReadPairs = fn(u16, &[u8], &[Pair]) -> Result<PairsOutcome, answer::Malformed>;

async fn batch(
    client: &Client,
    route: &'static str,
    [from, to]: [&ObjectType; 2],
    pairs: &[Pair],
    inputs: Vec<serde_json::Value>,
    read: ReadPairs,
) -> Result<PairsOutcome, Error> {
    if pairs.len() > limits::ASSOCIATION_PAIRS {
        return Err(Kind::InvalidRequest("more pairs than a batch may have").into());
    }
    each_once(pairs.iter())?;
    if pairs.is_empty() {
        return Ok(PairsOutcome::default());
    }
    let body = json!({ "inputs": inputs });
    let call = Call::post(route, &pair(from, to), &body)?.writing();
    let call = call.in_lane(Lane::Associations);
    let read = |status, body: &[u8]| read(status, body, pairs);
    client.send_for(&call, read).await
}

/// A label to make between two types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewLabel {
    /// The internal name; it never changes.
    pub name: String,
    /// The name people see.
    pub label: String,
    /// The name people see from the other side, where it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inverse_label: Option<String>,
}

/// Makes a label: `POST /crm/associations/{v}/{from}/{to}/labels`. Where the other side has a name of
/// its own, the answer has two.
///
/// # Errors
/// [`Kind::Conflict`] or [`Kind::Validation`] when there is one of that name, or too many.
pub async fn create_label(
    client: &Client,
    from: &ObjectType,
    to: &ObjectType,
    label: &NewLabel,
) -> Result<Vec<AssociationLabel>, Error> {
    let call = Call::post(LABELS, &pair(from, to), label)?.writing();
    client
        .send(&call.in_lane(Lane::Associations), answer::all)
        .await
}

/// Renames a label: `PUT /crm/associations/{v}/{from}/{to}/labels`.
///
/// # Errors
/// [`Kind::NotFound`] when there is no such label.
pub async fn update_label(
    client: &Client,
    from: &ObjectType,
    to: &ObjectType,
    type_id: i64,
    label: &str,
    inverse_label: Option<&str>,
) -> Result<(), Error> {
    let mut body = json!({ "associationTypeId": type_id, "label": label });
    if let Some(inverse_label) = inverse_label {
        body["inverseLabel"] = inverse_label.into();
    }
    let call = Call::put(LABELS, &pair(from, to), &body)?;
    client
        .send_for(&call.in_lane(Lane::Associations), answer::nothing)
        .await
}

/// Removes a label from the portal, and from every pair that has it:
/// `DELETE /crm/associations/{v}/{from}/{to}/labels/{typeId}`.
///
/// # Errors
/// [`Kind::NotFound`] when there is no such label.
pub async fn delete_label(
    client: &Client,
    from: &ObjectType,
    to: &ObjectType,
    type_id: i64,
) -> Result<(), Error> {
    let route = "/crm/associations/{v}/{from}/{to}/labels/{typeId}";
    let names = [from.as_str(), to.as_str(), &type_id.to_string()];
    let call = Call::delete(route, &names).in_lane(Lane::Associations);
    client.send_for(&call, answer::nothing).await
}

const LABELS: &str = "/crm/associations/{v}/{from}/{to}/labels";
