//! Tokens that are renewed: by the clock, once on a 401, one renewal at a time.

use std::sync::Arc;

use crm::{Moment, PortalId};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::{TokenSet, TokenSource, TokenStore, TokenStoreError};
use crate::oauth::{OwnApp, TokenEndpoint};
use crate::{Addresses, BoxFuture, Clock, Error, Kind};

/// The share of a token's life after which it is renewed, in percent.
const RENEW_AT_PERCENT: i64 = 80;

/// Portals renew up to this many percent earlier, each at its own time, so that ten portals that
/// were connected together do not renew together.
const SPREAD_PERCENT: u64 = 5;

/// How far a clock may have been set back before a token counts as old, in milliseconds.
const CLOCK_SLACK_MS: i64 = 60_000;

/// The tokens of one portal's grant.
///
/// A renewal runs to its end even if whoever asked for it goes away: between HubSpot's answer and
/// the store, the only good refresh token may be the one in the air.
pub struct OAuthTokens<S>(Arc<Shared<S>>);

struct Shared<S> {
    endpoint: TokenEndpoint,
    store: Arc<S>,
    portal: PortalId,
    clock: Arc<dyn Clock>,
    current: Mutex<Current>,
}

#[derive(Default)]
struct Current {
    tokens: Option<TokenSet>,
    /// Given by HubSpot and not yet durable. Not used before they are.
    unsaved: Option<TokenSet>,
}

impl<S: TokenStore + 'static> OAuthTokens<S> {
    /// Tokens that rest in `store` and belong to `portal`.
    ///
    /// # Errors
    /// [`Kind::Network`] when no HTTP client can be set up on this machine.
    pub fn new(
        app: OwnApp,
        addresses: Addresses,
        portal: PortalId,
        store: Arc<S>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let endpoint = TokenEndpoint::new(addresses, app)?;
        Ok(Self(Arc::new(Shared {
            endpoint,
            store,
            portal,
            clock,
            current: Mutex::default(),
        })))
    }

    async fn get(&self, rejected: Option<SecretString>) -> Result<SecretString, Error> {
        {
            let current = self.0.current.lock().await;
            if let Some(tokens) = &current.tokens
                && current.unsaved.is_none()
                && is_good(tokens, rejected.as_ref())
                && !self.0.is_due(tokens)
            {
                return Ok(tokens.access.clone());
            }
        }
        let shared = Arc::clone(&self.0);
        let renewal = tokio::spawn(async move { shared.renew(rejected).await });
        renewal
            .await
            .unwrap_or_else(|_| Err(Kind::TokenStore.into()))
    }
}

impl<S: TokenStore + 'static> Shared<S> {
    /// Renews unless somebody else has, holding the portal's only turn.
    async fn renew(self: Arc<Self>, rejected: Option<SecretString>) -> Result<SecretString, Error> {
        let mut current = self.current.lock().await;
        if let Some(unsaved) = current.unsaved.take() {
            self.keep(&mut current, unsaved).await?;
        }
        if current
            .tokens
            .as_ref()
            .is_none_or(|tokens| !is_good(tokens, rejected.as_ref()))
            || current
                .tokens
                .as_ref()
                .is_some_and(|tokens| self.is_due(tokens))
        {
            // Another process may have renewed; what it stored is what counts.
            current.tokens = Some(self.load().await?);
        }
        let Some(old) = current.tokens.clone() else {
            return Err(Kind::TokenStore.into());
        };
        if is_good(&old, rejected.as_ref()) && !self.is_due(&old) {
            return Ok(old.access);
        }
        match self.ask(&old).await {
            Ok(new) => self.keep(&mut current, new).await,
            // A token that still lives and that nobody rejected outlasts an outage.
            Err(error) if error.is_transient() && self.lives(&old, rejected.as_ref()) => {
                Ok(old.access)
            }
            Err(error) => Err(error),
        }
    }

    /// Asks HubSpot for new tokens, and makes sure that they are this portal's.
    async fn ask(&self, old: &TokenSet) -> Result<TokenSet, Error> {
        let answer = match self.endpoint.refresh(old, self.clock.now()).await {
            Err(error) if error.kind() == Kind::Disconnected => {
                // The grant may have been renewed elsewhere a moment ago: one more look.
                let stored = self.load().await?;
                if stored.refresh.expose_secret() == old.refresh.expose_secret() {
                    return Err(error);
                }
                self.endpoint.refresh(&stored, self.clock.now()).await
            }
            answer => answer,
        };
        let mut new = answer?;
        if new.portal.is_none() {
            // Not to be told is no reason to lose what was given: the old refresh token, which was
            // this portal's, may be dead by now.
            let told = self.endpoint.introspect(&new.access).await;
            new.portal = told.ok().and_then(|told| told.hub_id);
        }
        if new.portal.is_some_and(|portal| portal != self.portal) {
            return Err(Kind::WrongPortal.into());
        }
        new.portal = Some(self.portal);
        Ok(new)
    }

    /// Makes new tokens durable, then current.
    async fn keep(&self, current: &mut Current, new: TokenSet) -> Result<SecretString, Error> {
        let store = Arc::clone(&self.store);
        let saved = new.clone();
        let outcome = tokio::task::spawn_blocking(move || store.save(&saved)).await;
        let tokens = match outcome {
            Ok(Ok(())) => new,
            Ok(Err(TokenStoreError::Superseded)) => self.load().await?,
            Ok(Err(TokenStoreError::Absent | TokenStoreError::Unavailable)) | Err(_) => {
                current.unsaved = Some(new);
                return Err(Kind::TokenStore.into());
            }
        };
        let access = tokens.access.clone();
        current.tokens = Some(tokens);
        Ok(access)
    }

    async fn load(&self) -> Result<TokenSet, Error> {
        let store = Arc::clone(&self.store);
        match tokio::task::spawn_blocking(move || store.load()).await {
            Ok(Ok(tokens)) => Ok(tokens),
            Ok(Err(_)) | Err(_) => Err(Kind::TokenStore.into()),
        }
    }

    /// Whether it is time to renew, by the wall clock: timers stand still in sleep.
    fn is_due(&self, tokens: &TokenSet) -> bool {
        is_due(tokens, self.portal, self.clock.now())
    }

    fn lives(&self, tokens: &TokenSet, rejected: Option<&SecretString>) -> bool {
        is_good(tokens, rejected) && self.clock.now() < tokens.expires_at
    }
}

/// Whether nobody has rejected this token.
fn is_good(tokens: &TokenSet, rejected: Option<&SecretString>) -> bool {
    rejected.is_none_or(|rejected| rejected.expose_secret() != tokens.access.expose_secret())
}

fn is_due(tokens: &TokenSet, portal: PortalId, now: Moment) -> bool {
    let life = tokens.expires_at.since(tokens.issued_at).as_millis();
    let early = i64::try_from(portal.get() % (SPREAD_PERCENT + 1)).unwrap_or_default();
    let age = now.since(tokens.issued_at).as_millis();
    age < -i128::from(CLOCK_SLACK_MS) || age * 100 >= life * i128::from(RENEW_AT_PERCENT - early)
}

impl<S: TokenStore + 'static> TokenSource for OAuthTokens<S> {
    fn bearer<'a>(&'a self) -> BoxFuture<'a, Result<SecretString, Error>> {
        Box::pin(self.get(None))
    }

    fn renew<'a>(
        &'a self,
        rejected: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, Error>> {
        Box::pin(self.get(Some(rejected.clone())))
    }
}
