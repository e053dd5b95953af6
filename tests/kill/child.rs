//! The process that is killed: this same test program, started again to run one sync.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};
use std::sync::Arc;

use crm::{Moment, PortalId};
use hubspot::{Addresses, Client, Clock, Pacing, StaticToken};
use hubspot_sim::Sim;
use serde_json::{Value, json};
use store::{DataDir, PortalStore, StoreError, testing};
use sync::{Landing, OneTransaction, Page, SyncOptions};
use tokio_util::sync::CancellationToken;

/// The seed of the vault that parent and child both open.
pub(crate) const VAULT: u8 = 7;

/// Carries the orders of the parent to the child.
const ORDERS: &str = "PLUMBLINE_KILL_ORDERS";

/// The way in which pages are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As it is shipped.
    OneTransaction,
    /// The planted fault: first the cursor, then its rows.
    CursorFirst,
}

/// Where the simulator is.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    base: String,
    token: String,
    pub(crate) portal: PortalId,
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
        }
    }
}

/// A running child.
pub(crate) struct Child {
    process: std::process::Child,
    lines: BufReader<ChildStdout>,
}

impl Child {
    pub(crate) fn start(folder: &Path, target: &Target, order: Order) -> Self {
        let orders = json!({
            "folder": folder,
            "base": target.base,
            "token": target.token,
            "portal": target.portal,
            "cursor_first": order == Order::CursorFirst,
        });
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child::the_child_itself", "--nocapture"])
            .env(ORDERS, orders.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap());
        Self { process, lines }
    }

    /// Waits until this many pages are stored, or the child has ended.
    pub(crate) fn wait_for_pages(&mut self, pages: usize) {
        let mut seen = 0;
        while seen < pages {
            match self.next_line() {
                Some(line) => seen += usize::from(line.starts_with("page ")),
                None => return,
            }
        }
    }

    /// Waits for the end and tells how many pages were stored.
    pub(crate) fn pages_until_the_end(&mut self) -> usize {
        std::iter::from_fn(|| self.next_line())
            .filter(|line| line.starts_with("page "))
            .count()
    }

    /// Kills the child with SIGKILL; tells whether it was still alive.
    pub(crate) fn kill(&mut self) -> bool {
        let alive = self.process.try_wait().unwrap().is_none();
        // Between the question and the kill it may end by itself: killing the dead does no harm.
        let _ = self.process.kill();
        let status = self.process.wait().unwrap();
        alive && !status.success()
    }

    pub(crate) fn ended_well(&mut self) -> bool {
        self.process.wait().unwrap().success()
    }

    fn next_line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.lines.read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line),
        }
    }
}

/// Does nothing unless this process was started by a parent of this test.
#[test]
fn the_child_itself() {
    let Ok(orders) = std::env::var(ORDERS) else {
        return;
    };
    let orders: Value = serde_json::from_str(&orders).unwrap();
    let text = |name: &str| orders[name].as_str().unwrap();
    let landing: Arc<dyn Landing> = if orders["cursor_first"] == true {
        Arc::new(CursorFirst)
    } else {
        Arc::new(OneTransaction)
    };
    let dir = DataDir::open(Path::new(text("folder"))).unwrap();
    let portal: PortalId = text("portal").parse().unwrap();
    let store = PortalStore::open(&dir, &testing::vault(VAULT), portal).unwrap();
    let client = client(text("base"), text("token"));
    let options = SyncOptions {
        page_size: Some(10),
        ..SyncOptions::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    // One write a page, so that a line is never torn and never waits in a buffer.
    let say = |progress: sync::Progress| {
        let line = format!("page {}\n", progress.stream);
        std::io::stdout().write_all(line.as_bytes()).unwrap();
        std::io::stdout().flush().unwrap();
    };
    let cancel = CancellationToken::new();
    let run = sync::run_landing(
        &client,
        &store,
        &options,
        &StoppedClock,
        &say,
        &cancel,
        landing,
    );
    runtime.block_on(run).unwrap();
}

/// The planted fault. A crash between the two transactions loses the rows: the next run believes
/// the cursor.
struct CursorFirst;

impl Landing for CursorFirst {
    fn land(&self, store: &PortalStore, page: &Page) -> Result<(), StoreError> {
        store.write(|tx| page.write_cursor(tx))?;
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
        Arc::new(StoppedClock),
    )
    .unwrap()
}

/// Both databases are to be equal, so both are written at the same moment.
struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Moment {
        Moment::from_millis(1_793_606_400_000)
    }
}
