//! What HubSpot's answers say about a portal's access, remembered.
//!
//! Only an explicit refusal of the grant ends a connection. A token that is refused is another
//! thing: it may be wrong for a moment, or put right in HubSpot; so it is tried whenever somebody
//! asks, and the first success clears it.

use hubspot::{Client, Kind};
use store::{Disconnection, PortalWork};
use sync::SyncError;
use writeback::WritebackError;

use crate::app::App;
use crate::open_portal::OpenPortal;
use crate::views::Event;
use crate::wire::{ErrorCode, WireError};

/// The app was uninstalled, or the portal is gone.
const WITHDRAWN: &str = "access_withdrawn";

/// The token was not accepted.
pub(crate) const REFUSED: &str = "token_refused";

/// An error of work with HubSpot.
pub(crate) trait WorkError: Into<WireError> {
    /// What HubSpot's client said, where the error is its own.
    fn of_hubspot(&self) -> Option<&hubspot::Error>;
}

impl WorkError for SyncError {
    fn of_hubspot(&self) -> Option<&hubspot::Error> {
        match self {
            Self::HubSpot { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl WorkError for WritebackError {
    fn of_hubspot(&self) -> Option<&hubspot::Error> {
        match self {
            Self::HubSpot(error) => Some(error),
            _ => None,
        }
    }
}

impl App {
    /// Ends work with HubSpot: keeps the count of the day's calls, and remembers what the outcome
    /// says about the portal's access.
    pub(crate) async fn settle<T, E: WorkError>(
        &self,
        portal: &OpenPortal,
        client: &Client,
        outcome: Result<T, E>,
    ) -> Result<T, WireError> {
        let spent = client.clone();
        let is_good = outcome.is_ok();
        let cleared = portal
            .with_store(move |store| {
                spent.save_day();
                if !is_good {
                    return Ok(false);
                }
                let credential = store.credential()?;
                let was_refused = credential.disconnected.is_some();
                if was_refused {
                    store.mark_accepted(credential.generation)?;
                }
                Ok(was_refused)
            })
            .await;
        if cleared == Ok(true) {
            self.tell(Event::PortalsChanged);
        }
        if let Err(error) = &outcome
            && let Some(error) = error.of_hubspot()
        {
            self.heed(portal, error.kind()).await;
        }
        outcome.map_err(Into::into)
    }

    /// Remembers that HubSpot withdrew a portal's access, so that nothing keeps knocking, or that it
    /// refused the token, so that a person can see it. A portal that was connected again meanwhile
    /// has another credential than the one refused.
    pub(crate) async fn heed(&self, portal: &OpenPortal, kind: Kind) {
        let why = match kind {
            Kind::Disconnected => WITHDRAWN,
            Kind::Reauth => REFUSED,
            _ => return,
        };
        if portal.has_client().await {
            let now = self.now();
            let noted = portal
                .with_store(move |store| {
                    let credential = store.credential()?;
                    let gone = Disconnection {
                        at: now,
                        why: why.to_owned(),
                    };
                    Ok(store.mark_disconnected(credential.generation, &gone)?)
                })
                .await;
            if noted.is_ok() {
                portal.forget_client().await;
                self.tell(Event::PortalsChanged);
            }
        }
    }

    /// Makes reading a portal this process's, so that others can tell a run from one that was
    /// interrupted. A run of the sync that has no end by now lost its process.
    pub(crate) async fn begin_run(
        &self,
        portal: &OpenPortal,
    ) -> Result<store::PortalLock, WireError> {
        portal
            .with_store(|store| {
                let turn = store.try_lock(PortalWork::Run)?.ok_or_else(|| {
                    WireError::new(
                        ErrorCode::InUse,
                        "Another Plumbline is reading this portal.",
                        "Wait for its sync to end, or stop it there.",
                    )
                    .passing()
                })?;
                store.write(store::end_lost_runs)?;
                Ok(turn)
            })
            .await
    }
}
