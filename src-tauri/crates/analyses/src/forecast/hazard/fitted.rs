//! What a fitted hazard says of a deal, and how sure it is.

use jiff::tz::TimeZone;
use stats::{normal_cdf, normal_quantile};

use super::features::{Columns, WeekFacts, weeks_after};
use super::reps::Reps;
use super::sightings::Seen;
use crate::forecast::landmarks::Horizon;

/// A fitted hazard.
#[derive(Debug, Clone)]
pub(crate) struct Fitted {
    pub(super) columns: Columns,
    /// Of winning, then of losing.
    pub(super) coefficients: Vec<f64>,
    pub(super) covariance: Vec<f64>,
    pub(super) reps: Reps,
    /// Weeks that it answers for.
    pub(super) reach: u32,
    /// Deals that it has learned from.
    pub(super) won: usize,
    pub(super) lost: usize,
}

/// The chance that a deal is won within a horizon.
#[derive(Debug, Clone)]
pub(crate) struct Chance {
    pub(crate) value: f64,
    /// Its change by every coefficient, on the probit scale.
    pub(crate) gradient: Vec<f64>,
}

impl Fitted {
    /// Closed deals that it has learned from.
    pub(crate) fn deals(&self) -> usize {
        self.won + self.lost
    }

    pub(crate) fn reach(&self) -> u32 {
        self.reach
    }

    /// The chances of deals seen at one moment, in their order.
    pub(crate) fn chances(&self, seen: &[Seen], horizon: Horizon, zone: &TimeZone) -> Vec<Chance> {
        let Some(first) = seen.first() else {
            return Vec::new();
        };
        let until = horizon.until.as_secs_f64() / (7.0 * 86_400.0);
        let from = horizon.from.as_secs_f64() / (7.0 * 86_400.0);
        let last = (until.ceil() as u32).min(self.reach);
        let calendar = weeks_after(first.at, last, zone);
        let mut walk = Walk::new(self);
        seen.iter()
            .map(|seen| {
                walk.begin(self.reps.shift(seen.owner));
                let mut row = vec![0.0; self.columns.width()];
                for week in 1..=last {
                    self.columns
                        .write(seen, week, calendar[week as usize - 1], &mut row);
                    // The share of this week that lies within the horizon.
                    let begins = f64::from(week - 1);
                    let part = (until.min(begins + 1.0) - from.max(begins)).clamp(0.0, 1.0);
                    walk.week(&row, part);
                }
                walk.chance()
            })
            .collect()
    }

    /// The wins to expect of a deal in the weeks that it was followed: the sum of its chances in each
    /// of them, given that it was still open. Wins less this are 0 on average
    /// wherever one stops following, which the chance to be won by then is not.
    pub(super) fn expected(&self, seen: &Seen, weeks: u32, calendar: &[WeekFacts]) -> f64 {
        let width = self.columns.width();
        let (win, lose) = self.coefficients.split_at(width);
        let mut row = vec![0.0; width];
        let mut sum = 0.0;
        for week in 1..=weeks {
            self.columns
                .write(seen, week, calendar[week as usize - 1], &mut row);
            let (won, _) = chances(&row, win, lose, 0.0);
            sum += won;
        }
        sum
    }

    /// The covariance of what moves by these gradients.
    pub(crate) fn covariance_of(&self, gradients: &[Vec<f64>]) -> Vec<f64> {
        let size = self.coefficients.len();
        let moved: Vec<Vec<f64>> = gradients
            .iter()
            .map(|gradient| {
                self.covariance
                    .chunks_exact(size)
                    .map(|row| row.iter().zip(gradient).map(|(v, g)| v * g).sum())
                    .collect()
            })
            .collect();
        let entry = |i: usize, j: usize| -> f64 {
            gradients[i].iter().zip(&moved[j]).map(|(a, b)| a * b).sum()
        };
        let n = gradients.len();
        (0..n * n)
            .map(|place| entry(place / n, place % n))
            .collect()
    }
}

/// A deal's way through the weeks: the chance to be won, and to be still open, with their
/// derivatives.
struct Walk<'a> {
    fitted: &'a Fitted,
    shift: f64,
    won: f64,
    open: f64,
    won_by: Vec<f64>,
    open_by: Vec<f64>,
}

impl<'a> Walk<'a> {
    fn new(fitted: &'a Fitted) -> Self {
        let size = fitted.coefficients.len();
        Self {
            fitted,
            shift: 0.0,
            won: 0.0,
            open: 1.0,
            won_by: vec![0.0; size],
            open_by: vec![0.0; size],
        }
    }

    fn begin(&mut self, shift: f64) {
        (self.shift, self.won, self.open) = (shift, 0.0, 1.0);
        self.won_by.fill(0.0);
        self.open_by.fill(0.0);
    }

    fn week(&mut self, row: &[f64], part: f64) {
        let width = row.len();
        let (win, lose) = self.fitted.coefficients.split_at(width);
        let (won, lost) = chances(row, win, lose, self.shift);
        let goes_on = 1.0 - won - lost;
        let derivatives = self.won_by.iter_mut().zip(&mut self.open_by).enumerate();
        for (place, (won_by, open_by)) in derivatives {
            let x = row[place % width];
            let (of_won, of_end) = if place < width {
                (won * (1.0 - won) * x, won * goes_on * x)
            } else {
                (-won * lost * x, lost * goes_on * x)
            };
            *won_by += part * (*open_by * won + self.open * of_won);
            *open_by = *open_by * goes_on - self.open * of_end;
        }
        self.won += part * self.open * won;
        self.open *= goes_on;
    }

    fn chance(&self) -> Chance {
        let value = self.won.clamp(1e-9, 1.0 - 1e-9);
        let z = normal_quantile(value);
        let density = (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
        Chance {
            value,
            gradient: self.won_by.iter().map(|by| by / density).collect(),
        }
    }
}

/// The chances to be won and lost in a week.
fn chances(row: &[f64], win: &[f64], lose: &[f64], shift: f64) -> (f64, f64) {
    let product = |beta: &[f64]| row.iter().zip(beta).map(|(x, b)| x * b).sum::<f64>();
    // Bounded, so that an amount beyond all others gives a chance and not an infinity.
    let won = (product(win) + shift).clamp(-30.0, 30.0).exp();
    let lost = product(lose).clamp(-30.0, 30.0).exp();
    let all = 1.0 + won + lost;
    (won / all, lost / all)
}

impl Chance {
    /// The interval of the chance, symmetric on the probit scale.
    pub(crate) fn interval(&self, fitted: &Fitted, level: f64) -> (f64, f64) {
        let variance = fitted.covariance_of(std::slice::from_ref(&self.gradient))[0];
        let half = normal_quantile(0.5 + level / 2.0) * variance.max(0.0).sqrt();
        let z = normal_quantile(self.value);
        (normal_cdf(z - half), normal_cdf(z + half))
    }
}
