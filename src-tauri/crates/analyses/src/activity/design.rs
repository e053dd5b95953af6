//! What else may explain an outcome: the columns of a regression beside the activity.

use std::collections::BTreeMap;

use stats::{Design, Error, linear_spline, quantile};

use super::lives::Lives;
use super::measure::Measure;
use super::rows::Row;

/// Owners that have a column of their own, at most: the others are taken together.
const MOST_OWNERS: usize = 6;
/// The least share of rows of a stage or an owner with a column of its own.
const LEAST_SHARE: f64 = 0.04;

/// The columns of the rows, and the middle row.
pub(super) struct Columns {
    columns: Vec<Vec<f64>>,
    /// What the middle row says in each.
    middle: Vec<f64>,
    knots: Vec<f64>,
    /// The middle age in weeks.
    age: f64,
}

impl Columns {
    /// Age bent at its thirds, stage, logarithm of the amount, owner, end of the quarter, landmark.
    pub(super) fn of(rows: &[Row]) -> Self {
        let mut ages: Vec<f64> = rows.iter().map(|row| row.age / 10.0).collect();
        let unsorted = ages.clone();
        ages.sort_by(f64::total_cmp);
        let at = |q| quantile(&ages, q).unwrap_or(0.0);
        let mut knots = vec![at(1.0 / 3.0), at(2.0 / 3.0)];
        knots.dedup();
        let age = at(0.5);
        let mut columns = linear_spline(&unsorted, &knots);
        let mut middle: Vec<f64> = spline_at(age, &knots);
        let mut add = |column: Vec<f64>, at_middle: f64| {
            columns.push(column);
            middle.push(at_middle);
        };
        // The most frequent stage and landmark are what the others are compared with.
        for values in [
            frequent(rows, |row| Some(u64::from(row.stage))),
            frequent(rows, |row| Some(u64::from(row.landmark))),
        ] {
            for (column, _) in values.into_iter().skip(1) {
                add(column, 0.0);
            }
        }
        for (column, share) in frequent(rows, |row| row.owner)
            .into_iter()
            .take(MOST_OWNERS)
        {
            add(column, share);
        }
        let logs: Vec<Option<f64>> = rows
            .iter()
            .map(|row| row.amount.filter(|&amount| amount >= 1.0).map(f64::ln))
            .collect();
        let mut known: Vec<f64> = logs.iter().flatten().copied().collect();
        known.sort_by(f64::total_cmp);
        let typical = quantile(&known, 0.5).unwrap_or(0.0);
        add(
            logs.iter()
                .map(|log| log.map_or(0.0, |log| log - typical))
                .collect(),
            0.0,
        );
        add(logs.iter().map(|log| flag(log.is_none())).collect(), 0.0);
        add(rows.iter().map(|row| flag(row.quarter_ends)).collect(), 0.0);
        Self {
            columns,
            middle,
            knots,
            age,
        }
    }

    /// The design with two more columns: whether the row's window holds the activity, which is the
    /// first column after the constant, and how much else happened in it.
    pub(super) fn with(&self, exposed: &[f64], others: &[f64]) -> Result<Design, Error> {
        let own = [exposed, others];
        let columns: Vec<&[f64]> = own
            .into_iter()
            .chain(self.columns.iter().map(Vec::as_slice))
            .collect();
        Design::of(exposed.len(), &columns)
    }

    /// The middle row, once without the activity.
    pub(super) fn middle_row(&self, others: &[f64]) -> Result<Design, Error> {
        self.path(others, 1, 0)
    }

    /// The middle deal's next weeks: from the second on, the activity is in its window for so many of
    /// them.
    pub(super) fn path(
        &self,
        others: &[f64],
        weeks: usize,
        exposed: usize,
    ) -> Result<Design, Error> {
        let mut sorted = others.to_vec();
        sorted.sort_by(f64::total_cmp);
        let much_else = quantile(&sorted, 0.5).unwrap_or(0.0);
        let mut columns = vec![
            (0..weeks)
                .map(|week| flag((1..=exposed).contains(&week)))
                .collect(),
            vec![much_else; weeks],
        ];
        let ages: Vec<f64> = (0..weeks)
            .map(|week| self.age + week as f64 / 10.0)
            .collect();
        let splines = linear_spline(&ages, &self.knots);
        let rest = self.middle[splines.len()..]
            .iter()
            .map(|&value| vec![value; weeks]);
        columns.extend(splines.iter().cloned().chain(rest));
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        Design::of(weeks, &columns)
    }
}

fn spline_at(value: f64, knots: &[f64]) -> Vec<f64> {
    linear_spline(&[value], knots)
        .into_iter()
        .flatten()
        .collect()
}

pub(super) fn flag(is: bool) -> f64 {
    f64::from(u8::from(is))
}

/// A column for each value that is frequent enough, with its share, the most frequent first.
fn frequent(rows: &[Row], value: impl Fn(&Row) -> Option<u64>) -> Vec<(Vec<f64>, f64)> {
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    for value in rows.iter().filter_map(&value) {
        *counts.entry(value).or_default() += 1;
    }
    let mut counts: Vec<(u64, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(value, count)| (std::cmp::Reverse(count), value));
    counts
        .into_iter()
        .map(|(value, count)| (value, count as f64 / rows.len() as f64))
        .filter(|&(_, share)| share >= LEAST_SHARE)
        .map(|(of, share)| {
            let column = rows.iter().map(|row| flag(value(row) == Some(of)));
            (column.collect(), share)
        })
        .collect()
}

/// For each row, whether at least `least` activities are in its window; and the logarithm of how much
/// else is, so that busy deals are compared with busy ones.
pub(super) fn exposure(
    lives: &Lives<'_>,
    rows: &[Row],
    measure: Measure,
    window: u32,
    least: u32,
) -> (Vec<f64>, Vec<f64>) {
    let one = |row: &Row| {
        let own = row.count(lives, measure, window);
        let others = row.count_others(lives, measure, window);
        (flag(own >= least), (1.0 + f64::from(others)).ln())
    };
    rows.iter().map(one).unzip()
}
