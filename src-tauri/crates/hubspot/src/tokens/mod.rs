//! Where a call's token comes from.

mod fixed;
mod oauth;
mod set;

pub use fixed::StaticToken;
pub use oauth::OAuthTokens;

pub use set::{StoredTokens, TokenSet, TokenStore, TokenStoreError};

use secrecy::SecretString;

use crate::{BoxFuture, Error};

/// Gives the token that a call carries.
pub trait TokenSource: Send + Sync {
    /// The token to use now, renewed by the clock when its time has come.
    fn bearer<'a>(&'a self) -> BoxFuture<'a, Result<SecretString, Error>>;

    /// Another token than `rejected`, which HubSpot answered 401 to. Forces one renewal, unless
    /// somebody else has renewed meanwhile.
    ///
    /// # Errors
    /// [`crate::Kind::Reauth`] when the token cannot be renewed.
    fn renew<'a>(
        &'a self,
        rejected: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, Error>>;
}
