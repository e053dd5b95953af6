//! What is there is found, what is not is not: over many worlds. A few always; all of them when
//! `PLUMBLINE_WORLDS` says how many, such as 200.

use analyses::activity::report::{ActivityReport, RungKind, Verdict};
use analyses::activity::{ActivityQuestion, Measure, activity};
use stats::wilson;

use super::world::{Truth, deals, portal, question, report, row};

fn worlds(few: u64) -> u64 {
    let asked = std::env::var("PLUMBLINE_WORLDS").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(few)
}

fn survives(report: &ActivityReport, measure: Measure) -> bool {
    let mut rows = report.rows.iter();
    rows.any(|row| row.measure == measure && row.verdict == Verdict::SurvivesAdjustment)
}

/// Of activities without any effect, hardly any survives: counted by worlds in which any does, which is
/// more than of activities.
#[test]
fn an_activity_without_effect_does_not_survive() {
    let n = worlds(6);
    let mut wrong = 0;
    for seed in 0..n {
        let report = report(deals(seed, Truth::null()));
        assert!(report.questions >= 24, "{} questions", report.questions);
        let any = report
            .rows
            .iter()
            .any(|row| row.verdict == Verdict::SurvivesAdjustment);
        wrong += u32::from(any);
    }
    println!("something without effect survives in {wrong} of {n} worlds");
    let (k, n) = (f64::from(wrong), n as f64);
    assert!(wilson(k, n, 0.95).low <= 0.05, "{k} of {n}");
}

/// A hazard that is 1.5 times as high is found among 2,000 deals, whatever else is asked.
#[test]
fn a_hazard_of_one_and_a_half_is_found() {
    let n = worlds(6);
    let truth = Truth {
        meeting: 1.5,
        ..Truth::null()
    };
    let (mut found, mut associated) = (0, 0);
    for seed in 0..n {
        let report = report(deals(1_000 + seed, truth));
        found += u32::from(survives(&report, Measure::Meetings));
        associated += u32::from(
            row(&report, Measure::Meetings, 14)
                .q
                .is_some_and(|q| q <= 0.1),
        );
    }
    println!(
        "a hazard ratio of 1.5 survives in {found} of {n} worlds, is significant in {associated}"
    );
    let (k, n) = (f64::from(found), n as f64);
    assert!(wilson(k, n, 0.95).high >= 0.80, "{k} of {n}");
}

/// The reason for the ladder: raw, an activity without any effect looks strong.
#[test]
fn a_raw_difference_is_found_where_nothing_is() {
    let report = report(deals(3, Truth::null()));
    let of = |kind| {
        let row = row(&report, Measure::EmailsSent, 14);
        row.rungs
            .iter()
            .find(|rung| rung.rung == kind)
            .unwrap()
            .effect
            .unwrap()
    };
    assert!(of(RungKind::Raw).low > 0.05, "{:?}", of(RungKind::Raw));
    let adjusted = of(RungKind::Adjusted);
    assert!(adjusted.low < 0.0 && 0.0 < adjusted.high, "{adjusted:?}");
}

/// The intervals of the adjusted difference hold the truth, which is nothing.
#[test]
fn intervals_hold_nothing_where_nothing_is() {
    let (mut held, mut all) = (0, 0);
    for seed in 0..worlds(6) {
        let asked = ActivityQuestion {
            measures: vec![Measure::Meetings, Measure::CallsIn, Measure::Notes],
            windows: vec![14],
            ..question()
        };
        let report = activity(&portal(deals(2_000 + seed, Truth::null())), &asked).unwrap();
        for row in &report.rows {
            for kind in [RungKind::Landmark, RungKind::Adjusted, RungKind::Matched] {
                let rung = row.rungs.iter().find(|rung| rung.rung == kind).unwrap();
                let Some(effect) = rung.effect else { continue };
                held += u32::from(effect.low <= 0.0 && 0.0 <= effect.high);
                all += 1;
            }
        }
    }
    let share = f64::from(held) / f64::from(all);
    println!("{:.1} % of {all} intervals hold nothing", 100.0 * share);
    assert!(
        wilson(f64::from(held), f64::from(all), 0.99).high >= 0.95,
        "{share}"
    );
}
