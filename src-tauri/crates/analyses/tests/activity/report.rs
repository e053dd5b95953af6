//! The report's shape, its words, and that its figures open what they say.

use std::collections::BTreeSet;

use analyses::activity::report::ActivityReport;
use analyses::activity::{Measure, SCHEMA, activity};
use crm::PipelineId;
use timeline::DealPart;

use super::world::{DAYS, Truth, day, deals, portal, question, report};

const DOCUMENT: &str = include_str!("../../../../../docs/schemas/activity-1.json");

fn small(seed: u64) -> Vec<DealPart> {
    let truth = Truth {
        deals: 500,
        meeting: 2.0,
        ..Truth::null()
    };
    deals(seed, truth)
}

fn bytes(report: &ActivityReport) -> String {
    serde_json::to_string(report).unwrap()
}

#[test]
fn the_report_has_the_documented_shape() {
    for deals in [small(1), Vec::new()] {
        let report = serde_json::to_value(report(deals)).unwrap();
        crate::schema::check(DOCUMENT, &report);
        assert_eq!(report["schema"], SCHEMA);
    }
    let asked = analyses::activity::ActivityQuestion {
        pipeline: Some(PipelineId::new("default")),
        ..question()
    };
    let timeline = portal(small(1));
    let report = serde_json::to_value(activity(&timeline, &asked).unwrap()).unwrap();
    crate::schema::check(DOCUMENT, &report);
    let unknown = analyses::activity::ActivityQuestion {
        pipeline: Some(PipelineId::new("gone")),
        ..question()
    };
    assert!(activity(&timeline, &unknown).is_none());
}

#[test]
fn every_figure_opens_as_many_deals_as_it_counts() {
    let report = report(small(2));
    assert_eq!(report.rows.len(), Measure::ALL.len() * 3);
    let mut opened = 0;
    for row in &report.rows {
        for rung in &row.rungs {
            let group = report
                .groups
                .iter()
                .find(|group| group.id == rung.group)
                .unwrap();
            let different: BTreeSet<_> = group.deals.iter().collect();
            assert_eq!(
                different.len() as u32,
                rung.n,
                "{} {:?}",
                row.label,
                rung.rung
            );
            assert_eq!((group.n, group.deals.len() as u32), (rung.n, rung.n));
            assert!(rung.exposed <= rung.n && rung.won <= rung.n);
            assert!(
                group
                    .query
                    .parameters
                    .iter()
                    .any(|p| p.value.matches(',').count() as u32 + 1 == rung.n || rung.n == 0)
            );
            opened += rung.n;
        }
    }
    assert!(opened > 1_000);
    assert_eq!(report.stalled.n as usize, report.stalled.deals.len());
}

#[test]
fn the_same_data_gives_the_same_bytes_in_whatever_order_they_come() {
    let first = bytes(&report(small(3)));
    let mut turned = small(3);
    turned.reverse();
    for deal in &mut turned {
        deal.activities.reverse();
    }
    assert_eq!(first, bytes(&report(turned)));
}

#[test]
fn what_happens_later_does_not_move_the_report_of_then() {
    let then = day(400.0);
    let asked = analyses::activity::ActivityQuestion {
        as_of: then,
        ..question()
    };
    let known: Vec<DealPart> = small(4)
        .into_iter()
        .filter(|deal| deal.created_at.is_some_and(|at| at <= then))
        .map(|mut deal| {
            deal.versions.retain(|version| version.at <= then);
            deal.activities.retain(|activity| activity.known_at <= then);
            deal
        })
        .collect();
    let of = |deals| bytes(&activity(&portal(deals), &asked).unwrap());
    assert_eq!(of(small(4)), of(known));
    assert!(day(DAYS) > then);
}

/// No claim that the data cannot carry.
#[test]
fn nothing_is_said_to_drive_anything() {
    let verb = ["dri", "v"].concat();
    let causal = [verb.as_str(), "causes", "thanks to", "leads to", "boost"];
    let mut texts = vec![
        include_str!("../../src/activity/words.rs").to_owned(),
        include_str!("../../src/activity/measure.rs").to_owned(),
        include_str!("../../../cli/src/verbs/activity.rs").to_owned(),
        include_str!("../../../../../docs/report-activity.md").to_owned(),
        DOCUMENT.to_owned(),
    ];
    texts.extend([small(5), Vec::new()].map(|deals| bytes(&report(deals))));
    for text in texts {
        let text = text.to_lowercase();
        for word in causal {
            assert!(!text.contains(word), "{word}");
        }
    }
}
