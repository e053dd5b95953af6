//! The app's state, and the portals on this machine.

use crm::PortalId;
use hubspot::oauth;
use store::{CredentialKind, PortalEntry, PortalStore};

use crate::app::{App, blocking};
use crate::connecting;
use crate::open_portal::{OpenPortal, addresses, own_app};
use crate::views::{
    AppStatus, CancelArgs, Connection, Event, ForgetReceipt, NoArgs, OpenRecordArgs, PortalArgs,
    PortalSummary, RenameArgs, UnlockArgs,
};
use crate::wire::WireError;

/// How many colours mark portals.
pub(crate) const COLOURS: u8 = 8;

/// The longest name of a portal, in characters.
const LONGEST_NAME: usize = 60;

impl App {
    /// What the window needs to know first.
    ///
    /// # Errors
    /// When the keychain, asked again, fails in an unexpected way.
    pub async fn status(&self, _: NoArgs) -> Result<AppStatus, WireError> {
        self.retry_keychain().await?;
        let scopes = connecting::scopes();
        Ok(AppStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            vault: self.vault_view(),
            demo_wanted: self.inner.environment.demo_wanted,
            redirect_urls: oauth::REDIRECT_PORTS.map(oauth::redirect_uri).to_vec(),
            required_scopes: scopes.required,
            optional_scopes: scopes.optional,
        })
    }

    /// Opens the vault with a passphrase, or seals a new one with it.
    ///
    /// # Errors
    /// When the passphrase is wrong or the vault cannot be read.
    pub async fn unlock(&self, args: UnlockArgs) -> Result<AppStatus, WireError> {
        self.unlock_with(args.passphrase).await?;
        self.status(NoArgs {}).await
    }

    /// The portals on this machine, oldest first.
    ///
    /// # Errors
    /// When the vault is shut or a portal's file cannot be read.
    pub async fn portals(&self, _: NoArgs) -> Result<Vec<PortalSummary>, WireError> {
        let registry = self.unlocked()?.registry;
        let entries = blocking(move || Ok(registry.portals()?)).await?;
        let mut summaries = Vec::with_capacity(entries.len());
        for entry in entries {
            let portal = self.portal(entry.id).await?;
            summaries.push(summary(entry, &portal).await?);
        }
        Ok(summaries)
    }

    /// One portal, as the list shows it.
    pub(crate) async fn summary(&self, id: PortalId) -> Result<PortalSummary, WireError> {
        let entry = self.entry(id).await?;
        summary(entry, &self.portal(id).await?).await
    }

    /// Names and colours a portal.
    ///
    /// # Errors
    /// When the name is empty or too long, or the colour does not exist.
    pub async fn rename(&self, args: RenameArgs) -> Result<PortalSummary, WireError> {
        let name = valid_name(&args.name)?;
        if args.colour >= COLOURS {
            return Err(WireError::bad_input(
                "There is no such colour.",
                "Choose one from 0 to 7.",
            ));
        }
        let registry = self.unlocked()?.registry;
        blocking(move || Ok(registry.rename(args.portal, &name, args.colour)?)).await?;
        self.tell(Event::PortalsChanged);
        self.summary(args.portal).await
    }

    /// Removes everything that is known of a portal from this machine. Works offline; the token is
    /// revoked where HubSpot can be reached.
    ///
    /// # Errors
    /// When the portal is unknown, or a file could not be removed.
    pub async fn forget(&self, args: PortalArgs) -> Result<ForgetReceipt, WireError> {
        let id = args.portal;
        self.entry(id).await?;
        // A file that does not open can still be forgotten; only its token cannot be revoked then.
        let token_revoked = match self.portal(id).await {
            Ok(portal) => self.revoke(&portal).await,
            Err(_) => None,
        };
        self.inner.open.lock().await.remove(&id);
        let registry = self.unlocked()?.registry;
        let dir = self.inner.dir.clone();
        let forgotten = blocking(move || {
            let forgotten = PortalStore::forget(&dir, id)?;
            registry.remove(id)?;
            Ok(forgotten)
        })
        .await?;
        self.tell(Event::PortalsChanged);
        Ok(ForgetReceipt {
            portal: id,
            files_removed: forgotten.files,
            token_revoked,
        })
    }

    /// Voids the refresh token at HubSpot. `None` for tokens that are deleted in HubSpot by hand.
    async fn revoke(&self, portal: &OpenPortal) -> Option<bool> {
        let credential = portal
            .with_store(|store| Ok(store.credential()?))
            .await
            .ok()?;
        if credential.kind != CredentialKind::OwnApp {
            return None;
        }
        let refresh = credential.tokens.refresh.clone()?;
        let app = own_app(&credential).ok()?;
        let addresses = addresses(credential.api_base.as_deref()).ok()?;
        Some(oauth::revoke(&app, &addresses, &refresh).await.is_ok())
    }

    /// Stops long work.
    ///
    /// # Errors
    /// None today.
    pub async fn cancel(&self, args: CancelArgs) -> Result<bool, WireError> {
        Ok(self.inner.jobs.cancel(&args.job))
    }

    /// Opens a record in HubSpot, in the system browser. The address is built here from ids alone.
    ///
    /// # Errors
    /// When the portal is unknown, is the demo, or no browser opens.
    pub async fn open_record(&self, args: OpenRecordArgs) -> Result<bool, WireError> {
        if self.entry(args.portal).await?.demo {
            return Err(WireError::bad_input(
                "The demo portal has no pages in HubSpot.",
                "Connect a portal of yours to open its records.",
            ));
        }
        let portal = self.portal(args.portal).await?;
        let info = portal.with_store(|store| Ok(store.info()?)).await?;
        let url = connecting::record_url(&info, &args.object_type, args.record)?;
        let opened = self.inner.environment.opener.open(&url).await;
        opened.map(|()| true).map_err(|_| {
            WireError::bad_input(
                "No browser opened.",
                "Open HubSpot by hand and search for the deal.",
            )
        })
    }
}

/// A name that can stand for a portal: trimmed, not empty, not endless.
pub(crate) fn valid_name(name: &str) -> Result<String, WireError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control)
    {
        return Err(WireError::bad_input(
            "A portal's name has 1 to 60 characters.",
            "Choose another name.",
        ));
    }
    Ok(name.to_owned())
}

async fn summary(entry: PortalEntry, portal: &OpenPortal) -> Result<PortalSummary, WireError> {
    portal
        .with_store(move |store| {
            let info = store.info()?;
            let credential = store.credential()?;
            let synced = store.read(store::last_finished_run)?;
            let connection = match credential.disconnected {
                None => Connection::Connected,
                Some(gone) => Connection::Disconnected {
                    since: gone.at,
                    why: gone.why,
                },
            };
            Ok(PortalSummary {
                id: entry.id,
                name: entry.name,
                colour: entry.colour,
                demo: entry.demo,
                account_type: info.account_type,
                time_zone: info.time_zone,
                home_currency: info.home_currency,
                connection,
                synced_at: synced.map(|run| run.started_at),
            })
        })
        .await
}
