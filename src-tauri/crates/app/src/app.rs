//! The app: what is open, what runs, who listens.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crm::{Moment, PortalId};
use secrecy::SecretString;
use store::{DataDir, Registry, SnapshotId, Unlock, Vault, VaultError, VaultState};
use tokio::sync::broadcast;

use crate::demo::Demo;
use crate::environment::Environment;
use crate::hint;
use crate::jobs::Jobs;
use crate::open_portal::OpenPortal;
use crate::views::{Event, VaultView};
use crate::wire::{ErrorCode, WireError, internal};

/// How many events a slow listener may fall behind before it loses the oldest. Progress is told
/// ten times a second at most, so this is half a minute.
const EVENTS_KEPT: usize = 256;

/// How long the system's keychain may take: a dialog may be waiting for a person.
const KEYCHAIN_LIMIT: Duration = Duration::from_secs(30);

/// Everything a user can ask for. Cheap to clone; all clones are the same app.
#[derive(Clone)]
pub struct App {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) environment: Environment,
    pub(crate) dir: DataDir,
    secrets: Mutex<Secrets>,
    pub(crate) open: tokio::sync::Mutex<HashMap<PortalId, OpenPortal>>,
    /// Snapshots have names of their own, so none of them is ever taken for its portal.
    pub(crate) snapshots: tokio::sync::Mutex<BTreeMap<SnapshotId, OpenPortal>>,
    pub(crate) jobs: Jobs,
    pub(crate) demo: tokio::sync::Mutex<Option<Demo>>,
    events: broadcast::Sender<Event>,
}

/// Whether secrets can be read.
enum Secrets {
    Open(Unlocked),
    /// With the cause, in words.
    Shut(VaultView, String),
}

/// The opened vault and what it opens.
#[derive(Clone)]
pub(crate) struct Unlocked {
    pub(crate) vault: Vault,
    pub(crate) registry: Arc<Registry>,
}

impl App {
    /// Opens the data folder, and the vault if a keychain or the given passphrase opens it. A vault
    /// that stays shut is no error: [`App::status`] says what it needs.
    ///
    /// # Errors
    /// When the folder cannot be used, or the given passphrase is wrong.
    pub async fn open(environment: Environment) -> Result<Self, WireError> {
        let path = environment.data_dir.clone();
        let dir = blocking(move || Ok(DataDir::open(&path)?)).await?;
        let passphrase = environment.passphrase.clone();
        let secrets = match passphrase {
            Some(passphrase) => Secrets::Open(open_with(&dir, passphrase).await?),
            None => open_with_keychain(&dir).await?,
        };
        let (events, _) = broadcast::channel(EVENTS_KEPT);
        let inner = Inner {
            environment,
            dir,
            secrets: Mutex::new(secrets),
            open: tokio::sync::Mutex::default(),
            snapshots: tokio::sync::Mutex::default(),
            jobs: Jobs::default(),
            demo: tokio::sync::Mutex::default(),
            events,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// What happens from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.inner.events.subscribe()
    }

    /// Stops all long work and waits until it has stopped, `longest` at most: for the end of the
    /// program. Whatever it had written stays; a later start goes on from there.
    pub async fn close(&self, longest: Duration) {
        if tokio::time::timeout(longest, self.inner.jobs.close())
            .await
            .is_err()
        {
            tracing::warn!("long work did not stop in time");
        }
    }

    pub(crate) fn tell(&self, event: Event) {
        // Nobody listening is no failure.
        let _ = self.inner.events.send(event);
    }

    pub(crate) fn now(&self) -> Moment {
        self.inner.environment.clock.now()
    }

    pub(crate) fn vault_view(&self) -> VaultView {
        match &*self
            .inner
            .secrets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
        {
            Secrets::Open(_) => VaultView::Ready,
            Secrets::Shut(view, _) => view.clone(),
        }
    }

    /// The opened vault.
    ///
    /// # Errors
    /// [`ErrorCode::Locked`] or [`ErrorCode::KeychainUnavailable`] while it is shut.
    pub(crate) fn unlocked(&self) -> Result<Unlocked, WireError> {
        match &*self
            .inner
            .secrets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
        {
            Secrets::Open(unlocked) => Ok(unlocked.clone()),
            Secrets::Shut(VaultView::NewPassphrase, cause) => Err(WireError::new(
                ErrorCode::KeychainUnavailable,
                format!("Secrets have no place yet: {cause}."),
                hint::CHOOSE_PASSPHRASE,
            )),
            Secrets::Shut(VaultView::KeychainLocked, cause) => Err(WireError::new(
                ErrorCode::Locked,
                format!("The key to this data is in the system's keychain: {cause}. Nothing was changed."),
                "Unlock or start the keychain that the data was made with, and try again.",
            )
            .passing()),
            Secrets::Shut(VaultView::NeedsPassphrase | VaultView::Ready, _) => Err(WireError::new(
                ErrorCode::Locked,
                "This data is locked with a passphrase.",
                hint::ENTER_PASSPHRASE,
            )),
        }
    }

    /// Opens the vault with a passphrase; seals a new one with it.
    pub(crate) async fn unlock_with(&self, passphrase: SecretString) -> Result<(), WireError> {
        let unlocked = open_with(&self.inner.dir, passphrase).await?;
        *self
            .inner
            .secrets
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Secrets::Open(unlocked);
        Ok(())
    }

    /// Asks the keychain again, for a person who has unlocked it meanwhile.
    pub(crate) async fn retry_keychain(&self) -> Result<(), WireError> {
        if matches!(self.vault_view(), VaultView::KeychainLocked) {
            let secrets = open_with_keychain(&self.inner.dir).await?;
            *self
                .inner
                .secrets
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = secrets;
        }
        Ok(())
    }
}

/// Runs blocking work off the runtime's threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, WireError> + Send + 'static,
) -> Result<T, WireError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| internal("a task ended early"))?
}

