//! What a fitted hazard says of a deal, and how sure it is.

use jiff::tz::TimeZone;
use stats::{normal_cdf, normal_quantile};

use super::Closed;
use super::features::{Columns, MOVES, WeekFacts, weeks_after};
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
    pub(super) closed: Closed,
    /// Whether they were drawn by lot from more.
    pub(super) is_sample: bool,
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
        self.closed.won + self.closed.lost
    }

    /// Whether these are some, drawn by lot.
    pub(crate) fn is_sample(&self) -> bool {
        self.is_sample
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
        // The share of each week that lies within the horizon.
        let parts: Vec<f64> = (0..last)
            .map(|week| {
                let begins = f64::from(week);
                (until.min(begins + 1.0) - from.max(begins)).clamp(0.0, 1.0)
            })
            .collect();
        let mut walk = Walk::new(self, &calendar, &parts);
        seen.iter().map(|seen| walk.chance(seen)).collect()
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

/// Deals' ways through the weeks: the chance to be won, with its derivatives.
///
/// What a deal's weeks have in common is multiplied once, and derivatives are taken backwards: a change
/// of a week's log odds counts by what the weeks after it are still to bring.
struct Walk<'a> {
    fitted: &'a Fitted,
    calendar: &'a [WeekFacts],
    parts: &'a [f64],
    row: Vec<f64>,
    weeks: Vec<Week>,
}

/// One week of a deal that was open at its beginning.
struct Week {
    won: f64,
    lost: f64,
    /// The chance to be open at its beginning.
    open: f64,
    moving: [f64; MOVES],
}

impl<'a> Walk<'a> {
    fn new(fitted: &'a Fitted, calendar: &'a [WeekFacts], parts: &'a [f64]) -> Self {
        Self {
            fitted,
            calendar,
            parts,
            row: vec![0.0; fitted.columns.width()],
            weeks: Vec::with_capacity(parts.len()),
        }
    }

    fn chance(&mut self, seen: &Seen) -> Chance {
        let fitted = self.fitted;
        let width = self.row.len();
        let (win, lose) = fitted.coefficients.split_at(width);
        let steady = fitted.columns.write_steady(seen, &mut self.row);
        let of = |beta: &[f64]| -> f64 { self.row.iter().zip(beta).map(|(x, b)| x * b).sum() };
        let (steady_win, steady_lose) = (of(win) + fitted.reps.shift(seen.owner), of(lose));
        self.weeks.clear();
        let (mut value, mut open) = (0.0, 1.0);
        for ((number, facts), part) in (1..).zip(self.calendar).zip(self.parts) {
            let moving = steady.moving(number, *facts);
            let of = |beta: &[f64]| -> f64 {
                let terms = steady.places.iter().zip(&moving);
                terms.map(|(&place, x)| x * beta[place]).sum()
            };
            let (won, lost) = shares(steady_win + of(win), steady_lose + of(lose));
            value += part * open * won;
            self.weeks.push(Week {
                won,
                lost,
                open,
                moving,
            });
            open *= 1.0 - won - lost;
        }
        let mut gradient = vec![0.0; 2 * width];
        let (by_win, by_lose) = gradient.split_at_mut(width);
        let (mut all_win, mut all_lose, mut to_come) = (0.0, 0.0, 0.0);
        for (week, part) in self.weeks.iter().zip(self.parts).rev() {
            let Week {
                won, lost, open, ..
            } = *week;
            let goes_on = 1.0 - won - lost;
            let of_win = open * won * (part * (1.0 - won) - goes_on * to_come);
            let of_lose = -open * lost * (part * won + goes_on * to_come);
            for (&place, x) in steady.places.iter().zip(&week.moving) {
                by_win[place] += of_win * x;
                by_lose[place] += of_lose * x;
            }
            all_win += of_win;
            all_lose += of_lose;
            to_come = part * won + goes_on * to_come;
        }
        let value = value.clamp(1e-9, 1.0 - 1e-9);
        let z = normal_quantile(value);
        let density = (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
        for (by, all) in [(by_win, all_win), (by_lose, all_lose)] {
            for (by, x) in by.iter_mut().zip(&self.row) {
                *by = (*by + all * x) / density;
            }
        }
        Chance { value, gradient }
    }
}

/// The chances to be won and lost in a week.
fn chances(row: &[f64], win: &[f64], lose: &[f64], shift: f64) -> (f64, f64) {
    let product = |beta: &[f64]| row.iter().zip(beta).map(|(x, b)| x * b).sum::<f64>();
    shares(product(win) + shift, product(lose))
}

/// The same from the log odds of either beside going on.
fn shares(win: f64, lose: f64) -> (f64, f64) {
    // Bounded, so that an amount beyond all others gives a chance and not an infinity.
    let won = win.clamp(-30.0, 30.0).exp();
    let lost = lose.clamp(-30.0, 30.0).exp();
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
