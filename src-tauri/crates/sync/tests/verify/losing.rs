//! Pagers that lose what public connectors lose, and whether that is noticed, named and set right.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use crm::{ObjectType, RecordId};
use store::{PortalStore, StoreError};
use sync::{Landing, OneTransaction, Page, Reconciliation, Rows, Why};

use crate::both::{Both, assert_same};

/// What a pager does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loss {
    /// Takes the first short page for the last one (airbyte#80744).
    StopsAtShortPage,
    /// Goes on after the limit of a query with an id that compares otherwise (airbyte#80346).
    SkipsIdsAtTheLimit,
    /// Leaves a page's loop at a record without versions, where it should go on with the next (dlt).
    DropsAfterEmptyHistory,
    /// Reads the first page of a record's associations (estuary/connectors#1974).
    FirstPageOfAssociations,
    /// Leaves a whole type's last month out.
    NoNewest,
}

/// Records of a page, in the tests here.
const PAGE: usize = 10;

/// Stores what is left of each page, and remembers what is not.
struct Losing {
    loss: Loss,
    seen: Mutex<usize>,
    lost: Mutex<BTreeSet<(ObjectType, RecordId)>>,
}

impl Losing {
    fn lose(&self, page: &mut Page) {
        match (&mut page.rows, self.loss) {
            (
                Rows::Records(object, rows),
                Loss::StopsAtShortPage | Loss::SkipsIdsAtTheLimit | Loss::NoNewest,
            ) if *object == ObjectType::DEALS => {
                let mut seen = self.seen.lock().unwrap();
                let mut lost = self.lost.lock().unwrap();
                rows.retain(|row| {
                    *seen += 1;
                    let is_lost = match self.loss {
                        Loss::StopsAtShortPage => *seen > 2 * PAGE,
                        Loss::SkipsIdsAtTheLimit => (PAGE + 1..PAGE + 4).contains(&*seen),
                        _ => row.created_at.unwrap() > "2026-10-01".parse().unwrap(),
                    };
                    if is_lost {
                        lost.insert((object.clone(), row.id));
                    }
                    !is_lost
                });
            }
            (Rows::Records(object, rows), Loss::DropsAfterEmptyHistory)
                if *object == ObjectType::DEALS =>
            {
                // The first record of the page is the one without versions.
                for row in rows.iter_mut().skip(1) {
                    row.histories.clear();
                }
            }
            (Rows::Associations { found, .. }, Loss::FirstPageOfAssociations) => {
                let mut last = None;
                found.retain(|row| last.replace(row.from) != Some(row.from));
            }
            _ => {}
        }
    }
}

impl Landing for Losing {
    fn land(&self, store: &PortalStore, page: &Page) -> Result<(), StoreError> {
        let mut page = page.clone();
        self.lose(&mut page);
        OneTransaction.land(store, &page)
    }
}

fn named(found: &Reconciliation, why: Why) -> BTreeSet<(ObjectType, RecordId)> {
    let of = found.differences.iter().filter(|each| each.why == why);
    of.map(|each| (each.object.clone(), each.id)).collect()
}

async fn check(loss: Loss) {
    let mut both = Both::new(40).await;
    both.options.page_size = Some(PAGE);
    both.options.verify = false;
    let losing = Arc::new(Losing {
        loss,
        seen: Mutex::new(0),
        lost: Mutex::default(),
    });
    both.sync_landing(losing.clone()).await;
    let lost = losing.lost.lock().unwrap().clone();
    let whole = both.another_copy().await;
    assert_ne!(both.copy.contents(), whole, "{loss:?} loses nothing");

    let found = both.verify().await;
    assert_eq!(found.unexplained(), 0, "{loss:?}: {found:?}");
    assert_eq!(named(&found, Why::Repaired), lost, "{loss:?}");
    assert_eq!(found.differences.len(), lost.len(), "{loss:?}");
    match loss {
        Loss::StopsAtShortPage | Loss::SkipsIdsAtTheLimit | Loss::NoNewest => {
            assert!(!lost.is_empty(), "{loss:?}");
            let deals = found.objects.iter();
            let deals = deals.filter(|of| of.object == ObjectType::DEALS);
            let explained: u64 = deals.map(|of| of.explained().repaired).sum();
            assert_eq!(explained, u64::try_from(lost.len()).unwrap());
        }
        Loss::DropsAfterEmptyHistory => {
            let histories = found.samples.iter().filter(|sample| sample.to.is_none());
            let mut of_deals = histories.filter(|sample| sample.object == ObjectType::DEALS);
            let of = of_deals.next().unwrap();
            assert!(of.missing > 0 && of.missing == of.repaired, "{of:?}");
        }
        Loss::FirstPageOfAssociations => {
            let missing: u64 = found.samples.iter().map(|sample| sample.missing).sum();
            assert!(missing > 0);
        }
    }
    assert_same(&both.copy.contents(), &whole, &format!("{loss:?}"));

    let again = both.verify().await;
    assert!(
        again.is_clean() && again.differences.is_empty(),
        "{again:?}"
    );
    assert!(again.samples.iter().all(|sample| sample.missing == 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pager_that_stops_at_a_short_page() {
    check(Loss::StopsAtShortPage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pager_that_skips_ids_at_the_limit_of_a_query() {
    check(Loss::SkipsIdsAtTheLimit).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pager_that_leaves_a_page_at_an_empty_history() {
    check(Loss::DropsAfterEmptyHistory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pager_that_reads_the_first_page_of_associations() {
    check(Loss::FirstPageOfAssociations).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pager_that_never_gets_to_the_newest() {
    check(Loss::NoNewest).await;
}
