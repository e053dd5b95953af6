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
    assert!(both.unseen().is_empty());
}

impl Both {
    /// The ids of contacts that are kept although HubSpot shows them no more.
    fn unseen(&self) -> Vec<String> {
        self.copy
            .rows("SELECT record_id FROM unseen_record WHERE object_type = 'contacts' ORDER BY 1")
    }

    fn erase(&self, ids: &[String]) {
        for id in ids {
            self.tell("gdpr-delete", &json!({ "id": id }));
        }
    }

    /// Whether anything is here of some contacts: of all of them, or of none.
    fn has(&self, ids: &[String]) -> bool {
        let left = |table: &str| {
            let count = format!(
                "SELECT DISTINCT record_id FROM {table} WHERE object_type = 'contacts' \
                 AND record_id IN ({})",
                ids.join(", ")
            );
            self.copy.rows(&count).len()
        };
        let records = left("record");
        assert!(records == 0 || records == ids.len(), "{records}");
        assert!(records > 0 || left("property_version") == 0);
        records > 0
    }
}

const DAY: i64 = 24 * 3_600_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_out_of_sight_for_a_month_is_purged() {
    let both = Both::in_its_time(60).await;
    both.sync().await;
    let all = both.copy.rows(CONTACTS);
    let hide = json!({ "objectType": "contacts", "team": "300" });
    both.tell("hide", &hide);
    let found = both.sync().await.reconciliation.unwrap();
    let unseen = both.unseen();
    assert!(unseen.len() > 20);
    let told = contacts(&found).out_of_sight.unwrap();
    assert_eq!(told.records, u64::try_from(unseen.len()).unwrap());
    let end = told.purged_from.unwrap();
    assert_eq!(end.millis() - told.since.millis(), 30 * DAY);
    let kept = both.copy.store.read(store::last_reconciliation).unwrap();
    assert_eq!(contacts(&kept.unwrap()).out_of_sight, Some(told));

    // They are no reason to keep another one that is erased meanwhile.
    let one = all.iter().find(|id| !unseen.contains(id)).unwrap().clone();
    both.erase(std::slice::from_ref(&one));
    both.sync().await;
    assert!(!both.has(&[one]));
    assert!(both.has(&unseen));

    both.sim.advance(29.5);
    let found = both.sync().await.reconciliation.unwrap();
    assert!(found.is_clean(), "{:?}", contacts(&found));
    assert!(both.has(&unseen), "a month is not over");
    assert_eq!(contacts(&found).out_of_sight.unwrap().since, told.since);

    both.sim.advance(1.1);
    let found = both.sync().await.reconciliation.unwrap();
    assert!(found.is_clean(), "{:?}", contacts(&found));
    assert!(!both.has(&unseen));
    let again = both.unseen();
    assert!(!unseen.iter().any(|id| again.contains(id)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_purged_while_the_token_lacks_a_scope_that_it_had() {
    let both = Both::in_its_time(60).await;
    let token = both.connect(&["contacts", "more"]);
    both.sync().await;
    let gone = both.copy.rows(CONTACTS)[..5].to_vec();
    both.erase(&gone);
    let token = both.renew(token, &["contacts"]);
    for days in [0.0, 1.1, 31.0] {
        both.sim.advance(days);
        let found = both.sync().await.reconciliation.unwrap();
        assert!(found.is_clean(), "{:?}", contacts(&found));
        assert!(both.has(&gone), "{days} days on");
        assert_eq!(both.unseen(), gone);
        let told = contacts(&found).out_of_sight.unwrap();
        assert_eq!((told.records, told.purged_from), (5, None));
    }
    // With all of them it would see the records, were they there.
    both.renew(token, &["contacts", "more", "another"]);
    both.reread().await;
    assert!(!both.has(&gone));
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
