//! What is asked of a curve: by a moment, for one who came so far, on average, at the middle.

use super::lifetimes::RiskSets;
use super::walk::Walk;
use crate::evidence::Rate;
use crate::proportion::{Interval, jeffreys, level_within, reach};

/// A moment at which something ended, and the curves just after it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The moment.
    pub time: f64,
    /// At risk just before.
    pub at_risk: f64,
    /// Ended with the event of interest.
    pub events: f64,
    /// Ended with a competing event.
    pub competing: f64,
    /// The share that has not ended.
    pub survival: f64,
    /// Its Greenwood variance.
    pub survival_variance: f64,
    /// The share that ended with the event of interest.
    pub event_incidence: f64,
    /// Its variance.
    pub event_variance: f64,
    /// The share that ended with a competing event.
    pub competing_incidence: f64,
    /// Its variance.
    pub competing_variance: f64,
}

/// The shares open, ended with the event and ended otherwise at a moment: they sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares {
    /// Not ended.
    pub open: f64,
    /// Ended with the event of interest.
    pub event: f64,
    /// Ended with a competing event.
    pub competing: f64,
}

/// A mean up to a limit, with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RestrictedMean {
    /// Mean time open, of `until` at most.
    pub open: f64,
    /// The standard error of that mean.
    pub error: f64,
    /// Mean time since the event of interest, of `until` at most.
    pub event: f64,
    /// Mean time since a competing event; the three sum to `until`.
    pub competing: f64,
}

/// Cumulative incidence with competing events, by Aalen and Johansen's estimator. Never one minus
/// Kaplan-Meier: that takes what was lost for still winnable.
#[derive(Debug, Clone)]
pub struct Incidence {
    risk_sets: RiskSets,
    steps: Vec<Step>,
}

impl Incidence {
    pub(super) fn new(risk_sets: RiskSets, steps: Vec<Step>) -> Self {
        Self { risk_sets, steps }
    }

    /// The moments at which something ended, ascending.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The lifetimes behind it.
    #[must_use]
    pub fn risk_sets(&self) -> &RiskSets {
        &self.risk_sets
    }

    /// The shares at a moment. Beyond [`RiskSets::followed_to`] they stay as they were last known.
    #[must_use]
    pub fn at(&self, time: f64) -> Shares {
        let last = self.steps_to(time).last();
        last.map_or(
            Shares {
                open: 1.0,
                event: 0.0,
                competing: 0.0,
            },
            |step| Shares {
                open: step.survival,
                event: step.event_incidence,
                competing: step.competing_incidence,
            },
        )
    }

    /// The share that has ended with the event of interest by `time`. None where nobody was at risk
    /// by then.
    ///
    /// The interval is symmetric on the scale `log(-log F)`, as in lifelines. Where the share is 0
    /// or 1 that scale ends, and it is Jeffreys' of the rows whose state at `time` is known.
    #[must_use]
    pub fn by(&self, time: f64, level: f64) -> Option<Rate> {
        let (value, variance) = self.steps_to(time).last().map_or((0.0, 0.0), |step| {
            (step.event_incidence, step.event_variance)
        });
        self.rate(value, variance, f64::NEG_INFINITY, time, level)
    }

    /// The share of those still open just after `age` that end with the event of interest within
    /// `more` time: `(F(age + more) - F(age)) / S(age)`. It is estimated from the risk sets after
    /// `age` alone, so that it exists where an early moment with few at risk brought the whole curve
    /// to its end. Beyond [`RiskSets::followed_to`] nothing is added. None where nobody was watched
    /// after `age`.
    #[must_use]
    pub fn by_after(&self, age: f64, more: f64, level: f64) -> Option<Rate> {
        let to = age + more;
        if !age.is_finite() {
            return None;
        }
        let mut walk = Walk::default();
        for step in self.steps_to(to).iter().filter(|step| step.time > age) {
            walk.step(step.at_risk, step.events, step.competing);
        }
        let (value, variance) = walk.event();
        self.rate(value, variance, age, to, level)
    }

    /// The mean time open, of `until` at most: the area below the curve. Biased by nothing that is
    /// still open, unlike the mean age of what was won. A limit that is no finite time is taken as
    /// [`RiskSets::followed_to`].
    #[must_use]
    pub fn restricted_mean(&self, until: f64) -> RestrictedMean {
        let until = if until.is_finite() {
            until.max(0.0)
        } else {
            self.risk_sets.followed_to().unwrap_or(0.0)
        };
        let mut mean = RestrictedMean {
            open: 0.0,
            error: 0.0,
            event: 0.0,
            competing: 0.0,
        };
        let steps = self.steps_to(until);
        // From the last piece to the first, so that the area still to come is at hand: the variance
        // is sum(area^2 d / (n (n - d))), Klein and Moeschberger, section 4.5.
        let mut end = until;
        let mut variance = 0.0;
        for step in steps.iter().rev() {
            let width = end - step.time;
            mean.open += width * step.survival;
            mean.event += width * step.event_incidence;
            mean.competing += width * step.competing_incidence;
            let ended = step.events + step.competing;
            if ended < step.at_risk {
                let weight = ended / (step.at_risk * (step.at_risk - ended));
                variance += mean.open * mean.open * weight;
            }
            end = step.time;
        }
        mean.open += end;
        mean.error = variance.sqrt();
        mean
    }

    /// The first moment by which at least this share has ended with the event of interest. None if
    /// it never has, as far as anyone was watched.
    #[must_use]
    pub fn when(&self, share: f64) -> Option<f64> {
        // A sum of shares such as 0.1 + 0.2 may miss its target by a last digit.
        let reached = |step: &Step| step.event_incidence >= share - 1e-12;
        let first = self.steps.partition_point(|step| !reached(step));
        self.steps.get(first).map(|step| step.time)
    }

    fn steps_to(&self, time: f64) -> &[Step] {
        &self.steps[..self.steps.partition_point(|step| step.time <= time)]
    }

    /// A share with the interval and the counts behind it, watched after `from` up to `to`.
    fn rate(&self, value: f64, variance: f64, from: f64, to: f64, level: f64) -> Option<Rate> {
        let level = level_within(level);
        let sets = &self.risk_sets;
        let gone = if from.is_finite() {
            // Who left at `from` itself is not among those still there after it.
            sets.left_before(from.next_up())
        } else {
            0
        };
        let after = to.max(0.0).next_up();
        let n = sets.entered(after).saturating_sub(gone);
        if n == 0 || to.is_nan() || to < 0.0 {
            return None;
        }
        let still_there = sets.entered(after).saturating_sub(sets.left_before(to));
        // Who left at `to` itself by an ending is counted as ended.
        let ended_before = sets.ended(from, to.next_down());
        let known = f64::from(ended_before + still_there).max(1.0);
        let binomial = value * (1.0 - value);
        let sure = variance <= 0.0 || binomial < 1e-12;
        let (n_effective, interval) = if sure {
            // A sum of many shares reaches 1 but for its last digits.
            (
                known,
                jeffreys((value * known * 1e9).round() / 1e9, known, level),
            )
        } else {
            (binomial / variance, log_log(value, variance, level))
        };
        Some(Rate {
            value,
            low: interval.low,
            high: interval.high,
            level,
            n,
            n_effective,
        })
    }
}

/// The interval that is symmetric on the scale `log(-log F)`.
fn log_log(value: f64, variance: f64, level: f64) -> Interval {
    let z = reach(level);
    let log = value.ln();
    let spread = z * variance.sqrt() / (value * log.abs());
    Interval {
        low: (log * spread.exp()).exp(),
        high: (log * (-spread).exp()).exp(),
        level,
    }
}
