//! Quotas: every version stays, and a past moment knows those of its time.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod fixture;

use crm::{Moment, OwnerId, PipelineId, TeamId, parse_amount};
use fixture::{Fixture, moment};
use store::{PortalStore, QuotaOf, QuotaScope, QuotaVersion, add_quota, quotas};

fn version(at: u64, whose: QuotaOf, amount: Option<&str>) -> QuotaVersion {
    QuotaVersion {
        set_at: moment(at),
        scope: QuotaScope {
            first_day: "2028-02-01".parse().unwrap(),
            last_day: "2028-02-29".parse().unwrap(),
            pipeline: Some(PipelineId::new("default")).filter(|_| whose == QuotaOf::All),
            whose,
        },
        amount: amount.and_then(parse_amount),
        currency: "EUR".parse().unwrap(),
    }
}

fn known(store: &PortalStore, until: Moment) -> Vec<QuotaVersion> {
    store.read(|connection| quotas(connection, until)).unwrap()
}

#[test]
fn versions_come_back_as_they_were_entered_and_not_before() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let entered = [
        version(10, QuotaOf::All, Some("120000.00")),
        version(20, QuotaOf::Team(TeamId::new("7")), Some("9.99")),
        version(20, QuotaOf::Owner(OwnerId::new(512)), Some("3")),
        version(30, QuotaOf::All, None),
    ];
    for version in &entered {
        store.write_durable(|tx| add_quota(tx, version)).unwrap();
    }
    assert_eq!(known(&store, moment(30)), entered);
    assert_eq!(known(&store, moment(29)), entered[..3]);
    assert_eq!(known(&store, moment(9)), []);
    drop(store);
    assert_eq!(known(&fixture.open(1), moment(30)), entered);
}

#[test]
fn no_version_is_changed_or_removed() {
    let fixture = Fixture::new();
    let store = fixture.portal(1);
    let entered = version(10, QuotaOf::All, Some("120000.00"));
    store.write(|tx| add_quota(tx, &entered)).unwrap();
    for sql in ["UPDATE quota SET amount = '1'", "DELETE FROM quota"] {
        let tried = store.write(|tx| Ok(tx.execute(sql, [])?));
        assert!(tried.is_err(), "{sql}");
    }
    assert_eq!(known(&store, moment(10)), [entered]);
}
