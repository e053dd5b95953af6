//! Tokens that are renewed: by the clock, once on a 401, one renewal at a time.

use std::sync::Arc;
use std::time::Duration;

use crm::{Moment, PortalId};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;

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

/// How long a failed renewal is not tried again, the first time. Ours.
const FIRST_HOLD: Duration = Duration::from_secs(2);

/// The longest such time. Ours.
const LONGEST_HOLD: Duration = Duration::from_secs(60);

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
    /// How the last renewal failed, until one succeeds.
    failed: Option<Failed>,
}

/// A renewal that failed. Everybody who wants a token soon after shares its outcome: a hundred tasks
/// that wake together ask HubSpot once.
struct Failed {
    error: Error,
    /// The refresh token that was tried.
    refresh: SecretString,
    /// How many failed in a row.
    times: u32,
    at: Instant,
    wall: Moment,
}

impl Failed {
    /// How long nobody asks again. A network that is gone costs HubSpot nothing and may be back at
    /// once; a HubSpot that fails is left alone for longer each time.
    fn hold(&self) -> Duration {
        if self.error.kind() == Kind::Network {
            return FIRST_HOLD;
        }
        let doubled = FIRST_HOLD.saturating_mul(2_u32.saturating_pow(self.times.min(8)));
        let asked = self.error.retry_after().unwrap_or_default();
        doubled.max(asked).min(LONGEST_HOLD)
    }

    /// Whether nobody is to ask yet. A refusal holds for as long as its refresh token is the one
    /// that is stored; anything else for a while, by the timer or the wall clock: the timer stands
    /// still in sleep.
    fn holds(&self, stored: Option<&TokenSet>, now: Moment) -> bool {
        if matches!(self.error.kind(), Kind::Disconnected | Kind::WrongPortal) {
            return stored.is_none_or(|stored| is_same(&stored.refresh, &self.refresh));
        }
        let by_wall = Duration::try_from(now.since(self.wall).abs()).unwrap_or_default();
        self.at.elapsed().max(by_wall) < self.hold()
    }
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
    /// Renews unless somebody else has, holding the portal's only turn: in this process by the lock
    /// on what is current, among processes by the store's.
    async fn renew(self: Arc<Self>, rejected: Option<SecretString>) -> Result<SecretString, Error> {
        let mut current = self.current.lock().await;
        if let Some(tokens) = &current.tokens
            && current.unsaved.is_none()
            && is_good(tokens, rejected.as_ref())
            && !self.is_due(tokens)
        {
            return Ok(tokens.access.clone());
        }
        if let Some(failed) = &current.failed
            && current.unsaved.is_none()
            && !matches!(failed.error.kind(), Kind::Disconnected | Kind::WrongPortal)
            && failed.holds(None, self.clock.now())
        {
            return self.meanwhile(&current, failed.error.clone(), rejected.as_ref());
        }
        let _turn = self.exclusive().await?;
        if let Some(unsaved) = current.unsaved.take() {
            self.keep(&mut current, unsaved).await?;
        }
        // Another process may have renewed; what it stored is what counts.
        let old = self.load().await?;
        current.tokens = Some(old.clone());
        if is_good(&old, rejected.as_ref()) && !self.is_due(&old) {
            return Ok(old.access);
        }
        if let Some(failed) = &current.failed
            && failed.holds(Some(&old), self.clock.now())
        {
            return self.meanwhile(&current, failed.error.clone(), rejected.as_ref());
        }
        match self.ask(&old).await {
            Ok(new) => {
                current.failed = None;
                self.keep(&mut current, new).await
            }
            Err(error) => {
                current.failed = Some(Failed {
                    error: error.clone(),
                    refresh: old.refresh.clone(),
                    times: current.failed.as_ref().map_or(0, |failed| failed.times + 1),
                    at: Instant::now(),
                    wall: self.clock.now(),
                });
                self.meanwhile(&current, error, rejected.as_ref())
            }
        }
    }

    /// What there is to use while no renewal succeeds: a token that still lives and that nobody
    /// rejected outlasts an outage.
    fn meanwhile(
        &self,
        current: &Current,
        error: Error,
        rejected: Option<&SecretString>,
    ) -> Result<SecretString, Error> {
        match &current.tokens {
            Some(tokens) if error.is_transient() && self.lives(tokens, rejected) => {
                Ok(tokens.access.clone())
            }
            _ => Err(error),
        }
    }

    async fn exclusive(&self) -> Result<Box<dyn Send>, Error> {
        let store = Arc::clone(&self.store);
        match tokio::task::spawn_blocking(move || store.exclusive()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(Kind::TokenStore.into()),
        }
    }

    /// Asks HubSpot for new tokens, and makes sure that they are this portal's.
    async fn ask(&self, old: &TokenSet) -> Result<TokenSet, Error> {
        let answer = match self.endpoint.refresh(old, self.clock.now()).await {
            Err(error) if error.kind() == Kind::Disconnected => {
                // The grant may have been renewed elsewhere a moment ago: one more look.
                let stored = self.load().await?;
                if is_same(&stored.refresh, &old.refresh) {
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
    rejected.is_none_or(|rejected| !is_same(rejected, &tokens.access))
}

fn is_same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
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
