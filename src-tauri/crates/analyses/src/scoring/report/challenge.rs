//! A new model against the one in use, on sightings that neither had learnt from when it spoke.

use crm::Moment;
use stats::ClusterRatio;
use stats::scores::log_loss_of;
use std::collections::BTreeMap;

use super::learnt::Learnt;
use crate::scoring::{Model, ScoringError};

/// Sightings on which two models can be compared.
const LEAST: usize = 50;

/// Which of two models is used from now on.
#[derive(Debug, Clone, PartialEq)]
pub struct Challenge {
    /// Whether it is the new one.
    pub takes_over: bool,
    /// Why, in a sentence.
    pub why: String,
}

/// Holds the one in use, which learnt from nothing after `since`, against a new one.
///
/// The new one knows more of late, so it takes over unless the old one is better by more than chance.
/// One whose scores may not be shown takes over from nobody.
///
/// # Errors
/// When the rows lack a column of the old model.
pub fn challenge(
    champion: Option<(&Model, Moment)>,
    learnt: &Learnt,
) -> Result<Challenge, ScoringError> {
    let says = |takes_over: bool, why: String| Ok(Challenge { takes_over, why });
    if !learnt.card.model.is_published() {
        return says(false, "The new model's scores may not be shown.".to_owned());
    }
    let Some((champion, since)) = champion else {
        return says(true, "It is the first.".to_owned());
    };
    let rows = &learnt.rows;
    let Ok(asked) = champion.ask(&rows.table) else {
        return says(
            true,
            "The model before asks for columns that are no more.".to_owned(),
        );
    };
    let old = champion.probabilities(&asked)?;
    let told = &learnt.training.out_of_time;
    let mut records: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
    let mut compared = 0;
    for (&row, &new) in told.rows.iter().zip(&told.told) {
        if rows.seen[row] <= since {
            continue;
        }
        compared += 1;
        let weight = rows.table.weights()[row];
        let loss = |p: f64| log_loss_of(p, rows.table.happened()[row]);
        let sum = records.entry(rows.records[row].get()).or_default();
        sum.0 += weight * (loss(new) - loss(old[row]));
        sum.1 += weight;
    }
    if compared < LEAST {
        return says(
            true,
            format!(
                "Only {compared} sightings with a known outcome are newer than the model before, too few to \
                 compare the two; this one has learnt from more."
            ),
        );
    }
    let Some(more) = ClusterRatio::of(records.values().copied()) else {
        return says(
            true,
            "The two cannot be compared; this one has learnt from more.".to_owned(),
        );
    };
    let error = more.variance.sqrt();
    let takes_over = more.ratio <= error;
    let against = if takes_over {
        "no more than a standard error worse than the model before"
    } else {
        "worse than the model before, which stays"
    };
    says(
        takes_over,
        format!(
            "On {compared} sightings that the model before had not seen, this one loses {:+.4} a row against \
             it (standard error {error:.4}): {against}.",
            more.ratio
        ),
    )
}
