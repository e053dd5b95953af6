//! Notices of changes, read leniently: what is new is kept, and one odd notice costs no other.

use crm::{Moment, ObjectType, PortalId, PropertyValue, RecordId};
use serde::Deserialize;
use serde_json::Value;

use crate::wire;

/// The body of a webhook call is no list of notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body of the webhook call is no list of notices")]
pub struct Unreadable;

/// What one call brought: fewer than 100 notices, in no order, some of them perhaps again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Delivery {
    /// The notices.
    pub events: Vec<Event>,
    /// How many entries of the list were no notices: they name no portal or no type.
    pub unreadable: usize,
}

/// One notice. Its `Debug` may show a property's value: it is not to be logged.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// HubSpot's id of the event. Not unique: see [`Event::key`].
    pub id: Option<String>,
    /// The subscription it was sent for.
    pub subscription: Option<String>,
    /// The portal in which it happened.
    pub portal: PortalId,
    /// The app that subscribed.
    pub app: Option<String>,
    /// When it happened.
    pub occurred_at: Option<Moment>,
    /// Which try this is, from 0; HubSpot makes 10 more over 24 hours.
    pub attempt: i64,
    /// `contact.creation`, `object.propertyChange`, …; an open set.
    pub subscription_type: String,
    /// The type of the record, where the notice names one that is known here.
    pub object_type: Option<ObjectType>,
    /// The record; of an association, the one it leads from; of a merge, the one that is left.
    pub record: Option<RecordId>,
    /// What happened to it.
    pub change: Change,
    /// Who or what did it, such as `CRM_UI`.
    pub source: Option<String>,
}

/// What happened to a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// It was created.
    Created,
    /// It was moved to the recycle bin.
    Deleted,
    /// A person was deleted for good: whatever is stored about them has to go, too.
    PrivacyDeleted,
    /// It came back from the recycle bin.
    Restored,
    /// A property has a new value.
    Property {
        /// The property's internal name.
        name: String,
        /// The value; [`None`] where the notice leaves it out, as it does for sensitive ones.
        value: Option<PropertyValue>,
    },
    /// Records became one.
    Merged {
        /// The record that the others were merged into.
        primary: Option<RecordId>,
        /// The others.
        merged: Vec<RecordId>,
        /// The id of what is left, where it is a new one.
        new: Option<RecordId>,
    },
    /// An association was made or removed.
    Association {
        /// The kind, such as `DEAL_TO_CONTACT`.
        kind: Option<String>,
        /// The record it leads to.
        to: Option<RecordId>,
        /// Whether it was removed, rather than made.
        removed: bool,
        /// Whether it says which company is the first one.
        primary: bool,
    },
    /// Something this crate has no word for; [`Event::subscription_type`] has HubSpot's.
    Other,
}

/// What makes two notices the same one, sent twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventKey {
    portal: PortalId,
    subscription: Option<String>,
    record: Option<RecordId>,
    other: Option<RecordId>,
    occurred_at: Option<Moment>,
    id: Option<String>,
    property: Option<String>,
}

impl Event {
    /// The key to know a notice by that came before. HubSpot's event id alone is not unique; with
    /// portal, subscription, record, time and property it is.
    #[must_use]
    pub fn key(&self) -> EventKey {
        let (other, property) = match &self.change {
            Change::Property { name, .. } => (None, Some(name.clone())),
            Change::Association { to, .. } => (*to, None),
            Change::Merged { new, .. } => (*new, None),
            _ => (None, None),
        };
        EventKey {
            portal: self.portal,
            subscription: self.subscription.clone(),
            record: self.record,
            other,
            occurred_at: self.occurred_at,
            id: self.id.clone(),
            property,
        }
    }
}

