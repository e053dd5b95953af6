//! A request as the simulator reads it, and an answer as it gives it.

use serde_json::Value;

use super::refusal::Refusal;

/// A request, read completely.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// In capitals.
    pub method: String,
    /// Without the query.
    pub path: String,
    /// Decoded, in order.
    pub query: Vec<(String, String)>,
    /// What stands after `Bearer`.
    pub bearer: Option<String>,
    /// What the sender says the body is.
    pub content_type: String,
    /// As sent.
    pub body: Vec<u8>,
}

impl Request {
    /// The path's parts.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path
            .split('/')
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// The first value of a query parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// A parameter that lists names. HubSpot takes `a,b` and repeated parameters alike.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        self.query
            .iter()
            .filter(|(key, _)| key == name)
            .flat_map(|(_, value)| value.split(','))
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// A true-or-false parameter in any capitals: HubSpot's Python client sends `False`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.parameter(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The body as JSON; nothing at all counts as an empty object.
    pub(crate) fn json(&self) -> Option<Value> {
        if self.body.is_empty() {
            return Some(Value::Object(serde_json::Map::new()));
        }
        serde_json::from_slice(&self.body).ok()
    }

    /// The body as JSON, or the refusal of one that is none.
    pub(crate) fn body(&self) -> Result<Value, Refusal> {
        self.json()
            .ok_or_else(|| Refusal::invalid("Invalid input JSON"))
    }

    /// The body's fields, sent as a form or as JSON.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        if self.content_type.contains("json") {
            let Some(Value::Object(fields)) = self.json() else {
                return Vec::new();
            };
            return fields
                .into_iter()
                .filter_map(|(key, value)| value.as_str().map(|text| (key, text.to_owned())))
                .collect();
        }
        url::form_urlencoded::parse(&self.body)
            .into_owned()
            .collect()
    }
}

/// What an answer carries.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Payload {
    /// JSON, as nearly always.
    Json(Value),
    /// A page for people.
    Html(String),
    /// Nothing.
    Empty,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers besides the content type.
    pub headers: Vec<(&'static str, String)>,
    /// What it carries.
    pub payload: Payload,
}

impl Reply {
    /// JSON with a status.
    pub(crate) fn json(status: u16, value: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            payload: Payload::Json(value),
        }
    }

    /// JSON with 200.
    pub(crate) fn ok(value: Value) -> Self {
        Self::json(200, value)
    }

    /// 204.
    pub(crate) fn none() -> Self {
        Self {
            status: 204,
            headers: Vec::new(),
            payload: Payload::Empty,
        }
    }

    /// A page.
    pub(crate) fn page(status: u16, html: String) -> Self {
        Self {
            status,
            headers: Vec::new(),
            payload: Payload::Html(html),
        }
    }
}
