//! The comparison with HubSpot's own counts, as a person and a script see it.

use serde_json::{Value, json};

use crate::plumbline::User;
use crate::simulator::Simulator;

/// A deal of the copy.
#[track_caller]
fn a_deal(user: &User, portal: &str) -> String {
    let asked = "select min(record_id) from record where object_type = 'deals' and archived = 0";
    user.json(&["sql", portal, asked])["rows"][0][0].to_string()
}

#[track_caller]
fn of<'v>(found: &'v Value, object: &str) -> &'v Value {
    let objects = found["objects"].as_array().unwrap();
    objects.iter().find(|of| of["object"] == object).unwrap()
}

#[test]
fn what_was_archived_behind_our_back_is_explained_and_told() {
    let sim = Simulator::small();
    let user = User::new();
    let portal = user.connect(&sim);
    let report = user.json(&["sync", &portal]);
    let after_sync = &report["reconciliation"];
    assert_eq!(after_sync["unexplained"], 0, "{after_sync}");
    let live = sim.look("counts")["deals"]["live"].as_u64().unwrap();
    assert_eq!(of(after_sync, "deals")["theirs"], live);
    assert_eq!(of(after_sync, "deals")["ours"], live);
    assert_eq!(
        user.json(&["status", &portal])["reconciliation"]["unexplained"],
        0
    );

    let deal = a_deal(&user, &portal);
    sim.tell("archive", &json!({ "objectType": "deals", "id": deal }));
    let found = user.json(&["verify", &portal]);
    assert_eq!(found["unexplained"], 0, "{found}");
    assert_eq!(of(&found, "deals")["theirs"], live - 1);
    assert_eq!(of(&found, "deals")["ours"], live);
    assert_eq!(of(&found, "deals")["explained"]["archived"], 1);
    assert_eq!(
        found["differences"],
        json!([{ "object": "deals", "id": deal, "why": "archived" }])
    );
    let asked =
        format!("select archived from record where object_type = 'deals' and record_id = {deal}");
    assert_eq!(user.json(&["sql", &portal, &asked])["rows"], json!([[1]]));

    let table = user.run(&["verify", &portal]).output();
    for words in [
        "Object",
        "Month",
        "Unexplained",
        "deals",
        "nothing is missing",
    ] {
        assert!(table.contains(words), "{words}: {table}");
    }
    let status = user.run(&["status", &portal]).output();
    assert!(
        status.contains("Compared with HubSpot's counts"),
        "{status}"
    );
}

#[test]
fn a_comparison_that_hubspot_does_not_answer_fails_and_says_so() {
    let sim = Simulator::small();
    let user = User::new();
    let portal = user.connect(&sim);
    user.json(&["sync", &portal]);
    sim.tell(
        "faults",
        &json!({ "contains": "/search", "status": 400, "body": { "status": "error", "category": "VALIDATION_ERROR" } }),
    );
    assert_eq!(user.refused(&["verify", &portal]).code, "refused");
    sim.recover();
    assert_eq!(user.json(&["verify", &portal])["unexplained"], 0);
}
