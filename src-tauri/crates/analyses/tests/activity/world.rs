//! Portals whose truth is known: deals lived day by day, with hazards that we set.

use analyses::activity::report::{ActivityReport, ActivityRow};
use analyses::activity::{ActivityQuestion, Measure, activity};
use crm::{Moment, PipelineId, StageId};
use jiff::tz::TimeZone;
use stats::Stream;
use timeline::{
    Activity, ActivityKind, DealPart, Direction, Parts, Pipeline, PortalClock, StagePart, Timeline,
    Tracked,
};

/// What is true.
#[derive(Clone, Copy)]
pub(crate) struct Truth {
    pub(crate) deals: u32,
    /// How many times as high the hazard to be won is while a meeting of the 14 days that ended a week
    /// ago is there.
    pub(crate) meeting: f64,
    /// Meetings a week.
    pub(crate) meetings: f64,
}

impl Truth {
    /// No activity has any effect.
    pub(crate) fn null() -> Self {
        Self {
            deals: 2_000,
            meeting: 1.0,
            meetings: 0.3,
        }
    }
}

/// The n-th day, eight in the morning UTC. Day 0 is 1 January 2024.
pub(crate) fn day(n: f64) -> Moment {
    Moment::from_millis(1_704_096_000_000 + (n * 86_400_000.0) as i64)
}

pub(crate) const DAYS: f64 = 700.0;

pub(crate) fn one(kind: ActivityKind, direction: Option<Direction>, at: f64) -> Activity {
    Activity {
        kind,
        direction,
        happened_at: day(at),
        known_at: day(at),
        gone_at: None,
        opened: kind == ActivityKind::Email && direction == Some(Direction::Out),
        replied: false,
        automatic: None,
    }
}

pub(crate) fn parts(deals: Vec<DealPart>) -> Parts {
    let stage = |id: &str, order, closed: Option<f64>| StagePart {
        pipeline: PipelineId::new("default"),
        id: StageId::new(id),
        label: id.to_owned(),
        order,
        probability: Some(closed.unwrap_or(0.5)),
        closed: Some(closed.is_some()),
    };
    Parts {
        clock: PortalClock {
            zone: TimeZone::UTC,
            home_currency: "EUR".parse().unwrap(),
            fiscal_year: crm::FiscalYear::CALENDAR,
        },
        pipelines: vec![Pipeline {
            id: PipelineId::new("default"),
            label: "Sales".to_owned(),
            order: 0,
        }],
        stages: vec![
            stage("new", 0, None),
            stage("offer", 1, None),
            stage("won", 2, Some(1.0)),
            stage("lost", 3, Some(0.0)),
        ],
        owners: Vec::new(),
        deals,
    }
}

pub(crate) fn deal(id: u64, created: f64, owner: u64, amount: f64) -> DealPart {
    DealPart::new(id, day(created))
        .with(Tracked::Pipeline, day(created), "default")
        .with(Tracked::Stage, day(created), "new")
        .with(Tracked::Amount, day(created), &format!("{amount:.2}"))
        .with(Tracked::Owner, day(created), &owner.to_string())
}

/// Deals whose wins live longer than their losses, of owners that differ, with activities that come
/// more often in the later stage and from busier owners.
pub(crate) fn deals(seed: u64, truth: Truth) -> Vec<DealPart> {
    (1..=u64::from(truth.deals))
        .map(|id| lived(&mut Stream::new(seed, 77, id), id, truth))
        .collect()
}

fn lived(dice: &mut Stream, id: u64, truth: Truth) -> DealPart {
    let created = dice.uniform() * (DAYS - 30.0);
    let owner = 1 + u64::from(dice.index(5));
    let amount = (8.0 + dice.normal()).exp();
    let mut deal = deal(id, created, owner, amount);
    // How busy the deal's people are has nothing to do with its chances.
    let busy = dice.gamma(2.0) / 2.0 * (0.7 + 0.12 * owner as f64);
    let (mut offer, mut met) = (false, Vec::new());
    let mut at = created;
    while at < DAYS {
        let age = at - created;
        let pace = if offer { 1.5 } else { 1.0 } * busy;
        let weekly = [
            (ActivityKind::Meeting, None, truth.meetings),
            (ActivityKind::Call, Some(Direction::Out), 0.4),
            (ActivityKind::Call, Some(Direction::In), 0.15),
            (ActivityKind::Email, Some(Direction::Out), 0.6),
            (ActivityKind::Email, Some(Direction::In), 0.3),
            (ActivityKind::Note, None, 0.25),
            (ActivityKind::Task, None, 0.2),
        ];
        for (kind, direction, rate) in weekly {
            if dice.bernoulli(rate * pace / 7.0) {
                let when = at + dice.uniform();
                deal.activities.push(one(kind, direction, when));
                if kind == ActivityKind::Meeting {
                    met.push(when);
                }
            }
        }
        let active = met.iter().any(|&m| at - 21.0 < m && m <= at - 7.0);
        let skill = 0.7 + 0.15 * owner as f64;
        let ripe = (age / 30.0).min(1.5);
        let win = if offer { 0.012 } else { 0.003 } * skill * ripe;
        let win = win * if active { truth.meeting } else { 1.0 };
        let lose = if age < 30.0 { 0.018 } else { 0.007 };
        let end = at + dice.uniform();
        if dice.bernoulli(win) {
            return deal.with(Tracked::Stage, day(end), "won");
        }
        if dice.bernoulli(lose) {
            return deal.with(Tracked::Stage, day(end), "lost");
        }
        if !offer && dice.bernoulli(0.03) {
            offer = true;
            deal = deal.with(Tracked::Stage, day(end), "offer");
        }
        at += 1.0;
    }
    deal
}

pub(crate) fn portal(deals: Vec<DealPart>) -> Timeline {
    Timeline::from_parts(parts(deals))
}

pub(crate) fn question() -> ActivityQuestion {
    ActivityQuestion {
        draws: 200,
        ..ActivityQuestion::at(day(DAYS))
    }
}

pub(crate) fn report(deals: Vec<DealPart>) -> ActivityReport {
    activity(&portal(deals), &question()).unwrap()
}

pub(crate) fn row(report: &ActivityReport, measure: Measure, window: u32) -> &ActivityRow {
    let mut rows = report.rows.iter();
    rows.find(|row| row.measure == measure && row.window_days == window)
        .unwrap()
}
