//! Forgetting a portal: nothing of it is left, nothing of another is touched, and a kill at any
//! point only delays it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod fixture;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

use crm::PortalId;
use fixture::{Fixture, info, moment};
use secrecy::SecretString;
use store::{
    DataDir, PortalEntry, PortalStore, Registry, SavedSnapshot, SnapshotId, SnapshotRequest,
    StoreError, forget, forget_log_lines, resume_forgetting, save_snapshot, testing,
};

/// Marks everything that must not be found afterwards.
const CANARY: &str = "canary-Weisskopf";

const DOOMED: u64 = 4_711_001;
const SPARED: u64 = 4_711_002;

fn files(folder: &Path) -> Vec<PathBuf> {
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

/// Everything of two portals that there can be: database with an unfolded log, backup, snapshots
/// inside and outside of the folder, a working copy, logs.
fn fill(dir: &DataDir, vault: &store::Vault, outside: &Path, names: u64) {
    let registry = Registry::open(dir, vault).unwrap();
    for id in [DOOMED, SPARED] {
        let store = PortalStore::create(dir, vault, &info(id)).unwrap();
        store
            .write(|tx| {
                for n in 0..names {
                    tx.execute(
                        "INSERT INTO deal (record_id, name) VALUES (?1, ?2)",
                        (n, format!("{CANARY} {id} {n}")),
                    )?;
                }
                Ok(())
            })
            .unwrap();
        registry
            .add(&PortalEntry {
                id: PortalId::new(id),
                name: format!("{CANARY} {id}"),
                colour: 0,
                demo: false,
                added_at: moment(0),
            })
            .unwrap();
        for to in [
            dir.snapshots().unwrap().join(format!("{id}-x.plumbline")),
            outside.join(format!("{id}.plumbline")),
        ] {
            let saved = SavedSnapshot {
                id: SnapshotId::random().unwrap(),
                portal: PortalId::new(id),
                name: CANARY.to_owned(),
                path: to.clone(),
                taken_at: moment(1),
                complete_to: None,
            };
            registry.note_snapshot(&saved).unwrap();
            let request = SnapshotRequest {
                id: saved.id,
                to: to.clone(),
                name: saved.name,
                taken_at: moment(1),
            };
            let words = SecretString::from("words");
            save_snapshot(&store, &request, &words, &mut |_| ControlFlow::Continue(())).unwrap();
            let unfinished = PathBuf::from(format!("{}.unfinished", to.display()));
            fs::write(unfinished, CANARY).unwrap();
        }
        for (folder, name) in [("backups", "schema-3.db"), ("opened", "snap-1.db")] {
            let folder = dir.path().join(folder);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(format!("{id}.{name}")), CANARY).unwrap();
        }
    }
    let log = dir.path().join("log");
    fs::create_dir_all(&log).unwrap();
    let lines = format!(
        "{{\"portal\":{DOOMED},\"what\":\"{CANARY} a\"}}\n{{\"portal\":{SPARED}}}\n\
         {{\"portal\":\"{DOOMED}\",\"what\":\"{CANARY} b\"}}\n{{\"rows\":{DOOMED}0}}\n"
    );
    fs::write(log.join("plumbline.2026-11-21.log"), lines).unwrap();
}

#[track_caller]
fn check_gone(dir: &DataDir, vault: &store::Vault, outside: &Path, names: u64) {
    for path in files(dir.path()) {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(!name.contains(&DOOMED.to_string()), "{name}");
        let spared = name.starts_with(&SPARED.to_string());
        let bytes = fs::read(&path).unwrap();
        let found = bytes
            .windows(CANARY.len())
            .any(|window| window == CANARY.as_bytes());
        assert!(spared || !found, "{name} holds what was to be forgotten");
    }
    let log = dir.path().join("log/plumbline.2026-11-21.log");
    let left = fs::read_to_string(log).unwrap();
    assert_eq!(
        left,
        format!("{{\"portal\":{SPARED}}}\n{{\"rows\":{DOOMED}0}}\n")
    );
    let mut elsewhere: Vec<_> = files(outside)
        .into_iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    elsewhere.sort();
    let kept = [
        format!("{DOOMED}.plumbline"),
        format!("{SPARED}.plumbline"),
        format!("{SPARED}.plumbline.unfinished"),
    ];
    assert_eq!(
        elsewhere, kept,
        "what was saved elsewhere is the person's own"
    );

    let registry = Registry::open(dir, vault).unwrap();
    let listed = registry.portals().unwrap();
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed[0].id, PortalId::new(SPARED));
    assert_eq!(registry.snapshots().unwrap().len(), 2);
    assert_eq!(resume_forgetting(dir, &registry).unwrap(), []);
    let gone = PortalStore::open(dir, vault, PortalId::new(DOOMED)).unwrap_err();
    assert!(matches!(gone, StoreError::NoSuchPortal(_)), "{gone:?}");
    let spared = PortalStore::open(dir, vault, PortalId::new(SPARED)).unwrap();
    let count: u64 = spared
        .read(|c| Ok(c.query_row("SELECT count(*) FROM deal", [], |row| row.get(0))?))
        .unwrap();
    assert_eq!(count, names);
}

