//! Which model, which baseline if any, how wide a band: chosen by past Mondays whose outcome was
//! known.

use std::collections::{BTreeMap, HashMap, HashSet};

use stats::ClusterRatio;
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
    /// A baseline that was nearer, with its error and the model's (WAPE), and how far from its number
    /// what came was in four cases of five, as a share.
    pub(crate) baseline: Option<Nearer>,
    pub(crate) stretch: f64,
    pub(crate) band_origins: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Nearer {
    pub(crate) forecaster: Forecaster,
    pub(crate) wape: f64,
    pub(crate) models: f64,
    pub(crate) periods: u32,
    pub(crate) reach: f64,
}

/// Chooses, for a forecast so many weeks before a period's end.
pub(crate) fn choose(known: &[&Origin], weeks_to_go: u32, has_hazard: bool) -> Choice {
    let (model, comparison) = model(known, has_hazard);
    let own = match model {
        Model::StageRates => Forecaster::StageRates,
        Model::Hazard => Forecaster::Hazard,
    };
    let wanted = bucket(weeks_to_go);
    let near: Vec<&Origin> = known
        .iter()
        .copied()
        .filter(|origin| bucket(origin.weeks_to_go) == wanted)
        .collect();
    let (stretch, band_origins) = stretch(&near, own);
    Choice {
        model,
        comparison,
        baseline: baseline(&near, own),
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
        let stretched = self.stretched(said.p50, low, high, closed);
        let nearer = self
            .baseline
            .and_then(|nearer| Some((nearer, says.get(&nearer.forecaster)?)));
        Some(match nearer {
            Some((nearer, baseline)) => {
                let band = nearer.band(baseline.p50, closed);
                (
                    nearer.forecaster,
                    Ends {
                        p50: baseline.p50,
                        band: Some(band),
                    },
                )
            }
            None => (
                own,
                Ends {
                    p50: said.p50,
                    band: Some(stretched),
                },
            ),
        })
    }

    /// A band about its middle, wider or narrower; never below what is closed, but where a drawn
    /// band was.
    pub(crate) fn stretched(&self, middle: f64, low: f64, high: f64, closed: f64) -> (f64, f64) {
        let least = low.min(closed);
        let low = middle - self.stretch * (middle - low);
        (low.max(least), middle + self.stretch * (high - middle))
    }
}

impl Nearer {
    /// The band about a baseline's number.
    pub(crate) fn band(&self, middle: f64, closed: f64) -> (f64, f64) {
        let half = self.reach * middle.abs();
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

/// The baseline with the smallest error, where that is smaller than the model's by more than the
/// error of the difference, periods as clusters.
fn baseline(near: &[&Origin], own: Forecaster) -> Option<Nearer> {
    let tried = |baseline: Forecaster| -> Option<Nearer> {
        let both: Vec<_> = near
            .iter()
            .filter_map(|origin| {
                let (theirs, ours) = (origin.says.get(&baseline)?, origin.says.get(&own)?);
                Some((*origin, theirs.p50, ours.p50))
            })
            .collect();
        let mut by_period: BTreeMap<_, (f64, f64)> = BTreeMap::new();
        let (mut actual, mut theirs_off, mut ours_off) = (0.0, 0.0, 0.0);
        let mut reaches = Vec::new();
        for (origin, theirs, ours) in &both {
            let (off, our_off) = ((theirs - origin.actual).abs(), (ours - origin.actual).abs());
            let (gain, n) = by_period.entry(origin.period.first_day).or_default();
            *gain += our_off - off;
            *n += 1.0;
            actual += origin.actual;
            theirs_off += off;
            ours_off += our_off;
            reaches.push(off / theirs.abs().max(f64::MIN_POSITIVE));
        }
        let gain = ClusterRatio::of(by_period.values().copied())?;
        let nearer = by_period.len() >= PERIODS_FOR_BASELINE
            && gain.ratio > gain.variance.sqrt()
            && actual > 0.0;
        nearer.then(|| Nearer {
            forecaster: baseline,
            wape: theirs_off / actual,
            models: ours_off / actual,
            periods: count(by_period.len()),
            reach: held(&mut reaches),
        })
    };
    let nearer = BASELINES.into_iter().filter_map(tried);
    nearer.min_by(|a, b| a.wape.total_cmp(&b.wape))
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
