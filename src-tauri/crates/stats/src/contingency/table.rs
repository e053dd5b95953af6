//! A fourfold table, and the ratios that one is summed up in.

use serde::Serialize;

use crate::proportion::{level_within, reach};

/// Counts of independent cases in two groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Table {
    /// In the group, and it happened.
    pub a: u32,
    /// In the group, and it did not.
    pub b: u32,
    /// Among the others, and it happened.
    pub c: u32,
    /// Among the others, and it did not.
    pub d: u32,
}

impl Table {
    /// The table of `k` of `n` in the group and `others_k` of `others_n` among the others.
    #[must_use]
    pub fn of(k: u32, n: u32, others_k: u32, others_n: u32) -> Self {
        Self {
            a: k,
            b: n.saturating_sub(k),
            c: others_k,
            d: others_n.saturating_sub(others_k),
        }
    }

    /// The four counts as numbers.
    pub(super) fn cells(&self) -> [f64; 4] {
        [self.a, self.b, self.c, self.d].map(f64::from)
    }
}

/// How many times as large one is as the other, with an interval that is symmetric on the scale of
/// logarithms.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Ratio {
    /// The ratio; 1 is no difference.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// How often such an interval covers the truth, such as 0.95.
    pub level: f64,
    /// Standard error of the ratio's logarithm.
    pub log_error: f64,
}

impl Ratio {
    /// The ratio with this standard error of its logarithm. None unless both are numbers and the
    /// ratio is positive.
    #[must_use]
    pub fn with_log_error(value: f64, log_error: f64, level: f64) -> Option<Self> {
        let is_ratio = value > 0.0 && value.is_finite() && log_error >= 0.0;
        let level = level_within(level);
        let factor = (reach(level) * log_error).exp();
        (is_ratio && factor.is_finite()).then(|| Self {
            value,
            low: value / factor,
            high: (value * factor).min(f64::MAX),
            level,
            log_error,
        })
    }

    /// Whether 1, no difference, lies outside the interval.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.low > 1.0 || self.high < 1.0
    }
}

/// The odds in the group over the odds among the others, with Woolf's interval (1955). None where a
/// cell is empty.
#[must_use]
pub fn odds_ratio(table: &Table, level: f64) -> Option<Ratio> {
    let [a, b, c, d] = table.cells();
    let variance = 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d;
    Ratio::with_log_error(a * d / (b * c), variance.sqrt(), level)
}

/// The share in the group over the share among the others, with the interval of Katz and others
/// (1978). None where it happened to nobody in one of them.
#[must_use]
pub fn risk_ratio(table: &Table, level: f64) -> Option<Ratio> {
    let [a, b, c, d] = table.cells();
    let variance = 1.0 / a - 1.0 / (a + b) + 1.0 / c - 1.0 / (c + d);
    let value = a / (a + b) / (c / (c + d));
    // Where it happened to all of both, the difference of equal numbers may fall below nothing.
    Ratio::with_log_error(value, variance.max(0.0).sqrt(), level)
}

/// One independent share over another, each with its variance: lift between cumulative incidences.
/// By the delta method, `var(log) = v1 / p1^2 + v2 / p2^2`. None where a share is 0.
#[must_use]
pub fn ratio_of_shares(share: (f64, f64), other: (f64, f64), level: f64) -> Option<Ratio> {
    let relative = |(value, variance): (f64, f64)| variance / (value * value);
    let log_error = (relative(share) + relative(other)).sqrt();
    Ratio::with_log_error(share.0 / other.0, log_error, level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_cells_have_no_ratio() {
        let empty = Table::of(0, 10, 3, 10);
        assert_eq!(odds_ratio(&empty, 0.95), None);
        assert_eq!(risk_ratio(&empty, 0.95), None);
        assert_eq!(risk_ratio(&Table::default(), 0.95), None);
        assert_eq!(ratio_of_shares((0.2, 0.01), (0.0, 0.0), 0.95), None);
    }

    #[test]
    fn a_ratio_of_shares_of_counts_is_the_risk_ratio() {
        let table = Table::of(12, 40, 20, 130);
        let share = |k: f64, n: f64| (k / n, k / n * (1.0 - k / n) / n);
        let ours = ratio_of_shares(share(12.0, 40.0), share(20.0, 130.0), 0.9).unwrap();
        let theirs = risk_ratio(&table, 0.9).unwrap();
        assert!((ours.low - theirs.low).abs() < 1e-12);
        assert!((ours.high - theirs.high).abs() < 1e-12);
        assert!(ours.differs() && !risk_ratio(&Table::of(3, 9, 30, 91), 0.9).unwrap().differs());
    }

    #[test]
    fn where_it_happened_to_all_the_ratio_is_sure() {
        let ratio = risk_ratio(&Table::of(7, 7, 9, 9), 0.95).unwrap();
        assert!((ratio.value - 1.0).abs() < 1e-12 && ratio.low <= 1.0 && ratio.high >= 1.0);
    }
}
