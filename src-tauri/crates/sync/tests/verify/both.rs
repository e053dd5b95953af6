//! A simulated portal and its copy.
#![allow(dead_code, reason = "each test uses its own part")]

use std::collections::BTreeSet;
use std::sync::Arc;

use crm::{Moment, ObjectType, RecordId};
use hubspot::{Addresses, Client, Clock, Pacing, StaticToken};
use hubspot_sim::{Limits, Sim, SimOptions, WorldKind};
use serde_json::Value;
use store::{
    Cell, Credential, CredentialKind, DataDir, PortalInfo, PortalStore, Reconciliation, Tokens,
    testing,
};
use sync::{Landing, OneTransaction, SyncError, SyncOptions, SyncReport};
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

/// The simulator's own clock, which a test moves on; or one that is so many hours off.
struct SimulatedClock {
    sim: Arc<Sim>,
    hours_off: i64,
}

impl Clock for SimulatedClock {
    fn now(&self) -> Moment {
        let (_, answer) = self.sim.control("GET", "clock", &Value::Null);
        let now: Moment = answer["now"].as_str().unwrap().parse().unwrap();
        Moment::from_millis(now.millis() + self.hours_off * 3_600_000)
    }
}

pub(crate) struct Both {
    pub(crate) sim: Arc<Sim>,
    pub(crate) client: Client,
    clock: Arc<dyn Clock>,
    pub(crate) copy: Copy,
    pub(crate) options: SyncOptions,
}

/// A copy in a folder of its own.
pub(crate) struct Copy {
    pub(crate) store: PortalStore,
    _folder: tempfile::TempDir,
}

impl Both {
    pub(crate) async fn new(deals: usize) -> Self {
        Self::on(deals, |_| Arc::new(StoppedClock)).await
    }

    /// With a clock that goes as the portal's does.
    pub(crate) async fn in_its_time(deals: usize) -> Self {
        Self::hours_off(deals, 0).await
    }

    /// With a clock that goes as the portal's does and is set wrongly.
    pub(crate) async fn hours_off(deals: usize, hours_off: i64) -> Self {
        Self::on(deals, |sim| Arc::new(SimulatedClock { sim, hours_off })).await
    }

    async fn on(deals: usize, clock: impl FnOnce(Arc<Sim>) -> Arc<dyn Clock>) -> Self {
        let options = SimOptions {
            world: WorldKind::Demo,
            seed: 11,
            now: "2026-11-02T08:00:00Z".parse().unwrap(),
            deals: Some(deals),
            port: 0,
            limits: Limits::Off,
        };
        let sim = Arc::new(hubspot_sim::serve(options).await.unwrap());
        let clock = clock(sim.clone());
        let address = sim.address();
        let client = Client::new(
            Addresses::loopback(&address.base_url).unwrap(),
            Arc::new(StaticToken::new(address.token.clone().into())),
            Pacing {
                second: std::time::Duration::from_millis(1),
                guards_error_rate: false,
                ..Pacing::unlimited(1)
            },
            clock.clone(),
        )
        .unwrap();
        Self {
            copy: Copy::of(&client).await,
            sim,
            client,
            clock,
            options: SyncOptions {
                verify: true,
                ..SyncOptions::default()
            },
        }
    }

    pub(crate) async fn sync(&self) -> SyncReport {
        self.sync_landing(Arc::new(OneTransaction)).await
    }

    pub(crate) async fn sync_landing(&self, landing: Arc<dyn Landing>) -> SyncReport {
        self.read_into(&self.copy, &self.options, landing)
            .await
            .unwrap()
    }

    /// A sync that reads what it is told to.
    pub(crate) async fn sync_as(&self, options: &SyncOptions) -> SyncReport {
        self.read_into(&self.copy, options, Arc::new(OneTransaction))
            .await
            .unwrap()
    }

    /// A sync that may fail.
    pub(crate) async fn try_sync(&self) -> Result<SyncReport, SyncError> {
        self.read_into(&self.copy, &self.options, Arc::new(OneTransaction))
            .await
    }

    /// A sync that looks at every record, also where no date says that it changed.
    pub(crate) async fn reread(&self) {
        let options = SyncOptions {
            reconcile: true,
            ..self.options.clone()
        };
        self.sync_as(&options).await;
    }

    async fn read_into(
        &self,
        copy: &Copy,
        options: &SyncOptions,
        landing: Arc<dyn Landing>,
    ) -> Result<SyncReport, SyncError> {
        let cancel = CancellationToken::new();
        sync::run_landing(
            &self.client,
            &copy.store,
            options,
            &*self.clock,
            &|_| {},
            &cancel,
            landing,
        )
        .await
    }

    /// What a copy says that begins now and loses nothing.
    pub(crate) async fn another_copy(&self) -> Vec<String> {
        let copy = Copy::of(&self.client).await;
        let options = SyncOptions::default();
        self.read_into(&copy, &options, Arc::new(OneTransaction))
            .await
            .unwrap();
        copy.contents()
    }

