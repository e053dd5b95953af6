//! Tokens that never change.

use secrecy::SecretString;

use super::TokenSource;
use crate::{BoxFuture, Error, Kind};

/// The token of a private app, of an app with static authentication, or a service key. They look
/// different and work alike, so nothing about the text is checked.
#[derive(Debug, Clone)]
pub struct StaticToken(SecretString);

impl StaticToken {
    /// Wraps the token.
    #[must_use]
    pub fn new(token: SecretString) -> Self {
        Self(token)
    }
}

impl TokenSource for StaticToken {
    fn bearer<'a>(&'a self) -> BoxFuture<'a, Result<SecretString, Error>> {
        Box::pin(async { Ok(self.0.clone()) })
    }

    fn renew<'a>(
        &'a self,
        _rejected: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, Error>> {
        Box::pin(async { Err(Kind::Reauth.into()) })
    }
}
