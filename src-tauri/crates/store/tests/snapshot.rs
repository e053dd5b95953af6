//! A portal frozen into a file, opened again elsewhere, and everything that can be wrong with it.
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

use crm::PortalId;
use fixture::{Fixture, info, moment};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use store::{
    Credential, CredentialKind, PortalStore, SnapshotError, SnapshotHead, SnapshotId,
    SnapshotRequest, StoreError, Tokens, is_snapshot, open_snapshot, save_snapshot, testing,
};

const SEAL: usize = 4_096;

fn words() -> SecretString {
    SecretString::from("a passphrase of its own")
}

/// A portal with some deals, a token and a journal.
fn filled(fixture: &Fixture, id: u64, deals: u64) -> PortalStore {
    let store = fixture.portal(id);
    store
        .connect(&Credential {
            kind: CredentialKind::OwnApp,
            tokens: Tokens {
                access: SecretString::from("access-canary-0001"),
                refresh: Some(SecretString::from("refresh-canary-0002")),
                issued_at: None,
                expires_at: None,
            },
            client_id: Some("client-canary-0003".to_owned()),
            client_secret: Some(SecretString::from("secret-canary-0004")),
            scopes: Vec::new(),
            api_base: None,
            generation: 0,
            disconnected: None,
        })
        .unwrap();
    store
        .write(|tx| {
            for deal in 0..deals {
                tx.execute(
                    "INSERT INTO deal (record_id, name, amount) VALUES (?1, ?2, ?3)",
                    (deal, format!("Deal {deal} of {id}"), "12.50"),
                )?;
                tx.execute(
                    "INSERT INTO property_version VALUES ('0-3', ?1, 'amount', ?2, '12.50', NULL, NULL, NULL)",
                    (deal, deal * 1_000),
                )?;
            }
            tx.execute(
                "INSERT INTO plan (plan_id, object_type, property, state, purpose, as_of, unchanged, created_at, approved_by) \
                 VALUES (1, '0-3', 'p', 'approved', 'x', 0, 0, 0, 'journal-canary-0005')",
                [],
            )?;
            let run = store::start_run(tx, store::RunKind::Full, 1, moment(5))?;
            tx.execute("UPDATE sync_run SET outcome = 'done', finished_at = 6 WHERE run_id = ?1", [run])?;
            Ok(())
        })
        .unwrap();
    store
}

fn save(store: &PortalStore, to: &Path) -> Result<SnapshotHead, StoreError> {
    let request = SnapshotRequest {
        id: SnapshotId::random().unwrap(),
        to: to.to_owned(),
        name: "Before the reorganisation".to_owned(),
        taken_at: moment(9),
    };
    save_snapshot(
        store,
        &request,
        &words(),
        &mut |_| ControlFlow::Continue(()),
    )
}

fn open_with(fixture: &Fixture, path: &Path, words: &str) -> Result<PortalStore, StoreError> {
    let words = SecretString::from(words);
    open_snapshot(&fixture.dir, path, &words, &mut |_| {
        ControlFlow::Continue(())
    })
}

fn open(fixture: &Fixture, path: &Path) -> Result<PortalStore, StoreError> {
    open_with(fixture, path, "a passphrase of its own")
}

fn count(store: &PortalStore, table: &str) -> u64 {
    let sql = format!("SELECT count(*) FROM {table}");
    store
        .read(|c| Ok(c.query_row(&sql, [], |row| row.get(0))?))
        .unwrap()
}