#[test]
fn nothing_of_ten_thousand_names_is_left() {
    let fixture = Fixture::in_new_folder();
    let outside = tempfile::tempdir().unwrap();
    fill(&fixture.dir, &fixture.vault, outside.path(), 10_000);
    // A copy of the file that somebody made is noise once the salt of its key is gone.
    let portals = fixture.dir.path().join("portals");
    let copy = fs::read(portals.join(format!("{DOOMED}.db"))).unwrap();
    let registry = Registry::open(&fixture.dir, &fixture.vault).unwrap();
    let id = PortalId::new(DOOMED);
    let receipt = forget(
        &fixture.dir,
        &registry,
        id,
        moment(2),
        Some(false),
        &mut |_| {},
    )
    .unwrap();
    assert_eq!(receipt.token_revoked, Some(false));
    assert_eq!(receipt.log_lines, 2);
    assert_eq!(
        receipt.left_elsewhere,
        [outside.path().join(format!("{DOOMED}.plumbline"))]
    );
    assert!(receipt.bytes > 1_000_000, "{receipt:?}");
    for name in ["db", "key.json", "db-wal", "schema-3.db", "snap-1.db"] {
        let name = format!("{DOOMED}.{name}");
        assert!(
            receipt.files.contains(&name) || name.ends_with("wal"),
            "{name}: {receipt:?}"
        );
    }
    check_gone(&fixture.dir, &fixture.vault, outside.path(), 10_000);

    fs::write(portals.join(format!("{DOOMED}.db")), copy).unwrap();
    let noise = PortalStore::open(&fixture.dir, &fixture.vault, id).unwrap_err();
    assert!(matches!(noise, StoreError::NoSuchPortal(_)), "{noise:?}");
    // Again: it removes what there is, and is no error.
    let again = forget(&fixture.dir, &registry, id, moment(3), None, &mut |_| {}).unwrap();
    assert_eq!(again.files, [format!("{DOOMED}.db")]);
}

const CHILD: &str = "PLUMBLINE_TEST_FORGET_UNTIL";

/// Does nothing unless this process was started by the test below: forgets, and dies at a step.
#[test]
fn the_one_that_is_killed() {
    let Ok(orders) = std::env::var(CHILD) else {
        return;
    };
    let (step, folder) = orders.split_once(' ').unwrap();
    let mut left: usize = step.parse().unwrap();
    let dir = DataDir::open(Path::new(folder)).unwrap();
    let registry = Registry::open(&dir, &testing::vault(1)).unwrap();
    let id = PortalId::new(DOOMED);
    forget(&dir, &registry, id, moment(2), Some(true), &mut |_| {
        if left == 0 {
            std::process::abort();
        }
        left -= 1;
    })
    .unwrap();
}

#[test]
fn a_kill_at_any_step_only_delays_it() {
    let mut step = 0;
    loop {
        let fixture = Fixture::in_new_folder();
        let (vault, outside) = (testing::vault(1), tempfile::tempdir().unwrap());
        fill(&fixture.dir, &vault, outside.path(), 5);
        let path = fixture.dir.path().to_owned();
        // The folder's lock belongs to one process.
        let Fixture { folder, dir, .. } = fixture;
        drop(dir);
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "the_one_that_is_killed"])
            .env(CHILD, format!("{step} {}", path.display()))
            .output()
            .unwrap()
            .status;
        let dir = DataDir::open(&path).unwrap();
        let registry = Registry::open(&dir, &vault).unwrap();
        if status.success() {
            assert!(step > 8, "it came to its end after {step} steps");
            check_gone(&dir, &vault, outside.path(), 5);
            break;
        }
        assert_eq!(
            registry.portals().unwrap().len(),
            1,
            "step {step}: it is listed no more"
        );
        let resumed = resume_forgetting(&dir, &registry).unwrap();
        for (id, receipt) in &resumed {
            assert_eq!(*id, PortalId::new(DOOMED));
            assert_eq!(receipt.token_revoked, Some(true));
        }
        check_gone(&dir, &vault, outside.path(), 5);
        drop(folder);
        step += 1;
    }
}

#[test]
fn a_log_loses_the_lines_of_one_portal_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.jsonl");
    let id = PortalId::new(512);
    for (before, after, removed) in [
        ("", "", 0),
        ("no end 512", "", 1),
        ("a\nb 512\nc", "a\nc", 1),
        ("5120 1512\n", "5120 1512\n", 0),
        ("x\u{fffd}\n512\n512\n\n", "x\u{fffd}\n\n", 2),
    ] {
        fs::write(&log, before).unwrap();
        assert_eq!(forget_log_lines(&log, id).unwrap(), removed, "{before:?}");
        assert_eq!(fs::read_to_string(&log).unwrap(), after, "{before:?}");
    }
}
