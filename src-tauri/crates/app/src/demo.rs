//! The demo portal: a HubSpot on this machine, one click away.

use crm::{Moment, PortalId};
use hubspot::oauth::OwnApp;
use hubspot_sim::{Sim, SimOptions, WorldKind};
use secrecy::SecretString;

use crate::app::App;
use crate::connecting::waiting;
use crate::faults::cancelled;
use crate::open_portal::OpenPortal;
use crate::views::{DemoArgs, Event, Phase, PortalSummary};
use crate::wire::{WireError, internal};

/// The name that the demo portal bears in lists.
const NAME: &str = "Demo portal";

/// The seed from which the demo's world grows: everybody sees the same company.
const SEED: u64 = 7;

const SECONDS_A_DAY: f64 = 86_400.0;

/// A running demo portal; it stops when this is dropped.
pub(crate) struct Demo {
    portal: PortalId,
    _running: Sim,
}

impl App {
    /// Starts the demo portal on this machine and connects it over OAuth.
    ///
    /// # Errors
    /// When the simulator does not start, or it was cancelled.
    pub async fn demo(&self, args: DemoArgs) -> Result<PortalSummary, WireError> {
        let job = self.inner.jobs.begin(&args.job)?;
        let registry = self.unlocked()?.registry;
        let entries = crate::app::blocking(move || Ok(registry.portals()?)).await?;
        self.tell(waiting(&args.job, Phase::StartingDemo));
        let known = entries.iter().find(|entry| entry.demo);
        let id = tokio::select! {
            () = job.cancel.cancelled() => return Err(cancelled("Stopped; no demo was connected.")),
            id = self.start_demo(known.map(|entry| entry.added_at)) => id?,
        };
        self.tell(Event::PortalsChanged);
        self.summary(id).await
    }

    /// For the demo portal: starts its simulator where this process has not done so yet. Other
    /// portals need nothing.
    pub(crate) async fn ready_demo(&self, portal: &OpenPortal) -> Result<(), WireError> {
        let entry = self.entry(portal.store.id()).await?;
        if entry.demo {
            self.start_demo(Some(entry.added_at)).await?;
        }
        Ok(())
    }

    /// The world began when the demo was first connected; since then its clock has run on.
    async fn start_demo(&self, began: Option<Moment>) -> Result<PortalId, WireError> {
        let mut running = self.inner.demo.lock().await;
        if let Some(demo) = &*running {
            return Ok(demo.portal);
        }
        let now = self.now();
        let began = began.unwrap_or(now);
        let options = SimOptions {
            world: WorldKind::Demo,
            seed: SEED,
            now: began,
            deals: None,
            port: 0,
            limits: self.inner.environment.demo_limits,
        };
        let sim = hubspot_sim::serve(options).await.map_err(|error| {
            tracing::error!(%error, "simulator");
            internal("the demo portal did not start")
        })?;
        let days_since = now.since(began).as_secs_f64() / SECONDS_A_DAY;
        if days_since > 0.0 {
            sim.advance(days_since);
        }
        let address = sim.address();
        let app = OwnApp::new(
            address.client_id.clone(),
            SecretString::from(address.client_secret.clone()),
        );
        let base = address.base_url.clone();
        let cancel = tokio_util::sync::CancellationToken::new();
        let portal = self.connect_demo(app, &base, NAME, cancel).await?;
        *running = Some(Demo {
            portal,
            _running: sim,
        });
        Ok(portal)
    }
}
