use std::time::Duration;

use proptest::prelude::*;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};

use super::*;

fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status,
        headers: HeaderMap::new(),
        body: body.as_bytes().to_vec(),
    }
}

fn waiting(status: u16, body: &str, seconds: &'static str) -> Answer {
    let mut answer = answer(status, body);
    answer
        .headers
        .insert(RETRY_AFTER, HeaderValue::from_static(seconds));
    answer
}

const fn unavailable(seconds: Option<u64>) -> Kind {
    let retry_after = match seconds {
        Some(seconds) => Some(Duration::from_secs(seconds)),
        None => None,
    };
    Kind::Unavailable { retry_after }
}

const fn rate_limited(seconds: u64) -> Kind {
    Kind::RateLimited {
        retry_after: Duration::from_secs(seconds),
    }
}

#[track_caller]
fn check_data(status: u16, body: &str, expected: Kind) {
    let error = data(&answer(status, body));
    assert_eq!(error.kind(), expected, "{status} {body}");
    assert_eq!(error.origin().http, Some(status));
}

/// The rows of HubSpot's table of status codes.
#[test]
fn each_status_has_its_class() {
    for (status, expected) in [
        (400, Kind::Validation),
        (401, Kind::Reauth),
        (403, Kind::Forbidden),
        (404, Kind::NotFound),
        (408, unavailable(None)),
        (409, Kind::Conflict),
        (413, Kind::TooLong),
        (414, Kind::TooLong),
        (418, Kind::Refused),
        (422, Kind::Validation),
        (423, unavailable(Some(2))),
        (429, rate_limited(10)),
        (477, Kind::Moving { retry_after: None }),
        (500, unavailable(None)),
        (502, unavailable(None)),
        (503, unavailable(None)),
        (504, unavailable(None)),
        (520, unavailable(None)),
        (521, unavailable(None)),
        (522, unavailable(None)),
        (523, unavailable(None)),
        (524, unavailable(None)),
        (525, unavailable(None)),
        (526, unavailable(None)),
        (530, Kind::Reauth),
        (302, Kind::Malformed),
        (600, Kind::Malformed),
    ] {
        for body in [
            "",
            "{}",
            "null",
            "[]",
            "<html>Web server error</html>",
            "\u{0}",
        ] {
            check_data(status, body, expected);
        }
    }
}

#[test]
fn the_three_kinds_of_429_and_their_older_spellings() {
    let limit = |policy: &str| {
        format!(
            r#"{{"status":"error","errorType":"RATE_LIMIT","policyName":"{policy}","correlationId":"c-1"}}"#
        )
    };
    check_data(429, &limit("TEN_SECONDLY_ROLLING"), rate_limited(10));
    check_data(429, &limit("SECONDLY"), rate_limited(1));
    check_data(429, &limit("DAILY"), Kind::DailyLimit { ask_again: None });
    let words = |words: &str| format!(r#"{{"message":"You have reached your {words} limit."}}"#);
    check_data(429, &words("ten_secondly_rolling"), rate_limited(10));
    check_data(429, &words("secondly"), rate_limited(1));
    check_data(429, &words("daily"), Kind::DailyLimit { ask_again: None });
    check_data(429, &limit("SOMETHING_NEW"), rate_limited(10));
    let error = data(&answer(429, &limit("SECONDLY")));
    assert_eq!(error.origin().policy.as_deref(), Some("SECONDLY"));
    assert_eq!(error.origin().category.as_deref(), Some("RATE_LIMIT"));
}

#[test]
fn what_hubspot_asks_to_wait_is_told() {
    let second = r#"{"policyName":"SECONDLY"}"#;
    assert_eq!(data(&waiting(429, second, "4")).kind(), rate_limited(4));
    assert_eq!(data(&waiting(503, "", "30")).kind(), unavailable(Some(30)));
    assert_eq!(
        data(&waiting(423, "", "1")).kind(),
        unavailable(Some(2)),
        "a lock lasts 2 s"
    );
    let day = Some(Duration::from_secs(86_400));
    assert_eq!(
        data(&waiting(477, "", "86400")).kind(),
        Kind::Moving { retry_after: day }
    );
    assert_eq!(
        data(&waiting(503, "", "Wed, 21 Oct 2026 07:28:00 GMT")).kind(),
        unavailable(None)
    );
    assert_eq!(data(&waiting(503, "", "-5")).kind(), unavailable(None));
}

#[test]
fn missing_scopes_are_told_apart_from_other_403() {
    let error = data(&answer(
        403,
        r#"{"status":"error","category":"MISSING_SCOPES","message":"This app hasn't been granted all required scopes.",
            "links":{"scopes":"https://developers.hubspot.com/scopes"},
            "errors":[{"message":"One or more of the following scopes are required.",
                       "context":{"requiredGranularScopes":["crm.objects.deals.read"]}}]}"#,
    ));
    assert_eq!(error.kind(), Kind::MissingScopes);
    assert_eq!(error.origin().missing_scopes, ["crm.objects.deals.read"]);
    check_data(
        403,
        r#"{"category":"USER_DOES_NOT_HAVE_PERMISSIONS"}"#,
        Kind::Forbidden,
    );
}

