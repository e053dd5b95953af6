//! A disk that fails at any one call, or from it on, and power that goes at any one: the run says what
//! happened or is none the worse, and the next one ends with the rows of a run that met nothing.
//!
//! `PLUMBLINE_DISK_CALLS=all` tries every call; otherwise all of the rare kinds are tried, and of the
//! frequent ones the first and then every so many.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crm::{Moment, ObjectType, PortalId};
use failing_disk::{Call, Fault};
use hubspot::{Addresses, Client, Clock, Pacing, StaticToken};
use hubspot_sim::{Bulk, Change, Limits, Sim, SimOptions, WorldKind};
use rusqlite::types::Value;
use store::{DataDir, PortalInfo, PortalStore, RunOutcome, StoreError, testing};
use sync::{SyncError, SyncOptions};
use tokio_util::sync::CancellationToken;

/// The disk is the process's: one test at a time.
static DISK: Mutex<()> = Mutex::new(());

fn disk() -> MutexGuard<'static, ()> {
    failing_disk::install();
    DISK.lock().unwrap_or_else(PoisonError::into_inner)
}

struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Moment {
        "2026-11-02T08:00:00Z".parse().unwrap()
    }
}

fn client(sim: &Sim) -> Client {
    let address = sim.address();
    Client::new(
        Addresses::loopback(&address.base_url).unwrap(),
        Arc::new(StaticToken::new(address.token.clone().into())),
        Pacing::unlimited(1),
        Arc::new(StoppedClock),
    )
    .unwrap()
}

/// A portal, and folders with copies of it.
struct Both {
    sim: Sim,
    portal: PortalId,
    runtime: tokio::runtime::Runtime,
}

impl Both {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let options = SimOptions {
            world: WorldKind::Bulk(Bulk {
                contacts: 5,
                deals: 7,
                activities: 0,
            }),
            seed: 5,
            now: "2026-11-02T08:00:00Z".parse().unwrap(),
            deals: None,
            port: 0,
            limits: Limits::Off,
        };
        let sim = runtime.block_on(hubspot_sim::serve(options)).unwrap();
        sim.hold_clock();
        let portal = runtime.block_on(client(&sim).account()).unwrap().portal;
        Self {
            sim,
            portal,
            runtime,
        }
    }

    fn make(&self, folder: &Path) {
        let info = PortalInfo {
            id: self.portal,
            name: "Disk".to_owned(),
            time_zone: "UTC".to_owned(),
            home_currency: "EUR".to_owned(),
            account_type: None,
            ui_domain: None,
            data_hosting: None,
            read_at: Moment::from_millis(0),
        };
        let dir = DataDir::open(folder).unwrap();
        PortalStore::create(&dir, &testing::vault(1), &info).unwrap();
    }

    fn open(&self, folder: &Path) -> Result<PortalStore, StoreError> {
        PortalStore::open(&DataDir::open(folder)?, &testing::vault(1), self.portal)
    }

    fn sync(&self, store: &PortalStore) -> Result<(), SyncError> {
        let all = SyncOptions::default();
        let mut objects = all.objects.clone();
        objects.retain(|plan| [ObjectType::DEALS, ObjectType::CONTACTS].contains(&plan.object));
        for plan in &mut objects {
            plan.associations.retain(|to| *to == ObjectType::CONTACTS);
        }
        let options = SyncOptions {
            objects,
            custom_types: false,
            page_size: Some(3),
            concurrency: 1,
            ..all
        };
        let cancel = CancellationToken::new();
        // A program that starts knows nothing of HubSpot's clock yet.
        let client = client(&self.sim);
        let run = sync::run(&client, store, &options, &StoppedClock, &|_| {}, &cancel);
        let report = self.runtime.block_on(run)?;
        assert_eq!(report.outcome, RunOutcome::Done);
        Ok(())
    }

    /// A sync of the copy in a folder, as a program that starts, runs it and ends.
    fn run(&self, folder: &Path) -> Result<(), SyncError> {
        let store = self.open(folder)?;
        self.sync(&store)
    }

    /// The last pass that came to its end.
    fn generation(&self, folder: &Path) -> Option<u64> {
        let store = self.open(folder).unwrap();
        let last = store.read(store::last_finished_run).unwrap();
        last.map(|run| run.generation)
    }

    fn is_through(&self, folder: &Path, expected: &Expected) -> bool {
        self.generation(folder) == Some(expected.generation)
    }

    /// Everything that a copy says, but for the runs: one that failed is two.
    fn rows(&self, folder: &Path) -> BTreeSet<String> {
        let store = self.open(folder).unwrap();
        store.verify_file().unwrap();
        store.read(rows).unwrap()
    }
}

