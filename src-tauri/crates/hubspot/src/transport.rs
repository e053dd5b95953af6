//! One request over the wire: no redirects, https only, bounded in time and size.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName};
use url::Url;

use crate::address::is_loopback;
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

    /// `Retry-After` in seconds; the form with a date is not HubSpot's.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.number("retry-after").map(Duration::from_secs)
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

/// Sends a request and reads the answer, at most [`limits::ANSWER_BYTES`] of it.
pub(crate) async fn exchange(request: reqwest::RequestBuilder) -> Result<Answer, Unanswered> {
    let mut response = request
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
    Ok(Answer {
        status,
        headers,
        body,
    })
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
