//! What a portal's database keeps: credentials, records, definitions, runs; and who may ask for it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod fixture;

use std::collections::BTreeMap;

use crm::{ObjectType, OwnerId, PipelineId, PropertyValue, RecordId, StageId, TeamId, Version};
use fixture::{Fixture, moment};
use secrecy::ExposeSecret;
use store::{
    AssociationRow, Cell, Credential, CredentialKind, Cursor, Disconnection, OwnerRow, PipelineRow,
    PortalStore, RecordRow, RunKind, RunOutcome, StageRow, StoreError, TeamRow, Tokens,
};

fn rows(store: &PortalStore, sql: &str) -> Vec<Vec<Cell>> {
    store.read_only_query(sql, 1_000).unwrap().rows
}

fn integer(store: &PortalStore, sql: &str) -> i64 {
    match rows(store, sql)[0][0] {
        Cell::Integer(integer) => integer,
        ref other => panic!("{other:?}"),
    }
}

fn tokens(access: &str, refresh: Option<&str>) -> Tokens {
    Tokens {
        access: access.into(),
        refresh: refresh.map(Into::into),
        issued_at: Some(moment(0)),
        expires_at: Some(moment(1_800_000)),
    }
}

fn credential() -> Credential {
    Credential {
        kind: CredentialKind::OwnApp,
        tokens: tokens("access-1", Some("refresh-1")),
        client_id: Some("client".to_owned()),
        client_secret: Some("client-secret".into()),
        scopes: vec!["oauth".to_owned(), "crm.objects.deals.read".to_owned()],
        api_base: Some("http://127.0.0.1:4100".to_owned()),
        generation: 0,
        disconnected: None,
    }
}

#[test]
fn a_credential_is_kept_and_shown_to_nobody() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let missing = store.credential().unwrap_err();
    assert!(matches!(missing, StoreError::NoCredential), "{missing:?}");
    assert_eq!(store.connect(&credential()).unwrap(), 1);
    drop(store);

    let found = fixture.open(1).credential().unwrap();
    assert_eq!(found.kind, CredentialKind::OwnApp);
    assert_eq!(found.tokens.access.expose_secret(), "access-1");
    assert_eq!(
        found.tokens.refresh.as_ref().unwrap().expose_secret(),
        "refresh-1"
    );
    assert_eq!(found.tokens.issued_at, Some(moment(0)));
    assert_eq!(found.tokens.expires_at, Some(moment(1_800_000)));
    assert_eq!(found.client_id.as_deref(), Some("client"));
    assert_eq!(
        found.client_secret.as_ref().unwrap().expose_secret(),
        "client-secret"
    );
    assert_eq!(found.scopes, credential().scopes);
    assert_eq!(found.api_base, credential().api_base);
    assert_eq!((found.generation, found.disconnected.is_none()), (1, true));
    let shown = format!("{found:?}");
    for secret in ["access-1", "refresh-1", "client-secret"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn of_two_renewals_one_wins() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let seen = store.connect(&credential()).unwrap();
    assert_eq!(
        store
            .renew_tokens(seen, &tokens("access-2", None), &[])
            .unwrap(),
        seen + 1
    );
    let late = store
        .renew_tokens(seen, &tokens("access-3", Some("refresh-3")), &[])
        .unwrap_err();
    assert!(matches!(late, StoreError::StaleCredential), "{late:?}");
    let found = store.credential().unwrap();
    assert_eq!(found.tokens.access.expose_secret(), "access-2");
    assert_eq!(
        found.tokens.refresh.unwrap().expose_secret(),
        "refresh-1",
        "stays in force"
    );
    let empty = store
        .renew_tokens(seen + 1, &tokens("", None), &[])
        .unwrap_err();
    assert!(matches!(empty, StoreError::BadValue(_)), "{empty:?}");
    assert_eq!(store.credential().unwrap().generation, seen + 1);
}

#[test]
fn a_disconnection_keeps_the_tokens_until_somebody_connects_again() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let seen = store.connect(&credential()).unwrap();
    let why = Disconnection {
        at: moment(5),
        why: "token_revoked".to_owned(),
    };
    store.mark_disconnected(seen + 7, &why).unwrap();
    assert_eq!(
        store.credential().unwrap().disconnected,
        None,
        "of another generation"
    );
    store.mark_disconnected(seen, &why).unwrap();
    let found = store.credential().unwrap();
    assert_eq!(found.disconnected, Some(why));
    assert_eq!(found.tokens.access.expose_secret(), "access-1");
    assert_eq!(store.connect(&credential()).unwrap(), seen + 1);
    assert_eq!(store.credential().unwrap().disconnected, None);
}

