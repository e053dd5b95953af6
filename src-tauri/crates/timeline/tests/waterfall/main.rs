//! What moved the open pipeline between two moments.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop where its fixture is damaged"
)]

mod exact;
mod rules;

use crm::{Moment, PipelineId, StageId};
use jiff::tz::TimeZone;
use timeline::{DealPart, Parts, Pipeline, PortalClock, StagePart, Timeline};

fn stage(pipeline: &str, id: &str, closed: Option<f64>) -> StagePart {
    StagePart {
        pipeline: PipelineId::new(pipeline),
        id: StageId::new(id),
        label: id.to_owned(),
        order: 0,
        probability: Some(closed.unwrap_or(0.4)),
        closed: Some(closed.is_some()),
    }
}

/// Two pipelines of three stages; the second one's begin with a `9`.
fn portal(deals: Vec<DealPart>) -> Timeline {
    let pipeline = |id: &str, order| Pipeline {
        id: PipelineId::new(id),
        label: id.to_owned(),
        order,
    };
    Timeline::from_parts(Parts {
        clock: PortalClock {
            zone: TimeZone::UTC,
            home_currency: "EUR".parse().unwrap(),
            fiscal_year: crm::FiscalYear::CALENDAR,
        },
        pipelines: vec![pipeline("p", 0), pipeline("q", 1)],
        stages: vec![
            stage("p", "open", None),
            stage("p", "offer", None),
            stage("p", "won", Some(1.0)),
            stage("p", "lost", Some(0.0)),
            stage("q", "9open", None),
            stage("q", "9won", Some(1.0)),
            stage("q", "9lost", Some(0.0)),
        ],
        owners: Vec::new(),
        deals,
    })
}

/// The n-th day of 2026, from 1.
fn day(n: i64) -> Moment {
    Moment::from_millis(1_767_225_600_000 + (n - 1) * 86_400_000)
}
