//! Deals with awkward lives, seen at moments.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop where its fixture is damaged"
)]

use crm::{Moment, PipelineId, RecordId, StageId};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use rust_decimal::Decimal;
use timeline::{
    DealIx, DealPart, Known, Parts, Pipeline, PortalClock, StageKind, StagePart, Timeline, Tracked,
};

fn m(text: &str) -> Moment {
    text.parse().unwrap()
}

fn stage(pipeline: &str, id: &str, label: &str, order: i64, closed: Option<f64>) -> StagePart {
    StagePart {
        pipeline: PipelineId::new(pipeline),
        id: StageId::new(id),
        label: label.to_owned(),
        order,
        probability: Some(closed.unwrap_or(0.4)),
        closed: Some(closed.is_some()),
    }
}

/// Two pipelines with a stage of the same label, and with a stage id that both use.
fn portal(deals: Vec<DealPart>) -> Timeline {
    let pipeline = |id: &str, order| Pipeline {
        id: PipelineId::new(id),
        label: "Sales".to_owned(),
        order,
    };
    Timeline::from_parts(Parts {
        clock: PortalClock {
            zone: TimeZone::get("Europe/Berlin").unwrap(),
            home_currency: "EUR".parse().unwrap(),
            fiscal_year: crm::FiscalYear::CALENDAR,
        },
        pipelines: vec![pipeline("default", 0), pipeline("9", 1)],
        stages: vec![
            stage("default", "new", "New", 0, None),
            stage("default", "offer", "Offer", 1, None),
            stage("default", "shared", "Shared", 2, None),
            stage("default", "won", "Won", 3, Some(1.0)),
            stage("default", "delivered", "Delivered", 4, Some(1.0)),
            stage("default", "lost", "Lost", 5, Some(0.0)),
            stage("9", "91", "New", 0, None),
            stage("9", "shared", "Shared", 1, None),
        ],
        owners: Vec::new(),
        deals,
    })
}

fn only(deal: DealPart) -> (Timeline, DealIx) {
    let timeline = portal(vec![deal]);
    let deal = timeline.deals().next().unwrap();
    (timeline, deal)
}

fn lived(stages: &[(&str, &str)]) -> DealPart {
    let mut deal =
        DealPart::new(1, m(stages[0].0)).with(Tracked::Pipeline, m(stages[0].0), "default");
    for (at, stage) in stages {
        deal = deal.with(Tracked::Stage, m(at), stage);
    }
    deal
}

#[track_caller]
fn check_won(timeline: &Timeline, deal: DealIx, at: &str, expected: Option<&str>) {
    let won = timeline
        .closing(deal, m(at))
        .filter(|closing| closing.kind == StageKind::Won);
    assert_eq!(
        won.map(|closing| closing.at),
        expected.map(m),
        "seen at {at}"
    );
}

#[test]
fn a_win_counts_from_the_entry_that_was_never_undone() {
    let (timeline, deal) = only(lived(&[
        ("2026-01-01", "new"),
        ("2026-02-01", "won"),
        ("2026-03-01", "offer"),
        ("2026-04-01", "won"),
        ("2026-05-01", "delivered"),
    ]));
    check_won(&timeline, deal, "2026-01-31", None);
    check_won(&timeline, deal, "2026-02-15", Some("2026-02-01"));
    check_won(&timeline, deal, "2026-03-15", None);
    check_won(&timeline, deal, "2026-04-15", Some("2026-04-01"));
    check_won(&timeline, deal, "2026-06-01", Some("2026-04-01"));
    assert!(timeline.as_of(m("2026-03-15")).open().next().is_some());
    assert!(timeline.as_of(m("2026-04-15")).open().next().is_none());
}

