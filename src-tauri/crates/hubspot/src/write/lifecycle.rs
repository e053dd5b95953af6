//! What cannot be taken back: merging records, deleting people for good, leaving a portal.

use crm::{ObjectType, RecordId};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::call::Call;
use crate::{Client, Error, Kind, Record, answer};

/// What two records became.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The record that is left.
    pub survivor: Record,
    /// Whether it has an id that neither of the two had. Both old ids then lead to it in single
    /// calls, and in none of the batches that write.
    pub has_new_id: bool,
}

/// Merges a record into another one of the type: `POST /crm/objects/{v}/{type}/merge`. Cannot be
/// undone.
///
/// # Errors
/// [`Kind::NotFound`] when one of them is gone, [`Kind::TooLong`] beyond the 250 identities that
/// HubSpot merges into one record, [`Kind::InvalidRequest`] for a record with itself.
pub async fn merge(
    client: &Client,
    object: &ObjectType,
    primary: RecordId,
    other: RecordId,
) -> Result<Merged, Error> {
    if primary == other {
        return Err(Kind::InvalidRequest("a record cannot be merged with itself").into());
    }
    let body = json!({ "primaryObjectId": primary, "objectIdToMerge": other });
    let route = "/crm/objects/{v}/{type}/merge";
    let call = Call::post(route, &[object.as_str()], &body)?.writing();
    let survivor = client.send(&call, answer::record).await?;
    Ok(Merged {
        has_new_id: ![primary, other].contains(&survivor.id),
        survivor,
    })
}

/// Deletes a contact for good, with what HubSpot knows of the person, and bars the address from
/// coming back: `POST /crm/objects/{v}/contacts/gdpr-delete`.
///
/// # Errors
/// [`Kind::NotFound`] when there is no such contact.
pub async fn forget_contact(client: &Client, contact: RecordId) -> Result<(), Error> {
    send(client, &json!({ "objectId": contact })).await
}

/// The same, by the person's e-mail address, which travels in the body and appears in no address,
/// error or log.
///
/// # Errors
/// See [`Error`]. HubSpot bars an address that no contact has, too.
pub async fn forget_contact_with_email(client: &Client, email: &SecretString) -> Result<(), Error> {
    let body = json!({ "objectId": email.expose_secret(), "idProperty": "email" });
    send(client, &body).await
}

async fn send(client: &Client, body: &serde_json::Value) -> Result<(), Error> {
    let route = "/crm/objects/{v}/contacts/gdpr-delete";
    let call = Call::post(route, &[], body)?.writing();
    client.send_for(&call, answer::nothing).await
}

/// Uninstalls the app from the portal, for every user of it there:
/// `DELETE /appinstalls/{v}/external-install`. The portal's administrators get a mail. To forget the
/// tokens of this machine alone, [`crate::oauth::revoke`] is enough.
///
/// # Errors
/// [`Kind::Forbidden`] for tokens that are no OAuth app's.
pub async fn uninstall(client: &Client) -> Result<(), Error> {
    let call = Call::delete("/appinstalls/{v}/external-install", &[]);
    client.send_for(&call, answer::nothing).await
}
