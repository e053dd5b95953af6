//! The rungs of the ladder but for the pairs: raw, per week, landmark, week by week.

use std::collections::BTreeSet;

use stats::{
    ClusterRatio, Design, Effect, Error, Evidence, Fitting, Hazard, Logistic, Ratio, Table,
    risk_ratio,
};

use super::design::{Columns, exposure, flag};
use super::lives::{Ending, Life, Lives};
use super::measure::Measure;
use super::report::{LandmarkEffect, Rung, RungKind};
use super::rows::{Row, at_landmark, share_at_landmarks, weeks};
use super::words;
use super::{ActivityQuestion, HORIZON_WEEKS, LANDMARKS, LEVEL};

/// Keeps coefficients of columns that tell outcomes apart finite; it weighs as half a row each.
const RIDGE: f64 = 0.5;

/// All that the ladders of a report are made from.
pub(super) struct Frame<'a> {
    pub(super) lives: Lives<'a>,
    pub(super) weeks: Cohort,
    pub(super) landmarks: Cohort,
    each_landmark: Vec<(u32, Cohort)>,
    pub(super) sampled: bool,
    pub(super) sampled_at_landmarks: bool,
    pub(super) seed: u64,
    pub(super) draws: u32,
}

/// Rows with the columns beside the activity.
pub(super) struct Cohort {
    pub(super) rows: Vec<Row>,
    columns: Columns,
    clusters: Vec<u32>,
    /// Coefficients without any activity, near those with one.
    start: Vec<f64>,
}

impl Cohort {
    fn of(lives: &Lives<'_>, rows: Vec<Row>) -> Self {
        let cluster = |row: &Row| lives.lives[row.life as usize].cluster;
        Self {
            columns: Columns::of(&rows),
            clusters: rows.iter().map(cluster).collect(),
            start: Vec::new(),
            rows,
        }
    }

    /// The same, ready for many fits that differ in one activity.
    fn with_start(mut self) -> Self {
        let nothing = vec![0.0; self.rows.len()];
        let fit = self
            .columns
            .with(&nothing, &nothing)
            .and_then(|design| hazard(&design, &self));
        if let Ok(fit) = fit {
            let endings = (1_u8..).map_while(|ending| fit.coefficients(ending));
            self.start = endings.flatten().copied().collect();
        }
        self
    }

    /// The deals that the rows are of.
    pub(super) fn deals(&self) -> BTreeSet<u32> {
        self.rows.iter().map(|row| row.life).collect()
    }
}

impl<'a> Frame<'a> {
    pub(super) fn of(lives: Lives<'a>, question: &ActivityQuestion) -> Self {
        let (rows, sampled) = weeks(&lives, question.seed);
        let each: Vec<(u32, Vec<Row>)> = LANDMARKS
            .into_iter()
            .map(|day| (day, at_landmark(&lives, day, question.seed)))
            .collect();
        let all = each.iter().flat_map(|(_, rows)| rows).copied().collect();
        Self {
            weeks: Cohort::of(&lives, rows).with_start(),
            landmarks: Cohort::of(&lives, all),
            each_landmark: each
                .into_iter()
                .map(|(day, rows)| (day, Cohort::of(&lives, rows)))
                .collect(),
            sampled,
            sampled_at_landmarks: share_at_landmarks(&lives) < 1.0,
            seed: question.seed,
            draws: question.draws,
            lives,
        }
    }

    /// The closed deals.
    pub(super) fn closed(&self) -> impl Iterator<Item = &Life> + Clone {
        let lives = self.lives.lives.iter();
        lives.filter(|life| life.ending != Ending::Open)
    }

    /// One more than the median over all weeks: from so many on a window holds the activity.
    pub(super) fn least(&self, measure: Measure, window: u32) -> u32 {
        let counts = self.weeks.rows.iter();
        above_median(
            counts
                .map(|row| row.count(&self.lives, measure, window))
                .collect(),
        )
    }

    /// The rungs that know no window.
    pub(super) fn of_whole_lives(&self, measure: Measure) -> [Rung; 2] {
        [self.raw(measure), self.per_week(measure)]
    }

    /// Closed deals with much of it against those with little.
    fn raw(&self, measure: Measure) -> Rung {
        let count = |life: &Life| self.lives.count(life, measure, i64::MIN, life.until);
        let least = above_median(self.closed().map(count).collect());
        let comparison = Comparison::of(self.closed().map(|life| (life, count(life) >= least)));
        Rung {
            ratio: comparison.ratio(),
            ..self.rung_of_closed(RungKind::Raw, &comparison, least, None)
        }
    }

