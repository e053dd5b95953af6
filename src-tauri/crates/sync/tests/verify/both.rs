//! A simulated portal and its copy.

use std::sync::Arc;

use crm::{Moment, ObjectType};
use hubspot::{Addresses, Client, Clock, Pacing, StaticToken};
use hubspot_sim::{Limits, Sim, SimOptions, WorldKind};
use store::{Cell, DataDir, PortalInfo, PortalStore, Reconciliation, testing};
use sync::{SyncOptions, SyncReport};
use tokio_util::sync::CancellationToken;

/// Ten minutes after the world's present at its start: the simulator's clock runs with the
/// machine's, and no test takes as long.
const NOW: &str = "2026-11-02T08:10:00Z";

struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Moment {
        NOW.parse().unwrap()
    }
}

pub(crate) struct Both {
    pub(crate) sim: Sim,
    pub(crate) client: Client,
    pub(crate) store: PortalStore,
    pub(crate) options: SyncOptions,
    _folder: tempfile::TempDir,
}

impl Both {
    pub(crate) async fn new(deals: usize) -> Self {
        let options = SimOptions {
            world: WorldKind::Demo,
            seed: 11,
            now: "2026-11-02T08:00:00Z".parse().unwrap(),
            deals: Some(deals),
            port: 0,
            limits: Limits::Off,
        };
        let sim = hubspot_sim::serve(options).await.unwrap();
        let address = sim.address();
        let client = Client::new(
            Addresses::loopback(&address.base_url).unwrap(),
            Arc::new(StaticToken::new(address.token.clone().into())),
            Pacing::unlimited(1),
            Arc::new(StoppedClock),
        )
        .unwrap();
        let account = client.account().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::open(folder.path()).unwrap();
        let info = PortalInfo {
            id: account.portal,
            name: "Demo".to_owned(),
            time_zone: "UTC".to_owned(),
            home_currency: "USD".to_owned(),
            account_type: None,
            ui_domain: None,
            data_hosting: None,
            read_at: Moment::from_millis(0),
        };
        let store = PortalStore::create(&dir, &testing::vault(1), &info).unwrap();
        Self {
            sim,
            client,
            store,
            options: SyncOptions::default(),
            _folder: folder,
        }
    }

    pub(crate) async fn sync(&self) -> SyncReport {
        let cancel = CancellationToken::new();
        sync::run(
            &self.client,
            &self.store,
            &self.options,
            &StoppedClock,
            &|_| {},
            &cancel,
        )
        .await
        .unwrap()
    }

    pub(crate) async fn verify(&self) -> Reconciliation {
        let cancel = CancellationToken::new();
        sync::verify(
            &self.client,
            &self.store,
            &self.options,
            &StoppedClock,
            &|_| {},
            &cancel,
        )
        .await
        .unwrap()
    }

    pub(crate) fn count(&self, sql: &str) -> u64 {
        match self.store.read_only_query(sql, 1).unwrap().rows[0][0] {
            Cell::Integer(count) => u64::try_from(count).unwrap(),
            ref other => panic!("not a count: {other:?}"),
        }
    }

    /// Calls to search since the last time this was asked.
    pub(crate) fn live(&self, object: &ObjectType) -> u64 {
        self.sim.counts()[object.as_str()]["live"].as_u64().unwrap()
    }
}