#[track_caller]
fn check(result: Result<PortalStore, StoreError>, expected: SnapshotError) {
    match result {
        Err(StoreError::Snapshot(found)) => assert_eq!(found, expected),
        other => panic!("{expected:?} was expected, not {other:?}"),
    }
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// A folder beside the data, as a memory stick would be.
fn stick() -> (tempfile::TempDir, PathBuf) {
    let stick = tempfile::tempdir().unwrap();
    let path = stick.path().join("Q3 #1 100%?.plumbline");
    (stick, path)
}

#[test]
fn a_snapshot_is_the_portal_at_its_moment_on_any_machine() {
    let here = Fixture::new();
    let live = filled(&here, 1, 300);
    let (stick, path) = stick();
    let head = save(&live, &path).unwrap();
    assert_eq!(head.portal, PortalId::new(1));
    assert_eq!(head.complete_to, Some(moment(5)));
    assert_eq!(names(stick.path()), ["Q3 #1 100%?.plumbline"], "one file");
    // The portal goes on; and this machine and its keys are lost.
    live.write(|tx| Ok(tx.execute("UPDATE deal SET name = 'later'", [])?))
        .unwrap();
    drop(live);
    let elsewhere = Fixture::new();
    drop(here);

    let frozen = open(&elsewhere, &path).unwrap();
    assert_eq!(frozen.snapshot(), Some(&head));
    assert_eq!(
        (frozen.id(), frozen.info().unwrap()),
        (PortalId::new(1), info(1))
    );
    assert_eq!(count(&frozen, "deal"), 300);
    assert_eq!(count(&frozen, "property_version"), 300);
    assert_eq!(count(&frozen, "deal WHERE name = 'later'"), 0);
    let asked = frozen
        .read_only_query("SELECT name FROM deal WHERE record_id = 7", 10)
        .unwrap();
    assert_eq!(asked.rows.len(), 1);
    let run = frozen.read(store::last_finished_run).unwrap().unwrap();
    assert_eq!(run.started_at, moment(5));
    // Neither opening nor reading leaves anything beside it or in the data folder.
    assert_eq!(names(stick.path()), ["Q3 #1 100%?.plumbline"]);
    assert!(
        names(elsewhere.dir.path())
            .iter()
            .all(|name| name != "opened")
    );
}

#[test]
fn tokens_and_the_journal_stay_at_home() {
    let fixture = Fixture::new();
    let live = filled(&fixture, 1, 3);
    let (_stick, path) = stick();
    save(&live, &path).unwrap();
    let frozen = open(&fixture, &path).unwrap();
    assert!(matches!(frozen.credential(), Err(StoreError::NoCredential)));
    for table in ["credential", "plan", "plan_change", "plan_definition"] {
        assert_eq!(count(&frozen, table), 0, "{table}");
    }
    // Nor does anything lie in clear.
    let bytes = fs::read(&path).unwrap();
    for text in [
        "canary",
        "Deal 1",
        "CREATE TABLE",
        "reorganisation",
        "Portal 1",
    ] {
        let found = bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes());
        assert!(!found, "{text}");
    }
}

#[test]
fn a_snapshot_is_never_written_to() {
    let fixture = Fixture::new();
    let live = filled(&fixture, 1, 3);
    let (_stick, path) = stick();
    save(&live, &path).unwrap();
    let before = fs::read(&path).unwrap();
    let frozen = open(&fixture, &path).unwrap();
    let refused = [
        frozen.write(|_| Ok(())),
        frozen.write_durable(|_| Ok(())),
        frozen.save_info(&info(1)),
        frozen.checkpoint(),
    ];
    for refusal in refused {
        let refusal = refusal.unwrap_err();
        assert!(
            matches!(refusal, StoreError::Snapshot(SnapshotError::ReadOnly)),
            "{refusal:?}"
        );
    }
    let by_the_back_door = frozen.read(|c| Ok(c.execute("DELETE FROM deal", [])?));
    assert!(by_the_back_door.is_err());
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_snapshot_and_its_portal_are_open_together_and_do_not_mix() {
    let fixture = Fixture::new();
    let live = filled(&fixture, 1, 10);
    let (_stick, path) = stick();
    let first = save(&live, &path).unwrap();
    live.write(|tx| Ok(tx.execute("DELETE FROM deal WHERE record_id < 5", [])?))
        .unwrap();
    let second_path = path.with_extension("second");
    let second = save(&live, &second_path).unwrap();
    assert_ne!(first.id, second.id);
    let (one, two) = (
        open(&fixture, &path).unwrap(),
        open(&fixture, &second_path).unwrap(),
    );
    live.write(|tx| Ok(tx.execute("DELETE FROM deal", [])?))
        .unwrap();
    assert_eq!(
        (
            count(&one, "deal"),
            count(&two, "deal"),
            count(&live, "deal")
        ),
        (10, 5, 0)
    );
}

#[test]
fn a_wrong_passphrase_is_told_from_damage() {
    let fixture = Fixture::new();
    let live = filled(&fixture, 1, 3);
    let (_stick, path) = stick();
    save(&live, &path).unwrap();
    check(
        open_with(&fixture, &path, "a passphrase of its own "),
        SnapshotError::WrongPassphrase,
    );
    check(
        open_with(&fixture, &path, ""),
        SnapshotError::WrongPassphrase,
    );
    open(&fixture, &path).expect("the right one still opens it");
    let request = SnapshotRequest {
        id: SnapshotId::random().unwrap(),
        to: path.with_extension("empty"),
        name: String::new(),
        taken_at: moment(0),
    };
    let none = SecretString::from("");
    let refusal = save_snapshot(&live, &request, &none, &mut |_| ControlFlow::Continue(()));
    assert!(matches!(
        refusal,
        Err(StoreError::Snapshot(SnapshotError::EmptyPassphrase))
    ));
    assert!(!request.to.exists());
}

/// A few flips under the passphrase cost its work each; the ends of the file need no passphrase.
#[test]
fn no_bit_can_change_unnoticed() {
    let fixture = Fixture::new();
    let live = filled(&fixture, 1, 200);
    let (_stick, path) = stick();
    save(&live, &path).unwrap();
    let whole = fs::read(&path).unwrap();
    let database = whole.len() - SEAL;
    let flip = |at: usize, bit: u8| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << bit;
        fs::write(&path, &bytes).unwrap();
        open(&fixture, &path).expect_err(&format!("byte {at}"))
    };
    for at in (0..16).chain((database..whole.len()).step_by(5)) {
        let refusal = flip(at, u8::try_from(at % 8).unwrap());
        assert!(
            matches!(refusal, StoreError::Snapshot(_)),
            "byte {at}: {refusal:?}"
        );
    }
    for n in 0..16 {
        let at = 16 + (database - 17) * n / 15;
        let refusal = flip(at, 3);
        assert!(
            matches!(
                refusal,
                StoreError::Snapshot(SnapshotError::Damaged("its content"))
            ),
            "byte {at}: {refusal:?}"
        );
    }
    fs::write(&path, &whole).unwrap();
    open(&fixture, &path).expect("whole again, it opens");
}

