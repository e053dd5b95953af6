//! The faults, and how each must end: from HubSpot's guide to error handling and from what its
//! clients reported, not from our code.

use crate::edge::Say;

/// How a call ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// With success.
    Done,
    /// With an answer that names what is missing.
    Partly,
    /// With an error of this class.
    Error(&'static str),
}

/// Which calls a fault is tried on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    /// All of them.
    Every,
    /// Batches alone.
    Batches,
}

/// One way in which HubSpot, or the road to it, can fail.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    /// The answers in turn, the last one for ever.
    pub(crate) script: Vec<Say>,
    pub(crate) on: On,
    /// How a call ends that only reads.
    pub(crate) reading: End,
    /// How a call ends that changes something.
    pub(crate) writing: End,
    /// Whether a write may have been carried out all the same.
    pub(crate) may_have_acted: bool,
    /// Whether it ends at the deadline, so that the deadline of the test is short.
    pub(crate) slow: bool,
}

const HTML: &str =
    "<!DOCTYPE html><html><body><h1>Web server is returning an error</h1></body></html>";

fn body(category: &str, message: &str) -> String {
    format!(
        r#"{{"status":"error","message":"{message}","category":"{category}","correlationId":"aeb5f871-7f07-4993-9211-075dc63e7cbf"}}"#
    )
}

fn limit(policy: &str) -> String {
    format!(
        r#"{{"status":"error","message":"You have reached your limit.","errorType":"RATE_LIMIT","policyName":"{policy}","groupName":"publicapi:4242","requestId":"1"}}"#
    )
}

fn status(status: u16, body: String) -> Say {
    Say::Status(status, &[], body)
}

fn page(status: u16) -> Say {
    Say::Status(status, &[("content-type", "text/html")], HTML.to_owned())
}

/// The same for reads and writes, and certain not to have acted.
fn refused(name: &'static str, say: Say, class: &'static str) -> Fault {
    Fault {
        name,
        script: vec![say],
        on: On::Every,
        reading: End::Error(class),
        writing: End::Error(class),
        may_have_acted: false,
        slow: false,
    }
}

/// The same for reads and writes; a write may have been carried out.
fn broken(name: &'static str, say: Say, class: &'static str) -> Fault {
    Fault {
        may_have_acted: true,
        ..refused(name, say, class)
    }
}

/// Ends at the deadline.
fn stuck(name: &'static str, say: Say) -> Fault {
    Fault {
        slow: true,
        ..broken(name, say, "Timeout")
    }
}

/// Strikes once and never again: a read goes on, a write only when it is certain that nothing was
/// done.
fn once(fault: Fault) -> Fault {
    let mut script = fault.script;
    script.push(Say::Good);
    Fault {
        script,
        reading: End::Done,
        writing: if fault.may_have_acted {
            fault.writing
        } else {
            End::Done
        },
        ..fault
    }
}

fn mixed(name: &'static str, body: &str) -> Fault {
    Fault {
        on: On::Batches,
        reading: End::Partly,
        writing: End::Partly,
        ..refused(name, status(207, body.to_owned()), "")
    }
}