/// Reads the body of a webhook call, whose signature was checked before.
///
/// # Errors
/// [`Unreadable`] when it is no JSON list.
pub fn read(body: &[u8]) -> Result<Delivery, Unreadable> {
    let entries: Vec<Value> = serde_json::from_slice(body).map_err(|_| Unreadable)?;
    let mut delivery = Delivery::default();
    for entry in entries {
        match serde_json::from_value::<Raw>(entry)
            .ok()
            .and_then(Event::of)
        {
            Some(event) => delivery.events.push(event),
            None => delivery.unreadable += 1,
        }
    }
    Ok(delivery)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    portal_id: PortalId,
    #[serde(default, deserialize_with = "wire::text")]
    event_id: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    subscription_id: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    app_id: Option<String>,
    #[serde(default, deserialize_with = "wire::moment")]
    occurred_at: Option<Moment>,
    #[serde(default, deserialize_with = "wire::integer")]
    attempt_number: i64,
    #[serde(default, deserialize_with = "wire::text")]
    subscription_type: Option<String>,
    /// What older bodies call the subscription's type.
    #[serde(default, deserialize_with = "wire::text")]
    event_type: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    object_type_id: Option<String>,
    #[serde(default, deserialize_with = "wire::id")]
    object_id: Option<RecordId>,
    #[serde(default, deserialize_with = "wire::text")]
    property_name: Option<String>,
    #[serde(default)]
    property_value: Option<Value>,
    #[serde(default, deserialize_with = "wire::text")]
    change_source: Option<String>,
    #[serde(default, deserialize_with = "wire::id")]
    primary_object_id: Option<RecordId>,
    #[serde(default)]
    merged_object_ids: Option<Value>,
    #[serde(default, deserialize_with = "wire::id")]
    new_object_id: Option<RecordId>,
    #[serde(default, deserialize_with = "wire::text")]
    association_type: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    from_object_type_id: Option<String>,
    #[serde(default, deserialize_with = "wire::id")]
    from_object_id: Option<RecordId>,
    #[serde(default, deserialize_with = "wire::id")]
    to_object_id: Option<RecordId>,
    #[serde(default, deserialize_with = "wire::flag")]
    association_removed: bool,
    #[serde(default, deserialize_with = "wire::flag")]
    is_primary_association: bool,
}

impl Event {
    fn of(raw: Raw) -> Option<Self> {
        let subscription_type = raw
            .subscription_type
            .or(raw.event_type)
            .filter(|name| !name.is_empty())?;
        let (subject, action) = subscription_type
            .split_once('.')
            .unwrap_or((&subscription_type, ""));
        let named_type = raw.object_type_id.or(raw.from_object_type_id);
        let object_type = match subject {
            "contact" => Some(ObjectType::CONTACTS),
            "company" => Some(ObjectType::COMPANIES),
            "deal" => Some(ObjectType::DEALS),
            "ticket" => Some(ObjectType::TICKETS),
            "line_item" => Some(ObjectType::LINE_ITEMS),
            _ => named_type.and_then(|id| id.parse().ok()),
        };
        let merged_id = raw.new_object_id.or(raw.primary_object_id);
        let change = match action {
            "creation" => Change::Created,
            "deletion" => Change::Deleted,
            "privacyDeletion" => Change::PrivacyDeleted,
            "restore" => Change::Restored,
            "propertyChange" => Change::Property {
                name: raw.property_name?,
                value: raw.property_value.map(value_of),
            },
            "merge" => Change::Merged {
                primary: raw.primary_object_id,
                merged: raw.merged_object_ids.map(ids_of).unwrap_or_default(),
                new: raw.new_object_id,
            },
            "associationChange" => Change::Association {
                kind: raw.association_type,
                to: raw.to_object_id,
                removed: raw.association_removed,
                primary: raw.is_primary_association,
            },
            _ => Change::Other,
        };
        let record = match &change {
            Change::Merged { .. } => merged_id.or(raw.object_id),
            Change::Association { .. } => raw.from_object_id.or(raw.object_id),
            _ => raw.object_id,
        };
        Some(Self {
            id: raw.event_id,
            subscription: raw.subscription_id,
            portal: raw.portal_id,
            app: raw.app_id,
            occurred_at: raw.occurred_at,
            attempt: raw.attempt_number,
            object_type,
            record,
            change,
            source: raw.change_source,
            subscription_type,
        })
    }
}

fn value_of(value: Value) -> PropertyValue {
    wire::into_text(value).into()
}