/// Whoever mends the checksum after a change meets the cipher.
#[test]
fn what_the_seal_says_in_clear_is_authenticated() {
    let fixture = Fixture::new();
    let live = filled(&fixture, 1, 3);
    let (_stick, path) = stick();
    save(&live, &path).unwrap();
    let whole = fs::read(&path).unwrap();
    let database = whole.len() - SEAL;
    let change = |at: usize, to: &[u8]| {
        let mut bytes = whole.clone();
        bytes[database + at..database + at + to.len()].copy_from_slice(to);
        let digest = Sha256::digest(&bytes[database..whole.len() - 32]);
        let end = whole.len() - 32;
        bytes[end..].copy_from_slice(&digest);
        fs::write(&path, &bytes).unwrap();
        open(&fixture, &path)
    };
    let damaged = SnapshotError::Damaged("its seal");
    check(change(8, &2_u32.to_le_bytes()), SnapshotError::Newer);
    check(change(12, &8_u32.to_le_bytes()), damaged);
    check(change(12, &u32::MAX.to_le_bytes()), damaged);
    check(change(16, &0_u32.to_le_bytes()), damaged);
    check(
        change(16, &4_u32.to_le_bytes()),
        SnapshotError::WrongPassphrase,
    );
    check(change(24, &[7; 16]), SnapshotError::WrongPassphrase);
    check(change(40, &[7; 24]), SnapshotError::WrongPassphrase);
    check(
        change(64, &4_096_u64.to_le_bytes()),
        SnapshotError::Damaged("its length"),
    );
    check(change(72, &u32::MAX.to_le_bytes()), damaged);
    check(change(90, &[0; 4]), SnapshotError::WrongPassphrase);
    check(change(SEAL - 40, &[1]), damaged);
}

