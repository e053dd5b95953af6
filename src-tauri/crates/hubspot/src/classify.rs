//! Answers that are no success, classified. One table for calls of the API, one for token calls.

use std::time::Duration;

use crate::error_body::ErrorBody;
use crate::transport::Answer;
use crate::{AppFault, Error, Kind};

/// What a 429 means when it does not say: the burst window's length is always enough.
const UNNAMED_LIMIT: Duration = Duration::from_secs(10);

/// HubSpot holds a record's lock for two seconds (errors, 423).
const LOCK: Duration = Duration::from_secs(2);

/// Classifies an answer to a call of the API whose status is no success.
pub(crate) fn data(answer: &Answer) -> Error {
    let body = body_of(answer);
    let origin = body.origin(answer.status);
    let kind = match answer.status {
        400 | 422 => Kind::Validation,
        // 530 was seen for tokens that are no tokens at all (Airbyte, source-hubspot).
        401 | 530 => Kind::Reauth,
        403 if origin.category.as_deref() == Some("MISSING_SCOPES")
            || !origin.missing_scopes.is_empty() =>
        {
            Kind::MissingScopes
        }
        403 => Kind::Forbidden,
        404 => Kind::NotFound,
        409 => Kind::Conflict,
        413 | 414 => Kind::TooLong,
        status => transient(status, answer, &body).unwrap_or(match status {
            400..=499 => Kind::Refused,
            // A redirect is not followed, and nothing else is documented.
            _ => Kind::Malformed,
        }),
    };
    Error::new(kind, origin)
}

/// What a token call wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grant {
    Code,
    Refresh,
}

/// Classifies an answer to a token call whose status is no success.
///
/// A portal counts as disconnected on an explicit `invalid_grant` to a refresh, or on `BAD_HUB`,
/// and on nothing else: to take an outage for a revocation would cost a person their connection.
pub(crate) fn token(answer: &Answer, grant: Grant) -> Error {
    let body = body_of(answer);
    let origin = body.origin(answer.status);
    let kind = match transient(answer.status, answer, &body) {
        Some(kind) => kind,
        // Only a refusal is believed to be one, whatever else a body says.
        None if !(400..500).contains(&answer.status) => Kind::Malformed,
        None => match body.status.as_deref() {
            Some("BAD_HUB") => Kind::Disconnected,
            Some("BAD_REFRESH_TOKEN") if grant == Grant::Refresh => Kind::Disconnected,
            Some("BAD_AUTH_CODE" | "BAD_CODE_VERIFIER") => Kind::CodeRefused,
            Some("BAD_CLIENT_ID") => Kind::App(AppFault::ClientId),
            Some("BAD_CLIENT_SECRET") => Kind::App(AppFault::ClientSecret),
            Some("BAD_REDIRECT_URI") => Kind::App(AppFault::RedirectUri),
            Some("BAD_SCOPES") => Kind::App(AppFault::Scopes),
            _ => match (body.error.as_deref(), grant) {
                (Some("invalid_grant"), Grant::Refresh) => Kind::Disconnected,
                (Some("invalid_grant"), Grant::Code) => Kind::CodeRefused,
                (Some("invalid_client" | "unauthorized_client"), _) => Kind::App(AppFault::Other),
                (Some("invalid_scope"), _) => Kind::App(AppFault::Scopes),
                _ => Kind::Refused,
            },
        },
    };
    Error::new(kind, origin)
}

/// The classes that pass by themselves.
fn transient(status: u16, answer: &Answer, body: &ErrorBody) -> Option<Kind> {
    let retry_after = answer.retry_after();
    match status {
        429 => Some(rate_limit(retry_after, body)),
        423 => Some(Kind::Unavailable {
            retry_after: Some(retry_after.unwrap_or(LOCK).max(LOCK)),
        }),
        477 => Some(Kind::Moving { retry_after }),
        408 | 425 | 500..=599 => Some(Kind::Unavailable { retry_after }),
        _ => None,
    }
}

fn rate_limit(retry_after: Option<Duration>, body: &ErrorBody) -> Kind {
    let named = body.policy_name.as_deref().unwrap_or_default();
    // The message is only asked where no policy is named: HubSpot keeps names stable, not words.
    let words = if named.is_empty() {
        body.message.as_deref().unwrap_or_default()
    } else {
        ""
    };
    if named == "DAILY" || words.contains("daily limit") {
        return Kind::DailyLimit { ask_again: None };
    }
    let by_table = if named == "SECONDLY" || words.contains("your secondly limit") {
        Duration::from_secs(1)
    } else {
        UNNAMED_LIMIT
    };
    Kind::RateLimited {
        retry_after: retry_after.unwrap_or(by_table),
    }
}

/// HTML (520 and other pages of the edge) is not even looked into.
fn body_of(answer: &Answer) -> ErrorBody {
    if answer.is_html() {
        ErrorBody::default()
    } else {
        ErrorBody::parse(&answer.body)
    }
}

#[cfg(test)]
mod tests;