fn ids_of(value: Value) -> Vec<RecordId> {
    let Value::Array(items) = value else {
        return Vec::new();
    };
    items
        .into_iter()
        .filter_map(|item| serde_json::from_value(item).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn delivery(body: &Value) -> Delivery {
        read(&serde_json::to_vec(body).unwrap()).unwrap()
    }

    #[track_caller]
    fn check(
        mut entry: Value,
        object_type: Option<&ObjectType>,
        record: Option<u64>,
        change: &Change,
    ) {
        entry["portalId"] = json!(4242);
        let delivery = delivery(&json!([entry]));
        let event = &delivery.events[0];
        assert_eq!(&event.change, change, "{entry}");
        assert_eq!(event.object_type.as_ref(), object_type, "{entry}");
        assert_eq!(event.record, record.map(RecordId::new), "{entry}");
    }

    fn ids(numbers: &[u64]) -> Vec<RecordId> {
        numbers.iter().copied().map(RecordId::new).collect()
    }

    #[test]
    fn every_kind_of_notice_is_read() {
        let simple = [
            ("contact.creation", ObjectType::CONTACTS, Change::Created),
            ("company.deletion", ObjectType::COMPANIES, Change::Deleted),
            ("deal.restore", ObjectType::DEALS, Change::Restored),
            (
                "line_item.creation",
                ObjectType::LINE_ITEMS,
                Change::Created,
            ),
            (
                "contact.privacyDeletion",
                ObjectType::CONTACTS,
                Change::PrivacyDeleted,
            ),
            ("ticket.somethingNew", ObjectType::TICKETS, Change::Other),
        ];
        for (name, object_type, change) in simple {
            let entry = json!({ "subscriptionType": name, "objectId": 7 });
            check(entry, Some(&object_type), Some(7), &change);
            let older = json!({ "eventType": name, "objectId": "7" });
            check(older, Some(&object_type), Some(7), &change);
        }
        let property = |value| Change::Property {
            name: "dealstage".into(),
            value,
        };
        check(
            json!({ "subscriptionType": "object.propertyChange", "objectTypeId": "0-3",
                    "objectId": 512, "propertyName": "dealstage", "propertyValue": "closedwon" }),
            Some(&ObjectType::DEALS),
            Some(512),
            &property(Some(PropertyValue::from(Some("closedwon".to_owned())))),
        );
        check(
            json!({ "subscriptionType": "deal.propertyChange", "objectId": 512, "propertyName": "dealstage" }),
            Some(&ObjectType::DEALS),
            Some(512),
            &property(None),
        );
        check(
            json!({ "subscriptionType": "contact.merge", "primaryObjectId": 1, "newObjectId": 3,
                    "mergedObjectIds": [2, "4", null], "numberOfPropertiesMoved": 5, "objectId": 1 }),
            Some(&ObjectType::CONTACTS),
            Some(3),
            &Change::Merged {
                primary: Some(RecordId::new(1)),
                merged: ids(&[2, 4]),
                new: Some(RecordId::new(3)),
            },
        );
        check(
            json!({ "subscriptionType": "deal.associationChange", "associationType": "DEAL_TO_CONTACT",
                    "fromObjectId": 5, "toObjectId": 6, "associationRemoved": true,
                    "isPrimaryAssociation": "false" }),
            Some(&ObjectType::DEALS),
            Some(5),
            &Change::Association {
                kind: Some("DEAL_TO_CONTACT".into()),
                to: Some(RecordId::new(6)),
                removed: true,
                primary: false,
            },
        );
        check(
            json!({ "subscriptionType": "conversation.newMessage", "objectId": 9 }),
            None,
            Some(9),
            &Change::Other,
        );
        check(
            json!({ "subscriptionType": "object.creation", "objectTypeId": "0-9999" }),
            None,
            None,
            &Change::Created,
        );
        check(
            json!({ "subscriptionType": "object.creation", "objectTypeId": "2-345", "objectId": 1 }),
            Some(&"2-345".parse().unwrap()),
            Some(1),
            &Change::Created,
        );
    }

    #[test]
    fn one_odd_notice_costs_no_other() {
        let good = json!({ "portalId": 1, "subscriptionType": "deal.creation" });
        let odd = [
            json!(null),
            json!("text"),
            json!({}),
            json!({ "portalId": 1 }),
            json!({ "portalId": "nobody", "subscriptionType": "deal.creation" }),
            json!({ "portalId": 1, "subscriptionType": "" }),
            json!({ "portalId": 1, "subscriptionType": "deal.propertyChange" }),
        ];
        let mut entries = odd.to_vec();
        entries.insert(3, good);
        let delivery = delivery(&Value::from(entries));
        assert_eq!((delivery.events.len(), delivery.unreadable), (1, odd.len()));
        for body in ["", "{}", "null", "[", "<html>", r#"{"portalId":1}"#] {
            assert_eq!(read(body.as_bytes()), Err(Unreadable), "{body}");
        }
        assert_eq!(read(b"[]"), Ok(Delivery::default()));
    }

    #[test]
    fn the_same_notice_is_known_and_no_other_is_taken_for_it() {
        let first = json!({ "portalId": 1, "subscriptionId": 7, "objectId": 5, "occurredAt": 1_793_000_000_000_i64,
            "eventId": 100, "subscriptionType": "deal.propertyChange", "propertyName": "amount",
            "attemptNumber": 0 });
        let key = |entry: &Value| delivery(&json!([entry])).events[0].key();
        let with = |name: &str, value: Value| {
            let mut entry = first.clone();
            entry[name] = value;
            entry
        };
        assert_eq!(key(&first), key(&with("attemptNumber", json!(3))));
        assert_eq!(key(&first), key(&with("eventId", json!("100"))));
        for (name, value) in [
            ("portalId", json!(2)),
            ("subscriptionId", json!(8)),
            ("objectId", json!(6)),
            ("occurredAt", json!(1_793_000_000_001_i64)),
            ("eventId", json!(101)),
            ("propertyName", json!("closedate")),
        ] {
            assert_ne!(key(&first), key(&with(name, value)), "{name}");
        }
    }
}
