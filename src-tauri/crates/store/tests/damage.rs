//! Bits that flip and ends that are missing, in the database and in its log: noticed, refused, or
//! without effect; never a row that was not written.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod fixture;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crm::PortalId;
use fixture::{Fixture, info};
use proptest::test_runner::{RngAlgorithm, TestRng};
use rand_core::Rng as _;
use store::{PortalStore, StoreError, testing};

type Rows = BTreeMap<u64, String>;

fn rows(store: &PortalStore) -> Result<Rows, StoreError> {
    store.read(|c| {
        let mut statement = c.prepare("SELECT record_id, name FROM deal")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// The state after every commit: a log that lost its end shows an earlier one, as after a crash.
fn make(fixture: &Fixture) -> (PortalStore, Vec<Rows>) {
    let store = fixture.portal(1);
    let mut states = vec![Rows::new()];
    for page in 0..12_u64 {
        store
            .write(|tx| {
                for n in 0..8 {
                    tx.execute(
                        "INSERT OR REPLACE INTO deal (record_id, name) VALUES (?1, ?2)",
                        (
                            page * 5 + n,
                            format!("Deal {page} {n} {}", "x".repeat(1_200)),
                        ),
                    )?;
                }
                Ok(())
            })
            .unwrap();
        states.push(rows(&store).unwrap());
        if page == 6 {
            store.checkpoint().unwrap();
        }
    }
    (store, states)
}

fn damage(bytes: &mut Vec<u8>, dice: &mut impl FnMut(usize) -> usize) {
    if bytes.is_empty() {
        return;
    }
    let at = dice(bytes.len());
    match dice(4) {
        0 => bytes.truncate(at),
        1 => {
            let end = (at + 1 + dice(4_096)).min(bytes.len());
            bytes[at..end].fill(0);
        }
        _ => {
            for _ in 0..=dice(3) {
                let at = dice(bytes.len());
                bytes[at] ^= 1 << dice(8);
            }
        }
    }
}

#[test]
fn no_damage_shows_a_row_that_was_not_written() {
    let cases: usize = std::env::var("PLUMBLINE_DAMAGES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(100);
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut dice = |bound: usize| (random.next_u64() % bound.max(1) as u64) as usize;
    let fixture = Fixture::in_new_folder();
    let (store, states) = make(&fixture);
    let portals = fixture.dir.path().join("portals");
    let read = |name: &str| fs::read(portals.join(name)).unwrap();
    let (database, log, key) = (read("1.db"), read("1.db-wal"), read("1.key.json"));
    assert!(log.len() > 4_096, "the log is not folded in");
    drop(store);
    let (mut noticed, mut unharmed) = (0, 0);
    for case in 0..cases {
        let victim = Fixture::in_new_folder();
        let portals = victim.dir.path().join("portals");
        let put = |name: &str, bytes: &[u8]| fs::write(portals.join(name), bytes).unwrap();
        let (mut database, mut log) = (database.clone(), log.clone());
        damage(
            if case % 2 == 0 {
                &mut database
            } else {
                &mut log
            },
            &mut dice,
        );
        put("1.db", &database);
        put("1.db-wal", &log);
        put("1.key.json", &key);
        match look(&victim) {
            Ok(found) => {
                assert!(
                    states.contains(&found),
                    "case {case}: rows that were never so"
                );
                unharmed += 1;
            }
            Err(StoreError::Corrupt | StoreError::NoSuchPortal(_) | StoreError::Io(_)) => {
                noticed += 1;
            }
            Err(error) => panic!("case {case}: {error:?}"),
        }
        check_left_alone(&portals, &database);
    }
    println!("{noticed} of {cases} damages noticed, {unharmed} without effect");
    assert!(noticed > cases / 4, "{noticed} of {cases}");
}

fn look(victim: &Fixture) -> Result<Rows, StoreError> {
    let store = PortalStore::open(&victim.dir, &testing::vault(1), PortalId::new(1))?;
    assert_eq!(store.info()?, info(1));
    rows(&store)
}

/// Looking repairs nothing away. What the log holds may be folded into the database.
fn check_left_alone(portals: &Path, database: &[u8]) {
    let found = fs::read(portals.join("1.db")).unwrap();
    assert!(found.len() >= database.len().min(4_096) || database.len() < 4_096);
}
