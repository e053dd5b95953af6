//! What is typed wrong: each mistake has its own words, its exit status, and loses nothing.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::json;

use crate::plumbline::{Refusal, Running, User, consent};
use crate::simulator::Simulator;

/// Runs a command that must fail, with this on standard input.
#[track_caller]
fn refusal(mut command: Command, input: &str) -> Refusal {
    command.arg("--json");
    Running::start(command, input).end().refusal()
}

#[track_caller]
fn check(refusal: &Refusal, status: i32, code: &str, words: &str) {
    assert_eq!(
        (refusal.status, refusal.code.as_str()),
        (status, code),
        "{refusal:?}"
    );
    let told = format!("{} {}", refusal.message, refusal.hint);
    assert!(told.contains(words), "{words:?} in {told:?}");
}

#[test]
fn what_is_no_command_is_bad_usage() {
    let user = User::new();
    for arguments in [
        &["--bad"][..],
        &["nonsense"],
        &[],
        &["status"],
        &["status", "not-a-number"],
        &["report", "forecast", "1", "--period", "someday"],
        &["report", "forecast", "1", "--from", "2026-01-01"],
        &["report", "forecast", "1", "--pipeline", ""],
        &["writeback", "apply", "1", "first"],
        &["score", "csv", "deals.csv"],
        &[
            "score",
            "csv",
            "deals.csv",
            "--outcome",
            "won",
            "--overrule",
            "stage",
        ],
        &["connect"],
        &["connect", "--client-id", "x"],
        &["connect", "--token-stdin", "--client-id", "x"],
        &["connect", "--token-stdin", "--follow-consent"],
        &["sim", "serve", "--world", "maven"],
        &["sim", "serve", "--now", "yesterday"],
    ] {
        let ended = Running::start(user.bare(arguments), "").end();
        assert_eq!(ended.status.code(), Some(2), "{arguments:?} {ended:?}");
        assert!(ended.stderr.contains("--help"), "{arguments:?} {ended:?}");
        if !arguments.is_empty() {
            check(
                &refusal(user.bare(arguments), ""),
                2,
                "bad_input",
                "plumbline --help",
            );
        }
    }
    assert!(user.files().is_empty(), "nothing was begun");
}

#[test]
fn a_person_gets_words_and_a_program_gets_json() {
    let user = User::new();
    let ended = user.run(&["status", "1"]);
    assert_eq!(ended.status.code(), Some(3));
    let lines: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].starts_with("error: ") && lines[1].starts_with("hint: "),
        "{lines:?}"
    );
    check(
        &user.refused(&["status", "1"]),
        3,
        "unknown_portal",
        "not on this machine",
    );
}

#[test]
fn an_unknown_portal_is_unknown_to_every_verb() {
    let user = User::new();
    for arguments in [
        &["status", "1"][..],
        &["sync", "1"],
        &["forget", "1"],
        &["report", "forecast", "1"],
        &["writeback", "plan", "1"],
        &["writeback", "show", "1", "1"],
        &["writeback", "approve", "1", "1"],
        &["writeback", "apply", "1", "1"],
        &["writeback", "undo", "1", "1"],
        &["writeback", "discard", "1", "1"],
        &["writeback", "history", "1"],
        &["sql", "1", "select 1"],
    ] {
        check(
            &user.refused(arguments),
            3,
            "unknown_portal",
            "not on this machine",
        );
    }
}

#[test]
fn secrets_that_open_nothing() {
    let sim = Simulator::small();
    let user = User::new();
    let by_token = ["connect", "--token-stdin", "--api-base", &sim.base];
    let refused = refusal(user.command(&by_token), "pat-eu1-this-is-no-token");
    check(&refused, 18, "token_refused", "did not accept the token");
    for nothing in ["", " \n\n"] {
        check(
            &refusal(user.command(&by_token), nothing),
            2,
            "bad_input",
            "No secret",
        );
    }
    let by_consent = |client_id| {
        let _one_at_a_time = consent();
        let app = ["connect", "--client-id", client_id, "--client-secret-stdin"];
        let rest = ["--follow-consent", "--api-base", &sim.base];
        refusal(user.command(&[&app[..], &rest].concat()), "no-such-secret")
    };
    check(
        &by_consent(&sim.client_id),
        2,
        "bad_input",
        "client id, client secret",
    );
    assert_eq!(user.json(&["portals"]), json!([]), "nothing was kept");
    let kept = user.files();
    assert!(
        kept.iter()
            .all(|file| !file.starts_with(user.data().join("portals"))),
        "{kept:?}"
    );
}

#[test]
fn a_token_is_sent_to_no_other_machine() {
    let user = User::new();
    for base in [
        "https://evil.test",
        "http://evil.test",
        "http://10.0.0.1",
        "http://192.168.0.1:8080",
        "http://127.0.0.1.evil.test",
        "http://127.0.0.1@evil.test",
        "http://evil.test#127.0.0.1",
        "http://localhost.evil.test:80",
        "http://[::ffff:10.0.0.1]:80",
        "http://0.0.0.0:80",
        "ftp://127.0.0.1",
        "127.0.0.1:80",
        "",
    ] {
        let command = user.command(&["connect", "--token-stdin", "--api-base", base]);
        let refused = refusal(command, "pat-eu1-a-token");
        check(&refused, 2, "bad_input", "must be one of this machine");
    }
}

