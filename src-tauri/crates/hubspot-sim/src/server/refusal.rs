//! Errors with the bodies that HubSpot really sends (its guide to error handling, and bodies
//! quoted in the issues of its client libraries).

use serde_json::{Value, json};

use super::exchange::Reply;

/// A refused call.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// The body, still without its correlation id.
    pub body: Value,
}

/// What a handler gives back.
pub(crate) type Answer = Result<Reply, Refusal>;

impl Refusal {
    fn new(status: u16, body: Value) -> Self {
        Self { status, body }
    }

    fn plain(status: u16, category: &str, message: &str) -> Self {
        Self::new(
            status,
            json!({ "status": "error", "category": category, "message": message }),
        )
    }

    /// 400: the call breaks a rule.
    pub(crate) fn invalid(message: &str) -> Self {
        Self::plain(400, "VALIDATION_ERROR", message)
    }

    /// 400: property values break the rules of their definitions. HubSpot hides the list of them
    /// as JSON inside the message.
    pub(crate) fn invalid_properties(faults: &[PropertyFault]) -> Self {
        let listed: Vec<Value> = faults
            .iter()
            .map(|fault| {
                json!({
                    "isValid": false,
                    "message": fault.message,
                    "error": fault.code,
                    "name": fault.property,
                    "localizedErrorMessage": fault.message,
                })
            })
            .collect();
        let errors: Vec<Value> = faults
            .iter()
            .map(|fault| {
                json!({
                    "message": fault.message,
                    "code": fault.code,
                    "context": { "propertyName": [fault.property] },
                })
            })
            .collect();
        let message = format!("Property values were not valid: {}", Value::from(listed));
        Self::new(
            400,
            json!({
                "status": "error",
                "category": "VALIDATION_ERROR",
                "message": message,
                "errors": errors,
            }),
        )
    }

    /// 404.
    pub(crate) fn missing(message: &str) -> Self {
        Self::plain(404, "OBJECT_NOT_FOUND", message)
    }

    /// 405.
    pub(crate) fn method() -> Self {
        Self::plain(405, "VALIDATION_ERROR", "HTTP 405 Method Not Allowed")
    }

    /// 414, which HubSpot also gives to a merge of too many identities.
    pub(crate) fn too_long(message: &str) -> Self {
        Self::plain(414, "VALIDATION_ERROR", message)
    }

    /// 409.
    pub(crate) fn conflict(message: &str) -> Self {
        Self::plain(409, "CONFLICT", message)
    }

    /// 401: no token, or one that was never issued.
    pub(crate) fn unauthenticated() -> Self {
        Self::plain(
            401,
            "INVALID_AUTHENTICATION",
            "Authentication credentials not found. This API supports OAuth 2.0 authentication and \
             you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
        )
    }

    /// 401: the access token is over its thirty minutes.
    pub(crate) fn expired(seconds: i64, since: &str) -> Self {
        Self::new(
            401,
            json!({
                "status": "error",
                "category": "EXPIRED_AUTHENTICATION",
                "message": format!(
                    "The OAuth token used to make this call expired {seconds} second(s) ago."
                ),
                "context": { "expire time": [since] },
            }),
        )
    }

    /// 403: the token lacks every one of these scopes, any of which would do.
    pub(crate) fn scopes(any_of: &[&str]) -> Self {
        Self::new(
            403,
            json!({
                "status": "error",
                "category": "MISSING_SCOPES",
                "message": "This app hasn't been granted all required scopes to make this call. Read \
                            more about required scopes here: https://developers.hubspot.com/scopes.",
                "links": { "scopes": "https://developers.hubspot.com/scopes" },
                "errors": [{
                    "message": "One or more of the following scopes are required.",
                    "context": { "requiredGranularScopes": any_of },
                }],
            }),
        )
    }

    /// 403: the account's subscription lacks the object type.
    pub(crate) fn plan() -> Self {
        Self::plain(
            403,
            "MISSING_SCOPES",
            "This account's subscription doesn't include the features that this call needs.",
        )
    }

    /// 429 by one of the three policies.
    pub(crate) fn rate(policy: &str, message: &str, group: &str) -> Self {
        Self::new(
            429,
            json!({
                "status": "error",
                "message": message,
                "errorType": "RATE_LIMIT",
                "policyName": policy,
                "groupName": group,
            }),
        )
    }

    /// An OAuth error: RFC 6749's fields beside HubSpot's own.
    pub(crate) fn oauth(status: &str, error: &str, message: &str) -> Self {
        Self::new(
            400,
            json!({
                "error": error,
                "error_description": message,
                "status": status,
                "message": message,
            }),
        )
    }

    /// The answer, with its correlation id; rate limits carry a request id too.
    pub(crate) fn reply(mut self, id: &str) -> Reply {
        if let Value::Object(body) = &mut self.body {
            body.insert("correlationId".to_owned(), json!(id));
            if self.status == 429 {
                body.insert("requestId".to_owned(), json!(id));
            }
        }
        Reply::json(self.status, self.body)
    }
}

/// Why one property's value was refused.
#[derive(Debug, Clone)]
pub(crate) struct PropertyFault {
    /// The property.
    pub property: String,
    /// HubSpot's code, such as `PROPERTY_DOESNT_EXIST`.
    pub code: &'static str,
    /// In words.
    pub message: String,
}
