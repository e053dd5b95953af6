//! Scores of contacts, through the program.

use crate::plumbline::User;

/// What is told of a synced demo's contacts. Whether there are scores of them may differ by the day.
pub(crate) fn check(user: &User, portal: &str) {
    let asked = ["report", "scoring", portal, "--of", "contacts"];
    let view = user.json(&asked);
    let report = &view["report"];
    let (card, groups) = (&report["card"], &report["groups"]);
    assert_eq!(card["of"], "contacts");
    assert_eq!(card["event"]["text"], "converted within 90 days");
    let count = |of: &str| card["population"][of].as_f64().unwrap();
    assert!(count("won") > 10.0 && count("lost") > 10.0, "{card}");
    assert_eq!(count("records"), count("won") + count("lost"));
    assert_eq!(groups[0]["query"]["name"], "contacts_behind_score");
    let names = view["names"].as_object().unwrap();
    assert!(groups[2]["n"].as_u64() > Some(10), "{groups}");
    let table = user.run(&asked).output();
    for words in ["Base rate", "converted within 90 days", "not advice"] {
        assert!(table.contains(words), "{words:?} in\n{table}");
    }
    let train = ["score", "train", portal, "--of", "contacts"];
    let scores = report["scores"].as_array().unwrap();
    if let Some(first) = scores.first() {
        assert!(names.contains_key(first["record"].as_str().unwrap()));
        let trained = user.json(&train);
        assert_eq!(trained["takes_over"], true, "{trained}");
        assert_eq!(trained["scored"].as_u64(), Some(scores.len() as u64));
        let contact = first["record"].as_str().unwrap();
        let explain = ["score", "explain", portal, contact, "--of", "contacts"];
        assert_eq!(user.json(&explain)["explanation"]["score"], *first);
        let kept = "select count(*) as n from score where reasons is not null";
        let kept = &user.json(&["sql", portal, kept])["rows"][0][0];
        assert_eq!(kept.as_u64(), Some(scores.len() as u64), "{kept}");
    } else {
        let refusal = user.refused(&train);
        assert_eq!((refusal.status, refusal.code.as_str()), (19, "refused"));
    }
    let card = ["score", "card", portal, "--of", "contacts"];
    assert_eq!(user.json(&card)["card"]["of"], "contacts");
    assert_eq!(
        user.refused(&card[..3]).status,
        2,
        "none was kept of deals yet"
    );
    let bad = [&asked[..], &["--property", "deals.dealtype"]].concat();
    assert_eq!(user.refused(&bad).code, "bad_input");
}
