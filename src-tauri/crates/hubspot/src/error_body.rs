//! HubSpot's error bodies. "All fields should be treated as optional in any error parsing" (errors).

use std::collections::{BTreeMap, BTreeSet};

use crm::RecordId;
use serde::Deserialize;
use serde_json::Value;

use crate::{InputError, Origin, RemoteText, wire};

/// An error as HubSpot tells it: of a whole answer, of one input, or of one field.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorBody {
    #[serde(default, deserialize_with = "wire::text")]
    pub(crate) message: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    pub(crate) category: Option<String>,
    /// Spelled `errorType` in some 429 bodies.
    #[serde(default, deserialize_with = "wire::text")]
    error_type: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    sub_category: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    pub(crate) policy_name: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    correlation_id: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    code: Option<String>,
    /// The status of token errors (`BAD_REFRESH_TOKEN`); `error` on all others.
    #[serde(default, deserialize_with = "wire::text")]
    pub(crate) status: Option<String>,
    /// RFC 6749's code on token errors.
    #[serde(default, deserialize_with = "wire::text")]
    pub(crate) error: Option<String>,
    #[serde(default, deserialize_with = "lenient_map")]
    context: BTreeMap<String, Value>,
    #[serde(default, deserialize_with = "lenient_errors")]
    errors: Vec<ErrorBody>,
}

fn lenient_map<'de, D: serde::Deserializer<'de>>(
    from: D,
) -> Result<BTreeMap<String, Value>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Object(map) => map.into_iter().collect(),
        _ => BTreeMap::new(),
    })
}

/// A list of errors; entries that are no objects are left out.
pub(crate) fn lenient_errors<'de, D: serde::Deserializer<'de>>(
    from: D,
) -> Result<Vec<ErrorBody>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Array(items) => items
            .into_iter()
            .filter_map(|item| serde_json::from_value(item).ok())
            .collect(),
        _ => Vec::new(),
    })
}

impl ErrorBody {
    /// Reads a body; whatever is no JSON object has no fields.
    pub(crate) fn parse(body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }

    /// The parts that are safe to keep, and the message under its wrapper.
    pub(crate) fn origin(&self, http: u16) -> Origin {
        let mut found = Found::default();
        found.gather(self);
        Origin {
            route: None,
            http: Some(http),
            category: self
                .category
                .as_deref()
                .or(self.error_type.as_deref())
                .and_then(token),
            sub_category: self.sub_category.as_deref().and_then(token),
            policy: self.policy_name.as_deref().and_then(token),
            codes: found.codes.into_iter().collect(),
            properties: found.properties.into_iter().collect(),
            missing_scopes: found.scopes.into_iter().collect(),
            correlation_id: self.correlation_id.as_deref().and_then(token),
            message: self.message.as_deref().map(RemoteText::new),
        }
    }

    /// Whether the error names this value as an id, as it does with inputs named by a property.
    /// Such values may be e-mail addresses, so they are compared here and never kept.
    pub(crate) fn names_input(&self, value: &str) -> bool {
        let listed = |key: &str| self.context.get(key).into_iter().flat_map(texts);
        listed("ids")
            .chain(listed("id"))
            .any(|id| id.eq_ignore_ascii_case(value))
    }

    /// The records that the error's context names under a key.
    pub(crate) fn named(&self, key: &str) -> Vec<RecordId> {
        let listed = self.context.get(key).into_iter().flat_map(texts);
        listed.filter_map(|text| text.parse().ok()).collect()
    }

    /// The same, of one input of a batch.
    pub(crate) fn as_input_error(&self) -> InputError {
        let mut found = Found::default();
        found.gather(self);
        InputError {
            ids: found.ids.into_iter().collect(),
            traces: found.traces.into_iter().collect(),
            category: self.category.as_deref().and_then(token),
            codes: found.codes.into_iter().collect(),
            properties: found.properties.into_iter().collect(),
            message: self.message.as_deref().map(RemoteText::new),
        }
    }
}

/// What an error and the errors inside it name.
#[derive(Default)]
struct Found {
    codes: BTreeSet<String>,
    properties: BTreeSet<String>,
    scopes: BTreeSet<String>,
    ids: BTreeSet<RecordId>,
    traces: BTreeSet<String>,
}

impl Found {
    fn gather(&mut self, error: &ErrorBody) {
        self.codes.extend(error.code.as_deref().and_then(token));
        for (key, value) in &error.context {
            match key.as_str() {
                "ids" | "id" | "fromObjectId" | "objectId" => {
                    self.ids
                        .extend(texts(value).filter_map(|text| text.parse::<RecordId>().ok()));
                }
                "objectWriteTraceId" => {
                    self.traces
                        .extend(texts(value).filter_map(|text| token(&text)));
                }
                "propertyName" | "properties" => {
                    self.properties
                        .extend(texts(value).filter_map(|text| token(&text)));
                }
                "requiredScopes" | "requiredGranularScopes" | "missingScopes" => {
                    self.scopes
                        .extend(texts(value).filter_map(|text| token(&text)));
                }
                _ => {}
            }
        }
        for hidden in error
            .message
            .as_deref()
            .map(inside_message)
            .unwrap_or_default()
        {
            self.codes.extend(hidden.error.as_deref().and_then(token));
            self.properties
                .extend(hidden.name.as_deref().and_then(token));
        }
        for inner in &error.errors {
            self.gather(inner);
        }
    }
}

/// The scalars of a value that should be a list of texts.
fn texts(value: &Value) -> impl Iterator<Item = String> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    items.iter().filter_map(|item| match item {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// A machine-readable word. Anything that might be prose, and so might hold somebody's name, is
/// none; nor is anything longer than every code, id and scope seen.
fn token(text: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte);
    let fits = !text.is_empty() && text.len() <= 100 && text.bytes().all(plain);
    fits.then(|| text.to_owned())
}

/// One entry of the list that validation errors hide inside their message.
#[derive(Deserialize)]
struct Hidden {
    #[serde(default, deserialize_with = "wire::text")]
    error: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    name: Option<String>,
}

/// `Property values were not valid: [{"isValid":false,"error":"…","name":"…"}]`
fn inside_message(message: &str) -> Vec<Hidden> {
    let list = message.find("[{").map(|start| &message[start..]);
    list.and_then(|list| serde_json::from_str(list).ok())
        .unwrap_or_default()
}
