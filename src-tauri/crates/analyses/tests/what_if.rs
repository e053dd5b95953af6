//! A forecast under suppositions: each deal keeps its luck, and the parts sum to the cent.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop where its fixture is damaged"
)]

mod world;

use analyses::forecast::report::{Change, ForecastReport, WhatIfReport};
use analyses::forecast::{ForecastQuestion, Kept, Quota, forecast_and_keep};
use crm::{PipelineId, RecordId, StageId, parse_amount};
use rust_decimal::Decimal;
use timeline::{DealPart, Tracked};
use world::{HAZARDS, amount, d, day, deal, grown, portal, question};

/// Day 700 is 1 December 2025; the period is that quarter.
fn made(deals: Vec<DealPart>) -> (ForecastReport, Kept) {
    let history = grown(1, 800, 1_000, HAZARDS);
    let timeline = portal(history.into_iter().chain(deals).collect());
    let asked = ForecastQuestion {
        quota: Some(Quota {
            amount: parse_amount("400000").unwrap(),
            currency: "EUR".parse().unwrap(),
            set_at: day(600),
            versions: 1,
        }),
        ..question(day(700), "2025-10-01", "2025-12-31")
    };
    let (report, kept) = forecast_and_keep(&timeline, &asked);
    (report, kept.unwrap())
}

fn big() -> Vec<DealPart> {
    let closing = |deal: DealPart| deal.with(Tracked::CloseDate, day(650), "2025-12-20");
    vec![
        closing(deal(10_001, "100000", &[(650, "a-offer")])),
        deal(10_002, "50000", &[(650, "a-new")]),
        deal(10_003, "", &[(650, "a-new")]),
    ]
}

fn id(deal: u64) -> RecordId {
    RecordId::new(deal)
}

fn check(report: &ForecastReport, answer: &WhatIfReport) {
    let sum: Decimal = answer.deals.iter().map(|row| row.change.amount).sum();
    assert_eq!(sum, answer.change.amount, "the deals sum to the change");
    assert_eq!(
        answer.after.total.amount - answer.before.total.amount,
        answer.change.amount
    );
    assert_eq!(Some(answer.before.total), report.total.value);
    assert_eq!(Some(answer.before.hubspot), report.hubspot.value);
    let spread = report.spread.as_ref().unwrap();
    let cents = |a: Decimal, b: Decimal| (a - b).abs() <= Decimal::new(2, 2);
    assert!(cents(answer.before.p10.amount, spread.p10.amount));
    assert!(cents(answer.before.p50.amount, spread.p50.amount));
    assert!(cents(answer.before.p90.amount, spread.p90.amount));
    assert_eq!(
        answer.before.quota,
        report.quota.as_ref().unwrap().probability
    );
}

#[test]
fn nothing_supposed_changes_nothing() {
    let (report, kept) = made(big());
    let answer = kept.what_if(&[]);
    check(&report, &answer);
    assert_eq!(answer.before, answer.after);
    assert!(answer.deals.is_empty() && answer.unknown.is_empty());
}

#[test]
fn a_dropped_deal_takes_what_it_counted() {
    let (report, kept) = made(big());
    let answer = kept.what_if(&[
        Change::Drop { deal: id(10_001) },
        Change::Drop { deal: id(7) },
    ]);
    check(&report, &answer);
    let counted = world::row(&report, 10_001).contribution.unwrap().amount;
    assert_eq!(answer.change.amount, -counted);
    assert_eq!(amount(Some(answer.deals[0].after)).as_deref(), Some("0.00"));
    // HubSpot's 60 % of it goes, too.
    assert_eq!(
        answer.before.hubspot.amount - answer.after.hubspot.amount,
        Decimal::from(60_000)
    );
    // The same as if the deal had never been there, but for what is learned from it.
    assert!(answer.after.p90.amount < answer.before.p90.amount - Decimal::from(20_000));
    assert!(answer.after.quota.unwrap().value <= answer.before.quota.unwrap().value);
    assert_eq!(answer.unknown.len(), 1);
}

