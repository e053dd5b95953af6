//! A portal that is open: its store, and its client once somebody talks to HubSpot.

use std::sync::Arc;

use analyses::forecast::ForecastQuestion;
use crm::PortalId;
use hubspot::oauth::OwnApp;
use hubspot::{Addresses, Client, OAuthTokens, Pacing, StaticToken, TokenSource};
use store::{Credential, CredentialKind, PortalEntry, PortalStore};
use timeline::Timeline;

use crate::access;
use crate::app::{App, blocking};
use crate::day::PortalDay;
use crate::hint;
use crate::loaded::{Forecast, Loaded};
use crate::tokens::PortalTokens;
use crate::wire::{ErrorCode, WireError, internal};

/// One portal's open file and what was made from it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct OpenPortal {
    pub(crate) store: PortalStore,
    client: Arc<tokio::sync::Mutex<Option<Client>>>,
    /// The histories in memory with what was made from them, until the copy changes.
    loaded: Arc<tokio::sync::Mutex<Option<Arc<Loaded>>>>,
    /// Held by a running sync: a portal is read by one at a time.
    pub(crate) syncing: Arc<tokio::sync::Mutex<()>>,
    /// Held while a plan is sent: two that send the same one would take each other's requests under
    /// way for lost ones.
    pub(crate) writing: Arc<tokio::sync::Mutex<()>>,
}

impl OpenPortal {
    pub(crate) fn new(store: PortalStore) -> Self {
        Self {
            store,
            client: Arc::default(),
            loaded: Arc::default(),
            syncing: Arc::default(),
            writing: Arc::default(),
        }
    }

    /// The portal's histories, loaded once and kept until [`OpenPortal::forget_loaded`].
    pub(crate) async fn loaded(&self) -> Result<Arc<Loaded>, WireError> {
        let mut kept = self.loaded.lock().await;
        if let Some(loaded) = &*kept {
            return Ok(Arc::clone(loaded));
        }
        let store = self.store.clone();
        let timeline = blocking(move || Ok(Timeline::load(&store)?)).await?;
        let loaded = Arc::new(Loaded::new(timeline));
        *kept = Some(Arc::clone(&loaded));
        Ok(loaded)
    }

    /// The histories alone.
    pub(crate) async fn timeline(&self) -> Result<Arc<Timeline>, WireError> {
        Ok(Arc::clone(&self.loaded().await?.timeline))
    }

    /// The copy has changed.
    pub(crate) async fn forget_loaded(&self) {
        *self.loaded.lock().await = None;
    }

    /// Another model is in use, or another suspect let in.
    pub(crate) async fn forget_scores(&self) {
        if let Some(loaded) = &*self.loaded.lock().await {
            loaded.scores.forget();
        }
    }

    /// How a period will end, with what it was drawn from.
    pub(crate) async fn forecast(
        &self,
        question: ForecastQuestion,
    ) -> Result<Arc<Forecast>, WireError> {
        let loaded = self.loaded().await?;
        let (learned, asked) = (Arc::clone(&loaded.learned), question.clone());
        let make = || {
            blocking(move || {
                let (report, drawn) = learned.forecast_and_keep(&asked);
                Ok(Forecast { report, drawn })
            })
        };
        loaded.forecasts.get(question, make).await
    }

    /// The credential has changed: the next call builds another client.
    pub(crate) async fn forget_client(&self) {
        *self.client.lock().await = None;
    }

    /// Whether a client was built since the credential changed last.
    pub(crate) async fn has_client(&self) -> bool {
        self.client.lock().await.is_some()
    }

    /// Work that needs the file, off the runtime's threads.
    pub(crate) async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&PortalStore) -> Result<T, WireError> + Send + 'static,
    ) -> Result<T, WireError> {
        let store = self.store.clone();
        blocking(move || work(&store)).await
    }
}

impl App {
    /// The list's entry of a portal.
    pub(crate) async fn entry(&self, id: PortalId) -> Result<PortalEntry, WireError> {
        let registry = self.unlocked()?.registry;
        let entries = blocking(move || Ok(registry.portals()?)).await?;
        entries
            .into_iter()
            .find(|entry| entry.id == id)
            .ok_or_else(|| {
                WireError::new(
                    ErrorCode::UnknownPortal,
                    "This portal is not on this machine.",
                    hint::FIND_PORTAL,
                )
            })
    }

