//! A deal's way through its pipeline: competing hazards, stage by stage.

use crm::Moment;

use super::calendar::{at_work, days, shift};
use super::dice::Dice;
use super::model::Model;

/// Where a deal can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the open stage with this index.
    Open(usize),
    /// Won.
    Won,
    /// Lost.
    Lost,
}

/// An arrival at a place.
pub(crate) type Step = (Moment, Place);

/// Nobody's deal moves more often than this; the limit only guards the loop.
const MOST_STEPS: usize = 60;

/// Walks a deal from its creation to its end. `effects_at` gives the sum of effects at a moment,
/// because a competitor can change its ways while a deal is open.
pub(crate) fn walk(
    model: &Model,
    pipeline: usize,
    created: Moment,
    effects_at: &dyn Fn(Moment) -> f64,
    dice: &mut Dice,
) -> Vec<Step> {
    let stages = &model.pipelines[pipeline].stages;
    let mut steps = vec![(created, Place::Open(0))];
    let (mut at, mut stage, mut reopened) = (created, 0, false);
    while steps.len() < MOST_STEPS {
        // At least a minute in every stage: two versions never share a time by accident.
        let mean = model.mean_stay(pipeline, stage, effects_at(at));
        let stay = days(dice.exponential(mean)).max(60_000);
        at = at_work(shift(at, stay), dice);
        if stage > 0 && dice.chance(model.back) {
            stage -= 1;
        } else if dice.chance(model.advance(pipeline, stage, effects_at(at))) {
            let skips = stage + 2 < stages.len() && dice.chance(model.skip);
            stage += if skips { 2 } else { 1 };
            if stage >= stages.len() {
                steps.push((at, Place::Won));
                break;
            }
        } else {
            steps.push((at, Place::Lost));
            if reopened || !dice.chance(model.reopen) {
                break;
            }
            reopened = true;
            at = at_work(
                shift(at, days(dice.exponential(45.0)).max(DAY_AT_LEAST)),
                dice,
            );
        }
        steps.push((at, Place::Open(stage)));
    }
    steps
}

/// A lost deal is not opened again on the same day.
const DAY_AT_LEAST: i64 = 86_400_000;

#[cfg(test)]
mod tests {
    use super::*;

    /// The walk must win as often as the model's equations say; else `truth` would lie.
    #[test]
    fn deals_win_as_often_as_truth_says() {
        let model = Model::new(7, 12, false);
        let start = "2026-01-05T09:00:00Z".parse().unwrap();
        for (pipeline, effects) in [(0, 0.0), (0, 0.6), (1, -0.4)] {
            let runs = 20_000_u32;
            let won = (0..runs)
                .filter(|run| {
                    let mut dice = Dice::new(3, "journey test", u64::from(*run));
                    let steps = walk(&model, pipeline, start, &|_| effects, &mut dice);
                    steps.last().is_some_and(|(_, place)| *place == Place::Won)
                })
                .count();
            let share = won as f64 / f64::from(runs);
            let truth = model.win_chances(pipeline, effects)[0];
            // Four standard errors of a share over 20,000 runs are at most 0.0142. The once-only
            // reopening is solved as if it could repeat, which is below a thousandth.
            assert!(
                (share - truth).abs() < 0.0142,
                "{pipeline} {effects}: {share} against {truth}"
            );
        }
    }
}
