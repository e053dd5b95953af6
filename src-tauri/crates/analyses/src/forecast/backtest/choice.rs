//! Which model, which baseline if any, how wide a band: chosen by past Mondays whose outcome was
//! known.

use std::collections::{BTreeMap, HashMap, HashSet};

use stats::{ClusterRatio, normal_quantile};
use timeline::DealIx;

use super::origin::{Ends, Origin};
use crate::forecast::count;
use crate::forecast::draws::COMMON_SHOCK;
use crate::forecast::report::{Forecaster, Model, ModelComparison};

/// Periods whose outcome must be known before a choice is made.
const PERIODS_FOR_MODEL: usize = 2;
const PERIODS_FOR_BASELINE: usize = 3;
/// Mondays from which on bands are put right.
const ORIGINS_FOR_BAND: usize = 20;
/// How often a band should hold what comes.
const LEVEL: f64 = 0.8;
/// Periods' worth of trust in the drawn band: their Mondays share an outcome.
const TRUST: f64 = 8.0;
const STRETCH: (f64, f64) = (0.7, 3.0);
/// The correlation that deals share through the market, at most.
const MOST_SHOCK: f64 = 0.10;
/// Periods' worth of trust in the usual one.
const USUAL_SHOCK: f64 = 8.0;

/// Weeks to go that are scored together: from, to.
pub(crate) const BUCKETS: [(u32, Option<u32>); 4] =
    [(0, Some(3)), (4, Some(7)), (8, Some(12)), (13, None)];

pub(crate) const BASELINES: [Forecaster; 5] = [
    Forecaster::HubspotStageWeights,
    Forecaster::ClosedOnlyRates,
    Forecaster::AgeRatio,
    Forecaster::LastPeriod,
    Forecaster::SeasonalNaive,
];

pub(crate) fn bucket(weeks_to_go: u32) -> (u32, Option<u32>) {
    let holds = |(from, to): &&(u32, Option<u32>)| {
        *from <= weeks_to_go && to.is_none_or(|to| weeks_to_go <= to)
    };
    BUCKETS.iter().find(holds).copied().unwrap_or(BUCKETS[3])
}

/// What was chosen.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) model: Model,
    pub(crate) comparison: Option<ModelComparison>,
    /// A baseline whose number is the report's.
    pub(crate) baseline: Option<Taken>,
    pub(crate) stretch: f64,
    pub(crate) band_origins: u32,
}

/// A baseline whose number is taken, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Taken {
    pub(crate) forecaster: Forecaster,
    pub(crate) why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Why {
    /// It was nearer in past periods.
    Nearer {
        /// Its error and the models' (WAPE).
        wape: f64,
        models: f64,
        periods: u32,
        /// How far from its number what came was in four cases of five, as a share.
        reach: f64,
    },
    /// Fewer periods than a choice needs could be tried, and the models were not nearer in these.
    Untried {
        periods: u32,
        /// Its standard error, by nothing but how many wins there happen to be and of which amounts.
        error: f64,
    },
}

/// What is chosen for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) weeks_to_go: u32,
    pub(crate) has_hazard: bool,
    /// The standard error of the seasonal baseline, where it may speak before it could be tried.
    pub(crate) seasonal_error: Option<f64>,
}

/// Chooses for a forecast.
pub(crate) fn choose(known: &[&Origin], asked: Asked) -> Choice {
    let (model, comparison) = model(known, asked.has_hazard);
    let own = match model {
        Model::StageRates => Forecaster::StageRates,
        Model::Hazard => Forecaster::Hazard,
    };
    let wanted = bucket(asked.weeks_to_go);
    let near: Vec<&Origin> = known
        .iter()
        .copied()
        .filter(|origin| bucket(origin.weeks_to_go) == wanted)
        .collect();
    let (stretch, band_origins) = stretch(&near, own);
    Choice {
        model,
        comparison,
        baseline: baseline(&near, own, asked.seasonal_error),
        stretch,
        band_origins,
    }
}

impl Choice {
    /// What the report says, and whose number it is.
    pub(crate) fn apply(
        &self,
        says: &BTreeMap<Forecaster, Ends>,
        closed: f64,
    ) -> Option<(Forecaster, Ends)> {
        let own = match self.model {
            Model::StageRates => Forecaster::StageRates,
            Model::Hazard => Forecaster::Hazard,
        };
        let said = *says.get(&own)?;
        let (low, high) = said.band?;
        let own_ends = Ends {
            p50: said.p50,
            band: Some(self.stretched(said.p50, low, high, closed)),
        };
        let taken = self
            .taken(own_ends)
            .and_then(|taken| Some((taken, says.get(&taken.forecaster)?.p50)));
        Some(match taken {
            Some((taken, p50)) => {
                let band = Some(taken.band(p50, closed, own_ends));
                (taken.forecaster, Ends { p50, band })
            }
            None => (own, own_ends),
        })
    }