pub(crate) fn all() -> Vec<Fault> {
    let mut all = vec![
        Fault {
            reading: End::Done,
            writing: End::Done,
            ..refused("nothing wrong", Say::Good, "")
        },
        // Statuses of the guide, each with its documented body.
        refused(
            "400",
            status(400, body("VALIDATION_ERROR", "Invalid input JSON")),
            "Validation",
        ),
        refused(
            "400 without a body",
            status(400, String::new()),
            "Validation",
        ),
        refused(
            "401",
            status(
                401,
                body(
                    "INVALID_AUTHENTICATION",
                    "Authentication credentials not found",
                ),
            ),
            "Reauth",
        ),
        refused(
            "401 expired for ever",
            status(
                401,
                body("EXPIRED_AUTHENTICATION", "expired 1 second(s) ago"),
            ),
            "Reauth",
        ),
        refused(
            "403 scope",
            status(
                403,
                body(
                    "MISSING_SCOPES",
                    "This app hasn't been granted all required scopes",
                ),
            ),
            "MissingScopes",
        ),
        refused(
            "403 plan",
            status(403, body("BANNED", "not in this plan")),
            "Forbidden",
        ),
        refused(
            "404",
            status(404, body("OBJECT_NOT_FOUND", "Object not found")),
            "NotFound",
        ),
        refused("404 page", page(404), "NotFound"),
        refused(
            "405",
            status(405, body("VALIDATION_ERROR", "HTTP 405 Method Not Allowed")),
            "Refused",
        ),
        refused(
            "409",
            status(
                409,
                body("CONFLICT", "Contact already exists. Existing ID: 5"),
            ),
            "Conflict",
        ),
        refused("410", status(410, String::new()), "Refused"),
        refused("413", page(413), "TooLong"),
        refused("414", page(414), "TooLong"),
        refused("423", status(423, body("LOCKED", "locked")), "Unavailable"),
        refused(
            "429 secondly",
            status(429, limit("SECONDLY")),
            "RateLimited",
        ),
        refused(
            "429 ten-secondly",
            status(429, limit("TEN_SECONDLY_ROLLING")),
            "RateLimited",
        ),
        refused("429 daily", status(429, limit("DAILY")), "DailyLimit"),
        refused(
            "429 without policy",
            status(429, body("RATE_LIMITS", "slow down")),
            "RateLimited",
        ),
        refused("429 page", page(429), "RateLimited"),
        refused(
            "429 with Retry-After",
            Say::Status(429, &[("retry-after", "2")], limit("SECONDLY")),
            "RateLimited",
        ),
        refused(
            "429 with an hour",
            Say::Status(
                429,
                &[("retry-after", "3600")],
                limit("TEN_SECONDLY_ROLLING"),
            ),
            "RateLimited",
        ),
        refused(
            "429 with nonsense",
            Say::Status(429, &[("retry-after", "soon")], limit("SECONDLY")),
            "RateLimited",
        ),
        refused("477", status(477, body("MIGRATION", "moving")), "Moving"),
        refused(
            "477 for a day",
            Say::Status(477, &[("retry-after", "86400")], String::new()),
            "Moving",
        ),
        refused("530", page(530), "Reauth"),
        broken(
            "503 for an hour",
            Say::Status(503, &[("retry-after", "3600")], String::new()),
            "Unavailable",
        ),
        // Answers that are none.
        broken("cut before the headers", Say::CutBeforeHeaders, "Network"),
        broken("cut after the headers", Say::CutAfterHeaders, "Network"),
        broken("cut in the body", Say::CutInBody, "Network"),
        broken("length too long", Say::LengthTooLong, "Network"),
        broken("not HTTP", Say::NotHttp, "Network"),
        broken("headers without end", Say::HeaderFlood, "Network"),
        broken("half a body", Say::HalfBody, "Malformed"),
        broken("length too short", Say::LengthTooShort, "Malformed"),
        broken("broken compression", Say::BrokenGzip, "Malformed"),
        broken("not text", Say::NotText, "Malformed"),
        broken("nested without end", Say::Nested, "Malformed"),
        broken("a page with 200", page(200), "Malformed"),
        broken("nothing with 200", status(200, String::new()), "Malformed"),
        broken("a number", status(200, "17".to_owned()), "Malformed"),
        broken(
            "a text",
            status(200, "\"COMPLETE\"".to_owned()),
            "Malformed",
        ),
        broken("null", status(200, "null".to_owned()), "Malformed"),
        broken("a list", status(200, "[1,2,3]".to_owned()), "Malformed"),
        broken("an empty object", status(200, "{}".to_owned()), "Malformed"),
        broken(
            "results of the wrong type",
            status(200, r#"{"results":"many","id":[]}"#.to_owned()),
            "Malformed",
        ),
        broken(
            "redirect elsewhere",
            Say::Status(
                302,
                &[("location", "http://127.0.0.1:9/steal")],
                String::new(),
            ),
            "Malformed",
        ),
        broken("huge", Say::Huge(200), "AnswerTooLarge"),
        stuck("silence", Say::Silent),
        stuck("silence after the headers", Say::SilentBody),
        stuck("trickle", Say::Trickle),
        // Batches of mixed fortune are never done.
        mixed(
            "207 one of two",
            r#"{"status":"COMPLETE","results":[],"numErrors":1,"errors":[{"status":"error","category":"VALIDATION_ERROR","message":"no","context":{"ids":["1"]}}]}"#,
        ),
        mixed(
            "207 that names nobody",
            r#"{"status":"COMPLETE","results":[],"numErrors":2,"errors":[{"status":"error","category":"VALIDATION_ERROR","message":"no"}]}"#,
        ),
        mixed(
            "207 without errors",
            r#"{"status":"COMPLETE","results":[]}"#,
        ),
    ];
    for (name, code) in [
        ("500", 500),
        ("501", 501),
        ("502", 502),
        ("503", 503),
        ("504", 504),
        ("521", 521),
        ("522", 522),
        ("523", 523),
        ("524", 524),
        ("525", 525),
        ("526", 526),
    ] {
        all.push(broken(
            name,
            status(code, body("UNKNOWN", "internal error")),
            "Unavailable",
        ));
    }
    all.push(broken("520 page", page(520), "Unavailable"));
    let passing = [
        refused(
            "401 once",
            status(401, body("EXPIRED_AUTHENTICATION", "expired")),
            "Reauth",
        ),
        refused(
            "423 once",
            status(423, body("LOCKED", "locked")),
            "Unavailable",
        ),
        refused(
            "429 secondly once",
            status(429, limit("SECONDLY")),
            "RateLimited",
        ),
        refused(
            "429 ten-secondly once",
            status(429, limit("TEN_SECONDLY_ROLLING")),
            "RateLimited",
        ),
        broken("500 once", status(500, String::new()), "Unavailable"),
        broken("503 once", status(503, String::new()), "Unavailable"),
        broken("520 page once", page(520), "Unavailable"),
        broken("524 once", page(524), "Unavailable"),
        broken("cut once", Say::CutInBody, "Network"),
        broken("half a body once", Say::HalfBody, "Malformed"),
        broken("a page with 200 once", page(200), "Malformed"),
    ];
    all.extend(passing.into_iter().map(once));
    all
}