    /// The same by the rate a week.
    fn per_week(&self, measure: Measure) -> Rung {
        let count = |life: &Life| f64::from(self.lives.count(life, measure, life.from, life.until));
        let rate = |life: &Life| count(life) / (life.days() / 7.0).max(1.0 / 7.0);
        let mut rates: Vec<f64> = self.closed().map(rate).collect();
        rates.sort_by(f64::total_cmp);
        let median = stats::quantile(&rates, 0.5).unwrap_or(0.0);
        let comparison = Comparison::of(self.closed().map(|life| (life, rate(life) > median)));
        let of = |ending: Ending| {
            let lives = self.closed().filter(move |life| life.ending == ending);
            ClusterRatio::of(lives.map(|life| (count(life), life.days() / 7.0)))
        };
        let ratio = of(Ending::Won)
            .zip(of(Ending::Lost))
            .and_then(|(won, lost)| {
                let relative = |of: ClusterRatio| of.variance / (of.ratio * of.ratio);
                let log_error = (relative(won) + relative(lost)).sqrt();
                Ratio::with_log_error(won.ratio / lost.ratio, log_error, LEVEL)
            });
        let ratio = ratio.filter(|_| comparison.evidence().has_number());
        Rung {
            ratio,
            ..self.rung_of_closed(RungKind::PerWeek, &comparison, 0, Some(median))
        }
    }

    fn rung_of_closed(
        &self,
        rung: RungKind,
        comparison: &Comparison,
        least: u32,
        median: Option<f64>,
    ) -> Rung {
        let table = comparison.table;
        Rung {
            rung,
            label: words::rung(rung).to_owned(),
            definition: words::raw_definition(least, median),
            effect: comparison.effect(),
            ratio: None,
            evidence: comparison.evidence(),
            n: table.a + table.b + table.c + table.d,
            exposed: table.a + table.b,
            won: table.a + table.c,
            landmarks: Vec::new(),
            imbalance: None,
            group: "closed".to_owned(),
        }
    }

    /// Deals that were open at the landmarks' ages: a logistic regression of being won within the
    /// horizon, all landmarks together, and each apart.
    pub(super) fn landmark(&self, measure: Measure, window: u32, least: u32) -> Rung {
        let together = self.at_landmarks(&self.landmarks, measure, window, least);
        let landmarks = self
            .each_landmark
            .iter()
            .map(|(day, cohort)| LandmarkEffect {
                day: *day,
                n: cohort.deals().len() as u32,
                effect: self
                    .at_landmarks(cohort, measure, window, least)
                    .map(|(effect, _)| effect),
            });
        Rung {
            effect: together.map(|found| found.0),
            ratio: together.and_then(|found| found.1),
            landmarks: landmarks.collect(),
            ..self.rung(RungKind::Landmark, &self.landmarks, measure, window, least)
        }
    }

    fn at_landmarks(
        &self,
        cohort: &Cohort,
        measure: Measure,
        window: u32,
        least: u32,
    ) -> Option<(Effect, Option<Ratio>)> {
        let (exposed, others) = exposure(&self.lives, &cohort.rows, measure, window, least);
        if !evidence(cohort, &exposed).has_number() {
            return None;
        }
        let fit = || -> Result<(Effect, Option<Ratio>), Error> {
            let design = cohort.columns.with(&exposed, &others)?;
            let won: Vec<bool> = cohort.rows.iter().map(|row| row.ending == 1).collect();
            let fit = Logistic::fit(&design, &won, &fitting(cohort))?;
            let effect = fit.effect(&cohort.columns.middle_row(&others)?, 1, 1.0, LEVEL)?;
            Ok((effect, fit.odds_ratio(1, LEVEL)))
        };
        fit().ok()
    }

    /// Week by week: the hazards of being won and of being lost, all else alike.
    pub(super) fn adjusted(&self, measure: Measure, window: u32, least: u32) -> Rung {
        let cohort = &self.weeks;
        let (exposed, others) = exposure(&self.lives, &cohort.rows, measure, window, least);
        let fit = || -> Result<(Effect, Option<Ratio>), Error> {
            let design = cohort.columns.with(&exposed, &others)?;
            let fit = hazard(&design, cohort)?;
            // An activity of today is in the window of so many of the next weeks.
            let weeks = (window.div_ceil(7) as usize).min(HORIZON_WEEKS - 1);
            let with = cohort.columns.path(&others, HORIZON_WEEKS, weeks)?;
            let without = cohort.columns.path(&others, HORIZON_WEEKS, 0)?;
            let effect = fit.difference(&with, &without, 1, LEVEL)?;
            let beta = fit.coefficient(1, 1, LEVEL);
            let ratio = beta.and_then(|b| Ratio::with_log_error(b.value.exp(), b.error, LEVEL));
            Ok((effect, ratio))
        };
        let found = if evidence(cohort, &exposed).has_number() {
            fit().ok()
        } else {
            None
        };
        Rung {
            effect: found.map(|found| found.0),
            ratio: found.and_then(|found| found.1),
            ..self.rung(RungKind::Adjusted, cohort, measure, window, least)
        }
    }

