//! Where a portal's tokens rest: in its own encrypted file.

use std::sync::Mutex;
use std::sync::PoisonError;

use crm::Moment;
use hubspot::{StoredTokens, TokenSet, TokenStore, TokenStoreError};
use store::{PortalStore, PortalWork, StoreError, Tokens};

/// One portal's tokens, kept with the generation that was read last: a writer that did not see the
/// newest tokens is refused, so that two processes never overwrite each other's.
pub(crate) struct PortalTokens {
    store: PortalStore,
    seen_generation: Mutex<u64>,
}

impl PortalTokens {
    pub(crate) fn new(store: PortalStore) -> Self {
        Self {
            store,
            seen_generation: Mutex::new(0),
        }
    }

    fn set_seen(&self, generation: u64) {
        *self
            .seen_generation
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = generation;
    }
}

impl TokenStore for PortalTokens {
    fn load(&self) -> Result<StoredTokens, TokenStoreError> {
        let credential = self.store.credential().map_err(|error| in_store(&error))?;
        let refresh = credential.tokens.refresh.ok_or(TokenStoreError::Absent)?;
        self.set_seen(credential.generation);
        let expires_at = credential
            .tokens
            .expires_at
            .unwrap_or(Moment::from_millis(0));
        Ok(TokenSet {
            access: credential.tokens.access,
            refresh,
            issued_at: credential.tokens.issued_at.unwrap_or(expires_at),
            expires_at,
            portal: Some(self.store.id()),
            scopes: credential.scopes,
        })
    }

    fn save(&self, tokens: &TokenSet) -> Result<(), TokenStoreError> {
        let seen = *self
            .seen_generation
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let renewed = Tokens {
            access: tokens.access.clone(),
            refresh: Some(tokens.refresh.clone()),
            issued_at: Some(tokens.issued_at),
            expires_at: Some(tokens.expires_at),
        };
        let generation = self
            .store
            .renew_tokens(seen, &renewed, &tokens.scopes)
            .map_err(|error| in_store(&error))?;
        self.set_seen(generation);
        Ok(())
    }

    fn exclusive(&self) -> Result<Box<dyn Send>, TokenStoreError> {
        match self.store.lock(PortalWork::Tokens) {
            Ok(turn) => Ok(Box::new(turn)),
            Err(error) => Err(in_store(&error)),
        }
    }
}

fn in_store(error: &StoreError) -> TokenStoreError {
    match error {
        StoreError::NoCredential => TokenStoreError::Absent,
        StoreError::StaleCredential => TokenStoreError::Superseded,
        _ => TokenStoreError::Unavailable,
    }
}

#[cfg(test)]
mod tests;