#[test]
fn a_deal_that_arrived_won_is_dated_by_its_close_date() {
    let arrival = || {
        DealPart::new(1, m("2024-05-01"))
            .with(Tracked::Pipeline, m("2026-01-10"), "default")
            .with(Tracked::Stage, m("2026-01-10"), "won")
    };
    let (timeline, deal) =
        only(arrival().with(Tracked::CloseDate, m("2026-01-10"), "2024-06-30T12:00:00Z"));
    check_won(&timeline, deal, "2026-01-09", None);
    check_won(&timeline, deal, "2026-01-10", Some("2024-06-30T12:00:00Z"));
    assert!(timeline.closing(deal, m("2026-02-01")).unwrap().on_arrival);
    // The close date known at the moment dates it, even where it is corrected within the day.
    let corrected = arrival()
        .with(Tracked::CloseDate, m("2026-01-10"), "2024-06-30")
        .with(Tracked::CloseDate, m("2026-01-10T12:00:00Z"), "2024-07-31");
    let (timeline, deal) = only(corrected);
    check_won(&timeline, deal, "2026-01-10T10:00:00Z", Some("2024-06-30"));
    check_won(&timeline, deal, "2026-01-11", Some("2024-07-31"));
    // A close date in the future does not move a win there.
    let (timeline, deal) = only(arrival().with(Tracked::CloseDate, m("2026-01-10"), "2026-09-01"));
    check_won(&timeline, deal, "2026-02-01", Some("2026-01-10"));
}

#[test]
fn the_amount_of_a_win_is_the_one_a_day_later() {
    let (timeline, deal) = only(
        lived(&[("2026-01-01", "new"), ("2026-02-01", "won")])
            .with(Tracked::Amount, m("2026-01-01"), "100")
            .with(Tracked::Amount, m("2026-02-01T20:00:00Z"), "120.50")
            .with(Tracked::Amount, m("2026-02-03"), "999"),
    );
    let amount = |at| {
        let closing = timeline.closing(deal, m(at)).unwrap();
        timeline
            .amount_won(deal, &closing, m(at))
            .value()
            .unwrap()
            .to_string()
    };
    assert_eq!(amount("2026-02-01T10:00:00Z"), "100");
    assert_eq!(amount("2026-02-02"), "120.50");
    assert_eq!(amount("2026-06-01"), "120.50");
}

#[test]
fn before_the_history_the_stage_is_unknown_and_the_deal_not_open() {
    let mut deal = lived(&[("2026-01-10", "offer")]);
    deal.created_at = Some(m("2023-01-01"));
    deal.versions[1].source = Some("IMPORT".to_owned());
    let (timeline, deal) = only(deal);
    let before = timeline.as_of(m("2025-01-01"));
    assert_eq!(before.deal(deal).unwrap().stage, Known::Unknown);
    assert!(before.open().next().is_none());
    assert!(timeline.as_of(m("2026-01-10")).open().next().is_some());
    assert!(timeline.from_import(deal));
    assert!(timeline.as_of(m("2022-01-01")).deal(deal).is_none());
}

#[test]
fn a_deleted_deal_is_known_then_and_gone_now() {
    let mut deal = lived(&[("2026-01-10", "offer")]);
    deal.archived = true;
    deal.archived_at = Some(m("2026-03-01"));
    let (timeline, deal) = only(deal);
    assert!(timeline.as_of(m("2026-02-28")).deal(deal).is_some());
    assert!(timeline.as_of(m("2026-03-01")).deal(deal).is_none());
    assert!(timeline.as_of(m("2026-03-01")).open().next().is_none());
}

