//! The app's state, and the portals on this machine.

use crm::PortalId;
use hubspot::oauth;
use store::{CredentialKind, PortalEntry};

use crate::app::{App, blocking};
use crate::connecting;
use crate::open_portal::{OpenPortal, addresses, own_app};
use crate::views::{
    AppStatus, CancelArgs, Connection, Event, ForgetReceipt, NoArgs, OpenRecordArgs, PortalArgs,
    PortalSummary, RenameArgs, UnlockArgs,
};
use crate::wire::{ErrorCode, WireError};

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
    /// When the portal is unknown, is being read or written to, or a file could not be removed.
    pub async fn forget(&self, args: PortalArgs) -> Result<ForgetReceipt, WireError> {
        let id = args.portal;
        self.entry(id).await?;
        // A file that does not open can still be forgotten; only its token cannot be revoked then.
        let portal = self.portal(id).await.ok();
        let turns = portal
            .as_ref()
            .map(|portal| (portal.syncing.try_lock(), portal.writing.try_lock()));
        if matches!(&turns, Some((Err(_), _) | (_, Err(_)))) {
            return Err(WireError::new(
                ErrorCode::InUse,
                "This portal is being read or written to. Nothing was removed.",
                "Wait for the running work, or cancel it, and forget the portal then.",
            )
            .passing());
        }
        let token_revoked = match &portal {
            Some(portal) => self.revoke(portal).await,
            None => None,
        };
        // Held to the end, so that nobody opens or connects what is half removed.
        let mut open = self.inner.open.lock().await;
        open.remove(&id);
        let registry = self.unlocked()?.registry;
        let dir = self.inner.dir.clone();
        let now = self.now();
        let forgotten = blocking(move || {
            Ok(store::forget(
                &dir,
                &registry,
                id,
                now,
                token_revoked,
                &mut |_| {},
            )?)
        })
        .await?;
        drop(open);
        // Nor is anything of it kept in memory.
        let mut snapshots = self.inner.snapshots.lock().await;
        snapshots.retain(|_, snapshot| snapshot.store.id() != id);
        drop(snapshots);
        self.tell(Event::PortalsChanged);
        Ok(ForgetReceipt {
            portal: id,
            files_removed: forgotten.files,
            bytes_removed: forgotten.bytes,
            log_lines_removed: forgotten.log_lines,
            snapshots_left: forgotten
                .left_elsewhere
                .iter()
                .map(|path| path.display().to_string())
                .collect(),
            token_revoked,
        })
    }

    /// Takes the lines that name a portal out of a log that lies elsewhere than in the data folder,
    /// and tells how many.
    ///
    /// # Errors
    /// When the log cannot be read or written.
    pub async fn forget_in_log(
        &self,
        portal: PortalId,
        log: std::path::PathBuf,
    ) -> Result<u64, WireError> {
        blocking(move || Ok(store::forget_log_lines(&log, portal)?)).await
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crm::{Moment, PortalId};
    use hubspot::oauth::ConsentFollower;
    use secrecy::SecretString;
    use store::{Credential, CredentialKind, PortalInfo, PortalStore, Tokens};

    use super::*;
    use crate::environment::{Environment, SystemClock};
    use crate::views::{ApplyArgs, JobId, SyncArgs};

    const PORTAL: PortalId = PortalId::new(42);

    /// An app with one portal that was connected by a token, reached nowhere.
    async fn app_with_a_portal(folder: &std::path::Path) -> App {
        let app = App::open(Environment {
            data_dir: folder.join("data"),
            passphrase: Some(SecretString::from("correct horse")),
            clock: Arc::new(SystemClock),
            opener: Arc::new(ConsentFollower),
            approver: "tester".to_owned(),
            demo_wanted: false,
            demo_limits: hubspot_sim::Limits::Off,
        })
        .await
        .unwrap();
        let unlocked = app.unlocked().unwrap();
        let added_at = Moment::from_millis(0);
        let info = PortalInfo {
            id: PORTAL,
            name: "Acme".to_owned(),
            time_zone: "UTC".to_owned(),
            home_currency: "EUR".to_owned(),
            account_type: None,
            ui_domain: None,
            data_hosting: None,
            read_at: added_at,
        };
        let store = PortalStore::create(&app.inner.dir, &unlocked.vault, &info).unwrap();
        let credential = Credential {
            kind: CredentialKind::StaticToken,
            tokens: Tokens {
                access: SecretString::from("token"),
                refresh: None,
                issued_at: None,
                expires_at: None,
            },
            client_id: None,
            client_secret: None,
            scopes: Vec::new(),
            api_base: Some("http://127.0.0.1:1".to_owned()),
            generation: 0,
            disconnected: None,
        };
        store.connect(&credential).unwrap();
        let entry = PortalEntry {
            id: PORTAL,
            name: info.name,
            colour: 0,
            demo: false,
            added_at,
        };
        unlocked.registry.add(&entry).unwrap();
        app
    }

    #[tokio::test]
    async fn nothing_is_forgotten_while_it_is_worked_on() {
        let folder = tempfile::tempdir().unwrap();
        let app = app_with_a_portal(folder.path()).await;
        let args = || PortalArgs { portal: PORTAL };
        let portal = app.portal(PORTAL).await.unwrap();
        for turn in [&portal.syncing, &portal.writing] {
            let _turn = turn.try_lock().unwrap();
            let refused = app.forget(args()).await.unwrap_err();
            assert_eq!(refused.code, ErrorCode::InUse);
        }
        assert_eq!(app.portals(NoArgs {}).await.unwrap().len(), 1);
        let receipt = app.forget(args()).await.unwrap();
        assert!(!receipt.files_removed.is_empty());
        assert!(app.portals(NoArgs {}).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_refusal_counts_against_the_credential_that_was_refused() {
        let folder = tempfile::tempdir().unwrap();
        let app = app_with_a_portal(folder.path()).await;
        let portal = app.portal(PORTAL).await.unwrap();
        let refused = || WireError::new(ErrorCode::Disconnected, "refused", "reconnect");
        let is_connected = || portal.store.credential().unwrap().disconnected.is_none();

        app.client(&portal).await.unwrap();
        // Connected again while the old client was on its way.
        portal.forget_client().await;
        app.heed(&portal, refused()).await;
        assert!(is_connected());

        app.client(&portal).await.unwrap();
        app.heed(&portal, refused()).await;
        assert!(!is_connected());
    }

    #[tokio::test]
    async fn a_portal_is_read_and_written_to_by_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let app = app_with_a_portal(folder.path()).await;
        let portal = app.portal(PORTAL).await.unwrap();
        let _reading = portal.syncing.try_lock().unwrap();
        let _writing = portal.writing.try_lock().unwrap();
        let job = JobId("job".to_owned());
        let sync = SyncArgs {
            job: job.clone(),
            portal: PORTAL,
        };
        assert_eq!(app.sync(sync).await.unwrap_err().code, ErrorCode::InUse);
        let apply = ApplyArgs {
            job,
            portal: PORTAL,
            plan: 1,
        };
        let refused = app.apply_plan(apply).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::InUse);
    }
}
