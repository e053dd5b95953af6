//! `plumbline score csv`.

use std::fmt::Write as _;
use std::path::Path;

use analyses::scoring::{Asking, Because};
use app::{ErrorCode, FileScoring, ScoredFile, SystemClock, WireError, score_file};
use hubspot::Clock as _;

use super::card;
use crate::args::score::ScoreCsvArguments;
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

pub(crate) async fn run(session: &Session, arguments: ScoreCsvArguments) -> Result<(), Failure> {
    let text = std::fs::read(&arguments.file)
        .map_err(|error| Failure::usage(&format!("The file cannot be read: {error}.")))?;
    let asked = FileScoring {
        asking: Asking {
            outcome: arguments.outcome,
            positive: arguments.positive,
            negative: arguments.negative,
            time: arguments.time,
            in_order: arguments.in_order,
            group: arguments.group,
            without: arguments.without,
        },
        baseline: arguments.baseline,
        overruled: arguments.overrule,
        seed: arguments.seed,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
    };
    let now = SystemClock.now();
    let learning = tokio::task::spawn_blocking(move || score_file(&text, &asked, now));
    let scored = learning
        .await
        .map_err(|_| Failure::usage("The score could not be learnt."))??;
    if let Some(file) = &arguments.card {
        let text = serde_json::to_string_pretty(&scored.card)
            .map_err(|_| Failure::usage("The card could not be written as JSON."))?;
        write(file, &text)?;
    }
    if let Some(file) = &arguments.scores
        && scored.card.is_published()
    {
        write(file, &scores(&scored))?;
    }
    if session.json {
        output::json(&scored)?;
    } else {
        for note in &scored.notes {
            output::line(format!("Note: {note}"))?;
        }
        card::print(&scored.card)?;
    }
    match (&arguments.scores, scored.card.refusals.first()) {
        (Some(_), Some(refusal)) => Err(Failure::Told(WireError::new(
            ErrorCode::Refused,
            format!("No scores were written. {}", refusal.sentence),
            "The model card says what is missing.",
        ))),
        _ => Ok(()),
    }
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(file, text).map_err(|error| {
        Failure::usage(&format!(
            "{} could not be written: {error}.",
            file.display()
        ))
    })
}

/// The scores as CSV.
fn scores(scored: &ScoredFile) -> String {
    let mut text = String::from("line,state,probability,percentile,reason 1,reason 2,reason 3\n");
    for score in &scored.scores {
        let state = if score.is_open { "open" } else { "judged" };
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "{},{state},{:.6},{:.4}",
            score.line, score.probability, score.percentile
        );
        for place in 0..3 {
            let reason = score.reasons.get(place).map(in_words).unwrap_or_default();
            let _ = write!(text, ",{}", cell(&reason));
        }
        text.push('\n');
    }
    text
}

/// A reason with its value, and what became of rows like it.
fn in_words(because: &Because) -> String {
    let alike = &because.alike;
    let direction = if because.log_odds > 0.0 { "up" } else { "down" };
    let rate = match alike.rate {
        Some(rate) => format!("{:.0} % of {:.0} like it", 100.0 * rate, alike.rows),
        None => "hardly any like it".to_owned(),
    };
    format!("{} {}: {direction} ({rate})", because.column, alike.value)
}

/// A cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::cell;

    fn check(text: &str, written: &str) {
        assert_eq!(cell(text), written);
    }

    #[test]
    fn no_cell_is_a_formula() {
        check("size 3: up", "\"size 3: up\"");
        check("=2+3", "\"'=2+3\"");
        check("@now", "\"'@now\"");
        check("-1 \"x\"", "\"'-1 \"\"x\"\"\"");
    }
}