#[test]
fn a_stage_id_that_two_pipelines_use_belongs_to_the_deals_pipeline() {
    let (timeline, deal) = only(
        DealPart::new(1, m("2026-01-01"))
            .with(Tracked::Pipeline, m("2026-01-01"), "default")
            .with(Tracked::Stage, m("2026-01-01"), "shared")
            .with(Tracked::Pipeline, m("2026-02-01"), "9")
            .with(Tracked::Stage, m("2026-02-01"), "91")
            .with(Tracked::Stage, m("2026-03-01"), "shared"),
    );
    let pipeline_at = |at| {
        let state = timeline.as_of(m(at)).deal(deal).unwrap();
        let stage = timeline.stage(state.stage.value().unwrap());
        assert_eq!(state.pipeline, Some(stage.pipeline));
        timeline.pipeline(stage.pipeline).id.to_string()
    };
    assert_eq!(pipeline_at("2026-01-15"), "default");
    assert_eq!(pipeline_at("2026-02-15"), "9");
    assert_eq!(pipeline_at("2026-03-15"), "9");
}

#[test]
fn a_stage_that_hubspot_no_longer_lists_stays_in_the_history() {
    let (timeline, deal) = only(lived(&[("2026-01-01", "retired"), ("2026-02-01", "won")]));
    let then = timeline.as_of(m("2026-01-15")).deal(deal).unwrap();
    assert_eq!(then.kind, Some(StageKind::Open));
    assert_eq!(timeline.stage(then.stage.value().unwrap()).label, "retired");
}

#[test]
fn the_deals_own_flags_overrule_the_stage() {
    // Three deals in a stage that the metadata calls open: two say won, one says open.
    let deals = (1..=3).map(|id| {
        let mut deal =
            DealPart::new(id, m("2026-01-01")).with(Tracked::Stage, m("2026-01-01"), "offer");
        (deal.is_closed, deal.is_won) = (Some(id != 3), Some(id != 3));
        deal
    });
    let timeline = portal(deals.collect());
    let snapshot = timeline.as_of(m("2026-02-01"));
    let kinds: Vec<_> = timeline
        .deals()
        .map(|deal| snapshot.deal(deal).unwrap().kind.unwrap())
        .collect();
    assert_eq!(kinds, [StageKind::Won, StageKind::Won, StageKind::Open]);
}

#[test]
fn pushes_are_moves_to_a_later_month_of_the_portal() {
    // 31 March 22:30 UTC is already April in Berlin (summer time since 29 March).
    let (timeline, deal) = only(
        lived(&[("2026-01-01", "new")])
            .with(Tracked::CloseDate, m("2026-01-01"), "2026-03-15")
            .with(Tracked::CloseDate, m("2026-01-02"), "2026-03-20")
            .with(Tracked::CloseDate, m("2026-01-03"), "2026-03-31T22:30:00Z")
            .with(Tracked::CloseDate, m("2026-01-04"), "2026-02-28")
            .with(Tracked::CloseDate, m("2026-01-05"), "2028-02-29"),
    );
    for (at, expected) in [
        ("2026-01-01", 0),
        ("2026-01-02", 0),
        ("2026-01-03", 1),
        ("2026-01-04", 1),
        ("2026-02-01", 2),
    ] {
        assert_eq!(timeline.as_of(m(at)).pushes(deal), expected, "at {at}");
    }
}

#[test]
fn names_and_ids_find_each_other() {
    let mut deals: Vec<_> = [30, 10, 20]
        .map(|id| DealPart::new(id, m("2026-01-01")))
        .into();
    deals[0].name = Some("Ünïcode 🚀".to_owned());
    deals[2].name = Some("plain".to_owned());
    let timeline = portal(deals);
    let names: Vec<_> = timeline.deals().map(|deal| timeline.name(deal)).collect();
    assert_eq!(names, [None, Some("plain"), Some("Ünïcode 🚀")]);
    let third = timeline.find(RecordId::new(30)).unwrap();
    assert_eq!((third.index(), timeline.id(third).get()), (2, 30));
    assert_eq!(timeline.find(RecordId::new(11)), None);
}

const STAGES: [&str; 6] = ["new", "offer", "won", "delivered", "lost", ""];

/// A deal of random versions: (when, what, which).
fn deals() -> impl Strategy<Value = Vec<Vec<(i64, usize, usize)>>> {
    let version = (0_i64..200, 0_usize..3, 0_usize..STAGES.len());
    proptest::collection::vec(proptest::collection::vec(version, 0..10), 1..6)
}

