//! The fiscal year: the calendar's until another is set, and the last one set from then on.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod fixture;

use crm::FiscalYear;
use fixture::Fixture;
use store::{PortalStore, fiscal_year, set_fiscal_year};

#[track_caller]
fn check(store: &PortalStore, first_month: i8) {
    let found = store.read(fiscal_year).unwrap();
    assert_eq!(found.first_month(), first_month);
}

#[test]
fn the_last_one_set_holds_in_its_own_portal() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let other = fixture.portal(2);
    check(&store, 1);
    for month in [4, 2] {
        let year = FiscalYear::try_from(month).unwrap();
        store.write_durable(|tx| set_fiscal_year(tx, year)).unwrap();
        check(&store, month);
    }
    check(&other, 1);
    drop(store);
    check(&fixture.open(1), 2);
}