#[test]
fn a_question_reads_and_nothing_else() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    store.connect(&credential()).unwrap();
    for refused in [
        "SELECT * FROM credential",
        "SELECT access_token FROM Credential",
        "SELECT count(*) FROM \"credential\" AS innocent",
        "SELECT (SELECT refresh_token FROM credential)",
        "WITH c AS (SELECT * FROM main.credential) SELECT * FROM c",
        "DELETE FROM portal",
        "UPDATE portal SET name = 'x'",
        "INSERT INTO owner (owner_id) VALUES (1)",
        "CREATE TABLE t (x)",
        "CREATE TEMP VIEW v AS SELECT * FROM credential",
        "DROP TABLE owner",
        "ATTACH 'other.db' AS other",
        "PRAGMA key",
        "PRAGMA query_only = false",
        "PRAGMA writable_schema = 1",
        "VACUUM INTO 'copy.db'",
        "BEGIN",
        "SELECT load_extension('x')",
        "SELECT sqlcipher_export('main')",
        "SELECT 1; DELETE FROM portal",
        "SELECT 1; SELECT 2",
        "",
        "-- nothing",
        "SELEKT 1",
        "SELECT missing FROM portal",
    ] {
        match store.read_only_query(refused, 10) {
            Err(StoreError::QueryRefused(words)) => assert!(!words.is_empty()),
            other => panic!("{refused:?}: {other:?}"),
        }
    }
    let answer = store
        .read_only_query(
            "SELECT name, portal_id, NULL, 1.5, x'00ff' FROM portal;",
            10,
        )
        .unwrap();
    assert_eq!(answer.columns[..2], ["name", "portal_id"]);
    let text = Cell::Text("Portal 1".to_owned());
    assert_eq!(
        answer.rows,
        [[
            text,
            Cell::Integer(1),
            Cell::Null,
            Cell::Real(1.5),
            Cell::Blob(2)
        ]]
    );
    assert!(!answer.truncated);
    let many = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20) SELECT x FROM n";
    let answer = store.read_only_query(many, 5).unwrap();
    assert_eq!((answer.rows.len(), answer.truncated), (5, true));
    assert!(!store.read_only_query(many, 20).unwrap().truncated);
}

fn deal(id: u64, amount: Option<&str>, versions: &[(u64, Option<&str>)]) -> RecordRow {
    let value = |text: Option<&str>| PropertyValue::from(text.map(str::to_owned));
    let versions = versions.iter().map(|(at, text)| Version {
        value: value(*text),
        at: moment(*at),
        source_type: Some("CRM_UI".to_owned()),
        source_id: None,
        user: None,
    });
    RecordRow {
        id: RecordId::new(id),
        created_at: Some(moment(1)),
        updated_at: None,
        archived: false,
        archived_at: None,
        properties: BTreeMap::from([
            ("amount".to_owned(), value(amount)),
            ("dealname".to_owned(), value(Some("Zeile\u{202e} 🦀"))),
        ]),
        histories: BTreeMap::from([("amount".to_owned(), versions.collect())]),
    }
}

#[test]
fn versions_are_appended_and_never_changed() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let apply = |row: RecordRow, generation: u64| {
        store
            .write(|tx| store::apply_page(tx, &ObjectType::DEALS, &[row], generation, moment(0)))
            .unwrap();
    };
    apply(deal(1, Some("5"), &[(10, Some("5")), (20, None)]), 1);
    // HubSpot forgets old versions; the copy does not.
    apply(deal(1, None, &[(20, None), (30, Some("7"))]), 2);
    apply(deal(1, None, &[(20, None), (30, Some("7"))]), 2);
    let versions = rows(&store, "SELECT value FROM property_version ORDER BY at");
    assert_eq!(
        versions,
        [["5"], [""], ["7"]].map(|[text]| vec![Cell::Text(text.to_owned())])
    );
    let raw = rows(&store, "SELECT properties, seen_generation FROM record");
    let text = "{\"amount\":null,\"dealname\":\"Zeile\u{202e} 🦀\"}".to_owned();
    assert_eq!(raw, [[Cell::Text(text), Cell::Integer(2)]]);
    let changed = store.write(|tx| Ok(tx.execute("UPDATE property_version SET value = 'x'", [])?));
    assert!(
        matches!(changed, Err(StoreError::Constraint(_))),
        "{changed:?}"
    );
}

