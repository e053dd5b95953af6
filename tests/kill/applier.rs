//! The process that is killed: one plan on its way out.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crm::{Moment, ObjectType, PortalId, RecordId};
use hubspot::{Addresses, Client, Clock, ListQuery, Pacing, ReadQuery, StaticToken};
use hubspot_sim::Sim;
use serde_json::json;
use store::{DataDir, PortalInfo, PortalStore, testing};
use tokio_util::sync::CancellationToken;
use writeback::{
    ApplyProgress, NewGroup, NewProperty, Plan, PlanId, PlanRequest, Target, apply, approve, plan,
    plan_undo, read,
};

use crate::process::{Process, orders, say};
use crate::seeds::Seeds;

/// When all of this happens.
pub(crate) fn now() -> Moment {
    Moment::from_millis(1_795_000_000_000)
}

/// What the child says before every batch.
pub(crate) const BATCH: &str = "batch ";

/// The property that is written.
pub(crate) const PROPERTY: &str = "plumbline_test";

const VAULT: u8 = 7;
const PORTAL: PortalId = PortalId::new(1);

/// What the program does with a change that it had sent when it was killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// It asks HubSpot.
    AsShipped,
    /// The planted fault: it takes what was sent for done.
    TakesSentForDone,
}

/// The journal of one portal, and the way to that portal.
pub(crate) struct Copy {
    folder: tempfile::TempDir,
    base: String,
    token: String,
    client: Client,
}

impl Copy {
    pub(crate) fn new(sim: &Sim) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::open(folder.path()).unwrap();
        let info = PortalInfo {
            id: PORTAL,
            name: "Kill".into(),
            time_zone: "UTC".into(),
            home_currency: "EUR".into(),
            account_type: None,
            ui_domain: None,
            data_hosting: None,
            read_at: now(),
        };
        PortalStore::create(&dir, &testing::vault(VAULT), &info).unwrap();
        let address = sim.address();
        Self {
            client: client(&address.base_url, &address.token),
            base: address.base_url.clone(),
            token: address.token.clone(),
            folder,
        }
    }

    /// Opened for one use and closed again: two processes never write to one copy.
    fn store(&self) -> PortalStore {
        open(self.folder.path())
    }

    /// A plan for every deal that the portal lists, read and signed.
    pub(crate) async fn approved_plan(&self, seeds: &mut Seeds) -> PlanId {
        let mut values = BTreeMap::new();
        let mut query = ListQuery {
            limit: Some(100),
            ..ListQuery::default()
        };
        loop {
            let page = self.client.list(&ObjectType::DEALS, &query).await.unwrap();
            values.extend(page.results.iter().map(|record| {
                let value = format!("{}.5", seeds.below(90));
                (record.id, value)
            }));
            query.after = page.after;
            if query.after.is_none() {
                break;
            }
        }
        let request = PlanRequest {
            target: target(),
            values,
            purpose: "Kill".into(),
            as_of: now(),
        };
        let cancel = CancellationToken::new();
        let store = self.store();
        let id = plan(&self.client, &store, request, now(), &cancel)
            .await
            .unwrap();
        approve(&store, id, "tester", now()).unwrap();
        id
    }

    /// The plan that takes another one back, signed.
    pub(crate) async fn approved_undo(&self, of: PlanId) -> PlanId {
        let cancel = CancellationToken::new();
        let purpose = "Undo".to_owned();
        let store = self.store();
        let id = plan_undo(&self.client, &store, of, purpose, now(), &cancel)
            .await
            .unwrap();
        approve(&store, id, "tester", now()).unwrap();
        id
    }

    pub(crate) fn read(&self, plan: PlanId) -> Plan {
        read(&self.store(), plan).unwrap()
    }

    /// Starts to apply a plan in a process of its own.
    pub(crate) fn start(&self, plan: PlanId, order: Order) -> Process {
        let orders = json!({
            "folder": self.folder.path(),
            "base": self.base,
            "token": self.token,
            "plan": plan.0,
            "takes_sent_for_done": order == Order::TakesSentForDone,
        });
        Process::start("applier::the_applier_itself", &orders)
    }

    /// What HubSpot holds now.
    pub(crate) async fn live(&self, records: &[RecordId]) -> BTreeMap<RecordId, Option<String>> {
        let query = ReadQuery {
            properties: vec![PROPERTY.to_owned()],
            ..ReadQuery::default()
        };
        let mut live = BTreeMap::new();
        for chunk in records.chunks(100) {
            let read = self.client.batch_read(&ObjectType::DEALS, chunk, &query);
            live.extend(read.await.unwrap().found.into_iter().map(|mut record| {
                let value = record.properties.remove(PROPERTY);
                (record.id, value.and_then(Option::from))
            }));
        }
        live
    }

    /// Writes a value as somebody else would, who knows nothing of a journal.
    pub(crate) async fn somebody_else_writes(&self, record: RecordId, value: &str) -> bool {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/crm/objects/2026-09/deals/{record}", self.base);
        let body = json!({ "properties": { PROPERTY: value } });
        let request = http.patch(url).bearer_auth(&self.token).json(&body);
        // There may be no such property yet.
        request.send().await.unwrap().status().is_success()
    }
}

/// Does nothing unless this process was started by a parent of this test.
#[test]
fn the_applier_itself() {
    let Some(orders) = orders() else { return };
    let text = |name: &str| orders[name].as_str().unwrap();
    let id = PlanId(orders["plan"].as_u64().unwrap());
    let store = open(Path::new(text("folder")));
    let client = client(text("base"), text("token"));
    if orders["takes_sent_for_done"] == true {
        let fault = "UPDATE plan_change SET state = 'confirmed' WHERE state = 'sending'";
        store.write(|tx| Ok(tx.execute(fault, [])?)).unwrap();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let cancel = CancellationToken::new();
    let progress = |progress: ApplyProgress| say(&format!("{BATCH}{}", progress.settled));
    let applied = apply(&client, &store, id, &StoppedClock, &progress, &cancel);
    runtime.block_on(applied).unwrap();
}

fn open(folder: &Path) -> PortalStore {
    let dir = DataDir::open(folder).unwrap();
    PortalStore::open(&dir, &testing::vault(VAULT), PORTAL).unwrap()
}

fn client(base: &str, token: &str) -> Client {
    let addresses = Addresses::loopback(base).unwrap();
    let token = Arc::new(StaticToken::new(token.into()));
    let clock = Arc::new(StoppedClock);
    Client::new(addresses, token, Pacing::unlimited(1), clock).unwrap()
}

fn target() -> Target {
    Target {
        object_type: ObjectType::DEALS,
        group: NewGroup {
            name: "plumbline".into(),
            label: "Plumbline".into(),
            display_order: -1,
        },
        property: NewProperty {
            name: PROPERTY.into(),
            label: "Test".into(),
            group: "plumbline".into(),
            kind: "number".into(),
            field_type: "number".into(),
            description: "Test".into(),
            number_display_hint: None,
            form_field: false,
            hidden: false,
            has_unique_value: false,
            display_order: -1,
            options: Vec::new(),
        },
    }
}

struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Moment {
        now()
    }
}
