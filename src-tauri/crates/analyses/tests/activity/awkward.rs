//! Portals as they are: empty, imported, without losses, logged afterwards.

use analyses::activity::Measure;
use analyses::activity::report::{ActivityReport, RungKind, Verdict};
use timeline::{Activity, ActivityKind, DealPart, Tracked};

use super::world::{Truth, day, deal, deals, one, report, row};

fn some(seed: u64) -> Vec<DealPart> {
    let truth = Truth {
        deals: 400,
        ..Truth::null()
    };
    deals(seed, truth)
}

fn codes(report: &ActivityReport) -> Vec<&str> {
    report.notes.iter().map(|note| note.code.as_str()).collect()
}

/// The effects of all rungs, without the notes and groups.
fn figures(report: &ActivityReport) -> String {
    serde_json::to_string(&report.rows).unwrap()
}

#[test]
fn an_empty_portal_says_that_it_cannot_tell() {
    let report = report(Vec::new());
    assert!(
        report.finding.starts_with("Too few deals"),
        "{}",
        report.finding
    );
    assert!(
        report
            .rows
            .iter()
            .all(|row| matches!(row.verdict, Verdict::TooFew | Verdict::NotUsed))
    );
    assert_eq!((report.questions, report.stalled.n), (0, 0));
    assert!(codes(&report).contains(&"no_activities"));
}

#[test]
fn without_losses_it_says_that_they_are_not_recorded() {
    let mut won = some(1);
    won.retain(|deal| deal.versions.iter().all(|version| version.value != "lost"));
    let report = report(won);
    assert!(codes(&report).contains(&"losses_not_recorded"));
}

#[test]
fn openings_are_shown_and_weigh_nothing() {
    let report = report(some(2));
    let opened = row(&report, Measure::EmailsOpened, 14);
    assert_eq!(opened.verdict, Verdict::NotUsed);
    let kinds: Vec<_> = opened.rungs.iter().map(|rung| rung.rung).collect();
    assert_eq!(kinds, [RungKind::Raw, RungKind::PerWeek]);
    assert_eq!((opened.q, opened.e_value), (None, None));
}

/// The placebo outcome: what comes after the ending can have no part in it.
#[test]
fn what_is_logged_after_the_ending_counts_for_nothing() {
    let plain = figures(&report(some(3)));
    let mut later = some(3);
    for deal in &mut later {
        let ended = deal
            .versions
            .iter()
            .filter(|v| v.value == "won" || v.value == "lost");
        let Some(at) = ended.map(|version| version.at).max() else {
            continue;
        };
        let after = at.plus(jiff::SignedDuration::from_hours(5));
        for kind in [ActivityKind::Meeting, ActivityKind::Call] {
            // Held long before, or so it is said afterwards.
            let before = at.plus(jiff::SignedDuration::from_hours(-24 * 20));
            deal.activities
                .extend([after, before].map(|happened_at| Activity {
                    happened_at,
                    known_at: after,
                    ..one(kind, None, 0.0)
                }));
        }
    }
    let found = report(later);
    assert_eq!(plain, figures(&found));
}

#[test]
fn what_programs_make_is_left_out() {
    let plain = figures(&report(some(4)));
    let mut more = some(4);
    for deal in &mut more {
        let sequence = deal.activities.iter().map(|activity| Activity {
            automatic: Some(true),
            kind: ActivityKind::Email,
            ..*activity
        });
        let sequence: Vec<_> = sequence.collect();
        deal.activities.extend(sequence);
    }
    let found = report(more);
    assert_eq!(plain, figures(&found));
    assert!(codes(&found).contains(&"automatic"));
}

/// Imported all at once, one owner, one amount or none, ended on the first day, deleted, reopened: no
/// figure that is not a number, and the report still comes.
#[test]
fn awkward_portals_have_a_report() {
    let one_day = |deal: DealPart| DealPart {
        created_at: Some(day(300.0)),
        ..deal
    };
    let worlds: Vec<Vec<DealPart>> = vec![
        some(5).into_iter().map(one_day).collect(),
        some(6)
            .into_iter()
            .map(|mut deal| {
                deal.versions
                    .retain(|v| !matches!(v.property, Tracked::Amount | Tracked::Owner));
                deal
            })
            .collect(),
        some(7)
            .into_iter()
            .map(|deal| {
                let at = deal.created_at.unwrap();
                deal.with(Tracked::Amount, at, "-5")
            })
            .collect(),
        some(8)
            .into_iter()
            .map(|mut deal| {
                deal.archived = deal.id.get() % 3 == 0;
                deal.archived_at = deal.archived.then(|| day(650.0));
                deal.with(Tracked::Stage, day(690.0), "new")
            })
            .collect(),
        (1..300)
            .map(|id| deal(id, 10.0, 1, 5.0).with(Tracked::Stage, day(10.5), "won"))
            .collect(),
    ];
    for deals in worlds {
        let report = report(deals);
        let text = serde_json::to_string(&report).unwrap();
        for row in &report.rows {
            for effect in row.rungs.iter().filter_map(|rung| rung.effect) {
                assert!(
                    effect.low.is_finite() && effect.high.is_finite() && effect.low <= effect.high
                );
            }
        }
        assert!(!text.contains("NaN"), "{}", report.finding);
    }
}

#[test]
fn a_stalled_deal_lacks_what_others_had_at_its_stage_and_age() {
    // Thirty deals met on their tenth day and moved on soon after the fortieth; six sit there and never
    // met.
    let mut all: Vec<DealPart> = (1..=30)
        .map(|id| {
            let from = 100.0 + id as f64;
            let stay = if id % 5 == 0 { 70.0 } else { 20.0 };
            let mut deal = deal(id, from, 1, 100.0).with(Tracked::Stage, day(from + stay), "offer");
            for week in 0..10 {
                let at = from + 3.0 + 7.0 * f64::from(week);
                deal.activities.push(one(ActivityKind::Meeting, None, at));
            }
            deal.with(Tracked::Stage, day(from + stay + 10.0), "won")
        })
        .collect();
    all.extend((31..=36).map(|id| deal(id, 655.0, 1, 100.0)));
    let report = report(all);
    let stalled = &report.stalled;
    assert_eq!(stalled.n, 6);
    assert!(
        stalled
            .deals
            .iter()
            .all(|deal| deal.lacks == [Measure::Meetings] && deal.stage == "new")
    );
    assert_eq!(stalled.deals[0].days_in_stage, 45);
    let meetings = &stalled.rows[0];
    assert_eq!((meetings.measure, meetings.without), (Measure::Meetings, 6));
    assert!(
        meetings.stalled == 0.0 && (meetings.others - 1.0).abs() < 1e-9,
        "{meetings:?}"
    );
}
