//! The counts alone: the whole and its months.

use crate::both::Both;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_sync_every_month_of_every_type_agrees() {
    let both = Both::new(40).await;
    both.sync().await;
    let found = both.verify().await;
    assert!(found.is_clean(), "{found:?}");
    assert!(found.whole);
    assert!(found.objects.len() >= both.options.objects.len());
    for object in &found.objects {
        assert_eq!(object.theirs, Some(object.ours), "{}", object.object);
        assert!(object.months.iter().all(|line| line.theirs == line.ours));
        let months: u64 = object.months.iter().map(|line| line.theirs).sum();
        assert_eq!(months, object.ours, "{}", object.object);
    }
    for plan in &both.options.objects {
        let of = found.objects.iter().find(|of| of.object == plan.object);
        assert_eq!(of.unwrap().ours, both.live(&plan.object), "{}", plan.object);
        assert!(of.unwrap().months.len() > 1, "{}", plan.object);
    }
    // What was found is kept as it was told.
    let kept = both
        .copy
        .store
        .read(store::last_reconciliation)
        .unwrap()
        .unwrap();
    assert_eq!(kept, found);
}