    /// Opens a portal's file, or finds it open.
    pub(crate) async fn portal(&self, id: PortalId) -> Result<OpenPortal, WireError> {
        self.entry(id).await?;
        let mut open = self.inner.open.lock().await;
        if let Some(portal) = open.get(&id) {
            return Ok(portal.clone());
        }
        let vault = self.unlocked()?.vault;
        let dir = self.inner.dir.clone();
        let store = blocking(move || Ok(PortalStore::open(&dir, &vault, id)?)).await?;
        let portal = OpenPortal::new(store);
        open.insert(id, portal.clone());
        Ok(portal)
    }

    /// The portal's own client: one for everybody, so that all calls share one pace.
    pub(crate) async fn client(&self, portal: &OpenPortal) -> Result<Client, WireError> {
        let mut kept = portal.client.lock().await;
        if let Some(client) = &*kept {
            return Ok(client.clone());
        }
        let credential = portal.with_store(|store| Ok(store.credential()?)).await?;
        let gone = credential.disconnected.as_ref();
        if let Some(gone) = gone.filter(|gone| gone.why != access::REFUSED) {
            return Err(WireError::new(
                ErrorCode::Disconnected,
                format!(
                    "HubSpot withdrew the access to this portal on {}. The copy up to then is intact.",
                    gone.at.timestamp().strftime("%-d %b %Y")
                ),
                hint::RECONNECT,
            ));
        }
        let client = self.build_client(portal, credential)?;
        let day = client.clone();
        portal
            .with_store(move |store| {
                let zone = store.info()?.time_zone;
                day.keep_day(&zone, Arc::new(PortalDay(store.clone())));
                Ok(())
            })
            .await?;
        *kept = Some(client.clone());
        Ok(client)
    }

    fn build_client(
        &self,
        portal: &OpenPortal,
        credential: Credential,
    ) -> Result<Client, WireError> {
        let addresses = addresses(credential.api_base.as_deref())?;
        let clock = Arc::clone(&self.inner.environment.clock);
        let seed = portal.store.id().get();
        let (tokens, pacing): (Arc<dyn TokenSource>, Pacing) = match credential.kind {
            CredentialKind::StaticToken => {
                let token = StaticToken::new(credential.tokens.access);
                (Arc::new(token), Pacing::static_token(seed))
            }
            CredentialKind::OwnApp => {
                let own_app = own_app(&credential)?;
                let kept = Arc::new(PortalTokens::new(portal.store.clone()));
                let id = portal.store.id();
                let tokens =
                    OAuthTokens::new(own_app, addresses.clone(), id, kept, Arc::clone(&clock))?;
                (Arc::new(tokens), Pacing::oauth(seed))
            }
        };
        let unlimited = self.inner.environment.demo_limits == hubspot_sim::Limits::Off;
        let pacing = if unlimited && addresses.is_loopback() {
            // A simulator without limits is as fast as it answers; HubSpot itself never is.
            Pacing::unlimited(seed)
        } else {
            pacing
        };
        Ok(Client::new(addresses, tokens, pacing, clock)?)
    }
}

/// HubSpot's own addresses, or the simulator's.
///
/// # Errors
/// When the address is not one of this machine.
pub(crate) fn addresses(api_base: Option<&str>) -> Result<Addresses, WireError> {
    match api_base {
        None => Ok(Addresses::hubspot()),
        Some(base) => Addresses::loopback(base).map_err(|_| {
            WireError::bad_input(
                "Another address than HubSpot's must be one of this machine: a token is sent nowhere else.",
                "Use http://127.0.0.1:PORT, http://localhost:PORT or http://[::1]:PORT.",
            )
        }),
    }
}

/// The user's own app, out of a portal's credential.
pub(crate) fn own_app(credential: &Credential) -> Result<OwnApp, WireError> {
    match (&credential.client_id, &credential.client_secret) {
        (Some(client_id), Some(secret)) => Ok(OwnApp::new(client_id.clone(), secret.clone())),
        _ => Err(internal("a credential lacks its app")),
    }
}
