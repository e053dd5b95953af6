//! What must not lie in clear: tokens, secrets, names, addresses and texts of a whole walk are
//! looked for in every file, every log, every message and every argument.

use std::collections::HashMap;
use std::path::Path;

use base64::Engine as _;
use serde_json::{Value, json};

use crate::plumbline::{Ended, PASSPHRASE, Running, User, consent};
use crate::simulator::{ASSOCIATIONS, Simulator};
use crate::wire::Wire;

/// What is shorter would be found by chance in files that look like noise.
const SHORTEST: usize = 8;

/// Texts that must not be found, in the forms in which they might be written.
#[derive(Default)]
struct Canaries {
    /// By the first bytes of a form; with the text itself, for the message.
    forms: HashMap<[u8; SHORTEST], Vec<(Vec<u8>, String)>>,
    texts: usize,
}

impl Canaries {
    fn add(&mut self, text: &str) {
        if text.len() < SHORTEST {
            return;
        }
        self.texts += 1;
        for form in forms(text) {
            let Some(start) = form.first_chunk::<SHORTEST>() else {
                continue;
            };
            let entry = self.forms.entry(*start).or_default();
            if entry.iter().all(|(known, _)| *known != form) {
                entry.push((form, text.to_owned()));
            }
        }
    }

    /// The texts that these bytes hold.
    fn found_in(&self, bytes: &[u8]) -> Vec<&str> {
        let mut begins = vec![false; 1 << 16];
        for start in self.forms.keys() {
            begins[usize::from(u16::from_be_bytes([start[0], start[1]]))] = true;
        }
        let mut found = Vec::new();
        for (at, window) in bytes.windows(SHORTEST).enumerate() {
            if !begins[usize::from(u16::from_be_bytes([window[0], window[1]]))] {
                continue;
            }
            let forms = self.forms.get(window).into_iter().flatten();
            let here = forms.filter(|(form, _)| bytes[at..].starts_with(form));
            found.extend(here.map(|(_, text)| text.as_str()));
        }
        found
    }

    #[track_caller]
    fn check_text(&self, what: &str, text: &str) {
        assert_eq!(self.found_in(text.as_bytes()), Vec::<&str>::new(), "{what}");
    }

    /// Looks through every file of the user, and tells how many bytes that were.
    #[track_caller]
    fn check_files(&self, user: &User) -> usize {
        let mut bytes = 0;
        for file in user.files() {
            let content = std::fs::read(&file).unwrap();
            bytes += content.len();
            assert_eq!(
                self.found_in(&content),
                Vec::<&str>::new(),
                "{}",
                file.display()
            );
        }
        bytes
    }
}

