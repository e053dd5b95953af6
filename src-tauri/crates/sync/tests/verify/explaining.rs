//! What happened behind the copy's back is told apart.

use crm::{ObjectType, RecordId};
use hubspot_sim::Change;
use serde_json::json;
use store::Why;

use crate::both::{Both, assert_same};

fn archive(id: RecordId) -> Change {
    Change::Archive {
        object_type: "deals".to_owned(),
        id: id.to_string(),
    }
}

fn purge(id: RecordId) -> Change {
    Change::Purge {
        object_type: "deals".to_owned(),
        id: id.to_string(),
    }
}

async fn check(make: impl Fn(RecordId, RecordId) -> Change, why: &[Why]) {
    let both = Both::new(40).await;
    both.sync().await;
    let (first, second) = both.two_deals();
    let change = make(first, second);
    both.sim.change(&change).unwrap();
    let found = both.verify().await;
    assert_eq!(found.unexplained(), 0, "{change:?}: {found:?}");
    let mut told: Vec<Why> = found.differences.iter().map(|each| each.why).collect();
    told.sort();
    assert_eq!(told, why, "{change:?}");
    let again = both.verify().await;
    assert!(
        again.is_clean() && again.differences.is_empty(),
        "{change:?}: {again:?}"
    );
    // What HubSpot reckons from the record stands on others, and moves no date of theirs.
    both.reread().await;
    let whole = both.another_copy().await;
    assert_same(&both.copy.contents(), &whole, &format!("{change:?}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archived_record_is_marked_so() {
    check(|first, _| archive(first), &[Why::Archived]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erased_record_is_gone_from_here_too() {
    check(|first, _| purge(first), &[Why::Purged]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_that_keeps_the_id_is_followed() {
    let merge = |id: RecordId, other: RecordId| Change::Merge {
        object_type: "deals".to_owned(),
        id: id.to_string(),
        other: other.to_string(),
        keeps_id: true,
    };
    // The survivor takes the older date of creation, and changed after the sync.
    check(merge, &[Why::Merged, Why::Newer]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_index_has_not_seen_yet_is_not_taken_for_lost() {
    let both = Both::new(40).await;
    both.sync().await;
    // Every deal changes, and for an hour the index knows none of them.
    both.tell("bulk-touch", &json!({ "objectType": "deals" }));
    both.tell("search-lag", &json!({ "seconds": 3_600 }));
    let found = both.verify().await;
    assert_eq!(found.unexplained(), 0, "{found:?}");
    let newer = found
        .differences
        .iter()
        .filter(|each| each.why == Why::Newer);
    let deals = both.live(&ObjectType::DEALS);
    assert_eq!(u64::try_from(newer.count()).unwrap(), deals, "{found:?}");
    both.tell("search-lag", &json!({ "seconds": 0 }));
    assert_same(&both.copy.contents(), &both.another_copy().await, "lag");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_after_changes_asks_only_about_what_may_have_moved() {
    let both = Both::new(40).await;
    let first = both.sync().await.reconciliation.unwrap();
    assert!(first.whole && first.is_clean(), "{first:?}");
    let searches = both.searches();
    let second = both.sync().await.reconciliation.unwrap();
    assert!(!second.whole && second.is_clean(), "{second:?}");
    let months = |of: &store::Reconciliation| -> usize {
        of.objects.iter().map(|object| object.months.len()).sum()
    };
    assert_eq!(months(&first), months(&second), "the months are remembered");
    let asked = both.searches() - searches;
    assert!(
        asked < u64::try_from(months(&first)).unwrap(),
        "{asked} searches"
    );
}