#[test]
fn a_date_beyond_the_end_brings_nothing_and_one_inside_counts_for_hubspot() {
    let (report, kept) = made(big());
    let late = kept.what_if(&[Change::CloseOn {
        deal: id(10_001),
        day: d("2026-01-01"),
    }]);
    let gone = kept.what_if(&[Change::Drop { deal: id(10_001) }]);
    check(&report, &late);
    assert_eq!((late.after, late.change), (gone.after, gone.change));
    let inside = kept.what_if(&[Change::CloseOn {
        deal: id(10_002),
        day: d("2025-12-31"),
    }]);
    check(&report, &inside);
    assert_eq!(amount(Some(inside.change)).as_deref(), Some("0.00"));
    assert_eq!(
        inside.after.hubspot.amount - inside.before.hubspot.amount,
        Decimal::from(10_000)
    );
}

#[test]
fn amounts_and_chances_move_what_is_counted() {
    let (report, kept) = made(big());
    let doubled = kept.what_if(&[Change::Amount {
        deal: id(10_001),
        amount: Decimal::from(200_000),
    }]);
    check(&report, &doubled);
    let counted = world::row(&report, 10_001).contribution.unwrap().amount;
    assert!((doubled.change.amount - counted).abs() <= Decimal::new(1, 2));
    let certain = kept.what_if(&[Change::Chance {
        deal: id(10_001),
        chance: 1.0,
    }]);
    check(&report, &certain);
    assert!(certain.after.p10.amount > certain.before.p10.amount);
    let row = &certain.deals[0];
    let chance = world::row(&report, 10_001).probability.unwrap().value;
    let expected = counted / Decimal::try_from(chance).unwrap();
    assert!(
        (row.after.amount - expected).abs() < Decimal::ONE,
        "{row:?} {expected}"
    );
    // A chance that is no number, or beyond 1, is brought within its bounds.
    for chance in [2.0, f64::INFINITY, f64::NAN, -1.0] {
        let answer = kept.what_if(&[Change::Chance {
            deal: id(10_001),
            chance,
        }]);
        check(&report, &answer);
    }
}

#[test]
fn rates_move_a_stage_or_all() {
    let (report, kept) = made(big());
    let all = kept.what_if(&[Change::Rates {
        stage: None,
        factor: 1.1,
    }]);
    check(&report, &all);
    let before = all.before.expected_from_open.amount;
    let after = all.after.expected_from_open.amount;
    let ratio: f64 = (after / before).try_into().unwrap();
    assert!((ratio - 1.1).abs() < 0.001, "{ratio}");
    // The draws follow: no deal that was won is lost, and some are won beside.
    assert!(all.after.p10.amount >= all.before.p10.amount);
    assert!(all.after.p50.amount >= all.before.p50.amount);
    assert!(all.after.p90.amount > all.before.p90.amount);
    let one = kept.what_if(&[Change::Rates {
        stage: Some((PipelineId::new("a"), StageId::new("a-offer"))),
        factor: 0.0,
    }]);
    check(&report, &one);
    let offers = report
        .deals
        .iter()
        .filter(|row| row.stage_id.as_str() == "a-offer");
    let counted: Decimal = offers
        .filter_map(|row| row.contribution)
        .map(|m| m.amount)
        .sum();
    assert_eq!(one.change.amount, -counted);
}

#[test]
fn the_same_supposition_gives_the_same_bytes() {
    let changes = [
        Change::Drop { deal: id(10_001) },
        Change::Rates {
            stage: None,
            factor: 0.9,
        },
    ];
    let text = |kept: &Kept| serde_json::to_string(&kept.what_if(&changes)).unwrap();
    let (_, kept) = made(big());
    let (_, again) = made(big());
    assert_eq!(text(&kept), text(&again));
    let wire = serde_json::to_string(&changes).unwrap();
    let back: Vec<Change> = serde_json::from_str(&wire).unwrap();
    assert_eq!(back, changes);
}
