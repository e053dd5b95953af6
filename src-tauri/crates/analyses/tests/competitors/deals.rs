//! Deals of a timeline, at a moment.

use analyses::competitors::{About, Deal, Outcome, deals_of};
use crm::RecordId;

use crate::world::{day, deal, portal};

fn at(n: i64) -> Vec<Deal> {
    let timeline = portal(vec![
        deal(1, "", &[(0, "a-new"), (10, "a-offer"), (20, "a-lost")]),
        deal(
            2,
            "",
            &[(0, "b-new"), (30, "b-won"), (40, "b-offer"), (50, "b-won")],
        ),
        deal(3, "", &[(15, "a-won")]),
    ]);
    let about = |id: RecordId| About {
        segment: format!("segment {id}"),
        company: None,
    };
    deals_of(&timeline, day(n), about)
}

#[track_caller]
fn check(found: &[Deal], expected: &[(u64, Outcome, &str)]) {
    let read: Vec<_> = found
        .iter()
        .map(|deal| (deal.id.get(), deal.outcome, deal.stage.as_str()))
        .collect();
    assert_eq!(read, expected);
}

#[test]
fn deals_stand_as_they_stood() {
    let open = Outcome::Open;
    check(&at(12), &[(1, open, "a/a-offer"), (2, open, "b/b-new")]);
    check(
        &at(35),
        &[
            (1, Outcome::Lost(day(20)), "a/a-offer"),
            (2, Outcome::Won(day(30)), "b/b-new"),
            (3, Outcome::Won(day(15)), ""),
        ],
    );
    // Opened again, and won again.
    assert_eq!(at(45)[1].outcome, open);
    assert_eq!(at(60)[1].outcome, Outcome::Won(day(50)));
    assert_eq!(at(60)[1].stage, "b/b-offer");
    assert_eq!(at(60)[1].segment, "segment 2");
}