async fn open_with(dir: &DataDir, passphrase: SecretString) -> Result<Unlocked, WireError> {
    let dir = dir.clone();
    blocking(move || {
        let vault = Vault::open(&dir, Unlock::Passphrase(&passphrase))?;
        unlocked(&dir, vault)
    })
    .await
}

/// What an opened vault opens. A forgetting that was interrupted is gone on with, if nobody else has
/// the folder: then it is theirs to go on with.
fn unlocked(dir: &DataDir, vault: Vault) -> Result<Unlocked, WireError> {
    let registry = Arc::new(Registry::open(dir, &vault)?);
    match store::resume_forgetting(dir, &registry) {
        Ok(forgotten) => {
            for _ in forgotten {
                tracing::info!("a forgetting that was interrupted has come to its end");
            }
        }
        Err(error) => tracing::warn!(%error, "a forgetting waits to come to its end"),
    }
    Ok(Unlocked { vault, registry })
}

async fn open_with_keychain(dir: &DataDir) -> Result<Secrets, WireError> {
    let state = {
        let dir = dir.clone();
        blocking(move || Ok(Vault::state(&dir)?)).await?
    };
    if state == VaultState::Passphrase {
        return Ok(Secrets::Shut(VaultView::NeedsPassphrase, String::new()));
    }
    let work = {
        let dir = dir.clone();
        tokio::task::spawn_blocking(move || Vault::open(&dir, Unlock::Keychain))
    };
    let opened = match tokio::time::timeout(KEYCHAIN_LIMIT, work).await {
        Ok(Ok(opened)) => opened,
        Ok(Err(_)) => return Err(internal("a task ended early")),
        Err(_) => Err(VaultError::KeychainLocked),
    };
    match (opened, state) {
        (Ok(vault), _) => {
            let dir = dir.clone();
            blocking(move || Ok(Secrets::Open(unlocked(&dir, vault)?))).await
        }
        // Where nothing was kept yet, a passphrase serves as well as a keychain.
        (
            Err(
                error @ (VaultError::KeychainAbsent
                | VaultError::NoSessionBus
                | VaultError::KeychainLocked),
            ),
            state,
        ) => {
            let view = match state {
                VaultState::New => VaultView::NewPassphrase,
                VaultState::Keychain | VaultState::Passphrase => VaultView::KeychainLocked,
            };
            Ok(Secrets::Shut(view, error.to_string()))
        }
        (Err(error), _) => Err(error.into()),
    }
}
