//! Every schema that was ever released opens, after a copy of it was made; a kill at any point
//! leaves the old one or the new one, with every row.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod fixture;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crm::PortalId;
use fixture::{Fixture, info};
use store::{DataDir, PortalStore, StoreError, testing};

const DEALS: u64 = 300;
const CHILD: &str = "PLUMBLINE_TEST_MIGRATE_IN";

fn make(dir: &DataDir, schema: usize) {
    testing::old_portal(dir, &testing::vault(1), &info(1), schema, |tx| {
        for deal in 0..DEALS {
            tx.execute(
                "INSERT INTO deal (record_id, name) VALUES (?1, ?2)",
                (deal, format!("Deal {deal} {}", "x".repeat(300))),
            )?;
        }
        tx.execute(
            "INSERT INTO credential (only_row, kind, access_token) VALUES (1, 'static_token', 'token')",
            [],
        )?;
        Ok(())
    })
    .unwrap();
}

fn open(dir: &DataDir) -> Result<PortalStore, StoreError> {
    PortalStore::open(dir, &testing::vault(1), PortalId::new(1))
}

#[track_caller]
fn check_whole(store: &PortalStore) {
    let (count, schema): (u64, usize) = store
        .read(|c| {
            let count = c.query_row("SELECT count(*) FROM deal", [], |row| row.get(0))?;
            Ok((
                count,
                c.pragma_query_value(None, "user_version", |row| row.get(0))?,
            ))
        })
        .unwrap();
    assert_eq!((count, schema), (DEALS, testing::newest_schema()));
    store.credential().expect("the token is still there");
    store.verify_file().unwrap();
}

fn backups(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder.join("backups")) else {
        return Vec::new();
    };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

#[test]
fn every_earlier_schema_opens_after_a_copy_was_made() {
    for schema in 1..testing::newest_schema() {
        let fixture = Fixture::in_new_folder();
        make(&fixture.dir, schema);
        let store = open(&fixture.dir).unwrap();
        check_whole(&store);
        let name = format!("1.schema-{schema}.db");
        assert_eq!(backups(fixture.dir.path()).join(" "), name);
        drop(store);
        // The copy is the old database, under the same key: put back, it opens again.
        let portals = fixture.dir.path().join("portals");
        for file in ["1.db-wal", "1.db-shm"] {
            let _ = fs::remove_file(portals.join(file));
        }
        fs::copy(
            fixture.dir.path().join("backups").join(name),
            portals.join("1.db"),
        )
        .unwrap();
        check_whole(&open(&fixture.dir).unwrap());
    }
}

#[test]
fn a_new_portal_needs_no_copy() {
    let fixture = Fixture::in_new_folder();
    drop(fixture.portal(1));
    drop(fixture.open(1));
    assert!(backups(fixture.dir.path()).is_empty());
}

/// Does nothing unless this process was started by the test below.
#[test]
fn the_one_that_is_killed() {
    if let Ok(folder) = std::env::var(CHILD) {
        let dir = DataDir::open(Path::new(&folder)).unwrap();
        open(&dir).unwrap();
    }
}

#[test]
fn a_kill_at_any_point_leaves_every_row() {
    let kills: u64 = std::env::var("PLUMBLINE_MIGRATION_KILLS")
        .ok()
        .and_then(|kills| kills.parse().ok())
        .unwrap_or(12);
    let mut unfinished = 0;
    for schema in 1..testing::newest_schema() {
        for kill in 0..kills {
            let fixture = Fixture::in_new_folder();
            make(&fixture.dir, schema);
            let path = fixture.dir.path().to_owned();
            let Fixture { folder, dir, .. } = fixture;
            drop(dir);
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "the_one_that_is_killed"])
                .env(CHILD, &path)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            // From before the process is up to after it has ended, in even steps.
            std::thread::sleep(Duration::from_micros(60_000 * kill / kills));
            let ended = child.try_wait().unwrap().is_some();
            let _ = child.kill();
            child.wait().unwrap();
            unfinished += u64::from(!ended);
            let dir = DataDir::open(&path).unwrap();
            check_whole(&open(&dir).unwrap());
            assert!(
                backups(&path)
                    .iter()
                    .all(|name| !name.ends_with("unfinished"))
                    || !ended
            );
            drop(folder);
        }
    }
    println!("{unfinished} of the kills came before the end");
    assert!(unfinished > 0);
}
