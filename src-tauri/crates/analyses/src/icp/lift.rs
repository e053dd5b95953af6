//! How much more often it happens in a segment than in the rest, within quarters and sources.

use stats::{
    Comparison, Ratio, SOUND_FROM, Table, chi_squared_tail, mid_p, normal_cdf, normal_quantile,
    risk_ratio, stratified,
};

use super::contrast::{Contrasts, Way};
use super::incidence::LEVEL;
use super::report::Lift;
use super::rows::{Dimension, IcpQuestion};
use super::segments::Key;
use super::simpson;
use super::vocabulary::Vocabulary;

/// Below this design effect cases count as independent.
const INDEPENDENT: f64 = 1.05;

/// In the segment, so many should happen, and so many not, if nothing were special about it. Below,
/// hardly a difference can be found, and each question that is asked makes the others harder to answer.
const EXPECTED_FROM: f64 = 10.0;

/// The variance of what happens in the segment above which its tails are those of a bell. In steps of
/// 20 to a standard deviation the exact test says the same, and takes long.
const BELL_FROM: f64 = 400.0;

/// A segment against the rest. Without `SOUND_FROM` mature cases on both sides there is no test.
///
/// Young cases count too, as won or not by now: among those of the same month of age both sides had
/// as long. That is what the newest deals have to say, without waiting for the horizon.
pub(crate) fn lift(
    contrasts: &Contrasts<'_>,
    words: &[Vocabulary],
    question: &IcpQuestion,
    key: &Key,
    members: &[(usize, f64)],
) -> Lift {
    let by_source = !key.has(question, &Dimension::Source);
    let sum = contrasts.crude(key, members);
    let (n, others) = (sum.a + sum.b, sum.c + sum.d);
    let mut lift = Lift {
        n,
        happened: sum.a,
        others,
        others_happened: sum.c,
        ..Lift::default()
    };
    if n < SOUND_FROM || others < SOUND_FROM || expected(&sum) < EXPECTED_FROM {
        return lift;
    }
    let joint = contrasts.tables(key, members, Way::Watched { by_source });
    let joint: Vec<Table> = joint.into_values().collect();
    let inside: u32 = joint.iter().map(|table| table.a + table.b).sum();
    lift.younger = inside - n;
    let effect = contrasts.cohort.design_effect;
    let wider = |ratio: Ratio| {
        Ratio::with_log_error(ratio.value, ratio.log_error * effect.sqrt(), ratio.level)
    };
    let together = stratified(&joint, LEVEL);
    lift.crude = risk_ratio(&sum, LEVEL).and_then(wider);
    lift.ratio = together.risk.and_then(wider);
    lift.p = if variance(&joint) < BELL_FROM {
        mid_p(&joint).map(|p| in_clusters(p, effect))
    } else {
        let test = together.association;
        test.map(|test| chi_squared_tail(test.statistic / effect, 1.0))
    };
    let share = f64::from(sum.c) / f64::from(others);
    let plan = Comparison::USUAL;
    let [size, rest] = [n, others].map(|n| f64::from(n) / effect);
    let detectable = plan.detectable(share, size, rest).ok();
    lift.smallest_found = detectable.and_then(|found| found.above).map(|p| p / share);
    lift.smallest_found = lift.smallest_found.filter(|ratio| ratio.is_finite());
    let needed = plan
        .needed(f64::from(sum.a) / f64::from(n), share)
        .ok()
        .flatten();
    lift.needs = needed.filter(|n| *n < 1e6).map(|n| n.ceil() as u32);
    lift.strata = simpson::strata(contrasts, words, question, key, members);
    lift
}

/// A probability as it is where so many records weigh as much as one: the same distance on the
/// scale of the bell, shortened.
fn in_clusters(p: f64, effect: f64) -> f64 {
    if effect < INDEPENDENT || p <= 0.0 {
        return p;
    }
    (2.0 * normal_cdf(normal_quantile(p / 2.0) / effect.sqrt())).min(1.0)
}

/// Of what happens in the segment, with all margins given.
fn variance(tables: &[Table]) -> f64 {
    let of = |table: &Table| {
        let [a, b, c, d] = [table.a, table.b, table.c, table.d].map(f64::from);
        let n = a + b + c + d;
        let product = (a + b) * (c + d) * (a + c) * (b + d);
        if n > 1.0 {
            product / (n * n * (n - 1.0))
        } else {
            0.0
        }
    };
    tables.iter().map(of).sum()
}

/// The smaller of what should happen in the segment, and what should not, by the share of all.
fn expected(sum: &Table) -> f64 {
    let [a, b, c, d] = [sum.a, sum.b, sum.c, sum.d].map(f64::from);
    (a + b) * (a + c).min(b + d) / (a + b + c + d)
}
