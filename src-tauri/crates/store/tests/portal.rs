//! A portal's file from its making to its forgetting, and what stands in the way.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod fixture;

use std::fs;
use std::path::Path;

use crm::PortalId;
use fixture::{Fixture, info, moment};
use store::{DataDir, PortalEntry, PortalStore, Registry, StoreError, testing};

/// A text that must never be found in a file in clear.
const CANARY: &str = "canary-Ánna-Weißkopf";

fn contains(path: &Path, needle: &[u8]) -> bool {
    fs::read(path)
        .unwrap()
        .windows(needle.len())
        .any(|window| window == needle)
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn what_is_written_is_there_again_and_nowhere_in_clear() {
    let fixture = Fixture::new();
    let mut written = info(1);
    CANARY.clone_into(&mut written.name);
    let store = PortalStore::create(&fixture.dir, &fixture.vault, &written).unwrap();
    assert_eq!(store.info().unwrap(), written);
    for path in files(fixture.folder.path()) {
        assert!(!contains(&path, b"canary"), "{}", path.display());
        assert!(!contains(&path, b"CREATE TABLE"), "{}", path.display());
    }
    drop(store);
    let store = PortalStore::open(&fixture.dir, &fixture.vault, written.id).unwrap();
    assert_eq!(store.info().unwrap(), written);
}

#[test]
fn a_portal_is_made_once() {
    let fixture = Fixture::new();
    let missing = PortalStore::open(&fixture.dir, &fixture.vault, PortalId::new(1)).unwrap_err();
    assert!(
        matches!(missing, StoreError::NoSuchPortal(_)),
        "{missing:?}"
    );
    let _store = fixture.portal(1);
    let again = PortalStore::create(&fixture.dir, &fixture.vault, &info(1)).unwrap_err();
    assert!(matches!(again, StoreError::AlreadyExists(_)), "{again:?}");
}

#[test]
fn a_making_that_was_interrupted_can_be_repeated() {
    let fixture = Fixture::new();
    drop(fixture.portal(1));
    let database = fixture.folder.path().join("portals/1.db");
    // Every point at which a crash can leave the folder: key without file, empty file, file
    // without key.
    fs::write(&database, b"").unwrap();
    PortalStore::create(&fixture.dir, &fixture.vault, &info(1)).unwrap();
    fs::remove_file(&database).unwrap();
    PortalStore::create(&fixture.dir, &fixture.vault, &info(1)).unwrap();
    fs::remove_file(fixture.folder.path().join("portals/1.key.json")).unwrap();
    PortalStore::create(&fixture.dir, &fixture.vault, &info(1)).unwrap();
    // And a schema without the row that names the portal.
    let store = PortalStore::open(&fixture.dir, &fixture.vault, PortalId::new(1)).unwrap();
    store
        .write(|tx| Ok(tx.execute("DELETE FROM portal", [])?))
        .unwrap();
    drop(store);
    PortalStore::create(&fixture.dir, &fixture.vault, &info(1)).unwrap();
}

#[test]
fn a_wrong_key_is_never_taken_for_damage() {
    let fixture = Fixture::new();
    drop(fixture.portal(1));
    let database = fixture.folder.path().join("portals/1.db");
    let before = fs::read(&database).unwrap();
    let other = testing::vault(2);
    for attempt in [
        PortalStore::open(&fixture.dir, &other, PortalId::new(1)),
        PortalStore::create(&fixture.dir, &other, &info(1)),
    ] {
        let refusal = attempt.unwrap_err();
        assert!(matches!(refusal, StoreError::WrongKey), "{refusal:?}");
    }
    assert_eq!(
        fs::read(&database).unwrap(),
        before,
        "the file is untouched"
    );
    fixture.open(1);
}

#[test]
fn damage_is_never_taken_for_a_wrong_key() {
    #[track_caller]
    fn check(damage: impl FnOnce(&mut Vec<u8>)) {
        let fixture = Fixture::new();
        drop(fixture.portal(1));
        let database = fixture.folder.path().join("portals/1.db");
        let mut bytes = fs::read(&database).unwrap();
        damage(&mut bytes);
        fs::write(&database, &bytes).unwrap();
        let refusal = PortalStore::open(&fixture.dir, &fixture.vault, PortalId::new(1))
            .and_then(|store| store.verify_file())
            .unwrap_err();
        assert!(matches!(refusal, StoreError::Corrupt), "{refusal:?}");
        assert_eq!(
            fs::read(&database).unwrap(),
            bytes,
            "nothing is repaired away"
        );
    }
    check(|bytes| bytes[100] ^= 1);
    check(|bytes| bytes.truncate(4_096));
    check(|bytes| {
        let end = bytes.len();
        bytes[end - 5_000] ^= 1;
    });
    check(|bytes| bytes[..4_096].fill(0));
}

#[test]
fn a_newer_schema_is_refused_with_a_clear_text() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    store
        .write(|tx| Ok(tx.pragma_update(None, "user_version", 99)?))
        .unwrap();
    drop(store);
    let refusal = PortalStore::open(&fixture.dir, &fixture.vault, PortalId::new(1)).unwrap_err();
    assert!(
        matches!(refusal, StoreError::NewerSchema { found: 99, .. }),
        "{refusal:?}"
    );
    assert!(refusal.to_string().contains("newer version"), "{refusal}");
}

