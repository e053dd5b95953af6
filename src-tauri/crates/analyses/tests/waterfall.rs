//! The waterfall as a report: its words, its deals, its shape on the wire.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop where its fixture is damaged"
)]

mod schema;
mod world;

use analyses::forecast::{Period, Whose};
use analyses::waterfall::report::WaterfallReport;
use analyses::waterfall::{WaterfallQuestion, waterfall};
use crm::{OwnerId, PipelineId, RecordId};
use rust_decimal::Decimal;
use timeline::waterfall::Line;
use timeline::{DealPart, Timeline, Tracked};
use world::{HAZARDS, d, day, deal, grown, portal};

const SCHEMA: &str = include_str!("../../../../docs/schemas/waterfall-1.json");

/// Seven open deals of the first quarter: three are pushed, one shrinks, one grows, one is won.
fn quarter() -> Timeline {
    let due = |id: u64, amount: &str| {
        deal(id, amount, &[(0, "a-new")])
            .with(Tracked::CloseDate, day(0), "2024-03-15")
            .with(Tracked::Owner, day(0), "7")
    };
    let pushed = |id, amount| due(id, amount).with(Tracked::CloseDate, day(30), "2024-05-01");
    let mut shrunk = due(4, "50000").with(Tracked::Amount, day(31), "36000");
    shrunk.name = Some("Rope & Sons".to_owned());
    portal(vec![
        pushed(1, "20000"),
        pushed(2, "40000"),
        pushed(3, "16000"),
        shrunk,
        due(5, "1000").with(Tracked::Amount, day(32), "7000.50"),
        due(6, "3"),
    ])
}

fn question() -> WaterfallQuestion {
    WaterfallQuestion {
        from: day(10),
        to: day(60),
        pipeline: Some(PipelineId::new("a")),
        whose: Whose::All,
        closing: Some(Period {
            first_day: d("2024-01-01"),
            last_day: d("2024-03-31"),
        }),
    }
}

#[test]
fn the_sentence_tells_the_facts_and_opens_its_deals() {
    let report = waterfall(&quarter(), &question()).unwrap();
    assert_eq!(
        report.summary.text,
        "\u{2212}84k EUR: three pushes \u{2212}76k, one down-sell \u{2212}14k, one up-sell +6k."
    );
    let told: Vec<_> = report
        .summary
        .clauses
        .iter()
        .map(|clause| {
            let ids: Vec<_> = clause.deals.iter().map(|id| id.get()).collect();
            (clause.line, clause.amount.amount.to_string(), ids)
        })
        .collect();
    assert_eq!(
        told,
        [
            (Line::PushedOut, "-76000.00".to_owned(), vec![2, 1, 3]),
            (Line::Down, "-14000.00".to_owned(), vec![4]),
            (Line::Up, "6000.50".to_owned(), vec![5]),
        ]
    );
    assert_eq!(report.change.amount.to_string(), "-83999.50");
    assert_eq!(report.residual.amount.to_string(), "0.00");
    let nobody = WaterfallQuestion {
        whose: Whose::Owner(OwnerId::new(8)),
        ..question()
    };
    let report = waterfall(&quarter(), &nobody).unwrap();
    assert_eq!(report.summary.text, "No change.");
    let elsewhere = WaterfallQuestion {
        pipeline: Some(PipelineId::new("zzz")),
        ..question()
    };
    assert!(waterfall(&quarter(), &elsewhere).is_none());
}

/// What is gone by now counted then; a merged deal names the one that it became part of.
#[test]
fn deals_that_are_gone_leave_a_tombstone() {
    let gone = |id, merged_into: Option<u64>| DealPart {
        archived: true,
        archived_at: Some(day(20)),
        merged_into: merged_into.map(RecordId::new),
        ..deal(id, "100", &[(0, "a-new")])
    };
    let timeline = portal(vec![
        gone(1, None),
        gone(2, Some(3)),
        deal(3, "100", &[(0, "a-new")]),
    ]);
    let until = |to| WaterfallQuestion {
        from: day(10),
        to: day(to),
        pipeline: None,
        whose: Whose::All,
        closing: None,
    };
    let before = waterfall(&timeline, &until(15)).unwrap();
    let ids = |ids: &[RecordId]| ids.iter().map(|id| id.get()).collect::<Vec<_>>();
    assert_eq!(ids(&before.end.deals), [1, 2, 3]);
    assert_eq!(ids(&before.end.gone_since), [1, 2]);

    let after = waterfall(&timeline, &until(25)).unwrap();
    assert_eq!(ids(&after.end.deals), [3]);
    assert!(after.end.gone_since.is_empty());
    let line = after.lines.iter().find(|l| l.line == Line::Gone).unwrap();
    let parts = line.deals.iter();
    let parts = parts.map(|part| (part.id.get(), part.merged_into.map(RecordId::get)));
    assert_eq!(parts.collect::<Vec<_>>(), [(1, None), (2, Some(3))]);
    assert_eq!(line.amount.amount.to_string(), "-200.00");
}

#[test]
fn every_line_sums_its_deals() {
    let timeline = portal(grown(5, 400, 300, HAZARDS));
    for (from, to) in [(0, 100), (50, 51), (100, 300), (299, 300)] {
        let asked = WaterfallQuestion {
            from: day(from),
            to: day(to),
            pipeline: None,
            whose: Whose::All,
            closing: None,
        };
        let report = waterfall(&timeline, &asked).unwrap();
        let mut explained = report.start.amount.amount;
        for line in &report.lines {
            let parts: Decimal = line.deals.iter().map(|part| part.amount.amount).sum();
            assert_eq!(line.amount.amount, parts, "{:?}", line.line);
            assert_eq!(line.n as usize, line.deals.len());
            explained += parts;
        }
        assert_eq!(explained, report.end.amount.amount);
        assert_eq!(report.end.n as usize, report.end.deals.len());
        assert_eq!(report.residual.amount.to_string(), "0.00");
        // The same question gives the same bytes.
        let again = waterfall(&timeline, &asked).unwrap();
        assert_eq!(text(&report), text(&again));
    }
}

fn text(report: &WaterfallReport) -> String {
    serde_json::to_string(report).unwrap()
}

#[test]
fn the_report_has_the_documented_shape() {
    schema::every_field_is_required(SCHEMA);
    let mut late = DealPart::new(9, day(0)).with(Tracked::Stage, day(30), "a-new");
    late.currency = Some("USD".parse().unwrap());
    late.home_amount = crm::parse_amount("9");
    let late = late.with(Tracked::Amount, day(30), "10");
    let asked = |owners: Option<u64>, closing| WaterfallQuestion {
        pipeline: None,
        whose: owners.map_or(Whose::All, |id| Whose::Owner(OwnerId::new(id))),
        closing,
        ..question()
    };
    let whole = asked(None, None);
    for (timeline, question) in [
        (quarter(), question()),
        (quarter(), asked(Some(7), question().closing)),
        (portal(vec![late]), whole),
    ] {
        let report = serde_json::to_value(waterfall(&timeline, &question).unwrap()).unwrap();
        schema::check(SCHEMA, &report);
        assert_eq!(report["schema"], analyses::waterfall::SCHEMA);
    }
}
