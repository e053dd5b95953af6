//! A model card for people.

use analyses::scoring::{ModelCard, Suspect};

use crate::failure::Failure;
use crate::output::{self, Lean};

/// Columns that are named for how much they count.
const NAMED: usize = 8;

pub(crate) fn print(card: &ModelCard) -> Result<(), Failure> {
    let within = card.subject.horizon_days;
    let within = within.map_or(String::new(), |days| format!(" within {days} days"));
    output::line(format!(
        "How likely {}{within}, among {}. {} rows, of which {:.1} % did.",
        card.subject.event,
        card.subject.population,
        card.rows,
        100.0 * card.base_rate
    ))?;
    for suspect in &card.audit.suspects {
        output::line(format!("{}: {}", heading(suspect), suspect.sentence))?;
    }
    if !card.contenders.is_empty() {
        output::line("")?;
        output::line(if card.is_forward {
            "On rows told by what was known before them:"
        } else {
            "On rows of folds that were not learnt from (the file has no time):"
        })?;
        contenders(card)?;
    }
    if !card.why.is_empty() {
        output::line(&card.why)?;
    }
    if let Some(judged) = &card.judged {
        let auc = &judged.auc;
        output::line(format!(
            "As used: AUC {:.3} ({:.3} to {:.3}), log loss {:.4}, Brier skill {:.1} %, {} rows.",
            auc.value,
            auc.low,
            auc.high,
            judged.log_loss,
            100.0 * judged.skill,
            judged.rows
        ))?;
    }
    for warning in card.shifts.iter().flat_map(|shifts| &shifts.warnings) {
        output::line(format!("Drift: {warning}"))?;
    }
    output::line("")?;
    if card.is_published() {
        let named: Vec<&str> = card
            .weights
            .iter()
            .take(NAMED)
            .map(|weight| weight.column.as_str())
            .collect();
        output::line(format!(
            "What counts most, as an association and no advice: {}.",
            named.join(", ")
        ))?;
    }
    for refusal in &card.refusals {
        output::line(format!("No score. {}", refusal.sentence))?;
    }
    Ok(())
}

fn heading(suspect: &Suspect) -> String {
    match (&suspect.column, &suspect.overruled) {
        (Some(_), None) => "Kept out".to_owned(),
        (None, None) => "Beware".to_owned(),
        (_, Some(reason)) => format!("Let in ({reason})"),
    }
}

fn contenders(card: &ModelCard) -> Result<(), Failure> {
    let columns = [
        ("", Lean::Left),
        ("AUC", Lean::Right),
        ("95 %", Lean::Left),
        ("Log loss", Lean::Right),
        ("Top tenth", Lean::Right),
    ];
    let rows: Vec<Vec<String>> = card
        .contenders
        .iter()
        .map(|standing| {
            let judged = &standing.judged;
            let chosen = if card.chosen == Some(standing.contender) {
                "* "
            } else {
                "  "
            };
            let lift = judged
                .gains
                .first()
                .map(|gain| format!("{:.2} x", gain.lift));
            vec![
                format!("{chosen}{}", standing.name),
                format!("{:.3}", judged.auc.value),
                format!("{:.3} to {:.3}", judged.auc.low, judged.auc.high),
                format!("{:.4}", judged.log_loss),
                lift.unwrap_or_default(),
            ]
        })
        .collect();
    output::table(&columns, &rows)
}