#[test]
fn a_validation_names_codes_and_properties_and_hides_words() {
    let error = data(&answer(
        400,
        r#"{"status":"error","category":"VALIDATION_ERROR","correlationId":"ab-1",
            "message":"Property values were not valid: [{\"isValid\":false,\"message\":\"ana@acme.test is no number\",\"error\":\"INVALID_INTEGER\",\"name\":\"score\"}]",
            "errors":[{"message":"Ana Ruiz","code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["amount"]}}]}"#,
    ));
    let origin = error.origin();
    assert_eq!(error.kind(), Kind::Validation);
    assert_eq!(origin.codes, ["INVALID_INTEGER", "PROPERTY_DOESNT_EXIST"]);
    assert_eq!(origin.properties, ["amount", "score"]);
    assert_eq!(origin.correlation_id.as_deref(), Some("ab-1"));
    assert!(
        origin
            .message
            .as_ref()
            .unwrap()
            .expose()
            .contains("ana@acme.test")
    );
    for shown in [error.to_string(), format!("{error:?}")] {
        assert!(
            !shown.contains("acme") && !shown.contains("Ruiz"),
            "{shown}"
        );
    }
}

#[test]
fn prose_in_the_place_of_a_code_is_not_taken_for_one() {
    let error = data(&answer(
        400,
        r#"{"category":"Ana Ruiz <ana@acme.test>","correlationId":{"x":1},"errors":["x",7,{"code":"Ana Ruiz"}],"context":[1]}"#,
    ));
    assert_eq!(error.origin().category, None);
    assert!(error.origin().codes.is_empty());
}

#[track_caller]
fn check_token(grant: Grant, status: u16, body: &str, expected: Kind) {
    assert_eq!(
        token(&answer(status, body), grant).kind(),
        expected,
        "{grant:?} {status} {body}"
    );
}

/// The rows of HubSpot's table of token errors.
#[test]
fn each_token_error_has_its_class() {
    use Grant::{Code, Refresh};
    let body = |status: &str, error: &str| {
        format!(
            r#"{{"error":"{error}","error_description":"…","status":"{status}","message":"…"}}"#
        )
    };
    for (grant, status, error, expected) in [
        (
            Refresh,
            "BAD_REFRESH_TOKEN",
            "invalid_grant",
            Kind::Disconnected,
        ),
        (Code, "BAD_AUTH_CODE", "invalid_grant", Kind::CodeRefused),
        (
            Code,
            "BAD_CODE_VERIFIER",
            "invalid_grant",
            Kind::CodeRefused,
        ),
        (
            Code,
            "BAD_CLIENT_ID",
            "invalid_client",
            Kind::App(AppFault::ClientId),
        ),
        (
            Refresh,
            "BAD_CLIENT_ID",
            "invalid_client",
            Kind::App(AppFault::ClientId),
        ),
        (
            Code,
            "BAD_CLIENT_SECRET",
            "invalid_client",
            Kind::App(AppFault::ClientSecret),
        ),
        (
            Refresh,
            "BAD_CLIENT_SECRET",
            "invalid_client",
            Kind::App(AppFault::ClientSecret),
        ),
        (
            Code,
            "BAD_REDIRECT_URI",
            "invalid_request",
            Kind::App(AppFault::RedirectUri),
        ),
        (
            Code,
            "BAD_REDIRECT_URI",
            "invalid_grant",
            Kind::App(AppFault::RedirectUri),
        ),
        (Refresh, "BAD_HUB", "access_denied", Kind::Disconnected),
        (
            Code,
            "BAD_SCOPES",
            "invalid_scope",
            Kind::App(AppFault::Scopes),
        ),
    ] {
        check_token(grant, 400, &body(status, error), expected);
    }
}

#[test]
fn a_standard_error_alone_is_understood() {
    use Grant::{Code, Refresh};
    check_token(
        Refresh,
        400,
        r#"{"error":"invalid_grant"}"#,
        Kind::Disconnected,
    );
    check_token(Code, 400, r#"{"error":"invalid_grant"}"#, Kind::CodeRefused);
    check_token(
        Refresh,
        401,
        r#"{"error":"invalid_client"}"#,
        Kind::App(AppFault::Other),
    );
    check_token(
        Code,
        400,
        r#"{"error":"invalid_scope"}"#,
        Kind::App(AppFault::Scopes),
    );
}

/// To take an outage or a riddle for a revocation would cost a person their connection.
#[test]
fn nothing_else_disconnects_a_portal() {
    use Grant::{Code, Refresh};
    let gone = r#"{"error":"invalid_grant","status":"BAD_REFRESH_TOKEN"}"#;
    for status in [429, 500, 502, 503, 504, 520, 524] {
        assert_ne!(
            token(&answer(status, gone), Refresh).kind(),
            Kind::Disconnected,
            "{status}"
        );
    }
    check_token(Refresh, 400, "", Kind::Refused);
    check_token(Refresh, 400, r#"{"error":"access_denied"}"#, Kind::Refused);
    check_token(Refresh, 401, "{}", Kind::Refused);
    check_token(Refresh, 403, "<html>blocked</html>", Kind::Refused);
    check_token(Refresh, 404, "{}", Kind::Refused);
    check_token(Refresh, 302, gone, Kind::Malformed);
    check_token(Refresh, 200, gone, Kind::Malformed);
    check_token(Code, 400, r#"{"error":"invalid_request"}"#, Kind::Refused);
    let mut page = answer(400, gone);
    page.headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("Text/HTML; charset=utf-8"),
    );
    assert_eq!(
        token(&page, Refresh).kind(),
        Kind::Refused,
        "a page for people is no answer"
    );
}

proptest! {
    #[test]
    fn no_body_panics(status in 0_u16..700, body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let answer = Answer { status, headers: HeaderMap::new(), body };
        let _ = format!("{} {:?}", data(&answer), token(&answer, Grant::Refresh));
    }

    #[test]
    fn no_json_panics(
        status in 400_u16..600,
        message in ".{0,40}",
        odd in prop::sample::select(vec!["null", "7", "[]", "{}", "[null]", "\"x\"", "true", "1e999"]),
        field in prop::sample::select(vec![
            "message", "category", "errors", "context", "correlationId", "policyName", "status", "error",
        ]),
    ) {
        let message = serde_json::to_string(&message).unwrap();
        let body = format!(r#"{{"links":{message},"{field}":{odd}}}"#);
        let answer = answer(status, &body);
        let shown = format!("{} {:?}", data(&answer), token(&answer, Grant::Code));
        prop_assert!(!shown.is_empty());
    }
}
