//! Pairs of deals: alike in all that can be seen, but one has the activity and the other has not.

use std::collections::{BTreeMap, BTreeSet};

use stats::{
    Bootstrap, Effect, Evidence, Resampling, Stream, Table, quantile, resample, risk_ratio,
    standardised_difference,
};

use super::ladder::Frame;
use super::measure::Measure;
use super::report::{Rung, RungKind};
use super::rows::{Row, ending_within};
use super::{DAY, HORIZON_DAYS, LEVEL, PURPOSE_PAIRS, PURPOSE_PARTNERS, words};

/// The largest standardised difference between the two halves of the pairs (Austin 2009).
pub(super) const MOST_IMBALANCE: f64 = 0.1;
/// Days before the window in which the trailing activity is compared.
const TRAILING_DAYS: i64 = 28;
/// How far partners may be apart in each of what is compared, in standard deviations.
const CALIPER: f64 = 0.25;

/// A deal in a week that could be in a pair.
#[derive(Clone, Copy)]
struct Candidate {
    row: Row,
    won: bool,
    /// Trailing activity of the kind and of all kinds, as logarithms; the logarithm of the amount.
    alike: [f64; 3],
}

/// What must be equal: stage (which has its pipeline), week of age, fifth of the amounts, quarter.
type Cell = (u32, u32, u32, i32);

impl Frame<'_> {
    /// Each deal in its first week with the activity, beside another deal of the same stage, week of
    /// age, fifth of the amounts and quarter, whose window holds less of it.
    pub(super) fn matched(&self, measure: Measure, window: u32, least: u32) -> (Rung, Vec<u32>) {
        let (treated, mut others) = self.candidates(measure, window, least);
        let spread = spread(&treated.values().flatten().chain(others.values().flatten()));
        let mut order: Vec<(&Cell, &Candidate)> = treated
            .iter()
            .flat_map(|(cell, of)| of.iter().map(move |one| (cell, one)))
            .collect();
        // By lot, so that no kind of deal chooses first.
        let lot = |one: &Candidate| {
            Stream::new(self.seed, PURPOSE_PARTNERS, u64::from(one.row.life)).uniform()
        };
        // Numbers above 0 have the order of their bits.
        order.sort_by_cached_key(|(_, one)| (lot(one).to_bits(), one.row.life));
        let mut used: BTreeSet<u32> = BTreeSet::new();
        let mut pairs: Vec<(Candidate, Candidate)> = Vec::new();
        for (cell, one) in order {
            let Some(near) = others
                .get_mut(cell)
                .filter(|_| !used.contains(&one.row.life))
            else {
                continue;
            };
            near.retain(|other| !used.contains(&other.row.life));
            let closest = near
                .iter()
                .filter(|other| other.row.life != one.row.life)
                .filter_map(|other| Some((distance(one, other, &spread)?, other)))
                .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.row.life.cmp(&b.1.row.life)));
            if let Some((_, &other)) = closest {
                used.extend([one.row.life, other.row.life]);
                pairs.push((*one, other));
            }
        }
        pairs.sort_by_key(|pair| pair.0.row.life);
        let deals = used.into_iter().collect();
        (self.rung_of_pairs(&pairs, measure, window, least), deals)
    }

    /// Deals in the first week with the activity, and weeks without.
    fn candidates(
        &self,
        measure: Measure,
        window: u32,
        least: u32,
    ) -> (
        BTreeMap<Cell, Vec<Candidate>>,
        BTreeMap<Cell, Vec<Candidate>>,
    ) {
        let lives = &self.lives;
        let fifths = fifths(&self.weeks.rows);
        let (mut treated, mut others): (BTreeMap<Cell, Vec<_>>, BTreeMap<Cell, Vec<_>>) =
            Default::default();
        let mut seen = BTreeSet::new();
        for row in &self.weeks.rows {
            let exposed = row.count(lives, measure, window) >= least;
            let is_over = row.at + i64::from(HORIZON_DAYS) * DAY <= lives.as_of;
            let is_later = exposed && !seen.insert(row.life);
            if !is_over || is_later {
                continue;
            }
            let life = &lives.lives[row.life as usize];
            let (before, _) = row.window(window);
            let log = |count: u32| (1.0 + f64::from(count)).ln();
            let candidate = Candidate {
                row: *row,
                won: ending_within(life, row.at) == 1,
                alike: [
                    log(lives.count(life, measure, before - TRAILING_DAYS * DAY, before)),
                    log(lives.count_all(life, before - TRAILING_DAYS * DAY, before)),
                    row.amount.map_or(0.0, |amount| amount.max(1.0).ln()),
                ],
            };
            let fifth = row.amount.map_or(9, |amount| {
                fifths.partition_point(|&limit| limit < amount) as u32
            });
            let cell = (row.stage, row.age as u32, fifth, row.quarter);
            let side = if exposed { &mut treated } else { &mut others };
            side.entry(cell).or_default().push(candidate);
        }
        (treated, others)
    }

    fn rung_of_pairs(
        &self,
        pairs: &[(Candidate, Candidate)],
        measure: Measure,
        window: u32,
        least: u32,
    ) -> Rung {
        let won = |side: &dyn Fn(&(Candidate, Candidate)) -> bool| {
            pairs.iter().filter(|pair| side(pair)).count() as u32
        };
        let (theirs, partners) = (won(&|pair| pair.0.won), won(&|pair| pair.1.won));
        let n = pairs.len() as u32;
        let evidence = Evidence::of_count(n.min(theirs + partners));
        let table = Table::of(theirs, n, partners, n);
        Rung {
            rung: RungKind::Matched,
            label: words::rung(RungKind::Matched).to_owned(),
            definition: words::definition(RungKind::Matched, window, least),
            effect: self.difference(pairs).filter(|_| evidence.has_number()),
            ratio: risk_ratio(&table, LEVEL).filter(|_| evidence.has_number()),
            evidence,
            n: 2 * n,
            exposed: n,
            won: theirs + partners,
            landmarks: Vec::new(),
            imbalance: imbalance(pairs),
            group: words::group(RungKind::Matched, measure, window),
        }
    }

    /// How much more often the deals with the activity are won than their partners, with the error of
    /// drawing the companies of the pairs again.
    fn difference(&self, pairs: &[(Candidate, Candidate)]) -> Option<Effect> {
        let mut places: BTreeMap<u32, u32> = BTreeMap::new();
        let cluster_of = |one: &Candidate| self.lives.lives[one.row.life as usize].cluster;
        let rows: Vec<(u32, f64)> = pairs
            .iter()
            .map(|(one, other)| {
                let next = places.len() as u32;
                let cluster = *places.entry(cluster_of(one)).or_insert(next);
                let won = |of: &Candidate| f64::from(u8::from(of.won));
                (cluster, won(one) - won(other))
            })
            .collect();
        let mean = |weights: &[f64]| {
            let (mut sum, mut all) = (0.0, 0.0);
            for &(cluster, difference) in &rows {
                let weight = weights[cluster as usize];
                sum += weight * difference;
                all += weight;
            }
            (all > 0.0).then(|| sum / all)
        };
        let clusters = places.len() as u32;
        let estimate = mean(&vec![1.0; places.len()])?;
        let how = Resampling {
            seed: self.seed,
            purpose: PURPOSE_PAIRS,
            draws: self.draws,
            threads: std::num::NonZeroUsize::MIN,
        };
        let drawn = Bootstrap::of(estimate, resample(clusters, &how, mean)).ok()?;
        Effect::with_error(estimate, drawn.error(), LEVEL)
    }
}