#[test]
fn what_a_pass_has_not_met_is_archived_and_comes_back() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let apply = |ids: &[u64], generation: u64| {
        let rows: Vec<_> = ids.iter().map(|id| deal(*id, None, &[])).collect();
        store
            .write(|tx| {
                store::apply_page(tx, &ObjectType::DEALS, &rows, generation, moment(0))?;
                store::apply_page(tx, &ObjectType::NOTES, &rows[..1], 1, moment(0))?;
                let unseen = store::IdsOf::Unseen(generation);
                let unseen = store::ids_of(tx, &ObjectType::DEALS, unseen, None, 10)?;
                for id in &unseen {
                    let at = moment(generation);
                    store::bury(tx, &ObjectType::DEALS, *id, at, store::Gone::Archived)?;
                }
                Ok(unseen.len())
            })
            .unwrap()
    };
    assert_eq!(apply(&[1, 2, 3], 1), 0);
    assert_eq!(apply(&[1], 2), 2);
    assert_eq!(
        integer(&store, "SELECT count(*) FROM deal WHERE archived = 1"),
        2
    );
    assert_eq!(
        apply(&[1, 3], 3),
        0,
        "what is archived is not archived again"
    );
    let archived = rows(
        &store,
        "SELECT record_id, archived_at FROM record WHERE archived = 1",
    );
    assert_eq!(
        archived,
        [[Cell::Integer(2), Cell::Integer(moment(2).millis())]]
    );
    assert_eq!(
        integer(&store, "SELECT count(*) FROM deal WHERE archived = 1"),
        1
    );
    let live = store
        .read(|c| store::record_count(c, &ObjectType::DEALS))
        .unwrap();
    assert_eq!(live, 2);
    let notes = store
        .read(|c| store::record_count(c, &ObjectType::NOTES))
        .unwrap();
    assert_eq!(notes, 1, "other types are left alone");
    let page = |after| {
        store
            .read(|c| store::ids_of(c, &ObjectType::DEALS, store::IdsOf::Live, after, 10))
            .unwrap()
    };
    assert_eq!(page(None), [1, 3].map(RecordId::new));
    assert_eq!(page(Some(RecordId::new(1))), [3].map(RecordId::new));
}

#[test]
fn associations_are_replaced_for_the_records_asked_about() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let row = |from: u64, to: u64, type_id: i64| AssociationRow {
        from: RecordId::new(from),
        to: RecordId::new(to),
        type_id,
        category: "HUBSPOT_DEFINED".to_owned(),
        label: None,
    };
    let replace = |asked: &[u64], found: &[AssociationRow]| {
        let asked: Vec<_> = asked.iter().copied().map(RecordId::new).collect();
        store.write(|tx| {
            let (from, to) = (&ObjectType::DEALS, &ObjectType::CONTACTS);
            store::replace_associations(tx, from, to, &asked, found, 1)
        })
    };
    replace(&[1, 2], &[row(1, 9, 3), row(1, 9, 36), row(2, 8, 3)]).unwrap();
    replace(&[1], &[row(1, 7, 3)]).unwrap();
    let all = rows(
        &store,
        "SELECT from_id, to_id FROM association ORDER BY 1, 2",
    );
    assert_eq!(
        all,
        [[1, 7], [2, 8]].map(|ids| ids.map(Cell::Integer).to_vec())
    );
    let stray = replace(&[1], &[row(2, 7, 3)]);
    assert!(matches!(stray, Err(StoreError::BadValue(_))), "{stray:?}");
}

#[test]
fn what_is_no_longer_listed_stays_archived() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let pipeline = |stages: &[&str]| PipelineRow {
        id: PipelineId::new("default"),
        label: "Sales".to_owned(),
        display_order: 0,
        stages: stages
            .iter()
            .map(|id| StageRow {
                id: StageId::new(*id),
                label: (*id).to_owned(),
                display_order: 0,
                probability: Some(0.5),
                closed: None,
                archived: false,
            })
            .collect(),
    };
    let owner = |id: u64, teams: &[&str]| OwnerRow {
        id: OwnerId::new(id),
        user_id: Some(crm::UserId::new(id + 100)),
        email: None,
        first_name: None,
        last_name: None,
        archived: false,
        teams: teams
            .iter()
            .map(|id| TeamRow {
                id: TeamId::new(*id),
                name: (*id).to_owned(),
                primary: true,
            })
            .collect(),
    };
    let take_over = |stages: &[&str], owners: &[OwnerRow]| {
        store
            .write(|tx| {
                store::replace_pipelines(tx, &ObjectType::DEALS, &[pipeline(stages)])?;
                store::replace_owners(tx, owners)
            })
            .unwrap();
    };
    take_over(&["a", "b"], &[owner(1, &["x", "y"]), owner(2, &[])]);
    let gone = OwnerRow {
        user_id: None,
        archived: true,
        ..owner(1, &[])
    };
    take_over(&["b", "c"], &[gone]);
    let stages = rows(&store, "SELECT stage_id, archived FROM stage ORDER BY 1");
    let expected = [("a", 1), ("b", 0), ("c", 0)];
    assert_eq!(
        stages,
        expected.map(|(id, archived)| vec![Cell::Text(id.to_owned()), Cell::Integer(archived)])
    );
    let owners = rows(
        &store,
        "SELECT owner_id, user_id, archived FROM owner ORDER BY 1",
    );
    assert_eq!(
        owners,
        [[1, 101, 1], [2, 102, 1]].map(|row| row.map(Cell::Integer).to_vec())
    );
    assert_eq!(integer(&store, "SELECT count(*) FROM owner_team"), 0);
}

