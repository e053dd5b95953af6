//! The ways of deals through their stages, and of close dates through the calendar.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop where its fixture is damaged"
)]

use crm::{Moment, PipelineId, StageId};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use timeline::{
    DealPart, Journey, Parts, Pipeline, PortalClock, StagePart, Step, Timeline, Tracked,
};

/// The n-th day of 2026, from 1, at midnight in Berlin.
fn day(n: i64) -> Moment {
    Moment::from_millis(1_767_222_000_000 + (n - 1) * 86_400_000)
}

/// Stages a, b, c, d, won and lost of the pipeline `p`, and x of `q`.
fn portal(deal: DealPart) -> Timeline {
    let stage = |pipeline: &str, id: &str, order, closed: Option<f64>| StagePart {
        pipeline: PipelineId::new(pipeline),
        id: StageId::new(id),
        label: id.to_owned(),
        order,
        probability: closed,
        closed: Some(closed.is_some()),
    };
    let pipeline = |id: &str, order| Pipeline {
        id: PipelineId::new(id),
        label: id.to_owned(),
        order,
    };
    Timeline::from_parts(Parts {
        clock: PortalClock {
            zone: TimeZone::get("Europe/Berlin").unwrap(),
            home_currency: "EUR".parse().unwrap(),
            fiscal_year: crm::FiscalYear::CALENDAR,
        },
        pipelines: vec![pipeline("p", 0), pipeline("q", 1)],
        stages: vec![
            stage("p", "a", 0, None),
            stage("p", "b", 1, None),
            stage("p", "c", 2, None),
            stage("p", "d", 3, None),
            stage("p", "won", 4, Some(1.0)),
            stage("p", "lost", 5, Some(0.0)),
            stage("q", "x", 0, None),
        ],
        owners: Vec::new(),
        deals: vec![deal],
    })
}

fn lived(created: i64, stages: &[(i64, &str)]) -> DealPart {
    let mut deal = DealPart::new(1, day(created));
    for &(at, stage) in stages {
        deal = deal.with(Tracked::Stage, day(at), stage);
    }
    deal
}

fn journey(deal: DealPart, until: i64) -> (Timeline, Option<Journey>) {
    let timeline = portal(deal);
    let ix = timeline.deals().next().unwrap();
    let journey = timeline.journey(ix, day(until));
    (timeline, journey)
}

