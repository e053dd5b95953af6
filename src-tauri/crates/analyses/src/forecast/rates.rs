//! From sightings to win rates: a stage's own where it has enough deals, else a borrowed one.

use std::collections::HashMap;

use stats::{BetaPrior, Evidence, Rate, SHOW_FROM, SOUND_FROM, beta_interval, fit_beta, jeffreys};
use timeline::{PipelineIx, StageIx, StageKind, Timeline};

use super::landmarks::{Record, Records};
use super::report::Basis;

/// The level of a rate's interval.
pub(crate) const RATE_LEVEL: f64 = 0.95;

/// How many deals a pipeline's rate weighs for a stage, where fewer than three stages have enough
/// deals to tell how much stages differ: little, so that the interval stays wide.
const UNKNOWN_STRENGTH: f64 = 4.0;

/// The rate that a stage's deals get, and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) rate: Option<Rate>,
    /// What is believed of the rate, for the draws.
    pub(crate) belief: Option<BetaPrior>,
    pub(crate) basis: Basis,
    pub(crate) evidence: Evidence,
    /// Deals of the stage itself.
    pub(crate) own_deals: u32,
    /// Deals of the pool that was borrowed from.
    pub(crate) pool_deals: u32,
}

/// A stage's own rate, where enough of its deals were seen for a number.
pub(crate) fn own_rate(record: &Record) -> Option<Rate> {
    let ratio = record.ratio().filter(|_| record.deals() >= SHOW_FROM)?;
    let n = ratio.effective();
    let interval = jeffreys(ratio.ratio * n, n, RATE_LEVEL);
    Some(Rate {
        value: ratio.ratio,
        low: interval.low,
        high: interval.high,
        level: RATE_LEVEL,
        n: record.deals(),
        n_effective: n,
    })
}

/// The estimate for every open stage.
pub(crate) fn estimates(timeline: &Timeline, records: &Records) -> HashMap<StageIx, Estimate> {
    let pipelines = pipeline_priors(timeline, records);
    let portal = pooled(&records.portal, UNKNOWN_STRENGTH);
    let open = timeline
        .stages_in_order()
        .into_iter()
        .filter(|&stage| timeline.stage(stage).kind == StageKind::Open);
    let empty = Record::default();
    open.map(|stage| {
        let record = records.stages.get(&stage).unwrap_or(&empty);
        let pool = pipelines.get(&timeline.stage(stage).pipeline);
        let estimate = if record.deals() >= SOUND_FROM {
            from_own(record)
        } else if let Some((prior, pool_deals)) = pool {
            let enough = record.deals() >= SHOW_FROM;
            let basis = if enough {
                Basis::StageAndPipeline
            } else {
                Basis::Pipeline
            };
            borrowed(record, *prior, basis, *pool_deals)
        } else if let Some(prior) = portal {
            borrowed(record, prior, Basis::Portal, records.portal.deals())
        } else {
            nothing(record, &records.portal)
        };
        (stage, estimate)
    })
    .collect()
}

/// What no stage can give: too few deals anywhere, or no time left.
pub(crate) fn without_number(basis: Basis, evidence: Evidence) -> Estimate {
    Estimate {
        rate: None,
        belief: None,
        basis,
        evidence,
        own_deals: 0,
        pool_deals: 0,
    }
}

fn nothing(record: &Record, portal: &Record) -> Estimate {
    Estimate {
        own_deals: record.deals(),
        pool_deals: portal.deals(),
        ..without_number(Basis::Nothing, Evidence::of_count(portal.deals()))
    }
}

fn from_own(record: &Record) -> Estimate {
    let rate = own_rate(record);
    let belief = rate.map(|rate| {
        let k = rate.value * rate.n_effective;
        BetaPrior {
            alpha: k + 0.5,
            beta: rate.n_effective - k + 0.5,
        }
    });
    Estimate {
        rate,
        belief,
        basis: Basis::Stage,
        evidence: Evidence::Sound,
        own_deals: record.deals(),
        pool_deals: record.deals(),
    }
}

fn borrowed(record: &Record, prior: BetaPrior, basis: Basis, pool_deals: u32) -> Estimate {
    let (k, n) = record.ratio().map_or((0.0, 0.0), |ratio| {
        let n = ratio.effective();
        (ratio.ratio * n, n)
    });
    let belief = prior.after(k, n);
    let interval = beta_interval(belief.alpha, belief.beta, RATE_LEVEL);
    let rate = Rate {
        value: belief.mean(),
        low: interval.low,
        high: interval.high,
        level: RATE_LEVEL,
        n: record.deals(),
        n_effective: belief.strength(),
    };
    Estimate {
        rate: Some(rate),
        belief: Some(belief),
        basis,
        evidence: Evidence::Weak,
        own_deals: record.deals(),
        pool_deals,
    }
}

/// The rate of all stages together, as a prior of this strength. None below the evidence for a
/// number. Half a deal on either side keeps the prior away from 0 and 1.
fn pooled(record: &Record, strength: f64) -> Option<BetaPrior> {
    let ratio = record.ratio().filter(|_| record.deals() >= SHOW_FROM)?;
    let n = ratio.effective();
    let mean = (ratio.ratio * n + 0.5) / (n + 1.0);
    Some(BetaPrior::new(mean, strength.min(n)))
}

/// For every pipeline with enough deals: the rate of all its stages, weighing as much as its stages
/// are alike.
fn pipeline_priors(
    timeline: &Timeline,
    records: &Records,
) -> HashMap<PipelineIx, (BetaPrior, u32)> {
    let mut priors = HashMap::new();
    for (&pipeline, record) in &records.pipelines {
        let groups: Vec<_> = timeline
            .stages_in_order()
            .into_iter()
            .filter(|&stage| timeline.stage(stage).pipeline == pipeline)
            .filter_map(|stage| records.stages.get(&stage))
            .filter(|record| record.deals() >= SHOW_FROM)
            .filter_map(Record::ratio)
            .map(|ratio| (ratio.ratio * ratio.effective(), ratio.effective()))
            .collect();
        let fitted = if groups.len() >= 3 {
            fit_beta(&groups)
        } else {
            None
        };
        let strength = fitted.map_or(UNKNOWN_STRENGTH, |prior| prior.strength().max(1.0));
        if let Some(prior) = pooled(record, strength) {
            priors.insert(pipeline, (prior, record.deals()));
        }
    }
    priors
}
