//! Who sent a webhook call. HubSpot has three ways to sign one; the third is the one to ask for:
//! the others prove neither where a call went nor when.
//!
//! A form in circulation, the hex digest of an HMAC over the body alone, is none of the three and is
//! refused by all of them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crm::Moment;
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// How old a call may be (HubSpot, "Validating requests").
pub const LIFE: SignedDuration = SignedDuration::from_mins(5);

/// A webhook call as it arrived.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The method; HubSpot's is `POST`.
    pub method: &'a str,
    /// The whole address that HubSpot called, with its query. Behind a relay that is the public
    /// one, not the one on which the relay passed the call on.
    pub uri: &'a str,
    /// The body as it came, before anything has read it.
    pub body: &'a [u8],
}

/// Why a call is not believed. Answer it with 401 and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The time of the call is no number of milliseconds.
    #[error("the webhook call has no readable time")]
    NoTime,
    /// The call is older than [`LIFE`]: it may have been recorded and sent again.
    #[error("the webhook call is too old")]
    TooOld,
    /// The call is from the future: it could be sent again for longer than [`LIFE`].
    #[error("the webhook call is from the future")]
    FromTheFuture,
    /// The signature is not the one that HubSpot would have made.
    #[error("the webhook call is not signed by HubSpot")]
    WrongSignature,
}

/// Checks a signature of version 3: the headers `X-HubSpot-Signature-v3` and
/// `X-HubSpot-Request-Timestamp`.
///
/// It is `base64(HMAC-SHA-256(secret, method + uri + body + timestamp))`, with twelve escapes of the
/// address decoded. `now` is the receiver's clock, which must be right.
///
/// # Errors
/// See [`Refused`].
pub fn verify_v3(
    secret: &SecretString,
    request: &Request<'_>,
    signature: &str,
    timestamp: &str,
    now: Moment,
) -> Result<(), Refused> {
    let digits = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
    let sent: Option<i64> = Some(timestamp)
        .filter(digits)
        .and_then(|text| text.parse().ok());
    let sent = sent.ok_or(Refused::NoTime)?;
    // Both are numbers of milliseconds, so that no time, however odd, can overflow.
    let age = i128::from(now.millis()) - i128::from(sent);
    if age < 0 {
        return Err(Refused::FromTheFuture);
    }
    if age > LIFE.as_millis() {
        return Err(Refused::TooOld);
    }
    let mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes());
    let mut mac = mac.map_err(|_| Refused::WrongSignature)?;
    mac.update(request.method.to_ascii_uppercase().as_bytes());
    mac.update(decoded(request.uri).as_bytes());
    mac.update(request.body);
    mac.update(timestamp.as_bytes());
    same(&STANDARD.encode(mac.finalize().into_bytes()), signature)
}

/// Checks a signature of version 2: the header `X-HubSpot-Signature` beside
/// `X-HubSpot-Signature-Version: v2`.
///
/// It is `hex(SHA-256(secret + method + uri + body))`. It does not say when: whoever recorded a call
/// can send it again, so [`super::EventKey`] is needed beside it.
///
/// # Errors
/// [`Refused::WrongSignature`].
pub fn verify_v2(
    secret: &SecretString,
    request: &Request<'_>,
    signature: &str,
) -> Result<(), Refused> {
    let method = request.method.to_ascii_uppercase();
    let parts = [method.as_bytes(), request.uri.as_bytes(), request.body];
    same(&hex_digest(secret, &parts), signature)
}

/// Checks a signature of version 1: the header `X-HubSpot-Signature` beside
/// `X-HubSpot-Signature-Version: v1`.
///
/// It is `hex(SHA-256(secret + body))`, and says neither when nor where to.
///
/// # Errors
/// [`Refused::WrongSignature`].
pub fn verify_v1(secret: &SecretString, body: &[u8], signature: &str) -> Result<(), Refused> {
    same(&hex_digest(secret, &[body]), signature)
}

fn hex_digest(secret: &SecretString, parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new_with_prefix(secret.expose_secret().as_bytes());
    for part in parts {
        hash.update(part);
    }
    let digits = hash.finalize();
    digits.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares in a time that does not tell how much of it was right.
fn same(ours: &str, theirs: &str) -> Result<(), Refused> {
    if bool::from(ours.as_bytes().ct_eq(theirs.as_bytes())) {
        Ok(())
    } else {
        Err(Refused::WrongSignature)
    }
}

/// The address as HubSpot signs it: twelve escapes are decoded, all others stay.
fn decoded(uri: &str) -> String {
    const DECODED: [(&str, char); 12] = [
        ("3A", ':'),
        ("2F", '/'),
        ("3F", '?'),
        ("40", '@'),
        ("21", '!'),
        ("24", '$'),
        ("27", '\''),
        ("28", '('),
        ("29", ')'),
        ("2A", '*'),
        ("2C", ','),
        ("3B", ';'),
    ];
    let mut parts = uri.split('%');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let known = part.get(..2).and_then(|code| {
            DECODED
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(code))
        });
        match known {
            Some((code, letter)) => {
                decoded.push(*letter);
                decoded.push_str(part.get(code.len()..).unwrap_or_default());
            }
            None => {
                decoded.push('%');
                decoded.push_str(part);
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests;