/// Stage, step, visit and the stages left out, stay by stay.
#[track_caller]
fn check(stages: &[(i64, &str)], until: i64, expected: &[(&str, Step, u32, &[&str])]) {
    let (timeline, journey) = journey(lived(stages[0].0, stages), until);
    let name = |ix| timeline.stage(ix).id.as_str();
    let journey = journey.unwrap();
    let found: Vec<_> = journey
        .stays
        .iter()
        .map(|stay| {
            let skipped: Vec<_> = stay.skipped.iter().map(|&ix| name(ix)).collect();
            (name(stay.spell.stage), stay.step, stay.visit, skipped)
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|&(stage, step, visit, skipped)| (stage, step, visit, skipped.to_vec()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn every_kind_of_step_is_told() {
    let life = [
        (1, "a"),
        (5, "c"),
        (9, "b"),
        (12, "c"),
        (20, "lost"),
        (25, "b"),
        (30, "x"),
        (35, "a"),
        (40, "won"),
        (45, "lost"),
    ];
    check(
        &life,
        100,
        &[
            ("a", Step::First, 1, &[]),
            ("c", Step::Forward, 1, &["b"]),
            ("b", Step::Back, 1, &[]),
            ("c", Step::Forward, 2, &[]),
            ("lost", Step::Lost, 1, &[]),
            ("b", Step::Reopened, 2, &[]),
            ("x", Step::Aside, 1, &[]),
            ("a", Step::Aside, 2, &[]),
            ("won", Step::Forward, 1, &["b", "c", "d"]),
            ("lost", Step::WhileClosed, 2, &[]),
        ],
    );
    let (_, all) = journey(lived(1, &life), 100);
    let all = all.unwrap();
    assert_eq!((all.reopenings(), all.re_entries()), (1, 4));
    // Seen earlier, nothing of what came later is in it.
    check(
        &life,
        8,
        &[("a", Step::First, 1, &[]), ("c", Step::Forward, 1, &["b"])],
    );
}

#[test]
fn time_in_stage_sums_the_stays_and_tells_the_one_that_lasts() {
    let life = [(1, "a"), (5, "b"), (9, "a"), (20, "b")];
    let days = |until| {
        let (timeline, journey) = journey(lived(1, &life), until);
        let times = journey.unwrap().time_in_stages();
        let told = times.into_iter().map(|time| {
            let stage = timeline.stage(time.stage).id.as_str().to_owned();
            (stage, time.time.as_hours() / 24, time.visits, time.censored)
        });
        told.collect::<Vec<_>>()
    };
    let row = |stage: &str, days, visits, censored| (stage.to_owned(), days, visits, censored);
    assert_eq!(days(30), [row("a", 15, 2, false), row("b", 14, 2, true)]);
    assert_eq!(days(15), [row("a", 10, 2, true), row("b", 4, 1, false)]);
    // Deleted on day 12: nothing is seen of it after.
    let mut gone = lived(1, &life);
    (gone.archived, gone.archived_at) = (true, Some(day(12)));
    let (_, seen) = journey(gone, 30);
    let seen = seen.unwrap();
    assert_eq!((seen.seen_until, seen.stays.len()), (day(12), 3));
    assert_eq!(
        seen.time_in_stages()[0].time,
        SignedDuration::from_hours(24 * 7)
    );
}

#[test]
fn an_imported_deal_enters_when_it_arrived() {
    let check = |deal: DealPart, entered: i64, truncated| {
        let (_, journey) = journey(deal, 100);
        let journey = journey.unwrap();
        assert_eq!(
            (journey.entered_at, journey.truncated),
            (day(entered), truncated)
        );
    };
    check(lived(10, &[(10, "a")]), 10, false);
    // Its creation date is that of another system.
    check(lived(1, &[(10, "b"), (12, "c")]), 10, true);
    let mut imported = lived(10, &[(10, "c")]);
    imported.versions[0].source = Some("IMPORT".to_owned());
    check(imported, 10, true);
    // A creation date that somebody moved behind the first stage.
    check(lived(15, &[(10, "a")]), 15, false);
    assert!(journey(lived(1, &[(10, "a")]), 9).1.is_none());
}

#[test]
fn slips_are_counted_in_days_of_the_portal() {
    let closes = |deal: DealPart, at, on: &str| deal.with(Tracked::CloseDate, day(at), on);
    let mut deal = lived(1, &[(1, "a")]);
    // 10 days later within a month; 30 back; cleared; 31 later, over a change of clocks; 2 later.
    for (at, on) in [
        (1, "2026-03-15T12:00:00Z"),
        (2, "2026-03-25T23:30:00+01:00"),
        (3, "2026-02-23T12:00:00Z"),
        (4, ""),
        (5, "2026-03-26T12:00:00Z"),
        (6, "2026-03-31T22:30:00Z"),
    ] {
        deal = closes(deal, at, on);
    }
    let timeline = portal(deal);
    let ix = timeline.deals().next().unwrap();
    let slips = |at| timeline.slips(ix, day(at));
    // 22:30 in UTC on the last of March is half past midnight on the first of April in Berlin.
    assert_eq!(slips(10).later_by, [10, 31, 6]);
    assert_eq!((slips(10).pushes, slips(10).days()), (2, 47));
    assert_eq!(slips(10).median_days(), Some(10.0));
    assert_eq!(slips(5).median_days(), Some(20.5));
    assert_eq!((slips(3).pushes, slips(3).days()), (0, 10));
    assert_eq!(slips(1).median_days(), None);
}

proptest! {
    /// Nothing is lost of the time from the first stage on, and nothing depends on what came later.
    #[test]
    fn stays_follow_one_another(
        stages in proptest::collection::btree_map(
            0_i64..60,
            proptest::sample::select(&["a", "b", "c", "d", "won", "lost", "x"][..]),
            1..12,
        ),
        until in 0_i64..70,
    ) {
        let stages: Vec<_> = stages.into_iter().collect();
        let known: Vec<_> = stages.iter().copied().filter(|(at, _)| *at <= until).collect();
        let (_, seen) = journey(lived(stages[0].0, &stages), until);
        prop_assume!(!known.is_empty());
        let seen = seen.unwrap();
        let (_, then) = journey(lived(known[0].0, &known), until);
        prop_assert_eq!(&seen, &then.unwrap());
        let total: SignedDuration = seen
            .time_in_stages()
            .iter()
            .fold(SignedDuration::ZERO, |sum, time| sum + time.time);
        prop_assert_eq!(total, day(until).since(day(stages[0].0)));
        for pair in seen.stays.windows(2) {
            prop_assert_eq!(pair[0].spell.until, Some(pair[1].spell.from));
        }
        prop_assert!(seen.stays.last().unwrap().spell.until.is_none());
    }
}
