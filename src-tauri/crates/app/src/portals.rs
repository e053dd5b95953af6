//! The app's state, and the portals on this machine.

use crm::PortalId;
use hubspot::oauth;
use store::{CredentialKind, PortalEntry};

use crate::access;
use crate::app::{App, blocking};
use crate::connecting;
use crate::hint;
use crate::open_portal::{OpenPortal, addresses, own_app};
use crate::views::{
    AppStatus, CancelArgs, ConnectedBy, Connection, Event, ForgetReceipt, NoArgs, OpenRecordArgs,
    PortalArgs, PortalSummary, RenameArgs, UnlockArgs,
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

    /// The portals on this machine, oldest first. One whose file cannot be read is among them and
    /// says so; it keeps nobody from the others.
    ///
    /// # Errors
    /// When the vault is shut.
    pub async fn portals(&self, _: NoArgs) -> Result<Vec<PortalSummary>, WireError> {
        let registry = self.unlocked()?.registry;
        let entries = blocking(move || Ok(registry.portals()?)).await?;
        let mut summaries = Vec::with_capacity(entries.len());
        for entry in entries {
            let read = match self.portal(entry.id).await {
                Ok(portal) => summary(entry.clone(), &portal).await,
                Err(error) => Err(error),
            };
            summaries.push(read.unwrap_or_else(|error| damaged(entry, error)));
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
                hint::WAIT_AND_FORGET,
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

/// A portal of which only the list's entry can be read.
fn damaged(entry: PortalEntry, error: WireError) -> PortalSummary {
    PortalSummary {
        id: entry.id,
        name: entry.name,
        colour: entry.colour,
        demo: entry.demo,
        account_type: None,
        // What HubSpot's own defaults are; nothing is shown by them.
        time_zone: "UTC".to_owned(),
        home_currency: "USD".to_owned(),
        connection: Connection::Damaged {
            why: error.message,
            hint: error.hint.in_window().to_owned(),
        },
        connected_by: None,
        synced_at: None,
    }
}

async fn summary(entry: PortalEntry, portal: &OpenPortal) -> Result<PortalSummary, WireError> {
    portal
        .with_store(move |store| {
            let info = store.info()?;
            let credential = store.credential()?;
            let synced = store.read(store::last_finished_run)?;
            let connection = match credential.disconnected {
                None => Connection::Connected,
                Some(gone) if gone.why == access::REFUSED => {
                    Connection::TokenRefused { since: gone.at }
                }
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
                connected_by: Some(match credential.kind {
                    CredentialKind::OwnApp => ConnectedBy::OwnApp,
                    CredentialKind::StaticToken => ConnectedBy::Token,
                }),
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
    use sync::SyncError;

    use super::*;
    use crate::environment::{Environment, SystemClock};
    use crate::views::{ApplyArgs, CopyArgs, JobId, SyncArgs, SyncOutcome};

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
        add_portal(&app, PORTAL);
        app
    }

    /// A portal that was connected by a token, reached nowhere.
    fn add_portal(app: &App, id: PortalId) {
        let unlocked = app.unlocked().unwrap();
        let added_at = Moment::from_millis(0);
        let info = PortalInfo {
            id,
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
            id,
            name: info.name,
            colour: 0,
            demo: false,
            added_at,
        };
        unlocked.registry.add(&entry).unwrap();
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
        let is_connected = || portal.store.credential().unwrap().disconnected.is_none();

        app.client(&portal).await.unwrap();
        // Connected again while the old client was on its way.
        portal.forget_client().await;
        app.heed(&portal, hubspot::Kind::Disconnected).await;
        assert!(is_connected());

        app.client(&portal).await.unwrap();
        app.heed(&portal, hubspot::Kind::Disconnected).await;
        assert!(!is_connected());
    }

    #[tokio::test]
    async fn a_refused_token_is_shown_and_tried_again_and_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let app = app_with_a_portal(folder.path()).await;
        let portal = app.portal(PORTAL).await.unwrap();
        let client = app.client(&portal).await.unwrap();
        let refused = || SyncError::HubSpot {
            stream: "owners".to_owned(),
            error: hubspot::Kind::Reauth.into(),
        };
        let outcome = app.settle::<(), _>(&portal, &client, Err(refused())).await;
        assert_eq!(outcome.unwrap_err().code, ErrorCode::TokenRefused);
        let shown = app.summary(PORTAL).await.unwrap().connection;
        assert!(
            matches!(shown, Connection::TokenRefused { .. }),
            "{shown:?}"
        );
        // Nothing keeps the next attempt from being made.
        let client = app.client(&portal).await.unwrap();
        app.settle::<_, SyncError>(&portal, &client, Ok(()))
            .await
            .unwrap();
        let connection = async || app.summary(PORTAL).await.unwrap().connection;
        assert_eq!(connection().await, Connection::Connected);
        // Only what HubSpot itself said counts: that no token is kept says nothing of its access.
        let other = SyncError::Store(store::StoreError::NoCredential);
        let outcome = app.settle::<(), _>(&portal, &client, Err(other)).await;
        assert_eq!(outcome.unwrap_err().code, ErrorCode::Disconnected);
        assert_eq!(connection().await, Connection::Connected);
    }

    #[tokio::test]
    async fn a_damaged_portal_keeps_nobody_from_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let app = app_with_a_portal(folder.path()).await;
        let other = PortalId::new(43);
        add_portal(&app, other);
        let file = folder.path().join("data/portals/43.db");
        std::fs::write(&file, vec![7_u8; 8_192]).unwrap();
        let all = app.portals(NoArgs {}).await.unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].connection, Connection::Connected);
        assert!(
            matches!(&all[1].connection, Connection::Damaged { hint, .. } if hint.contains("Forget"))
        );
        app.forget(PortalArgs { portal: other }).await.unwrap();
        assert_eq!(app.portals(NoArgs {}).await.unwrap().len(), 1);
    }

    /// What one portal spends or is refused is nothing to another.
    #[tokio::test]
    async fn two_portals_share_no_limiter() {
        let folder = tempfile::tempdir().unwrap();
        let app = app_with_a_portal(folder.path()).await;
        let other = PortalId::new(43);
        add_portal(&app, other);
        let now = app.now();
        let spent = store::ApiDay {
            day: now.date_in(&jiff::tz::TimeZone::UTC),
            calls: 250_000,
            errors: 0,
            limit: Some(250_000),
            remaining: Some(0),
            spent_until: Some(now.plus(jiff::SignedDuration::from_hours(1))),
            paused_until: None,
        };
        let first = app.portal(PORTAL).await.unwrap();
        first.store.save_api_day(&spent).unwrap();
        let second = app.portal(other).await.unwrap();
        let (mine, theirs) = (
            app.client(&first).await.unwrap(),
            app.client(&second).await.unwrap(),
        );
        assert_eq!(mine.usage().left_today(), Some(0), "restored from the file");
        let kind = mine.account().await.unwrap_err().kind();
        let ask_again = spent.spent_until;
        assert_eq!(kind, hubspot::Kind::DailyLimit { ask_again });
        assert_eq!(mine.usage().calls, 0);
        // Nobody answers there; but the call is let through.
        let kind = theirs.account().await.unwrap_err().kind();
        assert_eq!(kind, hubspot::Kind::Network);
        assert!(theirs.usage().calls > 0);
        assert_eq!(theirs.usage().today, None);
    }

    #[tokio::test]
    async fn a_run_of_another_process_is_told_from_one_that_was_interrupted() {
        let folder = tempfile::tempdir().unwrap();
        let app = app_with_a_portal(folder.path()).await;
        let portal = app.portal(PORTAL).await.unwrap();
        let check = async |running: bool, latest: SyncOutcome| {
            let portal = PORTAL.into();
            let status = app.sync_status(CopyArgs { portal }).await.unwrap();
            assert_eq!((status.running, status.runs[0].outcome), (running, latest));
        };
        // A lock of another handle is to the system what one of another process is.
        let held = portal.store.lock(store::PortalWork::Run).unwrap();
        let began = app.now();
        portal
            .store
            .write(|tx| store::start_run(tx, store::RunKind::Full, 1, began))
            .unwrap();
        check(true, SyncOutcome::Running).await;
        let refused = app.begin_run(&portal).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::InUse);
        drop(held);
        check(false, SyncOutcome::Interrupted).await;
        // Other work than a run does not bring the lost one back to life.
        let _verifying = app.begin_run(&portal).await.unwrap();
        check(true, SyncOutcome::Interrupted).await;
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
            full: false,
            reconcile: false,
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