#[test]
fn each_portal_has_a_key_of_its_own() {
    let fixture = Fixture::new();
    drop(fixture.portal(1));
    drop(fixture.portal(2));
    let portals = fixture.folder.path().join("portals");
    // Neither the other portal's file nor its salt opens anything under this portal's name.
    fs::copy(portals.join("2.db"), portals.join("1.db")).unwrap();
    let refusal = PortalStore::open(&fixture.dir, &fixture.vault, PortalId::new(1)).unwrap_err();
    assert!(matches!(refusal, StoreError::Corrupt), "{refusal:?}");
    fs::copy(portals.join("2.key.json"), portals.join("1.key.json")).unwrap();
    let refusal = PortalStore::open(&fixture.dir, &fixture.vault, PortalId::new(1)).unwrap_err();
    assert!(matches!(refusal, StoreError::WrongKey), "{refusal:?}");
    fixture.open(2);
}

#[test]
fn a_second_process_reads_and_does_not_write() {
    let fixture = Fixture::new();
    let _store = fixture.portal(1);
    // Another opening of the folder stands for another process: the lock belongs to the file
    // handle.
    let elsewhere = DataDir::open(fixture.folder.path()).unwrap();
    let reader = PortalStore::open(&elsewhere, &fixture.vault, PortalId::new(1)).unwrap();
    assert_eq!(reader.info().unwrap(), info(1));
    let refusal = reader.save_info(&info(1)).unwrap_err();
    assert!(matches!(refusal, StoreError::InUse), "{refusal:?}");
    drop((_store, fixture.dir));
    reader.save_info(&info(1)).expect("the lock is free again");
}

#[test]
fn a_file_that_names_another_portal_is_refused() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let refusal = store.save_info(&info(2)).unwrap_err();
    assert!(
        matches!(refusal, StoreError::WrongPortal { found: 2, .. }),
        "{refusal:?}"
    );
    assert_eq!(store.info().unwrap(), info(1));
}

#[test]
fn a_full_disk_loses_nothing() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let pages: i64 = store
        .write(|tx| {
            let pages: i64 = tx.pragma_query_value(None, "page_count", |row| row.get(0))?;
            tx.query_row(
                &format!("PRAGMA max_page_count = {}", pages + 3),
                [],
                |row| row.get::<_, i64>(0),
            )?;
            Ok(pages)
        })
        .unwrap();
    let fill = |label: &str, bytes: usize| {
        store.write(|tx| {
            let text = "x".repeat(bytes);
            tx.execute(
                "INSERT INTO pipeline (object_type, pipeline_id, label, display_order) VALUES ('deals', ?1, ?2, 0)",
                [label, &text],
            )?;
            Ok(())
        })
    };
    fill("small", 10).unwrap();
    let refusal = fill("large", 1_000_000).unwrap_err();
    assert!(matches!(refusal, StoreError::DiskFull), "{refusal:?}");
    let count: i64 = store
        .read(|c| Ok(c.query_row("SELECT count(*) FROM pipeline", [], |row| row.get(0))?))
        .unwrap();
    assert_eq!(
        count, 1,
        "the transaction that did not fit left nothing behind"
    );
    store
        .write(|tx| {
            let sql = format!("PRAGMA max_page_count = {}", pages + 1_000);
            Ok(tx.query_row(&sql, [], |row| row.get::<_, i64>(0))?)
        })
        .unwrap();
    fill("large", 1_000_000).expect("with room again, writing goes on");
    store.verify_file().unwrap();
}