/// A text as it is, in UTF-16, as JSON without other letters than ASCII's, percent-encoded, in
/// hexadecimal, and in base64 wherever in a longer text it may begin.
fn forms(text: &str) -> Vec<Vec<u8>> {
    let bytes = text.as_bytes();
    let json: String = text
        .encode_utf16()
        .map(|unit| match char::from_u32(u32::from(unit)) {
            Some(letter) if letter.is_ascii() => letter.to_string(),
            _ => format!("\\u{unit:04x}"),
        })
        .collect();
    let percent: String = bytes
        .iter()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(*byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![bytes.to_vec(), json.into(), percent.into(), hex.into()];
    forms.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    for shift in 0..3 {
        let shifted = [&vec![0; shift][..], bytes].concat();
        let text = base64::engine::general_purpose::STANDARD_NO_PAD.encode(shifted);
        // The letters at both ends depend on the neighbours.
        forms.push(text.as_bytes()[4..text.len() - 2].to_vec());
    }
    forms
}

/// People's and companies' names and addresses, and what was written to them, out of the
/// simulator itself.
fn texts_of_the_world(sim: &Simulator) -> Vec<String> {
    let mut texts = Vec::new();
    let (_, owners) = sim.api("GET", "/crm/owners/2026-09?limit=100", None);
    for owner in owners["results"].as_array().unwrap() {
        let text = |name: &str| owner[name].as_str().unwrap_or_default().to_owned();
        texts.push(text("email"));
        texts.push(format!("{} {}", text("firstName"), text("lastName")));
        texts.push(text("lastName"));
    }
    let kinds: [(&str, &[&str]); 5] = [
        ("contacts", &["email", "lastname", "phone"]),
        ("companies", &["name", "domain"]),
        ("deals", &["dealname", "closed_lost_reason"]),
        ("notes", &["hs_note_body"]),
        ("emails", &["hs_email_subject", "hs_email_text"]),
    ];
    for (kind, properties) in kinds {
        let path = format!(
            "/crm/objects/2026-09/{kind}?limit=100&properties={}",
            properties.join(",")
        );
        let (_, page) = sim.api("GET", &path, None);
        for record in page["results"].as_array().unwrap() {
            let values = properties.iter().map(|name| &record["properties"][*name]);
            texts.extend(values.filter_map(Value::as_str).map(str::to_owned));
        }
    }
    texts
}

#[test]
fn the_search_finds_what_is_planted() {
    let user = User::new();
    let mut canaries = Canaries::default();
    canaries.add("Zoë Größenwahn");
    canaries.add("pat-eu1-0123-4567");
    canaries.add("short");
    assert_eq!(canaries.texts, 2);
    let noise: Vec<u8> = (0_u32..100_000)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 7).to_le_bytes()[0])
        .collect();
    let file = user.root().join("home/noise");
    std::fs::write(&file, &noise).unwrap();
    assert_eq!(
        canaries.check_files(&user),
        noise.len(),
        "and finds nothing in noise"
    );
    for text in ["Zoë Größenwahn", "pat-eu1-0123-4567"] {
        for form in forms(text) {
            let planted = [&noise[..5_000], &form, &noise[5_000..]].concat();
            assert_eq!(
                canaries.found_in(&planted),
                [text],
                "{}",
                form.escape_ascii()
            );
        }
    }
    // The whole way, through a file.
    std::fs::write(
        &file,
        "a line with {\"name\":\"Zo\\u00eb Gr\\u00f6\\u00dfenwahn\"}",
    )
    .unwrap();
    let looked = std::panic::catch_unwind(|| canaries.check_files(&user));
    assert!(looked.is_err(), "a planted name is found in a file");
}

/// The arguments and the environment of a running program, without the one variable that is meant
/// to hold a secret: the passphrase is given to unattended runs there and nowhere else.
fn check_process(canaries: &Canaries, running: &Running) {
    let read = |name: &str| {
        let path = format!("/proc/{}/{name}", running.id());
        std::fs::read(Path::new(&path)).unwrap()
    };
    let arguments = read("cmdline");
    assert!(
        arguments.windows(9).any(|part| part == b"plumbline"),
        "these are its arguments"
    );
    let environment = read("environ");
    let mut variables = environment.split(|byte| *byte == 0);
    let meant = format!("PLUMBLINE_PASSPHRASE={PASSPHRASE}");
    assert!(variables.any(|variable| variable == meant.as_bytes()));
    let others = environment.split(|byte| *byte == 0);
    let others: Vec<_> = others
        .filter(|variable| *variable != meant.as_bytes())
        .collect();
    assert_eq!(
        canaries.found_in(&arguments),
        Vec::<&str>::new(),
        "arguments"
    );
    assert_eq!(
        canaries.found_in(&others.join(&0)),
        Vec::<&str>::new(),
        "environment"
    );
}

