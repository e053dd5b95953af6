//! A simulated portal and its copy, on the simulator's own clock.
#![allow(dead_code, reason = "each test uses its own part")]

use std::collections::BTreeSet;
use std::sync::Arc;

use analyses::forecast::report::QueryRef;
use analyses::waterfall::report::WaterfallReport;
use crm::{Moment, RecordId};
use hubspot::{Addresses, Client, Clock, Pacing, StaticToken};
use hubspot_sim::{Limits, Sim, SimOptions, WorldKind};
use serde_json::Value;
use store::{DataDir, PortalInfo, PortalStore, RunOutcome};
use sync::SyncOptions;
use timeline::queries;
use tokio_util::sync::CancellationToken;

/// When the world begins to be read.
pub(crate) const NOW: &str = "2026-11-02T08:00:00Z";

/// The simulator's clock, which a test moves on.
struct SimulatedClock(Arc<Sim>);

impl Clock for SimulatedClock {
    fn now(&self) -> Moment {
        now(&self.0)
    }
}

/// What the simulator's clock shows.
fn now(sim: &Sim) -> Moment {
    let (_, answer) = sim.control("GET", "clock", &Value::Null);
    answer["now"].as_str().unwrap().parse().unwrap()
}

pub(crate) struct Copied {
    pub(crate) sim: Arc<Sim>,
    pub(crate) dir: DataDir,
    pub(crate) store: PortalStore,
    client: Client,
    clock: SimulatedClock,
    _folder: tempfile::TempDir,
}

impl Copied {
    /// The demo world with so many deals, nothing of it read yet. Its clock stands still.
    pub(crate) async fn new(deals: usize) -> Self {
        let options = SimOptions {
            world: WorldKind::Demo,
            seed: 7,
            now: NOW.parse().unwrap(),
            deals: Some(deals),
            port: 0,
            limits: Limits::Off,
        };
        let sim = Arc::new(hubspot_sim::serve(options).await.unwrap());
        sim.hold_clock();
        let addresses = Addresses::loopback(&sim.address().base_url).unwrap();
        let token = Arc::new(StaticToken::new(sim.address().token.clone().into()));
        let clock = Arc::new(SimulatedClock(Arc::clone(&sim)));
        let client = Client::new(addresses, token, Pacing::unlimited(1), clock).unwrap();
        let info = PortalInfo {
            id: client.account().await.unwrap().portal,
            name: "Demo".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            home_currency: "EUR".to_owned(),
            account_type: None,
            ui_domain: None,
            data_hosting: None,
            read_at: now(&sim),
        };
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::open(&folder.path().join("data")).unwrap();
        let store = PortalStore::create(&dir, &store::testing::vault(1), &info).unwrap();
        Self {
            clock: SimulatedClock(Arc::clone(&sim)),
            sim,
            dir,
            store,
            client,
            _folder: folder,
        }
    }

    /// What the simulator's clock shows.
    pub(crate) fn now(&self) -> Moment {
        now(&self.sim)
    }

    /// Reads what these options ask for, to its end.
    pub(crate) async fn sync(&self, options: &SyncOptions) {
        let cancel = CancellationToken::new();
        let report = sync::run(
            &self.client,
            &self.store,
            options,
            &self.clock,
            &|_| {},
            &cancel,
        );
        assert_eq!(report.await.unwrap().outcome, RunOutcome::Done);
    }
}

/// Deals and nothing else, with their histories.
pub(crate) fn deals_alone() -> SyncOptions {
    let mut options = SyncOptions::default();
    options
        .objects
        .retain(|plan| plan.object == crm::ObjectType::DEALS);
    options
}

/// The deals that a figure's query lists, asked with the figure's own parameters.
pub(crate) fn listed(store: &PortalStore, query: &QueryRef) -> BTreeSet<RecordId> {
    let sql = queries::find(&query.name).unwrap().sql();
    let ids = store.read(|connection| {
        let mut statement = connection.prepare(&sql)?;
        let parameters: Vec<(&str, &dyn rusqlite::ToSql)> = query
            .parameters
            .iter()
            .map(|of| (of.name.as_str(), &of.value as &dyn rusqlite::ToSql))
            .collect();
        let rows = statement.query_map(&*parameters, |row| Ok(RecordId::new(row.get(0)?)))?;
        Ok(rows.collect::<rusqlite::Result<BTreeSet<_>>>()?)
    });
    ids.unwrap()
}

/// The queries of a waterfall list the very deals of its ends and lines.
pub(crate) fn check_lists(store: &PortalStore, report: &WaterfallReport) {
    for end in [&report.start, &report.end] {
        let deals: BTreeSet<_> = end.deals.iter().copied().collect();
        assert_eq!(
            listed(store, end.query.as_ref().unwrap()),
            deals,
            "{}",
            end.at
        );
    }
    for line in &report.lines {
        let deals: BTreeSet<_> = line.deals.iter().map(|part| part.id).collect();
        let found = line.query.as_ref().map(|query| listed(store, query));
        assert_eq!(found.unwrap_or_default(), deals, "{:?}", line.line);
    }
}
