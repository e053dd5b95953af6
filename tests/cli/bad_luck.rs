//! What goes wrong around the program: the network, HubSpot, the disk, other programs. Each has its
//! own error, and the next run goes on from there.

use std::process::Command;

use serde_json::{Value, json};

use crate::plumbline::{PASSPHRASE, PROGRAM, Refusal, Running, User};
use crate::simulator::{ASSOCIATIONS, Simulator};

/// A present that two simulators can share, so that both serve the same world.
const PRESENT: &str = "2026-11-02T08:00:00Z";

#[track_caller]
fn check(refusal: &Refusal, status: i32, code: &str, retryable: bool) {
    let found = (refusal.status, refusal.code.as_str(), refusal.retryable);
    assert_eq!(found, (status, code, retryable), "{refusal:?}");
}

/// Everything that a copy says, short enough to compare: every deal in full, and of all other rows
/// their number and sums that change when any of them does.
fn copy(user: &User, portal: &str) -> Vec<Value> {
    let questions = [
        "select object_type, count(*), sum(record_id), sum(updated_at), sum(archived), \
         sum(length(properties)) from record group by 1 order by 1",
        "select record_id, archived, properties from record where object_type = 'deals' order by 1",
        "select object_type, property, count(*), sum(record_id), sum(at), sum(length(value)) \
         from property_version group by 1, 2 order by 1, 2",
        "select from_type, to_type, type_id, count(*), sum(from_id * 31 + to_id) \
         from association group by 1, 2, 3 order by 1, 2, 3",
        "select object_type, count(*), sum(at), sum(owner_id) from activity group by 1 order by 1",
        "select * from stage order by 1, 2, 3",
    ];
    questions
        .map(|question| user.json(&["sql", portal, question])["rows"].clone())
        .into()
}

/// The copy of somebody to whom nothing happened.
fn untouched_copy(sim: &Simulator) -> Vec<Value> {
    let user = User::new();
    let portal = user.connect(sim);
    user.json(&["sync", &portal]);
    copy(&user, &portal)
}

fn serve(more: &[&str]) -> Simulator {
    let small = ["--deals", "200", "--limits", "off", "--now", PRESENT];
    Simulator::serve(&[&small[..], more].concat())
}

#[test]
fn a_simulator_that_goes_away_during_a_sync() {
    let sim = serve(&[]);
    let user = User::new();
    let portal = user.connect(&sim);
    sim.fall_silent_on(ASSOCIATIONS);
    let mut running = Running::start(user.command(&["sync", &portal, "--json"]), "");
    running.wait_for("Reading");
    running.runs_until(|| sim.calls(ASSOCIATIONS) > 0);
    let port = sim.port().to_owned();
    sim.signal("KILL");
    drop(sim);
    check(&running.end().refusal(), 7, "unreachable", true);
    let status = user.json(&["status", &portal]);
    assert_eq!(
        status["synced_at"],
        Value::Null,
        "a copy with a hole is not called complete"
    );
    assert_eq!(status["runs"][0]["outcome"], "failed");
    let kept = user.json(&["sql", &portal, "select count(*) from record"]);
    assert!(
        kept["rows"][0][0].as_u64().unwrap() > 1_000,
        "what was read is kept"
    );

    let sim = serve(&["--port", &port]);
    assert_eq!(user.json(&["sync", &portal])["outcome"], "done");
    let status = user.json(&["status", &portal]);
    assert_eq!(status["runs"][0]["kind"], "resumed");
    // The comparison at the end of a sync counts with searches, which read no records, and reads a
    // sample of the types with a history, deals and contacts: a hundred of each, in two batches.
    let read_again = sim.calls("/objects/") - sim.calls("/search");
    assert!(
        read_again <= 4,
        "records that were read are not read again: {read_again} calls"
    );
    assert_eq!(copy(&user, &portal), untouched_copy(&sim));
}

#[test]
fn two_at_once_and_an_interrupt() {
    let sim = serve(&[]);
    let user = User::new();
    let portal = user.connect(&sim);
    sim.fall_silent_on(ASSOCIATIONS);
    let mut first = Running::start(user.command(&["sync", &portal, "--json"]), "");
    first.runs_until(|| sim.calls(ASSOCIATIONS) > 0);
    check(&user.refused(&["sync", &portal]), 11, "in_use", true);
    check(&user.refused(&["forget", &portal]), 11, "in_use", true);
    let latest = || user.json(&["status", &portal])["runs"][0].clone();
    assert_eq!(latest()["outcome"], "running", "elsewhere is not nowhere");
    assert_eq!(latest()["kind"], "full");
    let seen = user.json(&["sql", &portal, "select count(*) from record"]);
    assert!(
        seen["rows"][0][0].as_u64().unwrap() > 1_000,
        "reading goes on meanwhile"
    );

    first.signal("INT");
    check(&first.end().refusal(), 130, "cancelled", false);
    assert_eq!(latest()["outcome"], "cancelled");
    let mut killed = Running::start(user.command(&["sync", &portal, "--json"]), "");
    killed.runs_until(|| latest()["outcome"] == "running");
    killed.signal("KILL");
    killed.end();
    assert_eq!(latest()["outcome"], "interrupted");
    sim.recover();
    assert_eq!(user.json(&["sync", &portal])["outcome"], "done");
    assert_eq!(copy(&user, &portal), untouched_copy(&sim));
}

