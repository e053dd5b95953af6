//! A disk that takes no more, in each of three ways: what was saved stays, what was not is undone
//! whole, the reason is told, and with room again the work goes on.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod fixture;

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;

use crm::PortalId;
use fixture::{info, moment};
use secrecy::SecretString;
use store::{
    Cursor, DataDir, PortalStore, SnapshotId, SnapshotRequest, StoreError, save_snapshot, testing,
};

fn open(folder: &Path) -> PortalStore {
    let dir = DataDir::open(folder).unwrap();
    PortalStore::open(&dir, &testing::vault(1), PortalId::new(1)).unwrap()
}

/// Stores one page of ten deals with the cursor that says so.
fn land(store: &PortalStore, page: u64) -> Result<(), StoreError> {
    store.write(|tx| {
        for n in 0..10 {
            tx.execute(
                "INSERT INTO deal (record_id, name) VALUES (?1, ?2)",
                (page * 10 + n, "x".repeat(2_000)),
            )?;
        }
        let cursor = Cursor {
            stream: "records/deals".to_owned(),
            generation: 1,
            after: Some(page.to_string()),
            done: false,
            unavailable: None,
            rows_seen: (page + 1) * 10,
            unproven: None,
        };
        store::save_cursor(tx, &cursor, moment(page))
    })
}

/// Journals one change, durably.
fn journal(store: &PortalStore, plan: u64) -> Result<(), StoreError> {
    store.write_durable(|tx| {
        tx.execute(
            "INSERT INTO plan (plan_id, object_type, property, state, purpose, as_of, unchanged, created_at) \
             VALUES (?1, '0-3', 'p', 'planned', ?2, 0, 0, 0)",
            (plan, "x".repeat(2_000)),
        )?;
        tx.execute(
            "INSERT INTO plan_change (plan_id, record_id, new_value, state, changed_at) VALUES (?1, 1, 'x', 'planned', 0)",
            [plan],
        )?;
        Ok(())
    })
}

/// Rows equal to what the cursor says, changes equal to plans, and a file without a fault.
#[track_caller]
fn check_consistent(store: &PortalStore) -> (u64, u64) {
    store.verify_file().unwrap();
    store
        .read(|c| {
            let count = |sql: &str| c.query_row(sql, [], |row| row.get::<_, u64>(0));
            let rows = count("SELECT count(*) FROM deal")?;
            let seen = store::cursors(c, 1)?
                .first()
                .map_or(0, |cursor| cursor.rows_seen);
            assert_eq!(rows, seen, "rows and cursor");
            let plans = count("SELECT count(*) FROM plan")?;
            assert_eq!(
                plans,
                count("SELECT count(*) FROM plan_change")?,
                "plans and changes"
            );
            Ok((rows / 10, plans))
        })
        .unwrap()
}

/// Pages and changes until nothing goes any more. Tells the reason.
fn fill(store: &PortalStore) -> StoreError {
    let (first, plans) = check_consistent(store);
    for n in 0..10_000 {
        let stored = land(store, first + n).and_then(|()| journal(store, plans + n));
        if let Err(error) = stored {
            return error;
        }
    }
    panic!("the disk does not get full");
}

/// After the failure the same store goes on as far as it can; another opening sees the same.
#[track_caller]
fn check_after(store: &PortalStore, folder: &Path) {
    let (pages, plans) = check_consistent(store);
    assert!(pages > 0 && plans > 0);
    assert_eq!(check_consistent(&open(folder)), (pages, plans));
}

fn make(folder: &Path) -> PortalStore {
    let dir = DataDir::open(folder).unwrap();
    PortalStore::create(&dir, &testing::vault(1), &info(1)).unwrap()
}

#[test]
fn a_database_that_may_not_grow() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    let store = make(&path);
    let limit = |pages: u64| {
        let sql = format!("PRAGMA max_page_count = {pages}");
        store
            .write(|tx| Ok(tx.query_row(&sql, [], |row| row.get::<_, i64>(0))?))
            .unwrap();
    };
    for pages in 150..190 {
        limit(pages);
        let error = fill(&store);
        assert!(
            matches!(error, StoreError::DiskFull),
            "{pages} pages: {error:?}"
        );
        check_consistent(&store);
    }
    limit(100_000);
    let (page, plan) = check_consistent(&store);
    land(&store, page).unwrap();
    journal(&store, plan + 1_000).expect("with room again it goes on");
    check_after(&store, &path);
}

const CHILD: &str = "PLUMBLINE_TEST_FILL";