/// Moments six hours apart, so that several fall into the day of grace after a winning.
fn day(n: i64) -> Moment {
    Moment::from_millis(1_700_000_000_000 + n * 21_600_000)
}

fn build(deals: &[Vec<(i64, usize, usize)>]) -> Timeline {
    let deals = deals.iter().zip(1..).map(|(versions, id)| {
        let mut deal = DealPart::new(id, day(0));
        let mut seen = std::collections::BTreeSet::new();
        for &(at, what, which) in versions {
            // Two values of one moment have no order that could be replayed.
            if !seen.insert((at, what)) {
                continue;
            }
            deal = match what {
                0 => deal.with(Tracked::Stage, day(at), STAGES[which]),
                1 => {
                    let amount = ["10", "20", "-5", "0", "7.5", ""][which];
                    deal.with(Tracked::Amount, day(at), amount)
                }
                _ => {
                    let date = [
                        "2023-01-01",
                        "2023-11-15",
                        "2023-12-01",
                        "2024-02-29",
                        "x",
                        "",
                    ];
                    deal.with(Tracked::CloseDate, day(at), date[which])
                }
            };
        }
        deal
    });
    portal(deals.collect())
}

proptest! {
    /// Whatever happens after t, the picture of t stays the same.
    #[test]
    fn the_past_does_not_see_the_future(world in deals(), t in 0_i64..200) {
        let past: Vec<Vec<_>> = world
            .iter()
            .map(|versions| versions.iter().copied().filter(|version| version.0 <= t).collect())
            .collect();
        let (whole, cut) = (build(&world), build(&past));
        for (a, b) in whole.deals().zip(cut.deals()) {
            prop_assert_eq!(whole.as_of(day(t)).deal(a), cut.as_of(day(t)).deal(b));
            let closing = whole.closing(a, day(t));
            prop_assert_eq!(closing, cut.closing(b, day(t)));
            if let Some(closing) = closing {
                let amounts = [&whole, &cut].map(|it| it.amount_won(a, &closing, day(t)));
                prop_assert_eq!(amounts[0], amounts[1]);
            }
        }
    }

    /// A deal is open, won or lost as its newest stage says, by a reader of the list of versions.
    #[test]
    fn closing_equals_a_replay(world in deals(), t in 0_i64..200) {
        let timeline = build(&world);
        for (deal, versions) in timeline.deals().zip(&world) {
            let mut seen = std::collections::BTreeMap::new();
            for &(at, what, which) in versions {
                if what == 0 && at <= t {
                    seen.entry(at).or_insert(STAGES[which]);
                }
            }
            let mut won_since = None;
            let mut lost_since = None;
            for (&at, &stage) in &seen {
                won_since = matches!(stage, "won" | "delivered").then(|| won_since.unwrap_or(at));
                lost_since = (stage == "lost").then(|| lost_since.unwrap_or(at));
            }
            let closing = timeline.closing(deal, day(t));
            let kind = closing.map(|c| (c.kind, c.entered_at));
            let expected = won_since
                .map(|at| (StageKind::Won, day(at)))
                .or(lost_since.map(|at| (StageKind::Lost, day(at))));
            prop_assert_eq!(kind, expected);
        }
    }
}

#[test]
fn rates_come_from_what_hubspot_computed() {
    let mut usd = lived(&[("2026-01-01", "new")]).with(Tracked::Amount, m("2026-01-01"), "200");
    usd.currency = Some("USD".parse().unwrap());
    usd.home_amount = Some(Decimal::from(180));
    let (timeline, deal) = only(usd);
    let in_home = timeline
        .rates()
        .to_home(Decimal::from(50), timeline.currency(deal));
    assert_eq!(in_home, Some(Decimal::from(45)));
}
