//! One request to the listener, judged. Pure: a head of bytes in, a verdict out.

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use url::{Url, form_urlencoded};

use super::REDIRECT_PATH;

/// What the answer that is waited for must know.
#[derive(Debug, Clone)]
pub(crate) struct Awaited {
    /// The listener's port.
    pub(crate) port: u16,
    /// The attempt's own secret.
    pub(crate) state: SecretString,
    /// The consent page that was shown.
    pub(crate) page: Url,
}

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
/// of `code` and `error`. A denial must know the state too: nobody else may end an attempt. Who says
/// who they are, by RFC 9207's `iss`, must be HubSpot.
pub(crate) fn judge(head: &[u8], awaited: &Awaited) -> Verdict {
    match read(head, awaited) {
        Ok(callback) => Verdict::Accepted(callback),
        Err(status) => Verdict::Rejected(status),
    }
}

fn read(head: &[u8], awaited: &Awaited) -> Result<Callback, u16> {
    let head = std::str::from_utf8(head).map_err(|_| 400_u16)?;
    let mut lines = head.strip_suffix("\r\n\r\n").ok_or(400_u16)?.split("\r\n");
    let target = target(lines.next().unwrap_or_default())?;
    check_headers(lines, awaited.port)?;
    let query = match target.split_once('?') {
        Some((REDIRECT_PATH, query)) => query,
        None if target == REDIRECT_PATH => "",
        _ => return Err(404),
    };
    parameters(query, awaited)
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

fn parameters(query: &str, awaited: &Awaited) -> Result<Callback, u16> {
    let (mut states, mut codes, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    let mut issuers = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "state" => states.push(value),
            "code" => codes.push(value),
            "error" => errors.push(value),
            "iss" => issuers.push(value),
            _ => {}
        }
    }
    let [given] = states.as_slice() else {
        return Err(400);
    };
    if !bool::from(
        given
            .as_bytes()
            .ct_eq(awaited.state.expose_secret().as_bytes()),
    ) {
        return Err(400);
    }
    match issuers.as_slice() {
        [] => {}
        [issuer] if is_issuer(issuer, &awaited.page) => {}
        _ => return Err(400),
    }
    match (codes.as_slice(), errors.as_slice()) {
        ([code], []) if !code.is_empty() => Ok(Callback::Code(code.to_string().into())),
        ([], [error]) => Ok(Callback::Denied(error_code(error))),
        _ => Err(400),
    }
}

/// Whether an issuer is the one whose page was shown. HubSpot publishes no name to compare with,
/// and answers from regional hosts: any host of its own will do. Elsewhere it is the page's origin.
fn is_issuer(issuer: &str, page: &Url) -> bool {
    let is_hubspots = |url: &Url| {
        let host = url.domain().unwrap_or_default();
        let is_below = |domain: &str| {
            let rest = host.strip_suffix(domain);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        url.scheme() == "https" && ["hubspot.com", "hubapi.com"].into_iter().any(is_below)
    };
    Url::parse(issuer).is_ok_and(|issuer| {
        (is_hubspots(&issuer) && is_hubspots(page)) || issuer.origin() == page.origin()
    })
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
mod tests;
