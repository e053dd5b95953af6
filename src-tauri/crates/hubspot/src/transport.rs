//! One request over the wire: no redirects, https only, bounded in time and size.

use std::time::Duration;

use jiff::fmt::rfc2822;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderName,
};
use url::Url;

use crate::address::is_loopback;
use crate::inflate::{Unreadable, gunzip};
use crate::{Error, Kind, Origin, limits};

/// How long a connection may be silent before it is asked whether it still stands. Ours.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header's number, if it is one.
    pub(crate) fn number(&self, name: &'static str) -> Option<u64> {
        let value = self.headers.get(HeaderName::from_static(name))?;
        value.to_str().ok()?.trim().parse().ok()
    }

    /// `Retry-After`: seconds, or a date, which is measured by the answer's own clock so that ours
    /// need not be right. A date that has passed means at once.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        if let Some(seconds) = self.number("retry-after") {
            return Some(Duration::from_secs(seconds));
        }
        let at = |text: &str| Some(rfc2822::parse(text).ok()?.timestamp());
        let until = at(self.headers.get("retry-after")?.to_str().ok()?)?;
        let wait = until.duration_since(at(self.date()?)?);
        Some(Duration::try_from(wait).unwrap_or_default())
    }

    /// Whether the body travelled compressed.
    fn is_gzip(&self) -> bool {
        let coding = self.headers.get(CONTENT_ENCODING);
        let coding = coding.and_then(|value| value.to_str().ok());
        coding.is_some_and(|coding| coding.trim().eq_ignore_ascii_case("gzip"))
    }

    /// The answer with its body unpacked, which counts towards [`limits::ANSWER_BYTES`] as it is
    /// then. Of a failure that cannot be unpacked the status is left, which says the most.
    fn unpacked(mut self) -> Result<Self, Unanswered> {
        // An answer without a body has nothing to unpack, whatever its headers say.
        if !self.is_gzip() || self.body.is_empty() {
            return Ok(self);
        }
        let unanswered = |kind| Unanswered {
            kind,
            http: Some(self.status),
            reached: true,
        };
        self.body = match gunzip(&self.body, limits::ANSWER_BYTES) {
            Ok(body) => body,
            Err(Unreadable::TooLarge) => return Err(unanswered(Kind::AnswerTooLarge)),
            Err(Unreadable::Broken) if (200..300).contains(&self.status) => {
                return Err(unanswered(Kind::Malformed));
            }
            Err(Unreadable::Broken) => Vec::new(),
        };
        Ok(self)
    }

    /// The answer's `Date`: HubSpot's own time.
    pub(crate) fn date(&self) -> Option<&str> {
        self.headers.get(DATE)?.to_str().ok()
    }

    /// Whether the answer says that it is a page for people.
    pub(crate) fn is_html(&self) -> bool {
        let kind = self
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"))
    }
}

/// An HTTP client for one address and nothing else in mind.
///
/// Redirects are never followed: a token must not travel to where an answer points. On loopback no
/// proxy is asked, elsewhere the system's is honoured.
pub(crate) fn http_client(api: &Url) -> Result<reqwest::Client, Error> {
    // Somebody else in the process may have chosen already; then theirs is used.
    let _already_chosen = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(limits::CONNECT_TIMEOUT)
        .read_timeout(limits::READ_TIMEOUT)
        // A connection that died in a sleep or with the network is found out, not waited for.
        .tcp_keepalive(KEEP_ALIVE)
        .http2_keep_alive_interval(KEEP_ALIVE)
        .http2_keep_alive_timeout(KEEP_ALIVE)
        .user_agent(concat!("plumbline/", env!("CARGO_PKG_VERSION")));
    let builder = if is_loopback(api) {
        builder.no_proxy()
    } else {
        builder.https_only(true)
    };
    builder.build().map_err(|_| Kind::Network.into())
}

