//! Scores that are published: from the training to the deals behind a reason.

use serde_json::{Value, json};

use crate::plumbline::User;
use crate::schema;
use crate::simulator::Simulator;

const SCHEMA: &str = include_str!("../../docs/schemas/scoring-1.json");

#[test]
fn a_portal_that_tells_something_is_scored_explained_and_scored_by_an_older_model() {
    let sim = Simulator::serve(&["--world", "demo", "--seed", "7", "--limits", "off"]);
    let user = User::new();
    let portal = user.connect(&sim);
    user.json(&["sync", &portal]);

    let trained = user.json(&["score", "train", &portal]);
    assert_eq!(trained["model"]["version"], 1);
    assert_eq!(trained["model"]["is_published"], true, "{trained}");
    assert_eq!(trained["takes_over"], true);
    let scored = trained["scored"].as_u64().unwrap();
    assert!(scored > 200, "{scored} open deals");

    let deal = check_report(&user, &portal, scored);
    check_card(&user, &portal);
    check_explanation(&user, &portal, &deal);
    check_properties(&user, &portal);
    check_models(&user, &portal);
}

/// Every open deal has a score with its band, its percentile and three reasons. Gives the likeliest.
fn check_report(user: &User, portal: &str, scored: u64) -> String {
    let answer = user.json(&["report", "scoring", portal]);
    let report = &answer["report"];
    schema::check(SCHEMA, report);
    assert_eq!(answer["version"], 1);
    assert_eq!(report["is_published"], true);
    let scores = report["scores"].as_array().unwrap();
    assert_eq!(scores.len() as u64, scored);
    let number = |score: &Value, name: &str| score[name].as_f64().unwrap();
    assert!(scores.is_sorted_by(|a, b| number(a, "probability") >= number(b, "probability")));
    for score in scores {
        assert!((0.0..=1.0).contains(&number(score, "probability")));
        assert!((0.0..=1.0).contains(&number(score, "percentile")));
        let reasons = score["reasons"].as_array().unwrap();
        assert_eq!(reasons.len(), 3, "{score}");
        assert!(
            reasons
                .iter()
                .all(|reason| reason["log_odds"] != json!(0.0))
        );
    }
    let bands: Vec<&str> = scores
        .iter()
        .map(|of| of["band"].as_str().unwrap())
        .collect();
    for band in ["top", "upper", "lower", "bottom"] {
        let of = bands.iter().filter(|found| **found == band).count();
        assert!(of * 5 > bands.len(), "{of} of {} are {band}", bands.len());
    }
    let table = user
        .run(&["report", "scoring", portal, "--deals", "5"])
        .output();
    for words in [
        "open deals are scored",
        "Strongest reasons",
        "Top quarter",
        "--deals N prints more",
        "not advice",
    ] {
        assert!(table.contains(words), "{words:?} in\n{table}");
    }
    scores[0]["record"].as_str().unwrap().to_owned()
}

fn check_card(user: &User, portal: &str) {
    let card = user.run(&["score", "card", portal]).output();
    for words in [
        "Model 1",
        "In use. It is the first.",
        "the rate by stage alone",
        "Calibration slope",
        "What counts most",
    ] {
        assert!(card.contains(words), "{words:?} in\n{card}");
    }
}

