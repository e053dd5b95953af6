//! Heads of requests, judged.

use super::*;
use proptest::prelude::*;

const PORT: u16 = 17431;

fn awaited(page: &str) -> Awaited {
    Awaited {
        port: PORT,
        state: "s3cret".into(),
        page: page.parse().unwrap(),
    }
}

fn judge(head: &[u8]) -> Verdict {
    super::judge(head, &awaited("https://app.hubspot.com/oauth/authorize"))
}

#[track_caller]
fn check(head: &str, expected: &str) {
    let verdict = match judge(head.as_bytes()) {
        Verdict::Accepted(Callback::Code(code)) => format!("code {}", code.expose_secret()),
        Verdict::Accepted(Callback::Denied(error)) => format!("denied {error}"),
        Verdict::Rejected(status) => status.to_string(),
    };
    assert_eq!(verdict, expected, "{head}");
}

fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: localhost:{PORT}\r\n\r\n")
}

fn with_headers(headers: &str) -> String {
    format!("GET /oauth/callback?code=abc&state=s3cret HTTP/1.1\r\n{headers}\r\n\r\n")
}

#[test]
fn the_redirect_is_taken_by_each_of_our_names() {
    for host in [
        "localhost:17431",
        "LOCALHOST:17431",
        "127.0.0.1:17431",
        "[::1]:17431",
    ] {
        check(
            &with_headers(&format!("Host: {host}\r\nAccept: text/html")),
            "code abc",
        );
    }
    check(
        &with_headers("host:localhost:17431\r\nContent-Length: 0"),
        "code abc",
    );
    check(
        &get("/oauth/callback?state=s3cret&code=a%2Fb%3D&extra=1"),
        "code a/b=",
    );
}

#[test]
fn a_denial_must_know_the_state() {
    check(
        &get("/oauth/callback?error=access_denied&state=s3cret"),
        "denied access_denied",
    );
    check(
        &get("/oauth/callback?error=Ana%20says%20no&state=s3cret"),
        "denied unknown",
    );
    check(
        &get("/oauth/callback?error=access_denied&state=wrong"),
        "400",
    );
    check(&get("/oauth/callback?error=access_denied"), "400");
}

#[test]
fn every_other_request_is_refused() {
    for (target, status) in [
        ("/favicon.ico", "404"),
        ("/", "404"),
        ("/oauth/callback/?code=abc&state=s3cret", "404"),
        ("/oauth//callback?code=abc&state=s3cret", "404"),
        ("/OAuth/callback?code=abc&state=s3cret", "404"),
        ("/oauth/callback2?code=abc&state=s3cret", "404"),
        (
            "http://localhost:17431/oauth/callback?code=abc&state=s3cret",
            "400",
        ),
        ("/oauth/callback", "400"),
        ("/oauth/callback?", "400"),
        ("/oauth/callback?code=abc", "400"),
        ("/oauth/callback?code=abc&state=", "400"),
        ("/oauth/callback?code=abc&state=s3cre", "400"),
        ("/oauth/callback?code=abc&state=s3cretx", "400"),
        ("/oauth/callback?code=abc&state=S3cret", "400"),
        ("/oauth/callback?state=s3cret", "400"),
        ("/oauth/callback?code=&state=s3cret", "400"),
        ("/oauth/callback?code=abc&code=def&state=s3cret", "400"),
        ("/oauth/callback?code=abc&c%6fde=def&state=s3cret", "400"),
        ("/oauth/callback?code=abc&state=s3cret&state=s3cret", "400"),
        ("/oauth/callback?code=abc&state=wrong&state=s3cret", "400"),
        (
            "/oauth/callback?code=abc&error=access_denied&state=s3cret",
            "400",
        ),
        ("/oauth/callback?error=a&error=b&state=s3cret", "400"),
    ] {
        check(&get(target), status);
    }
}

#[test]
fn methods_bodies_and_foreign_hosts_are_refused() {
    for method in ["OPTIONS", "POST", "HEAD", "get", "CONNECT"] {
        let head = get("/oauth/callback?code=abc&state=s3cret");
        check(&head.replacen("GET", method, 1), "405");
    }
    for (headers, status) in [
        ("Host: evil.com", "421"),
        ("Host: localhost", "421"),
        ("Host: localhost:17432", "421"),
        ("Host: localhost:17431.evil.com", "421"),
        ("Host: evil.localhost:17431", "421"),
        ("Host: localhost:17431\r\nHost: localhost:17431", "400"),
        ("Host: localhost:17431\r\nHost: evil.com", "421"),
        ("Accept: */*", "400"),
        ("Host: localhost:17431\r\nTransfer-Encoding: chunked", "400"),
        ("Host: localhost:17431\r\nContent-Length: 5", "400"),
        ("Host: localhost:17431\r\nContent-Length: +0", "400"),
        ("Host: localhost:17431\r\nno colon", "400"),
        ("Host: localhost:17431\r\n folded: x", "400"),
        ("Host : localhost:17431", "400"),
        ("Host: localhost:17431\nTransfer-Encoding: chunked", "421"),
    ] {
        check(&with_headers(headers), status);
    }
    check(
        "GET /oauth/callback?code=abc&state=s3cret HTTP/2\r\n\r\n",
        "400",
    );
    check("GET /oauth/callback?code=abc&state=s3cret\r\n\r\n", "400");
    check("\r\n\r\n", "400");
    check("", "400");
}

