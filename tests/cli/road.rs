//! The main road, from a directory that holds nothing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::contact_scores;
use crate::plumbline::{Running, User};
use crate::simulator::Simulator;

const PROPERTY: &str = "plumbline_win_probability";

/// What a deal says in HubSpot itself.
fn in_hubspot(sim: &Simulator, deal: &str) -> Option<String> {
    let path = format!("/crm/objects/2026-09/deals/{deal}?properties={PROPERTY}");
    let (status, record) = sim.api("GET", &path, None);
    assert_eq!(status, 200, "{record}");
    let value = record["properties"][PROPERTY].as_str();
    value.filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The changes of a plan: record, and the value to be written.
fn changes(plan: &Value) -> BTreeMap<String, String> {
    let changes = plan["changes"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    changes
        .map(|change| (text(&change["record"]), text(&change["new"])))
        .collect()
}

/// One plan, from the first look to the last answer.
#[track_caller]
fn approve_and_apply(user: &User, portal: &str, plan: &Value) -> Value {
    let number = plan["summary"]["plan"].to_string();
    let shown = user.json(&["writeback", "show", portal, &number]);
    assert_eq!(&shown, plan, "what is shown is what was planned");
    let approved = user.json(&["writeback", "approve", portal, &number]);
    assert_eq!(approved["summary"]["state"], "approved");
    assert_eq!(approved["summary"]["approved_by"], "tester");
    assert_eq!(approved["changes"], plan["changes"]);
    user.json(&["writeback", "apply", portal, &number])
}

#[test]
fn by_token_from_nothing_to_a_writeback_and_back() {
    let sim = Simulator::small();
    let user = User::new();
    assert_eq!(user.json(&["portals"]), json!([]));

    let portal = user.connect(&sim);
    let portals = user.json(&["portals"]);
    assert_eq!(portals[0]["id"], portal.as_str());
    assert_eq!(portals[0]["connection"]["state"], "connected");
    assert_eq!(portals[0]["synced_at"], Value::Null);

    let report = user.json(&["sync", &portal]);
    assert_eq!(report["outcome"], "done");
    let rows: BTreeMap<&str, u64> = report["streams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stream| {
            (
                stream["stream"].as_str().unwrap(),
                stream["rows"].as_u64().unwrap(),
            )
        })
        .collect();
    let counts = sim.look("counts");
    for kind in [
        "companies",
        "contacts",
        "deals",
        "calls",
        "emails",
        "meetings",
        "notes",
        "tasks",
    ] {
        let live = counts[kind]["live"].as_u64().unwrap();
        assert_eq!(rows[format!("records/{kind}").as_str()], live, "{kind}");
        let asked =
            format!("select count(*) from record where object_type = '{kind}' and archived = 0");
        let answer = user.json(&["sql", &portal, &asked]);
        assert_eq!(answer["rows"], json!([[live]]), "{kind}");
    }
    let status = user.json(&["status", &portal]);
    assert_eq!(status["runs"][0]["outcome"], "done");
    assert!(status["synced_at"].is_string());

    check_forecast(&user, &portal);
    check_writeback(&user, &portal, &sim);
    check_sql(&user, &portal);

    let before = user.files();
    assert!(before.iter().any(|file| named_after(file, &portal)));
    let receipt = user.json(&["forget", &portal]);
    assert_eq!(
        receipt["token_revoked"],
        Value::Null,
        "a static token is deleted by hand"
    );
    let after = user.files();
    let left: Vec<_> = after
        .iter()
        .filter(|file| named_after(file, &portal))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(user.json(&["portals"]), json!([]));
    assert_eq!(user.refused(&["status", &portal]).code, "unknown_portal");
}

fn named_after(file: &std::path::Path, portal: &str) -> bool {
    file.file_name().unwrap().to_string_lossy().contains(portal)
}

fn check_forecast(user: &User, portal: &str) {
    let table = user.run(&["report", "forecast", portal]).output();
    for words in [
        "Forecast",
        "Closed so far",
        "HubSpot's weighting",
        "Win rate",
        "Method:",
    ] {
        assert!(table.contains(words), "{words:?} in\n{table}");
    }
    let now = user.json(&["report", "forecast", portal]);
    let now = &now["report"];
    assert!(now["total"]["value"]["amount"].is_string());
    assert!(!now["deals"].as_array().unwrap().is_empty());

    // Three months back, which is within the thirty months of the world.
    let months = now["won_by_month"].as_array().unwrap();
    let day = months[months.len() - 4]["month"].as_str().unwrap();
    let asked = ["report", "forecast", portal, "--as-of", day, "--json"];
    let first = user.run(&asked).output();
    let again = user.run(&asked).output();
    assert_eq!(first, again, "the same question twice gives the same bytes");
    let past: Value = serde_json::from_str(&first).unwrap();
    let past = &past["report"];
    assert!(
        past["as_of"].as_str().unwrap().starts_with(day),
        "{} {day}",
        past["as_of"]
    );
    assert_eq!(
        past["won_by_month"].as_array().unwrap().last().unwrap()["month"],
        day
    );
    assert_ne!(past["total"]["value"], now["total"]["value"]);

    let next = user.json(&["report", "forecast", portal, "--period", "next-quarter"]);
    assert_eq!(
        next["report"]["period"]["first_day"]
            .as_str()
            .unwrap()
            .len(),
        10
    );
    assert!(next["report"]["period"]["starts_at"].as_str() > now["period"]["starts_at"].as_str());
    let days = ["--from", day, "--to", day];
    let one_day = user.json(&[&["report", "forecast", portal][..], &days].concat());
    assert_eq!(one_day["report"]["period"]["last_day"], day);
    check_waterfall(user, portal, day, now);
    check_activity(user, portal, day);
    check_scoring(user, portal, day);
}

/// Of so few deals no score is offered, which is said in words; what was learned of them is told all the
/// same.
fn check_scoring(user: &User, portal: &str, day: &str) {
    let asked = ["report", "scoring", portal];
    let now = user.json(&asked);
    let report = &now["report"];
    assert_eq!(report["schema"], "scoring/1");
    assert_eq!(report["is_published"], false, "{}", report["finding"]);
    assert!(report["scores"].as_array().unwrap().is_empty());
    let card = &report["card"];
    let deals = card["population"]["records"].as_f64();
    assert!(deals > Some(100.0), "{card}");
    assert_eq!(card["base_rate"]["n"].as_f64(), deals);
    let then = user.json(&[&asked[..], &["--as-of", day]].concat());
    assert!(then["report"]["as_of"].as_str() < report["as_of"].as_str());
    let table = user.run(&asked).output();
    for words in ["No score:", "Base rate", "won within 90 days", "not advice"] {
        assert!(table.contains(words), "{words:?} in\n{table}");
    }

    contact_scores::check(user, portal);
    let refusal = user.refused(&["score", "train", portal]);
    assert_eq!((refusal.status, refusal.code.as_str()), (19, "refused"));
    let card = user.run(&["score", "card", portal]).output();
    for words in ["may not be shown", "the rate by stage alone", "Base rate"] {
        assert!(card.contains(words), "{words:?} in\n{card}");
    }
    assert_eq!(
        user.refused(&["score", "explain", portal, "1"]).code,
        "bad_input"
    );
    let bad = ["report", "scoring", portal, "--horizon", "45"];
    assert_eq!(user.refused(&bad).code, "bad_input");
}

/// The ladder of the demo's activities, now and as seen from a day of the past.
fn check_activity(user: &User, portal: &str, day: &str) {
    let asked = ["report", "activity", portal];
    let report = user.json(&asked);
    let report = &report["report"];
    assert_eq!(report["schema"], "activity/1");
    assert_eq!(report["rows"].as_array().map(Vec::len), Some(30));
    let found = |kind: &str| {
        report["rows"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["measure"] == kind && row["rungs"][0]["n"].as_u64() > Some(100))
    };
    assert!(found("meetings") && found("emails_sent"));
    let then = user.json(&[&asked[..], &["--as-of", day]].concat());
    assert!(then["report"]["as_of"].as_str() < report["as_of"].as_str());
    let table = user.run(&asked).output();
    for words in ["Raw: not evidence", "Meetings", "Stalled:", "Method:"] {
        assert!(table.contains(words), "{words:?} in\n{table}");
    }
}

/// From a day of the past to what the forecast says is open now.
fn check_waterfall(user: &User, portal: &str, day: &str, now: &Value) {
    // Beyond what the copy knows: the end is the moment up to which it is complete.
    let today = "2099-12-31";
    let asked = ["report", "waterfall", portal, "--from", day, "--to", today];
    let moved = user.json(&asked);
    let moved = &moved["report"];
    assert_eq!(moved["schema"], "waterfall/1");
    assert_eq!(moved["residual"]["amount"], "0.00");
    assert_eq!(moved["end"]["amount"], now["open"]["value"]);
    assert_eq!(moved["end"]["n"], now["open"]["n"]);
    let table = user.run(&asked).output();
    for words in ["Open at start", "Created", "Won", "Open at end", "Method:"] {
        assert!(table.contains(words), "{words:?} in\n{table}");
    }
    let backwards = ["report", "waterfall", portal, "--from", today, "--to", day];
    assert_eq!(user.refused(&backwards).code, "bad_input");
}

fn check_writeback(user: &User, portal: &str, sim: &Simulator) {
    let plan = user.json(&["writeback", "plan", portal]);
    let planned = changes(&plan);
    assert!(!planned.is_empty());
    assert_eq!(
        plan["creates"],
        json!(["group plumbline", format!("property {PROPERTY}")])
    );
    assert!(sim.writes().is_empty(), "planning writes nothing");

    let applied = approve_and_apply(user, portal, &plan);
    assert_eq!(applied["summary"]["state"], "applied");
    assert_eq!(applied["summary"]["counts"]["confirmed"], planned.len());
    let (definitions, values): (Vec<_>, Vec<_>) = sim
        .writes()
        .into_iter()
        .partition(|[_, _, property, _]| property.starts_with('('));
    assert_eq!(
        definitions.len(),
        2,
        "a group and a property: {definitions:?}"
    );
    let mut written = BTreeMap::new();
    for [object_type, record, property, value] in values {
        assert_eq!(
            (object_type.as_str(), property.as_str()),
            ("deals", PROPERTY)
        );
        assert_eq!(
            written.insert(record, value),
            None,
            "each record is written once"
        );
    }
    assert_eq!(
        written, planned,
        "exactly what was approved, and nothing else"
    );

    let again = user.json(&[
        "writeback",
        "apply",
        portal,
        &plan["summary"]["plan"].to_string(),
    ]);
    assert_eq!(again["summary"]["state"], "applied");
    assert_eq!(
        sim.writes().len(),
        planned.len() + 2,
        "a second apply writes nothing"
    );

    let second = user.json(&["writeback", "plan", portal]);
    assert_eq!(second["summary"]["counts"]["total"], 0);
    assert_eq!(second["unchanged"], planned.len());

    let number = plan["summary"]["plan"].to_string();
    let undo = user.json(&["writeback", "undo", portal, &number]);
    assert_eq!(undo["summary"]["undoes"], plan["summary"]["plan"]);
    let undone = approve_and_apply(user, portal, &undo);
    assert_eq!(undone["summary"]["counts"]["confirmed"], planned.len());
    for deal in planned.keys() {
        assert_eq!(
            in_hubspot(sim, deal),
            None,
            "deal {deal} is as it was before"
        );
    }
    assert_eq!(sim.writes().len(), 2 * planned.len() + 2);

    let history = user.json(&["writeback", "history", portal]);
    let states: Vec<&str> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|plan| plan["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["applied", "planned", "applied"]);
}

/// What somebody has changed since the plan was made is left alone, and is no success.
#[test]
fn a_value_that_somebody_changed_is_left_alone() {
    let sim = Simulator::small();
    let user = User::new();
    let portal = user.connect(&sim);
    user.json(&["sync", &portal]);
    let plan = user.json(&["writeback", "plan", &portal]);
    let planned = changes(&plan);
    approve_and_apply(&user, &portal, &plan);
    let undo = user.json(&["writeback", "undo", &portal, "1"]);
    let number = undo["summary"]["plan"].to_string();
    user.json(&["writeback", "approve", &portal, &number]);

    let deal = planned.keys().next().unwrap();
    let by_hand = json!({ "properties": { PROPERTY: "99.9" } });
    let path = format!("/crm/objects/2026-09/deals/{deal}");
    assert_eq!(sim.api("PATCH", &path, Some(&by_hand)).0, 200);

    let applied = user.run(&["writeback", "apply", &portal, &number, "--json"]);
    assert_eq!(applied.status.code(), Some(9), "{applied:?}");
    assert!(applied.stderr.contains("1 of "), "{applied:?}");
    let told: Value = serde_json::from_str(&applied.stdout).unwrap();
    assert_eq!(told["summary"]["counts"]["conflict"], 1);
    assert_eq!(told["summary"]["counts"]["confirmed"], planned.len() - 1);
    assert_eq!(in_hubspot(&sim, deal).as_deref(), Some("99.9"));
    for other in planned.keys().filter(|other| *other != deal) {
        assert_eq!(in_hubspot(&sim, other), None, "deal {other}");
    }
}

fn check_sql(user: &User, portal: &str) {
    let named = user.json(&["sql", portal, "select 1 as one, 'two' as two"]);
    assert_eq!(named["columns"], json!(["one", "two"]));
    assert_eq!(named["rows"], json!([[1, "two"]]));
    let elsewhere = user.root().join("elsewhere.db");
    for statement in [
        "insert into deal (record_id) values (1)",
        "delete from deal",
        "drop table deal",
        "pragma user_version = 1",
        &format!("attach database '{}' as other", elsewhere.display()),
        "select access_token from credential",
        "select 1; select 2",
        "",
    ] {
        let refusal = user.refused(&["sql", portal, statement]);
        assert_eq!(
            (refusal.status, refusal.code.as_str()),
            (2, "bad_input"),
            "{statement:?}"
        );
    }
    assert!(!elsewhere.exists());
    let deals = user.json(&["sql", portal, "select count(*) from deal"]);
    assert!(
        deals["rows"][0][0].as_u64().unwrap() > 100,
        "nothing was deleted"
    );
}

#[test]
fn over_oauth_from_nothing_to_a_forecast() {
    let sim = Simulator::small();
    let user = User::new();
    let portal = user.connect_over_oauth(&sim);
    assert_ne!(portal["name"], "", "the portal is named after its domain");
    let portal = portal["id"].as_str().unwrap();
    assert_eq!(user.json(&["sync", portal])["outcome"], "done");
    let report = user.json(&["report", "forecast", portal]);
    assert!(report["report"]["total"]["value"]["amount"].is_string());
    // Connecting the same portal again keeps its copy.
    user.connect_over_oauth(&sim);
    assert!(user.json(&["portals"])[0]["synced_at"].is_string());
    let receipt = user.json(&["forget", portal]);
    assert_eq!(receipt["token_revoked"], true);
}

#[test]
fn a_simulator_ends_with_its_input_or_at_an_interrupt() {
    let few = ["--deals", "5"];
    assert!(Simulator::serve(&few).end().status.success());
    let sim = Simulator::serve(&few);
    sim.signal("INT");
    assert!(
        sim.end_with_input_open().status.success(),
        "its input was still open"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let user = User::new();
    let sim = Simulator::small();
    let portal = user.connect(&sim);
    user.json(&["sync", &portal]);
    let mut shell = std::process::Command::new("sh");
    user.place(&mut shell);
    // More rows than a pipe holds, and a reader that takes one.
    let script =
        r#""$PROGRAM" sql "$PORTAL" --data-dir data 'select properties from record' | head -n 1"#;
    shell
        .args(["-c", script])
        .env("PROGRAM", crate::plumbline::PROGRAM)
        .env("PORTAL", &portal);
    let ended = Running::start(shell, "").end();
    assert_eq!(ended.stderr, "");
    assert_eq!(ended.stdout.lines().count(), 1);
}

#[test]
fn help_and_version_say_what_there_is() {
    let user = User::new();
    let help = Running::start(user.bare(&["--help"]), "").end().output();
    for verb in [
        "demo",
        "sim",
        "connect",
        "portals",
        "status",
        "forget",
        "sync",
        "report",
        "writeback",
        "sql",
        "PLUMBLINE_PASSPHRASE",
        "Exit status",
    ] {
        assert!(help.contains(verb), "{verb} in\n{help}");
    }
    let version = Running::start(user.bare(&["--version"]), "").end().output();
    assert!(version.starts_with("plumbline "), "{version}");
    assert!(user.files().is_empty(), "asking leaves nothing behind");
}
