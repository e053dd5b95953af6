//! What has changed since most rows were seen: columns, the rate, and what probabilities mean.

use super::cells::Cells;
use super::judgement::numbered;
use super::order::Order;
use super::table::Table;
use serde::{Deserialize, Serialize};
use stats::normal_cdf;
use stats::scores::{CalibrationError, Drift};

/// The share of rows, the newest, that are held against the others.
const NEWEST: f64 = 0.2;
/// Rows on either side, at least.
const LEAST: usize = 50;
/// Cells of a number.
const BINS: usize = 10;
/// A change of the rate is worth a word where chance makes one so large more rarely than this.
const RARE: f64 = 0.01;
/// And where it is at least this many times the other, or one in so many.
const NOTABLE: f64 = 1.25;
/// What was said of the newest rows is off by this much, at least, where it is worth a word.
const OFF: f64 = 0.05;

/// A column that is not what it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Shifted {
    /// The column.
    pub column: String,
    /// By how much, against chance.
    pub drift: Drift,
}

/// The newest rows against those before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Shifts {
    /// The newest rows.
    pub newest: usize,
    /// The columns that changed by more than chance does, the most first.
    pub columns: Vec<Shifted>,
    /// The rate of the rows before.
    pub rate_then: f64,
    /// The rate of the newest.
    pub rate_now: f64,
    /// How likely chance parts the rates so far, what rows belong to taken as independent.
    pub rate_p: f64,
    /// How far what was said of the newest judged rows is from what happened, against chance.
    pub calibration: Option<CalibrationError>,
    /// The mean of what was said of them.
    pub said: Option<f64>,
    /// The share of them that happened.
    pub came: Option<f64>,
    /// What to be careful about, in sentences. Empty where nothing changed by more than chance.
    pub warnings: Vec<String>,
}

/// Compares the newest rows with the others. `judged` are rows with what was told of them before their
/// outcome was known.
pub(super) fn shifts(
    table: &Table,
    order: &Order,
    judged: (&[usize], &[f64]),
    seed: u64,
) -> Option<Shifts> {
    let Order::Forward { seen, .. } = order else {
        return None;
    };
    let mut rows: Vec<usize> = (0..table.rows()).collect();
    rows.sort_by_key(|&row| seen.get(row));
    let newest = (rows.len() as f64 * NEWEST) as usize;
    if newest < LEAST || rows.len() - newest < LEAST {
        return None;
    }
    let (then, now) = rows.split_at(rows.len() - newest);
    let mut columns = Vec::new();
    for column in table.columns() {
        let cells = Cells::of(&column.values, then, BINS);
        let count = |rows: &[usize]| -> Vec<f64> {
            let counts = cells.count(&column.values, table, rows);
            counts.iter().map(|count| count.all).collect()
        };
        let (before, after) = (count(then), count(now));
        // A cell that neither side has is no degree of freedom.
        let pairs = before.iter().zip(&after);
        let (before, after): (Vec<f64>, Vec<f64>) = pairs.filter(|(a, b)| **a + **b > 0.0).unzip();
        if let Ok(drift) = Drift::of(&before, &after)
            && drift.is_notable()
        {
            let column = column.name.clone();
            columns.push(Shifted { column, drift });
        }
    }
    columns.sort_by(|a, b| b.drift.value.total_cmp(&a.drift.value));
    let (rate_then, rate_now) = (table.rate(then), table.rate(now));
    let things = |rows: &[usize]| numbered(table, rows).into_iter().max().map_or(0, |n| n + 1);
    let rate_p = two_rates(rate_then, things(then), rate_now, things(now));
    let mut shifts = Shifts {
        newest,
        columns,
        rate_then,
        rate_now,
        rate_p,
        calibration: None,
        said: None,
        came: None,
        warnings: Vec::new(),
    };
    shifts.of_judged(table, now, judged, seed);
    shifts.warn();
    Some(shifts)
}

impl Shifts {
    fn of_judged(&mut self, table: &Table, now: &[usize], judged: (&[usize], &[f64]), seed: u64) {
        const DRAWS: u32 = 300;
        let mut newest = now.to_vec();
        newest.sort_unstable();
        let pairs = judged.0.iter().zip(judged.1);
        let (rows, told): (Vec<usize>, Vec<f64>) = pairs
            .filter(|(row, _)| newest.binary_search(row).is_ok())
            .unzip();
        if rows.len() < LEAST {
            return;
        }
        self.said = Some(told.iter().sum::<f64>() / told.len() as f64);
        let happened = table.outcomes(&rows);
        let came = happened.iter().filter(|happened| **happened).count();
        self.came = Some(came as f64 / rows.len() as f64);
        let groups = numbered(table, &rows);
        let error = CalibrationError::of(&told, &happened, Some(&groups), BINS, DRAWS, seed);
        self.calibration = error.ok();
    }

    fn warn(&mut self) {
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        let times = self.rate_now / self.rate_then;
        if self.rate_p < RARE && !(1.0 / NOTABLE..=NOTABLE).contains(&times) {
            self.warnings.push(format!(
                "The rate has changed: {} before, {} in the newest {} rows.",
                percent(self.rate_then),
                percent(self.rate_now),
                self.newest
            ));
        }
        let off = self.calibration.as_ref();
        let off = off.filter(|error| error.p < RARE && error.value - error.by_chance > OFF);
        if let (Some(_), Some(said), Some(came)) = (off, self.said, self.came) {
            self.warnings.push(format!(
                "In the newest rows probabilities did not mean what they say: {} was said on average, \
                 and {} came. Use the order of scores, not their size.",
                percent(said),
                percent(came)
            ));
        }
        if let Some(first) = self.columns.first() {
            self.warnings.push(format!(
                "{} of the columns that are learnt from are not what they were, {} most of all.",
                self.columns.len(),
                first.column
            ));
        }
    }
}

/// How likely chance parts two rates so far (the score test of two proportions).
fn two_rates(a: f64, n: u32, b: f64, m: u32) -> f64 {
    let (n, m) = (f64::from(n), f64::from(m));
    let pooled = (a * n + b * m) / (n + m);
    let error = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt();
    if error > 0.0 {
        2.0 * normal_cdf(-((a - b) / error).abs())
    } else {
        1.0
    }
}
