//! What forecasts learn once and keep says what each of them would learn by itself, to the byte,
//! whoever asked before.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop where its fixture is damaged"
)]

mod world;

use std::sync::Arc;

use analyses::forecast::{ForecastQuestion, Forecasts, Whose, forecast};
use crm::{OwnerId, PipelineId};
use timeline::Timeline;
use world::lively::{LIVELY, Life, lively};
use world::{bytes, day, portal, question};

/// A portal in which a hazard is tried.
fn tried() -> Arc<Timeline> {
    let life = Life {
        per_day: 1.5,
        ..LIVELY
    };
    Arc::new(portal(lively(9, life)))
}

/// Everybody's deals, an owner's, a pipeline's, another period, and another moment.
fn questions() -> Vec<ForecastQuestion> {
    // Day 700 is 1 December 2025.
    let all = question(day(700), "2025-10-01", "2025-12-31");
    let owner = |id| ForecastQuestion {
        whose: Whose::Owner(OwnerId::new(id)),
        ..all.clone()
    };
    let pipeline = |id: &str| ForecastQuestion {
        pipeline: Some(PipelineId::new(id)),
        ..all.clone()
    };
    vec![
        all.clone(),
        owner(1),
        owner(2),
        owner(999),
        pipeline("a"),
        pipeline("b"),
        question(day(700), "2025-12-01", "2025-12-31"),
        question(day(700), "2026-01-01", "2026-03-31"),
        question(day(640), "2025-10-01", "2025-12-31"),
    ]
}

/// Asks in an order, and asks whether each answer is the one that is made alone.
#[track_caller]
fn check(forecasts: &Forecasts, alone: &[String], order: impl Iterator<Item = usize>) {
    let questions = questions();
    for place in order {
        let (report, _) = forecasts.forecast_and_keep(&questions[place]);
        assert_eq!(bytes(&report), alone[place], "question {place}");
    }
}

#[test]
fn whoever_asked_before_the_answer_is_the_same() {
    let timeline = tried();
    let questions = questions();
    let alone: Vec<String> = questions
        .iter()
        .map(|question| bytes(&forecast(&timeline, question)))
        .collect();
    assert!(alone[0].contains("\"hazard\""), "no hazard was tried");
    assert_ne!(alone[0], alone[1]);
    let new = || Forecasts::new(Arc::clone(&timeline));
    let n = questions.len();
    check(&new(), &alone, 0..n);
    check(&new(), &alone, (0..n).rev());
    let ahead = new();
    for question in &questions {
        ahead.learn(question);
    }
    check(&ahead, &alone, (0..n).chain(0..n));
}

#[test]
fn another_portal_has_learned_nothing() {
    let timeline = tried();
    let other = Arc::new(portal(lively(10, LIVELY)));
    let [one, another] = [&timeline, &other].map(|of| Forecasts::new(Arc::clone(of)));
    let question = &questions()[0];
    let _ = one.forecast_and_keep(question);
    let (report, _) = another.forecast_and_keep(question);
    assert_eq!(bytes(&report), bytes(&forecast(&other, question)));
}
