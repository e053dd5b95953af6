//! A score learnt from a file, and the scores of its rows. Nothing is kept, and no portal is asked.

use analyses::scoring::{
    Asking, Because, Learning, ModelCard, Options, ScoringError, Sheet, Subject, Told, Training,
    train,
};
use crm::Moment;
use serde::Serialize;

use crate::wire::{WireError, internal};

/// Reasons that a row is given.
const REASONS: usize = 3;

/// What is asked of a file.
#[derive(Debug, Clone)]
pub struct FileScoring {
    /// Its columns.
    pub asking: Asking,
    /// The column whose rate alone a score has to beat, such as the stage.
    pub baseline: Option<String>,
    /// Suspects that are let in, each with the reason.
    pub overruled: Vec<(String, String)>,
    /// Where random samples begin.
    pub seed: u64,
    /// The threads to work on; they change no result.
    pub threads: usize,
}

/// What came of a file.
#[derive(Debug, Clone, Serialize)]
pub struct ScoredFile {
    /// All there is to know of the score.
    pub card: ModelCard,
    /// What was left out of the file, and why.
    pub notes: Vec<String>,
    /// The scores. Empty where the card refuses them.
    pub scores: Vec<RowScore>,
}

/// A row's score.
#[derive(Debug, Clone, Serialize)]
pub struct RowScore {
    /// The row's line in the file.
    pub line: u64,
    /// Whether its outcome is not known yet. Of the others this is what would have been said before it
    /// was.
    pub is_open: bool,
    /// The probability, from 0 to 1.
    pub probability: f64,
    /// The share of the rows scored with it that score lower.
    pub percentile: f64,
    /// What moves the score of an open row most. Associations, no advice.
    pub reasons: Vec<Because>,
}

/// Learns from the text of a file. `now` is when this is.
///
/// # Errors
/// When the file cannot be read as asked.
pub fn score_file(text: &[u8], asked: &FileScoring, now: Moment) -> Result<ScoredFile, WireError> {
    let said = |error: analyses::scoring::SheetError| {
        WireError::bad_input(
            format!("The file cannot be learnt from: {error}."),
            "See plumbline score csv --help.",
        )
    };
    let sheet = Sheet::read(text).map_err(said)?;
    let known = sheet.names().to_vec();
    let named = asked.overruled.iter().map(|(column, _)| column);
    let unknown = named
        .chain(&asked.baseline)
        .find(|column| !known.contains(column) && *column != analyses::scoring::ROWS);
    if let Some(column) = unknown {
        return Err(WireError::bad_input(
            format!(
                "There is no column {column}; there are {}.",
                known.join(", ")
            ),
            "See plumbline score csv --help.",
        ));
    }
    let learning = sheet.learning(&asked.asking, now).map_err(said)?;
    let options = options(asked, &learning, now);
    let training = train(&learning.table, &learning.order, &options).map_err(defect)?;
    let scores = if training.card.is_published() {
        scores(&training, &learning).map_err(defect)?
    } else {
        Vec::new()
    };
    Ok(ScoredFile {
        card: training.card,
        notes: learning.notes,
        scores,
    })
}

fn defect(error: ScoringError) -> WireError {
    drop(error);
    internal("a score could not be learnt")
}

fn options(asked: &FileScoring, learning: &Learning, now: Moment) -> Options {
    let positive = asked.asking.positive.as_deref().unwrap_or("what happened");
    Options {
        subject: Subject {
            event: format!("{} is {positive}", asked.asking.outcome),
            horizon_days: None,
            population: "the rows of a file".to_owned(),
        },
        baseline: asked.baseline.clone(),
        told: Told {
            provenance: learning.provenance.clone(),
            overruled: asked.overruled.iter().cloned().collect(),
        },
        closed: None,
        trained_at: now,
        seed: asked.seed,
        threads: asked.threads,
    }
}

/// The open rows with their reasons; then what would have been said of the rows that were judged.
fn scores(training: &Training, learning: &Learning) -> Result<Vec<RowScore>, ScoringError> {
    let mut scores = Vec::new();
    if let Some(model) = &training.model {
        let asked = model.ask(&learning.open)?;
        for (row, &line) in learning.open_lines.iter().enumerate() {
            let mut explained = model.explain(&asked, row)?;
            explained.reasons.truncate(REASONS);
            scores.push(RowScore {
                line,
                is_open: true,
                probability: explained.probability,
                percentile: 0.0,
                reasons: explained.reasons,
            });
        }
    }
    rank(&mut scores);
    let told = &training.out_of_time;
    let mut judged: Vec<RowScore> = told
        .rows
        .iter()
        .zip(&told.told)
        .filter_map(|(&row, &probability)| {
            Some(RowScore {
                line: *learning.lines.get(row)?,
                is_open: false,
                probability,
                percentile: 0.0,
                reasons: Vec::new(),
            })
        })
        .collect();
    rank(&mut judged);
    scores.extend(judged);
    Ok(scores)
}

fn rank(scores: &mut [RowScore]) {
    let mut sorted: Vec<f64> = scores.iter().map(|score| score.probability).collect();
    sorted.sort_by(f64::total_cmp);
    let all = sorted.len() as f64;
    for score in scores {
        let lower = sorted.partition_point(|other| *other < score.probability);
        score.percentile = lower as f64 / all;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 400 closed and 50 open rows, of which `size` tells something where `strength` is above 0.
    fn file(strength: f64) -> Vec<u8> {
        let mut text = String::from("id,stage,size,\"name, of it\"\n");
        let mut state = 7_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as f64 / f64::from(1_u32 << 31)
        };
        for row in 0..450 {
            let size = next();
            let won = next() < 0.5 + strength * (size - 0.5);
            let stage = match (row < 400, won) {
                (false, _) => "Open",
                (true, true) => "Won",
                (true, false) => "Lost",
            };
            text.push_str(&format!("deal-{row},{stage},{size},=2+{}\n", row % 3));
        }
        text.into_bytes()
    }

    fn asked() -> FileScoring {
        FileScoring {
            asking: Asking {
                outcome: "stage".to_owned(),
                positive: Some("Won".to_owned()),
                negative: Some("Lost".to_owned()),
                ..Asking::default()
            },
            baseline: None,
            overruled: Vec::new(),
            seed: 7,
            threads: 1,
        }
    }

    #[test]
    fn a_file_with_something_to_know_is_scored_and_one_without_is_refused() {
        let now = Moment::from_millis(1_790_000_000_000);
        let scored = score_file(&file(0.9), &asked(), now).unwrap();
        assert!(scored.card.is_published(), "{:?}", scored.card.refusals);
        let open: Vec<&RowScore> = scored.scores.iter().filter(|s| s.is_open).collect();
        assert_eq!((open.len(), scored.scores.len()), (50, 450));
        assert_eq!((open[0].line, open[49].line), (402, 451));
        assert_eq!(open[0].reasons[0].column, "size");
        let refused = score_file(&file(0.0), &asked(), now).unwrap();
        assert!(!refused.card.is_published() && refused.scores.is_empty());
    }

    #[test]
    fn a_column_that_is_not_there_is_named() {
        let mut wrong = asked();
        wrong
            .overruled
            .push(("seize".to_owned(), "known before".to_owned()));
        let error = score_file(&file(0.9), &wrong, Moment::from_millis(0)).unwrap_err();
        assert!(error.message.contains("no column seize"), "{error}");
    }
}
