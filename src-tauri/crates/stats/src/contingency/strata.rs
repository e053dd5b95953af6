//! One comparison inside each stratum, pooled: Cochran, Mantel and Haenszel.

use serde::Serialize;

use super::table::{Ratio, Table, odds_ratio};
use crate::special::chi_squared_tail;

/// A statistic that is chi-squared where there is nothing to find.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Test {
    /// The statistic.
    pub statistic: f64,
    /// Its degrees of freedom.
    pub degrees: u32,
    /// How likely so large a one is by chance.
    pub p: f64,
}

impl Test {
    pub(crate) fn chi_squared(statistic: f64, degrees: u32) -> Option<Self> {
        (statistic.is_finite() && degrees > 0).then(|| {
            let statistic = statistic.max(0.0);
            Self {
                statistic,
                degrees,
                p: chi_squared_tail(statistic, f64::from(degrees)),
            }
        })
    }
}

/// What strata say together. A field is None where its margins leave nothing to compute it from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Stratified {
    /// The odds ratio of the sum of all tables.
    pub crude: Option<Ratio>,
    /// Mantel and Haenszel's odds ratio (1959), with the interval of Robins, Breslow and Greenland
    /// (1986).
    pub odds: Option<Ratio>,
    /// Mantel and Haenszel's ratio of shares, with the interval of Greenland and Robins (1985).
    pub risk: Option<Ratio>,
    /// Whether there is any association: Cochran, Mantel and Haenszel, without continuity correction.
    pub association: Option<Test>,
    /// The same with the correction; a difference of less than half a case is none.
    pub association_corrected: Option<Test>,
    /// Whether the strata have one odds ratio: Breslow and Day (1980).
    pub homogeneity: Option<Test>,
    /// The same with Tarone's adjustment (1985).
    pub homogeneity_adjusted: Option<Test>,
    /// Strata that say something: both groups have cases, and it happened to some and not to all.
    pub informative: u32,
}

impl Stratified {
    /// Whether the crude ratio points the other way than the pooled one, or the strata differ by
    /// more than chance at the 5 % level: then the strata are the answer, and no single number is.
    #[must_use]
    pub fn needs_strata(&self) -> bool {
        let turned = match (self.crude, self.odds) {
            (Some(crude), Some(odds)) => (crude.value - 1.0) * (odds.value - 1.0) < 0.0,
            _ => false,
        };
        turned || self.homogeneity_adjusted.is_some_and(|test| test.p < 0.05)
    }
}

/// Pools one table a stratum.
#[must_use]
pub fn stratified(strata: &[Table], level: f64) -> Stratified {
    let mut sums = Sums::default();
    for table in strata {
        sums.add(table.cells());
    }
    let odds = sums.odds(level);
    let (homogeneity, homogeneity_adjusted) = sums
        .common_odds()
        .map_or((None, None), |odds| breslow_day(strata, odds));
    Stratified {
        crude: crude(strata).and_then(|table| odds_ratio(&table, level)),
        odds,
        risk: sums.risk(level),
        association: sums.association(0.0),
        association_corrected: sums.association(0.5),
        homogeneity,
        homogeneity_adjusted,
        informative: strata.iter().filter(|table| informs(table)).count() as u32,
    }
}

/// All strata in one table. None beyond 2^32 cases in a cell.
fn crude(strata: &[Table]) -> Option<Table> {
    strata.iter().try_fold(Table::default(), |sum, table| {
        Some(Table {
            a: sum.a.checked_add(table.a)?,
            b: sum.b.checked_add(table.b)?,
            c: sum.c.checked_add(table.c)?,
            d: sum.d.checked_add(table.d)?,
        })
    })
}

fn informs(table: &Table) -> bool {
    let [a, b, c, d] = table.cells();
    (a + b) * (c + d) * (a + c) * (b + d) > 0.0
}

/// The sums over strata that the pooled numbers are made of.
#[derive(Default)]
struct Sums {
    /// `R = sum a d / n` and `S = sum b c / n`.
    r: f64,
    s: f64,
    /// `sum P R`, `sum P S + Q R` and `sum Q S` with `P = (a + d) / n`, `Q = (b + c) / n`.
    pr: f64,
    ps_qr: f64,
    qs: f64,
    /// `sum a n0 / n`, `sum c n1 / n` and the numerator of Greenland and Robins.
    risk: f64,
    risk_others: f64,
    risk_spread: f64,
    /// Of the first cells: sum less expectation, and variance, with all margins given.
    excess: f64,
    variance: f64,
}

impl Sums {
    fn add(&mut self, [a, b, c, d]: [f64; 4]) {
        let (group, others, happened) = (a + b, c + d, a + c);
        let n = group + others;
        if n <= 0.0 {
            return;
        }
        let (r, s) = (a * d / n, b * c / n);
        let (p, q) = ((a + d) / n, (b + c) / n);
        self.r += r;
        self.s += s;
        self.pr += p * r;
        self.ps_qr += p * s + q * r;
        self.qs += q * s;
        self.risk += a * others / n;
        self.risk_others += c * group / n;
        self.risk_spread += (happened * group * others - a * c * n) / (n * n);
        self.excess += a - group * happened / n;
        if n > 1.0 {
            self.variance += group * others * happened * (b + d) / (n * n * (n - 1.0));
        }
    }