/// Sends a request and reads the answer, at most [`limits::ANSWER_BYTES`] of it, both as it travels
/// and unpacked.
pub(crate) async fn exchange(request: reqwest::RequestBuilder) -> Result<Answer, Unanswered> {
    let mut response = request
        .header(ACCEPT_ENCODING, "gzip")
        .send()
        .await
        .map_err(|error| Unanswered::from(&error))?;
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > limits::ANSWER_BYTES => {
                return Err(Unanswered {
                    kind: Kind::AnswerTooLarge,
                    http: Some(status),
                    reached: true,
                });
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => {
                return Err(Unanswered {
                    http: Some(status),
                    ..Unanswered::from(&error)
                });
            }
        }
    }
    let answer = Answer {
        status,
        headers,
        body,
    };
    answer.unpacked()
}

/// There is no whole answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unanswered {
    pub(crate) kind: Kind,
    pub(crate) http: Option<u16>,
    /// Whether the other side may have acted on the request.
    pub(crate) reached: bool,
}

impl From<&reqwest::Error> for Unanswered {
    /// The library's own text is not kept: it holds the URL.
    fn from(error: &reqwest::Error) -> Self {
        let kind = if error.is_timeout() {
            Kind::Timeout
        } else {
            Kind::Network
        };
        let reached = !error.is_connect() && !error.is_builder();
        Self {
            kind,
            http: None,
            reached,
        }
    }
}

impl From<Unanswered> for Error {
    fn from(unanswered: Unanswered) -> Self {
        Self::new(
            unanswered.kind,
            Origin {
                http: unanswered.http,
                ..Origin::default()
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inflate::gzip;

    fn answer(status: u16, headers: &[(&'static str, &str)], body: Vec<u8>) -> Answer {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        Answer {
            status,
            headers: headers.collect(),
            body,
        }
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        #[track_caller]
        fn check(retry_after: &str, expected: Option<u64>) {
            let date = ("date", "Mon, 02 Nov 2026 08:00:00 GMT");
            let answer = answer(429, &[("retry-after", retry_after), date], Vec::new());
            assert_eq!(
                answer.retry_after(),
                expected.map(Duration::from_secs),
                "{retry_after}"
            );
        }
        check("7", Some(7));
        check("Mon, 02 Nov 2026 08:01:30 GMT", Some(90));
        check("Mon, 02 Nov 2026 07:00:00 GMT", Some(0));
        check("soon", None);
        check("-7", None);
        check("Mon, 99 Nov 2026 08:00:00 GMT", None);
        let undated = answer(
            429,
            &[("retry-after", "Mon, 02 Nov 2026 08:01:30 GMT")],
            Vec::new(),
        );
        assert_eq!(undated.retry_after(), None);
    }

    #[test]
    fn a_packed_answer_is_bounded_as_it_becomes() {
        let packed = [("content-encoding", "GZIP")];
        let whole = answer(200, &packed, gzip(b"{}")).unpacked().unwrap();
        assert_eq!(whole.body, b"{}");
        let plain = answer(200, &[], b"{}".to_vec()).unpacked().unwrap();
        assert_eq!(plain.body, b"{}");
        let nothing = answer(204, &packed, Vec::new()).unpacked().unwrap();
        assert!(nothing.body.is_empty());
        let bomb = gzip(&vec![b' '; limits::ANSWER_BYTES + 1]);
        assert!(bomb.len() < limits::ANSWER_BYTES / 500);
        for status in [200, 500] {
            let cut = answer(status, &packed, bomb.clone())
                .unpacked()
                .unwrap_err();
            assert_eq!(
                (cut.kind, cut.http, cut.reached),
                (Kind::AnswerTooLarge, Some(status), true)
            );
        }
        let broken = answer(200, &packed, b"{}".to_vec()).unpacked().unwrap_err();
        assert_eq!(broken.kind, Kind::Malformed);
        let failed = answer(503, &packed, b"{}".to_vec()).unpacked().unwrap();
        assert_eq!((failed.status, failed.body.is_empty()), (503, true));
    }
}
