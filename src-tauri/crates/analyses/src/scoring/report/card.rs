//! The card as a portal keeps it: the model's own, with whom it is about and how its scores came true.

use std::collections::BTreeMap;

use crm::{Moment, RecordId};
use serde::{Deserialize, Serialize};
use stats::{ClusterRatio, Rate};

use crate::forecast::report::PipelineView;
use crate::forecast::sightings::rate;
use crate::scoring::rows::LearningRows;
use crate::scoring::{ModelCard, OutOfTime, Scored};

/// Rows of a bin of the reliability curve, at least.
const LEAST_OF_BIN: usize = 40;
/// Bins, at most.
const MOST_BINS: usize = 10;

/// What a score tells of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "ScoreEvent"))]
pub struct Event {
    /// What happens, in words: `won within 90 days`, `converted within 90 days`.
    pub text: String,
    /// What exactly counts.
    pub definition: String,
    /// Days within which it happens or not.
    pub horizon_days: u32,
}

/// Whom a score was learnt from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(rename = "ScorePopulation")
)]
pub struct PopulationView {
    /// In words.
    pub text: String,
    /// Since when records were seen.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub from: Moment,
    /// Days after its creation at which a record is seen, while it is open.
    pub landmarks: Vec<u32>,
    /// Sightings that were learnt from.
    pub rows: u32,
    /// Deals, or contacts, behind them.
    pub records: u32,
    /// Those of them that are won by now: of contacts, those with whom a deal is.
    pub won: u32,
    /// Those of them that are lost by now: of contacts, those with whom no deal is won.
    pub lost: u32,
    /// Those left out because they were won or lost within two days.
    pub short: u32,
    /// Those left out because they arrived already closed: contacts, because a deal with them was won by
    /// then.
    pub arrived_closed: u32,
    /// Sightings left out because their outcome is not known yet.
    pub unfinished: u32,
}

/// A column that was offered to learn from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "ScoreColumn"))]
pub struct ColumnView {
    /// What it is called.
    pub name: String,
    /// What exactly it says.
    pub definition: String,
    /// How many of its values are those of today, because no history of them is kept.
    pub of_today: u32,
}

/// Sightings that were given about the same probability before their outcome was known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(rename = "ScoreReliability")
)]
pub struct ReliabilityBin {
    /// The lowest probability that was given.
    pub from: f64,
    /// The highest.
    pub to: f64,
    /// The mean.
    pub said: f64,
    /// The share that was won; a record counts once. None below the evidence for one.
    pub came: Option<Rate>,
}

/// All there is to know of a portal's score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ScoreCard {
    /// Nothing later than this moment was learnt from.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub as_of: Moment,
    /// Whether deals are scored or contacts.
    pub of: Scored,
    /// What the score tells of.
    pub event: Event,
    /// One pipeline; none means all. Of contacts, only its deals are won with them.
    pub pipeline: Option<PipelineView>,
    /// Whom it was learnt from.
    pub population: PopulationView,
    /// The share of sightings that were won within the horizon; a record counts once. None below the
    /// evidence for one.
    pub base_rate: Option<Rate>,
    /// What was said out of time, and what came. Empty where nothing was judged.
    pub reliability: Vec<ReliabilityBin>,
    /// The columns that were offered.
    pub columns: Vec<ColumnView>,
    /// The model's own card.
    pub model: ModelCard,
}

impl ScoreCard {
    /// The bin of the reliability curve that a probability falls into: the last that begins at or below
    /// it.
    pub(super) fn bin(&self, probability: f64) -> Option<&ReliabilityBin> {
        let place = self
            .reliability
            .partition_point(|bin| bin.from <= probability);
        self.reliability.get(place.saturating_sub(1))
    }
}

/// The share of some rows, by weight, that happened, with records as clusters.
pub(super) fn share(rows: &LearningRows, among: impl Iterator<Item = usize>) -> Option<Rate> {
    let (happened, weights) = (rows.table.happened(), rows.table.weights());
    let mut records: BTreeMap<RecordId, (f64, f64)> = BTreeMap::new();
    for row in among {
        let sum = records.entry(rows.records[row]).or_default();
        sum.0 += if happened[row] { weights[row] } else { 0.0 };
        sum.1 += weights[row];
    }
    ClusterRatio::of(records.values().copied()).and_then(rate)
}

/// What was said of rows out of time, in bins of about as many rows, and what came.
pub(super) fn reliability(rows: &LearningRows, told: &OutOfTime) -> Vec<ReliabilityBin> {
    let mut pairs: Vec<(f64, usize)> = told
        .told
        .iter()
        .copied()
        .zip(told.rows.iter().copied())
        .collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let bins = (pairs.len() / LEAST_OF_BIN).min(MOST_BINS);
    let bin = |number: usize| {
        let edge = |number: usize| number * pairs.len() / bins;
        let of = &pairs[edge(number)..edge(number + 1)];
        let (first, last) = (of.first()?, of.last()?);
        Some(ReliabilityBin {
            from: first.0,
            to: last.0,
            said: of.iter().map(|pair| pair.0).sum::<f64>() / of.len() as f64,
            came: share(rows, of.iter().map(|pair| pair.1)),
        })
    };
    (0..bins).filter_map(bin).collect()
}