    /// The baseline, given what the models say. One that could not be tried stands back where the models'
    /// band, which is stretched by how they did, is the narrower one.
    pub(crate) fn taken(&self, own: Ends) -> Option<Taken> {
        let is_sharper = |taken: &Taken| match (taken.why, own.band) {
            (Why::Untried { error, .. }, Some((low, high))) => {
                error * normal_quantile(0.5 + LEVEL / 2.0) <= (high - low) / 2.0
            }
            _ => true,
        };
        self.baseline.filter(is_sharper)
    }

    /// A band about its middle, wider or narrower; never below what is closed, but where a drawn
    /// band was.
    pub(crate) fn stretched(&self, middle: f64, low: f64, high: f64, closed: f64) -> (f64, f64) {
        let least = low.min(closed);
        let low = middle - self.stretch * (middle - low);
        (low.max(least), middle + self.stretch * (high - middle))
    }
}

impl Taken {
    /// The band about a baseline's number: as far as its past errors reached. Before there are any, as
    /// wide as that of the models' own ends, and wider by how far the two numbers are apart.
    pub(crate) fn band(&self, middle: f64, closed: f64, own: Ends) -> (f64, f64) {
        let half = match self.why {
            Why::Nearer { reach, .. } => reach * middle.abs(),
            Why::Untried { .. } => {
                let (low, high) = own.band.unwrap_or((own.p50, own.p50));
                ((high - low) / 2.0).hypot(middle - own.p50)
            }
        };
        ((middle - half).max(closed.min(middle)), middle + half)
    }
}

fn periods(origins: &[&Origin]) -> usize {
    let first_days: HashSet<_> = origins
        .iter()
        .map(|origin| origin.period.first_day)
        .collect();
    first_days.len()
}

/// The hazard where its log loss is lower by more than the error of that, else the simpler one.
fn model(known: &[&Origin], has_hazard: bool) -> (Model, Option<ModelComparison>) {
    let mut by_deal: HashMap<DealIx, (f64, f64, f64)> = HashMap::new();
    let mut tried = Vec::new();
    for origin in known {
        let mut any = false;
        for loss in &origin.losses {
            let Some(hazard) = loss.hazard else { continue };
            let (stages, hazards, n) = by_deal.entry(loss.deal).or_default();
            *stages += loss.stage_rates;
            *hazards += hazard;
            *n += 1.0;
            any = true;
        }
        if any {
            tried.push(*origin);
        }
    }
    let mut sums: Vec<_> = by_deal.into_iter().collect();
    sums.sort_unstable_by_key(|(deal, _)| *deal);
    let gains = sums
        .iter()
        .map(|(_, (stages, hazards, n))| (stages - hazards, *n));
    let Some(gain) = ClusterRatio::of(gains) else {
        return (Model::StageRates, None);
    };
    let mean = |of: fn(&(f64, f64, f64)) -> f64| {
        sums.iter().map(|(_, sum)| of(sum)).sum::<f64>() / gain.rows
    };
    let comparison = ModelComparison {
        stage_rates: mean(|sum| sum.0),
        hazard: mean(|sum| sum.1),
        error: gain.variance.sqrt(),
        deals: gain.clusters,
        sightings: gain.rows as u32,
    };
    let better = gain.ratio > gain.variance.sqrt() && periods(&tried) >= PERIODS_FOR_MODEL;
    let model = if better && has_hazard {
        Model::Hazard
    } else {
        Model::StageRates
    };
    (model, Some(comparison))
}

/// How a baseline and the model did, asked as many weeks before the ends of past periods.
struct Record {
    /// By how much the model was off more than the baseline, on average a Monday, periods as clusters.
    gain: ClusterRatio,
    wape: f64,
    models: f64,
    periods: usize,
    reach: f64,
}