#[test]
fn a_reader_sees_one_moment_while_the_writer_goes_on() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let name = |c: &rusqlite::Connection| -> Result<String, StoreError> {
        Ok(c.query_row("SELECT name FROM portal", [], |row| row.get(0))?)
    };
    let seen = store
        .read(|c| {
            let before = name(c)?;
            let mut renamed = info(1);
            "after".clone_into(&mut renamed.name);
            store.save_info(&renamed)?;
            Ok((before, name(c)?))
        })
        .unwrap();
    assert_eq!(seen.0, seen.1);
    assert_eq!(store.read(name).unwrap(), "after");
}

/// Both see the same row of a table that a writer changes as fast as it can.
#[test]
fn two_readers_of_one_moment_see_the_same_while_the_writer_goes_on() {
    let fixture = Fixture::new();
    let store = PortalStore::create(&fixture.dir, &fixture.vault, &info(1)).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    let name = |connection: &rusqlite::Connection| {
        Ok(connection.query_row("SELECT name FROM portal", [], |row| row.get::<_, String>(0))?)
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut n = 0;
            while !done.load(std::sync::atomic::Ordering::SeqCst) {
                n += 1;
                let mut next = info(1);
                next.name = format!("the {n}th name");
                store.save_info(&next).unwrap();
            }
        });
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..50 {
            let (one, other) = store.read_in_two(name, name).unwrap();
            assert_eq!(one, other);
            seen.insert(one);
        }
        done.store(true, std::sync::atomic::Ordering::SeqCst);
        assert!(
            seen.len() > 10,
            "the writer has to write meanwhile: {}",
            seen.len()
        );
    });
    let failed: Result<((), ()), StoreError> =
        store.read_in_two(|_| Ok(()), |_| Err(StoreError::Busy));
    assert!(matches!(failed, Err(StoreError::Busy)));
}

#[test]
fn a_failed_or_panicking_write_leaves_nothing_and_blocks_nobody() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let rename = "UPDATE portal SET name = 'half'";
    let failed: Result<(), _> = store.write(|tx| {
        tx.execute(rename, [])?;
        Err(StoreError::BadValue("on purpose"))
    });
    assert!(failed.is_err());
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _: Result<(), _> = store.write(|tx| {
            tx.execute(rename, [])?;
            panic!("on purpose")
        });
    }));
    assert!(panicked.is_err());
    assert_eq!(store.info().unwrap(), info(1));
    store.save_info(&info(1)).unwrap();
}

#[test]
fn writers_take_turns() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let store = store.clone();
            scope.spawn(move || {
                for n in 0..25 {
                    store
                        .write(|tx| {
                            tx.execute(
                                "INSERT INTO owner (owner_id) VALUES (?1)",
                                [writer * 1_000 + n],
                            )?;
                            Ok(())
                        })
                        .unwrap();
                }
            });
        }
    });
    let count: i64 = store
        .read(|c| Ok(c.query_row("SELECT count(*) FROM owner", [], |row| row.get(0))?))
        .unwrap();
    assert_eq!(count, 100);
}

