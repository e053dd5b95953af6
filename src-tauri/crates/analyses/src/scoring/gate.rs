//! What has to hold before a score is shown or offered for HubSpot.

use super::contender::Contender;
use super::judgement::Judged;
use serde::{Deserialize, Serialize};

/// The deals or contacts whose outcome is known, at least.
const LEAST_CLOSED: usize = 200;
/// The rarer outcome's, at least.
const LEAST_RARER: usize = 40;
/// The lower end of the area's interval has to be above this.
const LEAST_AREA: f64 = 0.55;
/// The calibration slope's interval has to reach into this range.
const SLOPES: (f64, f64) = (0.7, 1.3);
/// Rates beyond which losses, or wins, are likely not recorded.
const RATES: (f64, f64) = (0.03, 0.90);

/// Why no score is offered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Obstacle {
    /// Too few outcomes are known.
    TooFewClosed {
        /// How many more are needed.
        missing: usize,
    },
    /// Too few of the rarer outcome are known.
    TooFewOfTheRarer {
        /// How many more are needed.
        missing: usize,
    },
    /// So many, or so few, happened that the other outcome is likely not recorded.
    ExtremeRate {
        /// The rate.
        rate: f64,
    },
    /// No rows could be judged after enough to learn from.
    NothingJudged,
    /// No model tells rows apart better than their rate does.
    NothingBeatsTheRate,
    /// Higher scores hardly happen more often.
    Area {
        /// The lower end of the area's interval.
        low: f64,
    },
    /// What is known without a model, such as the stage alone, says as much.
    Baseline {
        /// The model's log loss.
        model: f64,
        /// The baseline's.
        baseline: f64,
    },
    /// Probabilities do not mean what they say.
    Slope {
        /// The interval of the calibration slope; none where no line could be drawn.
        low: Option<f64>,
        /// Its upper end.
        high: Option<f64>,
    },
    /// The rows themselves give their outcome away, as by their order.
    OutcomeLeaks,
}

/// All that stands between the `chosen` contender, as it was `judged`, and a score. `closed` and `happened` count deals or
/// contacts, not rows; `baseline` is the log loss of the same rows told by what is known without a
/// model.
#[must_use]
pub fn gate(
    chosen: Option<Contender>,
    judged: Option<&Judged>,
    closed: usize,
    happened: usize,
    baseline: Option<f64>,
) -> Vec<Obstacle> {
    let mut obstacles = by_counts(closed, happened);
    if chosen == Some(Contender::Constant) {
        obstacles.push(Obstacle::NothingBeatsTheRate);
    } else if let Some(judged) = judged {
        obstacles.extend(by_figures(judged, baseline));
    } else {
        obstacles.push(Obstacle::NothingJudged);
    }
    obstacles
}

fn by_counts(closed: usize, happened: usize) -> Vec<Obstacle> {
    let rarer = happened.min(closed.saturating_sub(happened));
    let rate = happened as f64 / closed as f64;
    let mut obstacles = Vec::new();
    if closed < LEAST_CLOSED {
        let missing = LEAST_CLOSED - closed;
        obstacles.push(Obstacle::TooFewClosed { missing });
    }
    if rarer < LEAST_RARER {
        let missing = LEAST_RARER - rarer;
        obstacles.push(Obstacle::TooFewOfTheRarer { missing });
    }
    if closed > 0 && !(RATES.0..=RATES.1).contains(&rate) {
        obstacles.push(Obstacle::ExtremeRate { rate });
    }
    obstacles
}

fn by_figures(judged: &Judged, baseline: Option<f64>) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    if judged.auc.low <= LEAST_AREA {
        let low = judged.auc.low;
        obstacles.push(Obstacle::Area { low });
    }
    if let Some(baseline) = baseline.filter(|baseline| judged.log_loss >= *baseline) {
        let model = judged.log_loss;
        obstacles.push(Obstacle::Baseline { model, baseline });
    }
    let slope = judged.line.map(|line| line.slope);
    if !slope.is_some_and(|slope| slope.low <= SLOPES.1 && slope.high >= SLOPES.0) {
        obstacles.push(Obstacle::Slope {
            low: slope.map(|slope| slope.low),
            high: slope.map(|slope| slope.high),
        });
    }
    obstacles
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(closed: usize, happened: usize, expected: &[Obstacle]) {
        assert_eq!(
            by_counts(closed, happened),
            expected,
            "{happened} of {closed}"
        );
    }

    #[test]
    fn counts_that_are_enough_and_those_that_are_not() {
        check(200, 40, &[]);
        check(200, 160, &[]);
        check(199, 60, &[Obstacle::TooFewClosed { missing: 1 }]);
        check(500, 39, &[Obstacle::TooFewOfTheRarer { missing: 1 }]);
        check(1_000, 950, &[Obstacle::ExtremeRate { rate: 0.95 }]);
        check(
            0,
            0,
            &[
                Obstacle::TooFewClosed { missing: 200 },
                Obstacle::TooFewOfTheRarer { missing: 40 },
            ],
        );
    }
}
