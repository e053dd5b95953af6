//! Associations that change while no record's date moves.

use serde_json::json;

use crate::both::{Both, assert_same};

const DECISION_MAKER: u64 = 36;

fn labelled(both: &Both, label: &str) -> Vec<String> {
    both.copy.rows(&format!(
        "SELECT from_id, to_id FROM association WHERE from_type = 'deals' AND label = '{label}'"
    ))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_label_that_is_renamed_or_removed_is_followed() {
    let mut both = Both::in_its_time(40).await;
    // What the check after a run repairs would hide what the run itself reads.
    both.options.verify = false;
    both.sync().await;
    let before = labelled(&both, "Decision maker");
    assert!(!before.is_empty());
    both.sim.advance(0.05);
    both.tell(
        "label",
        &json!({ "typeId": DECISION_MAKER, "label": "Signs" }),
    );
    both.sync().await;
    assert_eq!(labelled(&both, "Signs"), before, "of closed deals too");
    assert!(labelled(&both, "Decision maker").is_empty());
    let kept = "SELECT label FROM association_label WHERE from_type = 'deals' \
                AND to_type = 'contacts' AND type_id = 36";
    assert_eq!(both.copy.rows(kept), ["Signs"]);

    both.sim.advance(0.05);
    both.tell("label", &json!({ "typeId": DECISION_MAKER }));
    both.sync().await;
    assert!(labelled(&both, "Signs").is_empty());
    assert_same(&both.copy.contents(), &both.another_copy().await, "labels");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_activity_that_comes_to_an_open_deal_or_leaves_it_is_seen_although_nothing_moves() {
    let mut both = Both::in_its_time(40).await;
    both.options.verify = false;
    both.sync().await;
    for object in ["calls", "communications", "line_items", "tickets"] {
        let open = both
            .copy
            .rows("SELECT record_id FROM deal WHERE is_closed = 0 AND archived = 0");
        let tied = both.copy.rows(&format!(
            "SELECT a.from_id, a.to_id FROM association a JOIN deal d ON d.record_id = a.to_id \
             WHERE a.from_type = '{object}' AND a.to_type = 'deals' AND d.is_closed = 1"
        ));
        let of_open = both.copy.rows(&format!(
            "SELECT a.from_id, a.to_id FROM association a JOIN deal d ON d.record_id = a.to_id \
             WHERE a.from_type = '{object}' AND a.to_type = 'deals' AND d.is_closed = 0"
        ));
        both.sim.advance(0.01);
        let (comes, _) = tied[0].split_once(" | ").unwrap();
        let pair = |record: &str, deal: &str| json!({ "fromType": object, "fromId": record, "toType": "deals", "toId": deal });
        both.tell("associate", &pair(comes, &open[0]));
        let left = of_open.first().map(|row| row.split_once(" | ").unwrap());
        if let Some((leaves, deal)) = left {
            both.tell("disassociate", &pair(leaves, deal));
        }
        both.sync().await;
        let rows = |record: &str, deal: &str| {
            both.copy.rows(&format!(
                "SELECT type_id FROM association WHERE from_type = '{object}' \
                 AND from_id = {record} AND to_type = 'deals' AND to_id = {deal}"
            ))
        };
        assert_eq!(rows(comes, &open[0]).len(), 1, "{object}");
        if let Some((leaves, deal)) = left {
            assert!(rows(leaves, deal).is_empty(), "{object}");
        }
    }
}