#[test]
fn the_registry_lists_renames_and_removes() {
    let fixture = Fixture::new();
    let registry = Registry::open(&fixture.dir, &fixture.vault).unwrap();
    let entry = |id: u64| PortalEntry {
        id: PortalId::new(id),
        name: format!("{CANARY} {id}"),
        colour: 3,
        demo: id == 2,
        added_at: moment(id),
    };
    registry.add(&entry(2)).unwrap();
    registry.add(&entry(1)).unwrap();
    let refusal = registry.add(&entry(1)).unwrap_err();
    assert!(
        matches!(refusal, StoreError::AlreadyExists(_)),
        "{refusal:?}"
    );
    assert_eq!(registry.portals().unwrap(), [entry(1), entry(2)]);

    registry.rename(PortalId::new(1), "Acme", 5).unwrap();
    registry.remove(PortalId::new(2)).unwrap();
    let refusal = registry.remove(PortalId::new(2)).unwrap_err();
    assert!(
        matches!(refusal, StoreError::NoSuchPortal(_)),
        "{refusal:?}"
    );
    drop(registry);

    let registry = Registry::open(&fixture.dir, &fixture.vault).unwrap();
    let names: Vec<String> = registry
        .portals()
        .unwrap()
        .into_iter()
        .map(|p| p.name)
        .collect();
    assert_eq!(names, ["Acme"]);
    let refusal = Registry::open(&fixture.dir, &testing::vault(2))
        .err()
        .unwrap();
    assert!(matches!(refusal, StoreError::WrongKey), "{refusal:?}");
    for path in files(fixture.folder.path()) {
        assert!(!contains(&path, b"canary"), "{}", path.display());
    }
}

#[cfg(unix)]
mod permissions {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    /// The umask belongs to the process, so this test runs itself again in one of its own.
    #[test]
    fn only_the_owner_reads_also_when_nothing_is_masked() {
        if std::env::var_os("PLUMBLINE_TEST_UMASK_CHILD").is_some() {
            let fixture = Fixture::in_new_folder();
            let store = fixture.portal(1);
            Registry::open(&fixture.dir, &fixture.vault).unwrap();
            store.save_info(&info(1)).unwrap();
            assert_eq!(mode(fixture.dir.path()), 0o700);
            assert_eq!(mode(&fixture.dir.path().join("portals")), 0o700);
            let request = store::SnapshotRequest {
                id: store::SnapshotId::random().unwrap(),
                to: fixture.dir.snapshots().unwrap().join("x.plumbline"),
                name: "x".to_owned(),
                taken_at: moment(0),
            };
            let words = secrecy::SecretString::from("words");
            store::save_snapshot(&store, &request, &words, &mut |_| {
                std::ops::ControlFlow::Continue(())
            })
            .unwrap();
            let old = info(2);
            testing::old_portal(&fixture.dir, &fixture.vault, &old, 1, |_| Ok(())).unwrap();
            let _migrated = fixture.open(2);
            let opened = request.to.with_extension("old");
            testing::old_snapshot(&opened, &old, 1, &words).unwrap();
            let _opened = store::open_snapshot(&fixture.dir, &opened, &words, &mut |_| {
                std::ops::ControlFlow::Continue(())
            })
            .unwrap();
            for folder in ["snapshots", "backups", "opened"] {
                let folder = fixture.dir.path().join(folder);
                assert_eq!(mode(&folder), 0o700, "{}", folder.display());
                assert!(!files(&folder).is_empty(), "{}", folder.display());
            }
            let all = files(fixture.dir.path());
            assert!(all.iter().any(|path| path.ends_with("1.db-wal")), "{all:?}");
            for path in all {
                assert_eq!(mode(&path), 0o600, "{}", path.display());
            }
            return;
        }
        let this = std::env::current_exe().unwrap();
        let name = "permissions::only_the_owner_reads_also_when_nothing_is_masked";
        for umask in ["000", "022"] {
            let status = Command::new("sh")
                .args(["-c", &format!("umask {umask}; exec \"$0\" --exact \"$1\"")])
                .arg(&this)
                .arg(name)
                .env("PLUMBLINE_TEST_UMASK_CHILD", "1")
                .status()
                .unwrap();
            assert!(status.success(), "umask {umask}");
        }
    }

    #[test]
    fn somebody_elses_open_folder_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thesis.txt"), "mine").unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let refusal = DataDir::open(folder.path()).unwrap_err();
        assert!(
            matches!(refusal, StoreError::ForeignDirectory),
            "{refusal:?}"
        );
        assert_eq!(mode(folder.path()), 0o755);
    }

    #[test]
    fn our_own_folder_is_closed_again() {
        let fixture = Fixture::new();
        fixture.dir.lock_for_writing().unwrap();
        let path = fixture.dir.path().to_owned();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        DataDir::open(&path).unwrap();
        assert_eq!(mode(&path), 0o700);
    }
}
