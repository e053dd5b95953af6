//! Connecting a portal: by a token, or by OAuth through the user's own app.

use std::sync::Arc;

use crm::{Currency, ObjectType, PortalId, RecordId};
use hubspot::oauth::{self, ConnectError, OwnApp, Scopes};
use hubspot::{AccountInfo, Addresses, Client, Pacing, StaticToken};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use secrecy::SecretString;
use store::{Credential, CredentialKind, PortalEntry, PortalInfo, PortalStore, StoreError, Tokens};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::app::{App, blocking};
use crate::faults::cancelled;
use crate::features;
use crate::hint;
use crate::open_portal::{OpenPortal, addresses, own_app};
use crate::portals::{COLOURS, valid_name};
use crate::views::{
    ConnectArgs, ConnectionWay, Event, Phase, PortalSummary, Progress, ReconnectArgs,
};
use crate::wire::{ErrorCode, WireError, internal};

/// What may ever be asked for, as an app of one's own must declare it: reading always, writing once a
/// person turns it on.
#[must_use]
pub fn scopes() -> Scopes {
    features::wanted(true)
}

/// A connection that was just made, before anything is kept.
struct NewConnection {
    account: AccountInfo,
    /// The portal's domain, the nearest thing to a name that HubSpot tells.
    domain: Option<String>,
    credential: Credential,
}

impl App {
    /// Connects a portal. Connecting one that is here already replaces its token and keeps its copy.
    ///
    /// # Errors
    /// When consent is refused or does not come, the token is not accepted, or it was cancelled.
    /// Nothing is kept then.
    pub async fn connect(&self, args: ConnectArgs) -> Result<PortalSummary, WireError> {
        self.unlocked()?;
        let name = args.name.as_deref().map(valid_name).transpose()?;
        let addresses = addresses(args.api_base.as_deref())?;
        let job = self.inner.jobs.begin(&args.job)?;
        let connection = match args.way {
            ConnectionWay::Token { token } => {
                tokio::select! {
                    () = job.cancel.cancelled() => return Err(cancelled("Stopped; nothing was connected.")),
                    made = self.by_token(token, &addresses, args.api_base) => made?,
                }
            }
            ConnectionWay::OwnApp {
                client_id,
                client_secret,
            } => {
                self.tell(waiting(&args.job, Phase::WaitingForConsent));
                let app = OwnApp::new(client_id, client_secret);
                let opener = Arc::clone(&self.inner.environment.opener);
                self.by_consent(
                    app,
                    &features::wanted(false),
                    &addresses,
                    &*opener,
                    args.api_base,
                    None,
                    job.cancel.clone(),
                )
                .await?
            }
        };
        self.tell(waiting(&args.job, Phase::Connecting));
        let id = connection.account.portal;
        self.keep(connection, name, false).await?;
        self.tell(Event::PortalsChanged);
        self.summary(id).await
    }

    /// Connects a portal of this machine again: its token is replaced, its copy stays. With
    /// `writeback`, consent to writing is asked for as well.
    ///
    /// # Errors
    /// As [`App::connect`]; also when another portal answers, or when consent was given without the
    /// scopes of writeback that were asked for: the portal is connected then, for reading.
    pub async fn reconnect(&self, args: ReconnectArgs) -> Result<PortalSummary, WireError> {
        let job = self.inner.jobs.begin(&args.job)?;
        let entry = self.entry(args.portal).await?;
        let portal = self.portal(args.portal).await?;
        let before = portal.with_store(|store| Ok(store.credential()?)).await?;
        let addresses = addresses(before.api_base.as_deref())?;
        let base = before.api_base.clone();
        let app = match args.way {
            Some(ConnectionWay::Token { token }) => {
                let made = tokio::select! {
                    () = job.cancel.cancelled() => return Err(cancelled("Stopped; nothing was changed.")),
                    made = self.by_token(token, &addresses, base) => made?,
                };
                return self.replace(made, entry).await;
            }
            Some(ConnectionWay::OwnApp {
                client_id,
                client_secret,
            }) => OwnApp::new(client_id, client_secret),
            None => own_app(&before).map_err(|_| {
                WireError::bad_input(
                    "This portal was connected by a token, so it is connected again by one.",
                    hint::GIVE_TOKEN,
                )
            })?,
        };
        self.tell(waiting(&args.job, Phase::WaitingForConsent));
        let had_writing =
            !before.scopes.is_empty() && features::writeback_missing(&before.scopes).is_empty();
        let wanted = features::wanted(args.writeback || had_writing);
        let opener = Arc::clone(&self.inner.environment.opener);
        let pinned = Some(args.portal);
        let cancel = job.cancel.clone();
        let made = self
            .by_consent(app, &wanted, &addresses, &*opener, base, pinned, cancel)
            .await?;
        self.tell(waiting(&args.job, Phase::Connecting));
        let granted = made.credential.clone();
        let summary = self.replace(made, entry).await?;
        if args.writeback {
            features::check_writeback(&granted)?;
        }
        Ok(summary)
    }