/// The reasons add up to the score, and each opens the deals that it rests on.
fn check_explanation(user: &User, portal: &str, deal: &str) {
    let answer = user.json(&["score", "explain", portal, deal]);
    let of = &answer["explanation"];
    let log_odds = |value: &Value| value["log_odds"].as_f64().unwrap();
    let reasons = of["reasons"].as_array().unwrap();
    let sum: f64 = reasons.iter().map(log_odds).sum();
    let expected = of["expected_log_odds"].as_f64().unwrap();
    assert!((expected + sum - log_odds(of)).abs() < 1e-9, "{of}");
    let probability = of["score"]["probability"].as_f64().unwrap();
    assert!((1.0 / (1.0 + (-log_odds(of)).exp()) - probability).abs() < 1e-9);
    let groups = of["groups"].as_array().unwrap();
    assert_eq!(groups.len(), reasons.len());
    for (group, reason) in groups.iter().zip(reasons) {
        assert_eq!(group["id"], reason["column"]);
        assert_eq!(
            group["n"].as_u64().unwrap() as usize,
            group["records"].as_array().unwrap().len()
        );
    }
    let first = groups
        .iter()
        .find(|group| group["n"].as_u64() > Some(20))
        .unwrap();
    let column = first["id"].as_str().unwrap();
    let text = user
        .run(&["score", "explain", portal, deal, "--behind", column])
        .output();
    let behind = first["records"][0].as_str().unwrap();
    for words in ["The mean deal", "Together", column, behind, "not advice"] {
        assert!(text.contains(words), "{words:?} in\n{text}");
    }
    let bad = ["score", "explain", portal, deal, "--behind", "Shoe size"];
    assert_eq!(user.run(&bad).status.code(), Some(2));
}

/// A further property is kept, and the next training learns from it.
fn check_properties(user: &User, portal: &str) {
    let names = |list: &Value| -> Vec<String> {
        let list = list.as_array().unwrap().iter();
        list.map(|of| of["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let before = user.json(&["score", "properties", portal]);
    assert!(names(&before["usual"]).contains(&"companies.industry".to_owned()));
    assert!(names(&before["chosen"]).is_empty());
    assert!(names(&before["offered"]).contains(&"deals.main_competitor".to_owned()));
    let unknown = ["score", "properties", portal, "--learn", "shoe_size"];
    assert_eq!(user.refused(&unknown).code, "bad_input");
    let chosen = ["score", "properties", portal, "--learn", "annualrevenue"];
    let after = user.json(&chosen);
    assert_eq!(names(&after["chosen"]), ["companies.annualrevenue"]);
    assert_eq!(after["chosen"][0]["label"], "Annual revenue");
    let table = user.run(&["score", "properties", portal]).output();
    assert!(
        table.contains("chosen") && table.contains("always"),
        "{table}"
    );
}

/// Two models side by side; the older one is used again, and that is taken back.
fn check_models(user: &User, portal: &str) {
    let trained = user.json(&["score", "train", portal]);
    assert_eq!(
        trained["model"]["properties"],
        json!(["companies.annualrevenue"])
    );
    let columns = trained["model"]["card"]["columns"].as_array().unwrap();
    assert!(
        columns
            .iter()
            .any(|column| column["name"] == "Annual revenue")
    );
    let in_use = |models: &Value| -> Vec<u64> {
        let models = models.as_array().unwrap().iter();
        let used = models.filter(|model| model["in_use"].is_string());
        used.map(|model| model["version"].as_u64().unwrap())
            .collect()
    };
    let models = user.json(&["score", "models", portal]);
    assert_eq!(in_use(&models), [2]);
    for model in models.as_array().unwrap() {
        assert!(
            model["judged"]["auc"]["low"].as_f64() > Some(0.55),
            "{model}"
        );
        assert_eq!(model["event"]["horizon_days"], 90);
    }
    let done = user.json(&["score", "use", portal, "1"]);
    assert_eq!(
        (&done["before"], in_use(&done["models"])),
        (&json!(2), vec![1])
    );
    assert_eq!(user.json(&["report", "scoring", portal])["version"], 1);
    let back = user.run(&["score", "use", portal, "2"]).output();
    assert!(back.contains("in place of model 1"), "{back}");
    let table = user.run(&["score", "models", portal]).output();
    for words in [
        "Log loss",
        "Model 2 is in use. Chosen by hand in place of model 1.",
        "kept",
    ] {
        assert!(table.contains(words), "{words:?} in\n{table}");
    }
    assert_eq!(
        user.refused(&["score", "use", portal, "9"]).code,
        "bad_input"
    );
}
