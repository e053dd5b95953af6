//! The process that is killed: one sync.

use std::path::Path;
use std::sync::Arc;

use crm::{Moment, PortalId};
use hubspot::{Addresses, Client, Clock, Pacing, StaticToken};
use hubspot_sim::Sim;
use jiff::SignedDuration;
use serde_json::json;
use store::{DataDir, PortalStore, StoreError, testing};
use sync::{Landing, OneTransaction, Page, Rows, SyncOptions};
use tokio_util::sync::CancellationToken;

use crate::process::{Process, orders, say};

/// The seed of the vault that parent and child both open.
pub(crate) const VAULT: u8 = 7;

/// When the first sync runs.
const STOPPED: i64 = 1_793_606_400_000;

/// What people do between two syncs takes so long.
pub(crate) const LATER: SignedDuration = SignedDuration::from_mins(15);

/// What the child says after every page.
pub(crate) const PAGE: &str = "page ";

/// What it says after a page of changes.
pub(crate) const CHANGES: &str = "page changes/";

/// The way in which pages are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As it is shipped.
    OneTransaction,
    /// A planted fault: first the cursor, then its rows.
    CursorFirst,
    /// A planted fault: half of the rows with the cursor, then the other half.
    HalfAPage,
}

impl Order {
    const ALL: [Self; 3] = [Self::OneTransaction, Self::CursorFirst, Self::HalfAPage];

    fn landing(self) -> Arc<dyn Landing> {
        match self {
            Self::OneTransaction => Arc::new(OneTransaction),
            Self::CursorFirst => Arc::new(CursorFirst),
            Self::HalfAPage => Arc::new(HalfAPage),
        }
    }
}

/// Where the simulator is.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    base: String,
    token: String,
    pub(crate) portal: PortalId,
    /// When the sync runs.
    at: Moment,
    work: Work,
}

/// What the process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// Syncs.
    Sync,
    /// Syncs and compares all ids.
    Compare,
    /// Compares the copy with HubSpot's counts and repairs it.
    Verify,
}

impl Work {
    const ALL: [Self; 3] = [Self::Sync, Self::Compare, Self::Verify];
}

impl Target {
    pub(crate) async fn of(sim: &Sim) -> Self {
        let address = sim.address();
        let (base, token) = (address.base_url.clone(), address.token.clone());
        let account = client(&base, &token).account().await.unwrap();
        Self {
            base,
            token,
            portal: account.portal,
            at: Moment::from_millis(STOPPED),
            work: Work::Sync,
        }
    }

    /// The same simulator a quarter of an hour later.
    pub(crate) fn later(&self, work: Work) -> Self {
        let at = Moment::from_millis(STOPPED).plus(LATER);
        Self {
            at,
            work,
            ..self.clone()
        }
    }

    /// Whether its work ends a pass, which a run after it would not go on with.
    pub(crate) fn ends_a_pass(&self) -> bool {
        self.work != Work::Verify
    }
}

/// Starts a sync of a copy in a process of its own.
pub(crate) fn start(folder: &Path, target: &Target, order: Order) -> Process {
    let orders = json!({
        "folder": folder,
        "base": target.base,
        "token": target.token,
        "portal": target.portal,
        "at": target.at.millis(),
        "work": Work::ALL.iter().position(|known| *known == target.work),
        "order": Order::ALL.iter().position(|known| *known == order),
    });
    Process::start("child::the_child_itself", &orders)
}

/// Does nothing unless this process was started by a parent of this test.
#[test]
fn the_child_itself() {
    let Some(orders) = orders() else { return };
    let text = |name: &str| orders[name].as_str().unwrap();
    let number = |name: &str| usize::try_from(orders[name].as_u64().unwrap()).unwrap();
    let (order, work) = (number("order"), Work::ALL[number("work")]);
    let dir = DataDir::open(Path::new(text("folder"))).unwrap();
    let portal: PortalId = text("portal").parse().unwrap();
    let store = PortalStore::open(&dir, &testing::vault(VAULT), portal).unwrap();
    let client = client(text("base"), text("token"));
    let options = SyncOptions {
        page_size: Some(10),
        reconcile: work == Work::Compare,
        ..SyncOptions::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let cancel = CancellationToken::new();
    let progress = |progress: sync::Progress| say(&format!("{PAGE}{}", progress.stream));
    let clock = StoppedClock(Moment::from_millis(orders["at"].as_i64().unwrap()));
    if work == Work::Verify {
        let verify = sync::verify(&client, &store, &options, &clock, &progress, &cancel);
        runtime.block_on(verify).unwrap();
        return;
    }
    let run = sync::run_landing(
        &client,
        &store,
        &options,
        &clock,
        &progress,
        &cancel,
        Order::ALL[order].landing(),
    );
    runtime.block_on(run).unwrap();
}

/// A planted fault. A crash between the two transactions loses the rows: the next run believes
/// the cursor.
struct CursorFirst;

impl Landing for CursorFirst {
    fn land(&self, store: &PortalStore, page: &Page) -> Result<(), StoreError> {
        store.write(|tx| page.write_cursor(tx))?;
        store.write(|tx| page.write_rows(tx))
    }
}

/// A planted fault. A crash between the two transactions loses the second half of the page.
struct HalfAPage;

impl Landing for HalfAPage {
    fn land(&self, store: &PortalStore, page: &Page) -> Result<(), StoreError> {
        let mut first = page.clone();
        match &mut first.rows {
            Rows::Records(_, rows) => rows.truncate(rows.len() / 2),
            Rows::Changes(_, changed) => {
                changed.found.truncate(changed.found.len() / 2);
                changed.fates.truncate(changed.fates.len() / 2);
                changed.values.truncate(changed.values.len() / 2);
                changed.met.truncate(changed.met.len() / 2);
            }
            _ => {}
        }
        store.write(|tx| {
            first.write_rows(tx)?;
            first.write_cursor(tx)
        })?;
        store.write(|tx| page.write_rows(tx))
    }
}

fn client(base: &str, token: &str) -> Client {
    let addresses = Addresses::loopback(base).unwrap();
    let token = Arc::new(StaticToken::new(token.into()));
    Client::new(
        addresses,
        token,
        Pacing::unlimited(1),
        Arc::new(StoppedClock(Moment::from_millis(STOPPED))),
    )
    .unwrap()
}

/// Both databases are to be equal, so both are written at the same moment.
struct StoppedClock(Moment);

impl Clock for StoppedClock {
    fn now(&self) -> Moment {
        self.0
    }
}