#[test]
fn an_issuer_is_hubspot_or_nobody() {
    #[track_caller]
    fn check(page: &str, issuer: &str, taken: bool) {
        let mut target = url::Url::parse("http://x/oauth/callback?code=abc&state=s3cret").unwrap();
        target.query_pairs_mut().append_pair("iss", issuer);
        let head = get(&format!("/oauth/callback?{}", target.query().unwrap()));
        let verdict = super::judge(head.as_bytes(), &awaited(page));
        let found = matches!(verdict, Verdict::Accepted(_));
        assert_eq!(found, taken, "{page} {issuer}");
    }
    let hubspot = "https://app.hubspot.com/oauth/authorize";
    for issuer in [
        "https://app.hubspot.com",
        "https://app-eu1.hubspot.com/",
        "https://hubspot.com",
        "https://api.hubapi.com/oauth",
    ] {
        check(hubspot, issuer, true);
    }
    for issuer in [
        "http://app.hubspot.com",
        "https://evil.com",
        "https://evilhubspot.com",
        "https://app.hubspot.com.evil.com",
        "https://app.hubspot.com@evil.com",
        "https://evil.com/app.hubspot.com",
        "app.hubspot.com",
        "null",
        "",
    ] {
        check(hubspot, issuer, false);
    }
    let here = "http://127.0.0.1:4100/oauth/authorize";
    check(here, "http://127.0.0.1:4100", true);
    check(here, "http://127.0.0.1:4101", false);
    check(here, "https://app.hubspot.com", false);
    let twice = "iss=https://app.hubspot.com&iss=https://app.hubspot.com";
    let target = format!("/oauth/callback?code=abc&state=s3cret&{twice}");
    self::check(&get(&target), "400");
}

/// The shapes of attack that one request can have, each with a place for chance.
const SHAPES: [fn(&str) -> String; 16] = [
    |word| get(&format!("/oauth/callback?code=abc&state={word}")),
    |word| get(&format!("/oauth/callback?code=abc&State=s3cret&{word}")),
    |word| get(&format!("/oauth/callback?state=s3cret&cod={word}")),
    |word| get(&format!("/oauth/callback?code=a&code={word}&state=s3cret")),
    |word| get(&format!("/oauth/callback?code=a&state={word}&state=s3cret")),
    |word| get(&format!("/oauth/callback?code=a&error={word}&state=s3cret")),
    |word| get(&format!("/oauth/callback?error=access_denied&state={word}")),
    |word| get(&format!("/oauth/callback/{word}?code=a&state=s3cret")),
    |word| get(&format!("/{word}?code=a&state=s3cret")),
    |word| {
        get(&format!(
            "/oauth/callback?code=a&state=s3cret&iss=https://{word}.test"
        ))
    },
    |word| with_headers(&format!("Host: {word}.test:{PORT}")),
    |word| with_headers(&format!("Host: localhost:{PORT}\r\nHost: {word}:{PORT}")),
    |word| {
        with_headers(&format!(
            "Host: localhost:{PORT}\r\nTransfer-Encoding: {word}"
        ))
    },
    |word| {
        with_headers(&format!(
            "Host: localhost:{PORT}\r\nContent-Length: 1{}",
            word.len()
        ))
    },
    |word| get("/oauth/callback?code=a&state=s3cret").replacen("GET", &word.to_uppercase(), 1),
    |word| {
        format!(
            "{}GET /{word} HTTP/1.1\r\n\r\n",
            get("/oauth/callback?code=a&state=s3cret")
        )
    },
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_attack_passes_in_a_thousand_forms(word in "[a-z0-9]{1,30}") {
        prop_assume!(word != "s3cret" && word != "get");
        for (number, shape) in SHAPES.iter().enumerate() {
            let verdict = judge(shape(&word).as_bytes());
            prop_assert!(matches!(verdict, Verdict::Rejected(_)), "shape {number}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic_or_pass(head in proptest::collection::vec(any::<u8>(), 0..400)) {
        let verdict = judge(&head);
        prop_assert!(matches!(verdict, Verdict::Rejected(_)));
    }

    #[test]
    fn no_other_state_passes(state in "[a-z0-9]{0,12}") {
        prop_assume!(state != "s3cret");
        let head = get(&format!("/oauth/callback?code=abc&state={state}"));
        let verdict = judge(head.as_bytes());
        prop_assert!(matches!(verdict, Verdict::Rejected(400)));
    }
}