    /// Keeps a connection in place of the one that the portal had.
    async fn replace(
        &self,
        made: NewConnection,
        entry: PortalEntry,
    ) -> Result<PortalSummary, WireError> {
        if made.account.portal != entry.id {
            return Err(another_portal());
        }
        self.keep(made, Some(entry.name), entry.demo).await?;
        self.tell(Event::PortalsChanged);
        self.summary(entry.id).await
    }

    async fn by_token(
        &self,
        token: SecretString,
        addresses: &Addresses,
        api_base: Option<String>,
    ) -> Result<NewConnection, WireError> {
        let source = Arc::new(StaticToken::new(token.clone()));
        let clock = Arc::clone(&self.inner.environment.clock);
        let client = Client::new(addresses.clone(), source, Pacing::static_token(0), clock)?;
        let account = client.account().await?;
        Ok(NewConnection {
            account,
            domain: None,
            credential: Credential {
                kind: CredentialKind::StaticToken,
                tokens: Tokens {
                    access: token,
                    refresh: None,
                    issued_at: None,
                    expires_at: None,
                },
                client_id: None,
                client_secret: None,
                // A static token does not tell its scopes: each stream finds out for itself.
                scopes: Vec::new(),
                api_base,
                generation: 0,
                disconnected: None,
            },
        })
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "each is one thing that a consent is about"
    )]
    async fn by_consent(
        &self,
        app: OwnApp,
        scopes: &Scopes,
        addresses: &Addresses,
        opener: &dyn oauth::Opener,
        api_base: Option<String>,
        portal: Option<PortalId>,
        cancel: CancellationToken,
    ) -> Result<NewConnection, WireError> {
        let mut seed = [0_u8; 32];
        getrandom::fill(&mut seed).map_err(|_| internal("the system gave no random numbers"))?;
        let mut randomness = ChaCha20Rng::from_seed(seed);
        let clock = Arc::clone(&self.inner.environment.clock);
        let made = oauth::connect(
            &app,
            scopes,
            addresses,
            opener,
            &mut randomness,
            cancel,
            portal,
            clock,
        )
        .await
        .map_err(explain)?;
        Ok(NewConnection {
            account: made.portal,
            domain: made.domain,
            credential: Credential {
                kind: CredentialKind::OwnApp,
                tokens: Tokens {
                    access: made.tokens.access,
                    refresh: Some(made.tokens.refresh),
                    issued_at: Some(made.tokens.issued_at),
                    expires_at: Some(made.tokens.expires_at),
                },
                client_id: Some(app.client_id),
                client_secret: Some(app.client_secret),
                scopes: made.scopes,
                api_base,
                generation: 0,
                disconnected: None,
            },
        })
    }

    /// Connects the demo portal, whose consent page is followed without a person.
    pub(crate) async fn connect_demo(
        &self,
        app: OwnApp,
        base: &str,
        name: &str,
        cancel: CancellationToken,
    ) -> Result<PortalId, WireError> {
        let addresses = addresses(Some(base))?;
        let opener = oauth::ConsentFollower;
        let base = Some(base.to_owned());
        let connection = self
            .by_consent(app, &scopes(), &addresses, &opener, base, None, cancel)
            .await?;
        let id = connection.account.portal;
        self.keep(connection, Some(name.to_owned()), true).await?;
        Ok(id)
    }

    /// Keeps a new connection: the portal's file first, then the token in it, then the list's entry.
    async fn keep(
        &self,
        connection: NewConnection,
        name: Option<String>,
        demo: bool,
    ) -> Result<(), WireError> {
        let NewConnection {
            account,
            domain,
            credential,
        } = connection;
        let id = account.portal;
        let name = name.or(domain).unwrap_or_else(|| format!("Portal {id}"));
        let info = self.portal_info(&account, &name);
        let unlocked = self.unlocked()?;
        let dir = self.inner.dir.clone();
        let now = self.now();
        // Held to the end: two connections of one portal make one file, and share it.
        let mut open = self.inner.open.lock().await;
        let known = open.get(&id).cloned();
        let store = blocking(move || {
            let store = match known {
                Some(portal) => portal.store,
                None => match PortalStore::create(&dir, &unlocked.vault, &info) {
                    Err(StoreError::AlreadyExists(_)) => {
                        PortalStore::open(&dir, &unlocked.vault, id)?
                    }
                    created => created?,
                },
            };
            store.save_info(&info)?;
            store.connect(&credential)?;
            let entries = unlocked.registry.portals()?;
            if !entries.iter().any(|entry| entry.id == id) {
                let colour = free_colour(&entries);
                unlocked.registry.add(&PortalEntry {
                    id,
                    name,
                    colour,
                    demo,
                    added_at: now,
                })?;
            }
            Ok(store)
        })
        .await?;
        let portal = open.entry(id).or_insert_with(|| OpenPortal::new(store));
        portal.forget_client().await;
        Ok(())
    }

    fn portal_info(&self, account: &AccountInfo, name: &str) -> PortalInfo {
        // HubSpot always tells both; a portal that does not is read in UTC and dollars, which its
        // own defaults are.
        let zone = account
            .time_zone
            .clone()
            .unwrap_or_else(|| "UTC".to_owned());
        let currency = account
            .company_currency
            .as_deref()
            .and_then(|code| code.parse().ok());
        PortalInfo {
            id: account.portal,
            name: name.to_owned(),
            time_zone: zone,
            home_currency: currency
                .map_or_else(|| "USD".to_owned(), |code: Currency| code.to_string()),
            account_type: account.account_type.clone(),
            ui_domain: account.ui_domain.clone(),
            data_hosting: account.data_hosting_location.clone(),
            read_at: self.now(),
        }
    }
}