    pub(crate) async fn verify(&self) -> Reconciliation {
        let cancel = CancellationToken::new();
        sync::verify(
            &self.client,
            &self.copy.store,
            &self.options,
            &*self.clock,
            &|_| {},
            &cancel,
        )
        .await
        .unwrap()
    }

    /// Keeps a token in the copy, as one that was granted these scopes.
    pub(crate) fn connect(&self, scopes: &[&str]) -> u64 {
        let credential = Credential {
            kind: CredentialKind::OwnApp,
            tokens: tokens(),
            client_id: None,
            client_secret: None,
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            api_base: None,
            generation: 0,
            disconnected: None,
        };
        self.copy.store.connect(&credential).unwrap()
    }

    /// Renews it, with other scopes.
    pub(crate) fn renew(&self, generation: u64, scopes: &[&str]) -> u64 {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let store = &self.copy.store;
        store.renew_tokens(generation, &tokens(), &scopes).unwrap()
    }

    pub(crate) fn live(&self, object: &ObjectType) -> u64 {
        self.sim.counts()[object.as_str()]["live"].as_u64().unwrap()
    }

    pub(crate) fn tell(&self, what: &str, body: &Value) -> Value {
        let (status, answer) = self.sim.control("POST", what, body);
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// How many searches were made so far.
    pub(crate) fn searches(&self) -> u64 {
        let (_, requests) = self.sim.control("GET", "requests", &Value::Null);
        let requests = requests.as_object().unwrap().iter();
        let searches = requests.filter(|(route, _)| route.ends_with("/search"));
        searches.map(|(_, count)| count.as_u64().unwrap()).sum()
    }

    /// Two live deals.
    pub(crate) fn two_deals(&self) -> (RecordId, RecordId) {
        let ids = self.copy.rows(
            "SELECT record_id FROM record WHERE object_type = 'deals' AND archived = 0 \
             ORDER BY record_id LIMIT 2",
        );
        let id = |n: usize| ids[n].parse().unwrap();
        (id(0), id(1))
    }
}

/// Fails with the rows that differ, where any do.
#[track_caller]
pub(crate) fn assert_same(ours: &[String], theirs: &[String], about: &str) {
    if let Some(difference) = difference(ours, theirs) {
        panic!("{about}: {difference}");
    }
}

/// The first rows that differ.
pub(crate) fn difference(ours: &[String], theirs: &[String]) -> Option<String> {
    let only = |these: &[String], others: &[String]| -> Vec<String> {
        let others: BTreeSet<&String> = others.iter().collect();
        let only = these.iter().filter(|row| !others.contains(row));
        only.take(5).cloned().collect()
    };
    let (more, less) = (only(ours, theirs), only(theirs, ours));
    let same = more.is_empty() && less.is_empty() && ours.len() == theirs.len();
    (!same).then(|| format!("only here {more:#?}, only there {less:#?}"))
}

impl Copy {
    async fn of(client: &Client) -> Self {
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
            store,
            _folder: folder,
        }
    }

    /// The answer to a question, one text a row.
    pub(crate) fn rows(&self, sql: &str) -> Vec<String> {
        let answer = self.store.read_only_query(sql, 1_000_000).unwrap();
        assert!(!answer.truncated);
        let cell = |cell: &Cell| match cell {
            Cell::Integer(number) => number.to_string(),
            Cell::Text(text) => text.clone(),
            other => format!("{other:?}"),
        };
        let row = |row: &Vec<Cell>| row.iter().map(cell).collect::<Vec<_>>().join(" | ");
        answer.rows.iter().map(row).collect()
    }

    /// Everything that is live: what the records say, said, and belong to.
    pub(crate) fn contents(&self) -> Vec<String> {
        let live = |of: &str, id: &str| {
            format!(
                "EXISTS (SELECT 1 FROM record r WHERE r.object_type = {of} AND r.record_id = {id} \
                 AND r.archived = 0)"
            )
        };
        let questions = [
            "SELECT object_type, record_id, created_at, updated_at, properties FROM record \
             WHERE archived = 0 ORDER BY 1, 2"
                .to_owned(),
            "SELECT * FROM deal WHERE archived = 0 ORDER BY record_id".to_owned(),
            format!(
                "SELECT * FROM activity WHERE {} ORDER BY 1, 2",
                live("activity.object_type", "activity.record_id")
            ),
            format!(
                "SELECT * FROM property_version v WHERE {} ORDER BY 1, 2, 3, 4, 5",
                live("v.object_type", "v.record_id")
            ),
            format!(
                "SELECT from_type, from_id, to_type, to_id, type_id, category, label \
                 FROM association a WHERE {} AND {} ORDER BY 1, 2, 3, 4, 5, 6",
                live("a.from_type", "a.from_id"),
                live("a.to_type", "a.to_id")
            ),
        ];
        questions.iter().flat_map(|sql| self.rows(sql)).collect()
    }
}

fn tokens() -> Tokens {
    Tokens {
        access: "token".to_owned().into(),
        refresh: None,
        issued_at: None,
        expires_at: None,
    }
}
