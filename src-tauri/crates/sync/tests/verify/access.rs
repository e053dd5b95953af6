//! What the token may no longer see is not taken for erased.

use crm::ObjectType;
use serde_json::json;
use store::{ObjectReconciliation, Reconciliation};

use crate::both::{Both, assert_same};

const CONTACTS: &str =
    "SELECT record_id FROM record WHERE object_type = 'contacts' AND archived = 0";
const VERSIONS: &str = "SELECT record_id, property, at, value FROM property_version \
                        WHERE object_type = 'contacts' ORDER BY 1, 2, 3";

fn contacts(found: &Reconciliation) -> &ObjectReconciliation {
    let mut objects = found.objects.iter();
    let of = objects.find(|of| of.object == ObjectType::CONTACTS);
    of.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_team_that_is_out_of_sight_stays_and_is_told_as_no_access() {
    let both = Both::in_its_time(60).await;
    both.sync().await;
    let (known, versions) = (both.copy.rows(CONTACTS), both.copy.rows(VERSIONS));
    let hide = json!({ "objectType": "contacts", "team": "300" });
    let hidden = both.tell("hide", &hide)["hidden"].as_u64().unwrap();
    assert!(hidden > 20, "{hidden} are no more than may be erased");

    let report = both.sync().await;
    assert_eq!(both.copy.rows(CONTACTS), known, "they are still here");
    assert_eq!(both.copy.rows(VERSIONS), versions, "and so is their past");
    let found = report.reconciliation.unwrap();
    assert!(found.is_clean(), "{:?}", contacts(&found));
    assert_eq!(contacts(&found).explained().no_access, hidden);
    assert_eq!(contacts(&found).explained().purged, 0);

    // Looked at again, also record by record: the same.
    both.reread().await;
    let found = both.verify().await;
    assert_eq!(both.copy.rows(CONTACTS), known);
    assert_eq!(contacts(&found).explained().no_access, hidden);

    both.tell("show", &json!({}));
    both.reread().await;
    let found = both.verify().await;
    assert!(
        found.is_clean() && found.differences.is_empty(),
        "{:?}",
        found.differences
    );
    assert_same(
        &both.copy.contents(),
        &both.another_copy().await,
        "seen again",
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_few_that_are_nowhere_are_erased() {
    let both = Both::in_its_time(60).await;
    both.sync().await;
    let ids = both.copy.rows(CONTACTS);
    for id in &ids[..5] {
        both.tell("gdpr-delete", &json!({ "id": id }));
    }
    let found = both.sync().await.reconciliation.unwrap();
    assert!(found.is_clean(), "{:?}", contacts(&found));
    for table in ["record", "property_version"] {
        let left = format!(
            "SELECT record_id FROM {table} WHERE object_type = 'contacts' AND record_id IN ({})",
            ids[..5].join(", ")
        );
        assert!(both.copy.rows(&left).is_empty(), "{table}");
    }
}
