//! Who may come in: the browser that was given this run's key, asking for this host by its address.

use axum::http::{HeaderMap, header};
use subtle::ConstantTimeEq;

/// The cookie that carries the key after the first visit.
const COOKIE: &str = "plumbline_host";

/// The key of one run: 32 random bytes as hex, known to whoever read the address that was printed.
#[derive(Clone)]
pub struct Key(String);

impl Key {
    /// A new key.
    ///
    /// # Errors
    /// When the operating system gives no random numbers.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes.map(|byte| format!("{byte:02x}")).concat()))
    }

    /// The key as text, for the address that is printed once.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether this is the key, in a time that does not tell how much of it was right.
    pub(crate) fn is(&self, offered: &str) -> bool {
        self.0.as_bytes().ct_eq(offered.as_bytes()).into()
    }

    /// The cookie to set once the key was shown.
    pub(crate) fn cookie(&self) -> String {
        format!("{COOKIE}={}; HttpOnly; SameSite=Strict; Path=/", self.0)
    }

    /// Whether the request brings the key along.
    pub(crate) fn comes_with(&self, headers: &HeaderMap) -> bool {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .any(|(name, value)| name == COOKIE && self.is(value))
    }
}

/// Whether the request names this host by its own address: a page elsewhere whose name was made to
/// point at this machine does not.
pub(crate) fn names_us(headers: &HeaderMap, authority: &str) -> bool {
    let named = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let origin_fits = match named(header::ORIGIN) {
        Some(origin) => origin.strip_prefix("http://") == Some(authority),
        None => true,
    };
    named(header::HOST) == Some(authority) && origin_fits
}