    fn common_odds(&self) -> Option<f64> {
        (self.r > 0.0 && self.s > 0.0).then(|| self.r / self.s)
    }

    fn odds(&self, level: f64) -> Option<Ratio> {
        let odds = self.common_odds()?;
        let (r, s) = (self.r, self.s);
        let twice = self.pr / (r * r) + self.ps_qr / (r * s) + self.qs / (s * s);
        Ratio::with_log_error(odds, (0.5 * twice).sqrt(), level)
    }

    fn risk(&self, level: f64) -> Option<Ratio> {
        let variance = self.risk_spread / (self.risk * self.risk_others);
        Ratio::with_log_error(
            self.risk / self.risk_others,
            variance.max(0.0).sqrt(),
            level,
        )
    }

    fn association(&self, correction: f64) -> Option<Test> {
        let excess = (self.excess.abs() - correction).max(0.0);
        Test::chi_squared(excess * excess / self.variance, 1)
    }
}

/// The tests of one common odds ratio, without and with Tarone's adjustment.
fn breslow_day(strata: &[Table], odds: f64) -> (Option<Test>, Option<Test>) {
    let (mut statistic, mut excess, mut variances) = (0.0, 0.0, 0.0);
    let mut informative = 0_u32;
    for table in strata.iter().filter(|table| informs(table)) {
        let [a, b, c, d] = table.cells();
        let expected = expected_first(odds, a + b, a + c, d - a);
        let variance = 1.0
            / (1.0 / expected
                + 1.0 / (a + b - expected)
                + 1.0 / (a + c - expected)
                + 1.0 / (d - a + expected));
        statistic += (a - expected).powi(2) / variance;
        excess += a - expected;
        variances += variance;
        informative += 1;
    }
    let degrees = informative.saturating_sub(1);
    let adjusted = statistic - excess * excess / variances;
    (
        Test::chi_squared(statistic, degrees),
        Test::chi_squared(adjusted, degrees),
    )
}

/// The first cell that these margins have at an odds ratio: the root of
/// `(1 - odds) e^2 + (odds (group + happened) + rest) e - odds group happened`, where `rest` is the
/// last cell less the first. Written so that an odds ratio of 1 divides by nothing small.
fn expected_first(odds: f64, group: f64, happened: f64, rest: f64) -> f64 {
    let linear = odds * (group + happened) + rest;
    let constant = odds * group * happened;
    let root = (linear * linear + 4.0 * (1.0 - odds) * constant)
        .max(0.0)
        .sqrt();
    2.0 * constant / (linear + root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: f64, expected: f64) {
        assert!(
            (value - expected).abs() < 1e-10,
            "{value} is not {expected}"
        );
    }

    fn table(a: u32, b: u32, c: u32, d: u32) -> Table {
        Table { a, b, c, d }
    }

    /// The published fixture in which the sum of the strata points the other way.
    #[test]
    fn simpsons_strata_turn_the_answer() {
        let pooled = stratified(&[table(81, 6, 234, 36), table(192, 71, 55, 25)], 0.95);
        check(pooled.crude.unwrap().value, 0.748_348_537_3);
        let odds = pooled.odds.unwrap();
        check(odds.value, 1.446_846_624_9);
        check(odds.log_error, 0.233_346_592_7);
        check(odds.low, 0.915_793_413_5);
        check(odds.high, 2.285_848_669_8);
        assert!(pooled.needs_strata());
        assert_eq!(pooled.informative, 2);
    }

    #[test]
    fn strata_alike_need_no_telling_apart() {
        let pooled = stratified(&[table(20, 80, 10, 90), table(40, 160, 20, 180)], 0.95);
        check(pooled.homogeneity.unwrap().statistic, 0.0);
        check(pooled.homogeneity_adjusted.unwrap().p, 1.0);
        check(pooled.risk.unwrap().value, 2.0);
        assert!(!pooled.needs_strata());
    }

    #[test]
    fn a_common_odds_ratio_of_one_is_no_special_case() {
        let pooled = stratified(&[table(10, 20, 30, 60), table(8, 8, 9, 9)], 0.95);
        check(pooled.odds.unwrap().value, 1.0);
        check(pooled.homogeneity.unwrap().statistic, 0.0);
    }

    #[test]
    fn margins_without_contrast_say_nothing() {
        let nothing = stratified(&[], 0.95);
        assert_eq!(nothing.association, None);
        assert_eq!(nothing.odds, None);
        let silent = stratified(&[table(0, 5, 0, 9), table(0, 0, 3, 4)], 0.95);
        assert_eq!((silent.informative, silent.association), (0, None));
        assert_eq!(silent.homogeneity, None);
        let one_sided = stratified(&[table(5, 0, 3, 4)], 0.95);
        assert_eq!(one_sided.odds, None);
        assert!(one_sided.association.is_some());
    }
}
