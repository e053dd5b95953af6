//! What an OAuth grant gives, and where it rests.

use crm::{Moment, PortalId};
use secrecy::SecretString;

/// The tokens of one portal's grant.
#[derive(Debug, Clone)]
pub struct TokenSet {
    /// Carried by calls.
    pub access: SecretString,
    /// Exchanged for the next access token. HubSpot may replace it at any renewal.
    pub refresh: SecretString,
    /// When the access token was given, by our clock.
    pub issued_at: Moment,
    /// When the access token ends, by our clock.
    pub expires_at: Moment,
    /// The portal that the answer names, when it does.
    pub portal: Option<PortalId>,
    /// The scopes that the answer names; empty when it names none.
    pub scopes: Vec<String>,
}

/// The tokens as a store gives them back.
pub type StoredTokens = TokenSet;

/// Keeps one portal's tokens, encrypted.
///
/// All calls may block; they are made from a blocking thread.
pub trait TokenStore: Send + Sync {
    /// The tokens saved last.
    ///
    /// # Errors
    /// [`TokenStoreError`] when there are none or they cannot be read.
    fn load(&self) -> Result<StoredTokens, TokenStoreError>;

    /// Makes `tokens` durable. Called before the new access token is used: once this returns, a
    /// crash must not lose them, because the refresh token that gave them may be dead.
    ///
    /// # Errors
    /// [`TokenStoreError`] when they are not durable; they are then not used.
    fn save(&self, tokens: &TokenSet) -> Result<(), TokenStoreError>;

    /// Waits until nobody else, in this process or another, decides about these tokens, and keeps
    /// everybody else waiting until the answer is dropped. Held around loading, renewing and saving:
    /// of several processes that find a token old, one asks HubSpot and the others find the new one.
    ///
    /// A store that only one process can reach needs none.
    ///
    /// # Errors
    /// [`TokenStoreError::Unavailable`] when the turn cannot be had; nothing is renewed then.
    fn exclusive(&self) -> Result<Box<dyn Send>, TokenStoreError> {
        Ok(Box::new(()))
    }
}

/// Why tokens could not be read or kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenStoreError {
    /// None were ever saved, or they were forgotten.
    #[error("no tokens are stored for this portal")]
    Absent,
    /// Somebody else saved newer ones meanwhile; they must be loaded again.
    #[error("newer tokens were stored meanwhile")]
    Superseded,
    /// The store did not answer: locked, full, or broken.
    #[error("the token store did not answer")]
    Unavailable,
}
