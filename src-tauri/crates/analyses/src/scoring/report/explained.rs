//! One record's score, from the mean one to it, with the records behind every step.

use crm::RecordId;
use serde::Serialize;

use super::card::ScoreCard;
use super::scored::{Reason, RecordScore, reason, score};
use super::{Group, words};
use crate::scoring::rows::{LearningRows, OpenRows};
use crate::scoring::{Model, ScoringError};

/// Why a record's score is what it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(rename = "ScoreExplanation")
)]
pub struct Explanation {
    /// The score.
    pub score: RecordScore,
    /// The log-odds that the reasons start from: those of the mean record.
    pub expected_log_odds: f64,
    /// The log-odds of the score: the expected ones and all reasons.
    pub log_odds: f64,
    /// Every column that adds anything, the strongest first.
    pub reasons: Vec<Reason>,
    /// The records behind each of them, in the same order.
    pub groups: Vec<Group>,
    /// How to read it.
    pub caution: String,
}

/// Explains the score of an open record. None for one that is not open.
///
/// # Errors
/// When the rows lack a column of the model.
pub fn explain(
    model: &Model,
    card: &ScoreCard,
    open: &OpenRows,
    learnt: &LearningRows,
    record: RecordId,
) -> Result<Option<Explanation>, ScoringError> {
    let Some(row) = open.records.iter().position(|id| *id == record) else {
        return Ok(None);
    };
    let scores = score(model, card, open)?;
    let Some(score) = scores.into_iter().find(|score| score.record == record) else {
        return Ok(None);
    };
    let (asked, seen) = (model.ask(&open.table)?, model.ask(&learnt.table)?);
    let explained = model.explain(&asked, row)?;
    let (mut reasons, mut groups) = (Vec::new(), Vec::new());
    for because in explained
        .reasons
        .iter()
        .filter(|because| because.log_odds != 0.0)
    {
        let alike = model.alike(&because.column, (&asked, row), &seen);
        let mut records: Vec<RecordId> = alike.into_iter().map(|row| learnt.records[row]).collect();
        records.sort_unstable();
        records.dedup();
        let definition = words::alike(because, card.of);
        groups.push(Group::of(card.of, &because.column, definition, records));
        reasons.push(reason(because, card));
    }
    Ok(Some(Explanation {
        score,
        expected_log_odds: explained.expected_log_odds,
        log_odds: explained.log_odds,
        reasons,
        groups,
        caution: words::caution(card.of),
    }))
}