#[test]
fn folders_that_cannot_hold_data() {
    let user = User::new();
    let file = user.root().join("file");
    std::fs::write(&file, "somebody's").unwrap();
    // The superuser may write into every folder, but nobody may write below a file.
    for folder in [file.clone(), file.join("below")] {
        let mut command = user.bare(&["portals", "--data-dir"]);
        command.arg(folder);
        check(
            &refusal(command, ""),
            2,
            "bad_input",
            "data folder cannot be used",
        );
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "somebody's");

    let foreign = user.root().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("notes.txt"), "somebody's").unwrap();
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&foreign, open).unwrap();
    let mut command = user.bare(&["portals", "--data-dir"]);
    command.arg(&foreign);
    check(&refusal(command, ""), 2, "bad_input", "open to other users");
    assert_eq!(
        std::fs::metadata(&foreign).unwrap().permissions().mode() & 0o777,
        0o755
    );
    assert_eq!(
        std::fs::read_dir(&foreign).unwrap().count(),
        1,
        "nothing was put there"
    );

    let mut command = user.command(&["portals"]);
    command.arg("--log").arg(file.join("log"));
    check(
        &refusal(command, ""),
        2,
        "bad_input",
        "log file cannot be written",
    );
}

#[test]
fn passphrases_that_open_nothing() {
    let sim = Simulator::small();
    let user = User::new();
    let by_token = ["connect", "--token-stdin", "--api-base", &sim.base];
    let under = |passphrase: Option<&str>, arguments: &[&str], input: &str| {
        let mut command = user.command(arguments);
        match passphrase {
            Some(text) => command.env("PLUMBLINE_PASSPHRASE", text),
            None => command.env_remove("PLUMBLINE_PASSPHRASE"),
        };
        refusal(command, input)
    };
    let refused = under(None, &by_token, &sim.token);
    check(&refused, 4, "keychain_unavailable", "PLUMBLINE_PASSPHRASE");
    check(
        &under(Some(""), &by_token, &sim.token),
        4,
        "wrong_passphrase",
        "empty passphrase",
    );
    assert!(
        !user.data().join("vault.json").exists(),
        "nothing was sealed"
    );
    assert_eq!(
        sim.look("requests"),
        json!({}),
        "no token was shown to anybody"
    );

    let portal = user.connect(&sim);
    let status = ["status", &portal];
    check(
        &under(Some("another"), &status, ""),
        4,
        "wrong_passphrase",
        "does not open",
    );
    check(
        &under(None, &status, ""),
        4,
        "locked",
        "PLUMBLINE_PASSPHRASE",
    );
    assert_eq!(
        user.json(&["portals"])[0]["id"],
        portal.as_str(),
        "nothing was lost"
    );
}

#[test]
fn questions_and_plans_that_make_no_sense() {
    let sim = Simulator::small();
    let user = User::new();
    let portal = user.connect(&sim);
    let forecast = ["report", "forecast", &portal];
    check(
        &user.refused(&forecast),
        2,
        "bad_input",
        "not been read completely",
    );
    let plan = ["writeback", "plan", &portal];
    check(
        &user.refused(&plan),
        2,
        "bad_input",
        "not been read completely",
    );

    user.json(&["sync", &portal]);
    let asked = |more: &[&str]| user.refused(&[&forecast[..], more].concat());
    for day in ["tomorrow", "2026-02-30", "03.08.2026", ""] {
        check(&asked(&["--as-of", day]), 2, "bad_input", "not a day");
        check(
            &asked(&["--from", day, "--to", "2026-01-01"]),
            2,
            "bad_input",
            "not a day",
        );
    }
    let backwards = ["--from", "2026-02-01", "--to", "2026-01-01"];
    check(
        &asked(&backwards),
        2,
        "bad_input",
        "first day before its last",
    );
    let endless = ["--from", "2020-01-01", "--to", "2026-01-01"];
    check(&asked(&endless), 2, "bad_input", "at most two years");
    let unknown = ["--pipeline", "no-such-pipeline"];
    check(&asked(&unknown), 2, "bad_input", "no such pipeline");
    let refused = user.refused(&[&plan[..], &unknown].concat());
    check(&refused, 2, "bad_input", "no such pipeline");

    let number = user.json(&plan)["summary"]["plan"].to_string();
    let step = |verb, number| user.refused(&["writeback", verb, &portal, number]);
    check(&step("apply", &number), 16, "wrong_plan_state", "approve");
    check(&step("undo", &number), 16, "wrong_plan_state", "");
    for verb in ["show", "approve", "apply", "undo", "discard"] {
        check(&step(verb, "99"), 2, "bad_input", "no plan of this number");
    }
    user.json(&["writeback", "discard", &portal, &number]);
    for verb in ["approve", "apply", "discard"] {
        check(&step(verb, &number), 16, "wrong_plan_state", "");
    }
    assert!(sim.writes().is_empty(), "none of this wrote anything");
}

#[test]
fn simulators_that_cannot_start() {
    let user = User::new();
    let sim = Simulator::serve(&["--deals", "5"]);
    let taken = user.bare(&["sim", "serve", "--deals", "5", "--port", sim.port()]);
    check(&refusal(taken, ""), 2, "bad_input", "cannot listen");
    let nothing = user.bare(&["sim", "serve", "--world", "maven", "--csv", "nowhere"]);
    check(
        &refusal(nothing, ""),
        2,
        "bad_input",
        "cannot read accounts.csv",
    );
}
