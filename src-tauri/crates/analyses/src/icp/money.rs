//! What a created deal brings, and how long a win takes.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use stats::{
    Bootstrap, Ending, Error, Resampling, RiskSets, Stream, resample, top_share, winsorise,
};

use super::cohort::Cohort;
use super::incidence::{LEVEL, Zombies, risk_sets, subjects};
use super::report::{Estimate, Revenue};

/// The quantile above which amounts are cut.
pub(crate) const WINSORISED_AT: f64 = 0.99;
/// The share of three deals in a sum above which the sum is a story about them.
pub(crate) const CONCENTRATED: f64 = 0.4;
/// What the draws are for.
const PURPOSE: u32 = 40;

/// How to draw: the run's seed and the number of draws.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draws {
    pub(crate) seed: u64,
    pub(crate) draws: u32,
    pub(crate) horizon: f64,
}

/// Both, with intervals over companies. Nothing where no win has an amount, or no draws are asked.
pub(crate) fn money(
    cohort: &Cohort,
    members: &[(usize, f64)],
    draws: Draws,
) -> Result<(Option<Revenue>, Option<Estimate>), Error> {
    if draws.draws == 0 {
        return Ok((None, None));
    }
    let mut clusters: BTreeMap<u32, u32> = BTreeMap::new();
    for (subject, _) in subjects(cohort, members) {
        let next = clusters.len() as u32;
        clusters.entry(subject.cluster).or_insert(next);
    }
    let of = |cluster: u32| clusters.get(&cluster).map_or(0, |place| *place as usize);
    let rows: Vec<(usize, f64, bool, Option<f64>)> = subjects(cohort, members)
        .map(|(s, share)| (of(s.cluster), share, s.ending == Ending::Event, s.amount))
        .collect();
    let amounts: Vec<f64> = rows
        .iter()
        .filter(|row| row.2)
        .filter_map(|row| row.3)
        .collect();
    let without = rows.iter().filter(|row| row.2 && row.3.is_none()).count() as u32;
    let cut = winsorise(&amounts, WINSORISED_AT);
    let (risk_sets, _) = risk_sets(cohort, members, Zombies::Censored)?;
    let cap = cut.as_ref().map_or(f64::INFINITY, |cut| cut.cap);
    let at = |weights: &[f64]| -> Option<(Option<f64>, Option<f64>)> {
        one(&risk_sets, &rows, weights, cap, draws.horizon)
    };
    let all = vec![1.0; clusters.len()];
    let (Some((revenue, days)), true) = (at(&all), clusters.len() > 1) else {
        return Ok((None, None));
    };
    let how = Resampling {
        seed: draws.seed,
        purpose: PURPOSE,
        draws: draws.draws,
        threads: NonZeroUsize::MIN,
    };
    let drawn = resample(clusters.len() as u32, &how, |weights: &[f64]| at(weights));
    let estimate = |value: Option<f64>, drawn: Vec<Option<f64>>| {
        let bootstrap = Bootstrap::of(value?, drawn).ok()?;
        let ends = bootstrap.percentile(LEVEL);
        Some(Estimate {
            value: bootstrap.estimate,
            low: ends.low,
            high: ends.high,
            level: LEVEL,
        })
    };
    let first = drawn.iter().map(|d| d.and_then(|d| d.0)).collect();
    let second = drawn.iter().map(|d| d.and_then(|d| d.1)).collect();
    let share = top_share(&amounts, 3);
    let revenue = estimate(revenue, first).map(|per_deal| Revenue {
        per_deal,
        won: amounts.len() as u32,
        won_without_amount: without,
        cut_to: cap,
        cut: cut.map_or(0, |cut| cut.cut as u32),
        top_three: share,
        concentrated: amounts.len() > 3 && share.is_some_and(|share| share > CONCENTRATED),
    });
    Ok((revenue, estimate(days, second)))
}

/// Revenue a created deal, and days after which half of those that are won by the horizon are won, with
/// clusters counted as often as drawn. Deals that are still open pull nothing: it is read from the curve.
fn one(
    risk_sets: &RiskSets,
    rows: &[(usize, f64, bool, Option<f64>)],
    weights: &[f64],
    cap: f64,
    horizon: f64,
) -> Option<(Option<f64>, Option<f64>)> {
    let weight =
        |row: &(usize, f64, bool, Option<f64>)| weights.get(row.0).copied().unwrap_or(0.0) * row.1;
    let counted: Vec<f64> = rows.iter().map(weight).collect();
    let (share, half) = risk_sets.weighted_event(&counted, horizon).ok()?;
    let (mut sum, mut all) = (0.0, 0.0);
    for (row, weight) in rows.iter().zip(&counted).filter(|(row, _)| row.2) {
        if let Some(amount) = row.3 {
            sum += amount.min(cap) * weight;
            all += weight;
        }
    }
    // A draw without a win brings nothing; wins without any amount bring nobody knows what.
    let revenue = if all > 0.0 {
        Some(share * (sum / all)).filter(|revenue| revenue.is_finite())
    } else {
        (share <= 0.0).then_some(0.0)
    };
    Some((revenue, half))
}

/// A seed for each segment from that of the run: the same whatever other segments there are.
pub(crate) fn seed_of(seed: u64, name: &str) -> u64 {
    let number = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut stream = Stream::new(seed, PURPOSE, number);
    (0..2).fold(0, |sum, _| sum << 32 | u64::from(stream.index(u32::MAX)))
}