#[test]
fn a_generation_is_gone_on_with_until_it_is_done() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let open_at = |millis, restart| {
        store
            .read(|c| store::open_pass(c, moment(millis), restart))
            .map(|pass| (pass.generation, pass.kind))
            .unwrap()
    };
    let open = || open_at(1, false);
    let begin = || {
        let (generation, kind) = open();
        store
            .write(|tx| store::start_run(tx, kind, generation, moment(0)))
            .unwrap()
    };
    let end = |id: i64, outcome: RunOutcome| {
        let mut run = store.read(|c| store::recent_runs(c, 1)).unwrap().remove(0);
        assert_eq!(run.id, id);
        run.outcome = Some(outcome);
        run.finished_at = Some(moment(9));
        run.records = 12;
        store.write(|tx| store::finish_run(tx, &run)).unwrap();
    };
    assert_eq!(open(), (1, RunKind::Full));
    begin();
    assert_eq!(
        open(),
        (1, RunKind::Resumed),
        "after a death without a word"
    );
    let second = begin();
    end(second, RunOutcome::Cancelled);
    assert_eq!(open(), (1, RunKind::Resumed));
    let day = 24 * 3_600 * 1_000;
    assert_eq!(open_at(day, false), (1, RunKind::Resumed));
    assert_eq!(
        open_at(day + 1, false),
        (2, RunKind::Full),
        "too old to go on with"
    );
    assert_eq!(open_at(1, true), (2, RunKind::Full), "asked to begin again");
    let third = begin();
    end(third, RunOutcome::Done);
    assert_eq!(open_at(1, true), (2, RunKind::Full), "everything on demand");
    assert_eq!(open(), (2, RunKind::Changes), "and otherwise what changed");
    let runs = store.read(|c| store::recent_runs(c, 10)).unwrap();
    let codes: Vec<_> = runs
        .iter()
        .rev()
        .map(|run| run.error_code.as_deref())
        .collect();
    assert_eq!(codes, [Some("interrupted"), None, None]);
    let last = store.read(store::last_finished_run).unwrap().unwrap();
    assert_eq!(
        (last.id, last.records, last.finished_at),
        (third, 12, Some(moment(9)))
    );
}

#[test]
fn what_reading_everything_cost_is_told_over_all_its_runs() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let run = |kind, generation, ended: Option<(RunOutcome, u64)>| {
        store
            .write(|tx| store::start_run(tx, kind, generation, moment(0)))
            .unwrap();
        if let Some((outcome, calls)) = ended {
            let mut run = store.read(|c| store::recent_runs(c, 1)).unwrap().remove(0);
            run.outcome = Some(outcome);
            run.finished_at = Some(moment(9));
            run.calls = calls;
            store.write(|tx| store::finish_run(tx, &run)).unwrap();
        }
    };
    let check = |expected: Option<u64>| {
        let found = store.read(store::calls_of_full_pass).unwrap();
        assert_eq!(found, expected);
    };
    check(None);
    run(RunKind::Full, 1, Some((RunOutcome::Cancelled, 40)));
    check(None);
    run(RunKind::Resumed, 1, Some((RunOutcome::Done, 60)));
    check(Some(100));
    run(RunKind::Changes, 2, Some((RunOutcome::Done, 3)));
    check(Some(100));
    // Whoever died took the count along.
    run(RunKind::Full, 3, None);
    run(RunKind::Resumed, 3, Some((RunOutcome::Done, 7)));
    check(None);
}

#[test]
fn cursors_are_those_of_one_generation() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let cursor = |stream: &str, generation: u64| Cursor {
        stream: stream.to_owned(),
        generation,
        after: Some("512".to_owned()),
        done: false,
        unavailable: None,
        rows_seen: 3,
        unproven: None,
    };
    let save = |cursor: &Cursor| {
        store
            .write(|tx| store::save_cursor(tx, cursor, moment(0)))
            .unwrap();
    };
    save(&cursor("records/deals", 1));
    save(&cursor("owners", 1));
    save(&cursor("records/deals", 2));
    let of = |generation| store.read(|c| store::cursors(c, generation)).unwrap();
    assert_eq!(of(1), [cursor("owners", 1)]);
    assert_eq!(of(2), [cursor("records/deals", 2)]);
}
