//! This machine's clock may be hours off: what changed is read all the same.

use serde_json::json;

use crate::both::{Both, assert_same};

async fn check(hours_off: i64) {
    let both = Both::hours_off(20, hours_off).await;
    both.sync().await;
    for round in 1..=3 {
        both.sim.advance(1.0 / 24.0);
        let (deal, other) = both.two_deals();
        let name = format!("Round {round}");
        both.tell(
            "set-property",
            &json!({ "objectType": "deals", "id": deal.to_string(), "property": "dealname", "value": name }),
        );
        both.tell(
            "archive",
            &json!({ "objectType": "deals", "id": other.to_string() }),
        );
        // Answers tell their time in whole seconds.
        both.sim.advance(1.0 / 1_440.0);
        let report = both.sync().await;
        assert!(report.streams.iter().all(|stream| stream.done));
        let read = both
            .copy
            .rows(&format!("SELECT name FROM deal WHERE record_id = {deal}"));
        assert_eq!(read, [name], "{hours_off} hours off");
        let found = report.reconciliation.unwrap();
        assert!(found.is_clean(), "{hours_off} hours off: {found:?}");
    }
    let about = format!("{hours_off} hours off");
    assert_same(&both.copy.contents(), &both.another_copy().await, &about);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_hours_ahead() {
    check(5).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_hours_behind() {
    check(-5).await;
}