/// The first colour that marks no portal yet, so that two clients are not mistaken.
fn free_colour(entries: &[PortalEntry]) -> u8 {
    let fallback = u8::try_from(entries.len() % usize::from(COLOURS)).unwrap_or(0);
    (0..COLOURS)
        .find(|colour| entries.iter().all(|entry| entry.colour != *colour))
        .unwrap_or(fallback)
}

/// The address of a record's page in HubSpot, made from ids and the portal's own host.
///
/// # Errors
/// When the portal's host is none of HubSpot's.
pub(crate) fn record_url(
    info: &PortalInfo,
    object_type: &ObjectType,
    record: RecordId,
) -> Result<Url, WireError> {
    let host = info.ui_domain.as_deref().unwrap_or("app.hubspot.com");
    let ours = host == "app.hubspot.com"
        || host
            .strip_prefix("app-")
            .and_then(|rest| rest.strip_suffix(".hubspot.com"))
            .is_some_and(|region| region.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let text = format!(
        "https://{host}/contacts/{}/record/{}/{record}",
        info.id,
        object_type.type_id()
    );
    match text.parse() {
        Ok(url) if ours => Ok(url),
        _ => Err(WireError::bad_input(
            "This portal names a host that is not HubSpot's, so no page was opened.",
            "Open HubSpot by hand and search for the record.",
        )),
    }
}

pub(crate) fn waiting(job: &crate::views::JobId, phase: Phase) -> Event {
    let progress = Progress {
        phase,
        what: String::new(),
        steps_done: 0,
        steps_total: 1,
        done: 0,
        per_second: 0.0,
        seconds_left: None,
        calls: 0,
        calls_left: None,
    };
    Event::Progress {
        job: job.clone(),
        portal: None,
        progress,
    }
}

pub(crate) fn explain(error: ConnectError) -> WireError {
    match error {
        ConnectError::HubSpot(error) => error.into(),
        ConnectError::Cancelled => cancelled("Stopped; nothing was connected."),
        ConnectError::TimedOut => WireError::new(
            ErrorCode::ConsentTimedOut,
            "HubSpot's consent page was not answered within five minutes. Nothing was connected.",
            "Try again, and choose the account and Connect app in the browser.",
        )
        .passing(),
        ConnectError::Denied(_) => WireError::new(
            ErrorCode::Refused,
            "HubSpot said no to the connection. Nothing was connected.",
            "Ask a super admin of the portal, or one with App Marketplace access, to allow it.",
        ),
        ConnectError::PortsTaken => WireError::new(
            ErrorCode::InUse,
            "Other programs hold all three addresses that HubSpot may answer to.",
            "Close the program on port 17431, 17432 or 17433 of this machine, and try again.",
        )
        .passing(),
        ConnectError::Open(_) => WireError::new(
            ErrorCode::Refused,
            "The consent page could not be opened. Nothing was connected.",
            hint::CONNECT_BY_TOKEN,
        ),
        ConnectError::WrongPortal { .. } => another_portal(),
    }
}

fn another_portal() -> WireError {
    WireError::new(
        ErrorCode::Refused,
        "Another portal answered than the one to be connected again. Nothing was changed.",
        "Choose the right account on HubSpot's page, or a token of this portal.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(ui_domain: Option<&str>) -> PortalInfo {
        PortalInfo {
            id: PortalId::new(4242),
            name: "Acme".into(),
            time_zone: "UTC".into(),
            home_currency: "EUR".into(),
            account_type: None,
            ui_domain: ui_domain.map(str::to_owned),
            data_hosting: None,
            read_at: crm::Moment::from_millis(0),
        }
    }

    #[test]
    fn a_record_opens_only_on_hubspots_hosts() {
        let url = |domain| record_url(&info(domain), &ObjectType::DEALS, RecordId::new(512));
        let path = "/contacts/4242/record/0-3/512";
        assert_eq!(
            url(None).unwrap().as_str(),
            format!("https://app.hubspot.com{path}")
        );
        let europe = url(Some("app-eu1.hubspot.com")).unwrap();
        assert_eq!(
            europe.as_str(),
            format!("https://app-eu1.hubspot.com{path}")
        );
        for host in [
            "evil.test",
            "app-eu1.hubspot.com.evil.test",
            "app-@evil.test/.hubspot.com",
            "",
        ] {
            assert!(url(Some(host)).is_err(), "{host:?}");
        }
    }

    #[test]
    fn each_new_portal_gets_its_own_colour() {
        let entry = |id, colour| PortalEntry {
            id: PortalId::new(id),
            name: String::new(),
            colour,
            demo: false,
            added_at: crm::Moment::from_millis(0),
        };
        assert_eq!(free_colour(&[]), 0);
        assert_eq!(free_colour(&[entry(1, 0), entry(2, 2)]), 1);
        let all: Vec<_> = (0..COLOURS)
            .map(|colour| entry(u64::from(colour), colour))
            .collect();
        assert_eq!(free_colour(&all), 0);
    }

    #[test]
    fn writing_is_asked_for_and_not_insisted_on() {
        let scopes = scopes();
        assert!(
            scopes
                .required
                .iter()
                .all(|scope| !scope.ends_with(".write"))
        );
        assert!(
            scopes
                .optional
                .iter()
                .any(|scope| scope == "crm.objects.deals.write")
        );
    }
}