impl Record {
    fn of(near: &[&Origin], baseline: Forecaster, own: Forecaster) -> Option<Self> {
        let mut by_period: BTreeMap<_, (f64, f64)> = BTreeMap::new();
        let (mut actual, mut theirs_off, mut ours_off) = (0.0, 0.0, 0.0);
        let mut reaches = Vec::new();
        for origin in near {
            let (Some(theirs), Some(ours)) = (origin.says.get(&baseline), origin.says.get(&own))
            else {
                continue;
            };
            let off = (theirs.p50 - origin.actual).abs();
            let our_off = (ours.p50 - origin.actual).abs();
            let (gain, n) = by_period.entry(origin.period.first_day).or_default();
            *gain += our_off - off;
            *n += 1.0;
            actual += origin.actual;
            theirs_off += off;
            ours_off += our_off;
            reaches.push(off / theirs.p50.abs().max(f64::MIN_POSITIVE));
        }
        let gain = ClusterRatio::of(by_period.values().copied())?;
        (actual > 0.0).then(|| Self {
            gain,
            wape: theirs_off / actual,
            models: ours_off / actual,
            periods: by_period.len(),
            reach: held(&mut reaches),
        })
    }
}

/// The baseline with the smallest error, where that is smaller than the model's by more than the
/// error of the difference. Before there are periods enough to choose by, the seasonal one, unless the
/// model was nearer in those that there are: a model has to show that it beats the plainest rule.
fn baseline(near: &[&Origin], own: Forecaster, seasonal_error: Option<f64>) -> Option<Taken> {
    let seasonal = Record::of(near, Forecaster::SeasonalNaive, own);
    let tried = seasonal.as_ref().map_or(0, |record| record.periods);
    if let Some(error) = seasonal_error.filter(|_| tried < PERIODS_FOR_BASELINE) {
        let is_worse = seasonal.is_some_and(|record| record.gain.ratio < 0.0);
        return (!is_worse).then(|| Taken {
            forecaster: Forecaster::SeasonalNaive,
            why: Why::Untried {
                periods: count(tried),
                error,
            },
        });
    }
    let nearer = BASELINES.into_iter().filter_map(|forecaster| {
        let record = Record::of(near, forecaster, own)?;
        let is_nearer = record.periods >= PERIODS_FOR_BASELINE
            && record.gain.ratio > record.gain.variance.sqrt();
        is_nearer.then_some((forecaster, record))
    });
    let (forecaster, record) = nearer.min_by(|a, b| a.1.wape.total_cmp(&b.1.wape))?;
    Some(Taken {
        forecaster,
        why: Why::Nearer {
            wape: record.wape,
            models: record.models,
            periods: count(record.periods),
            reach: record.reach,
        },
    })
}

/// The distance within which four cases of five lay: split conformal's (n + 1)-corrected quantile.
fn held(distances: &mut [f64]) -> f64 {
    distances.sort_by(f64::total_cmp);
    let place = (LEVEL * (distances.len() as f64 + 1.0)).ceil() as usize;
    distances
        .get(place.clamp(1, distances.len().max(1)) - 1)
        .copied()
        .unwrap_or(0.0)
}

/// By what bands must be stretched to hold what came in four cases of five; drawn to 1 by as much as
/// there are few periods.
fn stretch(near: &[&Origin], own: Forecaster) -> (f64, u32) {
    let mut distances: Vec<f64> = near
        .iter()
        .filter_map(|origin| {
            let ends = origin.says.get(&own)?;
            let (low, high) = ends.band?;
            let (off, half) = if origin.actual < ends.p50 {
                (ends.p50 - origin.actual, ends.p50 - low)
            } else {
                (origin.actual - ends.p50, high - ends.p50)
            };
            // A band without width says nothing of widths.
            (half > 0.0).then(|| off / half)
        })
        .collect();
    let n = distances.len();
    if n < ORIGINS_FOR_BAND {
        return (1.0, 0);
    }
    let wanted = held(&mut distances).clamp(STRETCH.0, STRETCH.1);
    let periods = periods(near) as f64;
    let weight = periods / (periods + TRUST);
    (1.0 + weight * (wanted - 1.0), count(n))
}

/// The correlation that deals share, from what past sums of wins varied more than independent deals
/// do; drawn to the usual one by as much as there are few periods.
pub(crate) fn common_shock(known: &[&Origin]) -> f64 {
    let sum = |of: fn(&Origin) -> f64| known.iter().map(|origin| of(origin)).sum::<f64>();
    let reach = sum(|origin| origin.shocked.reach);
    if reach <= 0.0 {
        return COMMON_SHOCK;
    }
    let beyond = sum(|origin| origin.shocked.error - origin.shocked.independent);
    let seen = (beyond / reach).clamp(0.0, MOST_SHOCK);
    let n = periods(known) as f64;
    (n * seen + USUAL_SHOCK * COMMON_SHOCK) / (n + USUAL_SHOCK)
}