/// The limits between the fifths of all amounts.
fn fifths(rows: &[Row]) -> Vec<f64> {
    let mut amounts: Vec<f64> = rows.iter().filter_map(|row| row.amount).collect();
    amounts.sort_by(f64::total_cmp);
    let limits = [0.2, 0.4, 0.6, 0.8].map(|q| quantile(&amounts, q));
    limits.into_iter().flatten().collect()
}

/// The standard deviation of each of what is compared.
fn spread<'c>(all: &(impl Iterator<Item = &'c Candidate> + Clone)) -> [f64; 3] {
    let n = all.clone().count().max(1) as f64;
    std::array::from_fn(|i| {
        let mean = all.clone().map(|one| one.alike[i]).sum::<f64>() / n;
        let squares: f64 = all.clone().map(|one| (one.alike[i] - mean).powi(2)).sum();
        (squares / n).sqrt()
    })
}

/// How far two are apart; none when too far in any.
fn distance(one: &Candidate, other: &Candidate, spread: &[f64; 3]) -> Option<f64> {
    let mut sum = 0.0;
    for (i, &spread) in spread.iter().enumerate() {
        let apart = (one.alike[i] - other.alike[i]).abs();
        if apart > CALIPER * spread {
            return None;
        }
        if spread > 0.0 {
            sum += (apart / spread).powi(2);
        }
    }
    Some(sum)
}

/// The largest standardised difference that is left between the halves of the pairs.
fn imbalance(pairs: &[(Candidate, Candidate)]) -> Option<f64> {
    (0..3)
        .map(|i| {
            let one: Vec<f64> = pairs.iter().map(|pair| pair.0.alike[i]).collect();
            let other: Vec<f64> = pairs.iter().map(|pair| pair.1.alike[i]).collect();
            standardised_difference(&one, &other).map(f64::abs)
        })
        .try_fold(0.0_f64, |most, of| of.map(|of| most.max(of)))
}