#[test]
fn what_is_no_whole_snapshot_is_named() {
    let fixture = Fixture::new();
    let live = filled(&fixture, 1, 100);
    let (stick, path) = stick();
    save(&live, &path).unwrap();
    assert!(is_snapshot(&path).unwrap());
    let whole = fs::read(&path).unwrap();
    for length in [
        16,
        17,
        4_095,
        4_096,
        8_192,
        whole.len() / 2,
        whole.len() - 4_096,
        whole.len() - 1,
    ] {
        fs::write(&path, &whole[..length]).unwrap();
        check(open(&fixture, &path), SnapshotError::CutOff);
    }
    fs::write(&path, [&whole[..], b"more"].concat()).unwrap();
    check(open(&fixture, &path), SnapshotError::CutOff);
    // A page taken out of the middle: both ends are right.
    fs::write(&path, [&whole[..8_192], &whole[12_288..]].concat()).unwrap();
    check(open(&fixture, &path), SnapshotError::Damaged("its length"));
    let mut newer = whole.clone();
    newer[15] = 2;
    fs::write(&path, &newer).unwrap();
    check(open(&fixture, &path), SnapshotError::Newer);
    for content in [
        &b""[..],
        b"short",
        &[0; 10_000],
        b"SQLite format 3\0 and so on",
    ] {
        fs::write(&path, content).unwrap();
        check(open(&fixture, &path), SnapshotError::NotASnapshot);
        assert!(!is_snapshot(&path).unwrap());
    }
    let absent = open(&fixture, &stick.path().join("absent"));
    assert!(matches!(absent, Err(StoreError::File { .. })), "{absent:?}");
}

#[test]
fn the_seal_of_one_snapshot_fits_no_other() {
    let fixture = Fixture::new();
    let live = filled(&fixture, 1, 20);
    let (_stick, path) = stick();
    let other = path.with_extension("other");
    save(&live, &path).unwrap();
    save(&live, &other).unwrap();
    let (one, two) = (fs::read(&path).unwrap(), fs::read(&other).unwrap());
    assert_eq!(one.len(), two.len());
    let database = one.len() - SEAL;
    fs::write(&path, [&one[..database], &two[database..]].concat()).unwrap();
    check(open(&fixture, &path), SnapshotError::Damaged("its content"));
}

#[test]
fn nothing_is_overwritten_and_nothing_half_is_left() {
    let fixture = Fixture::new();
    let live = filled(&fixture, 1, 5_000);
    let (stick, path) = stick();
    fs::write(&path, "mine").unwrap();
    let refusal = save(&live, &path).unwrap_err();
    assert!(
        matches!(refusal, StoreError::Snapshot(SnapshotError::AlreadyThere)),
        "{refusal:?}"
    );
    assert_eq!(fs::read(&path).unwrap(), b"mine");
    fs::remove_file(&path).unwrap();
    // Stopped at every word about progress, from the first to the last.
    let request = SnapshotRequest {
        id: SnapshotId::random().unwrap(),
        to: path.clone(),
        name: String::new(),
        taken_at: moment(0),
    };
    let mut stop_at = 0;
    let all = loop {
        let (mut said, mut last) = (0, 0);
        let saved = save_snapshot(&live, &request, &words(), &mut |progress| {
            said += 1;
            last = progress.done;
            assert!(progress.done <= progress.total, "{progress:?}");
            if said > stop_at {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        match saved {
            Err(StoreError::Snapshot(SnapshotError::Cancelled)) => {
                assert_eq!(
                    names(stick.path()),
                    Vec::<String>::new(),
                    "stopped at {stop_at}"
                );
                stop_at += 1;
            }
            saved => {
                saved.unwrap();
                break said;
            }
        }
    };
    assert!(all > 5, "progress was told {all} times");
    // What a killed program left behind is in nobody's way.
    let second = path.with_extension("second");
    fs::write(stick.path().join("Q3 #1 100%?.second.unfinished"), "half").unwrap();
    save(&live, &second).unwrap();
    assert_eq!(names(stick.path()).len(), 2);
    // Opening can be stopped as well.
    let stopped = open_snapshot(&fixture.dir, &path, &words(), &mut |_| {
        ControlFlow::Break(())
    });
    check(stopped, SnapshotError::Cancelled);
}

#[test]
fn a_snapshot_of_an_older_schema_opens() {
    let fixture = Fixture::new();
    let (_stick, path) = stick();
    for schema in 1..testing::newest_schema() {
        let path = path.with_extension(schema.to_string());
        let head = testing::old_snapshot(&path, &info(1), schema, &words()).unwrap();
        let before = fs::read(&path).unwrap();
        let frozen = open(&fixture, &path).unwrap();
        assert_eq!(frozen.snapshot(), Some(&head));
        for table in ["deal", "sync_run", "plan"] {
            assert_eq!(count(&frozen, table), 0, "{table}");
        }
        let opened = fixture.dir.path().join("opened");
        assert_eq!(names(&opened).len(), 1);
        assert!(frozen.write(|_| Ok(())).is_err());
        drop(frozen);
        assert_eq!(
            names(&opened).len(),
            0,
            "the copy goes with the last reader"
        );
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}
