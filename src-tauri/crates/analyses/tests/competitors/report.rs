//! The report from texts to figures.

use analyses::competitors::text::{CompetitorId, Format, Reason, Role};
use analyses::competitors::{
    AlertRule, Caution, CompetitorQuestion, CompetitorReport, Deal, Outcome, Source, Text,
    competitors,
};
use crm::{Moment, OwnerId, RecordId};
use jiff::SignedDuration;

use crate::labelled::reader;

fn day(n: i64) -> Moment {
    Moment::from_millis(1_704_067_200_000).plus(SignedDuration::from_hours(24 * n))
}

fn deal(id: u64, outcome: Outcome) -> Deal {
    Deal {
        id: RecordId::new(id),
        outcome,
        segment: "software".to_owned(),
        stage: "offer".to_owned(),
        company: Some(RecordId::new(1_000 + id)),
        owner: Some(OwnerId::new(id % 3)),
        amount: None,
        undecided: false,
    }
}

fn text(deal: u64, source: Source, at: i64, text: &str) -> Text {
    Text {
        deal: RecordId::new(deal),
        source,
        at: Some(day(at)),
        format: if source == Source::Note {
            Format::Html
        } else {
            Format::Plain
        },
        text: text.to_owned(),
    }
}

/// Twelve deals: six won against Zoho, four lost to it, one lost to nobody, one lost without a word.
fn world() -> (Vec<Deal>, Vec<Text>) {
    let mut deals: Vec<Deal> = (1..=6).map(|id| deal(id, Outcome::Won(day(100)))).collect();
    deals.extend((7..=12).map(|id| deal(id, Outcome::Lost(day(100)))));
    let mut texts: Vec<Text> = (1..=11)
        .map(|id| text(id, Source::Note, 50, "<p>Also looking at <b>Zoho</b>.</p>"))
        .collect();
    texts.extend((7..=10).map(|id| text(id, Source::LossReason, 100, "Lost to Zoho")));
    texts.push(text(11, Source::LossReason, 100, "no decision made"));
    texts.push(text(
        12,
        Source::LossReason,
        100,
        "Went with Vtiger, not Odoo",
    ));
    (deals, texts)
}

fn asked(at: i64) -> CompetitorReport {
    let (deals, texts) = world();
    let question = CompetitorQuestion {
        as_of: day(at),
        weeks: 13,
        rule: AlertRule::default(),
        seed: 7,
    };
    competitors(&reader(), deals, &texts, &question).unwrap()
}

#[test]
fn a_report_counts_deals_and_opens_their_sentences() {
    let report = asked(120);
    assert_eq!(
        (report.deals, report.won, report.lost, report.texts),
        (12, 6, 6, 17)
    );
    let zoho = &report.cells[0];
    assert_eq!(zoho.competitor, CompetitorId::new("zoho"));
    let rate = zoho.win_rate.unwrap();
    // The loss to nobody is not one of them.
    assert_eq!((rate.n, zoho.deals.len()), (10, 10));
    assert!((rate.value - 0.6).abs() < 1e-12);
    let share = zoho.share_of_losses.unwrap();
    assert_eq!((share.n, zoho.lost_deals.len()), (6, 4));
    assert_eq!(report.reasons[0].reason, Reason::NoDecision);
    assert_eq!(report.reasons[0].deals, [RecordId::new(11)]);
    assert_eq!(report.waiting[0].name, "Vtiger");
    assert_eq!(report.cautions, [Caution::NamesWaiting]);
    let odoo = report
        .mentions
        .iter()
        .find(|m| m.competitor.as_str() == "odoo")
        .unwrap();
    assert!(odoo.negated);
    assert!(
        report
            .cells
            .iter()
            .all(|cell| cell.competitor.as_str() != "odoo")
    );
    let note = &report.mentions[0];
    assert_eq!(
        (note.role, note.sentence.as_str()),
        (Role::Evaluated, "Also looking at Zoho.")
    );
}

#[test]
fn before_the_close_nothing_is_known_of_it() {
    let report = asked(60);
    assert_eq!((report.won, report.lost, report.texts), (0, 0, 11));
    assert!(report.cells.is_empty() && report.reasons.is_empty() && report.alerts.is_empty());
    assert_eq!(report.mentions.len(), 11);
}

#[test]
fn the_same_rows_in_any_order_give_the_same_bytes() {
    let (mut deals, mut texts) = world();
    deals.reverse();
    texts.reverse();
    let question = CompetitorQuestion {
        as_of: day(120),
        weeks: 13,
        rule: AlertRule::default(),
        seed: 7,
    };
    let reversed = competitors(&reader(), deals, &texts, &question).unwrap();
    let bytes = |report: &CompetitorReport| serde_json::to_string(report).unwrap();
    assert_eq!(bytes(&asked(120)), bytes(&reversed));
    assert!(bytes(&reversed).starts_with(r#"{"schema":"competitors/1","as_of":"#));
}

#[test]
fn where_no_loss_is_recorded_the_report_says_so() {
    let (deals, texts) = world();
    let won = deals
        .into_iter()
        .filter(|deal| deal.outcome.is_won())
        .collect();
    let question = CompetitorQuestion {
        as_of: day(120),
        weeks: 1,
        rule: AlertRule::default(),
        seed: 7,
    };
    let report = competitors(&reader(), won, &texts, &question).unwrap();
    assert!(report.cautions.contains(&Caution::LossesNotRecorded));
}

/// The document names every field, whatever the report holds.
#[test]
fn the_report_has_the_shape_that_is_documented() {
    const DOCUMENT: &str = include_str!("../../../../../docs/schemas/competitors-1.json");
    let (mut deals, mut texts) = world();
    // Enough of everything for each part to have something in it.
    for n in 20..120 {
        let outcome = if n % 2 == 0 {
            Outcome::Won(day(110))
        } else {
            Outcome::Lost(day(110 + (i64::try_from(n).unwrap() % 8)))
        };
        let mut more = deal(n, outcome);
        more.segment = if n % 3 == 0 { "shops" } else { "software" }.to_owned();
        more.stage = if n % 5 == 0 { "demo" } else { "offer" }.to_owned();
        more.amount = Some(1_000.0);
        deals.push(more);
        if n % 4 < 2 {
            texts.push(text(n, Source::Note, 50, "Also looking at Zoho"));
        }
        if n % 8 == 1 {
            texts.push(text(n, Source::LossReason, 110, "Lost to Zoho"));
        }
    }
    let question = CompetitorQuestion {
        as_of: day(120),
        weeks: 13,
        rule: AlertRule::default(),
        seed: 7,
    };
    let full = competitors(&reader(), deals, &texts, &question).unwrap();
    assert!(
        !full.adjusted.rows.is_empty(),
        "{:?}",
        full.adjusted.why_none
    );
    assert!(!full.loss_stages.is_empty() && !full.margins.is_empty());
    for row in &full.loss_stages {
        let lost: usize = row.stages.iter().map(|stage| stage.deals.len()).sum();
        let cell = full
            .cells
            .iter()
            .find(|cell| cell.competitor == row.competitor);
        assert_eq!(lost, cell.unwrap().lost_deals.len());
    }
    for report in [asked(120), asked(60), full] {
        crate::schema::check(DOCUMENT, &serde_json::to_value(report).unwrap());
    }
}
