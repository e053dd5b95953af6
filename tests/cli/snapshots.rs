//! A snapshot from its saving to its reading on another machine, where nothing of the first is.

use serde_json::Value;

use crate::plumbline::{Ended, Refusal, Running, User};
use crate::simulator::Simulator;

const WORDS: &str = "a passphrase of the snapshot";

/// Runs a verb with the passphrase of a snapshot.
fn with_words(user: &User, words: &str, arguments: &[&str]) -> Ended {
    let mut command = user.command(arguments);
    command
        .arg("--json")
        .env("PLUMBLINE_SNAPSHOT_PASSPHRASE", words);
    Running::start(command, "").end()
}

#[track_caller]
fn json(user: &User, arguments: &[&str]) -> Value {
    with_words(user, WORDS, arguments).json()
}

#[track_caller]
fn refused(user: &User, words: &str, arguments: &[&str]) -> Refusal {
    with_words(user, words, arguments).refusal()
}

#[test]
fn a_snapshot_is_read_on_another_machine_without_a_network() {
    let (here, there) = (User::new(), User::new());
    let stick = tempfile::tempdir().unwrap();
    let file = stick.path().join("acme.plumbline");
    let file = file.to_str().unwrap();
    let (forecast, deals);
    {
        let sim = Simulator::small();
        let portal = here.connect(&sim);
        let early = refused(&here, WORDS, &["snapshot", "save", &portal, "--to", file]);
        assert_eq!(early.code, "bad_input", "nothing was read yet: {early:?}");
        here.json(&["sync", &portal]);
        let asked = [
            "snapshot", "save", &portal, "--to", file, "--name", "Before",
        ];
        let saved = json(&here, &asked);
        assert_eq!(saved["snapshot"]["name"], "Before");
        assert_eq!(
            refused(&here, WORDS, &asked).code,
            "bad_input",
            "it is there already"
        );
        let inside = json(&here, &["snapshot", "save", &portal]);
        assert!(
            inside["path"]
                .as_str()
                .unwrap()
                .starts_with(here.data().to_str().unwrap())
        );
        let list = here.json(&["snapshot", "list"]);
        assert_eq!(list["saved"].as_array().unwrap().len(), 2, "{list}");
        json(
            &here,
            &["snapshot", "delete", inside["path"].as_str().unwrap()],
        );
        let list = here.json(&["snapshot", "list"]);
        assert_eq!(list["saved"].as_array().unwrap().len(), 1, "{list}");
        deals = here.json(&["sql", &portal, "select count(*) from deal"])["rows"].clone();
        forecast = here.json(&["report", "forecast", &portal]);
        assert_eq!(
            forecast["snapshot"],
            Value::Null,
            "the portal itself is no snapshot"
        );
    }
    // HubSpot is gone, and this user has never heard of the portal.
    let opened = json(&there, &["snapshot", "open", file]);
    let frozen = json(&there, &["report", "forecast", file]);
    assert_eq!(frozen["snapshot"], opened);
    assert_eq!(frozen["report"]["total"], forecast["report"]["total"]);
    assert_eq!(frozen["report"]["deals"], forecast["report"]["deals"]);
    let status = json(&there, &["status", file]);
    assert_eq!(status["snapshot"], opened);
    assert!(!status["streams"].as_array().unwrap().is_empty());
    let count = json(&there, &["sql", file, "select count(*) from deal"]);
    assert_eq!(count["snapshot"], opened);
    assert_eq!(count["rows"], deals);
    let tokens = refused(&there, WORDS, &["sql", file, "select * from credential"]);
    assert_eq!(tokens.code, "bad_input");
    // People are told as well.
    let mut command = there.command(&["report", "forecast", file]);
    command.env("PLUMBLINE_SNAPSHOT_PASSPHRASE", WORDS);
    let text = Running::start(command, "").end().output();
    assert!(text.starts_with("Snapshot \"Before\" of portal"), "{text}");

    assert_eq!(
        refused(&there, "another", &["status", file]).code,
        "wrong_passphrase"
    );
    for verb in [
        &["sync", file][..],
        &["writeback", "plan", file],
        &["forget", file],
        &["snapshot", "save", file, "--to", "x"],
    ] {
        let refusal = refused(&there, WORDS, verb);
        assert_eq!(refusal.status, 2, "{verb:?}");
        assert!(refusal.message.contains("snapshot"), "{refusal:?}");
    }
    std::fs::write(
        stick.path().join("cut"),
        &std::fs::read(file).unwrap()[..50_000],
    )
    .unwrap();
    let cut = stick.path().join("cut");
    let refusal = refused(&there, WORDS, &["status", cut.to_str().unwrap()]);
    assert_eq!((refusal.code.as_str(), refusal.status), ("damaged", 14));
}