/// Does nothing unless this process was started by the test below, under a limit on files' sizes.
#[test]
fn the_one_with_the_limit() {
    if let Ok(folder) = std::env::var(CHILD) {
        let store = open(Path::new(&folder));
        let error = fill(&store);
        assert!(
            matches!(error, StoreError::Io(_) | StoreError::DiskFull),
            "{error:?}"
        );
        let (pages, _) = check_consistent(&store);
        println!("stopped by {error:?} after {pages} pages");
    }
}

#[test]
fn a_file_that_may_not_grow() {
    // In blocks of 512 bytes: limits that strike the log, the database and its checkpoints.
    for blocks in [700, 1_000, 1_500, 2_501, 4_000] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        drop(make(&path));
        let ended = Command::new("sh")
            .args([
                "-c",
                "trap '' XFSZ; ulimit -f \"$1\"; exec \"$0\" --exact the_one_with_the_limit",
            ])
            .arg(std::env::current_exe().unwrap())
            .arg(blocks.to_string())
            .env(CHILD, &path)
            .output()
            .unwrap();
        assert!(ended.status.success(), "{blocks}: {ended:?}");
        let store = open(&path);
        let (page, plan) = check_consistent(&store);
        land(&store, page).unwrap();
        journal(&store, plan + 1_000).expect("without the limit it goes on");
        check_after(&store, &path);
    }
}

/// A small disk of its own, where this user may make one; it goes with the guard.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args([
                "-t",
                "tmpfs",
                "-o",
                &format!("size={size}"),
                "plumbline-test",
            ])
            .arg(folder.path())
            .output();
        match mounted {
            Ok(ended) if ended.status.success() => Some(Self(folder)),
            _ => {
                println!("SKIPPED: this user may not mount a small disk, so none was filled");
                None
            }
        }
    }

    fn resize(&self, size: &str) {
        let ended = Command::new("mount")
            .args(["-o", &format!("remount,size={size}")])
            .arg(self.0.path())
            .status()
            .unwrap();
        assert!(ended.success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_disk_that_is_really_full() {
    let Some(disk) = SmallDisk::new("2m") else {
        return;
    };
    let path = disk.0.path().join("data");
    let store = make(&path);
    let error = fill(&store);
    assert!(
        matches!(error, StoreError::DiskFull | StoreError::Io(_)),
        "{error:?}"
    );
    check_after(&store, &path);
    // A snapshot that does not fit leaves nothing behind.
    let request = SnapshotRequest {
        id: SnapshotId::random().unwrap(),
        to: path.join("x.plumbline"),
        name: "x".to_owned(),
        taken_at: moment(0),
    };
    let words = SecretString::from("words");
    let refused = save_snapshot(&store, &request, &words, &mut |_| ControlFlow::Continue(()));
    assert!(matches!(refused, Err(StoreError::DiskFull)), "{refused:?}");
    let left: Vec<_> = fs::read_dir(&path)
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert!(
        left.iter()
            .all(|name| !name.to_string_lossy().contains("x.plumbline")),
        "{left:?}"
    );

    disk.resize("16m");
    let (page, plan) = check_consistent(&store);
    land(&store, page).unwrap();
    journal(&store, plan + 1_000).unwrap();
    save_snapshot(&store, &request, &words, &mut |_| ControlFlow::Continue(())).unwrap();
    check_after(&store, &path);
}

#[test]
fn a_migration_without_room_is_not_begun() {
    let Some(disk) = SmallDisk::new("4m") else {
        return;
    };
    let path = disk.0.path().join("data");
    let dir = DataDir::open(&path).unwrap();
    testing::old_portal(&dir, &testing::vault(1), &info(1), 2, |tx| {
        for deal in 0..500 {
            tx.execute(
                "INSERT INTO deal (record_id, name) VALUES (?1, ?2)",
                (deal, "x".repeat(3_000)),
            )?;
        }
        Ok(())
    })
    .unwrap();
    let attempt = || PortalStore::open(&dir, &testing::vault(1), PortalId::new(1));
    let file = path.join("portals/1.db");
    let before = fs::read(&file).unwrap();
    for _ in 0..2 {
        let refused = attempt().unwrap_err();
        assert!(matches!(refused, StoreError::DiskFull), "{refused:?}");
        assert_eq!(fs::read(&file).unwrap(), before, "nothing was begun");
    }
    disk.resize("32m");
    let store = attempt().unwrap();
    let count: u64 = store
        .read(|c| Ok(c.query_row("SELECT count(*) FROM deal", [], |row| row.get(0))?))
        .unwrap();
    assert_eq!(count, 500);
}