fn rows(connection: &rusqlite::Connection) -> Result<BTreeSet<String>, StoreError> {
    let mut tables = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let tables = tables.query_map([], |row| row.get::<_, String>(0))?;
    let tables: Vec<String> = tables.collect::<Result<_, _>>()?;
    let mut all = BTreeSet::new();
    for table in tables.iter().filter(|table| *table != "sync_run") {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{table}\""))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let cells: Result<Vec<Value>, _> = (0..columns).map(|column| row.get(column)).collect();
            all.insert(format!("{table} {:?}", cells?));
        }
    }
    Ok(all)
}

fn duplicate(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            duplicate(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// What people do between the first copy and the run over the changes.
fn change(sim: &Sim) {
    for id in sim.ids("deals").into_iter().take(4) {
        let change = Change::SetProperty {
            object_type: "deals".to_owned(),
            id,
            property: "amount".to_owned(),
            value: "4711".to_owned(),
            quiet: false,
        };
        sim.change(&change).unwrap();
    }
    let (object_type, ids) = ("contacts".to_owned(), sim.ids("contacts"));
    let [archived, forgotten, ..] = ids.as_slice() else {
        panic!("contacts");
    };
    let id = archived.clone();
    sim.change(&Change::Archive { object_type, id }).unwrap();
    let id = forgotten.clone();
    sim.change(&Change::GdprDelete { id }).unwrap();
}

/// Whether a run may end so where the disk failed: it says that the disk did, and nothing else.
fn is_told(error: &SyncError) -> bool {
    matches!(
        error,
        SyncError::Store(StoreError::Io(_) | StoreError::DiskFull)
    )
}

/// Calls of a frequent kind between two that are tried.
const EVERY: u64 = 29;

fn tried(call: Call, at: u64) -> bool {
    let is_rare = !matches!(call, Call::Read | Call::Write);
    is_rare || at <= 12 || at.is_multiple_of(EVERY) || std::env::var("PLUMBLINE_DISK_CALLS").is_ok()
}

/// A run on a copy of `start` that meets a fault, and the next one that does not. `None` where the run
/// is over before the fault comes; else whether it failed, or what is wrong.
fn meet(
    both: &Both,
    start: &Path,
    fault: Fault,
    expected: &Expected,
) -> Option<Result<bool, String>> {
    let folder = tempfile::tempdir().unwrap();
    duplicate(start, folder.path());
    failing_disk::fail(Some(fault));
    let (store, ended) = match both.open(folder.path()) {
        Ok(store) => {
            let ended = both.sync(&store);
            (Some(store), ended)
        }
        Err(error) => (None, Err(error.into())),
    };
    let is_met = failing_disk::struck();
    failing_disk::fail(None);
    if !is_met {
        return None;
    }
    let failed = ended.is_err();
    match ended {
        Ok(()) => {}
        // What failed came after its end.
        Err(error) if is_told(&error) && both.is_through(folder.path(), expected) => {}
        Err(error) if is_told(&error) => {
            // The program that met it goes on, or another one does.
            let store = store.filter(|_| fault.at.is_multiple_of(2));
            let next = match store {
                Some(store) => both.sync(&store),
                None => both.run(folder.path()),
            };
            if let Err(error) = next {
                return Some(Err(format!("{fault:?}: the next run: {error}")));
            }
        }
        Err(error) => return Some(Err(format!("{fault:?}: {error:?}"))),
    }
    let found = both.rows(folder.path());
    let other: Vec<_> = found.symmetric_difference(&expected.rows).take(3).collect();
    Some(match other.is_empty() {
        true => Ok(failed),
        false => Err(format!("{fault:?}: {other:?}")),
    })
}

/// What a run says at its end that met nothing.
struct Expected {
    rows: BTreeSet<String>,
    generation: u64,
}

impl Expected {
    fn of(both: &Both, start: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        duplicate(start, folder.path());
        both.run(folder.path()).unwrap();
        Self {
            rows: both.rows(folder.path()),
            generation: both.generation(folder.path()).unwrap(),
        }
    }
}

/// Lets each call of a run fail, one at a time, on copies of `start`.
fn check_calls(both: &Both, start: &Path, about: &str) {
    let expected = Expected::of(both, start);
    let mut wrong = Vec::new();
    for call in Call::ALL {
        let (mut met, mut failed) = (0, 0);
        for lasting in [false, true] {
            for at in (1_u64..).filter(|at| tried(call, *at)) {
                let fault = Fault { call, at, lasting };
                match meet(both, start, fault, &expected) {
                    None => break,
                    Some(Ok(has_failed)) => failed += usize::from(has_failed),
                    Some(Err(why)) => wrong.push(why),
                }
                met += 1;
            }
        }
        println!("{about}, {call:?}: {met} met, {failed} of them ended the run");
    }
    assert!(
        wrong.is_empty(),
        "{} wrong: {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(12)]
    );
}

/// Changes of files between two at which the power goes.
const CUT_EVERY: u64 = 11;

/// Lets the power go at many moments of a run, and a new run go on with what is left of each.
fn check_power(both: &Both, start: &Path, about: &str) {
    let expected = Expected::of(both, start);
    let (folder, into) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    duplicate(start, folder.path());
    let every = match std::env::var("PLUMBLINE_DISK_CALLS") {
        Ok(_) => 1,
        Err(_) => CUT_EVERY,
    };
    failing_disk::cut_every(every, folder.path(), into.path());
    both.run(folder.path()).unwrap();
    let cuts = failing_disk::stop_cutting();
    let mut gone_on_with = 0;
    for cut in &cuts {
        let store = both.open(cut).unwrap();
        // Where the power went while the log was folded in, a page may be whole in the log alone.
        store.checkpoint().unwrap();
        store.verify_file().unwrap();
        drop(store);
        if !both.is_through(cut, &expected) {
            both.run(cut).unwrap();
            gone_on_with += 1;
        }
        let found = both.rows(cut);
        let other: Vec<_> = found.symmetric_difference(&expected.rows).take(3).collect();
        assert!(other.is_empty(), "{about}, {}: {other:?}", cut.display());
    }
    println!(
        "{about}: the power went {} times, {gone_on_with} in the middle",
        cuts.len()
    );
    assert!(gone_on_with > 5, "or nothing was tried");
}

#[test]
fn any_call_of_a_first_copy_may_fail() {
    let (_disk, both) = (disk(), Both::new());
    let start = tempfile::tempdir().unwrap();
    both.make(start.path());
    check_calls(&both, start.path(), "first copy");
}

#[test]
fn any_call_of_a_run_over_changes_may_fail() {
    let (_disk, both) = (disk(), Both::new());
    let start = tempfile::tempdir().unwrap();
    both.make(start.path());
    both.run(start.path()).unwrap();
    change(&both.sim);
    check_calls(&both, start.path(), "changes");
}

#[test]
fn the_power_may_go_at_any_moment() {
    let (_disk, both) = (disk(), Both::new());
    let start = tempfile::tempdir().unwrap();
    both.make(start.path());
    check_power(&both, start.path(), "first copy");
    both.run(start.path()).unwrap();
    change(&both.sim);
    check_power(&both, start.path(), "changes");
}

/// What is written durably is there after the power went, at once; what is not may be gone, whole.
#[test]
fn what_is_durable_survives_the_power() {
    let (_disk, both) = (disk(), Both::new());
    let (folder, into) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    both.make(folder.path());
    let name = |of: &Path| both.open(of).unwrap().info().unwrap().name;
    let store = both.open(folder.path()).unwrap();
    failing_disk::cut_every(u64::MAX, folder.path(), into.path());
    for durable in [true, false] {
        let rename = |tx: &rusqlite::Transaction<'_>| {
            tx.execute(
                "UPDATE portal SET name = ?1",
                [format!("durable: {durable}")],
            )?;
            Ok(())
        };
        if durable {
            store.write_durable(rename).unwrap();
        } else {
            store.write(rename).unwrap();
        }
        // Nothing that was not synced is left.
        let left = failing_disk::cut(0).unwrap();
        assert_eq!(name(&left), "durable: true");
    }
    let kept = failing_disk::stop_cutting();
    assert!(kept.is_empty());
    assert_eq!(name(folder.path()), "durable: false");
}
