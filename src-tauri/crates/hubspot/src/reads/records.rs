//! Records of any type.

use std::collections::BTreeSet;

use crm::{ObjectType, RecordId};
use serde_json::{Value, json};

use crate::answer::batches::{self, MERGED_IDS};
use crate::call::{Call, Lane};
use crate::{
    BatchRead, BatchReadByValue, Client, Error, Kind, ListQuery, Page, ReadQuery, Record, Resolved,
    SearchPage, SearchQuery, answer, limits,
};

impl Client {
    /// One page of a type's records, in id order: `GET /crm/objects/{v}/{type}`. At most
    /// [`limits::PAGE`], or [`limits::PAGE_WITH_HISTORY`] with history.
    ///
    /// # Errors
    /// [`Kind::TooLong`] when so many properties were asked for that no URL holds them; read those
    /// with [`Client::batch_read`].
    pub async fn list(
        &self,
        object: &ObjectType,
        query: &ListQuery,
    ) -> Result<Page<Record>, Error> {
        let most = page_size(&query.history);
        let limit = query.limit.unwrap_or(most).clamp(1, most);
        let call = Call::get("/crm/objects/{v}/{type}", &[object.as_str()])
            .with("limit", Some(limit.to_string()))
            .with("after", query.after.clone())
            .with("properties", Some(query.properties.join(",")))
            .with("propertiesWithHistory", Some(query.history.join(",")))
            .with("archived", Some(query.archived.to_string()));
        self.send(&call, answer::records).await
    }

    /// One record: `GET /crm/objects/{v}/{type}/{id}`. Follows the id of a record that was merged
    /// away, as [`Resolved::merged_into`] then says.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is none, or when it is archived and `query` asks for live ones;
    /// [`Kind::TooLong`] when so many properties were asked for that no URL holds them.
    pub async fn get(
        &self,
        object: &ObjectType,
        id: RecordId,
        query: &ReadQuery,
    ) -> Result<Resolved, Error> {
        let names = [object.as_str(), &id.to_string()];
        let call = Call::get("/crm/objects/{v}/{type}/{id}", &names)
            .with("properties", Some(query.properties.join(",")))
            .with("propertiesWithHistory", Some(query.history.join(",")))
            .with("archived", query.archived.then(|| "true".to_owned()));
        let record = self.send(&call, answer::record).await?;
        Ok(Resolved { asked: id, record })
    }

    /// The record that has this value of a unique property, if there is one: `email` of contacts,
    /// or one of the portal's own with unique values.
    ///
    /// HubSpot offers this as `GET …/{id}?idProperty=` too, but then the value, often an e-mail
    /// address, would stand in the address of the call and so in logs on its way. This is a batch
    /// read of one instead.
    ///
    /// # Errors
    /// [`Kind::Malformed`] when the answer does not tell whether there is one; else as
    /// [`Client::batch_read_by_value`].
    pub async fn get_by_value(
        &self,
        object: &ObjectType,
        property: &str,
        value: &str,
        query: &ReadQuery,
    ) -> Result<Option<Record>, Error> {
        let values = [value.to_owned()];
        let mut read = self
            .batch_read_by_value(object, property, &values, query)
            .await?;
        // A contact is also found by a former address, which then is not the one it shows.
        let found = read.found.remove(value).or_else(|| read.strangers.pop());
        if found.is_none() && read.missing.is_empty() {
            return Err(Error::from(Kind::Malformed).on_route(BATCH_READ));
        }
        Ok(found)
    }

    /// Records by id: at most [`limits::BATCH`], or [`limits::PAGE_WITH_HISTORY`] with history:
    /// `POST /crm/objects/{v}/{type}/batch/read`. Ids given twice are asked for once. Where
    /// properties are named, [`BatchRead::merged`] tells which ids were merged away.
    ///
    /// # Errors
    /// [`Kind::InvalidRequest`] for more ids than that.
    pub async fn batch_read(
        &self,
        object: &ObjectType,
        ids: &[RecordId],
        query: &ReadQuery,
    ) -> Result<BatchRead, Error> {
        let ids: Vec<RecordId> = ids
            .iter()
            .copied()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        if ids.is_empty() {
            return Ok(BatchRead::default());
        }
        let mut properties = query.properties.clone();
        // Without names HubSpot sends its default properties; one name more would take them away.
        let added = !properties.is_empty() && properties.iter().all(|name| name != MERGED_IDS);
        if added {
            properties.push(MERGED_IDS.to_owned());
        }
        let inputs: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
        let call = batch_call(object, &inputs, &properties, query, None)?;
        let mut read = self
            .send(&call, |body| batches::read_by_id(body, &ids))
            .await?;
        if added {
            for record in &mut read.found {
                record.properties.remove(MERGED_IDS);
            }
        }
        Ok(read)
    }

    /// Records by the values of a unique property, as many as [`Client::batch_read`] takes:
    /// `POST /crm/objects/{v}/{type}/batch/read` with `idProperty`. Values given twice, in whatever
    /// case, are asked for once.
    ///
    /// # Errors
    /// [`Kind::InvalidRequest`] for more values than that; [`Kind::Validation`] for a property
    /// whose values are not unique.
    pub async fn batch_read_by_value(
        &self,
        object: &ObjectType,
        property: &str,
        values: &[String],
        query: &ReadQuery,
    ) -> Result<BatchReadByValue, Error> {
        let mut seen = BTreeSet::new();
        let values: Vec<String> = values
            .iter()
            .filter(|value| seen.insert(value.to_lowercase()))
            .cloned()
            .collect();
        if values.is_empty() {
            return Ok(BatchReadByValue::default());
        }
        // The property itself tells which record belongs to which value.
        let mut properties = query.properties.clone();
        if properties.iter().all(|name| name != property) {
            properties.push(property.to_owned());
        }
        let inputs: Vec<_> = values.iter().map(|value| json!({ "id": value })).collect();
        let call = batch_call(object, &inputs, &properties, query, Some(property))?;
        self.send(&call, |body| {
            batches::read_by_value(body, property, &values)
        })
        .await
    }

    /// One page of a search: `POST /crm/objects/{v}/{type}/search`.
    ///
    /// # Errors
    /// See [`Error`]. A query that HubSpot refuses for its shape cannot be built.
    pub async fn search(
        &self,
        object: &ObjectType,
        query: &SearchQuery,
    ) -> Result<SearchPage, Error> {
        let call = Call::post("/crm/objects/{v}/{type}/search", &[object.as_str()], query)?
            .in_lane(Lane::Search);
        self.send(&call, answer::search).await
    }
}

const BATCH_READ: &str = "/crm/objects/{v}/{type}/batch/read";

fn batch_call(
    object: &ObjectType,
    inputs: &[Value],
    properties: &[String],
    query: &ReadQuery,
    id_property: Option<&str>,
) -> Result<Call, Error> {
    if inputs.len() > page_size(&query.history) {
        return Err(Kind::InvalidRequest("more records than a batch read may have").into());
    }
    let mut body = json!({
        "inputs": inputs,
        "properties": properties,
        "propertiesWithHistory": query.history,
    });
    if let Some(id_property) = id_property {
        body["idProperty"] = id_property.into();
    }
    let call = Call::post(BATCH_READ, &[object.as_str()], &body)?;
    Ok(call.with("archived", query.archived.then(|| "true".to_owned())))
}

/// Pages and batches are shorter once history is asked for.
fn page_size(history: &[String]) -> usize {
    if history.is_empty() {
        limits::PAGE
    } else {
        limits::PAGE_WITH_HISTORY
    }
}
