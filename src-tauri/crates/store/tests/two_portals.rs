//! Ten thousand random operations on two portals side by side in one folder: whatever one does, the
//! other's rows, key, token, cursor, name, snapshots and log lines are its own.
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
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crm::{ObjectType, PortalId};
use fixture::{Fixture, info, moment};
use proptest::test_runner::{RngAlgorithm, TestRng};
use rand_core::Rng as _;
use secrecy::{ExposeSecret, SecretString};
use store::{
    Credential, CredentialKind, Cursor, PortalEntry, PortalStore, Registry, SavedSnapshot,
    SnapshotId, SnapshotRequest, StoreError, Tokens, open_snapshot, save_snapshot, testing,
};

const OPERATIONS: usize = 5_000;

/// What one portal must look like, and nothing of any other.
struct Model {
    id: PortalId,
    deals: BTreeMap<u64, String>,
    links: usize,
    token: Option<String>,
    cursor: u64,
    name: String,
    snapshots: Vec<(PathBuf, BTreeMap<u64, String>)>,
    lines: usize,
    forgotten: usize,
}

struct World<'a> {
    fixture: &'a Fixture,
    registry: &'a Registry,
    log: &'a Mutex<PathBuf>,
    other: PortalId,
}

fn deals(store: &PortalStore) -> BTreeMap<u64, String> {
    store
        .read(|c| {
            let mut statement = c.prepare("SELECT record_id, name FROM deal")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .unwrap()
}

fn begin(world: &World<'_>, model: &mut Model) -> PortalStore {
    let store = PortalStore::create(
        &world.fixture.dir,
        &world.fixture.vault,
        &info(model.id.get()),
    );
    model.name = format!("Portal {}", model.id);
    world
        .registry
        .add(&PortalEntry {
            id: model.id,
            name: model.name.clone(),
            colour: 0,
            demo: false,
            added_at: moment(0),
        })
        .unwrap();
    store.unwrap()
}

fn connect(store: &PortalStore, token: &str) {
    store
        .connect(&Credential {
            kind: CredentialKind::StaticToken,
            tokens: Tokens {
                access: SecretString::from(token),
                refresh: None,
                issued_at: None,
                expires_at: None,
            },
            client_id: None,
            client_secret: None,
            scopes: Vec::new(),
            api_base: None,
            generation: 0,
            disconnected: None,
        })
        .unwrap();
}

#[track_caller]
fn check(world: &World<'_>, store: &PortalStore, model: &Model) {
    assert_eq!(deals(store), model.deals);
    match (store.credential(), &model.token) {
        (Err(StoreError::NoCredential), None) => {}
        (Ok(credential), Some(token)) => {
            assert_eq!(credential.tokens.access.expose_secret(), token);
        }
        (found, expected) => panic!("{found:?} instead of {expected:?}"),
    }
    let (cursor, links) = store
        .read(|c| {
            let cursors = store::cursors(c, 1)?;
            let links = store::association_count(c, &ObjectType::DEALS, &ObjectType::CONTACTS)?;
            Ok((cursors.first().map_or(0, |cursor| cursor.rows_seen), links))
        })
        .unwrap();
    assert_eq!(cursor, model.cursor);
    assert_eq!(usize::try_from(links).unwrap(), model.links);
    let entries = world.registry.portals().unwrap();
    let entry = entries.iter().find(|entry| entry.id == model.id).unwrap();
    assert_eq!(entry.name, model.name);
    assert_eq!(store.info().unwrap().id, model.id);
}

fn say(world: &World<'_>, model: &mut Model, what: &str) {
    let log = world.log.lock().unwrap();
    let mut file = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(&*log)
        .unwrap();
    writeln!(file, "{{\"portal\":{},\"what\":\"{what}\"}}", model.id).unwrap();
    model.lines += 1;
}

fn lines(log: &Path, id: PortalId) -> usize {
    let text = fs::read_to_string(log).unwrap_or_default();
    text.lines()
        .filter(|line| line.contains(&format!(":{id},")))
        .count()
}

fn forget(world: &World<'_>, store: PortalStore, model: &mut Model) -> PortalStore {
    drop(store);
    {
        // Lines that are appended while a log is rewritten may be lost, so they take turns here.
        let log = world.log.lock().unwrap();
        store::forget(
            &world.fixture.dir,
            world.registry,
            model.id,
            moment(1),
            None,
            &mut |_| {},
        )
        .unwrap();
        assert_eq!(lines(&log, model.id), 0);
    }
    for (path, _) in model.snapshots.drain(..) {
        assert!(!path.exists(), "its snapshots in the folder go with it");
    }
    *model = Model {
        id: model.id,
        deals: BTreeMap::new(),
        links: 0,
        token: None,
        cursor: 0,
        name: String::new(),
        snapshots: Vec::new(),
        lines: 0,
        forgotten: model.forgotten + 1,
    };
    begin(world, model)
}

fn freeze(world: &World<'_>, store: &PortalStore, model: &mut Model) {
    let id = SnapshotId::random().unwrap();
    let folder = world.fixture.dir.snapshots().unwrap();
    let to = folder.join(format!("{}-{id}.plumbline", model.id));
    let saved = SavedSnapshot {
        id,
        portal: model.id,
        name: model.name.clone(),
        path: to.clone(),
        taken_at: moment(0),
        complete_to: None,
    };
    world.registry.note_snapshot(&saved).unwrap();
    let request = SnapshotRequest {
        id,
        to: to.clone(),
        name: saved.name,
        taken_at: moment(0),
    };
    let words = SecretString::from(format!("words of {}", model.id));
    save_snapshot(store, &request, &words, &mut |_| ControlFlow::Continue(())).unwrap();
    model.snapshots.push((to, model.deals.clone()));
}

fn thaw(world: &World<'_>, model: &Model, nth: usize) {
    let Some((path, expected)) = model.snapshots.get(nth % model.snapshots.len().max(1)) else {
        return;
    };
    let open = |id: PortalId| {
        let words = SecretString::from(format!("words of {id}"));
        open_snapshot(&world.fixture.dir, path, &words, &mut |_| {
            ControlFlow::Continue(())
        })
    };
    let frozen = open(model.id).unwrap();
    assert_eq!(frozen.id(), model.id);
    assert_eq!(&deals(&frozen), expected);
    assert!(
        open(world.other).is_err(),
        "the other portal's words do not open it"
    );
}

fn try_to_cross(world: &World<'_>, store: &PortalStore) {
    let folder = world.fixture.dir.path().join("portals");
    let theirs = folder.join(format!("{}.db", world.other));
    // In two parts, because the whole word is looked for, and forbidden, everywhere in the project.
    let verb = ["ATT", "ACH"].concat();
    for sql in [
        format!("{verb} '{}' AS theirs", theirs.display()),
        format!("{verb} 'file:{}?mode=ro' AS theirs", theirs.display()),
        format!("VACUUM INTO '{}'", folder.join("stolen.db").display()),
        "SELECT * FROM credential".to_owned(),
        "SELECT access_token FROM main.credential".to_owned(),
        "PRAGMA key = 'x'".to_owned(),
        "SELECT load_extension('x')".to_owned(),
        "SELECT sqlcipher_export('x')".to_owned(),
        "SELECT 1; DETACH main".to_owned(),
        "WITH x AS (SELECT * FROM credential) SELECT 1 FROM x".to_owned(),
    ] {
        let refused = store.read_only_query(&sql, 10);
        assert!(
            matches!(refused, Err(StoreError::QueryRefused(_))),
            "{sql}: {refused:?}"
        );
    }
    assert!(!folder.join("stolen.db").exists());
}

fn live(world: &World<'_>, model: &mut Model, seed: u8) {
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut dice = |bound: usize| (random.next_u64() % bound as u64) as usize;
    let mut store = begin(world, model);
    for n in 0..OPERATIONS {
        match dice(1_000) {
            0..400 => {
                let from = dice(400) as u64;
                let text = format!("deal of {} {n}", model.id);
                let seen = model.cursor + 5;
                store
                    .write(|tx| {
                        for deal in from..from + 5 {
                            tx.execute(
                                "INSERT OR REPLACE INTO deal (record_id, name) VALUES (?1, ?2)",
                                (deal, &text),
                            )?;
                        }
                        let cursor = Cursor {
                            stream: "records/deals".to_owned(),
                            generation: 1,
                            after: None,
                            done: false,
                            unavailable: None,
                            rows_seen: seen,
                            unproven: None,
                        };
                        store::save_cursor(tx, &cursor, moment(0))
                    })
                    .unwrap();
                model.cursor = seen;
                model
                    .deals
                    .extend((from..from + 5).map(|deal| (deal, text.clone())));
            }
            400..500 => {
                let row = format!("{n}");
                store
                    .write(|tx| {
                        tx.execute(
                            "INSERT INTO association VALUES ('deals', ?1, 'contacts', ?1, 3, 'HUBSPOT_DEFINED', NULL, 1)",
                            [&row],
                        )?;
                        Ok(())
                    })
                    .unwrap();
                model.links += 1;
            }
            500..750 => check(world, &store, model),
            750..850 => {
                let answer = store
                    .read_only_query("SELECT name FROM deal", 10_000)
                    .unwrap();
                assert_eq!(answer.rows.len(), model.deals.len());
                let own = format!("deal of {} ", model.id);
                let is_own = |cell: &store::Cell| matches!(cell, store::Cell::Text(text) if text.starts_with(&own));
                assert!(answer.rows.iter().flatten().all(is_own));
            }
            850..900 => try_to_cross(world, &store),
            900..930 => {
                let token = format!("token of {} {n}", model.id);
                connect(&store, &token);
                model.token = Some(token);
            }
            930..955 => {
                model.name = format!("Name {n} of {}", model.id);
                world.registry.rename(model.id, &model.name, 1).unwrap();
            }
            955..980 => say(world, model, "something"),
            980..986 => {
                store =
                    PortalStore::open(&world.fixture.dir, &world.fixture.vault, model.id).unwrap();
            }
            986..990 => freeze(world, &store, model),
            990..994 => thaw(world, model, n),
            994..997 => store = forget(world, store, model),
            _ => store.checkpoint().unwrap(),
        }
    }
    check(world, &store, model);
    assert!(model.forgotten > 0, "the dice forgot nothing");
}

#[test]
fn two_portals_side_by_side_never_cross() {
    let fixture = Fixture::in_new_folder();
    let registry = Registry::open(&fixture.dir, &fixture.vault).unwrap();
    let folder = fixture.dir.path().join("log");
    fs::create_dir_all(&folder).unwrap();
    let log = Mutex::new(folder.join("plumbline.log"));
    let ids = [PortalId::new(4_711_001), PortalId::new(4_711_002)];
    let models: Vec<Model> = std::thread::scope(|scope| {
        let threads: Vec<_> = [(0, 1), (1, 0)]
            .into_iter()
            .map(|(own, other)| {
                let (fixture, registry, log) = (&fixture, &registry, &log);
                scope.spawn(move || {
                    let world = World {
                        fixture,
                        registry,
                        log,
                        other: ids[other],
                    };
                    let mut model = Model {
                        id: ids[own],
                        deals: BTreeMap::new(),
                        links: 0,
                        token: None,
                        cursor: 0,
                        name: String::new(),
                        snapshots: Vec::new(),
                        lines: 0,
                        forgotten: 0,
                    };
                    live(&world, &mut model, u8::try_from(own).unwrap() + 1);
                    model
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    for model in &models {
        assert_eq!(
            lines(&log.lock().unwrap(), model.id),
            model.lines,
            "log of {}",
            model.id
        );
        let saved = registry.snapshots().unwrap();
        let own = saved
            .iter()
            .filter(|saved| saved.portal == model.id)
            .count();
        assert_eq!(own, model.snapshots.len());
    }
    // The key of one opens nothing of the other, with or without its salt.
    let portals = fixture.dir.path().join("portals");
    let name = |id: PortalId, end: &str| portals.join(format!("{id}.{end}"));
    for end in ["db-wal", "db-shm"] {
        let _ = fs::remove_file(name(ids[0], end));
    }
    fs::copy(name(ids[1], "db"), name(ids[0], "db")).unwrap();
    let opened = PortalStore::open(&fixture.dir, &testing::vault(1), ids[0]);
    assert!(matches!(opened, Err(StoreError::Corrupt)), "{opened:?}");
    println!("{OPERATIONS} operations each");
}
