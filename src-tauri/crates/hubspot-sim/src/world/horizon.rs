//! The chance to be won within so many days: what a score says, told from the truth.

use super::model::Model;

/// Days that a move waits on average for working time, over moments spread evenly over the week;
/// see [`super::calendar::at_work`].
const MEAN_WAIT: f64 = 0.72;
/// Moves beyond the expected number after which nothing is left that matters.
const MORE_MOVES: f64 = 60.0;

/// Chance to be won within some days of being in an open stage, given effects that stay as they are.
///
/// Stays are taken as exponential with the wait for working time in their mean, and no lost deal is
/// opened again: together below a hundredth, as the test against walked deals says.
pub(crate) fn wins_within(
    model: &Model,
    pipeline: usize,
    stage: usize,
    effects: f64,
    days: f64,
) -> f64 {
    let stages = model.pipelines[pipeline].stages.len();
    let rates: Vec<f64> = (0..stages)
        .map(|stage| 1.0 / (model.mean_stay(pipeline, stage, effects) + MEAN_WAIT))
        .collect();
    // Uniformisation (Jensen 1953): every stage is left at the fastest stage's rate, at times for itself;
    // how many moves there are is then a Poisson number.
    let fastest = rates.iter().copied().fold(0.0, f64::max);
    let mean_moves = fastest * days;
    let mut there = vec![0.0; stages + 1];
    there[stage.min(stages)] = 1.0;
    let (mut share, mut chance, mut moves) = ((-mean_moves).exp(), 0.0, 0.0);
    while moves <= mean_moves + MORE_MOVES {
        chance += share * there[stages];
        moves += 1.0;
        share *= mean_moves / moves;
        there = moved(model, pipeline, effects, &there, |stage| {
            rates[stage] / fastest
        });
    }
    chance
}

/// Where deals are after one move; what is lost is nowhere. The last place is that of the won.
fn moved(
    model: &Model,
    pipeline: usize,
    effects: f64,
    there: &[f64],
    leaves: impl Fn(usize) -> f64,
) -> Vec<f64> {
    let stages = there.len() - 1;
    let mut next = vec![0.0; there.len()];
    next[stages] = there[stages];
    for stage in 0..stages {
        let leaving = there[stage] * leaves(stage);
        next[stage] += there[stage] - leaving;
        let back = if stage == 0 { 0.0 } else { model.back };
        if stage > 0 {
            next[stage - 1] += leaving * back;
        }
        let advancing = leaving * (1.0 - back) * model.advance(pipeline, stage, effects);
        let skip = if stage + 2 < stages { model.skip } else { 0.0 };
        next[stage + 1] += advancing * (1.0 - skip);
        if stage + 2 < stages {
            next[stage + 2] += advancing * skip;
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::super::journey::{Place, walk};
    use super::*;

    /// What is told as true must be what deals do.
    #[test]
    fn deals_are_won_in_time_as_often_as_truth_says() {
        let model = Model::new(7, 12, false);
        let runs = 20_000_u32;
        for (pipeline, effects, days) in [
            (0, 0.0, 180.0),
            (0, 0.8, 90.0),
            (1, 0.3, 30.0),
            (1, -0.6, 90.0),
        ] {
            let won = (0..runs)
                .filter(|run| {
                    let mut dice = Dice::new(5, "horizon test", u64::from(*run));
                    // Moments spread over a week, as those are at which deals are looked at.
                    let start = crm::Moment::from_millis(
                        1_767_571_200_000 + (dice.unit() * 7.0 * 86_400_000.0) as i64,
                    );
                    let steps = walk(&model, pipeline, start, &|_| effects, &mut dice);
                    steps.last().is_some_and(|(at, place)| {
                        *place == Place::Won
                            && (at.millis() - start.millis()) as f64 <= days * 86_400_000.0
                    })
                })
                .count();
            let share = won as f64 / f64::from(runs);
            let told = wins_within(&model, pipeline, 0, effects, days);
            // A hundredth for what is left out, and four standard errors of a share over 20,000 runs.
            let error = (told * (1.0 - told) / f64::from(runs)).sqrt();
            assert!(
                (share - told).abs() < 0.01 + 4.0 * error,
                "{pipeline} {effects} {days}: {share} against {told}"
            );
        }
    }

    #[test]
    fn in_the_long_run_a_deal_is_won_as_often_as_ever() {
        let mut model = Model::new(7, 12, false);
        model.reopen = 0.0;
        for (pipeline, effects) in [(0, 0.4), (1, -0.2)] {
            let ever = model.win_chances(pipeline, effects)[0];
            let long = wins_within(&model, pipeline, 0, effects, 3_000.0);
            assert!((ever - long).abs() < 1e-6, "{ever} and {long}");
        }
    }
}
