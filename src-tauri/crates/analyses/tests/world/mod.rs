//! Small portals whose truth is known, because they are made here.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop where its fixture is damaged"
)]
#![allow(
    unreachable_pub,
    reason = "a module of tests is its own crate each time"
)]
#![allow(dead_code, reason = "each test file uses its own part of this fixture")]

pub mod lively;

use analyses::forecast::report::{DealRow, ForecastReport, Note, NoteCode, StageRow};
use analyses::forecast::{ForecastQuestion, Period, Whose, forecast};
use crm::{Moment, PipelineId, StageId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use stats::Stream;
use timeline::{DealPart, Parts, Pipeline, PortalClock, StagePart, Timeline, Tracked};

pub fn m(text: &str) -> Moment {
    text.parse().unwrap()
}

pub fn d(text: &str) -> Date {
    text.parse().unwrap()
}

/// The n-th day of a world, eight in the morning UTC. Day 0 is Monday, 1 January 2024.
pub fn day(n: i64) -> Moment {
    Moment::from_millis(1_704_096_000_000 + n * 86_400_000)
}

/// The stages of a pipeline: two open ones, won and lost.
fn stages(pipeline: &str) -> [StagePart; 4] {
    let stage = |id: &str, label: &str, order, probability, closed| StagePart {
        pipeline: PipelineId::new(pipeline),
        id: StageId::new(format!("{pipeline}-{id}")),
        label: label.to_owned(),
        order,
        probability: Some(probability),
        closed: Some(closed),
    };
    [
        stage("new", "New", 0, 0.2, false),
        stage("offer", "Offer", 1, 0.6, false),
        stage("won", "Won", 2, 1.0, true),
        stage("lost", "Lost", 3, 0.0, true),
    ]
}

/// A portal in Berlin with the pipelines `a` and `b`, both of the same stages, and these deals.
pub fn parts(deals: Vec<DealPart>) -> Parts {
    let pipeline = |id: &str, label: &str, order| Pipeline {
        id: PipelineId::new(id),
        label: label.to_owned(),
        order,
    };
    Parts {
        clock: PortalClock {
            zone: TimeZone::get("Europe/Berlin").unwrap(),
            home_currency: "EUR".parse().unwrap(),
            fiscal_year: crm::FiscalYear::CALENDAR,
        },
        pipelines: vec![pipeline("a", "Sales", 0), pipeline("b", "Renewals", 1)],
        stages: stages("a").into_iter().chain(stages("b")).collect(),
        owners: Vec::new(),
        deals,
    }
}

pub fn portal(deals: Vec<DealPart>) -> Timeline {
    Timeline::from_parts(parts(deals))
}

/// A deal with stages such as `a-new`, entered on days of the world.
pub fn deal(id: u64, amount: &str, stays: &[(i64, &str)]) -> DealPart {
    let begins = day(stays[0].0);
    let pipeline = stays[0].1.split('-').next().unwrap();
    let mut deal = DealPart::new(id, begins).with(Tracked::Pipeline, begins, pipeline);
    if !amount.is_empty() {
        deal = deal.with(Tracked::Amount, begins, amount);
    }
    for &(at, stage) in stays {
        deal = deal.with(Tracked::Stage, day(at), stage);
    }
    deal
}

/// Chances per day to move on, and to be lost.
#[derive(Clone, Copy)]
pub struct Hazards {
    pub new_to_offer: f64,
    pub new_to_lost: f64,
    pub offer_to_won: f64,
    pub offer_to_lost: f64,
}

pub const HAZARDS: Hazards = Hazards {
    new_to_offer: 0.03,
    new_to_lost: 0.015,
    offer_to_won: 0.02,
    offer_to_lost: 0.015,
};

impl Hazards {
    /// The true probability to be won within so many days, from (new, offer).
    pub fn truth(self, days: u32) -> (f64, f64) {
        let (mut from_new, mut from_offer) = (0.0, 0.0);
        for _ in 0..days {
            let stay_new = 1.0 - self.new_to_offer - self.new_to_lost;
            let stay_offer = 1.0 - self.offer_to_won - self.offer_to_lost;
            from_new = self.new_to_offer * from_offer + stay_new * from_new;
            from_offer = self.offer_to_won + stay_offer * from_offer;
        }
        (from_new, from_offer)
    }
}

/// So many deals of pipeline `a`, created evenly over so many days, each followed to its end.
pub fn grown(seed: u64, deals: u64, days: i64, hazards: Hazards) -> Vec<DealPart> {
    (0..deals)
        .map(|i| {
            let mut luck = Stream::new(seed, 99, i);
            let created = i64::try_from(i).unwrap() * days / i64::try_from(deals).unwrap();
            let amount = (8.0 + 0.8 * luck.normal()).exp();
            let mut stays = vec![(created, "a-new")];
            let mut at = created;
            while !matches!(stays.last().unwrap().1, "a-won" | "a-lost") && at < created + 2_000 {
                at += 1;
                let now = stays.last().unwrap().1;
                let (moves, falls, next) = match now {
                    "a-new" => (hazards.new_to_offer, hazards.new_to_lost, "a-offer"),
                    _ => (hazards.offer_to_won, hazards.offer_to_lost, "a-won"),
                };
                let u = luck.uniform();
                if u < moves {
                    stays.push((at, next));
                } else if u < moves + falls {
                    stays.push((at, "a-lost"));
                }
            }
            deal(i + 1, &format!("{amount:.2}"), &stays)
        })
        .collect()
}

pub fn question(as_of: Moment, first: &str, last: &str) -> ForecastQuestion {
    ForecastQuestion {
        as_of,
        period: Period {
            first_day: d(first),
            last_day: d(last),
        },
        pipeline: None,
        whose: Whose::All,
        quota: None,
        seed: 42,
        draws: 2_000,
    }
}

pub fn ask(timeline: &Timeline, as_of: Moment, first: &str, last: &str) -> ForecastReport {
    forecast(timeline, &question(as_of, first, last))
}

pub fn bytes(report: &ForecastReport) -> String {
    serde_json::to_string(report).unwrap()
}

pub fn row(report: &ForecastReport, id: u64) -> &DealRow {
    report.deals.iter().find(|row| row.id.get() == id).unwrap()
}

pub fn stage<'a>(report: &'a ForecastReport, id: &str) -> &'a StageRow {
    report
        .stages
        .iter()
        .find(|row| row.id.as_str() == id)
        .unwrap()
}

pub fn note(report: &ForecastReport, code: NoteCode) -> Option<&Note> {
    report.notes.iter().find(|note| note.code == code)
}

/// How many worlds a simulation makes: as many as said, or as many as `PLUMBLINE_WORLDS` says, which
/// `cargo xtask soak` sets.
pub fn worlds(usual: u64) -> u64 {
    let asked = std::env::var("PLUMBLINE_WORLDS").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A value of the report as text, such as `1234.50`.
pub fn amount(money: Option<analyses::forecast::report::MoneyValue>) -> Option<String> {
    money.map(|money| money.amount.to_string())
}
