//! One request to the listener, judged. Pure: a head of bytes in, a verdict out.

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use url::form_urlencoded;

use super::REDIRECT_PATH;

/// What the consent page's redirect said.
#[derive(Debug)]
pub(crate) enum Callback {
    /// Access was granted.
    Code(SecretString),
    /// Access was denied, with RFC 6749's error code where it is one.
    Denied(String),
}

/// What a request to the listener is.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// The answer that was waited for.
    Accepted(Callback),
    /// Anything else, with the status to answer. The attempt goes on.
    Rejected(u16),
}

/// Judges a request's head, which ends in an empty line.
///
/// A request is the answer only if it is a bodiless `GET` of the one registered path, addressed to
/// this listener by one of its three names, with exactly one `state` that matches and exactly one
/// of `code` and `error`. A denial must know the state too: nobody else may end an attempt.
pub(crate) fn judge(head: &[u8], port: u16, state: &SecretString) -> Verdict {
    match read(head, port, state) {
        Ok(callback) => Verdict::Accepted(callback),
        Err(status) => Verdict::Rejected(status),
    }
}

fn read(head: &[u8], port: u16, state: &SecretString) -> Result<Callback, u16> {
    let head = std::str::from_utf8(head).map_err(|_| 400_u16)?;
    let mut lines = head.strip_suffix("\r\n\r\n").ok_or(400_u16)?.split("\r\n");
    let target = target(lines.next().unwrap_or_default())?;
    check_headers(lines, port)?;
    let query = match target.split_once('?') {
        Some((REDIRECT_PATH, query)) => query,
        None if target == REDIRECT_PATH => "",
        _ => return Err(404),
    };
    parameters(query, state)
}

/// The request line's target, of a `GET`.
fn target(line: &str) -> Result<&str, u16> {
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(400);
    };
    if !matches!(version, "HTTP/1.1" | "HTTP/1.0") || !target.starts_with('/') {
        return Err(400);
    }
    if method == "GET" {
        Ok(target)
    } else {
        Err(405)
    }
}

fn check_headers<'a>(lines: impl Iterator<Item = &'a str>, port: u16) -> Result<(), u16> {
    let mut hosts = 0;
    for line in lines {
        // Folded lines and names with spaces are ways to say one thing to us and another to a proxy.
        let (name, value) = line.split_once(':').ok_or(400_u16)?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if name.is_empty() || !name.bytes().all(plain) {
            return Err(400);
        }
        let value = value.trim_matches([' ', '\t']);
        match name.to_ascii_lowercase().as_str() {
            "host" if is_ours(value, port) => hosts += 1,
            // A page elsewhere that had its name resolve to this machine.
            "host" => return Err(421),
            "transfer-encoding" => return Err(400),
            "content-length" if value != "0" => return Err(400),
            _ => {}
        }
    }
    if hosts == 1 { Ok(()) } else { Err(400) }
}

fn is_ours(host: &str, port: u16) -> bool {
    let Some((name, given)) = host.rsplit_once(':') else {
        return false;
    };
    let by_name = name.eq_ignore_ascii_case("localhost") || matches!(name, "127.0.0.1" | "[::1]");
    by_name && given == port.to_string()
}

fn parameters(query: &str, state: &SecretString) -> Result<Callback, u16> {
    let (mut states, mut codes, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "state" => states.push(value),
            "code" => codes.push(value),
            "error" => errors.push(value),
            _ => {}
        }
    }
    let [given] = states.as_slice() else {
        return Err(400);
    };
    if !bool::from(given.as_bytes().ct_eq(state.expose_secret().as_bytes())) {
        return Err(400);
    }
    match (codes.as_slice(), errors.as_slice()) {
        ([code], []) if !code.is_empty() => Ok(Callback::Code(code.to_string().into())),
        ([], [error]) => Ok(Callback::Denied(error_code(error))),
        _ => Err(400),
    }
}

/// RFC 6749's error codes are lower-case words; anything else could be somebody's prose.
fn error_code(error: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    let is_code = !error.is_empty() && error.len() <= 40 && error.bytes().all(plain);
    if is_code {
        error.to_owned()
    } else {
        "unknown".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PORT: u16 = 17431;

    #[track_caller]
    fn check(head: &str, expected: &str) {
        let verdict = match judge(head.as_bytes(), PORT, &"s3cret".into()) {
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

    proptest! {
        #[test]
        fn no_bytes_panic_or_pass(head in proptest::collection::vec(any::<u8>(), 0..400)) {
            let verdict = judge(&head, PORT, &"s3cret".into());
            prop_assert!(matches!(verdict, Verdict::Rejected(_)));
        }

        #[test]
        fn no_other_state_passes(state in "[a-z0-9]{0,12}") {
            prop_assume!(state != "s3cret");
            let head = get(&format!("/oauth/callback?code=abc&state={state}"));
            let verdict = judge(head.as_bytes(), PORT, &"s3cret".into());
            prop_assert!(matches!(verdict, Verdict::Rejected(400)));
        }
    }
}