/// A sync that may not write files of more than a megabyte must end with an error of its own, not
/// by a signal, and go on where there is room again.
#[test]
fn a_limit_on_the_size_of_files() {
    let sim = serve(&[]);
    let user = User::new();
    let portal = user.connect(&sim);
    let mut limited = Command::new("sh");
    user.place(&mut limited);
    // Shells count in blocks of 512 or of 1,024 bytes: both are below what the copy needs.
    let script = r#"ulimit -f 1500 && exec "$PROGRAM" sync "$PORTAL" --data-dir data --json"#;
    limited
        .args(["-c", script])
        .env("PROGRAM", PROGRAM)
        .env("PORTAL", &portal);
    check(
        &Running::start(limited, "").end().refusal(),
        12,
        "disk_full",
        true,
    );
    assert_eq!(user.json(&["status", &portal])["synced_at"], Value::Null);
    assert_eq!(user.json(&["sync", &portal])["outcome"], "done");
    assert_eq!(copy(&user, &portal), untouched_copy(&sim));
}

/// A disk of three megabytes, in a mount namespace of its own where the system allows one.
#[test]
fn a_full_disk() {
    let sim = serve(&[]);
    let user = User::new();
    let small_disk = |room: &str, script: &str| {
        let mut command = Command::new("unshare");
        user.place(&mut command);
        let script =
            format!("mkdir -p disk && mount -t tmpfs -o size={room} tmpfs disk && {script}");
        command
            .args(["-rm", "sh", "-c", &script])
            .env("PROGRAM", PROGRAM)
            .env("BASE", &sim.base);
        command
    };
    let allowed = small_disk("64k", "true").output();
    if !allowed.is_ok_and(|tried| tried.status.success()) {
        println!("skipped: no disk can be mounted here");
        return;
    }
    let script = r#"
        set -e
        plumbline() { "$PROGRAM" "$@" --data-dir disk/data --json; }
        plumbline connect --token-stdin --api-base "$BASE" >&2
        portal=$(ls disk/data/portals/*.db | sed 's/[^0-9]//g')
        if plumbline sync "$portal" >&2; then exit 99; else echo "full $?"; fi
        plumbline sql "$portal" "select count(*) > 100 from record"
        mount -o remount,size=64m disk
        plumbline sync "$portal"
    "#;
    let ended = Running::start(small_disk("3m", script), &sim.token).end();
    assert!(ended.stderr.contains(r#""code":"disk_full""#), "{ended:?}");
    let output = ended.output();
    let mut lines = output.lines();
    assert_eq!(lines.next(), Some("full 12"));
    let kept: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
    assert_eq!(kept["rows"], json!([[1]]), "what was read before is kept");
    let report: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
    assert_eq!(report["outcome"], "done");
}

#[test]
fn a_grant_that_is_withdrawn() {
    let sim = serve(&[]);
    let user = User::new();
    let portal = user.connect_over_oauth(&sim);
    let portal = portal["id"].as_str().unwrap();
    user.json(&["sync", portal]);
    sim.tell("revoke", &json!({}));
    sim.tell("expire", &json!({}));
    check(&user.refused(&["sync", portal]), 5, "disconnected", false);
    assert_eq!(
        user.json(&["portals"])[0]["connection"]["state"],
        "disconnected"
    );

    let before = sim.look("requests");
    for verb in [&["sync", portal][..], &["writeback", "plan", portal]] {
        let refused = user.refused(verb);
        check(&refused, 5, "disconnected", false);
        let command = format!("plumbline connect --again {portal}");
        assert!(refused.hint.contains(&command), "{refused:?}");
    }
    assert_eq!(
        sim.look("requests"),
        before,
        "nothing keeps knocking at a closed door"
    );
    let deals = user.json(&["sql", portal, "select count(*) from deal"]);
    assert!(
        deals["rows"][0][0].as_u64().unwrap() > 100,
        "the copy is still there"
    );

    let again = user.connect_over_oauth(&sim);
    assert_eq!(again["connection"]["state"], "connected");
    assert_eq!(user.json(&["sync", portal])["outcome"], "done");
}

#[test]
fn hubspot_says_no_in_its_own_ways() {
    let sim = serve(&[]);
    let user = User::new();
    let portal = user.connect(&sim);
    let sync = ["sync", portal.as_str()];

    // Somebody's proxy answers in HubSpot's place.
    let page = json!({ "contains": "/owners", "status": 200, "body": "<html>Sign in</html>" });
    sim.tell("faults", &page);
    check(&user.refused(&sync), 9, "refused", false);
    sim.recover();
    assert_eq!(
        user.json(&sync)["outcome"],
        "done",
        "and it goes on from there"
    );
    let whole = untouched_copy(&sim);
    assert_eq!(copy(&user, &portal), whole);

    sim.tell("limits", &json!({ "daily": 0 }));
    check(&user.refused(&sync), 8, "rate_limited", true);
    let before = sim.calls("/");
    check(&user.refused(&sync), 8, "rate_limited", true);
    assert_eq!(
        sim.calls("/") - before,
        1,
        "a day that is used up is remembered by the next process, which asks once whether it is over"
    );
    assert_eq!(copy(&user, &portal), whole, "the copy is still there");
}

const PROPERTIES: &str = "/crm/properties/2026-09/deals";
const PROPERTY: &str = "plumbline_win_probability";

/// A property of our name that is not ours.
fn put_in_the_way(sim: &Simulator) {
    let group = json!({ "name": "theirs", "label": "Theirs" });
    let (status, answer) = sim.api("POST", &format!("{PROPERTIES}/groups"), Some(&group));
    assert!((200..300).contains(&status), "{answer}");
    let property = json!({
        "name": PROPERTY, "label": "Their own idea", "groupName": "theirs",
        "type": "number", "fieldType": "number",
    });
    let (status, answer) = sim.api("POST", PROPERTIES, Some(&property));
    assert!((200..300).contains(&status), "{answer}");
}

#[test]
fn somebody_elses_definition_is_in_the_way() {
    let sim = Simulator::small();
    let user = User::new();
    let portal = user.connect(&sim);
    user.json(&["sync", &portal]);
    let plan = user.json(&["writeback", "plan", &portal])["summary"]["plan"].to_string();
    user.json(&["writeback", "approve", &portal, &plan]);

    put_in_the_way(&sim);
    for verb in [
        &["writeback", "apply", &portal, &plan][..],
        &["writeback", "plan", &portal],
    ] {
        check(&user.refused(verb), 15, "definition_conflict", false);
    }
    let values = sim.writes();
    let values = values
        .iter()
        .filter(|[_, _, property, _]| !property.starts_with('('));
    assert_eq!(values.count(), 0, "no record was changed");
    let (_, theirs) = sim.api("GET", &format!("{PROPERTIES}/{PROPERTY}"), None);
    assert_eq!(theirs["label"], "Their own idea");
    let kept = user.json(&["writeback", "show", &portal, &plan]);
    assert_eq!(kept["summary"]["counts"]["confirmed"], 0);
}

#[test]
fn a_token_that_may_not_write() {
    let sim = Simulator::small();
    let user = User::new();
    let portal = user.connect(&sim);
    user.json(&["sync", &portal]);
    let plan = user.json(&["writeback", "plan", &portal])["summary"]["plan"].to_string();
    user.json(&["writeback", "approve", &portal, &plan]);
    let context = json!({ "requiredGranularScopes": ["crm.schemas.deals.write"] });
    let body = json!({
        "status": "error", "category": "MISSING_SCOPES", "message": "missing",
        "errors": [{ "message": "missing", "context": context }],
    });
    sim.tell(
        "faults",
        &json!({ "method": "POST", "path": "/crm/", "status": 403, "body": body }),
    );
    let refused = user.refused(&["writeback", "apply", &portal, &plan]);
    check(&refused, 6, "missing_scope", false);
    assert!(
        refused.message.contains("crm.schemas.deals.write"),
        "{refused:?}"
    );
    assert!(sim.writes().is_empty());

    sim.recover();
    let applied = user.json(&["writeback", "apply", &portal, &plan]);
    assert_eq!(
        applied["summary"]["state"], "applied",
        "it goes on once the scope is there"
    );
}

#[test]
fn files_that_cannot_be_trusted() {
    let sim = serve(&[]);
    let user = User::new();
    let portal = user.connect(&sim);
    let vault = user.data().join("vault.json");
    let whole = std::fs::read_to_string(&vault).unwrap();

    std::fs::write(&vault, whole.replace("\"format\": 1", "\"format\": 99")).unwrap();
    check(&user.refused(&["portals"]), 13, "newer_data", false);
    std::fs::write(&vault, &whole[..whole.len() / 2]).unwrap();
    check(&user.refused(&["portals"]), 14, "damaged", false);
    std::fs::write(&vault, &whole).unwrap();

    let file = user.data().join("portals").join(format!("{portal}.db"));
    for suffix in ["db-wal", "db-shm"] {
        // What a checkpoint at the end of the last program has folded in.
        let _ = std::fs::remove_file(file.with_extension(suffix));
    }
    let mut bytes = std::fs::read(&file).unwrap();
    for byte in &mut bytes[64..2_000] {
        *byte ^= 0x5a;
    }
    std::fs::write(&file, bytes).unwrap();
    let refused = user.refused(&["status", &portal]);
    check(&refused, 14, "damaged", false);
    assert!(!refused.message.contains(PASSPHRASE));
    user.json(&["forget", &portal]);
    assert_eq!(user.connect(&sim), portal, "and it can be connected anew");
    assert_eq!(user.json(&["sync", &portal])["outcome"], "done");
}