#[test]
fn nothing_of_a_whole_walk_lies_in_clear() {
    let sim = Simulator::small();
    let wire = Wire::tap(&sim);
    let user = User::new();
    let mut canaries = Canaries::default();
    for text in texts_of_the_world(&sim) {
        canaries.add(&text);
    }
    assert!(canaries.texts > 500, "{} texts", canaries.texts);
    for secret in [&sim.token, &sim.client_secret, PASSPHRASE] {
        canaries.add(secret);
    }
    let quiet = |canaries: &Canaries, ended: Ended| {
        assert!(ended.status.success(), "{ended:?}");
        canaries.check_text("standard error", &ended.stderr);
    };

    let app = [
        "connect",
        "--client-id",
        &sim.client_id,
        "--client-secret-stdin",
    ];
    let rest = [
        "--follow-consent",
        "--api-base",
        &wire.base,
        "--name",
        "Acme Pumps Ltd",
    ];
    let turn = consent();
    let connect = user.command(&[&app[..], &rest].concat());
    quiet(&canaries, Running::start(connect, &sim.client_secret).end());
    drop(turn);
    canaries.add("Acme Pumps Ltd");
    let portals = user.json(&["portals"]);
    let portal = portals[0]["id"].as_str().unwrap();

    // A sync that needs a new token, is repeated, and is looked at while it runs.
    sim.tell("oauth", &json!({ "rotates": true }));
    sim.tell("expire", &json!({}));
    sim.tell(
        "faults",
        &json!({ "contains": "/owners", "status": 500, "times": 1 }),
    );
    sim.fall_silent_on(ASSOCIATIONS);
    let mut running = Running::start(user.command(&["sync", portal]), "");
    running.runs_until(|| sim.calls(ASSOCIATIONS) > 0);
    // Whatever was ever said: tokens, codes and proofs.
    let mut said = 0;
    for word in [
        "\"access_token\":\"",
        "\"refresh_token\":\"",
        "Bearer ",
        "code=",
        "code_verifier=",
    ] {
        let values = wire.values_after(word);
        assert!(!values.is_empty(), "{word}");
        said += values.len();
        values.iter().for_each(|value| canaries.add(value));
    }
    assert!(said > 50, "{said} secrets on the wire");
    let refreshed = wire.values_after("\"refresh_token\":\"");
    assert!(refreshed.len() >= 2, "the token was renewed on the way");
    check_process(&canaries, &running);
    assert!(
        canaries.check_files(&user) > 1_000_000,
        "the copy is there, with its log"
    );
    running.signal("INT");
    canaries.check_text("standard error", &running.end().stderr);
    sim.recover();

    // Writing is consented to apart from reading.
    let turn = consent();
    quiet(
        &canaries,
        user.run(&[
            "connect",
            "--again",
            portal,
            "--for",
            "writeback",
            "--follow-consent",
        ]),
    );
    drop(turn);
    for word in ["\"access_token\":\"", "\"refresh_token\":\"", "code="] {
        let values = wire.values_after(word);
        values.iter().for_each(|value| canaries.add(value));
    }
    for verb in [
        &["sync", portal][..],
        &["status", portal],
        &["report", "forecast", portal],
        &["writeback", "plan", portal],
        &["writeback", "approve", portal, "1"],
        &["writeback", "apply", portal, "1"],
        &["writeback", "history", portal],
    ] {
        quiet(&canaries, user.run(verb));
    }
    // What fails is as silent as what succeeds.
    for verb in [
        &["sync", "1"][..],
        &["sql", portal, "select nonsense"],
        &["writeback", "approve", portal, "1"],
        &["report", "forecast", portal, "--pipeline", "x"],
    ] {
        let ended = user.run(verb);
        assert!(!ended.status.success());
        canaries.check_text("standard error", &ended.stderr);
    }
    check_what_is_kept(&canaries, &user, portal);
    quiet(&canaries, user.run(&["forget", portal]));
    canaries.check_files(&user);
}

fn check_what_is_kept(canaries: &Canaries, user: &User, portal: &str) {
    let log = std::fs::read_to_string(user.log()).unwrap();
    for words in ["sync began", "call is repeated", portal] {
        assert!(
            log.contains(words),
            "the log tells what happens: {words:?} in\n{log}"
        );
    }
    assert!(
        log.lines()
            .all(|line| serde_json::from_str::<Value>(line).is_ok())
    );
    // The names are in the copy, which only the program can open.
    let names = "select name from deal where length(name) > 12";
    let names = user.run(&["sql", portal, names]).output();
    assert!(canaries.found_in(names.as_bytes()).len() > 20);
    assert!(canaries.check_files(user) > 1_000_000);
}