    fn rung(
        &self,
        rung: RungKind,
        cohort: &Cohort,
        measure: Measure,
        window: u32,
        least: u32,
    ) -> Rung {
        let (exposed, _) = exposure(&self.lives, &cohort.rows, measure, window, least);
        let of = |keep: &dyn Fn(&Row, f64) -> bool| {
            let rows = cohort.rows.iter().zip(&exposed);
            let kept: BTreeSet<u32> = rows
                .filter(|(row, exposed)| keep(row, **exposed))
                .map(|(row, _)| row.life)
                .collect();
            kept.len() as u32
        };
        Rung {
            rung,
            label: words::rung(rung).to_owned(),
            definition: words::definition(rung, window, least),
            effect: None,
            ratio: None,
            evidence: evidence(cohort, &exposed),
            n: of(&|_, _| true),
            exposed: of(&|_, exposed| exposed > 0.0),
            won: of(&|row, _| row.ending == 1),
            landmarks: Vec::new(),
            imbalance: None,
            group: words::group(rung, measure, window),
        }
    }
}

fn fitting(cohort: &Cohort) -> Fitting<'_> {
    Fitting {
        ridge: RIDGE,
        clusters: Some(&cohort.clusters),
        start: Some(&cohort.start),
        ..Fitting::default()
    }
}

/// A hazard of two endings; of one, where no deal was ever lost.
fn hazard(design: &Design, cohort: &Cohort) -> Result<Hazard, Error> {
    let outcome: Vec<u8> = cohort.rows.iter().map(|row| row.ending).collect();
    let endings = if outcome.contains(&2) { 2 } else { 1 };
    Hazard::fit(design, &outcome, endings, &fitting(cohort))
}

/// What a comparison rests on: the wins on its poorer side.
fn evidence(cohort: &Cohort, exposed: &[f64]) -> Evidence {
    let won = |side: f64| {
        let rows = cohort.rows.iter().zip(exposed);
        rows.filter(|(row, of)| row.ending == 1 && **of == side)
            .count() as u32
    };
    Evidence::of_count(won(flag(true)).min(won(flag(false))))
}

fn above_median(mut counts: Vec<u32>) -> u32 {
    counts.sort_unstable();
    counts.get(counts.len() / 2).map_or(1, |median| median + 1)
}

/// Closed deals in two groups.
struct Comparison {
    table: Table,
}

impl Comparison {
    fn of<'l>(lives: impl Iterator<Item = (&'l Life, bool)>) -> Self {
        let mut table = Table::default();
        for (life, exposed) in lives {
            let cell = match (exposed, life.ending) {
                (true, Ending::Won) => &mut table.a,
                (true, _) => &mut table.b,
                (false, Ending::Won) => &mut table.c,
                (false, _) => &mut table.d,
            };
            *cell += 1;
        }
        Self { table }
    }

    fn evidence(&self) -> Evidence {
        let table = self.table;
        Evidence::of_count((table.a + table.b).min(table.c + table.d))
    }

    fn ratio(&self) -> Option<Ratio> {
        self.evidence()
            .has_number()
            .then(|| risk_ratio(&self.table, LEVEL))?
    }

    fn effect(&self) -> Option<Effect> {
        let Table { a, b, c, d } = self.table;
        let share = |k: u32, n: u32| (f64::from(k) / f64::from(n), f64::from(n));
        let ((p, n), (other, others)) = (share(a, a + b), share(c, c + d));
        // Half a case of each kind more, so that shares of 0 and 1 have an error too.
        let variance = |p: f64, n: f64| {
            let p = (p * n + 0.5) / (n + 1.0);
            p * (1.0 - p) / n
        };
        let error = (variance(p, n) + variance(other, others)).sqrt();
        Effect::with_error(p - other, error, LEVEL).filter(|_| self.evidence().has_number())
    }
}
