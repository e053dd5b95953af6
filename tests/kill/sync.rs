//! The sync killed at random points: whatever page it was at, the next run goes on from there and
//! the database ends row for row like one that was never killed.
//!
//! The test runs itself as the process that is killed: real processes, real SIGKILL, real files.
//! The simulator lives in the parent and sees nothing of it but broken connections.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod campaign;
mod child;
mod dump;
mod edits;
mod process;
mod seeds;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use campaign::{kill_often, kills};
use child::{CHANGES, Order, PAGE, Work};
use crm::{Moment, PortalId};
use dump::Dump;
use hubspot_sim::{Limits, Sim, SimOptions, WorldKind};
use seeds::Seeds;
use store::{DataDir, PortalInfo, PortalStore, testing};

/// How many kills a planted fault may survive. Five to eleven were enough when this was written;
/// at one in seven, a hundred in a row that see nothing (one chance in five million) mean that the
/// harness is blind.
const KILLS_TO_CATCH: usize = 100;

async fn simulator() -> Sim {
    let options = SimOptions {
        world: WorldKind::Demo,
        seed: 7,
        now: "2026-11-02T08:00:00Z".parse().unwrap(),
        deals: Some(40),
        port: 0,
        limits: Limits::Off,
    };
    let sim = hubspot_sim::serve(options).await.unwrap();
    // A pass begins by HubSpot's clock: the same one in every run that is compared.
    sim.hold_clock();
    sim
}

/// An empty copy of the simulator's portal.
fn prepare(folder: &Path, portal: PortalId) {
    let dir = DataDir::open(folder).unwrap();
    let info = PortalInfo {
        id: portal,
        name: "Demo".to_owned(),
        time_zone: "UTC".to_owned(),
        home_currency: "EUR".to_owned(),
        account_type: None,
        ui_domain: None,
        data_hosting: None,
        read_at: Moment::from_millis(0),
    };
    PortalStore::create(&dir, &testing::vault(child::VAULT), &info).unwrap();
}

/// Where the syncs of a campaign begin.
struct Start {
    sim: child::Target,
    /// The copy that they go on with; an empty one where there is none.
    copy: Option<tempfile::TempDir>,
    /// What the child says after the pages that it is killed at.
    aim: &'static str,
}

impl Start {
    /// A folder with that copy.
    fn folder(&self) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        match &self.copy {
            Some(copy) => duplicate(copy.path(), folder.path()),
            None => prepare(folder.path(), self.sim.portal),
        }
        folder
    }
}

