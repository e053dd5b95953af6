//! The demo: everything at once, and nothing left behind.

use crate::plumbline::{Running, User, consent};

#[test]
fn a_demo_walks_the_road_and_leaves_nothing_behind() {
    let user = User::new();
    let ended = {
        let _one_at_a_time = consent();
        Running::start(user.bare(&["demo", "--json"]), "").end()
    };
    assert!(
        ended.stderr.contains("Starting the demo portal"),
        "{ended:?}"
    );
    let answer = ended.json();
    assert_eq!(answer["portal"]["demo"], true);
    assert_eq!(answer["portal"]["connection"]["state"], "connected");
    assert_eq!(answer["sync"]["outcome"], "done");
    assert!(
        answer["sync"]["rows"].as_u64().unwrap() > 50_000,
        "the whole demo world"
    );
    let report = &answer["forecast"]["report"];
    for figure in ["total", "closed", "expected_from_open", "hubspot"] {
        assert!(report[figure]["value"]["amount"].is_string(), "{figure}");
        assert!(report[figure]["n"].as_u64().unwrap() > 0, "{figure}");
    }
    assert!(report["deals"].as_array().unwrap().len() > 100);
    let won = |report: &str| answer[report]["report"]["won"].as_u64().unwrap_or(0);
    assert!(won("competitors") > 100, "the reports are of its deals");
    for (report, rows) in [("icp", "segments"), ("activity", "rows")] {
        let rows = answer[report]["report"][rows].as_array();
        assert!(rows.is_some_and(|rows| !rows.is_empty()), "{report}");
    }
    let scoring = &answer["scoring"]["report"];
    assert_eq!(scoring["schema"], "scoring/1");
    // The demo's world ends today, and on every day there is enough in it for a score.
    assert_eq!(scoring["is_published"], true, "{}", scoring["finding"]);
    let scores = scoring["scores"].as_array().unwrap();
    assert!(scores.len() > 200, "{} open deals", scores.len());
    assert!(
        scores
            .iter()
            .all(|score| score["reasons"].as_array().is_some_and(|of| of.len() == 3))
    );
    check_nothing_is_left(&user);
}

#[test]
fn a_demo_that_is_interrupted_leaves_nothing_behind_either() {
    let user = User::new();
    let ended = {
        let _one_at_a_time = consent();
        let mut running = Running::start(user.bare(&["demo", "--json"]), "");
        running.wait_for("Reading");
        running.signal("INT");
        running.end()
    };
    let refusal = ended.refusal();
    assert_eq!((refusal.status, refusal.code.as_str()), (130, "cancelled"));
    check_nothing_is_left(&user);
}

/// But for the log that was asked for.
#[track_caller]
fn check_nothing_is_left(user: &User) {
    assert_eq!(user.files(), [user.log()]);
    for folder in ["home", "tmp"] {
        let left = std::fs::read_dir(user.root().join(folder)).unwrap().count();
        assert_eq!(left, 0, "{folder} holds as little as before");
    }
    assert!(!user.data().exists());
}
