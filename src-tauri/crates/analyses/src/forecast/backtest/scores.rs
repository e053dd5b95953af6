//! How near forecasts were, for the report.

use std::collections::{BTreeMap, HashSet};

use stats::{ClusterRatio, Rate, accuracy, wilson};

use super::choice::{BUCKETS, bucket};
use super::{MOST, Origin};
use crate::forecast::count;
use crate::forecast::report::{Backtest, Forecaster, OriginRow, Score, WeeksToGo};
use crate::forecast::scope::Scope;

/// Level of the coverage's own interval.
const LEVEL: f64 = 0.95;

const ALL: [Forecaster; 8] = [
    Forecaster::Report,
    Forecaster::StageRates,
    Forecaster::Hazard,
    Forecaster::HubspotStageWeights,
    Forecaster::ClosedOnlyRates,
    Forecaster::AgeRatio,
    Forecaster::LastPeriod,
    Forecaster::SeasonalNaive,
];

pub(crate) fn label(forecaster: Forecaster) -> &'static str {
    match forecaster {
        Forecaster::Report => "This report",
        Forecaster::StageRates => "Stage rates",
        Forecaster::Hazard => "Hazard",
        Forecaster::HubspotStageWeights => "HubSpot's stage weights",
        Forecaster::ClosedOnlyRates => "Closed-only rates",
        Forecaster::AgeRatio => "Age ratio",
        Forecaster::LastPeriod => "Last period",
        Forecaster::SeasonalNaive => "Same time last year, or last quarter in a young portal",
    }
}

/// The backtest as the report tells it; none without a Monday.
pub(crate) fn backtest(scope: Scope<'_>, origins: &[Origin]) -> Option<Backtest> {
    let zone = &scope.timeline.clock().zone;
    let (first, last) = (origins.first()?, origins.last()?);
    let all: Vec<&Origin> = origins.iter().collect();
    let by_weeks_to_go = BUCKETS.into_iter().filter_map(|(from, to)| {
        let inside: Vec<&Origin> = all
            .iter()
            .copied()
            .filter(|origin| bucket(origin.weeks_to_go) == (from, to))
            .collect();
        (!inside.is_empty()).then(|| WeeksToGo {
            from,
            to,
            origins: count(inside.len()),
            periods: count(periods(&inside)),
            scores: scores(&inside),
        })
    });
    let row = |origin: &Origin| {
        let ends = origin.says.get(&Forecaster::Report)?;
        let (low, high) = ends.band?;
        let [p10, p50, p90, actual] =
            [low, ends.p50, high, origin.actual].map(|sum| scope.drawn_money(sum));
        Some(OriginRow {
            day: origin.at.date_in(zone),
            period: origin.period.first_day,
            weeks_to_go: origin.weeks_to_go,
            p10,
            p50,
            p90,
            actual,
            used: origin.used,
        })
    };
    Some(Backtest {
        origins: count(origins.len()),
        periods: count(periods(&all)),
        first: first.at.date_in(zone),
        last: last.at.date_in(zone),
        draws: origins.iter().map(|origin| origin.draws).min().unwrap_or(0),
        description: format!(
            "The same question on every Monday of past periods, at most {MOST}, from half a year \
             after the first deal on, with nothing that was not known then: stage rates, new deals \
             and baselines worked out anew each Monday, the hazard fitted anew on the first Monday \
             of each quarter. What came is taken as known a day after the period. A baseline is \
             never taken below what was closed."
        ),
        scores: scores(&all),
        by_weeks_to_go: by_weeks_to_go.collect(),
        rows: origins.iter().filter_map(row).collect(),
    })
}

fn periods(origins: &[&Origin]) -> usize {
    let first_days: HashSet<_> = origins
        .iter()
        .map(|origin| origin.period.first_day)
        .collect();
    first_days.len()
}

fn scores(origins: &[&Origin]) -> Vec<Score> {
    ALL.into_iter()
        .map(|forecaster| score(forecaster, origins))
        .filter(|score| score.n > 0)
        .collect()
}

fn score(forecaster: Forecaster, origins: &[&Origin]) -> Score {
    let said: Vec<_> = origins
        .iter()
        .filter_map(|origin| Some((*origin, *origin.says.get(&forecaster)?)))
        .collect();
    let pairs = |of: &dyn Fn(super::Ends) -> Option<f64>| -> Vec<(f64, f64)> {
        said.iter()
            .filter_map(|(origin, ends)| Some((of(*ends)?, origin.actual)))
            .collect()
    };
    let middle = pairs(&|ends| Some(ends.p50));
    let low = pairs(&|ends| ends.band.map(|band| band.0));
    let high = pairs(&|ends| ends.band.map(|band| band.1));
    let mut held: BTreeMap<_, (f64, f64)> = BTreeMap::new();
    for (origin, ends) in &said {
        let Some((low, high)) = ends.band else {
            continue;
        };
        let (inside, n) = held.entry(origin.period.first_day).or_default();
        *inside += f64::from(u8::from(low <= origin.actual && origin.actual <= high));
        *n += 1.0;
    }
    Score {
        forecaster,
        label: label(forecaster).to_owned(),
        n: count(said.len()),
        wape: accuracy::wape(&middle),
        bias: accuracy::bias(&middle),
        pinball_10: accuracy::pinball(&low, 0.1),
        pinball_50: accuracy::pinball(&middle, 0.5),
        pinball_90: accuracy::pinball(&high, 0.9),
        coverage: ClusterRatio::of(held.values().copied()).map(coverage),
    }
}

/// Wilson's interval over as many Mondays as periods are worth.
fn coverage(held: ClusterRatio) -> Rate {
    let n = held.effective();
    let interval = wilson(held.ratio * n, n, LEVEL);
    Rate {
        value: held.ratio,
        low: interval.low,
        high: interval.high,
        level: interval.level,
        n: held.rows as u32,
        n_effective: n,
    }
}
