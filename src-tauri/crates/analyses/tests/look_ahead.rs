//! Nothing later than `as_of` may move a figure, and the same question gives the same bytes.

mod world;

use analyses::forecast::{ForecastQuestion, forecast, win_probabilities};
use proptest::prelude::*;
use timeline::{DealPart, Timeline, Tracked, VersionPart};
use world::lively::{LIVELY, Life, lively};
use world::{HAZARDS, bytes, day, grown, parts, portal, question};

const AS_OF: i64 = 700;

fn question_at(seed: u64) -> ForecastQuestion {
    // Day 700 is 1 December 2025.
    ForecastQuestion {
        seed,
        ..question(day(AS_OF), "2025-10-01", "2025-12-31")
    }
}

/// The deals without anything that happened after `as_of`.
fn past_of(deals: &[DealPart]) -> Vec<DealPart> {
    let known = |deal: &&DealPart| deal.created_at.is_some_and(|at| at <= day(AS_OF));
    deals
        .iter()
        .filter(known)
        .map(|deal| DealPart {
            versions: deal
                .versions
                .iter()
                .filter(|v| v.at <= day(AS_OF))
                .cloned()
                .collect(),
            ..deal.clone()
        })
        .collect()
}

fn both(deals: Vec<DealPart>) -> (String, String) {
    let timeline = portal(deals);
    let probabilities = win_probabilities(&timeline, day(AS_OF), 90, None);
    let report = forecast(&timeline, &question_at(1));
    (bytes(&report), format!("{probabilities:?}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever happens to whichever deal later, the forecast of then stays the same.
    #[test]
    fn the_future_does_not_move_the_past(
        world in 0_u64..1_000,
        later in proptest::collection::vec((0_usize..300, 1_i64..300, 0_usize..8), 0..40),
    ) {
        let deals = grown(world, 300, 800, HAZARDS);
        let mut future = deals.clone();
        for (which, after, what) in later {
            let (property, value) = [
                (Tracked::Stage, "a-won"),
                (Tracked::Stage, "a-lost"),
                (Tracked::Stage, "a-new"),
                (Tracked::Stage, "b-offer"),
                (Tracked::Amount, "999999"),
                (Tracked::Amount, ""),
                (Tracked::CloseDate, "2025-12-15"),
                (Tracked::Owner, "77"),
            ][what];
            future[which].versions.push(VersionPart {
                property,
                at: day(AS_OF + after),
                value: value.to_owned(),
                source: None,
            });
        }
        let past = both(past_of(&deals));
        prop_assert_eq!(&both(deals), &past);
        prop_assert_eq!(&both(future), &past);
    }
}

/// The same in a world with reps, close dates and amounts that change, large enough for a hazard: no
/// model, baseline, band or backtest looks ahead.
#[test]
fn what_is_learned_is_learned_from_the_past() {
    let life = Life {
        per_day: 1.5,
        ..LIVELY
    };
    let deals = lively(9, life);
    let mut future = deals.clone();
    for (n, deal) in future.iter_mut().enumerate() {
        let later = day(AS_OF + 1 + i64::try_from(n % 90).unwrap());
        let (property, value) = [
            (Tracked::Stage, "a-won"),
            (Tracked::Stage, "a-lost"),
            (Tracked::Amount, "999999"),
            (Tracked::Owner, "77"),
        ][n % 4];
        deal.versions.push(VersionPart {
            property,
            at: later,
            value: value.to_owned(),
            source: None,
        });
    }
    let past = both(past_of(&deals));
    assert!(past.0.contains("\"hazard\""), "no hazard was tried");
    assert_eq!(both(deals), past);
    assert_eq!(both(future), past);
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    let deals = grown(5, 500, 800, HAZARDS);
    let mut shuffled = deals.clone();
    shuffled.reverse();
    let (one, other) = (portal(deals), Timeline::from_parts(parts(shuffled)));
    let first = bytes(&forecast(&one, &question_at(1)));
    assert_eq!(first, bytes(&forecast(&one, &question_at(1))));
    assert_eq!(
        first,
        bytes(&forecast(&other, &question_at(1))),
        "the order of deals mattered"
    );
    assert_ne!(
        first,
        bytes(&forecast(&one, &question_at(2))),
        "the seed did not matter"
    );
}