fn duplicate(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&to).unwrap();
            duplicate(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A copy that was never killed, and how many pages that took.
struct Untouched {
    dump: Dump,
    pages: usize,
    /// The pass that it ended with.
    generation: Option<u64>,
    folder: tempfile::TempDir,
}

/// Runs a sync to its end without killing it.
fn untouched(start: &Start, order: Order) -> Untouched {
    let folder = start.folder();
    let mut child = child::start(folder.path(), &start.sim, order);
    let pages = child.count_until_the_end(start.aim);
    assert!(child.ended_well(), "the sync ends when nobody kills it");
    Untouched {
        dump: outcome(folder.path(), &start.sim),
        pages,
        generation: finished(folder.path(), start.sim.portal),
        folder,
    }
}

/// What a copy says at the end of such work.
fn outcome(folder: &Path, sim: &child::Target) -> Dump {
    let all = Dump::of(folder, sim.portal);
    if sim.ends_a_pass() {
        all
    } else {
        all.without_findings()
    }
}

/// One kill: where it came, and what was different in the end.
struct Outcome {
    at_page: usize,
    differences: Vec<String>,
}

/// The last pass that came to its end.
fn finished(folder: &Path, portal: PortalId) -> Option<u64> {
    let dir = DataDir::open(folder).unwrap();
    let store = PortalStore::open(&dir, &testing::vault(child::VAULT), portal).unwrap();
    let last = store.read(store::last_finished_run).unwrap();
    last.map(|run| run.generation)
}

/// Kills one sync at a random point, lets another one finish, and compares. `None` where the sync
/// was faster than the kill.
fn kill_once(
    start: &Start,
    order: Order,
    expected: &Untouched,
    seeds: &mut Seeds,
) -> Option<Outcome> {
    let (folder, sim) = (start.folder(), &start.sim);
    let at_page = seeds.below(expected.pages);
    // Somewhere within the page that follows, or within the start of the process or a check of a type.
    let is_long = at_page == 0 || !sim.ends_a_pass();
    let within = if is_long { 60_000 } else { 6_000 };
    let micros = u64::try_from(seeds.below(within)).unwrap();
    let mut child = child::start(folder.path(), sim, order);
    child.wait_for(start.aim, at_page);
    std::thread::sleep(Duration::from_micros(micros));
    // Where the sync had come to its end before its process did, the next one would begin a new
    // pass, which is right and not what is tested here.
    let is_over = || finished(folder.path(), sim.portal) == expected.generation;
    if !child.kill() || (sim.ends_a_pass() && is_over()) {
        return None;
    }
    let mut second = child::start(folder.path(), sim, Order::OneTransaction);
    second.count_until_the_end(PAGE);
    assert!(second.ended_well(), "the run after a kill ends");
    let found = outcome(folder.path(), sim);
    Some(Outcome {
        at_page,
        differences: expected.dump.differences(&found),
    })
}

impl Outcome {
    fn is_wrong(&self) -> bool {
        !self.differences.is_empty()
    }
}

/// Kills syncs that begin so, and tells how many there were of every ten pages.
fn check_kills(start: &Start, expected: &Untouched, kills: usize) -> BTreeMap<usize, usize> {
    let once = |seeds: &mut Seeds| kill_once(start, Order::OneTransaction, expected, seeds);
    let outcomes = kill_often(kills, once, Outcome::is_wrong);
    let mut tenths: BTreeMap<usize, usize> = BTreeMap::new();
    for outcome in &outcomes {
        assert!(
            !outcome.is_wrong(),
            "killed after page {}: {:#?}",
            outcome.at_page,
            outcome.differences
        );
        *tenths.entry(outcome.at_page / 10).or_default() += 1;
    }
    assert!(outcomes.len() >= kills);
    tenths
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_sync_ends_like_one_that_was_not() {
    let served = simulator().await;
    let sim = child::Target::of(&served).await;
    tokio::task::spawn_blocking(move || {
        let start = Start {
            sim,
            copy: None,
            aim: PAGE,
        };
        let expected = untouched(&start, Order::OneTransaction);
        println!("{} pages, {} rows", expected.pages, expected.dump.rows());
        assert!(
            expected.pages > 50,
            "the world is too small to be killed in"
        );
        let tenths = check_kills(&start, &expected, kills());
        let all: usize = tenths.values().sum();
        println!("first load: {all} kills, 0 differences; by tens of pages: {tenths:?}");
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_run_over_changes_ends_like_one_that_was_not() {
    let served = simulator().await;
    let sim = child::Target::of(&served).await;
    tokio::task::spawn_blocking(move || {
        let first = untouched(
            &Start {
                sim: sim.clone(),
                copy: None,
                aim: PAGE,
            },
            Order::OneTransaction,
        );
        let changes = edits::make(&served);
        let mut copy = first.folder;
        // With the counts alone, and with a comparison of all ids.
        for work in [Work::Sync, Work::Compare] {
            let start = Start {
                sim: sim.later(work),
                copy: Some(copy),
                aim: PAGE,
            };
            let expected = untouched(&start, Order::OneTransaction);
            let differences = first.dump.differences(&expected.dump);
            assert!(!differences.is_empty(), "{changes} changes were read");
            println!("{} pages after {changes} changes", expected.pages);
            let tenths = check_kills(&start, &expected, kills().div_ceil(2));
            let all: usize = tenths.values().sum();
            println!("changes ({work:?}): {all} kills, 0 differences; by tens: {tenths:?}");
            copy = start.copy.unwrap();
        }
    })
    .await
    .unwrap();
}

/// Takes away from a copy what a check has to find: records of several types with all that they said,
/// and how others belong together.
fn damage(folder: &Path, portal: PortalId) {
    let dir = DataDir::open(folder).unwrap();
    let store = PortalStore::open(&dir, &testing::vault(child::VAULT), portal).unwrap();
    let lost = |of: &str| format!("object_type = '{of}' AND record_id % 3 = 1");
    let mut losses = vec!["DELETE FROM association WHERE from_id % 2 = 0".to_owned()];
    for of in ["deals", "contacts", "notes", "calls"] {
        for table in ["record", "property_version", "activity"] {
            losses.push(format!("DELETE FROM {table} WHERE {}", lost(of)));
        }
    }
    losses.push("DELETE FROM deal WHERE record_id % 3 = 1".to_owned());
    let write = store.write(|tx| {
        for sql in &losses {
            tx.execute(sql, [])?;
        }
        Ok(())
    });
    write.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_check_ends_like_one_that_was_not() {
    let served = simulator().await;
    let sim = child::Target::of(&served).await;
    tokio::task::spawn_blocking(move || {
        let first = untouched(
            &Start {
                sim: sim.clone(),
                copy: None,
                aim: PAGE,
            },
            Order::OneTransaction,
        );
        edits::make(&served);
        damage(first.folder.path(), sim.portal);
        let start = Start {
            sim: sim.later(Work::Verify),
            copy: Some(first.folder),
            aim: PAGE,
        };
        let expected = untouched(&start, Order::OneTransaction);
        let differences = first.dump.differences(&expected.dump);
        assert!(!differences.is_empty(), "what people did was found");
        let tenths = check_kills(&start, &expected, kills().div_ceil(4));
        let all: usize = tenths.values().sum();
        println!("verify and repair: {all} kills, 0 differences; by tens: {tenths:?}");
    })
    .await
    .unwrap();
}

/// What a planted fault is to be seen in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    FirstLoad,
    Changes,
}

/// The harness proves that it would see a fault of this kind.
async fn check_caught(order: Order, seen: Seen) {
    let served = simulator().await;
    let sim = child::Target::of(&served).await;
    let outcomes = tokio::task::spawn_blocking(move || {
        let mut start = Start {
            sim,
            copy: None,
            aim: PAGE,
        };
        if seen == Seen::Changes {
            let copy = untouched(&start, Order::OneTransaction).folder;
            edits::make(&served);
            start = Start {
                sim: start.sim.later(Work::Sync),
                copy: Some(copy),
                // The other pages of such a run carry few rows or none.
                aim: CHANGES,
            };
        }
        let expected = untouched(&start, order);
        let once = |seeds: &mut Seeds| kill_once(&start, order, &expected, seeds);
        kill_often(KILLS_TO_CATCH, once, Outcome::is_wrong)
    })
    .await
    .unwrap();
    let caught: Vec<_> = outcomes.iter().filter(|one| one.is_wrong()).collect();
    println!(
        "{order:?} in {seen:?} caught after {} kills",
        outcomes.len()
    );
    assert!(
        !caught.is_empty(),
        "{} kills saw nothing wrong",
        outcomes.len()
    );
    assert!(
        caught.iter().all(|outcome| outcome
            .differences
            .iter()
            .any(|row| row.starts_with("missing"))),
        "what is wrong is that rows are missing"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_that_is_stored_before_its_rows_is_caught() {
    check_caught(Order::CursorFirst, Seen::FirstLoad).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_that_is_stored_with_half_of_its_rows_is_caught() {
    check_caught(Order::HalfAPage, Seen::FirstLoad).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_that_is_stored_before_its_changes_is_caught() {
    check_caught(Order::CursorFirst, Seen::Changes).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_that_is_stored_with_half_of_its_changes_is_caught() {
    check_caught(Order::HalfAPage, Seen::Changes).await;
}
