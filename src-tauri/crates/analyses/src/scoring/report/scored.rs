//! What a model says of open deals, or of contacts without a won deal.

use crm::RecordId;
use serde::{Deserialize, Serialize};
use stats::{Evidence, Rate, SHOW_FROM, jeffreys};

use super::card::ScoreCard;
use super::words;
use crate::scoring::rows::OpenRows;
use crate::scoring::{Because, Model, ScoringError};

/// Reasons that are given with a score.
const REASONS: usize = 3;
const LEVEL: f64 = 0.95;

/// A record's place among all that are scored with it. It says nothing of how likely it is to be won.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "ScoreBand"))]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// The highest quarter.
    Top,
    /// The quarter below.
    Upper,
    /// The quarter above the lowest.
    Lower,
    /// The lowest quarter.
    Bottom,
}

impl Band {
    fn of(percentile: f64) -> Self {
        match percentile {
            p if p > 0.75 => Self::Top,
            p if p > 0.5 => Self::Upper,
            p if p > 0.25 => Self::Lower,
            _ => Self::Bottom,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Top => "Top quarter",
            Self::Upper => "Upper quarter",
            Self::Lower => "Lower quarter",
            Self::Bottom => "Bottom quarter",
        }
    }

    /// Its name, as on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Top => "top",
            Self::Upper => "upper",
            Self::Lower => "lower",
            Self::Bottom => "bottom",
        }
    }
}

/// What a column adds to a score, and how records alike in it ended. An association, no advice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "ScoreReason"))]
pub struct Reason {
    /// The column.
    pub column: String,
    /// What the record holds there.
    pub value: String,
    /// What it adds to the log-odds: above 0 it goes with more wins.
    pub log_odds: f64,
    /// The share of sightings alike that were won within the horizon, by weight of records. None below the
    /// evidence for one.
    pub alike: Option<Rate>,
    /// The same in a sentence.
    pub sentence: String,
}

/// The score of an open deal, or of a contact without a won deal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct RecordScore {
    /// The deal, or the contact.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub record: RecordId,
    /// How likely it is to be won within the horizon, 0 to 1.
    pub probability: f64,
    /// The share of earlier ones given about this probability that were won. None below the evidence for
    /// one.
    pub came: Option<Rate>,
    /// The share of open ones whose score is no higher.
    pub percentile: f64,
    /// The quarter of open ones.
    pub band: Band,
    /// The same in words.
    pub band_label: String,
    /// Whether it is older than nearly all that closed, and nothing was done about it for 60 days.
    pub is_asleep: bool,
    /// The three strongest reasons.
    pub reasons: Vec<Reason>,
}

/// The scores of open records, the highest first.
///
/// # Errors
/// When the rows lack a column of the model.
pub fn score(
    model: &Model,
    card: &ScoreCard,
    open: &OpenRows,
) -> Result<Vec<RecordScore>, ScoringError> {
    let asked = model.ask(&open.table)?;
    let probabilities = model.probabilities(&asked)?;
    let mut sorted = probabilities.clone();
    sorted.sort_by(f64::total_cmp);
    let mut scores = Vec::with_capacity(open.records.len());
    for (row, (&record, &probability)) in open.records.iter().zip(&probabilities).enumerate() {
        let below = sorted.partition_point(|other| *other <= probability);
        let percentile = below as f64 / sorted.len() as f64;
        let explained = model.explain(&asked, row)?;
        let strongest = explained
            .reasons
            .iter()
            .filter(|because| because.log_odds != 0.0);
        let band = Band::of(percentile);
        scores.push(RecordScore {
            record,
            probability,
            came: card.bin(probability).and_then(|bin| bin.came),
            percentile,
            band,
            band_label: band.label().to_owned(),
            is_asleep: open.asleep[row],
            reasons: strongest
                .take(REASONS)
                .map(|because| reason(because, card))
                .collect(),
        });
    }
    scores.sort_by(|a, b| {
        b.probability
            .total_cmp(&a.probability)
            .then(a.record.cmp(&b.record))
    });
    Ok(scores)
}

pub(super) fn reason(because: &Because, card: &ScoreCard) -> Reason {
    let alike = &because.alike;
    // Weights of a record's rows sum to one, so that rows by weight are records.
    let n = alike.rows.round() as u32;
    let alike_rate = alike
        .rate
        .filter(|_| Evidence::of_count(n).has_number() && n >= SHOW_FROM);
    let rate = alike_rate.map(|value| {
        let interval = jeffreys(value * alike.rows, alike.rows, LEVEL);
        Rate {
            value,
            low: interval.low,
            high: interval.high,
            level: LEVEL,
            n,
            n_effective: alike.rows,
        }
    });
    Reason {
        sentence: words::reason(because, rate, card),
        column: because.column.clone(),
        value: alike.value.clone(),
        log_odds: because.log_odds,
        alike: rate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_are_of_the_open_ones() {
        for (percentile, band) in [
            (1.0, Band::Top),
            (0.76, Band::Top),
            (0.75, Band::Upper),
            (0.5, Band::Lower),
            (0.25, Band::Bottom),
            (0.0, Band::Bottom),
        ] {
            assert_eq!(Band::of(percentile), band, "{percentile}");
        }
    }
}
